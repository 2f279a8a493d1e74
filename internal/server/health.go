package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/musubi-map/musubi/internal/wire"
)

// readyTimeout is below what orchestrators usually wait for a probe, so that they see the reason.
const readyTimeout = 2 * time.Second

type readiness struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

func live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

// readyz answers 503 with the text of ready's error: whoever gives the error keeps secrets out of it.
func readyz(stopping context.Context, ready func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if stopping.Err() != nil {
			wire.JSON(w, http.StatusServiceUnavailable, readiness{Status: "unavailable", Reason: "shutting down"})
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := ready(ctx); err != nil {
			wire.JSON(w, http.StatusServiceUnavailable, readiness{Status: "unavailable", Reason: err.Error()})
			return
		}
		wire.JSON(w, http.StatusOK, readiness{Status: "ready"})
	}
}

package server

import (
	"context"
	"net/http"
)

// guardMetrics shows the figures on the public address to those who may see them: in open mode to everybody who is
// answered, and otherwise to administrators with a token.
func guardMetrics(cfg Config) http.Handler {
	if cfg.Guard == nil {
		return cfg.Metrics
	}
	return cfg.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !cfg.Operator(r.Context()) {
			writeError(w, http.StatusForbidden, "FORBIDDEN", "The figures of the server are for administrators; --admin-addr shows them without a token to programs on its machine.")
			return
		}
		cfg.Metrics.ServeHTTP(w, r)
	}))
}

// nobody is the operator where none is named.
func nobody(context.Context) bool { return false }

package graph

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/wire"
)

// who is the viewer as gates and rates know them: those without a name are told
// apart by their address.
func (h *Handler) who(ctx context.Context, r *http.Request) limit.Who {
	v := h.viewer(ctx)
	who := limit.Who{Name: v.Actor, Role: v.Role}
	if who.Name == "" {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		who.Address = host
	}
	return who
}

// socket serves a WebSocket; each of its operations counts as a request.
func (h *Handler) socket(w http.ResponseWriter, r *http.Request) {
	place, err := h.streams.Enter(r.Context(), h.who(r.Context(), r))
	if err != nil {
		h.turnAway(w, err)
		return
	}
	defer place.Leave()
	r = r.WithContext(store.WithRequest(r.Context(), r.Header.Get(wire.RequestID)))
	s := h.live
	s.Enter = func(ctx context.Context) (live.Pass, *gqlerror.Error) {
		if h.stopping.Load() {
			return nil, h.denied(ctx, network.Errorf(network.Unavailable, "this server is stopping; connect again"))
		}
		who := h.who(ctx, r)
		if err := h.rates.Allow(who); err != nil {
			return nil, h.denied(ctx, err)
		}
		pass, err := h.flights.Enter(ctx, who)
		if err != nil {
			return nil, h.denied(ctx, err)
		}
		return pass, nil
	}
	s.Socket(w, r)
}

// events serves an event stream, which counts as open until it ends.
func (h *Handler) events(w http.ResponseWriter, r *http.Request, pass *limit.Pass, op *graphql.OperationContext, errs gqlerror.List) {
	place, err := h.streams.Enter(r.Context(), h.who(r.Context(), r))
	if err != nil {
		h.turnAway(w, err)
		return
	}
	defer place.Leave()
	h.live.Events(w, r, pass, op, errs)
}

func (h *Handler) denied(ctx context.Context, err error) *gqlerror.Error {
	out := present(ctx, err)
	var full *limit.Exceeded
	if errors.As(err, &full) {
		out = exceeded(full)
	}
	h.watch.failed(out)
	return withRequestID(out, store.RequestOf(ctx))
}

// turnAway answers a request that is not looked at.
func (h *Handler) turnAway(w http.ResponseWriter, err error) {
	var full *limit.Exceeded
	if !errors.As(err, &full) { // the client is gone, or the server stops
		h.refuse(w, http.StatusServiceUnavailable, network.Unavailable, "the request was given up")
		return
	}
	if full.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(full.RetryAfter)))
	}
	h.refuseWith(w, full.Status(), exceeded(full))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

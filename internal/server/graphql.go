package server

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/wire"
)

// guardGraphQL lets through what is worth reading, under a size limit and a deadline.
func guardGraphQL(s *Server, next http.Handler) http.Handler {
	next = deadline(s.draining, s.cfg.RequestTimeout, next)
	next = limitBody(s.cfg.MaxBody, next)
	next = refuseStreams(s.stopping, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodPost:
		case http.MethodOptions: // one that is no preflight; those end in rs/cors
			w.Header().Set("Allow", "POST, OPTIONS")
			w.WriteHeader(http.StatusNoContent)
			return
		default:
			w.Header().Set("Allow", http.MethodPost)
			writeError(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "Use POST.")
			return
		}
		if r.Header.Get("Content-Encoding") != "" {
			writeError(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_ENCODING",
				"Send the request body as it is, without Content-Encoding.")
			return
		}
		// A form or text/plain could be posted from any web page without a preflight.
		if r.Method == http.MethodPost && !isJSON(r.Header) {
			writeError(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
				"Send the request as Content-Type: application/json, in UTF-8.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isJSON(h http.Header) bool {
	if len(h.Values("Content-Type")) != 1 {
		return false
	}
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// refuseStreams lets no stream begin on a server that stops: another one can take it.
func refuseStreams(stopping context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stopping.Err() != nil && isStream(r) {
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Connection", "close")
			writeError(w, http.StatusServiceUnavailable, "UNAVAILABLE", "This server is stopping; connect again.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// deadline ends an ordinary request after timeout. A stream has no deadline but ends when the server drains, since a
// client that listens for changes never finishes by itself.
func deadline(draining context.Context, timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isStream(r) {
			ctx, cancel := context.WithTimeout(r.Context(), timeout)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(draining, cancel)()
		// The server's write deadline is for ordinary answers. Unsupported only by writers in tests.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// isStream tells a WebSocket or server-sent events from an ordinary request. It trusts the client: what it opens
// counts as a stream whatever the operation, so the GraphQL handler keeps a time limit of its own on queries.
func isStream(r *http.Request) bool {
	return wire.IsSocket(r) || r.Method != http.MethodGet && wire.MayTakeEvents(r.Header)
}

package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/wire"
)

var harmlessID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// identify takes over the caller's request id when it is harmless in a log, and makes one otherwise. It stands in the
// request's header for whoever is further in, and in the response's for the caller.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(wire.RequestID)
		if !harmlessID.MatchString(id) {
			id = rand.Text()
		}
		r.Header.Set(wire.RequestID, id)
		w.Header().Set(wire.RequestID, id)
		next.ServeHTTP(w, r)
	})
}

// logAccess writes one line a request: never the path as sent, the query string, a header or the body, since all of
// them may hold names. Nothing between here and the routes may copy the request, or the pattern is lost.
func logAccess(cfg Config, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w}
		ctx, end := cfg.Watch(r.Context(), knownMethod(r.Method), r.Header)
		r = r.WithContext(ctx)
		defer func() {
			about := []slog.Attr{
				slog.String("method", knownMethod(r.Method)),
				slog.String("route", route(r)),
				slog.Int("status", statusOf(rec)),
				slog.Int64("bytes", rec.bytes),
				slog.Duration("duration", time.Since(start)),
				slog.String("request_id", r.Header.Get(wire.RequestID)),
			}
			log.LogAttrs(r.Context(), slog.LevelInfo, "request", append(about, end(route(r), statusOf(rec))...)...)
		}()
		recoverPanics(log, rec, r, next)
	})
}

// unwatched is the Watch of nobody.
func unwatched(ctx context.Context, _ string, _ http.Header) (context.Context, func(string, int) []slog.Attr) {
	return ctx, func(string, int) []slog.Attr { return nil }
}

// recoverPanics turns a panic into a 500 that tells nothing. When part of an answer has gone out already, the
// connection is cut instead, so that the client does not take the part for the whole.
func recoverPanics(log *slog.Logger, rec *recorder, r *http.Request, next http.Handler) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			panic(cause)
		}
		log.LogAttrs(r.Context(), slog.LevelError, "panic",
			slog.String("cause", describePanic(cause)),
			slog.String("stack", string(debug.Stack())),
			slog.String("route", route(r)),
			slog.String("request_id", r.Header.Get(wire.RequestID)))
		if rec.status != 0 {
			panic(http.ErrAbortHandler)
		}
		writeError(rec, http.StatusInternalServerError, "INTERNAL", "Something went wrong on our side.")
	}()
	next.ServeHTTP(rec, r)
}

// describePanic quotes only what the Go runtime says; any other value could carry data.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// statusOf is what net/http sends for us: 200 when the handler wrote nothing.
func statusOf(rec *recorder) int {
	if rec.status == 0 {
		return http.StatusOK
	}
	return rec.status
}

func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	_, path, methodFirst := strings.Cut(r.Pattern, " ")
	if methodFirst {
		return path
	}
	return r.Pattern
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return "OTHER"
}

package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says where to listen and how much a client may cost. The zero value of a limit is its default.
type Config struct {
	// Addr is host:port. The host may be left out only with a Guard.
	Addr string
	// Guard stands before the GraphQL handler and lets those through who prove who they are. nil is open mode: everybody
	// who reaches the server is admin, so it listens on loopback only and answers to loopback names only.
	Guard func(http.Handler) http.Handler
	// AllowedOrigins are the web origins besides our own that may call /graphql, exact: "https://map.example.jp".
	// Behind a proxy that rewrites Host, name the public origin here. Empty allows none.
	AllowedOrigins []string
	// AllowGet lets queries come by GET.
	AllowGet bool
	// CertFile and KeyFile are for TLS, 1.2 at least, with HTTP/2; PEM, replaced at any time. Both empty: clear text.
	CertFile, KeyFile string
	// AdminAddr is a second, loopback address for profiles and figures; empty: none.
	AdminAddr string
	// Metrics answers with the figures of the server at /metrics; nil: none.
	Metrics http.Handler
	// Operator tells who may see them on Addr, of those whom Guard lets through; nil: nobody.
	Operator func(context.Context) bool
	// Watch is told of each request: its method and header; what it gives is told the route and the status at the end, and
	// may add to the access log. nil: nobody is told.
	Watch func(context.Context, string, http.Header) (context.Context, func(route string, status int) []slog.Attr)
	// OnStop is called once the server begins to stop: operations on open sockets should be refused from then on.
	OnStop func()
	// MaxBody is the largest request body in bytes; default 1 MiB.
	MaxBody int64
	// MaxHeader is the largest request header in bytes; default 16 KiB.
	MaxHeader int
	// ReadHeaderTimeout is for the header of a request; default 5 s.
	ReadHeaderTimeout time.Duration
	// ReadTimeout is for a request with its body; default 10 s.
	ReadTimeout time.Duration
	// IdleTimeout is how long a connection may wait for its next request; default 60 s.
	IdleTimeout time.Duration
	// RequestTimeout is the deadline in the context of a GraphQL request that is not a stream; default 30 s.
	RequestTimeout time.Duration
	// WriteGrace is what a slow reader gets beyond RequestTimeout to take its answer away; default 10 s.
	WriteGrace time.Duration
	// DrainDelay is how long the server goes on answering, not ready, once it begins to stop, so that whoever sends it
	// requests can learn of it; streams stay open as long. Default none.
	DrainDelay time.Duration
	// DrainTimeout is how long requests in flight may take to finish once the server stops; default 10 s.
	DrainTimeout time.Duration
}

func (c Config) withDefaults() Config {
	if c.Operator == nil {
		c.Operator = nobody
	}
	if c.OnStop == nil {
		c.OnStop = func() {}
	}
	if c.Watch == nil {
		c.Watch = unwatched
	}
	c.MaxBody = orDefault(c.MaxBody, 1<<20)
	c.MaxHeader = orDefault(c.MaxHeader, 16<<10)
	c.ReadHeaderTimeout = orDefault(c.ReadHeaderTimeout, 5*time.Second)
	c.ReadTimeout = orDefault(c.ReadTimeout, 10*time.Second)
	c.IdleTimeout = orDefault(c.IdleTimeout, 60*time.Second)
	c.RequestTimeout = orDefault(c.RequestTimeout, 30*time.Second)
	c.WriteGrace = orDefault(c.WriteGrace, 10*time.Second)
	c.DrainTimeout = orDefault(c.DrainTimeout, 10*time.Second)
	return c
}

func orDefault[T int | int64 | time.Duration](v, fallback T) T {
	if v <= 0 {
		return fallback
	}
	return v
}

// parseOrigins refuses what a browser never sends, so that a typing error is not a silent "no".
func parseOrigins(origins []string) (map[string]bool, error) {
	allowed := make(map[string]bool, len(origins))
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
			u.User != nil || strings.Contains(o, "*") || o != u.Scheme+"://"+u.Host {
			return nil, fmt.Errorf("allowed origin %q: want scheme://host or scheme://host:port, no path and no wildcard", o)
		}
		allowed[strings.ToLower(o)] = true
	}
	return allowed, nil
}

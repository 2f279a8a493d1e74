package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"github.com/musubi-map/musubi/web"
)

// Server is a wired HTTP server. It runs once.
type Server struct {
	cfg     Config
	handler http.Handler
	log     *slog.Logger

	draining context.Context // ends when the server begins to stop
	drain    context.CancelFunc
	inFlight sync.WaitGroup // handlers, those of hijacked connections too, which http.Server loses sight of
}

// New wires the routes: POST /graphql to graphql (GET reaches it too: a query, an upgrade to a WebSocket, or to be refused),
// /graphiql to the bundled IDE with / leading there, /healthz (always 200) and /readyz (200, or 503 with the error of
// ready as its reason).
//
// Its error matches ErrNotLoopback when cfg would expose an open server; other errors name a setting that makes no
// sense. Nothing listens yet. No argument may be nil.
func New(cfg Config, graphql http.Handler, ready func(context.Context) error, log *slog.Logger) (*Server, error) {
	cfg = cfg.withDefaults()
	if cfg.Guard == nil {
		if err := checkLoopback(cfg.Addr); err != nil {
			return nil, err
		}
	}
	origins, err := parseOrigins(cfg.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	if cfg.Guard != nil {
		graphql = cfg.Guard(graphql)
	}
	s := &Server{cfg: cfg, log: log}
	s.draining, s.drain = context.WithCancel(context.Background())

	mux := http.NewServeMux()
	mux.Handle("/graphql", crossOrigin(origins, cfg.AllowGet, guardGraphQL(s.draining, cfg, graphql)))
	mux.HandleFunc("GET /healthz", live)
	mux.HandleFunc("GET /readyz", readyz(s.draining, ready))
	mux.Handle("GET /{$}", http.RedirectHandler("/graphiql", http.StatusTemporaryRedirect))
	if err := routeIDE(mux, web.Files()); err != nil {
		return nil, fmt.Errorf("bundled IDE: %w", err)
	}

	var h http.Handler = mux
	if cfg.Guard == nil {
		h = onlyLoopbackHost(h)
	}
	s.handler = s.count(identify(logAccess(log, secure(h))))
	return s, nil
}

// Run listens and serves until ctx ends, then takes no more requests, ends streams, and waits up to DrainTimeout for
// what is in flight. It returns nil when everything finished, and an error when it could not listen, failed, or had to
// cut requests off. onListen, if given, hears the address once, before the first request is answered.
func (s *Server) Run(ctx context.Context, onListen func(net.Addr)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if s.cfg.Guard == nil {
		if err := checkListener(listener.Addr()); err != nil {
			_ = listener.Close()
			return err
		}
	}
	// Requests outlive ctx: it says when to stop, not that their callers have gone.
	base, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	srv := s.httpServer(base)
	if onListen != nil {
		onListen(listener.Addr())
	}

	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		s.drain()
		_ = srv.Close()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return s.stop(srv, cutOff)
}

func (s *Server) httpServer(base context.Context) *http.Server {
	return &http.Server{
		Handler:           s.handler,
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: s.cfg.ReadHeaderTimeout,
		ReadTimeout:       s.cfg.ReadTimeout,
		WriteTimeout:      s.cfg.RequestTimeout + s.cfg.WriteGrace,
		IdleTimeout:       s.cfg.IdleTimeout,
		MaxHeaderBytes:    s.cfg.MaxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

func (s *Server) stop(srv *http.Server, cutOff context.CancelFunc) error {
	s.drain()
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer cancel()
	err := srv.Shutdown(ctx)
	if err == nil {
		err = s.waitHijacked(ctx)
	}
	if err == nil {
		return nil
	}
	cutOff()
	_ = srv.Close()
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("requests still in flight after %s were cut off: %w", s.cfg.DrainTimeout, err)
	}
	return fmt.Errorf("shut down: %w", err)
}

// waitHijacked waits for what Shutdown does not: the handlers of WebSockets.
func (s *Server) waitHijacked(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		s.inFlight.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.inFlight.Add(1)
		defer s.inFlight.Done()
		next.ServeHTTP(w, r)
	})
}

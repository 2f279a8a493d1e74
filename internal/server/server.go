package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/musubi-map/musubi/web"
)

// Server is a wired HTTP server. It runs once.
type Server struct {
	cfg     Config
	handler http.Handler
	log     *slog.Logger
	ready   func(context.Context) error
	tls     *certificate // nil: clear text

	stopping context.Context // ends when the server begins to stop: it is not ready any more, and no stream begins
	stopNow  context.CancelFunc
	draining context.Context // ends when it takes no more requests, DrainDelay later: streams end
	drain    context.CancelFunc
	inFlight sync.WaitGroup // handlers, those of hijacked connections too, which http.Server loses sight of
}

// New wires the routes: POST /graphql to graphql (GET reaches it too: a query, an upgrade to a WebSocket, or to be refused),
// /graphiql to the bundled IDE with / leading there, /healthz (always 200), /readyz (200, or 503 with the error of
// ready as its reason) and /metrics.
//
// Its error matches ErrNotLoopback when cfg would expose an open server, or what is for administrators; other errors
// name a setting that makes no sense. Nothing listens yet. No argument may be nil.
func New(cfg Config, graphql http.Handler, ready func(context.Context) error, log *slog.Logger) (*Server, error) {
	cfg = cfg.withDefaults()
	if cfg.Guard == nil {
		if err := checkLoopback(cfg.Addr); err != nil {
			return nil, err
		}
	}
	if cfg.AdminAddr != "" {
		if host, _, err := net.SplitHostPort(cfg.AdminAddr); err != nil || !isLoopbackHost(host) {
			return nil, notForAdmin(cfg.AdminAddr)
		}
	}
	origins, err := parseOrigins(cfg.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	if cfg.Guard != nil {
		graphql = cfg.Guard(graphql)
	}
	s := &Server{cfg: cfg, log: log, ready: ready}
	if cfg.CertFile != "" || cfg.KeyFile != "" {
		if s.tls, err = newCertificate(cfg.CertFile, cfg.KeyFile, log); err != nil {
			return nil, err
		}
	}
	s.stopping, s.stopNow = context.WithCancel(context.Background())
	s.draining, s.drain = context.WithCancel(context.Background())

	mux := http.NewServeMux()
	mux.Handle("/graphql", crossOrigin(origins, cfg.AllowGet, guardGraphQL(s, graphql)))
	mux.HandleFunc("GET /healthz", live)
	mux.HandleFunc("GET /readyz", readyz(s.stopping, ready))
	if cfg.Metrics != nil {
		mux.Handle("GET /metrics", guardMetrics(cfg))
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/graphiql", http.StatusTemporaryRedirect))
	if err := routeIDE(mux, web.Files()); err != nil {
		return nil, fmt.Errorf("bundled IDE: %w", err)
	}

	var h http.Handler = mux
	if cfg.Guard == nil {
		h = onlyLoopbackHost(h)
	}
	s.handler = s.count(identify(logAccess(cfg, log, secure(h))))
	return s, nil
}

// Run listens and serves until ctx ends. Then the server is not ready any more and begins no more streams; DrainDelay
// later it takes no more requests, ends streams (WebSockets with 1001), and waits up to DrainTimeout for what is in flight. It returns nil when everything finished, and an error when it could not listen, failed, or had to
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
	defer HoldHeap()()
	// Requests outlive ctx: it says when to stop, not that their callers have gone.
	base, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	srv := s.httpServer(base, s.handler)
	administrators, err := s.listenAdmin(base)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer administrators.close()
	if onListen != nil {
		onListen(listener.Addr())
	}

	failed := make(chan error, 1)
	go func() { failed <- s.serve(srv, listener) }()
	select {
	case err := <-failed:
		s.stopNow()
		s.drain()
		_ = srv.Close()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return s.stop(srv, cutOff)
}

func (s *Server) serve(srv *http.Server, listener net.Listener) error {
	if s.tls == nil {
		return srv.Serve(listener)
	}
	srv.TLSConfig = s.tls.config()
	return srv.ServeTLS(listener, "", "")
}

func (s *Server) httpServer(base context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
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
	s.stopNow()
	s.cfg.OnStop()
	s.log.Info("stopping", "answering_for", s.cfg.DrainDelay, "finishing_within", s.cfg.DrainTimeout)
	time.Sleep(s.cfg.DrainDelay)
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

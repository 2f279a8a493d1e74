package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
)

// admin is a second address, for whoever is on this machine: profiles and figures. It asks for no token, so it listens
// on loopback only, and answers to loopback names only.
type admin struct {
	srv      *http.Server
	listener net.Listener
}

// listenAdmin serves it, with /readyz and /healthz too; nil when no address is set.
func (s *Server) listenAdmin(ctx context.Context) (*admin, error) {
	if s.cfg.AdminAddr == "" {
		return nil, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.AdminAddr)
	if err != nil {
		return nil, fmt.Errorf("listen for administrators: %w", err)
	}
	if err := checkListener(listener.Addr()); err != nil {
		_ = listener.Close()
		return nil, notForAdmin(s.cfg.AdminAddr)
	}
	a := &admin{listener: listener, srv: s.httpServer(ctx, secure(onlyLoopbackHost(s.adminRoutes())))}
	a.srv.WriteTimeout = 0 // a profile takes as long as was asked for
	go func() { _ = a.srv.Serve(listener) }()
	s.log.Info("profiles and figures are served to this machine", "address", listener.Addr().String())
	return a, nil
}

func notForAdmin(addr string) error {
	return fmt.Errorf("refusing to serve administrators on %q: %w; profiles and figures ask for no token, so use 127.0.0.1, [::1] or localhost, with a port", addr, ErrNotLoopback)
}

func (s *Server) adminRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", live)
	mux.HandleFunc("GET /readyz", readyz(s.stopping, s.ready))
	if s.cfg.Metrics != nil {
		mux.Handle("GET /metrics", s.cfg.Metrics)
	}
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", http.NotFound) // it may hold a password
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// close ends it at once, profiles that are being taken too.
func (a *admin) close() {
	if a != nil {
		_ = a.srv.Close()
	}
}

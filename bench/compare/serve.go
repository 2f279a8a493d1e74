package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

// serve is one of the servers in a process of its own, until standard input ends.
func serve(ctx context.Context, o options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	switch o.serve {
	case bare:
		return serveBare(ctx, o)
	case ourStatement:
		return serveStatements(ctx, o)
	}
	s, statements, err := openStore(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("bench") }}
	// The server that users run, but for the page that tells what it cost.
	log := slog.New(slog.DiscardHandler)
	srv, err := server.New(server.Config{Addr: o.at}, withCost(graph.NewHandler(resolver), statements), func(ctx context.Context) error { _, err := s.Head(ctx); return err }, log)
	if err != nil {
		return err
	}
	return srv.Run(ctx, func(net.Addr) { fmt.Println("ready") })
}

func openStore(ctx context.Context, o options) (store.Store, func() int64, error) {
	if o.serve == embedded {
		s, err := sqlite.Open(ctx, o.data, sqlite.Options{})
		return s, func() int64 { return 0 }, err
	}
	s, err := neo4j.Open(ctx, neo4j.Options{URI: o.uri, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, err
	}
	return s, s.Statements, nil
}

// costHeader asks a server of ours what it has used so far.
const costHeader = "X-Bench-Cost"

func withCost(h http.Handler, statements func() int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(costHeader) == "" {
			h.ServeHTTP(w, r)
			return
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		_ = json.NewEncoder(w).Encode(cost{m.TotalAlloc, statements()})
	})
}

// plainServer is net/http with nothing around it, but for the heap of ours: it is not to lose by its garbage.
func plainServer(ctx context.Context, at string, h http.Handler) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", at)
	if err != nil {
		return err
	}
	defer server.HoldHeap()()
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	fmt.Println("ready")
	if err := s.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

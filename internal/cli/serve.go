package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
)

// maxBody lets the 10,000 rows of an upsertMany in.
const maxBody = 8 << 20

// sampleToday is the day the sample is told as of.
const sampleToday = "2024-02-01"

type serveCommand struct {
	storeFlags
	accessFlags
	Addr           string        `env:"MUSUBI_ADDR" default:"127.0.0.1:8080" help:"Address to listen on; loopback only without --authenticate."`
	Sample         bool          `env:"MUSUBI_SAMPLE" help:"Load the Shiojiri sample into an empty store, and take 2024-02-01 as today."`
	QueryTimeout   time.Duration `env:"MUSUBI_QUERY_TIMEOUT" default:"30s" help:"How long a query or mutation may take. The first asking of a deep query on Neo4j takes some seconds: the server plans it."`
	AllowedOrigins []string      `env:"MUSUBI_ALLOWED_ORIGINS" help:"Origins of other sites' pages that may ask; none by default." placeholder:"ORIGIN"`
}

// Run serves until the context ends.
func (c *serveCommand) Run(a *app) error {
	s, err := c.open(a.ctx, a.log)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Log: a.log, QueryTimeout: c.QueryTimeout}
	config := server.Config{Addr: c.Addr, AllowedOrigins: c.AllowedOrigins, MaxBody: maxBody, RequestTimeout: c.QueryTimeout}
	if err := c.access(a, s, resolver, &config); err != nil {
		return err
	}
	if c.Sample {
		resolver.Today, resolver.FixedToday = network.MustDate(sampleToday), true
		if err := loadSampleWhenEmpty(a, s); err != nil {
			return err
		}
	}
	srv, err := server.New(config, graph.NewHandler(resolver), ready(s), a.log)
	if err != nil {
		return err
	}
	return srv.Run(a.ctx, func(at net.Addr) {
		fmt.Fprintf(a.out, "musubi 結び is at http://%s/graphiql (GraphQL at /graphql)\n", at)
	})
}

// ready tells whether the store answers. Its error is for everybody: without the
// cause, which may name machines.
func ready(s store.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.Head(ctx)
		var shown *network.Error
		if errors.As(err, &shown) {
			return shown
		}
		return err
	}
}

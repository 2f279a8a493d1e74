package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
)

// sampleToday is the day the sample is told as of.
const sampleToday = "2024-02-01"

type serveCommand struct {
	storeFlags
	accessFlags
	networkFlags
	erasureFlags
	auditFlags
	Addr             string            `env:"MUSUBI_ADDR" default:"127.0.0.1:8080" help:"Address to listen on; loopback only without --authenticate."`
	Sample           bool              `env:"MUSUBI_SAMPLE" help:"Load the Shiojiri sample into an empty store, and take 2024-02-01 as today."`
	AllowedOrigins   []string          `env:"MUSUBI_ALLOWED_ORIGINS" help:"Origins of other sites' pages that may ask; none by default." placeholder:"ORIGIN"`
	Limit            map[string]string `env:"MUSUBI_LIMIT" mapsep:";" help:"Limits that differ from the usual, by name, for viewers/analysts/coordinators/administrators: tokens=2000/8000;time=5s/1m. docs/limits.md lists them." placeholder:"NAME=VALUE;…"`
	AllowGet         bool              `env:"MUSUBI_ALLOW_GET" help:"Answer queries that come by GET too; what is asked then stands in addresses, and in the logs of proxies."`
	TrustedDocuments string            `env:"MUSUBI_TRUSTED_DOCUMENTS" help:"Answer only the documents in this folder of .graphql files, or in this manifest." placeholder:"PATH"`
}

// Run serves until the context ends.
func (c *serveCommand) Run(a *app) error {
	s, hooks, done, err := c.watched(a)
	if err != nil {
		return err
	}
	defer done()
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Log: a.log, AllowGet: c.AllowGet}
	if err := c.restrict(resolver); err != nil {
		return err
	}
	config := c.edge(resolver.Limits)
	if err := c.place(&config); err != nil {
		return err
	}
	if err := c.access(a, s, resolver, &config); err != nil {
		return err
	}
	watch(hooks, resolver, &config)
	if c.Sample {
		resolver.Today, resolver.FixedToday = network.MustDate(sampleToday), true
		if err := loadSampleWhenEmpty(a, s); err != nil {
			return err
		}
	}
	if err := c.register(a, s, resolver); err != nil {
		return err
	}
	closed, err := c.audited(a, resolver)
	if err != nil {
		return err
	}
	defer closed()
	handler := graph.NewHandler(resolver)
	config.OnStop = handler.Stop
	srv, err := server.New(config, handler, ready(s), a.log)
	if err != nil {
		return err
	}
	return srv.Run(a.ctx, func(at net.Addr) {
		fmt.Fprintf(a.out, "musubi 結び is at %s://%s/graphiql (GraphQL at /graphql)\n", c.scheme(), at)
	})
}

// restrict sets the limits of the resolver, and the documents it answers.
func (c *serveCommand) restrict(r *graph.Resolver) (err error) {
	r.Limits = limit.Usual()
	for _, name := range slices.Sorted(maps.Keys(c.Limit)) {
		if err := r.Limits.Assign(name, c.Limit[name]); err != nil {
			return err
		}
	}
	if c.TrustedDocuments != "" {
		r.Trusted, err = graph.ReadTrusted(c.TrustedDocuments)
	}
	return err
}

// edge is how the server listens under the limits.
func (c *serveCommand) edge(limits *limit.Set) server.Config {
	return server.Config{
		Addr: c.Addr, AllowedOrigins: c.AllowedOrigins, AllowGet: c.AllowGet,
		MaxBody: max(limits.Most(limit.Body), limits.Most(limit.WriteBody)), MaxHeader: int(limits.Most(limit.HeaderBytes)),
		ReadHeaderTimeout: limits.Longest(limit.HeaderTime), ReadTimeout: limits.Longest(limit.ReadTime),
		RequestTimeout: limits.Longest(limit.Time), WriteGrace: limits.Longest(limit.WriteTime), IdleTimeout: limits.Longest(limit.IdleTime),
	}
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

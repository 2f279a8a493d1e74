package cli

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/telemetry"
)

// tracesLast is how long the traces that are left may take to be sent.
const tracesLast = 2 * time.Second

// watched opens the store of the server with figures and traces of what it is asked.
// done sends the traces that are left; the store must have been closed.
func (c *serveCommand) watched(a *app) (s openMap, hooks telemetry.Hooks, done func(), err error) {
	tracing, err := telemetry.NewTracing(a.ctx, version())
	if err != nil {
		return nil, hooks, nil, err
	}
	if telemetry.TracingConfigured() {
		a.log.Info("traces are sent as the OTEL_ variables say")
	}
	done = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), tracesLast)
		defer cancel()
		if err := tracing.Close(ctx); err != nil {
			a.log.Warn("the last traces could not be sent", "error", err)
		}
	}
	hooks = telemetry.Hooks{Tracing: tracing}
	hooks.Metrics = telemetry.NewMetrics(func(ctx context.Context) (int64, error) { return s.Head(ctx) })
	if c.Neo4jURI == "" {
		s, err = c.open(a.ctx, a.log)
	} else {
		s, err = c.openNeo4j(a.ctx, a.log, telling(hooks.Statement(c.Neo4jDatabase)))
	}
	return s, hooks, done, err
}

// telling tells a hook of statements, with the code of their error.
func telling(hook func(context.Context, string) (context.Context, func(string))) neo4j.Statement {
	return func(ctx context.Context, operation string) (context.Context, func(error)) {
		ctx, end := hook(ctx, operation)
		return ctx, func(err error) {
			switch {
			case err == nil:
				end("")
			case ctx.Err() != nil:
				end("given_up")
			default:
				end("error")
			}
		}
	}
}

// watch has the parts of the server tell the hooks of their work.
func watch(hooks telemetry.Hooks, resolver *graph.Resolver, config *server.Config) {
	resolver.Store, resolver.Watch = hooks.Store(resolver.Store), hooks
	config.Watch, config.Metrics = hooks.Request, hooks.Handler()
	config.Operator = func(ctx context.Context) bool { return auth.Viewer(ctx).Role == network.RoleAdmin }
}

// release is the version that make release builds; empty in other builds.
var release string

// version is that of the program: of the release, or of the module.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && release == "" {
		return info.Main.Version
	}
	return release
}

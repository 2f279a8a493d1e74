// Package graph is the GraphQL edge: the resolvers of the root fields, one file
// per domain. A query's root field plans its whole selection (see plan), runs
// the plan on the store and returns the rendered answer; nothing below a root
// field is resolved by gqlgen.
package graph

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Resolver answers the root fields from one store.
type Resolver struct {
	Store store.Store
	Clock network.Clock
	// Today fixes what today is when it is not zero: for the sample.
	Today network.Date
	// FixedToday tells whether Today counts.
	FixedToday bool
	// Viewer tells who asks; it is set by the HTTP edge.
	Viewer func(context.Context) network.Viewer
	// Admit tells whether the client of a WebSocket may ask, by the payload of its
	// connection_init. The context it gives is that of its operations, and ends
	// when the client may no longer. nil: every client may.
	Admit func(ctx context.Context, payload map[string]any) (context.Context, error)
	// Kept is where networks and measures are kept; nil: a place of the usual
	// size, made by NewHandler.
	Kept *memo.Cache
	// Log is told of long work; nil: nobody is.
	Log *slog.Logger
	// Limits say how much a viewer may ask for; nil: the usual.
	Limits *limit.Set
	// AllowGet lets queries come by GET.
	AllowGet bool
	// Trusted are the only documents that are answered; nil: all are.
	Trusted *Trusted

	// Erased is told of all that was ever erased, whenever a person is: see
	// [edit.Editor]; nil: nobody is.
	Erased func([]store.Erasure) error

	// Audit is told of writes and of personal fields that are shown; nil: nobody is.
	Audit Audit

	// Watch is told of operations, plans and errors; nil: nobody is.
	Watch Watch

	editor *edit.Editor // one for all requests, made by NewHandler
}

var _ generated.ResolverRoot = (*Resolver)(nil)

type (
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
	mutationResolver     struct {
		*Resolver
		edit *edit.Editor
	}
)

// Query resolves the root fields that read.
func (r *Resolver) Query() generated.QueryResolver { return queryResolver{r} }

// Mutation resolves the root fields that write.
func (r *Resolver) Mutation() generated.MutationResolver {
	return mutationResolver{r, r.editor}
}

// Subscription resolves the root fields that stream.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return subscriptionResolver{r} }

func (r *Resolver) asker(ctx context.Context) plan.Asker {
	today := r.Today
	if !r.FixedToday {
		today = network.Today(r.Clock)
	}
	viewer := r.Viewer(ctx)
	return plan.Asker{Viewer: viewer, Today: today, MaxFirst: int(r.Limits.Of(viewer.Role, limit.First))}
}

// planner plans the root field being resolved.
type planner func(op *graphql.OperationContext, f graphql.CollectedField, who plan.Asker) (*plan.Planned, error)

// raw is a twin of graph/model that holds a rendered value.
type raw[T any] interface {
	*T
	SetJSON([]byte)
}

// fetch plans the root field, runs the plan and renders it; nil for null.
func fetch[T any, P raw[T]](ctx context.Context, r *Resolver, p planner) (*T, error) {
	data, err := r.render(ctx, p)
	if err != nil || string(data) == "null" {
		return nil, err
	}
	out := new(T)
	P(out).SetJSON(data)
	return out, nil
}

func (r *Resolver) render(ctx context.Context, p planner) ([]byte, error) {
	op, field, who := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, r.asker(ctx)
	planned, err := r.planned(ctx, p, op, field, who)
	if err != nil {
		return nil, err
	}
	result, err := r.shown(ctx, planned.Plan)
	if err != nil {
		return nil, late(err, field.Name)
	}
	ids := missed(planned.Plan, result)
	if ids == nil {
		return planned.Render(result), nil
	}
	if who.Merged, err = r.standing(ctx, who.Viewer, ids); err != nil || who.Merged == nil {
		return planned.Render(result), err
	}
	if planned, err = r.planned(ctx, p, op, field, who); err != nil {
		return nil, err
	}
	if result, err = r.shown(ctx, planned.Plan); err != nil {
		return nil, late(err, field.Name)
	}
	return planned.Render(result), nil
}

// planned makes the plan of a root field, and tells of it.
func (r *Resolver) planned(ctx context.Context, p planner, op *graphql.OperationContext, f graphql.CollectedField, who plan.Asker) (*plan.Planned, error) {
	defer r.Watch.Plan(ctx, f.Name)()
	return p(op, f, who)
}

// connection plans a root field that lists records of a type.
func connection(element string) planner {
	return func(op *graphql.OperationContext, f graphql.CollectedField, who plan.Asker) (*plan.Planned, error) {
		return plan.Connection(op, f, who, element)
	}
}

// record plans a root field that is one record of a type.
func record(element string) planner {
	return func(op *graphql.OperationContext, f graphql.CollectedField, who plan.Asker) (*plan.Planned, error) {
		return plan.Record(op, f, who, element)
	}
}

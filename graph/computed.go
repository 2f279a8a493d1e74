package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// rendered writes an object whose values are at hand under the selection of the
// field being resolved.
func rendered[T any, P raw[T]](ctx context.Context, typeName string, values map[string]any) (*T, error) {
	data := plan.Object(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections, typeName, values)
	out := new(T)
	P(out).SetJSON(data)
	return out, nil
}

// attempts bounds how often a computed answer is begun again because the map
// changed between its two statements.
const attempts = 5

// computed works an answer out from one statement and fetches the fields of its
// records with a second; when the revision moved between the two it starts
// again. An answer without a value is null.
func computed[T any, P raw[T]](ctx context.Context, r *Resolver, work func(*answer.Question) (*answer.Answer, error)) (*T, error) {
	return computedAsOf[T, P](ctx, r, nil, work)
}

// computedAsOf is computed where asOf, when it is not given, is another day than
// today.
func computedAsOf[T any, P raw[T]](ctx context.Context, r *Resolver, day *network.Date, work func(*answer.Question) (*answer.Answer, error)) (*T, error) {
	who := r.asker(ctx)
	if day != nil {
		who.Today = *day
	}
	op, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	asOf, err := plan.AsOf(op, field, who)
	if err != nil {
		return nil, err
	}
	done, err := r.workOut(ctx, who, asOf, work, func(v plan.Computed) plan.Computed { return v })
	if done == nil || err != nil {
		return nil, err
	}
	out := new(T)
	P(out).SetJSON(done.records.Render(done.result)[0])
	return out, nil
}

// workedOut is an answer with its records, read at one revision.
type workedOut struct {
	value   plan.Computed
	records *plan.Batch
	result  *store.Result
}

// workOut works an answer out and fetches its records, as they stand in the
// value that shown makes of it; nil when there is no answer.
func (r *Resolver) workOut(ctx context.Context, who plan.Asker, asOf network.Date, work func(*answer.Question) (*answer.Answer, error), shown func(plan.Computed) plan.Computed) (*workedOut, error) {
	op, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	for range attempts {
		q := &answer.Question{Ctx: ctx, Store: r.Store, Who: who, AsOf: asOf, Kept: r.Kept, Log: r.Log}
		a, err := work(q)
		if who.Merged == nil && (network.CodeOf(err) == network.NotFound || err == nil && a.Value == nil) && len(q.Asked) > 0 {
			var fault error
			if who.Merged, fault = r.standing(ctx, who.Viewer, q.Asked); fault != nil {
				return nil, fault
			}
			if who.Merged != nil {
				continue
			}
		}
		if err != nil || a.Value == nil {
			return nil, late(err, field.Name)
		}
		value := shown(*a.Value)
		end := r.Watch.Plan(ctx, field.Name)
		records, err := plan.ComputedBatch(op, field, who, []plan.Computed{value})
		end()
		if err != nil {
			return nil, late(err, field.Name)
		}
		result, err := r.shown(ctx, records.Plan)
		if err != nil {
			return nil, late(err, field.Name)
		}
		if result.Revision == a.Revision {
			return &workedOut{value, records, result}, nil
		}
	}
	return nil, network.Errorf(network.Conflict, "the map kept changing while it was read; try again")
}

// filterArgument reads a filter of the root field being resolved.
func (r *Resolver) filterArgument(ctx context.Context, name, typeName string) (store.Expr, error) {
	return plan.FilterArgument(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, r.asker(ctx), name, typeName)
}

// given is the value of an optional argument, or the zero value.
func given[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

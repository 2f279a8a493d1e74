package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/plan"
)

// rendered writes an object whose values are at hand under the selection of the
// field being resolved.
func rendered[T any, P raw[T]](ctx context.Context, typeName string, values map[string]any) (*T, error) {
	data := plan.Object(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections, typeName, values)
	out := new(T)
	P(out).SetJSON(data)
	return out, nil
}

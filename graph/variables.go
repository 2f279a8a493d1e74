package graph

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// plainLists has variables hold lists as []any, whatever they were made of: one
// value that stands for a list arrives as a list of its own Go type.
type plainLists struct{}

// ExtensionName names the extension.
func (plainLists) ExtensionName() string { return "PlainLists" }

// Validate accepts every schema.
func (plainLists) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext makes the lists of the variables plain.
func (plainLists) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for name, v := range op.Variables {
		op.Variables[name] = plainList(v)
	}
	return nil
}

func plainList(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for name, item := range x {
			x[name] = plainList(item)
		}
	case []any:
		for i, item := range x {
			x[i] = plainList(item)
		}
	default:
		list := reflect.ValueOf(v)
		if list.Kind() != reflect.Slice {
			return v
		}
		out := make([]any, list.Len())
		for i := range out {
			out[i] = plainList(list.Index(i).Interface())
		}
		return out
	}
	return v
}

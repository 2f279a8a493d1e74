package plan

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Computed is an object that is not a record: its GraphQL type and the values
// of its fields. A value is nil, a string, bool, int, int64, float64, []any, a
// Computed, a Localized, a Rendered, a Held or a Deferred.
type Computed struct {
	Type   string
	Values map[string]any
}

// Rendered is a value that is JSON already.
type Rendered []byte

// Localized is a text by the value of the argument language of its field.
type Localized map[string]string

// Object writes a Computed of the type with the values, under a selection
// without records.
func Object(op *graphql.OperationContext, sel ast.SelectionSet, typeName string, values map[string]any) []byte {
	b := &builder{op: op}
	return b.computed(nil, sel, Computed{typeName, values}, nil)
}

// computed writes a value under a selection; records are looked up in held.
func (b *builder) computed(out []byte, sel ast.SelectionSet, v any, held *heldRecords) []byte {
	switch x := v.(type) {
	case Computed:
		out = append(out, '{')
		for i, f := range graphql.CollectFields(b.op, sel, []string{x.Type}) {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, jsonKey(f.Alias)...)
			if f.Name == "__typename" {
				out = appendString(out, x.Type)
				continue
			}
			value, _ := b.value(x, f) // no error: it was gathered before
			out = b.computed(out, f.Selections, value, held)
		}
		return append(out, '}')
	case []any:
		return appendList(out, len(x), func(out []byte, i int) []byte { return b.computed(out, sel, x[i], held) })
	case Rendered:
		return append(out, x...)
	case Held:
		return held.write(out, sel, x)
	case float64:
		return appendFloat(out, x)
	}
	return appendScalar(out, v)
}

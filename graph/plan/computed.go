package plan

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
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
	w := &computing{op: op, t: newComputedTemplate(func(int64) {})}
	return w.write(nil, sel, Computed{typeName, values})
}

// computedTemplate is what is asked for under a computed root field, as far as
// answers have called for it. Many may use it at the same time.
type computedTemplate struct {
	grown func(bytes int64)

	mu     sync.RWMutex
	fields map[fieldsKey][]chosen
	places map[fieldsKey]*heldTemplate
	slots  int
}

// fieldsKey is a place in the selection, and the type of what stands there.
type fieldsKey struct {
	place    placeKey
	typeName string
}

// chosen is a selected field.
type chosen struct {
	graphql.CollectedField
	key  []byte
	args Args // nil: they depend on variables
}

// heldTemplate is what is asked for of the records in one place.
type heldTemplate struct {
	part *part
	list *list
}

func newComputedTemplate(grown func(bytes int64)) *computedTemplate {
	return &computedTemplate{grown: grown, fields: map[fieldsKey][]chosen{}, places: map[fieldsKey]*heldTemplate{}}
}

// chosen are the fields selected on an object of the type.
func (t *computedTemplate) chosen(op *graphql.OperationContext, sel ast.SelectionSet, typeName string) []chosen {
	key := fieldsKey{placeOf(sel), typeName}
	t.mu.RLock()
	out, known := t.fields[key]
	t.mu.RUnlock()
	if known {
		return out
	}
	c := &compiler{op: op}
	for _, f := range c.collect(sel, typeName) {
		x := chosen{CollectedField: f, key: jsonKey(f.Alias)}
		if constant(f) && f.Definition != nil {
			x.args = f.ArgumentMap(nil)
		}
		out = append(out, x)
	}
	t.mu.Lock()
	t.fields[key] = out
	t.mu.Unlock()
	t.grown(c.size)
	return out
}

// held is what is asked for of the records of a type in a place.
func (t *computedTemplate) held(op *graphql.OperationContext, who Asker, sel ast.SelectionSet, typeName string) (*heldTemplate, error) {
	key := fieldsKey{placeOf(sel), typeName}
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.places[key]; h != nil {
		return h, nil
	}
	c := &compiler{op: op, most: who.MaxFirst, slots: t.slots}
	p := &part{selections: sel, id: true}
	kinds := network.Concrete(typeName)
	shapes, err := c.shapes(kinds, p)
	if err != nil {
		return nil, err
	}
	h := &heldTemplate{p, single(kinds, shapes)}
	t.places[key], t.slots = h, c.slots
	t.grown(c.size)
	return h, nil
}

// frameSize is how many slots a frame must have for all places met so far.
func (t *computedTemplate) frameSize() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.slots
}

// computing writes computed values of one operation.
type computing struct {
	op   *graphql.OperationContext
	fr   *frame
	t    *computedTemplate
	held *heldRecords
}

// write writes a value under a selection.
func (w *computing) write(out []byte, sel ast.SelectionSet, v any) []byte {
	switch x := v.(type) {
	case Computed:
		out = append(out, '{')
		for i, f := range w.t.chosen(w.op, sel, x.Type) {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, f.key...)
			if f.Name == "__typename" {
				out = appendString(out, x.Type)
				continue
			}
			value, _ := w.value(x, f) // no error: it was gathered before
			out = w.write(out, f.Selections, value)
		}
		return append(out, '}')
	case []any:
		return appendList(out, len(x), func(out []byte, i int) []byte { return w.write(out, sel, x[i]) })
	case Rendered:
		return append(out, x...)
	case Held:
		return w.held.write(w.fr, out, sel, x)
	case float64:
		return appendFloat(out, x)
	}
	return appendScalar(out, v)
}

package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Held stands in a Computed for a record: its fields are fetched with those of
// all other records of the answer, in one statement. Type is the GraphQL type
// of the place.
type Held struct {
	ID   network.ID
	Type string
}

// heldRecords are the records of a computed answer: for each place in the
// selection one root of the plan.
type heldRecords struct {
	places map[placeKey]*place
}

type place struct {
	part  *part
	ids   []network.ID
	seen  map[network.ID]bool
	kinds []*network.Kind
	root  int
	rows  map[string]any
}

// ComputedPlan plans the records of a computed value under the selection of a
// root field. The plan has no roots when no record is selected.
func ComputedPlan(op *graphql.OperationContext, f graphql.CollectedField, who Asker, v Computed) (*Planned, error) {
	batch, err := ComputedBatch(op, f, who, []Computed{v})
	if err != nil {
		return nil, err
	}
	return &Planned{Plan: batch.Plan, render: func(out []byte, r *store.Result) []byte { return append(out, batch.Render(r)[0]...) }}, nil
}

// Batch is one plan for the records of several values of a root field, each of
// which is written by itself.
type Batch struct {
	Plan   *store.Plan
	b      *builder
	sel    ast.SelectionSet
	values []Computed
	held   *heldRecords
}

// ComputedBatch plans the records of computed values under the selection of a
// root field. The plan has no roots when no record is selected.
func ComputedBatch(op *graphql.OperationContext, f graphql.CollectedField, who Asker, values []Computed) (*Batch, error) {
	b, err := newBuilder(op, who, f.ArgumentMap(op.Variables))
	if err != nil {
		return nil, err
	}
	held := &heldRecords{places: map[placeKey]*place{}}
	for _, v := range values {
		if err := b.gather(f.Selections, v, held); err != nil {
			return nil, err
		}
	}
	p := &store.Plan{Viewer: who.Viewer, AsOf: b.asOf}
	for _, pl := range held.ordered() {
		shapes, err := b.shapes(pl.kinds, pl.part)
		if err != nil {
			return nil, err
		}
		pl.root = len(p.Roots)
		p.Roots = append(p.Roots, &store.Collection{Source: store.Source{Op: store.ByID, IDs: pl.ids}, Kinds: pl.kinds, Ever: true, Rows: true, Shapes: shapes})
	}
	return &Batch{p, b, f.Selections, values, held}, nil
}

// Render writes each value as JSON. The result may be the zero one for a plan
// without roots.
func (c *Batch) Render(r *store.Result) [][]byte {
	c.b.result = r
	for _, pl := range c.held.places {
		pl.rows = map[string]any{}
		for _, row := range r.Values[pl.root].([]any)[0].([]any) {
			pl.rows[pl.part.idOf(row.([]any))] = row
		}
	}
	out := make([][]byte, len(c.values))
	for i, v := range c.values {
		out[i] = c.b.computed(nil, c.sel, v, c.held)
	}
	return out
}

// gather works out what is deferred and finds the records under a selection.
func (b *builder) gather(sel ast.SelectionSet, v any, held *heldRecords) error {
	switch x := v.(type) {
	case Computed:
		for _, f := range graphql.CollectFields(b.op, sel, []string{x.Type}) {
			value, err := b.value(x, f)
			if err != nil {
				return at(err, f.Name)
			}
			if err := b.gather(f.Selections, value, held); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range x {
			if err := b.gather(sel, item, held); err != nil {
				return err
			}
		}
	case Held:
		held.add(sel, x)
	}
	return nil
}

// placeKey names a selection set by its ends: a set merged from several keeps
// them when it is collected again.
type placeKey struct {
	first, last ast.Selection
	n           int
}

func placeOf(sel ast.SelectionSet) placeKey {
	if len(sel) == 0 {
		return placeKey{}
	}
	return placeKey{sel[0], sel[len(sel)-1], len(sel)}
}

func (h *heldRecords) add(sel ast.SelectionSet, r Held) {
	key := placeOf(sel)
	pl := h.places[key]
	if pl == nil {
		pl = &place{part: &part{selections: sel, id: true}, seen: map[network.ID]bool{}, kinds: network.Concrete(r.Type), root: len(h.places)}
		h.places[key] = pl
	}
	if !pl.seen[r.ID] {
		pl.seen[r.ID] = true
		pl.ids = append(pl.ids, r.ID)
	}
}

func (h *heldRecords) ordered() []*place {
	out := make([]*place, len(h.places))
	for _, pl := range h.places {
		out[pl.root] = pl
	}
	return out
}

func (h *heldRecords) write(out []byte, sel ast.SelectionSet, r Held) []byte {
	pl := h.places[placeOf(sel)]
	return pl.part.write(out, pl.rows[string(r.ID)])
}

func appendFloat(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'g', -1, 64) }

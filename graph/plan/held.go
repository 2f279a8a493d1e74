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
	template *heldTemplate
	ids      []network.ID
	seen     map[network.ID]bool
	root     int
	rows     map[string]any
}

// ComputedPlan plans the records of a computed value under the selection of a
// root field. The plan has no roots when no record is selected.
func ComputedPlan(op *graphql.OperationContext, f graphql.CollectedField, who Asker, v Computed) (*Planned, error) {
	batch, err := ComputedBatch(op, f, who, []Computed{v})
	if err != nil {
		return nil, err
	}
	return &Planned{Plan: batch.Plan, render: func(r *store.Result) []byte { return batch.Render(r)[0] }}, nil
}

// Batch is one plan for the records of several values of a root field, each of
// which is written by itself.
type Batch struct {
	Plan   *store.Plan
	w      *computing
	sel    ast.SelectionSet
	values []Computed
}

// ComputedBatch plans the records of computed values under the selection of a
// root field. The plan has no roots when no record is selected.
func ComputedBatch(op *graphql.OperationContext, f graphql.CollectedField, who Asker, values []Computed) (*Batch, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	w := &computing{op: op, fr: fr, t: computedFor(op, f, who), held: &heldRecords{places: map[placeKey]*place{}}}
	for _, v := range values {
		if err := w.gather(f.Selections, v); err != nil {
			return nil, err
		}
	}
	p := &store.Plan{Viewer: who.Viewer, AsOf: fr.asOf}
	fr.bound = make([]bound, w.t.frameSize())
	for _, pl := range w.held.ordered() {
		root, err := pl.template.list.bind(fr)
		if err != nil {
			return nil, err
		}
		col := *root
		col.Source.IDs = pl.ids
		p.Roots = append(p.Roots, &col)
	}
	return &Batch{p, w, f.Selections, values}, nil
}

// Render writes each value as JSON. The result may be the zero one for a plan
// without roots.
func (c *Batch) Render(r *store.Result) [][]byte {
	c.w.fr.revision = r.Revision
	for _, pl := range c.w.held.places {
		rows := r.Values[pl.root].([]any)[0].([]any)
		pl.rows = make(map[string]any, len(rows))
		for _, row := range rows {
			pl.rows[pl.template.part.idOf(row.([]any))] = row
		}
	}
	out := make([][]byte, len(c.values))
	for i, v := range c.values {
		out[i] = c.w.write(nil, c.sel, v)
	}
	return out
}

// gather works out what is deferred and finds the records under a selection.
func (w *computing) gather(sel ast.SelectionSet, v any) error {
	switch x := v.(type) {
	case Computed:
		for _, f := range w.t.chosen(w.op, sel, x.Type) {
			value, err := w.value(x, f)
			if err != nil {
				return at(err, f.Name)
			}
			if err := w.gather(f.Selections, value); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range x {
			if err := w.gather(sel, item); err != nil {
				return err
			}
		}
	case Held:
		return w.add(sel, x)
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

func (w *computing) add(sel ast.SelectionSet, r Held) error {
	key := placeOf(sel)
	pl := w.held.places[key]
	if pl == nil {
		template, err := w.t.held(w.op, w.fr.who, sel, r.Type)
		if err != nil {
			return err
		}
		pl = &place{template: template, seen: map[network.ID]bool{}, root: len(w.held.places)}
		w.held.places[key] = pl
	}
	if !pl.seen[r.ID] {
		pl.seen[r.ID] = true
		pl.ids = append(pl.ids, r.ID)
	}
	return nil
}

func (h *heldRecords) ordered() []*place {
	out := make([]*place, len(h.places))
	for _, pl := range h.places {
		out[pl.root] = pl
	}
	return out
}

func (h *heldRecords) write(fr *frame, out []byte, sel ast.SelectionSet, r Held) []byte {
	pl := h.places[placeOf(sel)]
	return pl.template.part.write(fr, out, pl.rows[string(r.ID)])
}

func appendFloat(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'g', -1, 64) }

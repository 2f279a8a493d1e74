package memory

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// rows renders members as [store.Result] says.
func (x *run) rows(c *store.Collection, items []item) []any {
	out := make([]any, 0, len(items))
	var kind *network.Kind
	var shape *store.Shape
	for i := range items {
		if x.err != nil {
			return append(out, nil)
		}
		if k := items[i].r.kind; k != kind {
			kind, shape = k, c.ShapeFor(k)
		}
		out = append(out, x.row(c, shape, &items[i]))
	}
	return out
}

func (x *run) row(c *store.Collection, shape *store.Shape, it *item) []any {
	var columns []store.Column
	if shape != nil {
		columns = shape.Columns
	}
	row := make([]any, 1, len(columns)+2)
	row[0] = kindNames[it.r.kind.Index()]
	for i := range columns {
		row = append(row, x.cell(&columns[i], it))
	}
	if c.Cursor {
		row = append(row, cursorOf(it))
	}
	return row
}

func (x *run) cell(col *store.Column, it *item) any {
	if col.Child != nil {
		return x.collection(col.Child, it.member)
	}
	switch col.Builtin {
	case store.RecordID:
		return string(it.r.id)
	case store.Version:
		return it.r.version
	case store.SearchRank:
		return it.rank
	case store.Facing:
		return facing(it.member)
	}
	if col.Field == nil {
		return nil
	}
	return x.shown(it.r, col.Field)
}

// shown is a field named in a plan as a row has it: nil where the record has
// none or the viewer may not read it.
func (x *run) shown(r *rec, f *network.Field) any {
	own := r.field(f)
	if own == nil || x.masked(f) {
		return nil
	}
	if own.Type == network.RecordID {
		if id := r.pointsTo(own.Slot()); id == "" || !x.seesID(id) {
			return nil
		}
	}
	return x.column(r, own)
}

// column is the value of a field as a row has it. A link to a record the
// viewer does not see is none.
func (x *run) column(r *rec, f *network.Field) any {
	switch {
	case r.kind == logKind && f.Type == network.JSON:
		return x.state(r, f)
	case x.withheld(r, f):
		return nil
	case f.Type == network.Ref:
		if to, _ := r.at(f.Slot()).(*rec); to == nil || !x.sees(to) {
			return nil
		}
	}
	return x.said(r, f)
}

// state writes out the record before or after a change, with what it leads to
// that the viewer does not see.
func (x *run) state(r *rec, f *network.Field) any {
	i := int(r.more.entry) - 1
	state := x.s.book.at(i).left()
	if f.Name == "before" {
		state = x.s.book.before(i)
	}
	if state == nil {
		return nil
	}
	data, err := state.record("").MarshalFields()
	if err != nil {
		x.fail(err)
		return nil
	}
	c := x.s.book.change(i)
	return []any{string(data), x.hidden(c), x.shutAt(c.Record)}
}

// facing is how a tie points from the stakeholder it was reached from.
func facing(m member) any {
	switch {
	case m.via == nil:
		return nil
	case m.r.mut:
		return "MUTUAL"
	case m.r.end(0) == m.via:
		return "OUT"
	}
	return "IN"
}

func cursorOf(it *item) []any {
	out := make([]any, 0, len(it.keys)+1)
	for _, k := range it.keys {
		if d, ok := k.(network.Date); ok {
			k = d.String()
		}
		out = append(out, k)
	}
	return append(out, string(it.r.id))
}

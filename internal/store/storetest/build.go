package storetest

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// query builds a collection the way the planner does, by names of the registry.
type query struct{ store.Collection }

// kindsOf are the concrete kinds of the types, in registry order.
func kindsOf(types ...string) []*network.Kind {
	in := map[*network.Kind]bool{}
	for _, name := range types {
		ks := network.Concrete(name)
		if len(ks) == 0 {
			panic("storetest: no type " + name)
		}
		for _, k := range ks {
			in[k] = true
		}
	}
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if in[k] {
			out = append(out, k)
		}
	}
	return out
}

// fieldIn is the field of the first kind that has it.
func fieldIn(ks []*network.Kind, name string) *network.Field {
	for _, k := range ks {
		if f := k.Field(name); f != nil {
			return f
		}
	}
	panic("storetest: no field " + name)
}

// field finds "School.level" or "Stakeholder.name".
func field(path string) *network.Field {
	typ, name, _ := strings.Cut(path, ".")
	return fieldIn(kindsOf(typ), name)
}

func list(src store.Source, types ...string) *query {
	return &query{store.Collection{Source: src, Kinds: kindsOf(types...), Rows: true}}
}

func scan(types ...string) *query { return list(store.Source{Op: store.Scan}, types...) }

// byID asks for records of any kind, whenever they hold.
func byID(ids ...network.ID) *query {
	q := list(store.Source{Op: store.ByID, IDs: ids}, network.NodeInterface)
	q.Ever = true
	return q
}

func search(text string, types ...string) *query {
	if len(types) == 0 {
		types = []string{network.NodeInterface}
	}
	return list(store.Source{Op: store.Search, Terms: network.FoldTerms(text), Text: network.Fold(text)}, types...)
}

// reached is a collection of the registry: reached("School", "posts").
func reached(typ, name string) *query {
	for _, k := range kindsOf(typ) {
		if c := k.Collection(name); c != nil {
			return collected(c)
		}
	}
	panic("storetest: no collection " + typ + "." + name)
}

func collected(c *network.Collection) *query {
	if c.Ties {
		return ties(c.Direction, c.TieKinds...)
	}
	src := store.Source{Op: store.Follow}
	for _, h := range c.Hops {
		k := network.MustKind(h.Kind)
		src.Hops = append(src.Hops, store.Hop{Kind: k, Field: k.Field(h.Field), Inverse: h.Inverse})
	}
	return list(src, c.Element)
}

// along follows a Ref or Refs field of a kind; a Ref gives a single record.
func along(path string) *query {
	f := field(path)
	typ, _, _ := strings.Cut(path, ".")
	hop := store.Hop{Field: f}
	for _, k := range kindsOf(typ) {
		if k.Field(f.Name) == f {
			hop.Kind = k
		}
	}
	q := list(store.Source{Op: store.Follow, Hops: []store.Hop{hop}}, f.Targets...)
	q.Single = f.Type == network.Ref
	return q
}

func ties(dir network.Direction, kinds ...string) *query {
	return list(store.Source{Op: store.Ties, Ties: kinds, Dir: dir}, network.TieRecord)
}

func party(end store.TieEnd) *query {
	q := list(store.Source{Op: store.Party, End: end}, network.StakeholderInterface)
	q.Single = true
	return q
}

func (q *query) where(e store.Expr) *query { q.Filter = e; return q }

// order takes field names, "-" in front for descending.
func (q *query) order(names ...string) *query {
	for _, n := range names {
		desc := strings.HasPrefix(n, "-")
		q.Order = append(q.Order, store.Order{Field: fieldIn(q.Kinds, strings.TrimPrefix(n, "-")), Desc: desc})
	}
	return q
}

// page asks for the first n and whether there are more.
func (q *query) page(n int) *query { q.Limit, q.More = n, true; return q }

// lastPage asks for the last n and whether there are more before.
func (q *query) lastPage(n int) *query { q.Backward = true; return q.page(n) }

func (q *query) from(c *store.Cursor) *query { q.After = c; return q }
func (q *query) upTo(c *store.Cursor) *query { q.Before = c; return q }
func (q *query) total() *query               { q.Total = true; return q }
func (q *query) within(from, until string) *query {
	r := network.AllTime()
	if from != "" {
		r.From = network.MustDate(from)
	}
	if until != "" {
		r.Until = network.MustDate(until)
	}
	q.During = &r
	return q
}

// by groups; "" is the kind of record, "subject." and a name the field of that
// party.
func (q *query) by(names ...string) *query {
	q.Rows = false
	for _, n := range names {
		var d store.Dimension
		kinds := q.Kinds
		if via, of, ok := strings.Cut(n, "."); ok {
			d.Via, n, kinds = network.TieKindRecord().Field(via), of, kindsOf(network.StakeholderInterface)
		}
		if n != "" {
			d.Field = fieldIn(kinds, n)
		}
		q.Group = append(q.Group, d)
	}
	return q
}

// rising groups by the last dimension given taken up to a level of area.
func (q *query) rising(level string) *query {
	q.Group[len(q.Group)-1].Rise = &store.Rise{Up: field("Area.parent"), By: field("Area.level"), Value: level}
	return q
}

// in groups by periods too; each is a day or "from..until".
func (q *query) in(periods ...string) *query {
	q.Rows = false
	d := store.Dimension{Periods: []network.DateRange{}}
	for _, p := range periods {
		from, until, ok := strings.Cut(p, "..")
		r := network.DateRange{From: network.MustDate(from)}
		if r.Until = r.From.AddDays(1); ok {
			r.Until = network.MustDate(until)
		}
		d.Periods = append(d.Periods, r)
	}
	q.Group = append(q.Group, d)
	return q
}

// take adds a shape for every kind; on, one for some. The first that fits a
// kind counts. A column is a *query, a field name, or id, version, facing, rank.
func (q *query) take(columns ...any) *query { return q.shape(q.Kinds, columns) }

func (q *query) on(typ string, columns ...any) *query { return q.shape(kindsOf(typ), columns) }

func (q *query) shape(ks []*network.Kind, columns []any) *query {
	s := store.Shape{Kinds: ks}
	for _, c := range columns {
		switch c := c.(type) {
		case *query:
			s.Columns = append(s.Columns, store.Column{Child: &c.Collection})
		case string:
			s.Columns = append(s.Columns, column(ks, c))
		}
	}
	q.Shapes = append(q.Shapes, s)
	return q
}

var builtins = map[string]store.Builtin{
	"id": store.RecordID, "version": store.Version, "facing": store.Facing, "rank": store.SearchRank,
}

func column(ks []*network.Kind, name string) store.Column {
	if b, ok := builtins[name]; ok {
		return store.Column{Builtin: b}
	}
	return store.Column{Field: fieldIn(ks, name)}
}

func cmp(path string, op store.Op, value any) store.Expr {
	return store.Compare{Field: field(path), Op: op, Value: value}
}

func eq(path string, value any) store.Expr { return cmp(path, store.EQ, value) }

func isNull(path string, null bool) store.Expr { return cmp(path, store.Null, null) }

func hasID(ids ...network.ID) store.Expr { return store.HasID{IDs: ids} }

func not(e store.Expr) store.Expr { return store.Not{X: e} }

func has(quant store.Quant, q *query, where store.Expr) store.Expr {
	return store.Has{Source: q.Source, Kinds: q.Kinds, Quant: quant, Where: where}
}

func some(q *query, where store.Expr) store.Expr  { return has(store.Some, q, where) }
func every(q *query, where store.Expr) store.Expr { return has(store.Every, q, where) }
func none(q *query, where store.Expr) store.Expr  { return has(store.Nothing, q, where) }

package store

import (
	"maps"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Check is Forbidden when the plan filters, sorts or groups by a personal
// field that its viewer may not read, InvalidCursor when a cursor does not fit
// the order it is used with, and InvalidValue when the network asks for a field
// of several records, or is one between other than two centers. Every engine calls it
// before it runs a plan.
//
// A personal field that is merely asked for is no error: it reads as nil.
func (p *Plan) Check() error {
	return p.check(checker{viewer: p.Viewer})
}

func (p *Plan) check(c checker) error {
	for _, root := range p.Roots {
		if err := c.collection(root); err != nil {
			return err
		}
	}
	if p.Network == nil {
		return nil
	}
	return c.network(p.Network)
}

// AskedBy names the personal fields by which the plan filters, sorts or groups, each
// once, in order.
func (p *Plan) AskedBy() []string {
	asked := map[string]bool{}
	of := Plan{Viewer: network.Admin(""), Roots: p.Roots, Network: p.Network}
	_ = of.check(checker{viewer: of.Viewer, asked: asked}) // who reads all is refused nothing that counts here
	return slices.Sorted(maps.Keys(asked))
}

type checker struct {
	viewer network.Viewer
	asked  map[string]bool // nil: nobody wants to know
}

func (c checker) collection(l *Collection) error {
	if err := c.expr(l.Filter); err != nil {
		return err
	}
	for _, o := range l.Order {
		if err := c.field(o.Field); err != nil {
			return err
		}
	}
	for _, d := range l.Group {
		if err := c.field(d.Field); err != nil {
			return err
		}
	}
	for _, cursor := range []*Cursor{l.After, l.Before} {
		if !cursor.fits(l.Order) {
			return network.Errorf(network.InvalidCursor, "the cursor is not one of this list and order")
		}
	}
	for _, s := range l.Shapes {
		for _, col := range s.Columns {
			if col.Child == nil {
				continue
			}
			if err := c.collection(col.Child); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c checker) network(q *SubgraphQuery) error {
	if q.Toward != nil && (q.Centers == nil || q.Hops+q.Back < q.Between) {
		return network.Errorf(network.InvalidValue, "a network toward some has centers, and steps from either side for ways of %d", q.Between)
	}
	for _, e := range []Expr{q.Nodes, q.Ties} {
		if err := c.expr(e); err != nil {
			return err
		}
	}
	for _, fs := range [][]*network.Field{q.NodeFields, q.TieFields, q.SeatFields} {
		for _, f := range fs {
			if f.Type == network.Refs {
				return network.Errorf(network.InvalidValue, "%s may lead to several records: it is no single value of a network", f.Name)
			}
		}
	}
	return nil
}

func (c checker) expr(e Expr) error {
	switch e := e.(type) {
	case And:
		return c.all(e)
	case Or:
		return c.all(e)
	case Not:
		return c.expr(e.X)
	case Compare:
		return c.field(e.Field)
	case Within:
		return c.field(e.Field)
	case Above:
		return c.field(e.Up)
	case Has:
		for _, h := range e.Source.Hops {
			if err := c.field(h.Field); err != nil {
				return err
			}
		}
		return c.expr(e.Where)
	}
	return nil
}

func (c checker) all(es []Expr) error {
	for _, e := range es {
		if err := c.expr(e); err != nil {
			return err
		}
	}
	return nil
}

// field takes nil for "by kind".
func (c checker) field(f *network.Field) error {
	if f != nil && f.Personal && c.asked != nil {
		c.asked[f.Name] = true
	}
	if f == nil || c.viewer.Reads(f) {
		return nil
	}
	return network.Errorf(network.Forbidden, "%s is personal: only coordinators and above may filter, sort or group by it", f.Name)
}

// fits tells whether the cursor has a key of the right type for each order.
func (c *Cursor) fits(order []Order) bool {
	if c == nil {
		return true
	}
	if len(c.Keys) != len(order) {
		return false
	}
	for i, o := range order {
		ok := true
		switch c.Keys[i].(type) {
		case nil:
		case network.Date:
			ok = o.Field.Type == network.Dated
		case int64:
			ok = o.Field.Type == network.Int || o.Field.Type == network.Bool
		case string:
			ok = o.Field.Type != network.Dated && o.Field.Type != network.Int && o.Field.Type != network.Bool
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

package ask

import (
	"fmt"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Sel is what is wanted of the records of a type: fields by name, and what they
// lead to. The ID and the kind always come along. A kind that lacks a field or
// a list of the selection gives nothing for it.
type Sel struct {
	kinds  []*network.Kind
	fields []string
	subs   []sub
	at     map[string]int // position in a row
}

// sub is a place from which other records are reached.
type sub struct {
	name  string
	sel   *Sel
	build func(k *network.Kind) *store.Collection // nil: the kind has no such place
	opts  []Option
}

// Option changes how the members of a list are chosen.
type Option func(*store.Collection)

// Where keeps the members for which the condition holds; given several times,
// those for which all hold. A nil condition holds for every member.
func Where(e store.Expr) Option {
	return func(c *store.Collection) {
		switch {
		case e == nil:
		case c.Filter == nil:
			c.Filter = e
		default:
			c.Filter = store.And{c.Filter, e}
		}
	}
}

// During takes the members that hold on some day of the range, in place of
// those that hold at asOf.
func During(r network.DateRange) Option {
	return func(c *store.Collection) { c.During = &r }
}

// Always takes the members whenever they hold.
func Always() Option { return During(network.AllTime()) }

// By orders the members by fields of their kind, "-" in front for descending.
// Without it they come in order of ID.
func By(fields ...string) Option {
	return func(c *store.Collection) {
		for _, name := range fields {
			f := mustField(c.Kinds, strings.TrimPrefix(name, "-"))
			c.Order = append(c.Order, store.Order{Field: f, Desc: name[0] == '-'})
		}
	}
}

// Of selects fields of a kind, an interface or the union RoleHolder.
func Of(typeName string, fields ...string) *Sel {
	s := &Sel{kinds: network.Concrete(typeName), at: map[string]int{}}
	if len(s.kinds) == 0 {
		panic("ask: no type " + typeName)
	}
	for _, f := range fields {
		if mustField(s.kinds, f).Type == network.Refs {
			panic("ask: " + f + " leads to several records: use Many")
		}
		s.place(f)
		s.fields = append(s.fields, f)
	}
	return s
}

// place gives a name the next position in a row.
func (s *Sel) place(name string) {
	if _, taken := s.at[name]; taken {
		panic("ask: " + name + " is selected twice")
	}
	s.at[name] = 2 + len(s.fields) + len(s.subs)
}

func mustField(kinds []*network.Kind, name string) *network.Field {
	for _, k := range kinds {
		if f := k.Field(name); f != nil {
			return f
		}
	}
	panic("ask: no field " + name)
}

// One follows a reference; of a tie subject and object are its ends.
func (s *Sel) One(field string, to *Sel) *Sel {
	if t := mustField(s.kinds, field).Type; t != network.Ref && t != network.RecordID {
		panic("ask: " + field + " does not lead to one record")
	}
	return s.reach(field, to, func(k *network.Kind) *store.Collection {
		f := k.Field(field)
		if f == nil {
			return nil
		}
		return &store.Collection{Source: store.SourceOfField(k, f), Ever: true, Single: true, Rows: true}
	})
}

// Other is the other party of a tie that was reached from a stakeholder; it is
// read back under the name "other".
func (s *Sel) Other(to *Sel) *Sel {
	return s.reach("other", to, func(k *network.Kind) *store.Collection {
		if k.Name != network.TieRecord {
			return nil
		}
		return &store.Collection{Source: store.Source{Op: store.Party, End: store.Other}, Ever: true, Single: true, Rows: true}
	})
}

// Many follows a list: a field with several references or a collection of the
// registry, as "parties", "holders", "ties".
func (s *Sel) Many(name string, to *Sel, opts ...Option) *Sel {
	return s.list(name, to, &store.Collection{Rows: true}, opts)
}

// Count counts the members of a list, without reading them.
func (s *Sel) Count(name string, to *Sel, opts ...Option) *Sel {
	return s.list(name, to, &store.Collection{Total: true}, opts)
}

func (s *Sel) list(name string, to *Sel, like *store.Collection, opts []Option) *Sel {
	found := false
	for _, k := range s.kinds {
		found = found || k.Collection(name) != nil || k.Field(name) != nil && k.Field(name).Type == network.Refs
	}
	if !found {
		panic("ask: no list " + name)
	}
	return s.reach(name, to, func(k *network.Kind) *store.Collection {
		out := *like
		switch c, f := k.Collection(name), k.Field(name); {
		case c != nil:
			out.Source = store.SourceOf(c)
		case f != nil && f.Type == network.Refs:
			out.Source = store.SourceOfField(k, f)
		default:
			return nil
		}
		return &out
	}, opts...)
}

func (s *Sel) reach(name string, to *Sel, build func(*network.Kind) *store.Collection, opts ...Option) *Sel {
	s.place(name)
	s.subs = append(s.subs, sub{name, to, build, opts})
	return s
}

// fill completes a collection of records of the selection.
func (s *Sel) fill(c *store.Collection, opts []Option) *store.Collection {
	c.Kinds = s.kinds
	for _, o := range opts {
		o(c)
	}
	if c.Rows {
		c.Shapes = s.shapes()
	}
	return c
}

// shapes has one shape for the kinds that give the same columns.
func (s *Sel) shapes() []store.Shape {
	var out []store.Shape
	at := map[string]int{}
	for _, k := range s.kinds {
		form := s.form(k)
		i, known := at[form]
		if !known {
			i = len(out)
			at[form] = i
			out = append(out, store.Shape{Columns: s.columns(k)})
		}
		out[i].Kinds = append(out[i].Kinds, k)
	}
	return out
}

// form is the same for kinds that give the same columns. Fields go by name: the
// engines look them up in the kind of the record.
func (s *Sel) form(k *network.Kind) string {
	var form strings.Builder
	for _, name := range s.fields {
		fmt.Fprintf(&form, "%t,", k.Field(name) != nil)
	}
	for _, b := range s.subs {
		c := b.build(k)
		if c == nil {
			form.WriteString("-,")
			continue
		}
		fmt.Fprintf(&form, "%d %d %d %q", c.Source.Op, c.Source.Dir, c.Source.End, c.Source.Ties)
		for _, h := range c.Source.Hops {
			fmt.Fprintf(&form, " %s.%s %t", h.Field.Rel, h.Field.Name, h.Inverse)
		}
		form.WriteByte(',')
	}
	return form.String()
}

func (s *Sel) columns(k *network.Kind) []store.Column {
	columns := []store.Column{{Builtin: store.RecordID}}
	for _, name := range s.fields {
		columns = append(columns, store.Column{Field: k.Field(name)})
	}
	for _, b := range s.subs {
		column := store.Column{}
		if c := b.build(k); c != nil {
			column.Child = b.sel.fill(c, b.opts)
		}
		columns = append(columns, column)
	}
	return columns
}

package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// shapeBuilder makes the columns for a kind, and what writes them.
type shapeBuilder struct {
	c    *compiler
	kind *network.Kind
	shape
}

// add appends a column and tells its place in the row.
func (s *shapeBuilder) add(c store.Column) int {
	if c.Child == nil {
		for i, have := range s.columns {
			if have == c {
				return i + 1
			}
		}
	}
	s.columns = append(s.columns, c)
	return len(s.columns)
}

// child appends a column of a list and tells its place in the row.
func (s *shapeBuilder) child(l *list) int {
	if l.seal(); l.ready == nil {
		s.steps = append(s.steps, step{column: len(s.columns), child: l})
	}
	// The template's own collection keeps the place where there is a step.
	return s.add(store.Column{Child: &l.col})
}

func (s *shapeBuilder) field(name string) int {
	return s.add(store.Column{Field: s.kind.Field(name)})
}

func (s *shapeBuilder) object(p *part, fields []graphql.CollectedField) (*object, error) {
	o := &object{}
	for _, f := range fields {
		write, err := s.write(f)
		if err != nil {
			return nil, err
		}
		o.fields = append(o.fields, rowField{jsonKey(f.Alias), write})
	}
	if p.id {
		o.id = s.add(store.Column{Builtin: store.RecordID})
	}
	if p.extra != store.None {
		o.extra = s.add(store.Column{Builtin: p.extra})
	}
	if p.names {
		for _, name := range []string{"name", "nameKana", "aliases", "names"} {
			if s.kind.Field(name) != nil {
				o.names = append(o.names, s.field(name))
			}
		}
	}
	return o, nil
}

func column(i int, w writer) rowWriter {
	return func(fr *frame, b []byte, row []any) []byte { return w(fr, b, row[i]) }
}

func scalar(i int) rowWriter {
	return func(_ *frame, b []byte, row []any) []byte { return appendScalar(b, row[i]) }
}

func (s *shapeBuilder) write(f graphql.CollectedField) (rowWriter, error) {
	switch f.Name {
	case "__typename":
		return scalar(0), nil
	case "id":
		return scalar(s.add(store.Column{Builtin: store.RecordID})), nil
	case "version":
		return scalar(s.add(store.Column{Builtin: store.Version})), nil
	case "direction":
		kind := s.field("kind")
		return func(_ *frame, b []byte, row []any) []byte {
			return appendString(b, network.TieKindOf(row[kind].(string)).Directedness())
		}, nil
	case "uncertain":
		from, until := s.field("from"), s.field("until")
		return func(fr *frame, b []byte, row []any) []byte {
			return strconv.AppendBool(b, network.Span{From: dateOf(row[from]), Until: dateOf(row[until])}.Uncertain(fr.asOf))
		}, nil
	}
	if c := s.kind.Collection(f.Name); c != nil {
		return s.list(f, listOf{element: c.Element, kinds: network.Concrete(c.Element), source: store.SourceOf(c), parties: c.Ties})
	}
	field := s.kind.Field(f.Name)
	if field == nil {
		return nil, network.Errorf(network.UnknownField, "%s has no field %s", s.kind.Name, f.Name)
	}
	s.traced(field)
	switch field.Type {
	case network.Ref, network.Refs:
		return s.reference(f, field)
	case network.HistoryList:
		return s.history(f, field)
	case network.Dated:
		return column(s.field(f.Name), s.c.partialDate(f, f.Name == "until")), nil
	case network.Strings:
		return column(s.field(f.Name), appendStrings), nil
	case network.JSON:
		return column(s.field(f.Name), appendFields), nil
	}
	return scalar(s.field(f.Name)), nil
}

func (s *shapeBuilder) reference(f graphql.CollectedField, field *network.Field) (rowWriter, error) {
	kinds := kindsNamed(field.Targets)
	if field.Type == network.Refs {
		return s.list(f, listOf{element: field.TypeName(), kinds: kinds, source: store.SourceOfField(s.kind, field)})
	}
	p := &part{selections: f.Selections}
	child, err := s.c.one(store.SourceOfField(s.kind, field), kinds, p)
	if err != nil {
		return nil, err
	}
	return column(s.child(child), p.write), nil
}

// one plans the single record that a source leads to.
func (c *compiler) one(source store.Source, kinds []*network.Kind, p *part) (*list, error) {
	shapes, err := c.shapes(kinds, p)
	return &list{col: store.Collection{Source: source, Kinds: kinds, Ever: true, Single: true, Rows: true}, shapes: shapes}, err
}

func (s *shapeBuilder) list(f graphql.CollectedField, l listOf) (rowWriter, error) {
	child, write, err := s.c.connection(f, l)
	if err != nil {
		return nil, err
	}
	return column(s.child(child), write), nil
}

func kindsNamed(names []string) []*network.Kind {
	out := make([]*network.Kind, len(names))
	for i, n := range names {
		out[i] = network.MustKind(n)
	}
	return out
}

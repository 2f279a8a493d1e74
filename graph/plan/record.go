package plan

import (
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// part is one place in the selection where the records of a collection are
// shown. A collection may be shown in several (edges.node, nodes, aliases); each
// adds its columns to the shapes.
type part struct {
	selections ast.SelectionSet
	// id asks for the id beside the selection; names for what search compares.
	id, names bool
	extra     store.Builtin
	objects   map[string]*object
	// party: shown is the other party of a tie, in column, by inner.
	party  bool
	column int
	inner  *part
	// custom overrides how a row is shown.
	custom func(b []byte, row []any) []byte
}

// show writes the part for one row of its collection.
func (p *part) show(b []byte, row []any) []byte {
	switch {
	case p.custom != nil:
		return p.custom(b, row)
	case p.party:
		return p.inner.write(b, row[p.column])
	}
	return p.write(b, row)
}

// object writes a record of one kind.
type object struct {
	fields []objectField
	// columns beside the selection
	id, extra int
	names     []int
}

type objectField struct {
	key   []byte
	write func(b []byte, row []any) []byte
}

func (p *part) write(b []byte, v any) []byte {
	row, ok := v.([]any)
	if !ok || row == nil {
		return append(b, "null"...)
	}
	o := p.objects[row[0].(string)]
	b = append(b, '{')
	for i, f := range o.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		b = f.write(b, row)
	}
	return append(b, '}')
}

func (p *part) idOf(row []any) string {
	return row[p.objects[row[0].(string)].id].(string)
}

// satisfies lists the type conditions a record of the kind meets.
func satisfies(k *network.Kind) []string {
	out := append([]string{k.Name}, k.Interfaces...)
	if k.Name == "Post" || k.Is(network.StakeholderInterface) {
		out = append(out, network.RoleHolder)
	}
	return out
}

// shapes builds the columns for all parts, one shape for the kinds that are
// asked for the same.
func (b *builder) shapes(kinds []*network.Kind, parts ...*part) ([]store.Shape, error) {
	type group struct {
		kinds     []*network.Kind
		collected [][]graphql.CollectedField
	}
	var order []string
	groups := map[string]*group{}
	for _, k := range kinds {
		var key strings.Builder
		var collected [][]graphql.CollectedField
		for _, p := range parts {
			fields := graphql.CollectFields(b.op, p.selections, satisfies(k))
			collected = append(collected, fields)
			for _, f := range fields {
				fmt.Fprintf(&key, "%s=%p%s%s;", f.Alias, f.Field, origin(f.Selections), signature(k, f.Name))
			}
			if p.names {
				fmt.Fprintf(&key, "|%t%t", k.Field("aliases") != nil, k.Named())
			}
			key.WriteByte('|')
		}
		g := groups[key.String()]
		if g == nil {
			g = &group{collected: collected}
			groups[key.String()] = g
			order = append(order, key.String())
		}
		g.kinds = append(g.kinds, k)
	}
	var out []store.Shape
	for _, p := range parts {
		p.objects = map[string]*object{}
	}
	for _, key := range order {
		g := groups[key]
		shape := &shapeBuilder{b: b, kind: g.kinds[0]}
		for i, p := range parts {
			o, err := shape.object(p, g.collected[i])
			if err != nil {
				return nil, err
			}
			for _, k := range g.kinds {
				p.objects[k.Name] = o
			}
		}
		out = append(out, store.Shape{Kinds: g.kinds, Columns: shape.columns})
	}
	return out, nil
}

// origin names a selection set by where its members stand in the document: sets
// collected for several kinds are the same when these are. Were they not found
// to be, a statement would grow by a factor with every level of a query.
func origin(sel ast.SelectionSet) string {
	var b strings.Builder
	for _, s := range sel {
		fmt.Fprintf(&b, "%p,", s)
	}
	return b.String()
}

// signature tells fields of the same name apart when kinds reach them
// differently: the posts of an organisation and of a person.
func signature(k *network.Kind, name string) string {
	if c := k.Collection(name); c != nil {
		return fmt.Sprint(c.Hops, c.Ties, c.TieKinds, c.Direction)
	}
	if f := k.Field(name); f != nil {
		return fmt.Sprint(f.Type, f.Rel, f.Targets, f.History, f.HistoryPart, f.Personal)
	}
	return ""
}

type shapeBuilder struct {
	b       *builder
	kind    *network.Kind
	columns []store.Column
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
		o.fields = append(o.fields, objectField{jsonKey(f.Alias), write})
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

func column(i int, w valueWriter) func([]byte, []any) []byte {
	return func(b []byte, row []any) []byte { return w(b, row[i]) }
}

func (s *shapeBuilder) write(f graphql.CollectedField) (func([]byte, []any) []byte, error) {
	switch f.Name {
	case "__typename":
		return column(0, appendScalar), nil
	case "id":
		return column(s.add(store.Column{Builtin: store.RecordID}), appendScalar), nil
	case "version":
		return column(s.add(store.Column{Builtin: store.Version}), appendScalar), nil
	case "direction":
		return column(s.field("kind"), func(b []byte, kind any) []byte {
			return appendString(b, network.TieKindOf(kind.(string)).Directedness())
		}), nil
	case "uncertain":
		from, until, day := s.field("from"), s.field("until"), s.b.asOf
		return func(b []byte, row []any) []byte {
			return appendScalar(b, network.Span{From: dateOf(row[from]), Until: dateOf(row[until])}.Uncertain(day))
		}, nil
	}
	if c := s.kind.Collection(f.Name); c != nil {
		return s.collection(f, c)
	}
	field := s.kind.Field(f.Name)
	if field == nil {
		return nil, network.Errorf(network.UnknownField, "%s has no field %s", s.kind.Name, f.Name)
	}
	switch field.Type {
	case network.Ref, network.Refs:
		return s.reference(f, field)
	case network.HistoryList:
		return s.history(f, field)
	case network.Dated:
		return column(s.field(f.Name), s.b.partialDate(f.Selections, f.Name == "until")), nil
	case network.Strings:
		return column(s.field(f.Name), appendStrings), nil
	case network.JSON:
		return column(s.field(f.Name), s.b.fieldsJSON()), nil
	}
	return column(s.field(f.Name), appendScalar), nil
}

func (s *shapeBuilder) reference(f graphql.CollectedField, field *network.Field) (func([]byte, []any) []byte, error) {
	element := field.TypeName()
	kinds := kindsNamed(field.Targets)
	if field.Type == network.Refs {
		return s.list(f, listOf{element: element, kinds: kinds, source: store.SourceOfField(s.kind, field), args: f.ArgumentMap(s.b.op.Variables)})
	}
	p := &part{selections: f.Selections}
	shapes, err := s.b.shapes(kinds, p)
	if err != nil {
		return nil, err
	}
	child := &store.Collection{Source: store.SourceOfField(s.kind, field), Kinds: kinds, Ever: true, Single: true, Rows: true, Shapes: shapes}
	return column(s.add(store.Column{Child: child}), p.write), nil
}

func (s *shapeBuilder) collection(f graphql.CollectedField, c *network.Collection) (func([]byte, []any) []byte, error) {
	return s.list(f, listOf{element: c.Element, kinds: network.Concrete(c.Element), source: store.SourceOf(c), parties: c.Ties, args: f.ArgumentMap(s.b.op.Variables)})
}

func (s *shapeBuilder) list(f graphql.CollectedField, l listOf) (func([]byte, []any) []byte, error) {
	child, write, err := s.b.connection(f, l)
	if err != nil {
		return nil, err
	}
	return column(s.add(store.Column{Child: child}), write), nil
}

func kindsNamed(names []string) []*network.Kind {
	out := make([]*network.Kind, len(names))
	for i, n := range names {
		out[i] = network.MustKind(n)
	}
	return out
}

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
	custom rowWriter
}

// show writes the part for one row of its collection.
func (p *part) show(fr *frame, b []byte, row []any) []byte {
	switch {
	case p.custom != nil:
		return p.custom(fr, b, row)
	case p.party:
		return p.inner.write(fr, b, row[p.column])
	}
	return p.write(fr, b, row)
}

// object writes a record of one kind.
type object struct {
	fields rowFields
	// columns beside the selection
	id, extra int
	names     []int
}

// rowFields are those of an object that is written from one row.
type rowFields []rowField

type rowField struct {
	key   []byte
	write rowWriter
}

func (fs rowFields) write(fr *frame, b []byte, row []any) []byte {
	b = append(b, '{')
	for i, f := range fs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		b = f.write(fr, b, row)
	}
	return append(b, '}')
}

func (p *part) write(fr *frame, b []byte, v any) []byte {
	row, ok := v.([]any)
	if !ok || row == nil {
		return append(b, "null"...)
	}
	return p.objects[row[0].(string)].fields.write(fr, b, row)
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

// alike are kinds that are asked for the same, with what each part collects.
type alike struct {
	kinds     []*network.Kind
	collected [][]graphql.CollectedField
}

// shapes builds the columns for all parts, one shape for the kinds that are
// asked for the same.
func (c *compiler) shapes(kinds []*network.Kind, parts ...*part) ([]shape, error) {
	for _, p := range parts {
		p.objects = map[string]*object{}
	}
	var out []shape
	for _, g := range c.alike(kinds, parts) {
		s := &shapeBuilder{c: c, kind: g.kinds[0], shape: shape{kinds: g.kinds}}
		for i, p := range parts {
			o, err := s.object(p, g.collected[i])
			if err != nil {
				return nil, err
			}
			for _, k := range g.kinds {
				p.objects[k.Name] = o
			}
		}
		out = append(out, s.shape)
	}
	return out, nil
}

func (c *compiler) alike(kinds []*network.Kind, parts []*part) []*alike {
	var order []*alike
	groups := map[string]*alike{}
	for _, k := range kinds {
		var key strings.Builder
		collected := make([][]graphql.CollectedField, len(parts))
		for i, p := range parts {
			collected[i] = c.collect(p.selections, satisfies(k)...)
			for _, f := range collected[i] {
				fmt.Fprintf(&key, "%s=%p%s%s;", f.Alias, f.Field, origin(f.Selections), signature(k, f.Name))
			}
			if p.names {
				fmt.Fprintf(&key, "|%t%t", k.Field("aliases") != nil, k.Named())
			}
			key.WriteByte('|')
		}
		g := groups[key.String()]
		if g == nil {
			g = &alike{collected: collected}
			groups[key.String()] = g
			order = append(order, g)
		}
		g.kinds = append(g.kinds, k)
	}
	return order
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

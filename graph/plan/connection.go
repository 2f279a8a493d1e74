package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// listOf is a list to be planned as a connection.
type listOf struct {
	element string
	kinds   []*network.Kind
	source  store.Source
	// parties: the list is the ties of a stakeholder, and its nodes the others.
	parties bool
	args    map[string]any
}

// DefaultFirst is the size of a page when neither first nor last is given.
const DefaultFirst = 20

// connection plans a list and the writer of its connection.
func (b *builder) connection(f graphql.CollectedField, l listOf) (*store.Collection, valueWriter, error) {
	col := &store.Collection{Source: l.source, Kinds: l.kinds}
	var err error
	if raw, ok := l.args["filter"].(map[string]any); ok {
		if col.Filter, err = b.filter(l.kinds, raw); err != nil {
			return nil, nil, at(err, "filter")
		}
	}
	if col.During, err = during(l.args); err != nil {
		return nil, nil, err
	}
	if col.Order, err = order(l.kinds, l.args["orderBy"]); err != nil {
		return nil, nil, err
	}
	if err = b.page(col, l.args, f.ObjectDefinition.Name+"."+f.Name); err != nil {
		return nil, nil, err
	}
	c := &connectionWriter{b: b, col: col, backward: col.Backward, signature: cursorSignature(f.ObjectDefinition.Name+"."+f.Name, col.Order), search: l.source.Op == store.Search}
	var parts []*part
	for _, sel := range graphql.CollectFields(b.op, f.Selections, []string{f.Definition.Type.Name()}) {
		more := c.field(sel, l.parties)
		parts = append(parts, more...)
	}
	if c.needRank {
		parts = append(parts, &part{extra: store.SearchRank})
		c.rank = parts[len(parts)-1]
	}
	if col.Rows {
		if col.Shapes, err = b.connectionShapes(l, parts); err != nil {
			return nil, nil, err
		}
	}
	return col, c.write, nil
}

// connectionShapes makes the columns: of the records themselves, or of ties with
// their other party as a child.
func (b *builder) connectionShapes(l listOf, parts []*part) ([]store.Shape, error) {
	if !l.parties {
		return b.shapes(l.kinds, parts...)
	}
	s := &shapeBuilder{b: b, kind: network.TieKindRecord()}
	kinds := network.Concrete(network.StakeholderInterface)
	for _, p := range parts {
		p.objects = map[string]*object{}
		switch {
		case p.party:
			p.inner = &part{selections: p.selections}
			shapes, err := b.shapes(kinds, p.inner)
			if err != nil {
				return nil, err
			}
			p.column = s.add(store.Column{Child: &store.Collection{Source: store.Source{Op: store.Party, End: store.Other}, Kinds: kinds, Ever: true, Single: true, Rows: true, Shapes: shapes}})
		default:
			o, err := s.object(p, graphql.CollectFields(b.op, p.selections, satisfies(s.kind)))
			if err != nil {
				return nil, err
			}
			p.objects[s.kind.Name] = o
		}
	}
	return []store.Shape{{Kinds: []*network.Kind{s.kind}, Columns: s.columns}}, nil
}

// connectionWriter writes a connection.
type connectionWriter struct {
	b         *builder
	col       *store.Collection
	backward  bool
	signature uint32
	search    bool
	needRank  bool
	rank      *part
	fields    []connectionField
}

type connectionField struct {
	key   []byte
	write func(b []byte, p *page) []byte
}

// page is one answered page while it is written.
type page struct {
	rows     []any
	total    any
	more     bool
	other    bool
	revision int64
}

func (c *connectionWriter) write(b []byte, v any) []byte {
	answer := v.([]any)
	p := &page{total: answer[1], revision: c.b.result.Revision}
	p.rows, _ = answer[0].([]any)
	p.other, _ = answer[2].(bool)
	if c.col.Limit > 0 && len(p.rows) > c.col.Limit {
		p.more = true
		if c.backward {
			p.rows = p.rows[len(p.rows)-c.col.Limit:]
		} else {
			p.rows = p.rows[:c.col.Limit]
		}
	}
	b = append(b, '{')
	for i, f := range c.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		b = f.write(b, p)
	}
	return append(b, '}')
}

// field plans one field of the connection and gives the parts it shows.
func (c *connectionWriter) field(f graphql.CollectedField, parties bool) []*part {
	var parts []*part
	var write func(b []byte, p *page) []byte
	switch f.Name {
	case "edges":
		write, parts = c.edges(f, parties)
	case "nodes":
		c.col.Rows = true
		p := c.nodePart(f.Selections, parties)
		parts = []*part{p}
		write = func(b []byte, pg *page) []byte {
			return appendList(b, len(pg.rows), func(b []byte, i int) []byte { return p.show(b, pg.rows[i].([]any)) })
		}
	case "pageInfo":
		write = c.pageInfo(f.Selections)
	case "totalCount":
		c.col.Total = true
		write = func(b []byte, p *page) []byte { return appendScalar(b, p.total) }
	case "revision":
		write = func(b []byte, p *page) []byte { return appendScalar(b, FormatRevision(p.revision)) }
	default:
		name := f.ObjectDefinition.Name
		write = func(b []byte, _ *page) []byte { return appendScalar(b, name) }
	}
	c.fields = append(c.fields, connectionField{jsonKey(f.Alias), write})
	return parts
}

func (c *connectionWriter) nodePart(sel ast.SelectionSet, parties bool) *part {
	if c.search {
		return c.hitPart(sel)
	}
	return &part{selections: sel, party: parties}
}

func (c *connectionWriter) edges(f graphql.CollectedField, parties bool) (func([]byte, *page) []byte, []*part) {
	c.col.Rows = true
	type edgeField struct {
		key   []byte
		write func(b []byte, row []any) []byte
	}
	var fields []edgeField
	var parts []*part
	edgeType := f.Definition.Type.Name()
	for _, sel := range graphql.CollectFields(c.b.op, f.Selections, []string{edgeType}) {
		var write func(b []byte, row []any) []byte
		switch sel.Name {
		case "cursor":
			c.wantCursor()
			write = c.cursor
		case "node", "tie":
			p := c.nodePart(sel.Selections, parties && sel.Name == "node")
			parts = append(parts, p)
			write = p.show
		case "direction":
			p := &part{extra: store.Facing}
			parts = append(parts, p)
			write = func(b []byte, row []any) []byte { return appendScalar(b, row[p.objects[network.TieRecord].extra]) }
		default:
			write = func(b []byte, _ []any) []byte { return appendScalar(b, edgeType) }
		}
		fields = append(fields, edgeField{jsonKey(sel.Alias), write})
	}
	return func(b []byte, p *page) []byte {
		return appendList(b, len(p.rows), func(b []byte, i int) []byte {
			b = append(b, '{')
			for j, f := range fields {
				if j > 0 {
					b = append(b, ',')
				}
				b = append(b, f.key...)
				b = f.write(b, p.rows[i].([]any))
			}
			return append(b, '}')
		})
	}, parts
}

func (c *connectionWriter) wantCursor() {
	c.col.Cursor = true
	c.needRank = c.search
}

func (c *connectionWriter) pageInfo(sel ast.SelectionSet) func([]byte, *page) []byte {
	var fields []connectionField
	for _, f := range graphql.CollectFields(c.b.op, sel, []string{"PageInfo"}) {
		var write func(b []byte, p *page) []byte
		switch f.Name {
		case "hasNextPage", "hasPreviousPage":
			far := (f.Name == "hasNextPage") != c.backward // the end the page runs towards
			c.col.Rows = true
			if far {
				c.col.More = true
				write = func(b []byte, p *page) []byte { return appendScalar(b, p.more) }
			} else {
				c.col.Other = true
				write = func(b []byte, p *page) []byte { return appendScalar(b, p.other) }
			}
		case "startCursor", "endCursor":
			c.col.Rows = true
			c.wantCursor()
			last := f.Name == "endCursor"
			write = func(b []byte, p *page) []byte {
				if len(p.rows) == 0 {
					return append(b, "null"...)
				}
				i := 0
				if last {
					i = len(p.rows) - 1
				}
				return c.cursor(b, p.rows[i].([]any))
			}
		default:
			write = func(b []byte, _ *page) []byte { return append(b, `"PageInfo"`...) }
		}
		fields = append(fields, connectionField{jsonKey(f.Alias), write})
	}
	return func(b []byte, p *page) []byte {
		b = append(b, '{')
		for i, f := range fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, f.key...)
			b = f.write(b, p)
		}
		return append(b, '}')
	}
}

func (c *connectionWriter) cursor(b []byte, row []any) []byte {
	keys, _ := row[len(row)-1].([]any)
	rank := int64(-1)
	if c.rank != nil {
		rank, _ = row[c.rank.objects[row[0].(string)].extra].(int64)
	}
	return strconv.AppendQuote(b, encodeCursor(c.signature, rank, keys))
}

package plan

import (
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
	ever    bool
}

// DefaultFirst is the size of a page when neither first nor last is given.
const DefaultFirst = 20

// connection plans a list and the writer of its connection.
func (c *compiler) connection(f graphql.CollectedField, l listOf) (*list, writer, error) {
	out := &list{col: store.Collection{Source: l.source, Kinds: l.kinds, Ever: l.ever}, args: c.argsReader(f, l.kinds)}
	w := &connectionWriter{c: c, col: &out.col, args: out.args, search: l.source.Op == store.Search}
	var parts []*part
	for _, sel := range c.collect(f.Selections, f.Definition.Type.Name()) {
		parts = append(parts, w.field(sel, l.parties)...)
	}
	if w.needRank {
		w.rank = &part{extra: store.SearchRank}
		parts = append(parts, w.rank)
	}
	w.c = nil
	if out.col.Rows {
		var err error
		if out.shapes, err = c.connectionShapes(l, parts); err != nil {
			return nil, nil, err
		}
	}
	return out.seal(), w.write, nil
}

// connectionShapes makes the columns: of the records themselves, or of ties with
// their other party as a child.
func (c *compiler) connectionShapes(l listOf, parts []*part) ([]shape, error) {
	if !l.parties {
		return c.shapes(l.kinds, parts...)
	}
	tie := network.TieKindRecord()
	s := &shapeBuilder{c: c, kind: tie, shape: shape{kinds: []*network.Kind{tie}}}
	for _, p := range parts {
		p.objects = map[string]*object{}
		if p.party {
			p.inner = &part{selections: p.selections}
			child, err := c.one(store.Source{Op: store.Party, End: store.Other}, network.Concrete(network.StakeholderInterface), p.inner)
			if err != nil {
				return nil, err
			}
			p.column = s.child(child)
			continue
		}
		o, err := s.object(p, c.collect(p.selections, satisfies(tie)...))
		if err != nil {
			return nil, err
		}
		p.objects[tie.Name] = o
	}
	return []shape{s.shape}, nil
}

// connectionWriter writes a connection.
type connectionWriter struct {
	c        *compiler // until it is compiled
	col      *store.Collection
	args     *argsReader
	search   bool
	needRank bool
	rank     *part
	fields   pageFields
}

// pageFields are those of an object that is written from one page.
type pageFields []pageField

type pageField struct {
	key   []byte
	write func(fr *frame, b []byte, p *page) []byte
}

func (fs pageFields) write(fr *frame, b []byte, p *page) []byte {
	b = append(b, '{')
	for i, f := range fs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		b = f.write(fr, b, p)
	}
	return append(b, '}')
}

// page is one answered page while it is written.
type page struct {
	rows  []any
	total any
	more  bool
	other bool
	args  *listArgs
}

func (c *connectionWriter) write(fr *frame, b []byte, v any) []byte {
	answer := v.([]any)
	p := &page{total: answer[1], args: c.args.of(fr)}
	p.rows, _ = answer[0].([]any)
	p.other, _ = answer[2].(bool)
	p.rows, p.more = cutTo(p.rows, p.args.limit, p.args.backward)
	return c.fields.write(fr, b, p)
}

// cutTo leaves out the surplus row of a page, and tells whether there was one.
func cutTo(rows []any, limit int, backward bool) (_ []any, more bool) {
	switch {
	case len(rows) <= limit:
		return rows, false
	case backward:
		return rows[len(rows)-limit:], true
	}
	return rows[:limit], true
}

// field plans one field of the connection and gives the parts it shows.
func (c *connectionWriter) field(f graphql.CollectedField, parties bool) []*part {
	var parts []*part
	var write func(fr *frame, b []byte, p *page) []byte
	switch f.Name {
	case "edges":
		write, parts = c.edges(f, parties)
	case "nodes":
		c.col.Rows = true
		p := c.nodePart(f.Selections, parties)
		parts = []*part{p}
		write = func(fr *frame, b []byte, pg *page) []byte {
			return appendList(b, len(pg.rows), func(b []byte, i int) []byte { return p.show(fr, b, pg.rows[i].([]any)) })
		}
	case "pageInfo":
		write = c.pageInfo(f.Selections)
	case "totalCount":
		c.col.Total = true
		write = func(_ *frame, b []byte, p *page) []byte { return appendScalar(b, p.total) }
	case "revision":
		write = func(fr *frame, b []byte, _ *page) []byte { return appendString(b, FormatRevision(fr.revision)) }
	default:
		name := f.ObjectDefinition.Name
		write = func(_ *frame, b []byte, _ *page) []byte { return appendString(b, name) }
	}
	c.fields = append(c.fields, pageField{jsonKey(f.Alias), write})
	return parts
}

func (c *connectionWriter) nodePart(sel ast.SelectionSet, parties bool) *part {
	if c.search {
		return c.hitPart(sel)
	}
	return &part{selections: sel, party: parties}
}

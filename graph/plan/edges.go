package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func (c *connectionWriter) edges(f graphql.CollectedField, parties bool) (func(*frame, []byte, *page) []byte, []*part) {
	c.col.Rows = true
	var fields rowFields
	var parts []*part
	edgeType := f.Definition.Type.Name()
	for _, sel := range c.c.collect(f.Selections, edgeType) {
		var write rowWriter
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
			write = func(_ *frame, b []byte, row []any) []byte {
				return appendScalar(b, row[p.objects[network.TieRecord].extra])
			}
		default:
			write = func(_ *frame, b []byte, _ []any) []byte { return appendString(b, edgeType) }
		}
		fields = append(fields, rowField{jsonKey(sel.Alias), write})
	}
	return func(fr *frame, b []byte, p *page) []byte {
		return appendList(b, len(p.rows), func(b []byte, i int) []byte {
			return fields.write(fr, b, p.rows[i].([]any))
		})
	}, parts
}

// hasPage tells whether there is more at an end: at the one that the page runs
// towards by a surplus row, at the other by looking.
func (c *connectionWriter) hasPage(next bool) func(*frame, []byte, *page) []byte {
	c.col.Rows = true
	if next {
		c.args.wantsNext = true
	} else {
		c.args.wantsPrevious = true
	}
	return func(_ *frame, b []byte, p *page) []byte {
		if next != p.args.backward {
			return strconv.AppendBool(b, p.more)
		}
		return strconv.AppendBool(b, p.other)
	}
}

func (c *connectionWriter) wantCursor() {
	c.col.Cursor = true
	c.needRank = c.search
}

func (c *connectionWriter) pageInfo(sel ast.SelectionSet) func(*frame, []byte, *page) []byte {
	var fields pageFields
	for _, f := range c.c.collect(sel, "PageInfo") {
		var write func(fr *frame, b []byte, p *page) []byte
		switch f.Name {
		case "hasNextPage", "hasPreviousPage":
			write = c.hasPage(f.Name == "hasNextPage")
		case "startCursor", "endCursor":
			c.col.Rows = true
			c.wantCursor()
			last := f.Name == "endCursor"
			write = func(fr *frame, b []byte, p *page) []byte {
				if len(p.rows) == 0 {
					return append(b, "null"...)
				}
				i := 0
				if last {
					i = len(p.rows) - 1
				}
				return c.cursor(fr, b, p.rows[i].([]any))
			}
		default:
			write = func(_ *frame, b []byte, _ *page) []byte { return append(b, `"PageInfo"`...) }
		}
		fields = append(fields, pageField{jsonKey(f.Alias), write})
	}
	return fields.write
}

func (c *connectionWriter) cursor(fr *frame, b []byte, row []any) []byte {
	keys, _ := row[len(row)-1].([]any)
	rank := int64(-1)
	if c.rank != nil {
		rank, _ = row[c.rank.objects[row[0].(string)].extra].(int64)
	}
	return appendCursor(b, c.args.of(fr).signature, rank, keys)
}

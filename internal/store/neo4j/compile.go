package neo4j

import (
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// compiler writes one statement. Its text depends on the shape of the question
// only: values become parameters, names come from the registry.
type compiler struct {
	viewer network.Viewer
	asOf   network.Date
	params map[string]any
	vars   int
	// calls are the clauses that count the groups of roots, grouped is set when
	// the answer has groups at all: they are put together afterwards.
	calls   []string
	grouped bool
}

// statement is a compiled plan.
type statement struct {
	text    string
	params  map[string]any
	grouped bool
}

func newCompiler(v network.Viewer, asOf network.Date) *compiler {
	return &compiler{viewer: v, asOf: asOf, params: map[string]any{}}
}

// headMatch binds the head of the log, whose revision every answer names.
const headMatch = "OPTIONAL MATCH (head:_Head {id: 'head'})"

// compile writes the statement of a plan: a row with one list, of the revision
// and the value of each root, and if the plan has a network, that in further
// rows.
func compile(p *store.Plan) statement {
	c := newCompiler(p.Viewer, p.AsOf)
	var values strings.Builder
	for _, root := range p.Roots {
		values.WriteString(",\n")
		values.WriteString(c.child(root, scope{}))
	}
	end := "RETURN [coalesce(head.revision, 0)" + values.String() + "] AS answer"
	if p.Network != nil {
		end = c.network(p.Network, end)
	}
	return statement{headMatch + "\n" + strings.Join(c.calls, "") + end, c.params, c.grouped}
}

// param adds a parameter and gives its name in the statement.
func (c *compiler) param(v any) string {
	name := paramName(len(c.params))
	c.params[name] = native(v)
	return "$" + name
}

func paramName(n int) string { return "p" + strconv.Itoa(n) }

// asOfParam and levels are parameters of the same name in every statement.
func (c *compiler) asOfParam() string {
	if _, there := c.params[asOfName]; !there {
		c.params[asOfName] = nativeDate(c.asOf)
	}
	return "$" + asOfName
}

func (c *compiler) levels() string {
	if _, there := c.params[levelsName]; !there {
		c.params[levelsName] = levelsOf(c.viewer)
	}
	return "$" + levelsName
}

func levelsOf(v network.Viewer) []any {
	var out []any
	for l := network.Public; l <= v.Clearance(); l++ {
		out = append(out, l.String())
	}
	return out
}

// fresh is a variable that the statement does not have yet.
func (c *compiler) fresh(prefix string) string {
	c.vars++
	return prefix + strconv.Itoa(c.vars)
}

// sees is the condition that the viewer may know of the record, "" for one who
// may know of all.
func (c *compiler) sees(v string) string {
	if c.viewer.Clearance() == network.Restricted {
		return ""
	}
	return v + ".visibility IN " + c.levels()
}

func (c *compiler) masked(f *network.Field) bool { return !c.viewer.Reads(f) }

// collection is the value of a collection: see [store.Result].
func (c *compiler) collection(l *store.Collection, from scope) string {
	branches := c.members(&l.Source, l.Kinds, when{l.Ever, l.During}, from)
	for i := range branches {
		b := &branches[i]
		if l.Source.Op == store.Scan && !b.tie && limitedToIDs(l.Filter) {
			// IDs are unique under the root label: another would be scanned.
			b.clauses = "MATCH (" + b.v + ":" + roots(b.kinds) + ")"
			b.where = append(b.where, hasLabel(b.v, b.kinds))
		}
		b.where = append(b.where, c.condition(l.Filter, b.scope))
	}
	branches = possible(branches)
	if l.Group != nil {
		return c.groups(l, branches, from.v == "")
	}
	if l.Single {
		return "head(" + c.rows(l, branches) + ")"
	}
	rows, total, other := "[]", "null", "null"
	if l.Rows {
		rows = c.rows(l, branches)
	}
	if l.Total {
		total = c.total(branches)
	}
	if l.Other {
		other = c.other(l, branches)
	}
	return "[" + rows + ", " + total + ", " + other + "]"
}

func (c *compiler) total(branches []branch) string {
	var parts []string
	for _, b := range branches {
		parts = append(parts, "COUNT { "+b.text("")+b.returned()+" }")
	}
	if parts == nil {
		return "0"
	}
	return strings.Join(parts, " + ")
}

// other tells whether there is a row on the far side of the cursor.
func (c *compiler) other(l *store.Collection, branches []branch) string {
	cursor, after := l.After, true
	if l.Backward {
		cursor, after = l.Before, false
	}
	if cursor == nil {
		return "false"
	}
	var parts []string
	for _, b := range branches {
		if outside := negated(c.beyond(l, b.scope, cursor, after)); !b.never(outside) {
			parts = append(parts, "EXISTS { "+b.text(outside)+b.returned()+" }")
		}
	}
	return anyOf(parts)
}

// rows is the list of rows of the page. Nodes and ties cannot be matched
// together: their rows are put in one order afterwards.
func (c *compiler) rows(l *store.Collection, branches []branch) string {
	limit := c.limit(l)
	branches = slices.Clone(branches)
	for i := range branches {
		b := &branches[i]
		b.where = append(slices.Clone(b.where), c.beyond(l, b.scope, l.After, true), c.beyond(l, b.scope, l.Before, false))
		if l.Source.Op == store.Scan && l.After == nil && l.Before == nil && l.Limit > 0 {
			b.where = append(b.where, c.sortKeys(l, b.scope).indexed())
		}
	}
	branches = possible(branches)
	var parts []string
	for _, b := range branches {
		keys := c.sortKeys(l, b.scope)
		row := c.row(l, b.scope)
		if len(branches) > 1 {
			row = "[[" + strings.Join(keys.exprs(), ", ") + "], " + row + "]"
		}
		order := ""
		if !l.Single || b.many {
			order = " ORDER BY " + keys.clause(l.Backward)
		}
		parts = append(parts, "COLLECT { "+b.text()+" WITH "+b.carried()+order+limit+" RETURN "+row+" }")
	}
	var text string
	switch len(parts) {
	case 0:
		return "[]"
	case 1:
		text = parts[0]
	default:
		text = c.merged(l, parts, limit)
	}
	if l.Backward && !l.Single {
		return "reverse(" + text + ")"
	}
	return text
}

func (c *compiler) merged(l *store.Collection, parts []string, limit string) string {
	x := c.fresh("x")
	keys := c.sortKeys(l, scope{})
	for i := range keys {
		keys[i].expr = x + "[0][" + strconv.Itoa(i) + "]"
	}
	return "COLLECT { UNWIND " + strings.Join(parts, " + ") + " AS " + x + " WITH " + x +
		" ORDER BY " + keys.clause(l.Backward) + limit + " RETURN " + x + "[1] }"
}

func (c *compiler) limit(l *store.Collection) string {
	switch {
	case l.Single:
		return " LIMIT 1"
	case l.Limit <= 0:
		return ""
	case l.More:
		return " LIMIT " + c.param(int64(l.Limit)+1)
	}
	return " LIMIT " + c.param(int64(l.Limit))
}

// row is one row, by position; a CASE where the kinds want different shapes.
func (c *compiler) row(l *store.Collection, s scope) string {
	cursor := ""
	if l.Cursor {
		cursor = ", [" + strings.Join(c.sortKeys(l, s).shown(), ", ") + "]"
		if l.Source.Op == store.Search {
			cursor = ", [" + strings.Join(c.sortKeys(l, s).shown()[1:], ", ") + "]"
		}
	}
	var whens []string
	rest := s.kinds
	for i := range l.Shapes {
		shape := &l.Shapes[i]
		var ks []*network.Kind
		rest = slices.DeleteFunc(slices.Clone(rest), func(k *network.Kind) bool {
			if l.ShapeFor(k) != shape {
				return false
			}
			ks = append(ks, k)
			return true
		})
		if len(ks) == 0 {
			continue
		}
		inner := s
		inner.kinds = ks
		columns := []string{inner.kind()}
		for j := range shape.Columns {
			columns = append(columns, c.cell(l, &shape.Columns[j], inner))
		}
		row := "[" + strings.Join(columns, ", ") + cursor + "]"
		if len(ks) == len(s.kinds) {
			return row
		}
		whens = append(whens, "WHEN "+s.isKind(ks)+" THEN "+row)
	}
	bare := "[" + s.kind() + cursor + "]"
	if len(whens) == 0 {
		return bare
	}
	return "CASE " + strings.Join(whens, " ") + " ELSE " + bare + " END"
}

func (c *compiler) cell(l *store.Collection, col *store.Column, s scope) string {
	if col.Child != nil {
		return c.child(col.Child, s)
	}
	switch col.Builtin {
	case store.RecordID:
		return s.v + ".id"
	case store.Version:
		return s.v + ".version"
	case store.SearchRank:
		if l.Source.Op != store.Search {
			return "0"
		}
		return c.rank(s.v, l.Source.Text)
	case store.Facing:
		return s.facing()
	}
	if col.Field == nil {
		return "null"
	}
	return c.shown(col.Field, s)
}

// shown is a field as a row has it: null where the viewer may not read it.
func (c *compiler) shown(f *network.Field, s scope) string {
	if c.masked(f) {
		return "null"
	}
	return c.column(f, s)
}

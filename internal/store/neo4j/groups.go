package neo4j

import (
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// groups counts the members by their values in the dimensions. The server
// counts the groups of a root. Inside a COLLECT it refuses to: there each
// member gives its values, and tally counts.
func (c *compiler) groups(l *store.Collection, branches []branch, root bool) string {
	c.grouped = true
	var parts []string
	for _, b := range branches {
		text, row := c.grouping(l, b)
		if !root {
			parts = append(parts, "COLLECT { "+text+" RETURN ["+row.values()+", "+row.labels()+", 1] }")
			continue
		}
		g := c.fresh("g")
		c.calls = append(c.calls, "CALL (head) { "+text+", count(*) AS size RETURN collect(["+row.values()+", "+row.labels()+", size]) AS "+g+" }\n")
		parts = append(parts, g)
	}
	if len(parts) == 0 {
		return "[]"
	}
	return strings.Join(parts, " + ")
}

// groupRow is the number of dimensions; their values are in v0, v1, …, their
// labels in l0, l1, ….
type groupRow int

func (n groupRow) values() string { return n.list("v") }
func (n groupRow) labels() string { return n.list("l") }

func (n groupRow) list(prefix string) string {
	var out []string
	for i := range int(n) {
		out = append(out, prefix+strconv.Itoa(i))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// grouping matches the members and ends with the values of each.
func (c *compiler) grouping(l *store.Collection, b branch) (string, groupRow) {
	text := b.text()
	if b.distinct || b.full {
		text += " WITH " + b.carried()
	}
	values := []string{}
	for i, dim := range l.Group {
		n := strconv.Itoa(i)
		s := b.scope
		if dim.Periods != nil {
			text += c.periods(dim.Periods, s, "v"+n)
			values = append(values, "v"+n, "null AS l"+n)
			continue
		}
		if dim.Via != nil && s.tie {
			p := c.fresh("p")
			text += " UNWIND [" + strings.TrimSuffix(endID(dim.Via, s), ".id") + "] AS " + p
			s = scope{v: p, kinds: network.Concrete(network.StakeholderInterface)}
		} else if dim.Via != nil {
			values = append(values, "null AS v"+n, "null AS l"+n)
			continue
		}
		d := c.dimension(dim.Field, dim.Rise, s)
		if !d.list {
			values = append(values, d.expr+" AS v"+n, "null AS l"+n)
			continue
		}
		g := c.fresh("g")
		text += " UNWIND CASE WHEN size(" + d.expr + ") = 0 THEN [[null, null]] ELSE " + d.expr + " END AS " + g
		values = append(values, g+"[0] AS v"+n, g+"[1] AS l"+n)
	}
	if len(values) == 0 {
		values = []string{"1 AS one"}
	}
	return text + " WITH " + strings.Join(values, ", "), groupRow(len(l.Group))
}

// dimension is a value to group by, or a list of [value, label].
type dimension struct {
	expr string
	list bool
}

func (c *compiler) dimension(f *network.Field, rise *store.Rise, s scope) dimension {
	if f == nil {
		return dimension{expr: s.kind()}
	}
	if len(s.having(f)) == 0 {
		return dimension{expr: "null"}
	}
	prop := s.v + "." + f.Name
	switch f.Type {
	case network.Ref, network.Refs:
		t := c.fresh("t")
		if s.tie {
			end := strings.TrimSuffix(endID(f, s), ".id")
			return dimension{"[[" + end + ".id, " + end + ".name]]", true}
		}
		if rise != nil {
			return dimension{"COLLECT { " + c.linkTo(f, s, t) + " RETURN DISTINCT " + c.risen(t, rise) + " }", true}
		}
		return dimension{"COLLECT { " + c.linkTo(f, s, t) + " RETURN [" + t + ".id, " + t + ".name] }", true}
	case network.Strings:
		x := c.fresh("x")
		return dimension{"[" + x + " IN coalesce(" + prop + ", []) | [" + x + ", null]]", true}
	case network.Dated:
		d := prop
		if f.Name == "until" { // the first day no longer valid
			d = "(" + prop + " - duration('P1D'))"
		}
		return dimension{expr: "toString(" + d + ".year - CASE WHEN " + d + ".month < 4 THEN 1 ELSE 0 END)"}
	}
	return dimension{expr: c.value(f, s)}
}

// risen is [id, name] of the record taken up.
func (c *compiler) risen(v string, rise *store.Rise) string {
	top, path := c.fresh("t"), c.fresh("path")
	up := "MATCH " + path + " = (" + v + ")-[:" + rise.Up.Rel + "*0..]->(" + top + ") WHERE " + top + "." + rise.By.Name + " = " + c.param(rise.Value)
	if x := c.fresh("x"); c.sees(x) != "" {
		up += " AND all(" + x + " IN nodes(" + path + ") WHERE " + c.sees(x) + ")"
	}
	return "coalesce(head(COLLECT { " + up + " RETURN [" + top + ".id, " + top + ".name] ORDER BY length(" + path + ") LIMIT 1 }), [" + v + ".id, " + v + ".name])"
}

// periods has each member once for each of the periods in which it holds, whose
// position it names.
func (c *compiler) periods(of []network.DateRange, s scope, name string) string {
	bounds := make([]any, 0, len(of))
	for i, p := range of {
		if p.From < p.Until {
			bounds = append(bounds, []any{int64(i), p.From, p.Until})
		}
	}
	positions := make([]any, len(of))
	for i := range of {
		positions[i] = int64(i)
	}
	from, until, p := s.v+".from", s.v+".until", c.fresh("p")
	held := "[" + p + " IN " + c.param(bounds) + " WHERE (" + from + " IS NULL OR " + from + " < " + p + "[2]) AND (" + until + " IS NULL OR " + until + " > " + p + "[1]) | " + p + "[0]]"
	if undated := onlyUndated(s.v, s.kinds); undated != "false" {
		held = "CASE WHEN " + undated + " THEN " + c.param(positions) + " ELSE " + held + " END"
	}
	return " UNWIND " + held + " AS " + name
}

func (s scope) isLog() bool { return len(s.kinds) == 1 && s.kinds[0].Log }

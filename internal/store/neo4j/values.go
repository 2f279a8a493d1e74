package neo4j

import (
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// The suffixes of the properties that stand beside that of a field.
const (
	textSuffix      = "Text"  // canonical text of a date that is not a day
	foldSuffix      = "Fold"  // folded text, where folding changes it
	extraSuffix     = "Extra" // the rest are lists, parallel to a history
	extraFoldSuffix = "ExtraFold"
	noteSuffix      = "Note"
	fromSuffix      = "From"
	untilSuffix     = "Until"
	fromTextSuffix  = "FromText"
	untilTextSuffix = "UntilText"
	// visibilityDefault is true where no visibility was given.
	visibilityDefault = "visibilityDefault"
	nameHistory       = "names"
)

// value is a field as it is compared and shown on the day of the plan; not for
// links.
func (c *compiler) value(f *network.Field, s scope) string { return c.valueIn(f, s, false) }

// folded is the same, folded for comparing parts of text.
func (c *compiler) folded(f *network.Field, s scope) string { return c.valueIn(f, s, true) }

func (c *compiler) valueIn(f *network.Field, s scope, fold bool) string {
	prop := s.v + "." + f.Name
	switch {
	case s.tie && f.Name == "kind":
		prop = "type(" + s.v + ")"
	case f.Name == "visibility" && !s.isLog():
		prop = "CASE WHEN " + s.v + "." + visibilityDefault + " THEN null ELSE " + prop + " END"
	}
	if fold {
		prop = foldOf(f, s, prop)
	}
	for _, own := range s.having(f) {
		if own.History != "" {
			return c.past(own, s, prop, fold)
		}
	}
	return prop
}

func foldOf(f *network.Field, s scope, prop string) string {
	switch f.Type {
	case network.String, network.Text, network.Code, network.Strings:
		return "coalesce(" + s.v + "." + f.Name + foldSuffix + ", " + prop + ")"
	}
	// IDs, enum values and times are ASCII.
	return "replace(toLower(" + prop + "), '-', 'ー')"
}

// past is the value by the history of the field: that of the entry that holds
// and began last, of several the later one. Without one, a name goes on being
// used, a stage does not.
func (c *compiler) past(f *network.Field, s scope, present string, fold bool) string {
	h := s.v + "." + f.History
	values := h
	switch {
	case f.HistoryPart == 0 && fold:
		values = h + foldSuffix
	case f.HistoryPart == 1 && fold:
		values = h + extraFoldSuffix
	case f.HistoryPart == 1:
		values = h + extraSuffix
	}
	before := "null"
	if f.History == nameHistory {
		before = present
	}
	day := c.asOfParam()
	i, b := c.fresh("i"), c.fresh("b")
	return "CASE WHEN " + h + " IS NULL THEN " + present + " ELSE reduce(" + b + " = [null, " + before + "], " + i +
		" IN range(0, size(" + h + ") - 1) | CASE WHEN " + h + fromSuffix + "[" + i + "] <= " + day +
		" AND " + h + untilSuffix + "[" + i + "] > " + day +
		" AND (" + b + "[0] IS NULL OR " + h + fromSuffix + "[" + i + "] >= " + b + "[0])" +
		" THEN [" + h + fromSuffix + "[" + i + "], CASE " + values + "[" + i + "] WHEN '' THEN null ELSE " + values + "[" + i + "] END]" +
		" ELSE " + b + " END)[1] END"
}

// column is a field as a row has it.
func (c *compiler) column(f *network.Field, s scope) string {
	own := s.having(f)
	if len(own) == 0 {
		return "null"
	}
	switch f.Type {
	case network.Dated:
		return "coalesce(" + s.v + "." + f.Name + textSuffix + ", toString(" + s.v + "." + f.Name + "))"
	case network.Ref:
		if s.tie {
			return endID(f, s)
		}
		t := c.fresh("t")
		return "head(COLLECT { " + c.linkTo(f, s, t) + " RETURN " + t + ".id })"
	case network.Refs:
		return "null"
	case network.HistoryList:
		h, i := s.v+"."+f.Name, c.fresh("i")
		at := "[" + i + "]"
		return "CASE WHEN " + h + " IS NULL THEN null ELSE [" + i + " IN range(0, size(" + h + ") - 1) | [" +
			strings.Join([]string{h + at, h + extraSuffix + at, h + noteSuffix + at, h + fromTextSuffix + at, h + untilTextSuffix + at}, ", ") + "]] END"
	}
	return c.value(f, s)
}

func endID(f *network.Field, s scope) string {
	if f.Name == "subject" {
		return "startNode(" + s.v + ").id"
	}
	return "endNode(" + s.v + ").id"
}

// linkTo matches the records a link field leads to that the viewer sees.
func (c *compiler) linkTo(f *network.Field, s scope, t string, more ...string) string {
	b := branch{clauses: "MATCH (" + s.v + ")-[:" + s.rels(f) + "]->(" + t + ")"}
	return b.text(append(more, c.sees(t))...)
}

// key is one expression that rows are ordered by.
type key struct {
	expr, text string // text: as shown in a cursor
	desc       bool
	total      bool // never null
}

type keys []key

// sortKeys are the keys of the order with the rank of a search before them and
// the ID after them.
func (c *compiler) sortKeys(l *store.Collection, s scope) keys {
	var out keys
	if l.Source.Op == store.Search && s.v != "" {
		rank := c.rank(s.v, l.Source.Text)
		out = append(out, key{expr: rank, text: rank, total: true})
	} else if l.Source.Op == store.Search {
		out = append(out, key{total: true})
	}
	for _, o := range l.Order {
		k := key{expr: c.sortKey(o.Field, s), desc: o.Desc}
		k.text = k.expr
		if o.Field.Type == network.Dated && k.expr != "null" {
			k.text = "toString(" + k.expr + ")"
		}
		out = append(out, k)
	}
	id := s.v + ".id"
	return append(out, key{expr: id, text: id, total: true})
}

// sortKey is the present value of a sortable field; names by the folded key.
func (c *compiler) sortKey(f *network.Field, s scope) string {
	switch {
	case len(s.having(f)) == 0:
		return "null"
	case f.Name == "name":
		return s.v + ".sortKey"
	case s.tie && f.Name == "kind":
		return "type(" + s.v + ")"
	case f.Type == network.Bool:
		return "toInteger(" + s.v + "." + f.Name + ")"
	case f.Name == "visibility":
		return c.value(f, s)
	}
	return s.v + "." + f.Name
}

func (ks keys) exprs() []string {
	out := make([]string, len(ks))
	for i, k := range ks {
		out[i] = k.expr
	}
	return out
}

func (ks keys) shown() []string {
	out := make([]string, len(ks))
	for i, k := range ks {
		out[i] = k.text
	}
	return out
}

// clause is what follows ORDER BY: nulls last in either direction, all of it
// the other way round for a backward page. Of itself Cypher has nulls last
// when ascending, first when descending.
func (ks keys) clause(backward bool) string {
	var out []string
	for _, k := range ks {
		if k.expr == "null" {
			continue
		}
		if k.desc && !k.total {
			if backward {
				out = append(out, k.expr+" IS NULL DESC")
			} else {
				out = append(out, k.expr+" IS NULL")
			}
		}
		if k.desc != backward {
			out = append(out, k.expr+" DESC")
		} else {
			out = append(out, k.expr)
		}
	}
	return strings.Join(out, ", ")
}

// beyond is the condition that a row lies after the cursor, or before it; ""
// without one.
func (c *compiler) beyond(l *store.Collection, s scope, cursor *store.Cursor, after bool) string {
	if cursor == nil {
		return ""
	}
	ks := c.sortKeys(l, s)
	at := append([]any{}, cursor.Keys...)
	if l.Source.Op == store.Search {
		at = append([]any{cursor.Rank}, at...)
	}
	at = append(at, string(cursor.ID))
	cond := "false"
	for i := len(ks) - 1; i >= 0; i-- {
		cond = c.step(ks[i], at[i], after, cond)
	}
	return cond
}

// step is the condition for one key, rest that for those after it.
func (c *compiler) step(k key, at any, after bool, rest string) string {
	if k.expr == "null" {
		// Every row has null here: equal to a null, after anything else.
		switch {
		case at == nil:
			return rest
		case after:
			return "true"
		}
		return "false"
	}
	var past, level string
	switch {
	case at == nil && after:
		past, level = "false", k.expr+" IS NULL"
	case at == nil:
		past, level = k.expr+" IS NOT NULL", k.expr+" IS NULL"
	default:
		op := " > "
		if k.desc == after {
			op = " < "
		}
		p := c.param(at)
		past, level = k.expr+op+p, k.expr+" = "+p
		if after && !k.total {
			past = "(" + past + " OR " + k.expr + " IS NULL)"
		}
	}
	return anyOf([]string{past, allOf([]string{level, rest})})
}

// groups counts the members by their values in the dimensions.
func (c *compiler) groups(l *store.Collection, branches []branch) string {
	var parts []string
	for _, b := range branches {
		text := b.text()
		if b.distinct || b.full {
			text += " WITH " + b.carried()
		}
		var values, names, carry []string
		carry = append(carry, b.v)
		for i, f := range l.Group {
			g := c.fresh("g")
			d := c.dimension(f, b.scope)
			if d.list {
				text += " UNWIND CASE WHEN size(" + d.expr + ") = 0 THEN [[null, null]] ELSE " + d.expr + " END AS " + g
				values, names = append(values, g+"[0] AS v"+strconv.Itoa(i)), append(names, g+"[1] AS l"+strconv.Itoa(i))
			} else {
				values, names = append(values, d.expr+" AS v"+strconv.Itoa(i)), append(names, "null AS l"+strconv.Itoa(i))
			}
		}
		text += " WITH " + strings.Join(append(values, names...), ", ")
		if len(values) > 0 {
			text += ", "
		}
		parts = append(parts, "COLLECT { "+text+"count(*) AS size RETURN ["+numbered("v", len(values))+", "+numbered("l", len(values))+", size] }")
	}
	switch len(parts) {
	case 0:
		return "[]"
	case 1:
		return parts[0]
	}
	return "COLLECT { UNWIND " + strings.Join(parts, " + ") + " AS g WITH g[0] AS v, g[1] AS l, sum(g[2]) AS size RETURN [v, l, size] }"
}

func numbered(prefix string, n int) string {
	var out []string
	for i := range n {
		out = append(out, prefix+strconv.Itoa(i))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// dimension is a value to group by, or a list of [value, label].
type dimension struct {
	expr string
	list bool
}

func (c *compiler) dimension(f *network.Field, s scope) dimension {
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
		return dimension{"COLLECT { " + c.linkTo(f, s, t) + " RETURN [" + t + ".id, " + t + ".name] }", true}
	case network.Strings:
		x := c.fresh("x")
		return dimension{"[" + x + " IN coalesce(" + prop + ", []) | [" + x + ", null]]", true}
	case network.Dated:
		c.fiscal = true
		start := prop
		if f.Name == "until" {
			// The property is the first day no longer valid, not the first of
			// the period.
			text := prop + textSuffix
			start = "CASE WHEN " + prop + " IS NULL THEN null WHEN " + text + " IS NULL THEN " + prop + " WHEN " + text +
				" STARTS WITH 'FY' THEN date(substring(" + text + ", 2) + '-04') ELSE date(" + text + ") END"
		}
		d := "(" + start + ")"
		return dimension{expr: "toString(" + d + ".year - CASE WHEN " + d + ".month < 4 THEN 1 ELSE 0 END)"}
	}
	return dimension{expr: c.value(f, s)}
}

func (s scope) isLog() bool { return len(s.kinds) == 1 && s.kinds[0].Log }

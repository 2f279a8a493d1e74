package neo4j

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// allOf joins conditions; "" and true fall away.
func allOf(conds []string) string {
	var out []string
	for _, cond := range conds {
		switch cond {
		case "", "true":
		case "false":
			return "false"
		default:
			out = append(out, cond)
		}
	}
	if len(out) == 0 {
		return "true"
	}
	return strings.Join(out, " AND ")
}

// anyOf joins alternatives, in brackets; false falls away.
func anyOf(conds []string) string {
	var out []string
	for _, cond := range conds {
		switch cond {
		case "false":
		case "", "true":
			return "true"
		default:
			out = append(out, cond)
		}
	}
	switch len(out) {
	case 0:
		return "false"
	case 1:
		return out[0]
	}
	return "(" + strings.Join(out, " OR ") + ")"
}

// negated turns a condition round. A condition of this package is null only
// where taking its unknown parts for false would make it false; so it is here
// that null becomes false, and nowhere else.
func negated(cond string) string {
	switch cond {
	case "", "true":
		return "false"
	case "false":
		return "true"
	}
	if positive, ok := strings.CutPrefix(cond, "NOT "); ok {
		return positive // nothing that begins with NOT is ever null
	}
	if strings.HasPrefix(cond, "EXISTS {") {
		return "NOT " + cond
	}
	return "NOT coalesce(" + cond + ", false)"
}

// condition writes a condition on a record.
func (c *compiler) condition(e store.Expr, s scope) string {
	switch e := e.(type) {
	case nil:
		return "true"
	case store.And:
		return bracketed(allOf(c.conditions(e, s)))
	case store.Or:
		return anyOf(c.conditions(e, s))
	case store.Not:
		return negated(c.condition(e.X, s))
	case store.Compare:
		return c.compare(e, s)
	case store.HasID:
		return s.v + ".id IN " + c.param(idList(e.IDs))
	case store.IsKind:
		return s.isKind(e.Kinds)
	case store.Text:
		return c.holdsText(e.Terms, s)
	case store.Named:
		return c.named(e.Names, s)
	case store.Within:
		return c.within(e, s)
	case store.Above:
		return c.above(e, s)
	case store.Has:
		return c.has(e, s)
	}
	return "false"
}

// limitedToIDs tells whether only records with given IDs can satisfy it.
func limitedToIDs(e store.Expr) bool {
	switch e := e.(type) {
	case store.HasID:
		return true
	case store.And:
		return slices.ContainsFunc(e, limitedToIDs)
	}
	return false
}

func bracketed(cond string) string {
	if strings.Contains(cond, " AND ") {
		return "(" + cond + ")"
	}
	return cond
}

func (c *compiler) conditions(es []store.Expr, s scope) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = c.condition(e, s)
	}
	return out
}

// named looks at the folded name, which is there only where it is another: a
// name that is folded already stands for itself.
func (c *compiler) named(names []string, s scope) string {
	if s.tie {
		return "false"
	}
	p := c.param(names)
	return anyOf([]string{s.v + ".name IN " + p, s.v + ".name" + foldSuffix + " IN " + p})
}

func (c *compiler) holdsText(terms []string, s scope) string {
	var out []string
	for _, t := range terms {
		if s.tie {
			return "false"
		}
		out = append(out, s.v+".searchKey CONTAINS "+c.param(t))
	}
	return bracketed(allOf(out))
}

// compare may be null where the field is absent: see negated.
func (c *compiler) compare(e store.Compare, s scope) string {
	f := e.Field
	if own := s.having(f); len(own) == 0 {
		if e.Op == store.Null && e.Value == true {
			return "true"
		}
		return "false"
	}
	if e.Op == store.Null {
		return c.absent(f, s, e.Value == true)
	}
	part := e.Op == store.Contains || e.Op == store.StartsWith
	text, isText := e.Value.(string)
	if part {
		if !isText || f.Type == network.Dated || f.Type == network.Int || f.Type == network.Bool {
			return "false"
		}
		e.Value = network.Fold(text)
	}
	p := c.param(e.Value)
	switch f.Type {
	case network.HistoryList, network.JSON:
		return "false"
	case network.Ref, network.Refs:
		if s.tie {
			return operation(e.Op, endOperand(endID(f, s), part), p)
		}
		t := c.fresh("t")
		return "EXISTS { " + c.linkTo(f, s, t, operation(e.Op, endOperand(t+".id", part), p)) + " }"
	case network.Strings:
		list := c.value(f, s)
		if part {
			list = c.folded(f, s)
		}
		x := c.fresh("x")
		return "any(" + x + " IN " + list + " WHERE " + operation(e.Op, x, p) + ")"
	case network.Dated:
		return operation(e.Op, s.v+"."+f.Name, p)
	}
	if part {
		return operation(e.Op, c.folded(f, s), p)
	}
	return operation(e.Op, c.value(f, s), p)
}

func endOperand(id string, fold bool) string {
	if fold {
		return "replace(toLower(" + id + "), '-', 'ー')"
	}
	return id
}

var operators = map[store.Op]string{
	store.EQ: "=", store.NE: "<>", store.IN: "IN", store.LT: "<", store.LTE: "<=", store.GT: ">", store.GTE: ">=",
	store.Contains: "CONTAINS", store.StartsWith: "STARTS WITH",
}

func operation(op store.Op, left, right string) string {
	if strings.HasPrefix(left, "CASE ") {
		left = "(" + left + ")"
	}
	return left + " " + operators[op] + " " + right
}

func (c *compiler) absent(f *network.Field, s scope, wanted bool) string {
	is := " IS NOT NULL"
	if wanted {
		is = " IS NULL"
	}
	switch f.Type {
	case network.Ref, network.Refs:
		if s.tie {
			return boolean(!wanted)
		}
		found := "EXISTS { " + c.linkTo(f, s, c.fresh("t")) + " }"
		if wanted {
			return "NOT " + found
		}
		return found
	case network.Strings, network.HistoryList:
		prop := s.v + "." + f.Name
		if wanted {
			return "(" + prop + " IS NULL OR size(" + prop + ") = 0)"
		}
		return "size(" + prop + ") > 0"
	case network.Dated:
		return s.v + "." + f.Name + is
	}
	v := c.value(f, s)
	if strings.HasPrefix(v, "CASE ") {
		v = "(" + v + ")"
	}
	return v + is
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// within climbs from the targets of the field, over records the viewer sees.
func (c *compiler) within(e store.Within, s scope) string {
	rels := s.rels(e.Field)
	if s.tie || rels == "" {
		return "false"
	}
	top, path := c.fresh("t"), c.fresh("path")
	if e.Up == nil {
		return "EXISTS { MATCH (" + s.v + ")-[:" + rels + "]->(" + top + ":Record {id: " + c.param(string(e.ID)) + "})" + where(allOf([]string{c.sees(top), notWithheld(e.Field, s)})) + " }"
	}
	pattern := "(" + s.v + ")-[:" + rels + "]->()-[:" + e.Up.Rel + "*0..]->(" + top + ":Record {id: " + c.param(string(e.ID)) + "})"
	if c.sees(top) == "" {
		return "EXISTS { MATCH " + pattern + where(notWithheld(e.Field, s)) + " }"
	}
	x := c.fresh("x")
	return "EXISTS { MATCH " + path + " = " + pattern + " WHERE " + allOf([]string{"all(" + x + " IN tail(nodes(" + path + ")) WHERE " + c.sees(x) + ")", notWithheld(e.Field, s)}) + " }"
}

// above climbs from a record to this one, over records the viewer sees.
func (c *compiler) above(e store.Above, s scope) string {
	if s.tie {
		return "false"
	}
	low, path := c.fresh("t"), c.fresh("path")
	pattern := "(" + low + ":Record {id: " + c.param(string(e.ID)) + "})"
	if e.Up != nil {
		pattern += "-[:" + e.Up.Rel + "*0..]->(" + s.v + ")"
	} else {
		return s.v + ".id = " + c.param(string(e.ID))
	}
	if c.sees(low) == "" {
		return "EXISTS { MATCH " + pattern + " }"
	}
	x := c.fresh("x")
	return "EXISTS { MATCH " + path + " = " + pattern + " WHERE all(" + x + " IN nodes(" + path + ") WHERE " + c.sees(x) + ") }"
}

func where(cond string) string {
	if cond == "" || cond == "true" {
		return ""
	}
	return " WHERE " + cond
}

// has is a condition on the members of a collection.
func (c *compiler) has(e store.Has, s scope) string {
	var parts []string
	for _, b := range c.members(&e.Source, e.Kinds, when{}, s) {
		cond := c.condition(e.Where, b.scope)
		if e.Quant == store.Every {
			cond = negated(cond)
		}
		if !b.never(cond) {
			parts = append(parts, "EXISTS { "+b.text(cond)+b.returned()+" }")
		}
	}
	found := anyOf(parts)
	if e.Quant == store.Some {
		return found
	}
	switch found { // never null
	case "true":
		return "false"
	case "false":
		return "true"
	}
	return "NOT " + found
}

package neo4j

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

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
		k := key{expr: c.sortKey(o.Field, s), desc: o.Desc, total: o.Field.Name == "name" && s.allNamed()}
		k.text = k.expr
		if o.Field.Type == network.Dated && k.expr != "null" {
			k.text = "toString(" + k.expr + ")"
		}
		out = append(out, k)
	}
	id := s.v + ".id"
	return append(out, key{expr: id, text: id, total: true})
}

// allNamed tells whether each record has a name, and so a sort key: an editor
// does not let one of these kinds pass without.
func (s scope) allNamed() bool {
	return len(s.kinds) > 0 && !slices.ContainsFunc(s.kinds, func(k *network.Kind) bool {
		name := k.Field("name")
		return name == nil || !name.Required
	})
}

// indexed is the condition under which an index gives the rows in their order, ""
// when there is none: it holds of all rows.
func (ks keys) indexed() string {
	if len(ks) > 1 && ks[0].total { // the ID alone needs none
		return ks[0].expr + " IS NOT NULL"
	}
	return ""
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
	if withheld(f, s) != "" {
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
	op := " >"
	if k.desc == after {
		op = " <"
	}
	var past, level string
	switch {
	case k.total && at != nil:
		// The range stands alone, so that an index can find its beginning.
		p := c.param(at)
		if past = k.expr + op + " " + p; rest == "false" {
			return past
		}
		return bracketed(k.expr + op + "= " + p + " AND " + anyOf([]string{past, rest}))
	case at == nil && after:
		past, level = "false", k.expr+" IS NULL"
	case at == nil:
		past, level = k.expr+" IS NOT NULL", k.expr+" IS NULL"
	default:
		p := c.param(at)
		past, level = k.expr+op+" "+p, k.expr+" = "+p
		if after {
			past = "(" + past + " OR " + k.expr + " IS NULL)"
		}
	}
	return anyOf([]string{past, allOf([]string{level, rest})})
}

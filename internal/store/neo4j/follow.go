package neo4j

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// follow walks the hops; the members are distinct.
func (c *compiler) follow(hops []store.Hop, kinds []*network.Kind, w when, from scope) []branch {
	at := []branch{{scope: from}}
	for i, h := range hops {
		if c.masked(h.Field) {
			return nil
		}
		to := kinds
		if i < len(hops)-1 {
			to = between(h)
		}
		var next []branch
		for _, b := range at {
			next = append(next, c.hop(b, h, to, w)...)
		}
		at = possible(next)
	}
	for i := range at {
		b := &at[i]
		b.distinct = b.distinct || len(hops) > 1 && b.many
	}
	return at
}

// between are the kinds that may stand after a hop that is not the last.
func between(h store.Hop) []*network.Kind {
	if h.Inverse {
		return []*network.Kind{h.Kind}
	}
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if h.Field.Type == network.RecordID || slices.Contains(h.Field.Targets, k.Name) {
			out = append(out, k)
		}
	}
	return out
}

// hop extends a branch by one step. Each step is a MATCH of its own: within
// one, a relationship is not walked twice.
func (c *compiler) hop(b branch, h store.Hop, kinds []*network.Kind, w when) []branch {
	from := b.scope
	nodes, ties := split(kinds)
	switch {
	case h.Field.Type == network.RecordID && h.Inverse:
		if !slices.Contains(kinds, h.Kind) {
			return nil
		}
		n := c.fresh("n")
		ks := []*network.Kind{h.Kind}
		return []branch{b.then(scope{v: n, kinds: ks}, true,
			"MATCH ("+n+":"+labels(ks)+" {"+h.Field.Name+": "+from.v+".id})", c.seesOf(n, h.Kind, from), c.holds(n, ks, w))}
	case h.Field.Type == network.RecordID:
		if len(from.having(h.Field)) == 0 {
			return nil
		}
		var out []branch
		for _, x := range c.byID("["+from.v+"."+h.Field.Name+"]", nodes, ties) {
			out = append(out, b.then(x.scope, false, x.clauses, x.where...))
		}
		return out
	case h.Kind.Name == network.TieRecord && h.Inverse:
		return c.endsHere(b, h, ties, w)
	case from.tie:
		return c.endOf(b, h, nodes)
	}
	n := c.fresh("n")
	if h.Inverse {
		ks := declaring(h.Field, nodes)
		if len(ks) == 0 {
			return nil
		}
		return []branch{b.then(scope{v: n, kinds: ks}, true,
			"MATCH ("+from.v+")<-[:"+h.Field.Rel+"]-("+n+":"+labels(ks)+")", c.seesAll(n, ks), notWithheld(h.Field, scope{v: n, kinds: ks}), c.holds(n, ks, w))}
	}
	rels := from.rels(h.Field)
	targets := reachable(h.Field, from, nodes)
	if rels == "" || len(targets) == 0 {
		return nil
	}
	cond := ""
	if !covers(targets, allTargets(h.Field, from)) {
		cond = hasLabel(n, targets)
	}
	return []branch{b.then(scope{v: n, kinds: targets}, h.Field.Type == network.Refs,
		"MATCH ("+from.v+")-[:"+rels+"]->("+n+")", c.sees(n), notWithheld(h.Field, from), cond)}
}

// then adds a clause to the branch.
func (b branch) then(to scope, many bool, clauses string, where ...string) branch {
	before := ""
	if b.clauses != "" {
		before = b.text() + " "
	}
	return branch{scope: to, clauses: before + clauses, where: where, many: b.many || many, distinct: b.distinct, full: b.full}
}

// endsHere goes from a stakeholder to the ties whose subject or object it is.
func (c *compiler) endsHere(b branch, h store.Hop, ties []*network.Kind, w when) []branch {
	if len(ties) == 0 || b.tie {
		return nil
	}
	r, q := c.fresh("r"), c.fresh("q")
	left, right := "-[", "]->"
	if h.Field.Name == "object" {
		left, right = "<-[", "]-"
	}
	return []branch{b.then(scope{v: r, kinds: ties, tie: true}, true,
		"MATCH ("+b.v+")"+left+r+":"+allTieTypes+right+"("+q+")", c.sees(r), c.sees(q), c.holds(r, ties, w))}
}

// endOf goes from a tie along its subject or object.
func (c *compiler) endOf(b branch, h store.Hop, nodes []*network.Kind) []branch {
	end := store.Subject
	switch {
	case len(nodes) == 0 || !h.Field.IsRef():
		return nil
	case h.Field.Name == "object":
		end = store.Object
	case h.Field.Name != "subject":
		return nil
	}
	p := c.party(end, nodes, b.scope)
	out := b.then(p.scope, false, p.clauses, p.where...)
	out.full = true
	return []branch{out}
}

// mayBe tells whether the record may be of the kind or interface.
func (s scope) mayBe(typ string) bool {
	return slices.ContainsFunc(s.kinds, func(k *network.Kind) bool { return k.Is(typ) })
}

// having lists the fields by which the record's kinds have f: their own of the
// same name and type.
func (s scope) having(f *network.Field) []*network.Field {
	var out []*network.Field
	for _, k := range s.kinds {
		if own := k.Field(f.Name); own != nil && own.Type == f.Type && !slices.Contains(out, own) {
			out = append(out, own)
		}
	}
	return out
}

// rels are the relationship types of a link field, joined for a pattern.
func (s scope) rels(f *network.Field) string {
	var out []string
	for _, own := range s.having(f) {
		if own.Rel != "" && !slices.Contains(out, own.Rel) {
			out = append(out, own.Rel)
		}
	}
	return strings.Join(out, "|")
}

func allTargets(f *network.Field, from scope) []*network.Kind {
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if slices.ContainsFunc(from.having(f), func(own *network.Field) bool { return slices.Contains(own.Targets, k.Name) }) {
			out = append(out, k)
		}
	}
	return out
}

func reachable(f *network.Field, from scope, nodes []*network.Kind) []*network.Kind {
	var out []*network.Kind
	for _, k := range allTargets(f, from) {
		if slices.Contains(nodes, k) {
			out = append(out, k)
		}
	}
	return out
}

// declaring are those of the kinds that have the link field.
func declaring(f *network.Field, nodes []*network.Kind) []*network.Kind {
	var out []*network.Kind
	for _, k := range nodes {
		if own := k.Field(f.Name); own != nil && own.Rel == f.Rel && own.IsRef() {
			out = append(out, k)
		}
	}
	return out
}

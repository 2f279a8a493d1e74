package neo4j

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// scope is a record that is bound to a variable of the statement.
type scope struct {
	v     string
	kinds []*network.Kind // what it may be
	tie   bool            // it is a relationship
	from  string          // of a tie: the stakeholder it was reached from
	far   string          // of a tie: the node at its other end
}

// branch is a way of matching members of a collection: clauses that end where
// WHERE may follow.
type branch struct {
	scope
	clauses  string
	where    []string
	distinct bool
	many     bool // there may be several members
	full     bool // needs RETURN inside EXISTS and COUNT
}

// text is the clauses with the conditions and some more.
func (b *branch) text(more ...string) string {
	if cond := allOf(append(slices.Clone(b.where), more...)); cond != "true" {
		return b.clauses + " WHERE " + cond
	}
	return b.clauses
}

// never tells whether the conditions, with some more, are plainly false. Such a
// branch leaves the statement: Neo4j 5.26 replaces MATCH … WHERE false by WITH
// null … LIMIT 0, and inside a CALL then fails on an assertion of its planner
// ("Expected: RegularSinglePlannerQuery") if an UNWIND follows. It does so for
// literals only; no condition of this package is false in any other way that
// the planner sees.
func (b *branch) never(more ...string) bool {
	return allOf(append(slices.Clone(b.where), more...)) == "false"
}

// possible leaves out the branches that are never.
func possible(branches []branch) []branch {
	return slices.DeleteFunc(branches, func(b branch) bool { return b.never() })
}

// returned ends the body of EXISTS or COUNT.
func (b *branch) returned() string {
	switch {
	case b.distinct:
		return " RETURN DISTINCT " + b.v
	case b.full:
		return " RETURN " + b.v
	}
	return ""
}

// carried is what a WITH takes along.
func (b *branch) carried() string {
	out := b.v
	if b.far != "" {
		out += ", " + b.far
	}
	if b.distinct {
		return "DISTINCT " + out
	}
	return out
}

// when is the date condition on the members of a collection.
type when struct {
	ever   bool
	during *network.DateRange // nil: at asOf
}

// holds is the condition that the record holds; "" when it need not.
func (c *compiler) holds(v string, kinds []*network.Kind, w when) string {
	if w.ever || !slices.ContainsFunc(kinds, func(k *network.Kind) bool { return k.Span }) {
		return ""
	}
	from, until := v+".from", v+".until"
	if w.during != nil {
		if w.during.From >= w.during.Until {
			return onlyUndated(v, kinds)
		}
		return "(" + from + " IS NULL OR " + from + " < " + c.param(w.during.Until) + ") AND (" +
			until + " IS NULL OR " + until + " > " + c.param(w.during.From) + ")"
	}
	if c.asOf >= network.MaxDate {
		return onlyUndated(v, kinds) // nothing holds on the day that means "no end"
	}
	day := c.asOfParam()
	return "(" + from + " IS NULL OR " + from + " <= " + day + ") AND (" + until + " IS NULL OR " + until + " > " + day + ")"
}

// onlyUndated keeps the records of kinds without valid time.
func onlyUndated(v string, kinds []*network.Kind) string {
	var ks []*network.Kind
	for _, k := range kinds {
		if !k.Span {
			ks = append(ks, k)
		}
	}
	if len(ks) == 0 {
		return "false"
	}
	return hasLabel(v, ks)
}

// members gives the branches of a source: none when nothing can be reached,
// two when there may be nodes and ties.
func (c *compiler) members(src *store.Source, kinds []*network.Kind, w when, from scope) []branch {
	nodes, ties := split(kinds)
	if from.v == "" && src.Op >= store.Follow {
		return nil // a root has nothing to be reached from
	}
	switch src.Op {
	case store.Scan:
		return c.scan(nodes, ties, w)
	case store.ByID:
		return c.byID(c.param(idList(src.IDs)), nodes, ties)
	case store.Search:
		return c.search(src, nodes, ties, w)
	case store.Follow:
		return c.follow(src.Hops, kinds, w, from)
	case store.Ties:
		if len(ties) == 0 || from.tie || !from.mayBe(network.StakeholderInterface) {
			return nil
		}
		return []branch{c.tiesOf(src, ties, w, from)}
	case store.Party:
		if !from.tie || len(nodes) == 0 {
			return nil
		}
		return []branch{c.party(src.End, nodes, from)}
	}
	return nil
}

// split tells nodes and ties apart.
func split(kinds []*network.Kind) (nodes, ties []*network.Kind) {
	for _, k := range kinds {
		if k.Name == network.TieRecord {
			ties = append(ties, k)
		} else {
			nodes = append(nodes, k)
		}
	}
	return nodes, ties
}

func (c *compiler) scan(nodes, ties []*network.Kind, w when) []branch {
	var out []branch
	if len(nodes) > 0 {
		n := c.fresh("n")
		out = append(out, branch{scope: scope{v: n, kinds: nodes}, many: true,
			clauses: "MATCH (" + n + ":" + labels(nodes) + ")", where: []string{c.seesAll(n, nodes), c.holds(n, nodes, w)}})
	}
	if len(ties) > 0 {
		out = append(out, c.allTies(ties, w))
	}
	return out
}

// allTies matches every tie, from subject to object. Only stakeholders have
// ties: the label keeps the server from looking at every node.
func (c *compiler) allTies(ties []*network.Kind, w when) branch {
	r, s, o := c.fresh("r"), c.fresh("s"), c.fresh("o")
	return branch{scope: scope{v: r, kinds: ties, tie: true}, many: true,
		clauses: "MATCH (" + s + ":" + network.StakeholderInterface + ")-[" + r + ":" + allTieTypes + "]->(" + o + ")",
		where:   []string{c.sees(r), c.sees(s), c.sees(o), c.holds(r, ties, w)}}
}

// byID looks records up; ids is an expression.
func (c *compiler) byID(ids string, nodes, ties []*network.Kind) []branch {
	var out []branch
	if len(nodes) > 0 {
		n := c.fresh("n")
		b := branch{scope: scope{v: n, kinds: nodes}, many: true, clauses: "MATCH (" + n + ":" + roots(nodes) + ")",
			where: []string{n + ".id IN " + ids, c.seesAll(n, nodes)}}
		if !isAll(nodes) {
			b.where = append(b.where, hasLabel(n, nodes))
		}
		out = append(out, b)
	}
	if len(ties) > 0 {
		b := c.allTies(ties, when{ever: true})
		b.where = append([]string{b.v + ".id IN " + ids}, b.where...)
		out = append(out, b)
	}
	return out
}

func (c *compiler) search(src *store.Source, nodes, ties []*network.Kind, w when) []branch {
	if len(src.Terms) == 0 {
		return c.scan(nodes, ties, w)
	}
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(k *network.Kind) bool { return !k.Named() })
	if len(nodes) == 0 {
		return nil
	}
	n := c.fresh("n")
	b := branch{scope: scope{v: n, kinds: nodes}, many: true, clauses: "MATCH (" + n + ":Record)"}
	for _, t := range src.Terms {
		b.where = append(b.where, n+".searchKey CONTAINS "+c.param(t))
	}
	if b.where = append(b.where, c.sees(n), c.holds(n, nodes, w)); len(nodes) < namedKinds {
		b.where = append(b.where, hasLabel(n, nodes))
	}
	return []branch{b}
}

// rank is 0 where a name equals the text, 1 where one begins with it, 2 else.
func (c *compiler) rank(v, text string) string {
	return "CASE WHEN " + v + ".searchKey CONTAINS " + c.param("\n"+text+"\n") + " THEN 0 WHEN " +
		v + ".searchKey CONTAINS " + c.param("\n"+text) + " THEN 1 ELSE 2 END"
}

func (c *compiler) tiesOf(src *store.Source, ties []*network.Kind, w when, from scope) branch {
	r, q := c.fresh("r"), c.fresh("q")
	var names []string
	var mutual, directed bool
	for _, t := range network.TieKinds() {
		if len(src.Ties) > 0 && !slices.Contains(src.Ties, t.Name) {
			continue
		}
		names = append(names, t.Name)
		mutual, directed = mutual || t.Mutual, directed || !t.Mutual
	}
	b := branch{scope: scope{v: r, kinds: ties, tie: true, from: from.v, far: q}, many: true}
	left, right := "-[", "]-"
	switch {
	case src.Dir == network.Both || !directed:
	case !mutual && src.Dir == network.Out:
		right = "]->"
	case !mutual:
		left = "<-["
	case src.Dir == network.Out:
		b.where = append(b.where, "(startNode("+r+") = "+from.v+" OR type("+r+") IN "+mutualTypes+")")
	default:
		b.where = append(b.where, "(endNode("+r+") = "+from.v+" OR type("+r+") IN "+mutualTypes+")")
	}
	if len(names) == 0 {
		b.where = append(b.where, "false")
		names = []string{network.TieKinds()[0].Name}
	}
	b.clauses = "MATCH (" + from.v + ")" + left + r + ":" + strings.Join(names, "|") + right + "(" + q + ")"
	b.where = append(b.where, c.sees(r), c.sees(q), c.holds(r, ties, w))
	return b
}

// party goes from a tie to its ends. Ties are matched with both ends in sight,
// so these need not be looked at again.
func (c *compiler) party(end store.TieEnd, nodes []*network.Kind, from scope) branch {
	n := c.fresh("n")
	b := branch{scope: scope{v: n, kinds: nodes}, full: true}
	var ends string
	switch {
	case end == store.Subject:
		ends = "[startNode(" + from.v + ")]"
	case end == store.Object:
		ends = "[endNode(" + from.v + ")]"
	case from.far != "":
		ends = "[" + from.far + "]"
	default:
		ends = "[startNode(" + from.v + "), endNode(" + from.v + ")]"
		b.many, b.distinct = true, true
	}
	b.clauses = "UNWIND " + ends + " AS " + n + " WITH " + n
	if !covers(nodes, network.Concrete(network.StakeholderInterface)) {
		b.where = []string{hasLabel(n, nodes)}
	}
	return b
}

package neo4j

import (
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// nodesPerRow is how many nodes of a network come in a row of the answer, each
// with its ties: a row for each would cost the driver more, and all in one the
// server its memory.
const nodesPerRow = 256

// network writes the end of a statement that answers with a row for the roots,
// which first returns, and then with rows of the network: lists of [ID, kind,
// hop, ties, seats, values…], for the hop of a network toward some a list of the
// distances from either side. The ties are those that lead from the node, [ID, kind,
// ID of the other, strength, values…], the seats what it holds, [ID, ID of the
// organisation, values…].
func (c *compiler) network(q *store.SubgraphQuery, first string) string {
	w := &walk{compiler: c, q: q, nodes: network.Concrete(network.StakeholderInterface), ties: []*network.Kind{network.TieKindRecord()}}
	switch {
	case q.Centers == nil:
		w.start("h", branch{clauses: "MATCH (n:Stakeholder)"})
	case q.Toward != nil:
		w.around("a", q.Centers, q.Hops)
		w.around("b", q.Toward, q.Back)
	default:
		w.around("h", q.Centers, q.Hops)
	}
	row := "[n.id, n.kind, place[1], " + w.drawn() + ", " + w.seated() + c.values(q.NodeFields, scope{v: "n", kinds: w.nodes}) + "]"
	nodes := ""
	if q.Centers != nil {
		nodes = "WITH *, [place IN found | place[0]] AS nodes\n"
	}
	return "CALL (head) {\n" + w.text.String() + w.found() + " AS found }\n" + nodes +
		"CALL (*) {\n" + first + "\nUNION ALL\n" +
		"UNWIND range(0, size(found) - 1, " + strconv.Itoa(nodesPerRow) + ") AS i\n" +
		"RETURN COLLECT { UNWIND found[i..i + " + strconv.Itoa(nodesPerRow) + "] AS place WITH place, place[0] AS n RETURN " + row + " } AS answer }\n" +
		"RETURN answer"
}

// walk writes a network hop by hop.
type walk struct {
	*compiler
	q           *store.SubgraphQuery
	nodes, ties []*network.Kind
	text        strings.Builder
	// hops are the variables of the nodes found at each distance, from the centers and
	// then from those it is toward.
	hops [][]string
}

// nodeIs and tieIs are what the query wants of those that are matched.
func (w *walk) nodeIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.nodes, when{during: w.q.During}), w.condition(w.q.Nodes, scope{v: v, kinds: w.nodes})}
}

func (w *walk) tieIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.ties, when{during: w.q.During}), w.condition(w.q.Ties, scope{v: v, kinds: w.ties, tie: true})}
}

// around walks so many steps; name is that of the variables.
func (w *walk) around(name string, centers []network.ID, hops int) {
	w.start(name, branch{clauses: "MATCH (n:" + recordLabel + ")", where: []string{"n.id IN " + w.param(idList(centers)), "n:Stakeholder"}})
	for range hops {
		w.step(name)
	}
}

func (w *walk) start(name string, first branch) {
	first.scope, first.where = scope{v: "n"}, append(first.where, w.nodeIs("n")...)
	w.hops = append(w.hops, nil)
	w.next(name, first)
}

func (w *walk) step(name string) {
	facing := ""
	switch w.q.Direction {
	case network.Out:
		facing = "(startNode(r) = a OR type(r) IN " + mutualTypes + ")"
	case network.In:
		facing = "(endNode(r) = a OR type(r) IN " + mutualTypes + ")"
	}
	last := w.hops[len(w.hops)-1]
	from := "UNWIND " + last[len(last)-1] + " AS a "
	ways := []branch{{scope: scope{v: "n"}, clauses: from + "MATCH (a)-[r:" + allTieTypes + "]-(n)",
		where: append(append([]string{facing}, w.tieIs("r")...), w.nodeIs("n")...)}}
	if w.q.Posts {
		for _, b := range w.seats(scope{v: "a", kinds: w.nodes}) {
			b.clauses, b.where = from+b.clauses, append(b.where, w.nodeIs(b.v)...)
			ways = append(ways, b)
		}
	}
	w.next(name, ways...)
}

// seats are the ways from a stakeholder over posts: from a holder to the
// organisation, and back.
func (w *walk) seats(from scope) []branch {
	var out []branch
	for _, s := range w.held(from) {
		out = append(out, s.organization)
	}
	for _, post := range w.over(branch{scope: from}, store.PostIn.Back(), when{ever: true}) {
		for _, occupancy := range w.over(post, store.OfPost.Back(), when{during: w.q.During}) {
			out = append(out, w.over(occupancy, store.HeldBy, when{})...)
		}
	}
	return out
}

// heldPost is an occupancy, and the way over it from the holder to the organisation.
type heldPost struct {
	occupancy    scope
	organization branch
}

// held are the posts of who may hold some.
func (w *walk) held(by scope) (out []heldPost) {
	for _, occupancy := range w.over(branch{scope: by}, store.HeldBy.Back(), when{during: w.q.During}) {
		for _, post := range w.over(occupancy, store.OfPost, when{}) {
			for _, organization := range w.over(post, store.PostIn, when{}) {
				out = append(out, heldPost{occupancy.scope, organization})
			}
		}
	}
	return out
}

// over takes a branch one hop further.
func (w *walk) over(b branch, h store.Hop, at when) []branch {
	return possible(w.hop(b, h, between(h), at))
}

func (w *walk) next(name string, ways ...branch) {
	var found []string
	for _, b := range possible(ways) {
		found = append(found, "COLLECT { "+b.text()+" RETURN DISTINCT "+b.v+" }")
	}
	if found == nil {
		found = []string{"[]"}
	}
	last := len(w.hops) - 1
	list := name + strconv.Itoa(len(w.hops[last]))
	w.text.WriteString("WITH " + strings.Join(append(slices.Concat(w.hops...), strings.Join(found, " + ")+" AS "+list), ", ") + "\n")
	w.hops[last] = append(w.hops[last], list)
}

// found ends with a list of the nodes of the network, each once with the hop at
// which it was found first: a hop may come back to nodes of earlier ones.
func (w *walk) found() string {
	if len(w.hops) == 2 {
		return w.between()
	}
	if len(w.hops[0]) == 1 {
		return "RETURN [n IN h0 | [n, 0]]"
	}
	var all []string
	for hop, h := range w.hops[0] {
		all = append(all, "[n IN "+h+" | [n, "+strconv.Itoa(hop)+"]]")
	}
	return w.eachOnce(all, "min(m[1]) AS hop") + "RETURN collect([n, hop])"
}

// between is found for a network toward some: who is near enough to both sides, with
// the distances.
func (w *walk) between() string {
	var all []string
	for hop, list := range w.hops[0] {
		all = append(all, "[n IN "+list+" | [n, "+strconv.Itoa(hop)+", null]]")
	}
	for hop, list := range w.hops[1] {
		all = append(all, "[n IN "+list+" | [n, null, "+strconv.Itoa(hop)+"]]")
	}
	return w.eachOnce(all, "coalesce(min(m[1]), "+strconv.Itoa(w.q.Hops+1)+") AS a, coalesce(min(m[2]), "+strconv.Itoa(w.q.Back+1)+") AS b") +
		"WITH n, a, b WHERE a + b <= " + strconv.Itoa(w.q.Between) + "\nRETURN collect([n, [a, b]])"
}

// eachOnce gives a row for each node of lists of [node, …], with what is said of it.
// It is a subquery that ends there: in one that goes on, Neo4j would group by all
// that is in scope as well, and hold and hash the lists anew for each node.
func (w *walk) eachOnce(lists []string, said string) string {
	return "CALL (" + strings.Join(slices.Concat(w.hops...), ", ") + ") { UNWIND " + strings.Join(lists, " + ") + " AS m RETURN m[0] AS n, " + said + " }\n"
}

// drawn lists the ties that lead from a node of the network to another; of the
// network of all, those that lead from a node.
func (w *walk) drawn() string {
	b := branch{clauses: "MATCH (n)-[r:" + allTieTypes + "]->(o)", where: w.tieIs("r")}
	if w.q.Centers != nil {
		b.where = append(b.where, "o IN nodes")
	}
	if b.never() {
		return "[]"
	}
	return "COLLECT { " + b.text() + " RETURN [r.id, type(r), o.id, r.strength" + w.values(w.q.TieFields, scope{v: "r", kinds: w.ties, tie: true}) + "] }"
}

// seated lists the posts that a node of the network holds in others; of the network
// of all, those that it holds.
func (w *walk) seated() string {
	if !w.q.Posts {
		return "[]"
	}
	var all []string
	for _, s := range w.held(scope{v: "n", kinds: w.nodes}) {
		if w.q.Centers != nil {
			s.organization.where = append(s.organization.where, s.organization.v+" IN nodes")
		}
		all = append(all, "COLLECT { "+s.organization.text()+" RETURN ["+s.occupancy.v+".id, "+s.organization.v+".id"+w.values(w.q.SeatFields, s.occupancy)+"] }")
	}
	if all == nil {
		return "[]"
	}
	return strings.Join(all, " + ")
}

// values are fields as rows have them, each after a comma.
func (c *compiler) values(fields []*network.Field, s scope) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(", " + c.shown(f, s))
	}
	return b.String()
}

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
// hop, ties, values…], whose ties are those that lead from the node, [ID, kind,
// ID of the other, strength, values…].
func (c *compiler) network(q *store.SubgraphQuery, first string) string {
	w := &walk{compiler: c, q: q, nodes: network.Concrete(network.StakeholderInterface), ties: []*network.Kind{network.TieKindRecord()}}
	switch {
	case q.Centers == nil:
		w.start("h", branch{clauses: "MATCH (n:Stakeholder)"})
	case q.Between > 0:
		w.around("a", q.Centers[:1])
		w.around("b", q.Centers[1:])
	default:
		w.around("h", q.Centers)
	}
	row := "[n.id, n.kind, place[1], " + w.drawn() + c.values(q.NodeFields, scope{v: "n", kinds: w.nodes}) + "]"
	return "CALL (head) {\n" + w.text.String() + "RETURN " + w.found() + " AS found }\n" +
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
	// hops are the variables of the nodes found at each distance, of one center after
	// the other when it is between two.
	hops [][]string
}

// nodeIs and tieIs are what the query wants of those that are matched.
func (w *walk) nodeIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.nodes, when{during: w.q.During}), w.condition(w.q.Nodes, scope{v: v, kinds: w.nodes})}
}

func (w *walk) tieIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.ties, when{during: w.q.During}), w.condition(w.q.Ties, scope{v: v, kinds: w.ties, tie: true})}
}

// around walks as far as the query says; hops names the variables.
func (w *walk) around(hops string, centers []network.ID) {
	w.start(hops, branch{clauses: "MATCH (n:" + recordLabel + ")", where: []string{"n.id IN " + w.param(idList(centers)), "n:Stakeholder"}})
	for range w.q.Hops {
		w.step(hops)
	}
}

func (w *walk) start(hops string, first branch) {
	first.scope, first.where = scope{v: "n"}, append(first.where, w.nodeIs("n")...)
	w.hops = append(w.hops, nil)
	w.next(hops, first)
}

func (w *walk) step(hops string) {
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
	for _, hops := range w.q.Also {
		for _, b := range w.follow(hops, w.nodes, when{during: w.q.During}, scope{v: "a", kinds: w.nodes}) {
			b.clauses, b.where = from+b.clauses, append(b.where, w.nodeIs(b.v)...)
			ways = append(ways, b)
		}
	}
	w.next(hops, ways...)
}

func (w *walk) next(hops string, ways ...branch) {
	var found []string
	for _, b := range possible(ways) {
		found = append(found, "COLLECT { "+b.text()+" RETURN DISTINCT "+b.v+" }")
	}
	if found == nil {
		found = []string{"[]"}
	}
	last := len(w.hops) - 1
	name := hops + strconv.Itoa(len(w.hops[last]))
	w.text.WriteString("WITH " + strings.Join(append(slices.Concat(w.hops...), strings.Join(found, " + ")+" AS "+name), ", ") + "\n")
	w.hops[last] = append(w.hops[last], name)
}

// found lists every node of the network once, with the hop at which it was found
// first: a hop may come back to nodes of earlier ones.
func (w *walk) found() string {
	if len(w.hops) == 2 {
		return w.between()
	}
	if len(w.hops[0]) == 1 {
		return "[n IN h0 | [n, 0]]"
	}
	var all []string
	for hop, h := range w.hops[0] {
		all = append(all, "[n IN "+h+" | [n, "+strconv.Itoa(hop)+"]]")
	}
	return "COLLECT { UNWIND " + strings.Join(all, " + ") + " AS m WITH m[0] AS n, min(m[1]) AS hop RETURN [n, hop] }"
}

// between is found for two centers: who is near enough to both, with the nearer of
// the distances.
func (w *walk) between() string {
	var all []string
	for hop := range w.q.Hops + 1 {
		at := strconv.Itoa(hop)
		all = append(all, "[n IN "+w.hops[0][hop]+" | [n, "+at+", null]] + [n IN "+w.hops[1][hop]+" | [n, null, "+at+"]]")
	}
	beyond := strconv.Itoa(w.q.Hops + 1)
	return "COLLECT { UNWIND " + strings.Join(all, " + ") + " AS m WITH m[0] AS n, coalesce(min(m[1]), " + beyond + ") AS a, coalesce(min(m[2]), " + beyond + ") AS b " +
		"WHERE a + b <= " + strconv.Itoa(w.q.Between) + " RETURN [n, CASE WHEN a < b THEN a ELSE b END] }"
}

// drawn lists the ties that lead from a node of the network.
func (w *walk) drawn() string {
	b := branch{clauses: "MATCH (n)-[r:" + allTieTypes + "]->(o)", where: w.tieIs("r")}
	if b.never() {
		return "[]"
	}
	return "COLLECT { " + b.text() + " RETURN [r.id, type(r), o.id, r.strength" + w.values(w.q.TieFields, scope{v: "r", kinds: w.ties, tie: true}) + "] }"
}

// values are fields as rows have them, each after a comma.
func (c *compiler) values(fields []*network.Field, s scope) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(", " + c.shown(f, s))
	}
	return b.String()
}

package neo4j

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// network writes the clause that loads stakeholders and ties into the variable
// net: [IDs by hop, nodes, ties]. A hop may come back to nodes of earlier ones;
// the first counts.
func (c *compiler) network(q *store.SubgraphQuery) {
	w := &walk{compiler: c, q: q, nodes: network.Concrete(network.StakeholderInterface), ties: []*network.Kind{network.TieKindRecord()}}
	w.start()
	if q.Centers != nil {
		for range q.Hops {
			w.step()
		}
	}
	ids := make([]string, len(w.hops))
	for i, h := range w.hops {
		ids[i] = "[n IN " + h + " | n.id]"
	}
	c.calls = append(c.calls, "CALL (head) {\n"+w.text.String()+"RETURN [["+strings.Join(ids, ", ")+"], COLLECT { "+w.found("n")+
		" RETURN [n.id, n.kind"+c.values(q.NodeFields, scope{v: "n", kinds: w.nodes})+"] }, "+w.drawn()+"] AS net }\n")
}

// walk writes a network hop by hop.
type walk struct {
	*compiler
	q           *store.SubgraphQuery
	nodes, ties []*network.Kind
	text        strings.Builder
	hops        []string // the variables of the nodes found at each distance
}

// nodeIs and tieIs are what the query wants of those that are matched.
func (w *walk) nodeIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.nodes, when{during: w.q.During}), w.condition(w.q.Nodes, scope{v: v, kinds: w.nodes})}
}

func (w *walk) tieIs(v string) []string {
	return []string{w.sees(v), w.holds(v, w.ties, when{during: w.q.During}), w.condition(w.q.Ties, scope{v: v, kinds: w.ties, tie: true})}
}

func (w *walk) start() {
	first := branch{scope: scope{v: "n"}, clauses: "MATCH (n:Stakeholder)", where: w.nodeIs("n")}
	if w.q.Centers != nil {
		first.clauses = "MATCH (n:Record)"
		first.where = append([]string{"n.id IN " + w.param(idList(w.q.Centers)), "n:Stakeholder"}, first.where...)
	}
	w.next(first)
}

func (w *walk) step() {
	facing := ""
	switch w.q.Direction {
	case network.Out:
		facing = "(startNode(r) = a OR type(r) IN " + mutualTypes + ")"
	case network.In:
		facing = "(endNode(r) = a OR type(r) IN " + mutualTypes + ")"
	}
	from := "UNWIND " + w.hops[len(w.hops)-1] + " AS a "
	ways := []branch{{scope: scope{v: "n"}, clauses: from + "MATCH (a)-[r:" + allTieTypes + "]-(n)",
		where: append(append([]string{facing}, w.tieIs("r")...), w.nodeIs("n")...)}}
	for _, hops := range w.q.Also {
		for _, b := range w.follow(hops, w.nodes, when{during: w.q.During}, scope{v: "a", kinds: w.nodes}) {
			b.clauses, b.where = from+b.clauses, append(b.where, w.nodeIs(b.v)...)
			ways = append(ways, b)
		}
	}
	w.next(ways...)
}

func (w *walk) next(ways ...branch) {
	var found []string
	for _, b := range possible(ways) {
		found = append(found, "COLLECT { "+b.text()+" RETURN DISTINCT "+b.v+" }")
	}
	if found == nil {
		found = []string{"[]"}
	}
	name := "h" + strconv.Itoa(len(w.hops))
	w.text.WriteString("WITH " + strings.Join(append(slices.Clone(w.hops), strings.Join(found, " + ")+" AS "+name), ", ") + "\n")
	w.hops = append(w.hops, name)
}

// found binds every node of the network, each once.
func (w *walk) found(v string) string {
	if len(w.hops) == 1 {
		return "UNWIND h0 AS " + v
	}
	return "UNWIND " + strings.Join(w.hops, " + ") + " AS m WITH DISTINCT m AS " + v
}

// drawn lists the ties that lead from a node of the network.
func (w *walk) drawn() string {
	b := branch{clauses: w.found("n") + " MATCH (n)-[r:" + allTieTypes + "]->(o)", where: w.tieIs("r")}
	if b.never() {
		return "[]"
	}
	return "COLLECT { " + b.text() + " RETURN [r.id, type(r), n.id, o.id, r.strength" + w.values(w.q.TieFields, scope{v: "r", kinds: w.ties, tie: true}) + "] }"
}

// values are fields as rows have them, each after a comma.
func (c *compiler) values(fields []*network.Field, s scope) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(", " + c.shown(f, s))
	}
	return b.String()
}

// drawSubgraph orders and cuts what the statement gave.
func drawSubgraph(q *store.SubgraphQuery, revision int64, net any) *store.Subgraph {
	parts := net.([]any)
	out := &store.Subgraph{Revision: revision}
	hops := map[string]int{}
	for hop, level := range parts[0].([]any) {
		for _, id := range level.([]any) {
			if _, before := hops[id.(string)]; !before {
				hops[id.(string)] = hop
			}
		}
	}
	for _, e := range parts[1].([]any) {
		n := e.([]any)
		id := n[0].(string)
		out.Nodes = append(out.Nodes, store.SubNode{ID: network.ID(id), Kind: n[1].(string), Hop: hops[id], Values: rest(n[2:])})
	}
	slices.SortFunc(out.Nodes, func(a, b store.SubNode) int {
		return cmp.Or(cmp.Compare(a.Hop, b.Hop), cmp.Compare(a.ID, b.ID))
	})
	if q.Limit > 0 && len(out.Nodes) > q.Limit {
		cut := make([]int, 0, len(out.Nodes)-q.Limit)
		for _, n := range out.Nodes[q.Limit:] {
			cut = append(cut, n.Hop)
		}
		out.CutOff(cut)
		out.Nodes = out.Nodes[:q.Limit]
	}
	out.Ties = drawTies(out.Nodes, parts[2].([]any))
	return out
}

// drawTies keeps the ties between the nodes.
func drawTies(nodes []store.SubNode, ties []any) []store.SubTie {
	at := make(map[string]int32, len(nodes))
	for i, n := range nodes {
		at[string(n.ID)] = int32(i)
	}
	var out []store.SubTie
	for _, e := range ties {
		t := e.([]any)
		subject, in := at[t[2].(string)]
		object, too := at[t[3].(string)]
		if !in || !too {
			continue
		}
		strength, _ := t[4].(int64)
		out = append(out, store.SubTie{ID: network.ID(t[0].(string)), Kind: t[1].(string),
			Subject: subject, Object: object, Strength: int8(strength), Values: rest(t[5:])})
	}
	slices.SortFunc(out, func(a, b store.SubTie) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func rest(values []any) []any {
	if len(values) == 0 {
		return nil
	}
	return values
}

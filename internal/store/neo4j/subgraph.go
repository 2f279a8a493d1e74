package neo4j

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Subgraph loads stakeholders and ties in one statement.
func (s *Store) Subgraph(ctx context.Context, q *store.SubgraphQuery) (*store.Subgraph, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	text, params := compileSubgraph(q)
	answer, err := s.read(ctx, "subgraph", text, params, nil)
	if err != nil {
		return nil, err
	}
	return drawSubgraph(q, answer), nil
}

// compileSubgraph writes the statement: [revision, nodes by hop, ties]. A hop
// may come back to nodes of earlier ones; the first counts.
func compileSubgraph(q *store.SubgraphQuery) (string, map[string]any) {
	c := newCompiler(q.Viewer, q.AsOf)
	stakeholders := network.Concrete(network.StakeholderInterface)
	nodeIs := func(v string) []string {
		return []string{c.sees(v), c.holds(v, stakeholders, when{}), c.condition(q.Nodes, scope{v: v, kinds: stakeholders})}
	}
	ties := []*network.Kind{network.TieKindRecord()}
	tieIs := func(v string) []string {
		return []string{c.sees(v), c.holds(v, ties, when{}), c.condition(q.Ties, scope{v: v, kinds: ties, tie: true})}
	}
	var b strings.Builder
	b.WriteString(headMatch + "\n")
	first := branch{clauses: "MATCH (n:Stakeholder)", where: nodeIs("n")}
	hops := q.Hops
	if q.Centers == nil {
		hops = 0
	} else {
		first.clauses = "MATCH (n:Record)"
		first.where = append([]string{"n.id IN " + c.param(idList(q.Centers)), "n:Stakeholder"}, first.where...)
	}
	b.WriteString("WITH head, COLLECT { " + first.text() + " RETURN DISTINCT n } AS h0\n")
	left, right := "-[r:", "]-"
	facing := ""
	switch q.Direction {
	case network.Out:
		facing = "(startNode(r) = a OR type(r) IN " + mutualTypes + ")"
	case network.In:
		facing = "(endNode(r) = a OR type(r) IN " + mutualTypes + ")"
	}
	carried := "head, h0"
	for i := range hops {
		step := branch{clauses: "UNWIND h" + strconv.Itoa(i) + " AS a MATCH (a)" + left + allTieTypes + right + "(n)",
			where: append(append([]string{facing}, tieIs("r")...), nodeIs("n")...)}
		name := "h" + strconv.Itoa(i+1)
		b.WriteString("WITH " + carried + ", COLLECT { " + step.text() + " RETURN DISTINCT n } AS " + name + "\n")
		carried += ", " + name
	}
	var levels []string
	for i := range hops + 1 {
		levels = append(levels, "[n IN h"+strconv.Itoa(i)+" | [n.id, n.kind]]")
	}
	out := branch{clauses: "UNWIND h0 AS n MATCH (n)-[r:" + allTieTypes + "]->(o)", where: tieIs("r")}
	if hops > 0 {
		var all []string
		for i := range hops + 1 {
			all = append(all, "h"+strconv.Itoa(i))
		}
		out.clauses = "UNWIND " + strings.Join(all, " + ") + " AS m WITH DISTINCT m AS n MATCH (n)-[r:" + allTieTypes + "]->(o)"
	}
	b.WriteString("RETURN [coalesce(head.revision, 0), [" + strings.Join(levels, ", ") + "], COLLECT { " + out.text() +
		" RETURN [r.id, type(r), n.id, o.id, r.strength] }] AS answer")
	return b.String(), c.params
}

// drawSubgraph orders and cuts what the statement gave.
func drawSubgraph(q *store.SubgraphQuery, answer []any) *store.Subgraph {
	out := &store.Subgraph{}
	out.Revision, _ = answer[0].(int64)
	seen := map[network.ID]bool{}
	for hop, level := range answer[1].([]any) {
		for _, e := range level.([]any) {
			parts := e.([]any)
			n := store.SubNode{ID: network.ID(parts[0].(string)), Kind: parts[1].(string), Hop: hop}
			if !seen[n.ID] {
				seen[n.ID] = true
				out.Nodes = append(out.Nodes, n)
			}
		}
	}
	slices.SortFunc(out.Nodes, func(a, b store.SubNode) int {
		return cmp.Or(cmp.Compare(a.Hop, b.Hop), cmp.Compare(a.ID, b.ID))
	})
	if q.Limit > 0 && len(out.Nodes) > q.Limit {
		out.Nodes, out.Truncated = out.Nodes[:q.Limit], true
	}
	at := make(map[network.ID]int32, len(out.Nodes))
	for i, n := range out.Nodes {
		at[n.ID] = int32(i)
	}
	for _, e := range answer[2].([]any) {
		parts := e.([]any)
		subject, in := at[network.ID(parts[2].(string))]
		object, too := at[network.ID(parts[3].(string))]
		if !in || !too {
			continue
		}
		strength, _ := parts[4].(int64)
		out.Ties = append(out.Ties, store.SubTie{ID: network.ID(parts[0].(string)), Kind: parts[1].(string),
			Subject: subject, Object: object, Strength: int8(strength)})
	}
	slices.SortFunc(out.Ties, func(a, b store.SubTie) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

package neo4j

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// drawing puts a network together from the rows of an answer.
type drawing struct {
	nodes []store.SubNode
	ties  []drawnTie
	seats []drawnSeat
	// sides are the distances of the nodes from either side of a network toward some.
	sides [][2]int
}

// drawnTie is a tie whose object may not have come yet, or not be part of the
// network at all. Its Subject is a position among the nodes as they came.
type drawnTie struct {
	store.SubTie
	object string
}

// drawnSeat is the same of a post; its Person is a position among the nodes as they
// came.
type drawnSeat struct {
	store.SubSeat
	organization string
}

// add takes a row; that of no nodes is empty, since Neo4j 5.26 takes range(0, -1,
// 256) for [0].
func (d *drawing) add(row []any) {
	for _, e := range row {
		n := e.([]any)
		subject := int32(len(d.nodes))
		d.nodes = append(d.nodes, store.SubNode{ID: network.ID(n[0].(string)), Kind: network.KindOf(n[1].(string)).Name, Hop: d.hop(n[2]), Values: rest(n[5:])})
		for _, e := range n[3].([]any) {
			t := e.([]any)
			strength, _ := t[3].(int64)
			d.ties = append(d.ties, drawnTie{store.SubTie{ID: network.ID(t[0].(string)), Kind: network.TieKindOf(t[1].(string)).Name,
				Subject: subject, Strength: int8(strength), Values: rest(t[4:])}, t[2].(string)})
		}
		for _, e := range n[4].([]any) {
			o := e.([]any)
			d.seats = append(d.seats, drawnSeat{store.SubSeat{ID: network.ID(o[0].(string)), Person: subject, Values: rest(o[2:])}, o[1].(string)})
		}
	}
}

// hop is the distance of the node that comes next.
func (d *drawing) hop(v any) int {
	if sides, two := v.([]any); two {
		a, b := int(sides[0].(int64)), int(sides[1].(int64))
		d.sides = append(d.sides, [2]int{a, b})
		return min(a, b)
	}
	return int(v.(int64))
}

// onWay tells whether a tie or a post between two nodes, as they came, is wanted.
func (d *drawing) onWay(q *store.SubgraphQuery, x, y int32) bool {
	return q.Toward == nil || q.OnWay(d.sides[x][0], d.sides[x][1], d.sides[y][0], d.sides[y][1])
}

func rest(values []any) []any {
	if len(values) == 0 {
		return nil
	}
	return slices.Clip(values)
}

// subgraph orders and cuts what came.
func (d *drawing) subgraph(q *store.SubgraphQuery, revision int64) *store.Subgraph {
	order := make([]int32, len(d.nodes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(d.nodes[a].Hop, d.nodes[b].Hop), cmp.Compare(d.nodes[a].ID, d.nodes[b].ID))
	})
	out := &store.Subgraph{Revision: revision}
	if q.Limit > 0 && len(order) > q.Limit {
		cut := make([]int, 0, len(order)-q.Limit)
		for _, i := range order[q.Limit:] {
			cut = append(cut, d.nodes[i].Hop)
		}
		out.CutOff(cut)
		order = order[:q.Limit]
	}
	at := make(map[string]int32, len(order))
	place := make([]int32, len(d.nodes)) // 0: cut off
	for i, from := range order {
		out.Nodes = append(out.Nodes, d.nodes[from])
		at[string(d.nodes[from].ID)], place[from] = int32(i), int32(i)+1
	}
	for _, t := range d.ties {
		object, in := at[t.object]
		if subject := place[t.Subject]; in && subject > 0 && d.onWay(q, t.Subject, order[object]) {
			t.Subject, t.Object = subject-1, object
			out.Ties = append(out.Ties, t.SubTie)
		}
	}
	for _, o := range d.seats {
		organization, in := at[o.organization]
		if person := place[o.Person]; in && person > 0 && d.onWay(q, o.Person, order[organization]) {
			o.Person, o.Organization = person-1, organization
			out.Seats = append(out.Seats, o.SubSeat)
		}
	}
	slices.SortFunc(out.Seats, func(a, b store.SubSeat) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Ties, func(a, b store.SubTie) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

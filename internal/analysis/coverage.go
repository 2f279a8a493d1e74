package analysis

import "github.com/musubi-map/musubi/internal/network"

// Cover tells how near a node has one of the nodes it should have near.
type Cover struct {
	Node int32
	// Hops is the distance to the nearest one, -1 when none is within reach;
	// Nearest is that one, of equally near ones the first, -1 for none.
	Hops, Nearest int32
}

// Coverage finds for each of the nodes in of, say the schools, the nearest of
// those in by, say the companies, at most maxHops edges away, 0 for no limit. A
// node that is in both covers itself at 0 hops. The result is in the order of
// of; direction Out follows edges from of to by. Linear in the network.
// Errors: OUT_OF_RANGE.
func Coverage(g *Graph, of, by []int32, d network.Direction, maxHops int) ([]Cover, error) {
	if err := g.checkNodes(of); err != nil {
		return nil, err
	}
	if err := g.checkNodes(by); err != nil {
		return nil, err
	}
	if maxHops < 0 {
		return nil, network.Errorf(network.OutOfRange, "the greatest distance cannot be %d hops", maxHops)
	}
	hops, nearest := nearestOf(g.view(opposite(d)), by, maxHops)
	out := make([]Cover, len(of))
	for i, v := range of {
		out[i] = Cover{v, hops[v], nearest[v]}
	}
	return out, nil
}

func opposite(d network.Direction) network.Direction {
	switch d {
	case network.Out:
		return network.In
	case network.In:
		return network.Out
	}
	return network.Both
}

// nearestOf searches breadth first from all sources at once. Of several equally
// near ones each node gets the smallest: what a level hands on is settled
// before the next begins.
func nearestOf(r *rows, sources []int32, maxHops int) (hops, nearest []int32) {
	n := len(r.start) - 1
	hops, nearest = make([]int32, n), make([]int32, n)
	for v := range n {
		hops[v], nearest[v] = -1, -1
	}
	var level []int32
	for _, v := range sources {
		if hops[v] < 0 {
			hops[v], nearest[v] = 0, v
			level = append(level, v)
		}
	}
	for h := int32(1); len(level) > 0 && (maxHops == 0 || int(h) <= maxHops); h++ {
		var next []int32
		for _, v := range level {
			for _, u := range r.row(v) {
				if hops[u] < 0 {
					hops[u], nearest[u] = h, nearest[v]
					next = append(next, u)
				} else if hops[u] == h {
					nearest[u] = min(nearest[u], nearest[v])
				}
			}
		}
		level = next
	}
	return hops, nearest
}

package analysis

import (
	"context"
	"slices"
)

// Brokerage counts in which roles a node b stands between two others, a → b →
// c, where a has no edge to c. The roles go by the sectors of the three.
type Brokerage struct {
	Coordinator    int64 // a, b and c in one sector
	Itinerant      int64 // a and c in one, b in another
	Gatekeeper     int64 // b and c in one, a outside: b lets in
	Representative int64 // a and b in one, c outside: b speaks for its own
	Liaison        int64 // all three in different ones
}

// Total is the sum over the roles.
func (b Brokerage) Total() int64 {
	return b.Coordinator + b.Itinerant + b.Gatekeeper + b.Representative + b.Liaison
}

// add counts n chains from sector a through b to c.
func (b *Brokerage) add(from, through, to int32, n int64) {
	switch {
	case from == through && through == to:
		b.Coordinator += n
	case from == to:
		b.Itinerant += n
	case through == to:
		b.Gatekeeper += n
	case from == through:
		b.Representative += n
	default:
		b.Liaison += n
	}
}

// BrokerageBy counts the roles of each node by the sectors given. In an
// undirected graph, where an edge leads both ways, each chain counts in both
// directions, so gatekeeper and representative are equal; R's sna does the
// same.
//
// Source: R. Gould, R. Fernandez, "Structures of mediation: a formal approach
// to brokerage in transaction networks", Sociological Methodology 19, 1989 (raw
// counts). It takes time by the common neighbours of tied nodes, not by pairs
// of neighbours, so hubs do no harm. Errors: those of the partition, or the
// context's.
func BrokerageBy(ctx context.Context, g *Graph, sectors Partition) ([]Brokerage, error) {
	if err := sectors.check(g.nodes); err != nil {
		return nil, err
	}
	out := make([]Brokerage, g.nodes)
	err := eachNode(ctx, g.nodes, func() func(int32) int {
		b := &broker{g: g, sector: sectors.Of, enter: make([]int64, sectors.Groups), leave: make([]int64, sectors.Groups), follows: make([]bool, g.nodes)}
		return func(v int32) int {
			b.work = 0
			out[v] = b.of(v)
			return b.work
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// broker counts all chains through a node by sector, and takes off those that
// lead back and those with an edge from end to end.
type broker struct {
	g            *Graph
	sector       []int32
	enter, leave []int64 // by sector: the nodes before and after
	follows      []bool  // whether the node comes after
	work         int
}

func (b *broker) of(v int32) (roles Brokerage) {
	before, after := b.g.in.row(v), b.g.out.row(v)
	if len(before) == 0 || len(after) == 0 {
		return roles
	}
	own := b.sector[v]
	for _, a := range before {
		b.enter[b.sector[a]]++
	}
	for _, c := range after {
		b.leave[b.sector[c]]++
		b.follows[c] = true
	}
	in, out := int64(len(before)), int64(len(after))
	inside, outside := b.enter[own], b.leave[own]
	for _, a := range before {
		if s := b.sector[a]; s != own {
			roles.Itinerant += b.leave[s] // once for each a, so the product in all
		}
	}
	roles.Coordinator = inside * outside
	roles.Gatekeeper = (in - inside) * outside
	roles.Representative = inside * (out - outside)
	roles.Liaison = (in-inside)*(out-outside) - roles.Itinerant
	for _, a := range before {
		if b.follows[a] {
			roles.add(b.sector[a], own, b.sector[a], -1)
		}
		b.closed(a, after, func(c int32) { roles.add(b.sector[a], own, b.sector[c], -1) })
	}
	for _, a := range before {
		b.enter[b.sector[a]] = 0
	}
	for _, c := range after {
		b.leave[b.sector[c]], b.follows[c] = 0, false
	}
	b.work += len(before) + len(after)
	return roles
}

// closed finds which of the nodes after the broker a has an edge to.
func (b *broker) closed(a int32, after []int32, found func(c int32)) {
	row := b.g.out.row(a)
	if look := len(after) * 16; look < len(row) {
		b.work += look
		for _, c := range after {
			if _, ok := slices.BinarySearch(row, c); ok {
				found(c)
			}
		}
		return
	}
	b.work += len(row)
	for _, c := range row {
		if b.follows[c] {
			found(c)
		}
	}
}

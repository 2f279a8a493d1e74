package analysis

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
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
	return brokerage(ctx, g, sectors, anySector, anySector)
}

// BrokerageBetween is [BrokerageBy], but counts only the chains that lead from a
// node of one sector to a node of another, or of the same. In an undirected
// graph a chain between two sectors counts once.
func BrokerageBetween(ctx context.Context, g *Graph, sectors Partition, from, to int32) ([]Brokerage, error) {
	for _, s := range []int32{from, to} {
		if s < 0 || int(s) >= sectors.Groups {
			return nil, network.Errorf(network.OutOfRange, "there is no sector %d of %d", s, sectors.Groups)
		}
	}
	return brokerage(ctx, g, sectors, from, to)
}

const anySector = -1

func brokerage(ctx context.Context, g *Graph, sectors Partition, from, to int32) ([]Brokerage, error) {
	if err := sectors.check(g.nodes); err != nil {
		return nil, err
	}
	out := make([]Brokerage, g.nodes)
	err := eachNode(ctx, g.nodes, func() func(int32) int {
		b := &broker{g: g, sector: sectors.Of, from: from, to: to, enter: make([]int64, sectors.Groups), leave: make([]int64, sectors.Groups), follows: make([]bool, g.nodes)}
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
	from, to     int32   // the sectors the chains lead between, or anySector
	first, last  []int32 // memory for the nodes of those
	enter, leave []int64 // by sector: the nodes before and after
	follows      []bool  // whether the node comes after
	work         int
}

func (b *broker) of(v int32) (roles Brokerage) {
	before, after := b.only(&b.first, b.g.in.row(v), b.from), b.only(&b.last, b.g.out.row(v), b.to)
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

// only keeps the nodes of a sector.
func (b *broker) only(memory *[]int32, row []int32, sector int32) []int32 {
	if sector == anySector {
		return row
	}
	b.work += len(row)
	*memory = (*memory)[:0]
	for _, v := range row {
		if b.sector[v] == sector {
			*memory = append(*memory, v)
		}
	}
	return *memory
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

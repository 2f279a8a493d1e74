package analysis

import (
	"context"

	"github.com/musubi-map/musubi/internal/network"
)

// Distances sums up how far some nodes are from all others, in hops. The
// slices have one element for each of Nodes.
type Distances struct {
	Nodes     []int32   // the nodes asked about, in the order asked
	Reached   []int32   // how many other nodes there is a way to
	Sum       []int64   // of the distances to them
	Inverse   []float64 // sum of 1/distance
	Farthest  []int32   // the greatest distance, 0 when none is reached
	Direction network.Direction
	total     int // nodes of the graph
}

// DistancesFrom measures the distances from the given nodes, nil for all, to
// the nodes at most maxHops away, 0 for no limit. Direction Out follows edges,
// In goes against them (so it measures from all others to the node), Both takes
// the undirected view.
//
// Several nodes are measured in one breadth-first search, which walks an edge
// for all of them at once (M. Then et al., "The more the merrier: efficient
// multi-source graph traversal", PVLDB 8, 2014). Errors: OUT_OF_RANGE, or the
// context's.
func DistancesFrom(ctx context.Context, g *Graph, d network.Direction, nodes []int32, maxHops int) (*Distances, error) {
	if err := g.checkNodes(nodes); err != nil {
		return nil, err
	}
	if maxHops < 0 {
		return nil, network.Errorf(network.OutOfRange, "the greatest distance cannot be %d hops", maxHops)
	}
	if nodes == nil {
		nodes = sample(g.nodes, 0, 0)
	}
	n := len(nodes)
	out := &Distances{
		Nodes: nodes, Direction: d, total: g.nodes,
		Reached: make([]int32, n), Sum: make([]int64, n), Inverse: make([]float64, n), Farthest: make([]int32, n),
	}
	err := inBlocks(ctx, n, waveWidth, func() func(int, int, int) error {
		w := newWave(ctx, g.view(d))
		return func(_, lo, hi int) error {
			return w.run(nodes[lo:hi], maxHops, func(hops int, found *[waveWidth]int32) {
				for i := range hi - lo {
					if k := found[i]; k > 0 {
						out.Reached[lo+i] += k
						out.Sum[lo+i] += int64(k) * int64(hops)
						out.Inverse[lo+i] += float64(k) / float64(hops)
						out.Farthest[lo+i] = int32(hops)
					}
				}
			})
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ReachWithin counts, for every node, the others at most so many hops away, 1 or
// more. Errors: those of [DistancesFrom].
func ReachWithin(ctx context.Context, g *Graph, d network.Direction, hops int) ([]int32, error) {
	if hops < 1 {
		return nil, network.Errorf(network.OutOfRange, "nothing is within %d hops", hops)
	}
	out, err := DistancesFrom(ctx, g, d, nil, hops)
	if err != nil {
		return nil, err
	}
	return out.Reached, nil
}

// Closeness is the reciprocal of the mean distance to the nodes reached, times
// the share of the others that is reached: (r/(n-1))·(r/Σd), 0 to 1, 0 when
// nothing is reached. In a network in pieces it ranks sensibly where the plain
// reciprocal does not.
//
// Source: S. Wasserman, K. Faust, "Social Network Analysis", 1994, p. 201
// (formula 5.22). NetworkX computes it with In for directed graphs.
func (d *Distances) Closeness() []float64 {
	out := make([]float64, len(d.Nodes))
	for i, sum := range d.Sum {
		if sum > 0 {
			r := float64(d.Reached[i])
			out[i] = r / float64(d.total-1) * (r / float64(sum))
		}
	}
	return out
}

// Harmonic is the mean of 1/distance over all other nodes, a node that is not
// reached counting 0: 0 to 1.
//
// Source: M. Marchiori, V. Latora, "Harmony in the small-world", Physica A 285,
// 2000. NetworkX gives it times n-1.
func (d *Distances) Harmonic() []float64 {
	out := make([]float64, len(d.Nodes))
	if d.total < 2 {
		return out
	}
	for i, sum := range d.Inverse {
		out[i] = sum / float64(d.total-1)
	}
	return out
}

// PathLengths are the distances within one component.
type PathLengths struct {
	Diameter int32   // the greatest distance between two nodes with a way
	Mean     float64 // over ordered pairs with a way, 0 without any
	Pairs    int64   // how many those are
}

// ByComponent sums up the distances by the groups of a partition, usually
// [Components]. It tells of the nodes measured only: measure all for the true
// diameter and mean. INVALID_VALUE when the partition is not of that graph.
func (d *Distances) ByComponent(p Partition) ([]PathLengths, error) {
	if err := p.check(d.total); err != nil {
		return nil, err
	}
	out, sums := make([]PathLengths, p.Groups), make([]int64, p.Groups)
	for i, v := range d.Nodes {
		c := p.Of[v]
		out[c].Diameter = max(out[c].Diameter, d.Farthest[i])
		out[c].Pairs += int64(d.Reached[i])
		sums[c] += d.Sum[i]
	}
	for c := range out {
		if out[c].Pairs > 0 {
			out[c].Mean = float64(sums[c]) / float64(out[c].Pairs)
		}
	}
	return out, nil
}

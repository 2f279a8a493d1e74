package analysis

import (
	"context"
	"math/bits"

	"github.com/musubi-map/musubi/internal/network"
)

// Dependence tells how much the others need one node to reach each other. Pairs
// are ordered pairs of two others that are connected, in the undirected view;
// in a sample, those that begin at a pivot.
type Dependence struct {
	Pairs  int64
	Lost   int64 // pairs without any path when the node is gone
	Longer int64 // pairs whose shortest path is longer then
}

// Share is the part of the pairs that lose their path or get a longer one, 0 to
// 1; 0 without pairs. Followed over time it tells whether a network learns to
// do without its founder.
func (d Dependence) Share() float64 {
	if d.Pairs == 0 {
		return 0
	}
	return float64(d.Lost+d.Longer) / float64(d.Pairs)
}

// DependenceOn measures it for one node by breadth-first searches with and
// without the node, side by side. Pivots, when above 0 and below the number of
// nodes, is how many nodes to search from, drawn by seed; otherwise all, which
// takes time nodes × edges / 256. Errors: OUT_OF_RANGE, or the context's.
func DependenceOn(ctx context.Context, g *Graph, node int32, pivots int, seed uint64) (Dependence, error) {
	if err := g.checkNodes([]int32{node}); err != nil {
		return Dependence{}, err
	}
	sources := sample(g.nodes, pivots, seed)
	blocks := make([]Dependence, (len(sources)+waveWidth-1)/waveWidth)
	err := inBlocks(ctx, len(sources), waveWidth, func() func(int, int, int) error {
		with, without := newWave(ctx, g.view(network.Both)), newWave(ctx, g.view(network.Both))
		return func(block, lo, hi int) error {
			from := make([]int32, 0, hi-lo)
			for _, v := range sources[lo:hi] {
				if v != node {
					from = append(from, v)
				}
			}
			return blocks[block].count(with, without, from, node)
		}
	})
	var out Dependence
	for _, b := range blocks {
		out.Pairs += b.Pairs
		out.Lost += b.Lost
		out.Longer += b.Longer
	}
	return out, err
}

// count runs both searches round by round: what the one has found and the other
// has not yet is later or lost. What is lost shows in the end.
func (d *Dependence) count(with, without *wave, from []int32, node int32) error {
	with.start(from)
	without.start(from)
	without.close(node)
	for len(with.front) > 0 {
		if err := with.round(); err != nil {
			return err
		}
		if err := without.round(); err != nil {
			return err
		}
		for _, v := range with.front {
			if v == node {
				continue
			}
			for i, now := range with.nodes[v].now {
				d.Pairs += int64(bits.OnesCount64(now))
				d.Longer += int64(bits.OnesCount64(now &^ without.nodes[v].seen[i]))
			}
		}
	}
	for len(without.front) > 0 {
		if err := without.round(); err != nil {
			return err
		}
	}
	for v := range with.nodes {
		if int32(v) == node {
			continue
		}
		for i, seen := range with.nodes[v].seen {
			d.Lost += int64(bits.OnesCount64(seen &^ without.nodes[v].seen[i]))
		}
	}
	d.Longer -= d.Lost
	return nil
}

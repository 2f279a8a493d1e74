package analysis

import (
	"context"
	"math"

	"github.com/musubi-map/musubi/internal/network"
)

// PageRankOptions says how [PageRank] walks.
type PageRankOptions struct {
	// Damping is the chance of following an edge, in 0…1; 0 stands for 0.85.
	Damping float64
	// Weighted follows edges in proportion to their weight.
	Weighted bool
}

const (
	pageRankDamping = 0.85
	// pageRankTolerance bounds the sum of all changes in the last round: ten
	// digits of a value of ordinary size are then right.
	pageRankTolerance = 1e-14
	pageRankRounds    = 1000
	// smallWork is the number of arcs below which a round is not worth sharing
	// out among cores.
	smallWork = 1 << 16
)

// PageRank is the share of time a walker spends at each node who follows an
// edge with chance d and otherwise, or from a node without outgoing edges,
// goes to any node at random. The values add up to 1. In an undirected graph
// edges are followed either way.
//
// Source: L. Page, S. Brin, R. Motwani, T. Winograd, "The PageRank citation
// ranking", 1999; dangling mass spread evenly, as NetworkX and igraph do.
// Errors: OUT_OF_RANGE for the damping, or the context's.
func PageRank(ctx context.Context, g *Graph, o PageRankOptions) ([]float64, error) {
	if o.Damping == 0 {
		o.Damping = pageRankDamping
	}
	if !(o.Damping > 0 && o.Damping < 1) {
		return nil, network.Errorf(network.OutOfRange, "the damping %v is not between 0 and 1", o.Damping)
	}
	if g.nodes == 0 {
		return nil, nil
	}
	w := newWalk(ctx, g, o)
	for range pageRankRounds {
		change, err := w.round()
		if err != nil {
			return nil, err
		}
		if change < pageRankTolerance {
			break
		}
	}
	return w.rank, nil
}

// walk holds, for each node, its rank and what it passes on along an edge of
// weight 1: rank × damping / out-weight.
type walk struct {
	ctx          context.Context
	in           *rows
	weighted     bool
	damping      float64
	share        []float64 // damping / out-weight, 0 for a dangling node
	rank         []float64
	pass, passed []float64 // of this round and the last
	size         int       // of a block
	parts        []part    // of each block
}

// part is what a block adds to the sums over all nodes.
type part struct{ change, dangling float64 }

func newWalk(ctx context.Context, g *Graph, o PageRankOptions) *walk {
	n := g.nodes
	w := &walk{
		ctx: ctx, in: g.in, weighted: o.Weighted, damping: o.Damping, share: make([]float64, n), rank: make([]float64, n),
		pass: make([]float64, n), passed: make([]float64, n), size: blockSize(n, len(g.in.to)),
	}
	w.parts = make([]part, (n+w.size-1)/w.size)
	for v := range n {
		leaving := float64(g.out.degree(int32(v)))
		if o.Weighted {
			leaving = 0
			for _, x := range g.out.weights(int32(v)) {
				leaving += x
			}
		}
		w.rank[v] = 1 / float64(n)
		if leaving > 0 {
			w.share[v] = o.Damping / leaving
		} else {
			w.parts[v/w.size].dangling += w.rank[v]
		}
		w.pass[v] = w.rank[v] * w.share[v]
	}
	return w
}

// blockSize gives one block when there is little work, many otherwise.
func blockSize(nodes, arcs int) int {
	if arcs < smallWork {
		return max(nodes, 1)
	}
	return (nodes + 63) / 64
}

// round gives every node its new rank and tells the sum of all changes.
func (w *walk) round() (float64, error) {
	dangling := 0.0
	for _, p := range w.parts {
		dangling += p.dangling
	}
	n := float64(len(w.rank))
	base := (1 - w.damping + w.damping*dangling) / n
	w.pass, w.passed = w.passed, w.pass
	err := inBlocksOf(w.ctx, len(w.rank), w.size, func(lo, hi int) {
		w.parts[lo/w.size] = w.block(lo, hi, base)
	})
	change := 0.0
	for _, p := range w.parts {
		change += p.change
	}
	return change, err
}

func (w *walk) block(lo, hi int, base float64) (p part) {
	passed := w.passed
	for v := lo; v < hi; v++ {
		sum := base
		row := w.in.row(int32(v))
		if w.weighted {
			for i, x := range w.in.weights(int32(v)) {
				sum += passed[row[i]] * x
			}
		} else {
			for _, u := range row {
				sum += passed[u]
			}
		}
		p.change += math.Abs(sum - w.rank[v])
		w.rank[v], w.pass[v] = sum, sum*w.share[v]
		if w.share[v] == 0 {
			p.dangling += sum
		}
	}
	return p
}

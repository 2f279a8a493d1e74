package analysis

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// BetweennessOptions says how [Betweenness] counts.
type BetweennessOptions struct {
	// Weighted takes 1/weight as the length of an edge; otherwise each is 1.
	Weighted bool
	// Undirected takes the undirected view of a directed graph.
	Undirected bool
	// Pivots, when above 0 and below the number of nodes, takes the shortest
	// paths from so many nodes only, drawn by Seed, and scales up.
	Pivots int
	Seed   uint64
	// From, when not nil, is the pivots themselves, in place of a draw.
	From []int32
}

// betweennessBlocks is how many sums are made apart before they are added up
// in order, so that the result does not depend on the number of cores; no more
// than so many cores are of use.
const betweennessBlocks = 16

// Betweenness is, for each node, the share of the shortest paths between two
// others that leads through it, over all pairs of others: Σ σ(s,t|v)/σ(s,t)
// divided by (n-1)(n-2)/2, by (n-1)(n-2) with direction. 0 to 1; 0 below three
// nodes.
//
// Exact it takes time nodes × edges. A sample of pivots gives an estimate
// without bias; its standard error falls with their square root.
//
// Source: U. Brandes, "A faster algorithm for betweenness centrality", J. Math.
// Sociology 25, 2001; for pivots "Centrality estimation in large networks",
// Int. J. Bifurcation and Chaos 17, 2007. Errors: OUT_OF_RANGE for a pivot that
// is no node or given twice, or the context's.
func Betweenness(ctx context.Context, g *Graph, o BetweennessOptions) ([]float64, error) {
	pivots, err := o.pivots(g)
	if err != nil || g.nodes < 3 || len(pivots) == 0 {
		return make([]float64, g.nodes), err
	}
	n := float64(g.nodes)
	return o.dependencies(ctx, g, pivots, nil, n/float64(len(pivots))/((n-1)*(n-2)))
}

// BetweennessBetween is, for each node, the share of the shortest paths from a
// node of from to a node of to that leads through it, over all pairs of the two,
// also those without a path: 0 to 1. The ends of a path do not count.
//
// Source: U. Brandes, "On variants of shortest-path betweenness centrality and
// their generic computation", Social Networks 30, 2008; NetworkX calls it the
// betweenness of a subset and does not divide. It takes time from × edges. Pivots, Seed and From of the options are not looked at. Errors:
// OUT_OF_RANGE for a node that is none or given twice, or the context's.
func BetweennessBetween(ctx context.Context, g *Graph, from, to []int32, o BetweennessOptions) ([]float64, error) {
	targets, pairs := make([]float64, g.nodes), len(from)*len(to)
	for _, nodes := range [][]int32{from, to} {
		if _, err := (BetweennessOptions{From: append([]int32{}, nodes...)}).pivots(g); err != nil {
			return nil, err
		}
	}
	for _, t := range to {
		targets[t] = 1
	}
	for _, s := range from {
		pairs -= int(targets[s]) // of itself
	}
	if pairs == 0 {
		return make([]float64, g.nodes), nil
	}
	return o.dependencies(ctx, g, from, targets, 1/float64(pairs))
}

// dependencies adds up those of the pivots, times scale. Targets, when not nil,
// has 1 for each node at which a path may end.
func (o BetweennessOptions) dependencies(ctx context.Context, g *Graph, pivots []int32, targets []float64, scale float64) ([]float64, error) {
	out := make([]float64, g.nodes)
	forward, back := g.out, g.in
	if o.Undirected {
		forward, back = g.both, g.both
	}
	size := (len(pivots) + betweennessBlocks - 1) / betweennessBlocks
	sums := make([][]float64, betweennessBlocks)
	progress := steps(ctx, len(pivots))
	err := blocks(ctx, len(pivots), size, func() func(int, int, int) error {
		from := newHopPaths(ctx, forward, back, targets).from
		if o.Weighted {
			from = newLengthPaths(ctx, forward, back, targets).from
		}
		return func(block, lo, hi int) error {
			sums[block] = make([]float64, g.nodes)
			for _, source := range pivots[lo:hi] {
				if err := from(source, sums[block]); err != nil {
					return err
				}
				progress.add(1)
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	for v := range out {
		for _, sum := range sums {
			if sum != nil {
				out[v] += sum[v]
			}
		}
		out[v] *= scale
	}
	return out, nil
}

func (o BetweennessOptions) pivots(g *Graph) ([]int32, error) {
	if o.From != nil {
		sorted := slices.Sorted(slices.Values(o.From))
		if len(slices.Compact(sorted)) < len(o.From) {
			return nil, network.Errorf(network.OutOfRange, "a pivot is given twice")
		}
		return o.From, g.checkNodes(o.From)
	}
	return sample(g.nodes, o.Pivots, o.Seed), nil
}

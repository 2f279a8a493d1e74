package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// scaleFree grows a network in which each new node ties itself to `each` others,
// the more probably the more ties they have (A.-L. Barabási, R. Albert, 1999).
func scaleFree(nodes, each int) []analysis.Edge {
	rng := rand.New(rand.NewPCG(1, 2))
	var edges []analysis.Edge
	var ends []int32
	for v := int32(0); v < int32(nodes); v++ {
		first := len(edges)
		for i := range int32(each) {
			to := i
			if v > int32(each) {
				to = ends[rng.IntN(len(ends))]
			}
			if to != v {
				edges = append(edges, analysis.Edge{From: v, To: to})
			}
		}
		for _, e := range edges[first:] {
			ends = append(ends, e.From, e.To)
		}
	}
	return edges
}

// ours is the network in our own form, and the nodes to start from.
type ours struct {
	ctx    context.Context
	graph  *analysis.Graph
	pivots []int32
}

func newOurs(o options, edges []analysis.Edge) (*ours, error) {
	g, err := analysis.NewGraph(o.nodes, edges, false)
	if err != nil {
		return nil, err
	}
	out := &ours{ctx: context.Background(), graph: g}
	for _, v := range rand.New(rand.NewPCG(3, 4)).Perm(o.nodes) {
		if o.pivots == 0 || len(out.pivots) < o.pivots {
			out.pivots = append(out.pivots, int32(v))
		}
	}
	return out, nil
}

// measure is one that is compared.
type measure struct {
	name string
	ours func(*ours) ([]float64, error)
	// judge says how far the answers of ours and igraph agree.
	judge func(ours, igraph []float64) string
}

var measures = []measure{
	{"betweenness", func(o *ours) ([]float64, error) {
		return analysis.Betweenness(o.ctx, o.graph, analysis.BetweennessOptions{From: o.pivots})
	}, greatestDifference},
	{"closeness", func(o *ours) ([]float64, error) {
		d, err := analysis.DistancesFrom(o.ctx, o.graph, network.Both, o.pivots, 0)
		if err != nil {
			return nil, err
		}
		return d.Closeness(), nil
	}, greatestDifference},
	{"PageRank", func(o *ours) ([]float64, error) {
		return analysis.PageRank(o.ctx, o.graph, analysis.PageRankOptions{})
	}, greatestDifference},
	{"communities", func(o *ours) ([]float64, error) {
		c, err := analysis.FindCommunities(o.ctx, o.graph, analysis.CommunityOptions{})
		if err != nil {
			return nil, err
		}
		return []float64{c.Modularity}, nil
	}, func(a, b []float64) string { return fmt.Sprintf("modularity %.4f, igraph %.4f", a[0], b[0]) }},
	{"constraint", func(o *ours) ([]float64, error) {
		h, err := analysis.Holes(o.ctx, o.graph, false)
		if err != nil {
			return nil, err
		}
		return h.Constraint, nil
	}, greatestDifference},
}

// greatestDifference is relative to the greatest value.
func greatestDifference(a, b []float64) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d values, igraph %d", len(a), len(b))
	}
	most, top := 0.0, 0.0
	for i := range a {
		most, top = max(most, math.Abs(a[i]-b[i])), max(top, math.Abs(b[i]))
	}
	return fmt.Sprintf("within %.0e", most/top)
}

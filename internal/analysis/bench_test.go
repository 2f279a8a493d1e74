package analysis

import (
	"fmt"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// scaleFree grows a network in which each new node ties itself to `each` nodes,
// the more probably the more ties those have (Barabási, Albert).
func scaleFree(nodes, each int, seed uint64) []Edge {
	random := newRandom(seed)
	var ends []int32
	var edges []Edge
	for v := int32(each); v < int32(nodes); v++ {
		for i := range each {
			to := int32(i)
			if len(ends) > 0 {
				to = ends[random.below(len(ends))]
			}
			edges = append(edges, Edge{From: v, To: to})
		}
		for _, e := range edges[len(edges)-each:] {
			ends = append(ends, e.From, e.To)
		}
	}
	return edges
}

// The size of a large town's map, and of a prefecture's. bench/ holds the same
// measures against igraph and NetworkX.
func benchmark(b *testing.B, f func(g *Graph)) {
	for _, size := range []struct {
		name  string
		nodes int
	}{{"5k", 5_000}, {"100k", 100_000}} {
		b.Run(size.name, func(b *testing.B) {
			if testing.Short() && size.nodes > 5_000 {
				b.Skip("large")
			}
			g := mustGraph(b, size.nodes, scaleFree(size.nodes, 5, 1), false)
			for b.Loop() {
				f(g)
			}
		})
	}
}

func BenchmarkNewGraph(b *testing.B) {
	edges := scaleFree(100_000, 5, 1)
	for b.Loop() {
		mustGraph(b, 100_000, edges, true)
	}
}

func BenchmarkBetweenness(b *testing.B) {
	benchmark(b, func(g *Graph) {
		o := BetweennessOptions{}
		if g.Len() > 10_000 {
			o.Pivots = 256
		}
		must(Betweenness(background, g, o))(b)
	})
}

func BenchmarkCloseness(b *testing.B) {
	benchmark(b, func(g *Graph) {
		must(DistancesFrom(background, g, network.Both, sample(g.Len(), 10_000, 1), 0))(b)
	})
}

func BenchmarkPageRank(b *testing.B) {
	benchmark(b, func(g *Graph) { must(PageRank(background, g, PageRankOptions{}))(b) })
}

func BenchmarkEigenvector(b *testing.B) {
	benchmark(b, func(g *Graph) { must(Eigenvector(background, g, false))(b) })
}

func BenchmarkCommunities(b *testing.B) {
	benchmark(b, func(g *Graph) { must(FindCommunities(background, g, CommunityOptions{}))(b) })
}

func BenchmarkHoles(b *testing.B) {
	benchmark(b, func(g *Graph) { must(Holes(background, g, false))(b) })
}

func BenchmarkBrokerage(b *testing.B) {
	benchmark(b, func(g *Graph) {
		p := Partition{Of: make([]int32, g.Len()), Groups: 10}
		for v := range p.Of {
			p.Of[v] = int32(v % 10)
		}
		must(BrokerageBy(background, g, p))(b)
	})
}

func BenchmarkCutPoints(b *testing.B) { benchmark(b, func(g *Graph) { CutPoints(g) }) }

func BenchmarkComponents(b *testing.B) { benchmark(b, func(g *Graph) { Components(g) }) }

func BenchmarkCoreness(b *testing.B) { benchmark(b, func(g *Graph) { Coreness(g) }) }

// warmNet is the same network with ties of mixed warmth.
func warmNet(b *testing.B, nodes int) *Net {
	edges := scaleFree(nodes, 5, 1)
	ties := make([]Tie, len(edges))
	kinds := network.TieKinds()
	for i, e := range edges {
		ties[i] = Tie{ID: network.ID(fmt.Sprint(i)), Kind: kinds[i%len(kinds)].Name, A: e.From, B: e.To, Strength: int8(i % 6)}
	}
	return mustNet(b, nodeIDs(nodes), ties)
}

func BenchmarkNewNet(b *testing.B) {
	for b.Loop() {
		warmNet(b, 20_000)
	}
}

func BenchmarkNearest(b *testing.B) {
	net := warmNet(b, 100_000)
	for b.Loop() {
		must(Nearest(background, net, []int32{77_777}, 6))(b)
	}
}

func BenchmarkBestPaths(b *testing.B) {
	net := warmNet(b, 100_000)
	for b.Loop() {
		must(Best(background, net, 77_777, 55_555, 10, 6, nil))(b)
	}
}

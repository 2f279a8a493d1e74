package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// drawGraph draws a small graph, with parallel edges and edges of a node to
// itself, and gives the edges too.
func drawGraph(t *rapid.T) (*Graph, []Edge) {
	nodes := rapid.SampledFrom([]int{9, 12, 6, 3, 1}).Draw(t, "nodes")
	many := rapid.SampledFrom([]int{nodes, 3 * nodes / 2, 2 * nodes, nodes / 2, 0}).Draw(t, "edges")
	directed := rapid.Bool().Draw(t, "directed")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	edges := make([]Edge, many)
	for i := range edges {
		edges[i] = Edge{rng.Int32N(int32(nodes)), rng.Int32N(int32(nodes)), float64(1 + rng.IntN(5))}
	}
	return mustGraph(t, nodes, edges, directed), edges
}

const apartHops = 1 << 20

// hopsBetween is the distance between all nodes, by Floyd and Warshall, when
// some are gone; apartHops without a way.
func hopsBetween(g *Graph, d network.Direction, gone ...int32) [][]int {
	out := make([][]int, g.Len())
	for v := range out {
		out[v] = make([]int, g.Len())
		for u := range out[v] {
			out[v][u] = apartHops
		}
		out[v][v] = 0
		for _, u := range g.Neighbors(int32(v), d) {
			out[v][u] = 1
		}
	}
	for _, v := range gone {
		for u := range out {
			out[v][u], out[u][v] = apartHops, apartHops
		}
	}
	for k := range out {
		for i := range out {
			for j := range out {
				out[i][j] = min(out[i][j], out[i][k]+out[k][j])
			}
		}
	}
	return out
}

// connectedPairs counts the pairs with a way, the nodes given left out.
func connectedPairs(hops [][]int, except ...int32) int64 {
	n := int64(0)
	for a := range hops {
		for b := range a {
			if hops[a][b] < apartHops && !slices.Contains(except, int32(a)) && !slices.Contains(except, int32(b)) {
				n++
			}
		}
	}
	return n
}

func TestComponentsAreTheNodesWithAWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		hops := hopsBetween(g, network.Both)
		p := Components(g)
		for a := range hops {
			for b := range hops {
				if (hops[a][b] < apartHops) != (p.Of[a] == p.Of[b]) {
					t.Fatalf("%d and %d: groups %d and %d, %d hops", a, b, p.Of[a], p.Of[b], hops[a][b])
				}
			}
		}
		if !slices.IsSortedFunc(p.Sizes(), func(a, b int) int { return b - a }) {
			t.Fatalf("the largest is not first: %v", p.Sizes())
		}
	})
}

func TestCutPointsSeparate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		points, _ := CutPoints(g)
		whole := hopsBetween(g, network.Both)
		for v := range int32(g.Len()) {
			lost := connectedPairs(whole, v) - connectedPairs(hopsBetween(g, network.Both, v), v)
			i := slices.IndexFunc(points, func(p CutPoint) bool { return p.Node == v })
			if i < 0 && lost != 0 || i >= 0 && points[i].Lost != lost {
				t.Fatalf("node %d loses %d pairs: %v", v, lost, points)
			}
		}
	})
}

func TestBridgesAreSingleTiesThatSeparate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, edges := drawGraph(t)
		_, bridges := CutPoints(g)
		before := Components(g).Groups
		var want []string
		for i, e := range edges {
			without := mustGraph(t, g.Len(), slices.Delete(slices.Clone(edges), i, i+1), g.Directed())
			if parts := Components(without); parts.Groups > before {
				side := parts.Sizes()[parts.Of[e.From]]
				want = append(want, fmt.Sprint(min(e.From, e.To), max(e.From, e.To), min(side, parts.Sizes()[parts.Of[e.To]])))
			}
		}
		var got []string
		for _, b := range bridges {
			got = append(got, fmt.Sprint(b.A, b.B, b.CutOff))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestWhatIsLostWithoutSome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		sectors := Partition{Of: make([]int32, g.Len()), Groups: 3}
		var remove []int32
		for v := range sectors.Of {
			sectors.Of[v] = int32(v % 3)
			if v%4 == 1 {
				remove = append(remove, int32(v))
			}
		}
		loss := must(WithoutNodes(g, remove, sectors))(t)
		whole, rest := hopsBetween(g, network.Both), hopsBetween(g, network.Both, remove...)
		pairs := connectedPairs(whole, remove...)
		if lost := pairs - connectedPairs(rest, remove...); loss.Pairs != pairs || loss.Lost != lost {
			t.Fatalf("%d of %d pairs lost, want %d of %d", loss.Lost, loss.Pairs, lost, pairs)
		}
		for a := range int32(3) {
			for b := a; b < 3; b++ {
				before, after := int64(0), int64(0)
				for v := range whole {
					for u := range v {
						x, y := min(sectors.Of[u], sectors.Of[v]), max(sectors.Of[u], sectors.Of[v])
						if x != a || y != b || v%4 == 1 || u%4 == 1 {
							continue
						}
						if whole[v][u] < apartHops {
							before++
						}
						if rest[v][u] < apartHops {
							after++
						}
					}
				}
				i := slices.IndexFunc(loss.Sectors, func(s SectorLoss) bool { return s.A == a && s.B == b })
				if before == after && i >= 0 || before > after && (i < 0 || loss.Sectors[i] != SectorLoss{a, b, before, after}) {
					t.Fatalf("sectors %d and %d: %d pairs, then %d: %v", a, b, before, after, loss.Sectors)
				}
			}
		}
		for v := range int32(g.Len()) {
			for s := range int32(3) {
				had, has := false, false
				for _, u := range g.Neighbors(v, network.Both) {
					had = had || sectors.Of[u] == s
					has = has || sectors.Of[u] == s && u%4 != 1
				}
				if want := v%4 != 1 && had && !has; slices.Contains(loss.Contacts, LostContact{v, s}) != want {
					t.Fatalf("node %d lost its contact in sector %d: %v, got %v", v, s, want, loss.Contacts)
				}
			}
		}
	})
}

func TestDependenceIsLostAndLongerPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		node := int32(rapid.IntRange(0, g.Len()-1).Draw(t, "node"))
		whole, rest := hopsBetween(g, network.Both), hopsBetween(g, network.Both, node)
		var want Dependence
		for a := range whole {
			for b := range whole {
				if a == b || int32(a) == node || int32(b) == node || whole[a][b] >= apartHops {
					continue
				}
				want.Pairs++
				switch {
				case rest[a][b] >= apartHops:
					want.Lost++
				case rest[a][b] > whole[a][b]:
					want.Longer++
				}
			}
		}
		if got := must(DependenceOn(background, g, node, 0, 0))(t); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestCoverageFindsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		maxHops := rapid.SampledFrom([]int{2, 1, 0, 3}).Draw(t, "hops")
		d := rapid.SampledFrom([]network.Direction{network.Out, network.In, network.Both}).Draw(t, "direction")
		hops := hopsBetween(g, d)
		var of, by []int32
		for v := range int32(g.Len()) {
			if v%2 == 0 {
				of = append(of, v)
			}
			if v%3 == 2 {
				by = append(by, v)
			}
		}
		for _, c := range must(Coverage(g, of, by, d, maxHops))(t) {
			want := Cover{c.Node, -1, -1}
			for _, u := range by {
				h := hops[c.Node][u]
				if h < apartHops && (maxHops == 0 || h <= maxHops) && (want.Hops < 0 || h < int(want.Hops)) {
					want = Cover{c.Node, int32(h), u}
				}
			}
			if c != want {
				t.Fatalf("got %+v, want %+v", c, want)
			}
		}
	})
}

// through counts, from the definition, the shares of the shortest paths that lead
// through each node, from each node marked in from to each marked in to.
func through(g *Graph, from, to []bool) []float64 {
	hops := hopsBetween(g, network.Out)
	var paths func(a, b int) float64
	paths = func(a, b int) float64 {
		if a == b {
			return 1
		}
		sum := 0.0
		for _, u := range g.Neighbors(int32(a), network.Out) {
			if hops[u][b]+1 == hops[a][b] {
				sum += paths(int(u), b)
			}
		}
		return sum
	}
	out := make([]float64, g.Len())
	for s := range from {
		for e := range to {
			for v := range out {
				if from[s] && to[e] && s != e && v != s && v != e && hops[s][e] < apartHops && hops[s][v]+hops[v][e] == hops[s][e] {
					out[v] += paths(s, v) * paths(v, e) / paths(s, e)
				}
			}
		}
	}
	return out
}

func TestBetweennessCountsShortestPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		n := g.Len()
		mark := func(name string) (marks []bool, nodes []int32) {
			marks = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, name)
			for v, in := range marks {
				if in {
					nodes = append(nodes, int32(v))
				}
			}
			return marks, nodes
		}
		from, sources := mark("from")
		to, targets := mark("to")
		pairs := 0
		for s := range from {
			for e := range to {
				if from[s] && to[e] && s != e {
					pairs++
				}
			}
		}
		all := slices.Repeat([]bool{true}, n)
		for _, c := range []struct {
			name      string
			got, want []float64
			pairs     int
		}{
			{"all", must(Betweenness(background, g, BetweennessOptions{}))(t), through(g, all, all), (n - 1) * (n - 2)},
			{"some", must(BetweennessBetween(background, g, sources, targets, BetweennessOptions{}))(t), through(g, from, to), pairs},
		} {
			for v := range c.got {
				if diff := c.got[v]*float64(c.pairs) - c.want[v]; diff > 1e-9 || diff < -1e-9 {
					t.Fatalf("%s, node %d: %v, want %v over %d", c.name, v, c.got[v], c.want[v], c.pairs)
				}
			}
		}
		if !g.Directed() { // with equal weights, lengths order paths as hops do
			var edges []Edge
			for v := range int32(n) {
				for _, u := range g.Neighbors(v, network.Out) {
					edges = append(edges, Edge{v, u, 1})
				}
			}
			even := mustGraph(t, n, edges, false)
			byLength := must(BetweennessBetween(background, even, sources, targets, BetweennessOptions{Weighted: true}))(t)
			for v, want := range must(BetweennessBetween(background, even, sources, targets, BetweennessOptions{}))(t) {
				if diff := byLength[v] - want; diff > 1e-12 || diff < -1e-12 {
					t.Fatalf("by length, node %d: %v, want %v", v, byLength[v], want)
				}
			}
		}
	})
}

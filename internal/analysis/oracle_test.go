package analysis

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// The values in testdata/oracle.json come from python-igraph and NetworkX by
// testdata/oracle.py; `make oracle` makes them anew.
type oracleCase struct {
	Network struct {
		Name               string
		Nodes              int
		Directed, Weighted bool
		Edges              [][3]float64
		Groups             []int32
	}
	Want oracleWant
}

type oracleWant struct {
	Degree, InDegree, OutDegree, Coreness []int32
	Strength                              []float64
	In, Out                               *oracleDistances
	ByComponent                           []struct {
		Diameter int32
		Mean     float64
	}
	Components        [][]int32
	CutPoints         [][4]int64
	Bridges           [][2]int32
	Brokerage         [][5]int64
	Mixing            [][]int64
	EI, Assortativity float64
	Density           float64
	Reciprocity       float64
	Modularity        struct{ Given, Best float64 }
	WhatIf            struct {
		Remove     []int32
		Components []int
	}
	AdamicAdar [][3]float64
	oracleValues
	Weighted *oracleValues
}

type oracleDistances struct {
	Reached, Farthest, Within2 []int32
	Closeness, Harmonic        []float64
}

type oracleValues struct {
	Betweenness, PageRank, Eigenvector []float64
	Constraint, EffectiveSize          []*float64
}

func oracle(t *testing.T, f func(t *testing.T, g *Graph, c oracleCase)) {
	t.Helper()
	text, err := os.ReadFile("testdata/oracle.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Cases []oracleCase }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Cases {
		t.Run(c.Network.Name, func(t *testing.T) {
			edges := make([]Edge, len(c.Network.Edges))
			for i, e := range c.Network.Edges {
				edges[i] = Edge{int32(e[0]), int32(e[1]), e[2]}
			}
			f(t, mustGraph(t, c.Network.Nodes, edges, c.Network.Directed), c)
		})
	}
}

func mustGraph(t interface {
	Helper()
	Fatal(...any)
}, nodes int, edges []Edge, directed bool) *Graph {
	t.Helper()
	g, err := NewGraph(nodes, edges, directed)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// must is for calls that cannot fail on the input at hand.
func must[T any](v T, err error) func(t interface {
	Helper()
	Fatal(...any)
}) T {
	return func(t interface {
		Helper()
		Fatal(...any)
	}) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func sameInts[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// near holds floats against the oracle's, within 1e-9, relatively above 1.
func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	for v := range got {
		bothNaN := math.IsNaN(got[v]) && math.IsNaN(want[v])
		if !bothNaN && !(math.Abs(got[v]-want[v]) <= 1e-9*max(1, math.Abs(want[v]))) {
			t.Errorf("%s of %d: %.12g, want %.12g", what, v, got[v], want[v])
			return
		}
	}
}

func orNaN(values []*float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.NaN()
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

var background = context.Background()

func TestDegreesAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		sameInts(t, "degree", Degree(g, network.Both), c.Want.Degree)
		near(t, "strength", Strength(g, network.Both), c.Want.Strength)
		if g.Directed() {
			sameInts(t, "in-degree", Degree(g, network.In), c.Want.InDegree)
			sameInts(t, "out-degree", Degree(g, network.Out), c.Want.OutDegree)
		}
		near(t, "density, reciprocity", []float64{Density(g), Reciprocity(g)}, []float64{c.Want.Density, c.Want.Reciprocity})
		sameInts(t, "coreness", Coreness(g), c.Want.Coreness)
	})
}

func TestDistancesAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		for d, want := range map[network.Direction]*oracleDistances{network.Out: c.Want.Out, network.In: c.Want.In} {
			if want == nil {
				continue
			}
			got := must(DistancesFrom(background, g, d, nil, 0))(t)
			sameInts(t, "reached", got.Reached, want.Reached)
			sameInts(t, "farthest", got.Farthest, want.Farthest)
			near(t, "closeness", got.Closeness(), want.Closeness)
			near(t, "harmonic", got.Harmonic(), want.Harmonic)
			sameInts(t, "within 2", must(ReachWithin(background, g, d, 2))(t), want.Within2)
		}
		all := must(DistancesFrom(background, g, network.Out, nil, 0))(t)
		for i, p := range must(all.ByComponent(Components(g)))(t) {
			want := c.Want.ByComponent[i]
			if p.Diameter != want.Diameter || math.Abs(p.Mean-want.Mean) > 1e-9 {
				t.Errorf("component %d: %+v, want %+v", i, p, want)
			}
		}
	})
}

func TestSpectralMeasuresAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		check := func(want oracleValues, weighted bool) {
			near(t, "PageRank", must(PageRank(background, g, PageRankOptions{Weighted: weighted}))(t), want.PageRank)
			near(t, "eigenvector", must(Eigenvector(background, g, weighted))(t), want.Eigenvector)
		}
		check(c.Want.oracleValues, false)
		if c.Want.Weighted != nil {
			check(*c.Want.Weighted, true)
		}
	})
}

func TestPositionsAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		check := func(want oracleValues, weighted bool) {
			near(t, "betweenness", must(Betweenness(background, g, BetweennessOptions{Weighted: weighted}))(t), want.Betweenness)
			h := must(Holes(background, g, weighted))(t)
			near(t, "constraint", h.Constraint, orNaN(want.Constraint))
			near(t, "effective size", h.EffectiveSize, orNaN(want.EffectiveSize))
		}
		check(c.Want.oracleValues, false)
		if c.Want.Weighted != nil {
			check(*c.Want.Weighted, true)
		}
	})
}

func TestCohesionAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		components := membersOf(Components(g))
		if !slices.EqualFunc(components, c.Want.Components, slices.Equal) {
			t.Errorf("components: %v, want %v", components, c.Want.Components)
		}
		points, bridges := CutPoints(g)
		var gotPoints [][4]int64
		for _, p := range points {
			gotPoints = append(gotPoints, [4]int64{int64(p.Node), int64(p.Parts), int64(p.CutOff), p.Lost})
		}
		sameInts(t, "cut points", gotPoints, c.Want.CutPoints)
		var gotBridges [][2]int32
		for _, b := range bridges {
			gotBridges = append(gotBridges, [2]int32{b.A, b.B})
		}
		sameInts(t, "bridges", gotBridges, c.Want.Bridges)
	})
}

func TestWhatIfAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		loss := must(WithoutNodes(g, c.Want.WhatIf.Remove, Partition{Of: c.Network.Groups, Groups: 4}))(t)
		sizes := c.Want.WhatIf.Components
		if loss.ComponentsAfter != len(sizes) || loss.LargestAfter != sizes[0] {
			t.Errorf("without %v: %d components, largest %d, want %v", c.Want.WhatIf.Remove, loss.ComponentsAfter, loss.LargestAfter, sizes)
		}
		var got [][3]float64
		var scores, want []float64
		for i, s := range must(SuggestTies(background, g, nil, nil, len(c.Want.AdamicAdar)))(t) {
			got = append(got, [3]float64{float64(s.A), float64(s.B)})
			scores, want = append(scores, s.Score), append(want, c.Want.AdamicAdar[i][2])
			c.Want.AdamicAdar[i][2] = 0
		}
		near(t, "score", scores, want)
		sameInts(t, "suggested", got, c.Want.AdamicAdar)
	})
}

func TestGroupsAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		groups := Partition{Of: c.Network.Groups, Groups: 4}
		var roles [][5]int64
		for _, b := range must(BrokerageBy(background, g, groups))(t) {
			roles = append(roles, [5]int64{b.Coordinator, b.Itinerant, b.Gatekeeper, b.Representative, b.Liaison})
		}
		sameInts(t, "brokerage", roles, c.Want.Brokerage)
		m := must(MixingBy(g, groups))(t)
		if !slices.EqualFunc(m.Edges, c.Want.Mixing, slices.Equal) {
			t.Errorf("mixing: %v, want %v", m.Edges, c.Want.Mixing)
		}
		near(t, "E-I, assortativity", []float64{m.EI(), m.Assortativity(false)}, []float64{c.Want.EI, c.Want.Assortativity})
	})
}

// Neither library proves its communities best; both draw lots. So the modularity
// of given groups must agree, and the best of many seeds be as good as igraph's.
func TestCommunitiesAgainstTheOracle(t *testing.T) {
	oracle(t, func(t *testing.T, g *Graph, c oracleCase) {
		weighted := c.Network.Weighted
		given := must(Modularity(g, Partition{Of: c.Network.Groups, Groups: 4}, weighted, 1))(t)
		near(t, "modularity", []float64{given}, []float64{c.Want.Modularity.Given})
		best := 0.0
		for seed := range uint64(400) {
			best = max(best, must(FindCommunities(background, g, CommunityOptions{Weighted: weighted, Seed: seed, Rounds: 10}))(t).Modularity)
		}
		if best < c.Want.Modularity.Best-1e-9 {
			t.Errorf("modularity %.6f at best, igraph %.6f", best, c.Want.Modularity.Best)
		}
	})
}

package analysis

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// x = A·x/λ, component by component.
func TestEigenvectorIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		x := must(Eigenvector(background, g, true))(t)
		if g.Edges() == 0 {
			if slices.Max(x) != 0 {
				t.Fatalf("without edges: %v", x)
			}
			return
		}
		top := slices.Index(x, slices.Max(x))
		image := func(v int) (sum float64) {
			for i, u := range g.both.row(int32(v)) {
				sum += g.both.weights(int32(v))[i] * x[u]
			}
			return sum
		}
		value := image(top)
		for v := range x {
			if math.Abs(image(v)-value*x[v]) > 1e-9*value {
				t.Fatalf("node %d: %v, want %v", v, image(v), value*x[v])
			}
		}
	})
}

func TestPageRankAddsUpToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		sum := 0.0
		for _, x := range must(PageRank(background, g, PageRankOptions{Weighted: true}))(t) {
			sum += x
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("the sum is %v", sum)
		}
	})
}

// Sixty groups of fifty, nine ties in ten within.
func TestCommunitiesThatArePlantedAreFound(t *testing.T) {
	random := newRandom(2)
	var edges []Edge
	for range 15_000 {
		a := random.below(3000)
		b := random.below(3000)
		if random.below(10) < 9 {
			b = a/50*50 + random.below(50)
		}
		edges = append(edges, Edge{From: int32(a), To: int32(b)})
	}
	g := mustGraph(t, 3000, edges, false)
	for seed := range uint64(3) {
		found := must(FindCommunities(background, g, CommunityOptions{Seed: seed}))(t)
		again := must(FindCommunities(background, g, CommunityOptions{Seed: seed}))(t)
		if !slices.Equal(found.Of, again.Of) {
			t.Errorf("seed %d gave two answers", seed)
		}
		strays := 0 // by chance a node may have more ties to another group
		for v := range found.Of {
			if found.Of[v] != found.Of[v/50*50] {
				strays++
			}
		}
		if found.Groups != 60 || strays > 3 {
			t.Errorf("seed %d: %d communities, want 60, and %d nodes not with their own", seed, found.Groups, strays)
		}
	}
}

func TestCommunitiesHangTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		o := CommunityOptions{Weighted: true, Seed: rapid.Uint64().Draw(t, "seed"), Resolution: rapid.SampledFrom([]float64{1, 0.5, 3}).Draw(t, "resolution")}
		c := must(FindCommunities(background, g, o))(t)
		whole := must(Modularity(g, Partition{Of: make([]int32, g.Len()), Groups: 1}, true, o.Resolution))(t)
		if c.Modularity < whole-1e-12 {
			t.Fatalf("all in one would be better: %v < %v", c.Modularity, whole)
		}
		for _, members := range membersOf(c.Partition) {
			inside := make([]bool, g.Len())
			for v := range inside {
				inside[v] = !slices.Contains(members, int32(v))
			}
			if parts := componentsWithout(g, inside); parts.Sizes()[parts.Of[members[0]]] != len(members) {
				t.Fatalf("the community %v is in pieces", members)
			}
		}
	})
}

// A go-between g (sector 0) who hears two schools (1) and passes on to a company
// (2) and a colleague (0), while one school knows the company itself.
func TestBrokerageOfAGoBetween(t *testing.T) {
	const g, school1, school2, company, colleague = 0, 1, 2, 3, 4
	edges := []Edge{{school1, g, 0}, {school2, g, 0}, {g, company, 0}, {g, colleague, 0}, {school1, company, 0}, {g, school2, 0}, {colleague, g, 0}}
	graph := mustGraph(t, 5, edges, true)
	sectors := Partition{Of: []int32{0, 1, 1, 2, 0}, Groups: 3}
	got := must(BrokerageBy(background, graph, sectors))(t)[g]
	// school2→g→company is liaison (school1 has its own way); both schools to
	// the colleague, gatekeeper; school1→g→school2 itinerant; colleague→g→company
	// and →school2, representative.
	want := Brokerage{Liaison: 1, Gatekeeper: 2, Itinerant: 1, Representative: 2}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The chains between every two sectors are all chains, and each is counted where
// it begins and ends.
func TestBrokerageBetweenSectorsAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t)
		sectors := thirds(g)
		all := must(BrokerageBy(background, g, sectors))(t)
		sum := make([]Brokerage, g.Len())
		for from := range int32(sectors.Groups) {
			for to := range int32(sectors.Groups) {
				for v, b := range must(BrokerageBetween(background, g, sectors, from, to))(t) {
					own := sectors.Of[v]
					if from != to && b.Coordinator+b.Itinerant > 0 || (own != from || own != to) && b.Coordinator > 0 || (own == from || own == to) && b.Liaison > 0 {
						t.Fatalf("node %d of sector %d between %d and %d: %+v", v, own, from, to, b)
					}
					s := &sum[v]
					*s = Brokerage{s.Coordinator + b.Coordinator, s.Itinerant + b.Itinerant, s.Gatekeeper + b.Gatekeeper, s.Representative + b.Representative, s.Liaison + b.Liaison}
				}
			}
		}
		if !slices.Equal(sum, all) {
			t.Fatalf("%v, added up %v", all, sum)
		}
	})
	if _, err := BrokerageBetween(background, mustGraph(t, 1, nil, false), Partition{Of: []int32{0}, Groups: 1}, 0, 1); network.CodeOf(err) != network.OutOfRange {
		t.Error(err)
	}
}

func TestMeasuresOfNothingAndOfOne(t *testing.T) {
	for _, nodes := range []int{0, 1, 2} {
		g := mustGraph(t, nodes, nil, nodes == 1)
		p := Partition{Of: make([]int32, nodes), Groups: 1}
		zero := make([]float64, nodes)
		near(t, "betweenness", must(Betweenness(background, g, BetweennessOptions{}))(t), zero)
		near(t, "eigenvector", must(Eigenvector(background, g, false))(t), zero)
		d := must(DistancesFrom(background, g, network.Out, nil, 0))(t)
		near(t, "closeness", d.Closeness(), zero)
		near(t, "harmonic", d.Harmonic(), zero)
		c := must(FindCommunities(background, g, CommunityOptions{}))(t)
		if c.Groups != nodes || c.Modularity != 0 || Density(g) != 0 || Reciprocity(g) != 0 {
			t.Errorf("%d nodes: %+v", nodes, c)
		}
		m := must(MixingBy(g, p))(t)
		if !math.IsNaN(m.EI()) || !math.IsNaN(m.Assortativity(true)) {
			t.Errorf("%d nodes: E-I %v, assortativity %v", nodes, m.EI(), m.Assortativity(true))
		}
		points, bridges := CutPoints(g)
		if len(points)+len(bridges)+len(Coreness(g)) != nodes {
			t.Errorf("%d nodes: %v %v", nodes, points, bridges)
		}
		for _, x := range must(Holes(background, g, false))(t).Constraint {
			if !math.IsNaN(x) {
				t.Errorf("constraint of a node alone: %v", x)
			}
		}
		if _, err := PageRank(background, g, PageRankOptions{}); err != nil {
			t.Error(err)
		}
		if got := must(SuggestTies(background, g, nil, nil, 3))(t); len(got) > 0 {
			t.Errorf("suggested %v", got)
		}
	}
}

func TestEIByGroupAndNode(t *testing.T) {
	g := mustGraph(t, 5, []Edge{{0, 1, 0}, {1, 2, 0}, {2, 1, 0}, {2, 3, 0}}, true)
	p := Partition{Of: []int32{0, 0, 1, 1, 1}, Groups: 3}
	near(t, "by node", must(EIOf(g, p))(t), []float64{-1, 0, 0, -1, math.NaN()})
	m := must(MixingBy(g, p))(t)
	near(t, "by group", m.EIByGroup(), []float64{1. / 3, 1. / 3, math.NaN()})
	near(t, "of all", []float64{m.EI()}, []float64{0})
}

func TestSuggestionsNameTheNeighbours(t *testing.T) {
	// 0 and 1 share 2 and 3; 3 knows others too, so 2 comes first.
	g := mustGraph(t, 6, []Edge{{0, 2, 0}, {1, 2, 0}, {0, 3, 0}, {1, 3, 0}, {3, 4, 0}, {3, 5, 0}}, false)
	got := must(SuggestTies(background, g, []int32{0}, []int32{1, 4}, 5))(t)
	if len(got) != 2 || got[0].B != 1 || !slices.Equal(got[0].Common, []int32{2, 3}) || got[1].B != 4 {
		t.Fatalf("got %+v", got)
	}
	near(t, "score", []float64{got[0].Score}, []float64{1/math.Log(2) + 1/math.Log(4)})
}

func TestMeasuresRefuse(t *testing.T) {
	g := mustGraph(t, 3, []Edge{{0, 1, 0}}, false)
	short, astray, many := Partition{Of: []int32{0}, Groups: 1}, Partition{Of: []int32{0, 1, 2}, Groups: 2}, Partition{Of: make([]int32, 3), Groups: MaxMixingGroups + 1}
	fails := func(_ any, err error) error { return err }
	for name, c := range map[string]struct {
		err  error
		want network.ErrorCode
	}{
		"edge to nowhere":       {fails(NewGraph(2, []Edge{{0, 2, 0}}, false)), network.OutOfRange},
		"negative weight":       {fails(NewGraph(2, []Edge{{0, 1, -1}}, false)), network.InvalidValue},
		"endless weight":        {fails(NewGraph(2, []Edge{{0, 1, math.Inf(1)}}, false)), network.InvalidValue},
		"no number":             {fails(NewGraph(2, []Edge{{0, 1, math.NaN()}}, false)), network.InvalidValue},
		"negative size":         {fails(NewGraph(-1, nil, false)), network.TooLarge},
		"groups of some nodes":  {fails(BrokerageBy(background, g, short)), network.InvalidValue},
		"group there is not":    {fails(MixingBy(g, astray)), network.OutOfRange},
		"too many groups":       {fails(MixingBy(g, many)), network.TooLarge},
		"distances from nobody": {fails(DistancesFrom(background, g, network.Out, []int32{3}, 0)), network.OutOfRange},
		"negative distance":     {fails(DistancesFrom(background, g, network.Out, nil, -1)), network.OutOfRange},
		"reach of nothing":      {fails(ReachWithin(background, g, network.Out, 0)), network.OutOfRange},
		"pivot twice":           {fails(Betweenness(background, g, BetweennessOptions{From: []int32{1, 1}})), network.OutOfRange},
		"pivot nobody":          {fails(Betweenness(background, g, BetweennessOptions{From: []int32{-1}})), network.OutOfRange},
		"damping":               {fails(PageRank(background, g, PageRankOptions{Damping: 1})), network.OutOfRange},
		"resolution":            {fails(FindCommunities(background, g, CommunityOptions{Resolution: -1})), network.OutOfRange},
		"remove nobody":         {fails(WithoutNodes(g, []int32{9}, many)), network.OutOfRange},
		"depend on nobody":      {fails(DependenceOn(background, g, 3, 0, 0)), network.OutOfRange},
		"cover nobody":          {fails(Coverage(g, []int32{0}, []int32{5}, network.Both, 2)), network.OutOfRange},
		"suggest none":          {fails(SuggestTies(background, g, nil, nil, 0)), network.OutOfRange},
	} {
		if got := network.CodeOf(c.err); got != c.want {
			t.Errorf("%s: %v, want code %s", name, c.err, c.want)
		}
	}
}

package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

var today = network.MustDate("2024-02-01")

// nodeIDs are n IDs whose order is not that of their numbers.
func nodeIDs(n int) []network.ID {
	ids := make([]network.ID, n)
	for i := range ids {
		ids[i] = network.ID(fmt.Sprintf("%03d-%d", (i*7+3)%101, i))
	}
	return ids
}

// drawTies draws a small network with parallel ties, self-ties and ties not to
// ask along. Few distinct costs make many equally good paths. The ends come from
// a seed: drawn one by one they would crowd at the small numbers.
func drawTies(t *rapid.T, nodes int) []Tie {
	many := rapid.SampledFrom([]int{4 * nodes, 3 * nodes, 2 * nodes, nodes, 0}).Draw(t, "ties")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	ties := make([]Tie, many)
	for i := range ties {
		ties[i] = Tie{
			ID:          network.ID(fmt.Sprintf("t%02d", (i*13)%97)),
			Kind:        []string{"KNOWS", "KNOWS", "KNOWS", "PART_OF"}[rng.IntN(4)],
			A:           rng.Int32N(int32(nodes)),
			B:           rng.Int32N(int32(nodes)),
			Strength:    []int8{0, 5}[rng.IntN(2)],
			LastContact: []network.PartialDate{network.Day(today), network.Day(today), {}}[rng.IntN(3)],
			DoNotAsk:    rng.IntN(8) == 0,
		}
	}
	return ties
}

func mustNet(t rapid.TB, nodes []network.ID, ties []Tie) *Net {
	t.Helper()
	net, err := NewNet(nodes, ties, today)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// allPaths lists every simple path that starts at from, by brute force, each
// hop along the best tie between the two, in the order promised.
func allPaths(nodes []network.ID, ties []Tie, from int32, maxHops int, avoid []int32) []Path {
	between := map[[2]int32]int{} // the best tie
	for i, t := range ties {
		if t.DoNotAsk || t.A == t.B {
			continue
		}
		for _, pair := range [][2]int32{{t.A, t.B}, {t.B, t.A}} {
			if old, ok := between[pair]; !ok || cmp.Or(
				cmp.Compare(WarmthOf(t, today).Cost(), WarmthOf(ties[old], today).Cost()), cmp.Compare(t.ID, ties[old].ID)) < 0 {
				between[pair] = i
			}
		}
	}
	var out []Path
	var walk func(p Path)
	walk = func(p Path) {
		out = append(out, Path{slices.Clone(p.Nodes), slices.Clone(p.Ties), p.Cost})
		if len(p.Ties) == maxHops {
			return
		}
		last := p.Nodes[len(p.Nodes)-1]
		for v := range int32(len(nodes)) {
			i, ok := between[[2]int32{last, v}]
			if ok && !slices.Contains(p.Nodes, v) && !slices.Contains(avoid, v) {
				walk(Path{append(p.Nodes, v), append(p.Ties, int32(i)), p.Cost + WarmthOf(ties[i], today).Cost()})
			}
		}
	}
	walk(Path{Nodes: []int32{from}})
	slices.SortFunc(out, func(a, b Path) int { return comparePaths(nodes, a, b) })
	return out
}

func comparePaths(nodes []network.ID, a, b Path) int {
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(len(a.Ties), len(b.Ties)),
		slices.CompareFunc(a.Nodes, b.Nodes, func(x, y int32) int { return cmp.Compare(nodes[x], nodes[y]) }))
}

func samePath(a, b Path) bool {
	return a.Cost == b.Cost && slices.Equal(a.Nodes, b.Nodes) && slices.Equal(a.Ties, b.Ties)
}

func TestNearestIsTheBestOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{7, 6, 4, 2, 1}).Draw(t, "nodes")
		nodes, ties := nodeIDs(n), drawTies(t, n)
		from := rapid.SliceOfN(rapid.Int32Range(0, int32(n-1)), 1, 3).Draw(t, "from")
		maxHops := rapid.SampledFrom([]int{6, 4, 3, 2, 1}).Draw(t, "hops")
		got, err := Nearest(context.Background(), mustNet(t, nodes, ties), from, maxHops)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int32]Path{}
		for _, source := range from {
			for _, p := range allPaths(nodes, ties, source, maxHops, nil) {
				last := p.Nodes[len(p.Nodes)-1]
				if old, ok := want[last]; !ok || comparePaths(nodes, p, old) < 0 {
					want[last] = p
				}
			}
		}
		if len(got.Nodes()) != len(want) {
			t.Fatalf("reached %d nodes, want %d", len(got.Nodes()), len(want))
		}
		for v, p := range want {
			if q, ok := got.Path(v); !ok || !samePath(p, q) {
				t.Fatalf("to %d: got %v, want %v", v, q, p)
			}
		}
		var costs []Cost
		for _, v := range got.Nodes() {
			c, _ := got.Cost(v)
			costs = append(costs, c)
		}
		if !slices.IsSorted(costs) {
			t.Fatalf("the nearest do not come first: %v", costs)
		}
	})
}

func TestBestPathsAreTheBestOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{7, 6, 5, 3, 2}).Draw(t, "nodes")
		nodes, ties := nodeIDs(n), drawTies(t, n)
		maxHops, k := rapid.SampledFrom([]int{6, 4, 3, 2, 1}).Draw(t, "hops"), rapid.SampledFrom([]int{12, 40, 3, 1}).Draw(t, "k")
		var avoid []int32
		for v := range int32(n - 2) {
			if rapid.IntRange(0, 4).Draw(t, "avoid") == 0 {
				avoid = append(avoid, v+1)
			}
		}
		from, to := int32(0), int32(n-1)
		got, err := Best(context.Background(), mustNet(t, nodes, ties), from, to, k, maxHops, avoid)
		if err != nil {
			t.Fatal(err)
		}
		var want []Path
		seen := map[string]bool{}
		for _, p := range allPaths(nodes, ties, from, maxHops, avoid) {
			set := slices.Sorted(slices.Values(p.Nodes))
			if p.Nodes[len(p.Nodes)-1] == to && len(want) < k && !seen[fmt.Sprint(set)] {
				seen[fmt.Sprint(set)] = true
				want = append(want, p)
			}
		}
		if !slices.EqualFunc(got, want, samePath) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	})
}

func TestAnotherTieNeverMakesAskingDearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{12, 8, 4, 2}).Draw(t, "nodes")
		nodes, ties := nodeIDs(n), drawTies(t, n)
		if len(ties) == 0 {
			t.Skip("no ties")
		}
		ended := rapid.IntRange(0, len(ties)-1).Draw(t, "ended")
		maxHops := rapid.SampledFrom([]int{6, 4, 3, 2, 1}).Draw(t, "hops")
		with, err := Nearest(context.Background(), mustNet(t, nodes, ties), []int32{0}, maxHops)
		if err != nil {
			t.Fatal(err)
		}
		without, err := Nearest(context.Background(), mustNet(t, nodes, slices.Delete(slices.Clone(ties), ended, ended+1)), []int32{0}, maxHops)
		if err != nil {
			t.Fatal(err)
		}
		for v := range int32(n) {
			dear, reached := without.Cost(v)
			if cheap, ok := with.Cost(v); reached && (!ok || cheap > dear) {
				t.Fatalf("node %d: %d with the tie, %d without", v, cheap, dear)
			}
		}
	})
}

func known(id string, a, b int32, strength int8) Tie {
	return Tie{ID: network.ID(id), Kind: "KNOWS", A: a, B: b, Strength: strength, LastContact: network.Day(today), Status: "CONFIRMED", Confidence: "HIGH"}
}

func TestTargetInTheLastLevel(t *testing.T) {
	ties := []Tie{known("1", 0, 1, 5), known("2", 1, 2, 5), known("3", 2, 3, 5), known("4", 3, 1, 5), known("5", 2, 2, 5)}
	net := mustNet(t, nodeIDs(4), ties[:3])
	if got, err := Best(context.Background(), net, 0, 3, 5, 2, nil); err != nil || got != nil {
		t.Errorf("within two hops: %v, %v", got, err)
	}
	got, err := Best(context.Background(), net, 0, 3, 5, 3, nil)
	if err != nil || len(got) != 1 || !slices.Equal(got[0].Nodes, []int32{0, 1, 2, 3}) || got[0].Cost != 3*MinCost {
		t.Errorf("within three hops: %v, %v", got, err)
	}
	got, err = Best(context.Background(), mustNet(t, nodeIDs(4), ties), 0, 3, 5, 3, nil)
	if err != nil || len(got) != 2 || !slices.Equal(got[0].Nodes, []int32{0, 1, 3}) {
		t.Errorf("with a cycle and a self-tie: %v, %v", got, err)
	}
}

// A hop limit may call for a dearer beginning than the cheapest.
func TestFewHopsMayCostMore(t *testing.T) {
	ties := []Tie{known("1", 0, 1, 5), known("2", 1, 2, 5), {ID: "3", Kind: "PART_OF", A: 0, B: 2, Strength: 1}, known("4", 2, 3, 5)}
	net := mustNet(t, nodeIDs(4), ties)
	for maxHops, want := range map[int][]int32{2: {0, 2, 3}, 3: {0, 1, 2, 3}} {
		near, err := Nearest(context.Background(), net, []int32{0}, maxHops)
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := near.Path(3); !ok || !slices.Equal(p.Nodes, want) {
			t.Errorf("%d hops: %v, want %v", maxHops, p.Nodes, want)
		}
	}
}

func TestParallelTiesGiveTheWarmest(t *testing.T) {
	ties := []Tie{known("d", 0, 1, 2), known("c", 1, 0, 4), known("b", 0, 1, 4), known("a", 0, 1, 5)}
	ties[3].DoNotAsk = true
	got, err := Best(context.Background(), mustNet(t, nodeIDs(2), ties), 0, 1, 9, 3, nil)
	if err != nil || len(got) != 1 || !slices.Equal(got[0].Ties, []int32{2}) {
		t.Errorf("got %v, %v, want the tie b alone", got, err)
	}
}

// Two hubs of 10,000 ties, one ask away from both ends.
func TestHubsOfTenThousandTies(t *testing.T) {
	const spokes = 10_000
	ties := []Tie{known("a", 0, 2, 5), known("b", 3, 1, 5)}
	for i := range int32(spokes) {
		ties = append(ties, known(fmt.Sprintf("x%05d", i), 2, 4+i, 3), known(fmt.Sprintf("y%05d", i), 4+i, 3, int8(1+i%5)))
	}
	net := mustNet(t, nodeIDs(spokes+4), ties)
	begin := time.Now()
	got, err := Best(context.Background(), net, 0, 1, 10, 4, nil)
	if err != nil || len(got) != 10 {
		t.Fatalf("%d paths, %v", len(got), err)
	}
	for i, p := range got {
		if p.Cost != got[0].Cost || len(p.Nodes) != 5 {
			t.Errorf("path %d: %v", i, p)
		}
	}
	if d := time.Since(begin); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestPathsRefuse(t *testing.T) {
	net := mustNet(t, nodeIDs(3), []Tie{known("1", 0, 1, 5)})
	ask := func(from, to int32, k, maxHops int, avoid ...int32) error {
		_, err := Best(context.Background(), net, from, to, k, maxHops, avoid)
		return err
	}
	_, twice := NewNet([]network.ID{"a", "a"}, nil, today)
	_, astray := NewNet(nodeIDs(2), []Tie{known("1", 0, 2, 5)}, today)
	_, nowhere := Nearest(context.Background(), net, []int32{-1}, 3)
	for name, c := range map[string]struct {
		err  error
		want network.ErrorCode
	}{
		"no hops":            {ask(0, 1, 1, 0), network.OutOfRange},
		"too many hops":      {ask(0, 1, 1, MaxHops+1), network.OutOfRange},
		"no paths":           {ask(0, 1, 0, 3), network.OutOfRange},
		"too many paths":     {ask(0, 1, MaxPaths+1, 3), network.OutOfRange},
		"no such node":       {ask(0, 3, 1, 3), network.OutOfRange},
		"nobody to avoid":    {ask(0, 1, 1, 3, 9), network.OutOfRange},
		"to oneself":         {ask(1, 1, 1, 3), network.InvalidValue},
		"avoid the target":   {ask(0, 1, 1, 3, 1), network.InvalidValue},
		"node twice":         {twice, network.Duplicate},
		"tie to nowhere":     {astray, network.OutOfRange},
		"asked by no node":   {nowhere, network.OutOfRange},
		"nothing the matter": {ask(0, 1, 1, 3, 2), ""},
	} {
		if got := network.CodeOf(c.err); got != c.want {
			t.Errorf("%s: %v, want code %q", name, c.err, c.want)
		}
	}
}

func TestPathsStopWithTheContext(t *testing.T) {
	ties := make([]Tie, 0, 40_000)
	for i := range int32(20_000) {
		ties = append(ties, known(fmt.Sprint(i), i, (i+1)%20_000, 1), known(fmt.Sprint("x", i), i, (i*37+11)%20_000, 2))
	}
	net := mustNet(t, nodeIDs(20_000), ties)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Nearest(ctx, net, []int32{0}, 30); !errors.Is(err, context.Canceled) {
		t.Errorf("Nearest: %v", err)
	}
	if _, err := Best(ctx, net, 0, 9_999, 10, 30, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Best: %v", err)
	}
}

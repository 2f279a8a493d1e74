package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Suggestion is a tie that is not there and might well be: the two have
// neighbours in common. A < B.
type Suggestion struct {
	A, B  int32
	Score float64
	// Common are the neighbours they share, those with the fewest neighbours,
	// which say the most, first; equally many, in order.
	Common []int32
}

// MaxSuggestions is the greatest number of ties [SuggestTies] gives.
const MaxSuggestions = 10_000

// SuggestTies finds the k pairs of nodes without a tie that have the best score
// by their common neighbours z: Σ 1/ln(degree of z), so a neighbour says the
// more the fewer others it knows. It takes the undirected view. from and to,
// unless nil, name the nodes that may stand at either end, say schools and
// companies. The best come first, equal ones in order of A and B.
//
// Source: L. Adamic, E. Adar, "Friends and neighbors on the Web", Social
// Networks 25, 2003. It takes time by the neighbours of neighbours of the nodes
// in from. Errors: OUT_OF_RANGE, or the context's.
func SuggestTies(ctx context.Context, g *Graph, from, to []int32, k int) ([]Suggestion, error) {
	if k < 1 || k > MaxSuggestions {
		return nil, network.Errorf(network.OutOfRange, "1 to %d ties can be suggested, not %d", MaxSuggestions, k)
	}
	starts, err := g.marks(from)
	if err != nil {
		return nil, err
	}
	ends, err := g.marks(to)
	if err != nil {
		return nil, err
	}
	size := max(16, g.nodes/256)
	found := make([][]Suggestion, g.nodes/size+1)
	err = inBlocks(ctx, g.nodes, size, func() func(int, int, int) error {
		s := &suggester{g: g, starts: starts, ends: ends, k: k, score: make([]int64, g.nodes), stop: stopper{ctx: ctx}}
		return func(block, lo, hi int) error {
			s.best, s.least = nil, 0
			for v := lo; v < hi; v++ {
				if err := s.from(int32(v)); err != nil {
					return err
				}
			}
			found[block] = firstOf(s.best, k)
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	best := firstOf(slices.Concat(found...), k)
	for i := range best {
		best[i].Common = g.common(best[i].A, best[i].B)
	}
	return best, nil
}

// marks tells for each node whether it is listed; nil lists all.
func (g *Graph) marks(nodes []int32) ([]bool, error) {
	out := make([]bool, g.nodes)
	for v := range out {
		out[v] = nodes == nil
	}
	if err := g.checkNodes(nodes); err != nil {
		return nil, err
	}
	for _, v := range nodes {
		out[v] = true
	}
	return out, nil
}

// firstOf sorts and keeps the first k.
func firstOf(s []Suggestion, k int) []Suggestion {
	slices.SortFunc(s, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return s[:min(k, len(s))]
}

// common lists the neighbours of both, the fewest ties first.
func (g *Graph) common(a, b int32) []int32 {
	var out []int32
	row := g.both.row(b)
	for _, z := range g.both.row(a) {
		if _, ok := slices.BinarySearch(row, z); ok {
			out = append(out, z)
		}
	}
	slices.SortStableFunc(out, func(x, y int32) int { return cmp.Compare(g.both.degree(x), g.both.degree(y)) })
	return out
}

// scoreUnit makes scores whole numbers while they are added up, so that the same
// sum in another order is equal.
const scoreUnit = 1 << 40

type suggester struct {
	g            *Graph
	starts, ends []bool
	k            int
	score        []int64 // of the nodes touched, in units of 1/scoreUnit
	touched      []int32
	best         []Suggestion
	least        float64 // what is below is not among the best k
	stop         stopper
}

// from looks at the pairs that a node may start; a pair that either end may
// start is left to the smaller.
func (s *suggester) from(a int32) error {
	if !s.starts[a] {
		return nil
	}
	rows := s.g.both
	for _, z := range rows.row(a) {
		row := rows.row(z)
		if err := s.stop.spend(len(row)); err != nil {
			return err
		}
		if len(row) < 2 {
			continue // knows nobody else
		}
		weight := int64(math.Round(scoreUnit / math.Log(float64(len(row)))))
		for _, b := range row {
			if s.score[b] == 0 {
				s.touched = append(s.touched, b)
			}
			s.score[b] += weight
		}
	}
	s.score[a] = 0
	for _, b := range rows.row(a) {
		s.score[b] = 0
	}
	for _, b := range s.touched {
		twice := s.starts[b] && s.ends[a]
		if s.score[b] > 0 && s.ends[b] && (!twice || a < b) {
			s.keep(Suggestion{A: min(a, b), B: max(a, b), Score: float64(s.score[b]) / scoreUnit})
		}
		s.score[b] = 0
	}
	s.touched = s.touched[:0]
	return nil
}

func (s *suggester) keep(x Suggestion) {
	if x.Score < s.least {
		return
	}
	s.best = append(s.best, x)
	if len(s.best) >= 4*s.k+64 {
		s.best = firstOf(s.best, s.k)
		s.least = s.best[len(s.best)-1].Score
	}
}

package analysis

import (
	"context"
	"math"
	"slices"
)

// StructuralHoles are Burt's measures of how much a node's contacts are tied
// to each other, one element per node, NaN for a node without any.
type StructuralHoles struct {
	// Constraint is Σ_j (p_ij + Σ_q p_iq·p_qj)² over the contacts j, p_ij being
	// the share of i's ties that go to j. High: i's contacts leave no gap to
	// broker.
	Constraint []float64
	// EffectiveSize is the number of contacts less their redundancy:
	// Σ_j (1 - Σ_q p_iq·m_jq), m_jq being j's tie to q over j's strongest tie.
	EffectiveSize []float64
}

// Holes computes both. Ties in either direction are added up: a_ij + a_ji,
// which without weighted is 1, or 2 for a pair of edges both ways. As in
// NetworkX, q runs over the contacts i and j have in common, j over i's own.
//
// Source: R. Burt, "Structural Holes", 1992, chapter 2. It takes time by the
// common neighbours of tied nodes. The only error is the context's.
func Holes(ctx context.Context, g *Graph, weighted bool) (*StructuralHoles, error) {
	n := g.nodes
	h := &holes{rows: g.both, weight: g.both.weight, total: make([]float64, n), most: make([]float64, n)}
	if !weighted {
		h.weight = g.mutual()
	}
	for v := range n {
		for _, w := range h.weight[g.both.start[v]:g.both.start[v+1]] {
			h.total[v] += w
			h.most[v] = max(h.most[v], w)
		}
	}
	out := &StructuralHoles{Constraint: make([]float64, n), EffectiveSize: make([]float64, n)}
	err := eachNode(ctx, n, func() func(int32) int {
		common := newOverlap(g.both, h.weight)
		return func(v int32) int {
			out.Constraint[v], out.EffectiveSize[v] = h.of(v, common)
			return common.work
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// mutual is, for each arc of the undirected view, how many edges there are
// between the two, not counting merged ones.
func (g *Graph) mutual() []float64 {
	out := make([]float64, len(g.both.to))
	for v := range int32(g.nodes) {
		for i := g.both.start[v]; i < g.both.start[v+1]; i++ {
			out[i] = 1
			if !g.directed {
				continue
			}
			_, leaves := slices.BinarySearch(g.out.row(v), g.both.to[i])
			_, enters := slices.BinarySearch(g.in.row(v), g.both.to[i])
			if leaves && enters {
				out[i] = 2
			}
		}
	}
	return out
}

type holes struct {
	rows        *rows
	weight      []float64
	total, most []float64 // of each node's weights
}

func (h *holes) of(v int32, common *overlap) (constraint, size float64) {
	row := h.rows.row(v)
	if len(row) == 0 {
		return math.NaN(), math.NaN()
	}
	weights := h.weight[h.rows.start[v]:h.rows.start[v+1]]
	share := 1 / h.total[v]
	common.mark(v, func(i int, q int32) (float64, float64) {
		p := weights[i] * share
		return p / h.total[q], p
	})
	for i, j := range row {
		indirect, redundant := common.sums(j)
		c := weights[i]*share + indirect
		constraint += c * c
		size += 1 - redundant/h.most[j]
	}
	common.unmark()
	return constraint, size
}

// overlap sums over the neighbours two nodes have in common. It marks those of
// one node and then walks those of the other, or looks up each in the other's
// row when that is much the longer.
type overlap struct {
	rows   *rows
	weight []float64
	first  []float64 // per node: the marks, 0 when not marked
	second []float64
	marked []int32
	work   int // since mark, for the stopper
}

func newOverlap(r *rows, weight []float64) *overlap {
	n := len(r.start) - 1
	return &overlap{rows: r, weight: weight, first: make([]float64, n), second: make([]float64, n)}
}

func (o *overlap) mark(v int32, value func(i int, q int32) (first, second float64)) {
	o.marked = o.rows.row(v)
	o.work = len(o.marked)
	for i, q := range o.marked {
		o.first[q], o.second[q] = value(i, q)
	}
}

func (o *overlap) unmark() {
	for _, q := range o.marked {
		o.first[q], o.second[q] = 0, 0
	}
}

// sums adds up mark × weight over the marked neighbours of j.
func (o *overlap) sums(j int32) (first, second float64) {
	start, row := o.rows.start[j], o.rows.row(j)
	if look := len(o.marked) * 16; look < len(row) {
		o.work += look
		for _, q := range o.marked {
			if i, ok := slices.BinarySearch(row, q); ok {
				w := o.weight[int(start)+i]
				first += o.first[q] * w
				second += o.second[q] * w
			}
		}
		return first, second
	}
	o.work += len(row)
	for i, q := range row {
		w := o.weight[int(start)+i]
		first += o.first[q] * w
		second += o.second[q] * w
	}
	return first, second
}

package analysis

import (
	"math"

	"github.com/musubi-map/musubi/internal/network"
)

// MaxMixingGroups is the greatest number of groups of a mixing matrix, which
// has an element for each two.
const MaxMixingGroups = 4096

// Mixing counts edges by the groups of their ends.
type Mixing struct {
	// Edges[a][b] is the number of edges from group a to group b, Weight[a][b]
	// the sum of their weights. Of an undirected graph both are symmetric, and
	// an edge within a group counts once.
	Edges    [][]int64
	Weight   [][]float64
	directed bool
}

// MixingBy makes the mixing matrix. Errors: those of the partition, TOO_LARGE
// above [MaxMixingGroups].
func MixingBy(g *Graph, p Partition) (*Mixing, error) {
	if err := p.check(g.nodes); err != nil {
		return nil, err
	}
	if p.Groups > MaxMixingGroups {
		return nil, network.Errorf(network.TooLarge, "a mixing matrix has at most %d groups, not %d", MaxMixingGroups, p.Groups)
	}
	m := &Mixing{Edges: make([][]int64, p.Groups), Weight: make([][]float64, p.Groups), directed: g.directed}
	for c := range p.Groups {
		m.Edges[c], m.Weight[c] = make([]int64, p.Groups), make([]float64, p.Groups)
	}
	for v := range int32(g.nodes) {
		weights := g.out.weights(v)
		for i, u := range g.out.row(v) {
			a, b := p.Of[v], p.Of[u]
			if !g.directed && a == b && u < v {
				continue // the same edge from its other end
			}
			m.Edges[a][b]++
			m.Weight[a][b] += weights[i]
		}
	}
	return m, nil
}

// EI is the E-I index, (external - internal)/(external + internal): -1 when all
// edges stay within groups, 1 when all cross; NaN without edges.
//
// Source: D. Krackhardt, R. Stern, "Informal networks and organizational
// crises", Social Psychology Quarterly 51, 1988.
func (m *Mixing) EI() float64 {
	external, internal := int64(0), int64(0)
	for a, row := range m.Edges {
		for b, n := range row {
			switch {
			case a == b:
				internal += n
			case m.directed || a < b:
				external += n
			}
		}
	}
	return float64(external-internal) / float64(external+internal)
}

// Assortativity tells how much edges join like with like, by the groups: 1 when
// all do, 0 when as many as by chance, at least -1; NaN without edges and when
// there is only one group to be in.
//
// Source: M. Newman, "Mixing patterns in networks", Phys. Rev. E 67, 2003,
// equation 2: (Σ e_ii - Σ a_i·b_i)/(1 - Σ a_i·b_i). weighted counts edges by
// their weight.
func (m *Mixing) Assortativity(weighted bool) float64 {
	k := len(m.Edges)
	from, to, total, same := make([]float64, k), make([]float64, k), 0.0, 0.0
	for a := range k {
		for b := range k {
			e := float64(m.Edges[a][b])
			if weighted {
				e = m.Weight[a][b]
			}
			if a == b {
				if !m.directed {
					e *= 2 // seen from both ends, as all others are
				}
				same += e
			}
			from[a] += e
			to[b] += e
			total += e
		}
	}
	if total == 0 {
		return math.NaN()
	}
	chance := 0.0
	for c := range k {
		chance += from[c] / total * (to[c] / total)
	}
	if chance >= 1 {
		return math.NaN()
	}
	return (same/total - chance) / (1 - chance)
}

// EIOf is the E-I index of each node by its own neighbours, in either
// direction, each counted once; NaN for a node without any.
// Errors: those of the partition.
func EIOf(g *Graph, p Partition) ([]float64, error) {
	if err := p.check(g.nodes); err != nil {
		return nil, err
	}
	out := make([]float64, g.nodes)
	for v := range out {
		external := 0
		row := g.both.row(int32(v))
		for _, u := range row {
			if p.Of[u] != p.Of[v] {
				external++
			}
		}
		out[v] = float64(2*external-len(row)) / float64(len(row))
	}
	return out, nil
}

// EIByGroup is the E-I index of each group: its edges to other groups against
// those within, in either direction; NaN for a group without any.
func (m *Mixing) EIByGroup() []float64 {
	out := make([]float64, len(m.Edges))
	for a := range m.Edges {
		external := int64(0)
		for b := range m.Edges {
			if a != b {
				external += m.Edges[a][b]
				if m.directed {
					external += m.Edges[b][a]
				}
			}
		}
		internal := m.Edges[a][a]
		out[a] = float64(external-internal) / float64(external+internal)
	}
	return out
}

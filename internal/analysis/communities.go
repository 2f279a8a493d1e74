package analysis

import (
	"context"
	"math"

	"github.com/musubi-map/musubi/internal/network"
)

// CommunityOptions says how [Communities] looks for them.
type CommunityOptions struct {
	// Weighted counts edges by their weight, otherwise each counts 1 (2 for a
	// pair both ways).
	Weighted bool
	// Resolution above 1 gives more and smaller communities, below 1 fewer;
	// 0 stands for 1.
	Resolution float64
	// Rounds is how often the whole method runs, each time from the result of
	// the last; 0 stands for 2, as in igraph. It ends when nothing changes.
	Rounds int
	// Seed draws the order of nodes. The same seed gives the same communities.
	Seed uint64
}

// Communities are groups of nodes with more edges among them than by chance.
type Communities struct {
	Partition          // the largest first, equally large ones by their first node
	Modularity float64 // of the partition, see [Modularity]
}

// FindCommunities looks for the partition of the greatest modularity by the
// Leiden method. It takes the undirected view. What it finds is good, not
// proven best, and depends on the seed; each community hangs together.
//
// Source: V. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden:
// guaranteeing well-connected communities", Sci. Rep. 9, 2019; the refinement
// takes the best merger instead of a random one. Errors: OUT_OF_RANGE for the
// options, or the context's.
func FindCommunities(ctx context.Context, g *Graph, o CommunityOptions) (*Communities, error) {
	if o.Resolution == 0 {
		o.Resolution = 1
	}
	if o.Rounds == 0 {
		o.Rounds = 2
	}
	if !(o.Resolution > 0) || math.IsInf(o.Resolution, 1) || o.Rounds < 0 {
		return nil, network.Errorf(network.OutOfRange, "no communities at resolution %v in %d rounds", o.Resolution, o.Rounds)
	}
	weight := g.both.weight
	if !o.Weighted {
		weight = g.mutual()
	}
	l := newLeiden(ctx, g.both, weight, o)
	of := make([]int32, g.nodes)
	for v := range of {
		of[v] = int32(v)
	}
	for range o.Rounds {
		changed, err := l.round(of)
		if err != nil {
			return nil, err
		}
		if !changed {
			break
		}
	}
	out := &Communities{Partition: bySize(of, g.nodes)}
	out.Modularity = modularity(g.both, weight, out.Partition, o.Resolution)
	return out, nil
}

// Modularity is how many more edges lie within groups than by chance:
// Q = Σ_c (w_c/2m - γ·(k_c/2m)²), w_c being twice the weight within group c,
// k_c the strength of its nodes, γ the resolution, usually 1. It is below 1,
// and 0 without edges. It takes the undirected view; weighted as in
// [CommunityOptions].
//
// Source: M. Newman, M. Girvan, Phys. Rev. E 69, 2004; with γ J. Reichardt, S.
// Bornholdt, Phys. Rev. E 74, 2006. Errors: those of the partition.
func Modularity(g *Graph, p Partition, weighted bool, resolution float64) (float64, error) {
	if err := p.check(g.nodes); err != nil {
		return 0, err
	}
	weight := g.both.weight
	if !weighted {
		weight = g.mutual()
	}
	return modularity(g.both, weight, p, resolution), nil
}

func modularity(r *rows, weight []float64, p Partition, resolution float64) float64 {
	inside, strength, total := make([]float64, p.Groups), make([]float64, p.Groups), 0.0
	for v, c := range p.Of {
		for i := r.start[v]; i < r.start[v+1]; i++ {
			w := weight[i]
			if p.Of[r.to[i]] == c {
				inside[c] += w
			}
			strength[c] += w
			total += w
		}
	}
	if total == 0 {
		return 0
	}
	q := 0.0
	for c := range inside {
		q += inside[c]/total - resolution*(strength[c]/total)*(strength[c]/total)
	}
	return q
}

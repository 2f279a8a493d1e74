package answer

import (
	"cmp"
	"context"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// Network is the network, or a part of it; what is selected of it is computed.
// needsHouses tells whether some of it asks for sectors by affiliation.
func (q *Question) Network(part plan.Part, m Mode, needsHouses bool) (*Answer, error) {
	l, err := q.load(part, needsHouses)
	if err != nil {
		return nil, err
	}
	v, err := q.view(part, l, m)
	if err != nil {
		return nil, err
	}
	return answer(l.revision, "Network", v.basis(map[string]any{
		"summary":     plan.Defer(func(plan.Args) (any, error) { return v.summary() }),
		"centrality":  plan.Defer(v.centrality),
		"communities": plan.Defer(v.communities),
		"brokerage":   plan.Defer(v.brokerage),
		"mixing":      plan.Defer(v.mixing),
		"cutpoints":   plan.Defer(v.cutpoints),
		"bridges":     plan.Defer(v.bridges),
		"components":  plan.Defer(v.components),
	}, wholeAlgorithm))
}

// sectors are those of a dimension, made once.
func (v *view) sectors(dimension string) (*sectors, error) {
	return measured(v, "sectors", dimension, func(context.Context) (*sectors, int64, error) {
		return v.l.sectorsBy(dimension), int64(4 * len(v.l.ids)), nil
	})
}

func (v *view) parts() (analysis.Partition, error) {
	return measured(v, "components", nil, func(context.Context) (analysis.Partition, int64, error) {
		return analysis.Components(v.g), int64(4 * len(v.l.ids)), nil
	})
}

// distances are those from every node, against the direction of ties, as
// closeness has it.
func (v *view) distances() (*analysis.Distances, error) {
	return measured(v, "distances", nil, func(ctx context.Context) (*analysis.Distances, int64, error) {
		d, err := analysis.DistancesFrom(ctx, v.g, network.In, nil, 0)
		return d, int64(28 * len(v.l.ids)), err
	})
}

func (v *view) coreness() ([]int32, error) {
	return measured(v, "coreness", nil, func(context.Context) ([]int32, int64, error) {
		return analysis.Coreness(v.g), int64(4 * len(v.l.ids)), nil
	})
}

func (v *view) summary() (any, error) {
	parts, err := v.parts()
	if err != nil {
		return nil, err
	}
	sizes := append(parts.Sizes(), 0) // the largest first
	single, degrees := 0, 0
	for _, d := range analysis.Degree(v.g, network.Both) {
		degrees += int(d)
		if d == 0 {
			single++
		}
	}
	n := len(v.l.ids)
	return object("NetworkSummary", map[string]any{
		"stakeholders": n, "ties": len(v.l.lines), "posts": v.l.posts, "pairs": v.g.Edges(),
		"density": real(analysis.Density(v.g)), "reciprocity": real(analysis.Reciprocity(v.g)), "meanDegree": real(float64(degrees) / float64(max(n, 1))),
		"components": parts.Groups, "largestComponent": sizes[0], "isolated": single,
		"diameter": v.lengths(func(d, _ any) any { return d }), "meanPath": v.lengths(func(_, mean any) any { return mean }),
		"degeneracy": plan.Defer(func(plan.Args) (any, error) {
			core, err := v.coreness()
			return int(slices.Max(append(core, 0))), err
		}),
		"algorithm": v.algorithm(summaryAlgorithm, nil),
	}), nil
}

// lengths defers the greatest and the mean distance of the whole network.
func (v *view) lengths(which func(diameter, mean any) any) any {
	return plan.Defer(func(plan.Args) (any, error) {
		lengths, err := v.pathLengths()
		if err != nil {
			return nil, err
		}
		var all analysis.PathLengths
		sum := 0.0
		for _, c := range lengths {
			all.Diameter = max(all.Diameter, c.Diameter)
			all.Pairs += c.Pairs
			sum += c.Mean * float64(c.Pairs)
		}
		if all.Pairs > 0 {
			all.Mean = sum / float64(all.Pairs)
		}
		return which(int(all.Diameter), real(all.Mean)), nil
	})
}

func (v *view) pathLengths() ([]analysis.PathLengths, error) {
	parts, err := v.parts()
	if err != nil {
		return nil, err
	}
	d, err := v.distances()
	if err != nil {
		return nil, err
	}
	return d.ByComponent(parts)
}

// component is one part that hangs together.
type component struct {
	nodes []int32
	pairs int
}

func (v *view) components(args plan.Args) (any, error) {
	parts, err := v.parts()
	if err != nil {
		return nil, err
	}
	numbers := make([]int32, parts.Groups)
	for i := range numbers {
		numbers[i] = int32(i)
	}
	shown, err := firstOf(v.q, numbers, args.Int("first"))
	if err != nil {
		return nil, err
	}
	found := make([]component, len(shown))
	for node, c := range parts.Of {
		if int(c) < len(found) {
			found[c].nodes = append(found[c].nodes, int32(node))
			found[c].pairs += len(v.g.Neighbors(int32(node), network.Out))
		}
	}
	return object("Components", map[string]any{
		"count": parts.Groups, "algorithm": v.algorithm(componentsOf, nil),
		"components": list(shown, func(i int32) any { return v.component(int(i), found[i]) }),
	}), nil
}

func (v *view) component(i int, c component) any {
	possible := float64(len(c.nodes)) * float64(len(c.nodes)-1)
	density := 0.0
	if possible > 0 {
		density = float64(c.pairs) / possible // both are of ordered pairs
	}
	if !v.directed {
		c.pairs /= 2
	}
	length := func(which func(analysis.PathLengths) any) any {
		return plan.Defer(func(plan.Args) (any, error) {
			lengths, err := v.pathLengths()
			if err != nil {
				return nil, err
			}
			return which(lengths[i]), nil
		})
	}
	return object("Component", map[string]any{
		"index": i + 1, "size": len(c.nodes), "pairs": c.pairs, "density": real(density), "members": v.members(c.nodes),
		"sectors": plan.Defer(func(args plan.Args) (any, error) {
			s, err := v.sectors(args.Str("by"))
			if err != nil {
				return nil, err
			}
			return s.shares(c.nodes), nil
		}),
		"diameter": length(func(p analysis.PathLengths) any { return int(p.Diameter) }),
		"meanPath": length(func(p analysis.PathLengths) any { return real(p.Mean) }),
	})
}

// members defers a list of stakeholders, cut to the argument first.
func (v *view) members(nodes []int32) any {
	return plan.Defer(func(args plan.Args) (any, error) {
		shown, err := firstOf(v.q, nodes, args.Int("first"))
		return v.l.holds(shown), err
	})
}

// byValue puts the nodes in order of a value, the highest first, equal ones by
// ID.
func byValue[N int | int64 | float64](l *loaded, value func(v int32) N) []int32 {
	return l.ordered(func(a, b int32) int { return cmp.Compare(value(b), value(a)) })
}

package answer

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// counting says which shortest paths count for betweenness: from how many pivots
// it is estimated (0: from all), or between which sectors.
type counting struct {
	pivots       int
	seed         uint64
	by, from, to string
}

func (c counting) params() map[string]any {
	switch {
	case c.pivots > 0:
		return map[string]any{"pivots": c.pivots, "seed": c.seed}
	case c.by != "":
		return map[string]any{"by": c.by, "from": c.from, "to": c.to}
	}
	return nil
}

func (v *view) centrality(args plan.Args) (any, error) {
	names := args.Strs("measures")
	c, order, err := v.centralityArgs(args, names)
	if err != nil {
		return nil, err
	}
	values := map[string][]float64{}
	for _, name := range append(slices.Clone(names), order) {
		if values[name] != nil {
			continue
		}
		found, err := v.measure(name, c)
		if err != nil {
			return nil, err
		}
		values[name] = digits(found)
	}
	ranking := v.ranking(order, values[order])
	rows, err := v.chosen(ranking, args)
	if err != nil {
		return nil, err
	}
	return object("CentralityTable", map[string]any{
		"totalCount": len(v.l.ids), "orderBy": order,
		"algorithms": list(names, func(name string) any {
			if name == "BETWEENNESS" {
				return v.algorithm(measureOf[name], c.params())
			}
			return v.algorithm(measureOf[name], nil)
		}),
		"rows": list(rows, func(r ranked) any {
			return object("CentralityRow", map[string]any{
				"rank": r.rank, "stakeholder": v.l.held(r.node),
				"values": list(names, func(name string) any {
					return object("CentralityValue", map[string]any{"measure": name, "value": real(values[name][r.node])})
				}),
			})
		}),
	}), nil
}

func (v *view) centralityArgs(args plan.Args, names []string) (c counting, order string, err error) {
	if len(names) == 0 || len(names) > len(measureOf) {
		return c, "", network.Errorf(network.OutOfRange, "give 1 to %d measures", len(measureOf)).At("measures")
	}
	pair := args.Object("between")
	switch {
	case args["pivots"] != nil && pair != nil:
		return c, "", network.Errorf(network.InvalidValue, "betweenness between sectors is not estimated: leave out pivots or between").At("pivots")
	case args["pivots"] != nil:
		if err := between("pivots", args.Int("pivots"), 1, math.MaxInt32); err != nil {
			return c, "", err
		}
		c = counting{pivots: int(args.Int("pivots")), seed: uint64(args.Int("seed"))}
	case pair != nil:
		c = counting{by: args.Str("by"), from: pair.Str("from"), to: pair.Str("to")}
	}
	if order = args.Str("orderBy"); order == "" {
		order = names[0]
	}
	return c, order, nil
}

// ranked is a node with its place.
type ranked struct {
	node int32
	rank int
}

// ranking puts the nodes in order of a measure: highest first, of constraint
// lowest; those without a value last. Equal values share a rank.
func (v *view) ranking(name string, values []float64) []ranked {
	sign := -1.0
	if name == "CONSTRAINT" {
		sign = 1
	}
	compare := func(a, b int32) int {
		x, y := values[a], values[b]
		if math.IsNaN(x) || math.IsNaN(y) {
			return cmp.Compare(y, x) // to cmp, NaN is less than any number
		}
		return cmp.Compare(sign*x, sign*y)
	}
	return rankedBy(v.l.ordered(compare), func(a, b int32) bool { return compare(a, b) == 0 })
}

func rankedBy(order []int32, same func(a, b int32) bool) []ranked {
	out := make([]ranked, len(order))
	for i, node := range order {
		out[i] = ranked{node, i + 1}
		if i > 0 && same(order[i-1], node) {
			out[i].rank = out[i-1].rank
		}
	}
	return out
}

// chosen are the rows to show: those of the stakeholders asked for, or the first.
func (v *view) chosen(all []ranked, args plan.Args) ([]ranked, error) {
	if args["of"] == nil {
		return firstOf(v.q, all, args.Int("first"))
	}
	wanted := map[int32]bool{}
	for i, id := range args.Strs("of") {
		node, known := v.l.at[network.ID(id)]
		if !known {
			return nil, network.Errorf(network.NotFound, "this stakeholder is not part of the network").At("of", strconv.Itoa(i))
		}
		wanted[node] = true
	}
	rows := slices.DeleteFunc(slices.Clone(all), func(r ranked) bool { return !wanted[r.node] })
	if most := v.q.Who.MaxFirst; len(rows) > most {
		return nil, network.Errorf(network.OutOfRange, "give at most %d ids", most).At("of")
	}
	return rows, nil
}

// measure is one value for each node.
func (v *view) measure(name string, c counting) ([]float64, error) {
	if name != "BETWEENNESS" {
		c = counting{}
	}
	if c.by != "" {
		return v.betweennessBetween(c)
	}
	switch name {
	case "CLOSENESS", "HARMONIC":
		d, err := v.distances()
		if err != nil {
			return nil, err
		}
		if name == "CLOSENESS" {
			return d.Closeness(), nil
		}
		return d.Harmonic(), nil
	case "CONSTRAINT", "EFFECTIVE_SIZE":
		h, err := v.holes()
		if err != nil {
			return nil, err
		}
		if name == "CONSTRAINT" {
			return h.Constraint, nil
		}
		return h.EffectiveSize, nil
	case "CORENESS":
		core, err := v.coreness()
		return floats(core), err
	}
	return measured(v, measureOf[name].name, c, func(ctx context.Context) ([]float64, int64, error) {
		values, err := v.compute(ctx, name, c)
		return values, int64(8 * len(values)), err
	})
}

func (v *view) betweennessBetween(c counting) ([]float64, error) {
	s, err := v.sectors(c.by)
	if err != nil {
		return nil, err
	}
	from, to, err := v.pair(s, plan.Args{"from": c.from, "to": c.to})
	if err != nil {
		return nil, err
	}
	return measured(v, "betweenness", c, func(ctx context.Context) ([]float64, int64, error) {
		values, err := analysis.BetweennessBetween(ctx, v.g, s.members(from), s.members(to), analysis.BetweennessOptions{Weighted: v.weighted})
		return values, int64(8 * len(values)), err
	})
}

func (v *view) holes() (*analysis.StructuralHoles, error) {
	return measured(v, "structural holes", nil, func(ctx context.Context) (*analysis.StructuralHoles, int64, error) {
		h, err := analysis.Holes(ctx, v.g, v.weighted)
		return h, int64(16 * len(v.l.ids)), err
	})
}

func (v *view) compute(ctx context.Context, name string, c counting) ([]float64, error) {
	switch name {
	case "DEGREE":
		return floats(analysis.Degree(v.g, network.Both)), nil
	case "IN_DEGREE":
		return floats(analysis.Degree(v.g, network.In)), nil
	case "OUT_DEGREE":
		return floats(analysis.Degree(v.g, network.Out)), nil
	case "STRENGTH":
		return analysis.Strength(v.g, network.Both), nil
	case "IN_STRENGTH":
		return analysis.Strength(v.g, network.In), nil
	case "OUT_STRENGTH":
		return analysis.Strength(v.g, network.Out), nil
	case "BETWEENNESS":
		return analysis.Betweenness(ctx, v.g, analysis.BetweennessOptions{Weighted: v.weighted, Pivots: c.pivots, Seed: c.seed})
	case "EIGENVECTOR":
		return analysis.Eigenvector(ctx, v.g, v.weighted)
	case "PAGERANK":
		return analysis.PageRank(ctx, v.g, analysis.PageRankOptions{Weighted: v.weighted})
	case "REACH_2":
		d, err := analysis.DistancesFrom(ctx, v.g, network.Out, nil, 2)
		if err != nil {
			return nil, err
		}
		return floats(d.Reached), nil
	}
	return nil, network.Errorf(network.Internal, "no measure %s", name)
}

func floats(values []int32) []float64 {
	out := make([]float64, len(values))
	for i, x := range values {
		out[i] = float64(x)
	}
	return out
}

// digits rounds as real does: what is equal but for the last bits shares a rank.
func digits(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, x := range values {
		out[i] = math.NaN()
		if y, ok := real(x).(float64); ok {
			out[i] = y
		}
	}
	return out
}

package answer

import (
	"cmp"
	"context"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// cuts are the cut points and bridges of a network, those that matter most
// first.
type cuts struct {
	points  []analysis.CutPoint
	bridges []analysis.Bridge
}

func (v *view) cuts() (cuts, error) {
	return measured(v, "cut points", nil, func(context.Context) (cuts, int64, error) {
		points, bridges := analysis.CutPoints(v.g)
		slices.SortStableFunc(points, func(a, b analysis.CutPoint) int { return cmp.Compare(b.Lost, a.Lost) })
		slices.SortStableFunc(bridges, func(a, b analysis.Bridge) int { return cmp.Compare(b.CutOff, a.CutOff) })
		return cuts{points, bridges}, int64(40*len(points) + 16*len(bridges)), nil
	})
}

func (v *view) cutpoints(args plan.Args) (any, error) {
	c, err := v.cuts()
	if err != nil {
		return nil, err
	}
	shown, err := firstOf(v.q, c.points, args.Int("first"))
	if err != nil {
		return nil, err
	}
	return object("CutPoints", map[string]any{
		"totalCount": len(c.points), "algorithm": v.algorithm(cutAlgorithm, nil),
		"points": list(shown, func(p analysis.CutPoint) any {
			return object("CutPoint", map[string]any{
				"stakeholder": v.l.held(p.Node), "parts": p.Parts, "cutOffCount": p.CutOff, "lostPairs": p.Lost,
				"cutOff": plan.Defer(func(args plan.Args) (any, error) { return v.without(p.Node, args.Int("first")) }),
			})
		}),
	}), nil
}

// without are those who are cut off when a node leaves.
func (v *view) without(node, first int32) (any, error) {
	if err := v.q.Ctx.Err(); err != nil {
		return nil, err
	}
	one := analysis.Partition{Of: make([]int32, len(v.l.ids)), Groups: 1}
	loss, err := analysis.WithoutNodes(v.g, []int32{node}, one)
	if err != nil {
		return nil, err
	}
	shown, err := firstOf(v.q, loss.CutOff, first)
	return v.l.holds(shown), err
}

func (v *view) bridges(args plan.Args) (any, error) {
	c, err := v.cuts()
	if err != nil {
		return nil, err
	}
	shown, err := firstOf(v.q, c.bridges, args.Int("first"))
	if err != nil {
		return nil, err
	}
	joins := map[[2]int32]line{}
	for _, b := range shown {
		joins[[2]int32{b.A, b.B}] = line{}
	}
	for _, t := range v.l.lines {
		pair := [2]int32{min(t.a, t.b), max(t.a, t.b)}
		if _, wanted := joins[pair]; wanted {
			joins[pair] = t
		}
	}
	return object("Bridges", map[string]any{
		"totalCount": len(c.bridges), "algorithm": v.algorithm(cutAlgorithm, nil),
		"bridges": list(shown, func(b analysis.Bridge) any { return v.bridge(b, joins[[2]int32{b.A, b.B}]) }),
	}), nil
}

func (v *view) bridge(b analysis.Bridge, t line) any {
	near, far := b.A, b.B
	side := v.side(far, near, b.CutOff)
	if len(side) != b.CutOff {
		near, far = far, near
		side = v.side(far, near, b.CutOff)
	}
	tie, seat := t.id, network.ID("")
	if t.post() {
		tie, seat = seat, tie
	}
	return object("Bridge", map[string]any{
		"near": v.l.held(near), "far": v.l.held(far), "tie": held(tie, network.TieRecord), "occupancy": held(seat, "Occupancy"),
		"cutOffCount": b.CutOff, "cutOff": v.members(side),
	})
}

// side are the nodes on one side of a bridge, the nearest first; one too many
// when there are more than expected.
func (v *view) side(from, across int32, size int) []int32 {
	seen := map[int32]bool{from: true, across: true}
	out := []int32{from}
	for i := 0; i < len(out); i++ {
		for _, u := range v.g.Neighbors(out[i], network.Both) {
			if len(out) > size {
				return out
			}
			if !seen[u] {
				seen[u] = true
				out = append(out, u)
			}
		}
	}
	return out
}

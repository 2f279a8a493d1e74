package answer

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

func (v *view) communities(args plan.Args) (any, error) {
	o := analysis.CommunityOptions{Weighted: v.weighted, Resolution: args.Float("resolution"), Seed: uint64(args.Int("seed"))}
	if !(o.Resolution > 0) {
		return nil, network.Errorf(network.OutOfRange, "resolution must be above 0").At("resolution")
	}
	found, err := measured(v, "communities", o, func(ctx context.Context) (*analysis.Communities, int64, error) {
		c, err := analysis.FindCommunities(ctx, v.g, o)
		return c, int64(4 * len(v.l.ids)), err
	})
	if err != nil {
		return nil, err
	}
	s, err := v.sectors(args.Str("by"))
	if err != nil {
		return nil, err
	}
	tables, all := v.tabulate(found.Partition, s)
	shown, err := firstOf(v.q, tables, args.Int("first"))
	if err != nil {
		return nil, err
	}
	return object("Communities", map[string]any{
		"count": found.Groups, "modularity": real(found.Modularity), "ei": all.ei(),
		"algorithm":   v.algorithm(communitiesOf, map[string]any{"seed": o.Seed, "resolution": o.Resolution}),
		"communities": list(shown, func(c *community) any { return v.community(c, s) }),
	}), nil
}

// community is one group with what its ties do.
type community struct {
	index        int
	nodes        []int32
	inner, outer int      // tied pairs within, and out of it
	within       crossing // the inner pairs by sector
}

// crossing counts tied pairs of the same group and of two.
type crossing struct{ internal, external int }

func (c crossing) ei() any {
	return real(float64(c.external-c.internal) / float64(c.external+c.internal))
}

func (c *crossing) add(same bool) {
	if same {
		c.internal++
	} else {
		c.external++
	}
}

// tabulate counts tied pairs, whatever their direction, by group and sector.
func (v *view) tabulate(p analysis.Partition, s *sectors) (out []*community, all crossing) {
	out = make([]*community, p.Groups)
	for i := range out {
		out[i] = &community{index: i + 1}
	}
	for a, c := range p.Of {
		own := out[c]
		own.nodes = append(own.nodes, int32(a))
		for _, b := range v.g.Neighbors(int32(a), network.Both) {
			if p.Of[b] != c {
				own.outer++
			}
			if int(b) <= a {
				continue // each pair once
			}
			all.add(p.Of[b] == c)
			if p.Of[b] == c {
				own.inner++
				own.within.add(s.Of[a] == s.Of[b])
			}
		}
	}
	return out, all
}

func (v *view) community(c *community, s *sectors) any {
	return object("Community", map[string]any{
		"index": c.index, "size": len(c.nodes), "innerPairs": c.inner, "outerPairs": c.outer, "ei": c.within.ei(), "sectors": s.shares(c.nodes),
		"members": plan.Defer(func(args plan.Args) (any, error) {
			shown, err := firstOf(v.q, v.byTiesWithin(c.nodes), args.Int("first"))
			return v.l.holds(shown), err
		}),
	})
}

// byTiesWithin orders a group by the strength of the ties each has in it.
func (v *view) byTiesWithin(nodes []int32) []int32 {
	strength := map[int32]int{}
	for _, n := range nodes {
		strength[n] = 0
	}
	for _, t := range v.l.lines {
		_, a := strength[t.a]
		_, b := strength[t.b]
		if a && b && t.a != t.b {
			strength[t.a] += int(max(t.strength, 1))
			strength[t.b] += int(max(t.strength, 1))
		}
	}
	out := slices.Clone(nodes)
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(strength[b], strength[a]) })
	return out
}

func (v *view) brokerage(args plan.Args) (any, error) {
	by := args.Str("by")
	s, err := v.sectors(by)
	if err != nil {
		return nil, err
	}
	params := map[string]any{"by": by}
	work := func(ctx context.Context) ([]analysis.Brokerage, error) {
		return analysis.BrokerageBy(ctx, v.g, s.Partition)
	}
	if between := args.Object("between"); between != nil {
		from, to, err := v.pair(s, between)
		if err != nil {
			return nil, err
		}
		params["from"], params["to"] = between.Str("from"), between.Str("to")
		work = func(ctx context.Context) ([]analysis.Brokerage, error) {
			if from == nobody || to == nobody {
				return make([]analysis.Brokerage, len(v.l.ids)), nil
			}
			return analysis.BrokerageBetween(ctx, v.g, s.Partition, from, to)
		}
	}
	found, err := measured(v, "brokerage", params, func(ctx context.Context) ([]analysis.Brokerage, int64, error) {
		b, err := work(ctx)
		return b, int64(40 * len(b)), err
	})
	if err != nil {
		return nil, err
	}
	of := roleCount(args.Str("role"))
	value := func(n int32) int64 { return of(found[n]) }
	order := byValue(v.l, value)
	brokers := slices.IndexFunc(append(slices.Clone(order), -1), func(n int32) bool { return n < 0 || value(n) == 0 })
	all := rankedBy(order[:brokers], func(a, b int32) bool { return value(a) == value(b) })
	shown, err := firstOf(v.q, all, args.Int("first"))
	if err != nil {
		return nil, err
	}
	return object("BrokerageTable", map[string]any{
		"totalCount": len(all), "algorithm": v.algorithm(brokerageOf, params),
		"rows": list(shown, func(r ranked) any { return v.broker(r, found[r.node], s) }),
	}), nil
}

// pair are the two sectors of an argument.
func (v *view) pair(s *sectors, between plan.Args) (from, to int32, err error) {
	if from, err = v.l.find(s, between.Str("from")); err != nil {
		return 0, 0, atArgument(err, "between", "from")
	}
	if to, err = v.l.find(s, between.Str("to")); err != nil {
		return 0, 0, atArgument(err, "between", "to")
	}
	return from, to, nil
}

func atArgument(err error, path ...string) error {
	if e, ok := err.(*network.Error); ok {
		return e.At(path...)
	}
	return err
}

func (v *view) broker(r ranked, b analysis.Brokerage, s *sectors) any {
	return object("BrokerageRow", map[string]any{
		"rank": r.rank, "stakeholder": v.l.held(r.node), "sector": s.sector(s.Of[r.node]),
		"coordinator": b.Coordinator, "itinerant": b.Itinerant, "gatekeeper": b.Gatekeeper, "representative": b.Representative, "liaison": b.Liaison, "total": b.Total(),
	})
}

func roleCount(role string) func(analysis.Brokerage) int64 {
	switch role {
	case "COORDINATOR":
		return func(b analysis.Brokerage) int64 { return b.Coordinator }
	case "ITINERANT":
		return func(b analysis.Brokerage) int64 { return b.Itinerant }
	case "GATEKEEPER":
		return func(b analysis.Brokerage) int64 { return b.Gatekeeper }
	case "REPRESENTATIVE":
		return func(b analysis.Brokerage) int64 { return b.Representative }
	case "LIAISON":
		return func(b analysis.Brokerage) int64 { return b.Liaison }
	}
	return analysis.Brokerage.Total
}

func (v *view) mixing(args plan.Args) (any, error) {
	s, err := v.sectors(args.Str("by"))
	if err != nil {
		return nil, err
	}
	m, err := measured(v, "mixing", s.dimension, func(context.Context) (*analysis.Mixing, int64, error) {
		m, err := analysis.MixingBy(v.g, s.Partition)
		return m, int64(16 * s.Groups * s.Groups), err
	})
	if err != nil {
		return nil, err
	}
	sizes, ei := s.Sizes(), m.EIByGroup()
	rows := make([]any, s.Groups)
	var cells []any
	for a := range s.Groups {
		rows[a] = object("MixingSector", map[string]any{"sector": s.sector(int32(a)), "stakeholders": sizes[a], "ei": real(ei[a])})
		for b := range s.Groups {
			if m.Edges[a][b] == 0 || !v.directed && b < a {
				continue
			}
			cells = append(cells, object("MixingCell", map[string]any{
				"from": s.sector(int32(a)), "to": s.sector(int32(b)), "pairs": int(min(m.Edges[a][b], math.MaxInt32)), "strength": real(m.Weight[a][b]),
			}))
		}
	}
	return object("Mixing", map[string]any{
		"sectors": rows, "cells": anys(cells), "ei": real(m.EI()), "assortativity": real(m.Assortativity(v.weighted)),
		"algorithm": v.algorithm(mixingOf, map[string]any{"by": s.dimension}),
	}), nil
}

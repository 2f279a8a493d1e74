package answer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// overTime is a network read for a range of days, with what it is on some of
// them.
type overTime struct {
	whole *loaded
	on    []*loaded // in the order of the days asked for
}

// loadOverTime reads a network for all days from the first to the last of some.
func (q *Question) loadOverTime(part plan.Part, houses bool, days []network.Date) (*overTime, error) {
	what := fmt.Sprint("over time ", days, jsonText(part.Given), houses)
	l, _, err := kept(q, what, func(q *Question) (*overTime, int64, int64, error) {
		during := &network.DateRange{From: slices.Min(days), Until: slices.Max(days).AddDays(1)}
		a := q.networkQuery(part, houses, during)
		revision, err := q.run(a.Query)
		if err != nil {
			return nil, 0, 0, err
		}
		out := &overTime{whole: a.loaded(revision, part.Posts)}
		bytes := out.whole.bytes()
		for _, day := range days {
			if err := q.Ctx.Err(); err != nil {
				return nil, 0, 0, err
			}
			then := out.whole.on(day)
			out.on = append(out.on, then)
			bytes += then.bytes()
		}
		return out, revision, bytes, nil
	})
	return l, err
}

// NetworkDiff is what changed between two days; the question is as of the later.
func (q *Question) NetworkDiff(part plan.Part, before string, after network.Date, by string) (*Answer, error) {
	day, err := network.ParseDate(before)
	if err != nil {
		return nil, atArgument(err, "before")
	}
	if day > after {
		return nil, network.Errorf(network.InvalidValue, "before is after after: give the earlier day first").At("before")
	}
	l, err := q.loadOverTime(part, houses(by), []network.Date{day, after})
	if err != nil {
		return nil, err
	}
	d := &difference{q: q, l: l.whole, lines: map[network.ID]line{}}
	if d.Diff, err = analysis.Compare(l.on[0].snapshot(), l.on[1].snapshot()); err != nil {
		return nil, err
	}
	for _, t := range l.whole.lines {
		d.lines[t.id] = t
	}
	views := make([]*view, 2)
	for i, then := range l.on {
		if views[i], err = q.view(part, then, Mode{}); err != nil {
			return nil, err
		}
	}
	values := d.values(l.whole.sectorsBy(by))
	values["before"], values["after"] = day.String(), after.String()
	values["summaryBefore"] = plan.Defer(func(plan.Args) (any, error) { return views[0].summary() })
	values["summaryAfter"] = plan.Defer(func(plan.Args) (any, error) { return views[1].summary() })
	return answer(l.whole.revision, "NetworkDiff", views[1].basis(values, differenceOf))
}

// snapshot is the network without posts, to be compared.
func (l *loaded) snapshot() analysis.Snapshot {
	s := analysis.Snapshot{Nodes: l.ids}
	for _, t := range l.lines {
		if !t.post() {
			s.Ties = append(s.Ties, analysis.Tie{ID: t.id, Kind: t.kind, A: t.a, B: t.b, Strength: t.strength})
		}
	}
	return s
}

// difference lays out what changed.
type difference struct {
	*analysis.Diff
	q     *Question
	l     *loaded
	lines map[network.ID]line
}

func (d *difference) values(s *sectors) map[string]any {
	return map[string]any{
		"counts": object("NetworkDiffCounts", map[string]any{
			"stakeholdersBegun": len(d.NodesBegun), "stakeholdersEnded": len(d.NodesEnded),
			"tiesBegun": len(d.TiesBegun), "tiesEnded": len(d.TiesEnded), "tiesChanged": len(d.TiesChanged),
		}),
		"stakeholdersBegun": d.shown(d.NodesBegun, network.StakeholderInterface), "stakeholdersEnded": d.shown(d.NodesEnded, network.StakeholderInterface),
		"tiesBegun": d.shown(d.strongest(d.TiesBegun), network.TieRecord), "tiesEnded": d.shown(d.strongest(d.TiesEnded), network.TieRecord),
		"tiesChanged": plan.Defer(func(args plan.Args) (any, error) {
			shown, err := firstOf(d.q, d.TiesChanged, args.Int("first"))
			return list(shown, func(c analysis.TieChange) any {
				return object("ChangedTie", map[string]any{"before": held(c.Before, network.TieRecord), "after": held(c.After, network.TieRecord)})
			}), err
		}),
		"sectors": d.bySector(s),
	}
}

func (d *difference) shown(ids []network.ID, typeName string) any {
	return plan.Defer(func(args plan.Args) (any, error) {
		shown, err := firstOf(d.q, ids, args.Int("first"))
		return holds(shown, typeName), err
	})
}

func (d *difference) strongest(ties []network.ID) []network.ID {
	out := slices.Clone(ties)
	slices.SortStableFunc(out, func(a, b network.ID) int { return cmp.Compare(d.lines[b].strength, d.lines[a].strength) })
	return out
}

// bySector counts what began and ended between sectors, whichever is subject.
func (d *difference) bySector(s *sectors) []any {
	count := map[[2]int32]*[2]int{}
	add := func(ties []network.ID, which int) {
		for _, id := range ties {
			t := d.lines[id]
			a, b := s.Of[t.a], s.Of[t.b]
			pair := [2]int32{min(a, b), max(a, b)}
			if count[pair] == nil {
				count[pair] = new([2]int)
			}
			count[pair][which]++
		}
	}
	add(d.TiesBegun, 0)
	add(d.TiesEnded, 1)
	pairs := make([][2]int32, 0, len(count))
	for p := range count {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(p, q [2]int32) int {
		x, y := count[p], count[q]
		return cmp.Or(cmp.Compare(y[0]+y[1], x[0]+x[1]), slices.Compare(p[:], q[:]))
	})
	return list(pairs, func(p [2]int32) any {
		return object("SectorChange", map[string]any{"a": s.sector(p[0]), "b": s.sector(p[1]), "begun": count[p][0], "ended": count[p][1]})
	})
}

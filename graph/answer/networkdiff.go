package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// loadOverTime reads a network for all days from the first to the last of some.
func (q *Question) loadOverTime(part plan.Part, houses bool, days []network.Date) (*loaded, error) {
	first, last := slices.Min(days), slices.Max(days)
	l, _, err := kept(q, "network over time", fmt.Sprint(first, last, jsonText(part.Given), houses), func(q *Question) (*loaded, int64, int64, error) {
		a := q.networkQuery(part, houses, &network.DateRange{From: first, Until: last.AddDays(1)})
		revision, err := q.run(a.Query)
		if err != nil {
			return nil, 0, 0, err
		}
		l := a.loaded(revision, part.Posts)
		return l, revision, l.bytes(), nil
	})
	return l, err
}

// then is a network that was read for a range of days as of one of them.
func (v *view) then(day network.Date) (*view, error) {
	l, err := measured(v, "as of", day, func(context.Context) (*loaded, int64, error) {
		l := v.l.on(day)
		return l, l.bytes(), nil
	})
	if err != nil {
		return nil, err
	}
	return v.q.view(v.part, l, Mode{})
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
	whole := &view{q: q, part: part, l: l}
	views := make([]*view, 2)
	for i, day := range []network.Date{day, after} {
		if views[i], err = whole.then(day); err != nil {
			return nil, err
		}
	}
	d := &difference{q: q, l: l, lines: map[network.ID]line{}}
	if d.Diff, err = analysis.Compare(views[0].l.snapshot(), views[1].l.snapshot()); err != nil {
		return nil, err
	}
	for _, t := range l.lines {
		d.lines[t.id] = t
	}
	values := d.values(l.sectorsBy(by))
	values["before"], values["after"] = day.String(), after.String()
	values["summaryBefore"] = plan.Defer(func(plan.Args) (any, error) { return views[0].summary() })
	values["summaryAfter"] = plan.Defer(func(plan.Args) (any, error) { return views[1].summary() })
	return answer(l.revision, "NetworkDiff", views[1].basis(values, differenceOf))
}

// snapshot is the network, to be compared. Posts are ties without kind, so that
// who changes posts within an organisation stays tied to it.
func (l *loaded) snapshot() analysis.Snapshot {
	s := analysis.Snapshot{Nodes: l.ids, Ties: make([]analysis.Tie, len(l.lines))}
	for i, t := range l.lines {
		s.Ties[i] = analysis.Tie{ID: t.id, Kind: t.kind, A: t.a, B: t.b, Strength: t.strength}
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
	tiesBegun, postsBegun := d.apart(d.TiesBegun)
	tiesEnded, postsEnded := d.apart(d.TiesEnded)
	return map[string]any{
		"counts": object("NetworkDiffCounts", map[string]any{
			"stakeholdersBegun": len(d.NodesBegun), "stakeholdersEnded": len(d.NodesEnded),
			"tiesBegun": len(tiesBegun), "tiesEnded": len(tiesEnded), "tiesChanged": len(d.TiesChanged),
			"postsBegun": len(postsBegun), "postsEnded": len(postsEnded),
		}),
		"postsBegun": d.shown(postsBegun, "Occupancy"), "postsEnded": d.shown(postsEnded, "Occupancy"),
		"stakeholdersBegun": d.shown(d.NodesBegun, network.StakeholderInterface), "stakeholdersEnded": d.shown(d.NodesEnded, network.StakeholderInterface),
		"tiesBegun": d.shown(d.strongest(tiesBegun), network.TieRecord), "tiesEnded": d.shown(d.strongest(tiesEnded), network.TieRecord),
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

// apart tells ties from posts.
func (d *difference) apart(lines []network.ID) (ties, posts []network.ID) {
	for _, id := range lines {
		if d.lines[id].post() {
			posts = append(posts, id)
		} else {
			ties = append(ties, id)
		}
	}
	return ties, posts
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

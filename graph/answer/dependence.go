package answer

import (
	"context"
	"fmt"
	"strconv"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

const (
	maxDates = 24
	// exactDependence is the size up to which every pair is looked at; of a
	// larger network those that begin at dependencePivots stakeholders.
	exactDependence  = 20_000
	dependencePivots = 2_048
	dependenceSeed   = 1
)

// Dependence tells how much the others needed a stakeholder on some days.
func (q *Question) Dependence(part plan.Part, on network.ID, dates []string) (*Answer, error) {
	days, err := daysOf(dates)
	if err != nil {
		return nil, err
	}
	l, err := q.loadOverTime(part, false, days)
	if err != nil {
		return nil, err
	}
	if _, known := l.at[on]; !known {
		return nil, network.Errorf(network.NotFound, "this stakeholder is not part of the network on any day between these").At("on")
	}
	v := &view{q: q, part: part, l: l}
	points := make([]any, len(days))
	for i, day := range days {
		p, err := v.dependence(on, day)
		if err != nil {
			return nil, err
		}
		points[i] = p.value(day)
	}
	values := v.basis(map[string]any{"on": held(on, network.StakeholderInterface), "points": points}, dependenceOf)
	if len(l.ids) > exactDependence {
		values["algorithm"] = v.algorithm(dependenceOf, map[string]any{"pivots": dependencePivots, "seed": dependenceSeed, "exactUpTo": exactDependence})
	}
	return answer(l.revision, "DependenceSeries", values)
}

func daysOf(dates []string) ([]network.Date, error) {
	if len(dates) == 0 || len(dates) > maxDates {
		return nil, network.Errorf(network.OutOfRange, "give 1 to %d dates", maxDates).At("dates")
	}
	days := make([]network.Date, len(dates))
	for i, text := range dates {
		var err error
		if days[i], err = network.ParseDate(text); err != nil {
			return nil, atArgument(err, "dates", strconv.Itoa(i))
		}
	}
	return days, nil
}

// dependencePoint is how much the others needed one on a day.
type dependencePoint struct {
	analysis.Dependence
	stakeholders, ties, contacts int
	present                      bool
}

// dependence looks at one day of a network that was read for a range of them. The
// network of the day is not kept: there may be many days.
func (v *view) dependence(on network.ID, day network.Date) (dependencePoint, error) {
	return measured(v, "dependence", fmt.Sprint(on, day), func(ctx context.Context) (dependencePoint, int64, error) {
		l := v.l.on(day)
		p := dependencePoint{stakeholders: len(l.ids), ties: len(l.lines)}
		node, present := l.at[on]
		if p.present = present; !present {
			return p, 64, nil
		}
		g, err := l.graph(false)
		if err != nil {
			return p, 0, err
		}
		p.contacts = len(g.Neighbors(node, network.Both))
		if len(l.ids) > exactDependence {
			p.Dependence, err = analysis.DependenceOn(ctx, g, node, dependencePivots, dependenceSeed)
			return p, 64, err
		}
		p.Dependence, err = analysis.DependenceOn(ctx, g, node, 0, 0)
		p.Pairs, p.Lost, p.Longer = p.Pairs/2, p.Lost/2, p.Longer/2 // every pair was seen from both ends
		return p, 64, err
	})
}

func (p dependencePoint) value(day network.Date) any {
	return object("DependencePoint", map[string]any{
		"date": day.String(), "present": p.present, "stakeholders": p.stakeholders, "ties": p.ties, "contacts": p.contacts,
		"pairs": p.Pairs, "lost": p.Lost, "longer": p.Longer, "share": real(p.Share()),
	})
}

package answer

import (
	"context"
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
	if _, known := l.whole.at[on]; !known {
		return nil, network.Errorf(network.NotFound, "this stakeholder is not part of the network on any day between these").At("on")
	}
	points := make([]any, len(days))
	for i, then := range l.on {
		if points[i], err = q.dependencePoint(part, then, on, days[i]); err != nil {
			return nil, err
		}
	}
	v := &view{q: q, part: part, l: l.whole}
	values := v.basis(map[string]any{"on": held(on, network.StakeholderInterface), "points": points}, dependenceOf)
	if len(l.whole.ids) > exactDependence {
		values["algorithm"] = v.algorithm(dependenceOf, map[string]any{"pivots": dependencePivots, "seed": dependenceSeed, "exactUpTo": exactDependence})
	}
	return answer(l.whole.revision, "DependenceSeries", values)
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

func (q *Question) dependencePoint(part plan.Part, l *loaded, on network.ID, day network.Date) (any, error) {
	values := map[string]any{"date": day.String(), "stakeholders": len(l.ids), "ties": len(l.lines)}
	node, present := l.at[on]
	var d analysis.Dependence
	contacts := 0
	if present {
		v, err := q.view(part, l, Mode{})
		if err != nil {
			return nil, err
		}
		if d, err = v.dependence(node); err != nil {
			return nil, err
		}
		contacts = len(v.g.Neighbors(node, network.Both))
	}
	values["present"], values["contacts"], values["share"] = present, contacts, real(d.Share())
	if pivotsFor(l) == 0 { // every pair was seen from both ends
		d.Pairs, d.Lost, d.Longer = d.Pairs/2, d.Lost/2, d.Longer/2
	}
	values["pairs"], values["lost"], values["longer"] = d.Pairs, d.Lost, d.Longer
	return object("DependencePoint", values), nil
}

func pivotsFor(l *loaded) int {
	if len(l.ids) > exactDependence {
		return dependencePivots
	}
	return 0
}

func (v *view) dependence(node int32) (analysis.Dependence, error) {
	return measured(v, "dependence", node, func(ctx context.Context) (analysis.Dependence, int64, error) {
		d, err := analysis.DependenceOn(ctx, v.g, node, pivotsFor(v.l), dependenceSeed)
		return d, 24, err
	})
}

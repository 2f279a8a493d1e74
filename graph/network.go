package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// The root fields on the network as a whole.

// part reads the argument filter of the root field being resolved.
func (r *Resolver) part(ctx context.Context) (plan.Part, error) {
	return plan.NetworkFilter(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, r.asker(ctx))
}

// argumentsKey names the question of the root field being resolved by its
// arguments, without those that only say how much of the answer is shown.
func argumentsKey(ctx context.Context, except ...string) string {
	args := graphql.GetFieldContext(ctx).Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for _, name := range except {
		delete(args, name)
	}
	data, err := json.Marshal(args)
	if err != nil {
		return fmt.Sprint(args)
	}
	return string(data)
}

// Network is the network or a part of it.
func (r queryResolver) Network(ctx context.Context, _ *model.NetworkFilter, direction model.NetworkDirection, weighting model.NetworkWeighting, _ *string) (*model.Network, error) {
	part, err := r.part(ctx)
	if err != nil {
		return nil, err
	}
	mode := answer.Mode{Directed: direction == model.NetworkDirectionDirected, Weighted: weighting == model.NetworkWeightingStrength}
	byHouse := plan.Selects(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, "by", model.SectorDimensionAffiliation.String())
	return computed[model.Network](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Network(part, mode, byHouse)
	})
}

// NetworkDiff is what changed in the network between two days.
func (r queryResolver) NetworkDiff(ctx context.Context, before, after string, _ *model.NetworkFilter, by model.SectorDimension) (*model.NetworkDiff, error) {
	day, err := network.ParseDate(after)
	if err != nil {
		return nil, at(err, "after")
	}
	part, err := r.part(ctx)
	if err != nil {
		return nil, err
	}
	return computedAsOf[model.NetworkDiff](ctx, r.Resolver, &day, func(q *answer.Question) (*answer.Answer, error) {
		return q.NetworkDiff(part, before, day, by.String())
	})
}

// WhatIf is what falls apart without some stakeholders.
func (r queryResolver) WhatIf(ctx context.Context, remove []string, withPeople bool, _ *model.NetworkFilter, by model.SectorDimension, _ *string) (*model.WhatIf, error) {
	part, err := r.part(ctx)
	if err != nil {
		return nil, err
	}
	return computed[model.WhatIf](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.WhatIf(part, q.IDs(remove), withPeople, by.String())
	})
}

// Dependence is how much the others need one stakeholder over time.
func (r queryResolver) Dependence(ctx context.Context, on string, dates []string, _ *model.NetworkFilter, _ *string) (*model.DependenceSeries, error) {
	part, err := r.part(ctx)
	if err != nil {
		return nil, err
	}
	return computed[model.DependenceSeries](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Dependence(part, q.ID(on), dates)
	})
}

// ends reads two filters of stakeholders of the root field being resolved, and
// its filter.
func (r *Resolver) ends(ctx context.Context, one, other string) (part plan.Part, a, b store.Expr, err error) {
	if part, err = r.part(ctx); err != nil {
		return part, nil, nil, err
	}
	if a, err = r.filterArgument(ctx, one, network.StakeholderInterface); err == nil {
		b, err = r.filterArgument(ctx, other, network.StakeholderInterface)
	}
	return part, a, b, err
}

// Coverage is who has somebody near.
func (r queryResolver) Coverage(ctx context.Context, _, _ model.StakeholderFilter, hops int32, _ *model.NetworkFilter, _ *string) (*model.Coverage, error) {
	part, of, by, err := r.ends(ctx, "of", "by")
	if err != nil {
		return nil, err
	}
	return computed[model.Coverage](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Coverage(part, of, by, hops, argumentsKey(ctx, "hops"))
	})
}

// SuggestedTies are ties that might well be.
func (r queryResolver) SuggestedTies(ctx context.Context, _, _ *model.StakeholderFilter, _ *model.NetworkFilter, first int32, _ *string) (*model.SuggestedTies, error) {
	part, from, to, err := r.ends(ctx, "from", "to")
	if err != nil {
		return nil, err
	}
	return computed[model.SuggestedTies](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.SuggestedTies(part, from, to, first, argumentsKey(ctx, "first"))
	})
}

// Introductions are the warmest ways from one to another.
func (r queryResolver) Introductions(ctx context.Context, asker, target string, first, maxHops int32, avoid []string, _ *string) (*model.Introductions, error) {
	return computed[model.Introductions](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Introductions(q.ID(asker), q.ID(target), first, maxHops, q.IDs(avoid))
	})
}

// Neighborhood is what lies within some ties of the centers.
func (r queryResolver) Neighborhood(ctx context.Context, centers []string, hops int32, _ *model.TieFilter, minStrength *int32, kinds []model.RecordKind, direction model.FollowDirection, limit int32, _ *string) (*model.NetworkView, error) {
	ties, err := r.filterArgument(ctx, "ties", network.TieRecord)
	if err != nil {
		return nil, err
	}
	of := answer.Around{Ties: ties, Direction: map[model.FollowDirection]network.Direction{model.FollowDirectionOut: network.Out, model.FollowDirectionIn: network.In}[direction]}
	if minStrength != nil {
		strong := plan.TiesOf(nil, int64(*minStrength))
		if ties != nil {
			strong = append(strong, ties)
		}
		of.Ties = strong
	}
	if kinds != nil {
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = k.String()
		}
		if of.Kinds, err = plan.Stakeholders(names); err != nil {
			return nil, at(err, "kinds")
		}
	}
	return computed[model.NetworkView](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Neighborhood(q.IDs(centers), hops, limit, of)
	})
}

// TieCounts counts ties by dimensions.
func (r queryResolver) TieCounts(ctx context.Context, _ []model.TieDimension, _ *model.TieFilter, _ *model.DateRange, _ []string, _ []int32, _ *string) (*model.TieCountTable, error) {
	return fetch[model.TieCountTable](ctx, r.Resolver, plan.TieCounts)
}

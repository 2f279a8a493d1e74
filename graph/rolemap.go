package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// The root fields on who does what.

// RoleMap is the role map of an initiative.
func (r queryResolver) RoleMap(ctx context.Context, initiative string, withProposals bool, _ *string) (*model.RoleMap, error) {
	return computed[model.RoleMap](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.RoleMap(network.ID(initiative), withProposals)
	})
}

// RoleMapDiff is what changed in the division between two days.
func (r queryResolver) RoleMapDiff(ctx context.Context, initiative, before, after string, withProposals bool) (*model.RoleMapDiff, error) {
	day, err := network.ParseDate(after)
	if err != nil {
		return nil, at(err, "after")
	}
	return computedAsOf[model.RoleMapDiff](ctx, r.Resolver, &day, func(q *answer.Question) (*answer.Answer, error) {
		return q.RoleMapDiff(network.ID(initiative), before, withProposals)
	})
}

// RoleCoverage is the coverage of initiatives day by day.
func (r queryResolver) RoleCoverage(ctx context.Context, dates []string, _ *model.InitiativeFilter, _ *string) (*model.RoleCoverage, error) {
	filter, err := r.filterArgument(ctx, "filter", "Initiative")
	if err != nil {
		return nil, err
	}
	return computed[model.RoleCoverage](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.RoleCoverage(ask.Where(filter), dates)
	})
}

// RolesOf is the role map of a stakeholder across initiatives.
func (r queryResolver) RolesOf(ctx context.Context, holder string, _ *string) (*model.HolderRoles, error) {
	return computed[model.HolderRoles](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.RolesOf(q.ID(holder))
	})
}

// ContactPoints are the parties of several initiatives of a stakeholder.
func (r queryResolver) ContactPoints(ctx context.Context, of string, functions []model.RoleFunction, _ *string) (*model.ContactPoints, error) {
	var in []string
	for _, f := range functions {
		in = append(in, f.String())
	}
	return computed[model.ContactPoints](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.ContactPoints(q.ID(of), in)
	})
}

// Interlocks are the shared seats of bodies.
func (r queryResolver) Interlocks(ctx context.Context, _ *model.OrganizationFilter, _ *string) (*model.Interlocks, error) {
	bodies, err := r.filterArgument(ctx, "bodies", network.OrganizationInterface)
	if err != nil {
		return nil, err
	}
	if bodies == nil {
		bodies = store.IsKind{Kinds: network.Concrete("Council")}
	}
	return computed[model.Interlocks](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.Interlocks(bodies)
	})
}

// StallCheck holds the causes that stalled predecessors against an initiative.
func (r queryResolver) StallCheck(ctx context.Context, initiative string, _ *string) (*model.StallCheck, error) {
	return computed[model.StallCheck](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.StallCheck(network.ID(initiative))
	})
}

// DueHearings are the parties to be heard next.
func (r queryResolver) DueHearings(ctx context.Context, initiative *string, months, first int32, _ *string) (*model.DueHearings, error) {
	return computed[model.DueHearings](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.DueHearings(network.ID(given(initiative)), months, first)
	})
}

// at names the argument a typed error is about.
func at(err error, path ...string) error {
	if e, ok := err.(*network.Error); ok {
		return e.At(path...)
	}
	return err
}

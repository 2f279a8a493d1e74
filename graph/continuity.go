package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/internal/network"
)

// The root fields on what breaks when somebody leaves.

// ContinuityRisks is what hangs on single people.
func (r queryResolver) ContinuityRisks(ctx context.Context, initiative *string, within, first int32, _ *string) (*model.ContinuityRisks, error) {
	return computed[model.ContinuityRisks](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.ContinuityRisks(network.ID(given(initiative)), within, first)
	})
}

// Handover is what a leaver takes away, as of the eve.
func (r queryResolver) Handover(ctx context.Context, person, on string, _ *string) (*model.Handover, error) {
	day, err := network.ParseDate(on)
	if err != nil {
		return nil, at(err, "on")
	}
	eve := day.AddDays(-1)
	return computedAsOf[model.Handover](ctx, r.Resolver, &eve, func(q *answer.Question) (*answer.Answer, error) {
		return q.Handover(q.ID(person), day)
	})
}

package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/internal/network"
)

// The root fields on whom to ask and who fits whom.

// WhoToAsk ranks whom to ask on a topic.
func (r queryResolver) WhoToAsk(ctx context.Context, topic, asker string, first int32, _ *string) (*model.Referrals, error) {
	return computed[model.Referrals](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.WhoToAsk(network.ID(topic), q.ID(asker), first)
	})
}

// MatchConsultants ranks the consultants that fit a need or a profile.
func (r queryResolver) MatchConsultants(ctx context.Context, input model.ConsultantWish, on, availability *string, independenceYears int32, purpose *model.ConsultantPurpose, first int32, _ *string) (*model.ConsultantMatches, error) {
	want, err := wanted(fieldsOf(input.Raw))
	if err != nil {
		return nil, err
	}
	want.Availability, want.Independence = given(availability), independenceYears
	want.Migrant = purpose != nil && *purpose == model.ConsultantPurposeMigrantSupport
	if on != nil {
		if want.On, err = network.ParseDate(*on); err != nil {
			return nil, at(err, "on")
		}
	}
	return computed[model.ConsultantMatches](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.MatchConsultants(want, first)
	})
}

// wanted reads a ConsultantWish. Validation does not check a whole variable for
// exactly one of the two.
func wanted(in map[string]any) (answer.Wanted, error) {
	var w answer.Wanted
	if need, ok := in["need"].(string); ok && len(in) == 1 {
		w.Need = network.ID(need)
		return w, nil
	}
	profile, ok := in["profile"].(map[string]any)
	if !ok || len(in) != 1 {
		return w, network.Errorf(network.InvalidValue, "give either a need or a profile").At("input")
	}
	text := func(name string) network.ID { s, _ := profile[name].(string); return network.ID(s) }
	w.Area, w.Client = text("area"), text("client")
	w.Topics = idsIn(profile["topics"])
	return w, nil
}

// MatchClients ranks who could use a consultant.
func (r queryResolver) MatchClients(ctx context.Context, consultant string, independenceYears, first int32, _ *string) (*model.ClientMatches, error) {
	return computed[model.ClientMatches](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.MatchClients(q.ID(consultant), independenceYears, first)
	})
}

// TopicBalance holds needs against offers.
func (r queryResolver) TopicBalance(ctx context.Context, topic, area, _ *string) (*model.TopicBalance, error) {
	return computed[model.TopicBalance](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.TopicBalance(network.ID(given(topic)), network.ID(given(area)))
	})
}

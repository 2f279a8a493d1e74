package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/model"
)

// The root fields that list records: each plans its whole selection.

// Stakeholders lists records of Stakeholder.
func (r queryResolver) Stakeholders(ctx context.Context, _ *model.StakeholderFilter, _ []*model.StakeholderOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.StakeholderConnection, error) {
	return fetch[model.StakeholderConnection](ctx, r.Resolver, connection("Stakeholder"))
}

// Schools lists records of School.
func (r queryResolver) Schools(ctx context.Context, _ *model.SchoolFilter, _ []*model.SchoolOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.SchoolConnection, error) {
	return fetch[model.SchoolConnection](ctx, r.Resolver, connection("School"))
}

// CityDepartments lists records of CityDepartment.
func (r queryResolver) CityDepartments(ctx context.Context, _ *model.CityDepartmentFilter, _ []*model.CityDepartmentOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.CityDepartmentConnection, error) {
	return fetch[model.CityDepartmentConnection](ctx, r.Resolver, connection("CityDepartment"))
}

// Companies lists records of Company.
func (r queryResolver) Companies(ctx context.Context, _ *model.CompanyFilter, _ []*model.CompanyOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.CompanyConnection, error) {
	return fetch[model.CompanyConnection](ctx, r.Resolver, connection("Company"))
}

// CareerConsultants lists records of CareerConsultant.
func (r queryResolver) CareerConsultants(ctx context.Context, _ *model.CareerConsultantFilter, _ []*model.CareerConsultantOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.CareerConsultantConnection, error) {
	return fetch[model.CareerConsultantConnection](ctx, r.Resolver, connection("CareerConsultant"))
}

// Councils lists records of Council.
func (r queryResolver) Councils(ctx context.Context, _ *model.CouncilFilter, _ []*model.CouncilOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.CouncilConnection, error) {
	return fetch[model.CouncilConnection](ctx, r.Resolver, connection("Council"))
}

// People lists records of Individual.
func (r queryResolver) People(ctx context.Context, _ *model.IndividualFilter, _ []*model.IndividualOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.IndividualConnection, error) {
	return fetch[model.IndividualConnection](ctx, r.Resolver, connection("Individual"))
}

// Ties lists records of Tie.
func (r queryResolver) Ties(ctx context.Context, _ *model.TieFilter, _ []*model.TieOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.TieConnection, error) {
	return fetch[model.TieConnection](ctx, r.Resolver, connection("Tie"))
}

// Initiatives lists records of Initiative.
func (r queryResolver) Initiatives(ctx context.Context, _ *model.InitiativeFilter, _ []*model.InitiativeOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.InitiativeConnection, error) {
	return fetch[model.InitiativeConnection](ctx, r.Resolver, connection("Initiative"))
}

// Topics lists records of Topic.
func (r queryResolver) Topics(ctx context.Context, _ *model.TopicFilter, _ []*model.TopicOrder, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.TopicConnection, error) {
	return fetch[model.TopicConnection](ctx, r.Resolver, connection("Topic"))
}

// Areas lists records of Area.
func (r queryResolver) Areas(ctx context.Context, _ *model.AreaFilter, _ []*model.AreaOrder, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.AreaConnection, error) {
	return fetch[model.AreaConnection](ctx, r.Resolver, connection("Area"))
}

// Posts lists records of Post.
func (r queryResolver) Posts(ctx context.Context, _ *model.PostFilter, _ []*model.PostOrder, _ *model.DateRange, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.PostConnection, error) {
	return fetch[model.PostConnection](ctx, r.Resolver, connection("Post"))
}

// Events lists records of Event.
func (r queryResolver) Events(ctx context.Context, _ *model.EventFilter, _ []*model.EventOrder, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.EventConnection, error) {
	return fetch[model.EventConnection](ctx, r.Resolver, connection("Event"))
}

// Hearings lists records of Hearing.
func (r queryResolver) Hearings(ctx context.Context, _ *model.HearingFilter, _ []*model.HearingOrder, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.HearingConnection, error) {
	return fetch[model.HearingConnection](ctx, r.Resolver, connection("Hearing"))
}

// Changes lists records of Change.
func (r queryResolver) Changes(ctx context.Context, _ *string, _ *string, _ *int32, _ *string, _ *int32, _ *string) (*model.ChangeConnection, error) {
	return fetch[model.ChangeConnection](ctx, r.Resolver, connection("Change"))
}

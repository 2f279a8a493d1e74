package graph

import (
	"context"
	"encoding/json"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
)

// Node is the record with an id.
func (r queryResolver) Node(ctx context.Context, _ string) (model.Node, error) {
	n, err := fetch[model.RenderedNode](ctx, r.Resolver, record(network.NodeInterface))
	if n == nil {
		return nil, err
	}
	return n, err
}

// Nodes are the records with the ids, in their order, nil where there is none.
func (r queryResolver) Nodes(ctx context.Context, _ []string) ([]model.Node, error) {
	data, err := r.render(ctx, plan.Records)
	if err != nil {
		return nil, err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return nil, err
	}
	out := make([]model.Node, len(items))
	for i, item := range items {
		if string(item) != "null" {
			out[i] = &model.RenderedNode{Raw: model.Raw{JSON: item}}
		}
	}
	return out, nil
}

// Stakeholder is one stakeholder.
func (r queryResolver) Stakeholder(ctx context.Context, _ string, _ *string) (model.Stakeholder, error) {
	n, err := fetch[model.RenderedStakeholder](ctx, r.Resolver, record(network.StakeholderInterface))
	if n == nil {
		return nil, err
	}
	return n, err
}

// Initiative is one initiative.
func (r queryResolver) Initiative(ctx context.Context, _ string, _ *string) (*model.Initiative, error) {
	return fetch[model.Initiative](ctx, r.Resolver, record("Initiative"))
}

// Search finds records by name.
func (r queryResolver) Search(ctx context.Context, _ string, _ []model.RecordKind, _ *int32, _ *string, _ *int32, _ *string, _ *string) (*model.SearchConnection, error) {
	return fetch[model.SearchConnection](ctx, r.Resolver, plan.Search)
}

// StakeholderCounts counts stakeholders by dimensions.
func (r queryResolver) StakeholderCounts(ctx context.Context, _ []model.StakeholderDimension, _ *model.StakeholderFilter, _ *model.DateRange, _ []string, _ []int32, _ *string) (*model.CountTable, error) {
	return fetch[model.CountTable](ctx, r.Resolver, plan.Counts)
}

// Viewer tells who asks.
func (r queryResolver) Viewer(ctx context.Context) (*model.Viewer, error) {
	who := r.asker(ctx)
	return rendered[model.Viewer](ctx, "Viewer", map[string]any{
		"role": who.Viewer.Role.String(), "actor": who.Viewer.Actor, "today": who.Today.String(), "todayIsFixed": r.FixedToday,
		"reads": who.Viewer.Clearance().String(), "readsPersonal": who.Viewer.ReadsPersonal(), "writes": who.Viewer.Writes(),
		"editsFor": textsOf(who.Viewer.Organizations), "mutations": openTo(who.Viewer),
	})
}

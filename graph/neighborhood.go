package graph

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Neighborhood is what lies within some ties of the centers: one statement
// loads the bare network, a second the selected fields.
func (r queryResolver) Neighborhood(ctx context.Context, centers []string, hops int32, _ *model.TieFilter, limit int32, _ *string) (*model.NetworkView, error) {
	switch {
	case len(centers) == 0 || len(centers) > 20:
		return nil, network.Errorf(network.OutOfRange, "give 1 to 20 ids").At("centers")
	case hops < 1 || hops > 4:
		return nil, network.Errorf(network.OutOfRange, "hops must be 1 to 4").At("hops")
	case limit < 1 || limit > 500:
		return nil, network.Errorf(network.OutOfRange, "limit must be 1 to 500").At("limit")
	}
	q := store.SubgraphQuery{Hops: int(hops), Limit: int(limit)}
	for _, id := range centers {
		q.Centers = append(q.Centers, network.ID(id))
	}
	return answer[model.NetworkView](ctx, r.Resolver, func(who plan.Asker, asOf network.Date) (*plan.Computed, int64, error) {
		var err error
		if q.Ties, err = plan.TieFilter(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, who); err != nil {
			return nil, 0, err
		}
		found, err := r.Store.Fetch(ctx, &store.Plan{Viewer: who.Viewer, AsOf: asOf, Network: &q})
		if err != nil {
			return nil, 0, err
		}
		g := found.Network
		if i := missing(q.Centers, g.Nodes); i >= 0 {
			return nil, 0, network.Errorf(network.NotFound, "there is no stakeholder with this id").At("centers", strconv.Itoa(i))
		}
		return networkValue(g), g.Revision, nil
	})
}

func missing(centers []network.ID, nodes []store.SubNode) int {
	found := map[network.ID]bool{}
	for _, n := range nodes {
		found[n.ID] = found[n.ID] || n.Hop == 0
	}
	for i, c := range centers {
		if !found[c] {
			return i
		}
	}
	return -1
}

func networkValue(g *store.Subgraph) *plan.Computed {
	var nodes, ties []any
	for _, n := range g.Nodes {
		nodes = append(nodes, plan.Computed{Type: "NetworkNode", Values: map[string]any{"hop": n.Hop, "node": plan.Held{ID: n.ID, Type: network.StakeholderInterface}}})
	}
	for _, t := range g.Ties {
		ties = append(ties, plan.Held{ID: t.ID, Type: network.TieRecord})
	}
	return &plan.Computed{Type: "NetworkView", Values: map[string]any{
		"nodes": list(nodes), "ties": list(ties), "truncated": g.Truncated, "revision": plan.FormatRevision(g.Revision),
	}}
}

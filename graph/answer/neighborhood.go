package answer

import (
	"strconv"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
)

// Around says what is followed and shown of a neighborhood.
type Around struct {
	Ties      store.Expr      // nil: all
	Kinds     []*network.Kind // nil: all
	Direction network.Direction
}

// Neighborhood is what lies within hops (1 to 4) ties of the centers (1 to 20),
// at most limit (1 to 500) stakeholders, nearest first, then by ID.
func (q *Question) Neighborhood(centers []string, hops, limit int32, of Around) (*Answer, error) {
	if len(centers) == 0 || len(centers) > 20 {
		return nil, network.Errorf(network.OutOfRange, "give 1 to 20 ids").At("centers")
	}
	if err := between("hops", hops, 1, 4); err != nil {
		return nil, err
	}
	if err := between("limit", limit, 1, 500); err != nil {
		return nil, err
	}
	around := &store.SubgraphQuery{Hops: int(hops), Limit: int(limit), Ties: of.Ties, Direction: of.Direction, Centers: make([]network.ID, len(centers))}
	for i, id := range centers {
		around.Centers[i] = network.ID(id)
	}
	if of.Kinds != nil {
		around.Nodes = store.Or{store.HasID{IDs: around.Centers}, store.IsKind{Kinds: of.Kinds}}
	}
	found, err := q.Store.Fetch(q.Ctx, &store.Plan{Viewer: q.Who.Viewer, AsOf: q.AsOf, Network: around})
	if err != nil {
		return nil, err
	}
	g := found.Network
	if i := missing(around.Centers, g.Nodes); i >= 0 {
		return nil, network.Errorf(network.NotFound, "there is no stakeholder with this id").At("centers", strconv.Itoa(i))
	}
	return answer(found.Revision, "NetworkView", map[string]any{
		"nodes": list(g.Nodes, func(n store.SubNode) any {
			return object("NetworkNode", map[string]any{"hop": n.Hop, "node": plan.Held{ID: n.ID, Type: network.StakeholderInterface}})
		}),
		"ties":      list(g.Ties, func(t store.SubTie) any { return held(t.ID, network.TieRecord) }),
		"truncated": g.Truncated, "cutOff": cutOff(g.Cut, limit),
	})
}

// cutOff says how many stakeholders are not shown, by hop.
func cutOff(cut []int, limit int32) []any {
	out := []any{}
	for hop, n := range cut {
		if n == 0 {
			continue
		}
		t := rolemap.Textf("Stakeholders left out at distance %d: %d. The limit is %d in all.", "%d歩先の関係者%d件を省きました。上限は全体で%d件です。", hop, n, limit)
		out = append(out, object("NetworkCut", map[string]any{"hop": hop, "stakeholders": n, "reason": "LIMIT", "message": localized(t)}))
	}
	return out
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

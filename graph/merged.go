package graph

import (
	"context"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxMerges bounds how often a record may have been merged in its turn.
const maxMerges = 20

// standing tells which of the IDs are those of merged records, and what they
// stand for now; nil when none is.
func (r *Resolver) standing(ctx context.Context, v network.Viewer, ids []network.ID) (map[network.ID]network.ID, error) {
	var out map[network.ID]network.ID
	at := map[network.ID][]network.ID{} // what is looked at, and whose sake it is for
	for _, id := range ids {
		at[id] = []network.ID{id}
	}
	for range maxMerges {
		if len(at) == 0 {
			break
		}
		var keys []store.Key
		for id := range at {
			keys = append(keys, store.Key{ID: id})
		}
		found, err := r.Store.Load(ctx, v, keys)
		if err != nil {
			return nil, err
		}
		next := map[network.ID][]network.ID{}
		for _, rec := range found {
			if rec == nil || rec.Kind != network.WithdrawnRecord || rec.Str("into") == "" {
				continue
			}
			into := network.ID(rec.Str("into"))
			for _, id := range at[rec.ID] {
				if out == nil {
					out = map[network.ID]network.ID{}
				}
				out[id] = into
				next[into] = append(next[into], id)
			}
		}
		at = next
	}
	return out, nil
}

// missed are the IDs that a plan asks for when not all of them gave a record
// that stands.
func missed(p *store.Plan, result *store.Result) []network.ID {
	for i, root := range p.Roots {
		if root.Source.Op != store.ByID {
			continue
		}
		rows, _ := result.Values[i].([]any)
		if !root.Single && len(rows) > 0 {
			rows, _ = rows[0].([]any)
		} else if root.Single {
			rows = []any{rows}
		}
		stand := 0
		for _, row := range rows {
			if cells, _ := row.([]any); len(cells) > 0 && cells[0] != network.WithdrawnRecord {
				stand++
			}
		}
		if stand < len(network.Distinct(root.Source.IDs)) {
			return root.Source.IDs
		}
	}
	return nil
}

package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
)

// bases are what the log says in place of a reason, in words that coordinators read.
var bases = map[model.ErasureBasis]string{
	model.ErasureBasisRequest:          "本人の請求",
	model.ErasureBasisConsentEnded:     "同意の撤回",
	model.ErasureBasisPurposeFulfilled: "利用目的の達成",
	model.ErasureBasisEnteredByMistake: "誤った登録",
}

// ErasePerson erases a person.
func (m mutationResolver) ErasePerson(ctx context.Context, id string, basis model.ErasureBasis, also []string, dryRun bool, _ *string) (*model.ErasePayload, error) {
	done, err := m.edit.ErasePerson(ctx, m.intent(ctx), network.ID(id), idsOf(also), bases[basis], dryRun)
	values := map[string]any{"records": []any{}, "mentions": []any{}, "scrubbed": false}
	if err == nil {
		values = map[string]any{"record": plan.Held{ID: done.Person, Type: network.NodeInterface}, "scrubbed": done.Scrubbed,
			"records": heldNodes(done.Records), "mentions": heldNodes(done.Mentions)}
		if !dryRun {
			values["revision"] = plan.FormatRevision(done.Revision)
		}
	}
	return payload[model.ErasePayload](ctx, m.Resolver, "ErasePayload", values, 0, err)
}

func heldNodes(ids []network.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = plan.Held{ID: id, Type: network.NodeInterface}
	}
	return out
}

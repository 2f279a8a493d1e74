package graph

import (
	"context"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// Records that are the same, and writes that are taken back.

// DuplicateCandidates lists stakeholders that may be the same.
func (r queryResolver) DuplicateCandidates(ctx context.Context, kinds []model.RecordKind, first int32, _ *string) (*model.DuplicateCandidates, error) {
	var ks []*network.Kind
	for _, k := range kinds {
		ks = append(ks, network.KindByScreamingName(k.String()))
	}
	return computed[model.DuplicateCandidates](ctx, r.Resolver, func(q *answer.Question) (*answer.Answer, error) {
		return q.DuplicateCandidates(ks, first)
	})
}

// MergeStakeholders makes one record of several.
func (m mutationResolver) MergeStakeholders(ctx context.Context, keep string, duplicates []string, dryRun bool, _, _ *string) (*model.MergePayload, error) {
	done, err := m.edit.MergeStakeholders(ctx, m.intent(ctx), network.ID(keep), idsOf(duplicates), dryRun)
	return m.merged(ctx, done, err, dryRun)
}

// UnmergeStakeholders takes a merging back.
func (m mutationResolver) UnmergeStakeholders(ctx context.Context, id string, _, _ *string) (*model.MergePayload, error) {
	done, err := m.edit.Unmerge(ctx, m.intent(ctx), network.ID(id))
	return m.merged(ctx, done, err, false)
}

func (m mutationResolver) merged(ctx context.Context, done *edit.Merged, err error, dryRun bool) (*model.MergePayload, error) {
	values := map[string]any{"duplicates": []any{}, "moved": 0, "conflicts": []any{}}
	if err == nil {
		conflicts, err := conflictsOf(done)
		if err != nil {
			return nil, err
		}
		told := plan.Personal{}
		for _, c := range done.Conflicts {
			if f := network.MustKind(c.Duplicate.Kind).Field(c.Field); f.Personal {
				told.Add(c.Duplicate.ID, c.Field)
				told.Add(done.Kept, c.Field)
			}
		}
		if err := m.tell(ctx, m.Viewer(ctx), done.Revision, told, nil); err != nil {
			return nil, err
		}
		values = map[string]any{"record": plan.Held{ID: done.Kept, Type: network.StakeholderInterface}, "moved": done.Moved, "conflicts": conflicts, "duplicates": textsOf(done.Duplicates)}
		if !dryRun {
			values["revision"] = plan.FormatRevision(done.Revision)
		}
	}
	return payload[model.MergePayload](ctx, m.Resolver, "MergePayload", values, 0, err)
}

func conflictsOf(done *edit.Merged) ([]any, error) {
	out := []any{}
	kept, err := texts(done.Before)
	if err != nil {
		return nil, err
	}
	for _, c := range done.Conflicts {
		other, err := texts(c.Duplicate)
		if err != nil {
			return nil, err
		}
		values := map[string]any{"duplicate": string(c.Duplicate.ID), "field": c.Field, "kept": nil, "other": other[c.Field]}
		if v, has := kept[c.Field]; has {
			values["kept"] = v
		}
		out = append(out, plan.Computed{Type: "MergeConflict", Values: values})
	}
	return out, nil
}

// RevertChanges takes back what a revision did.
func (m mutationResolver) RevertChanges(ctx context.Context, revision string, dryRun bool, _, _ *string) (*model.RevertPayload, error) {
	n, err := plan.ParseRevision(revision)
	var done *edit.Reverted
	if err == nil {
		done, err = m.edit.Revert(ctx, m.intent(ctx), n, dryRun)
	} else {
		err = at(err, "revision")
	}
	values := map[string]any{"restored": 0, "withdrawn": 0, "records": []any{}}
	if err == nil {
		records := []any{}
		for _, id := range done.Restored {
			records = append(records, plan.Held{ID: id, Type: network.NodeInterface})
		}
		values = map[string]any{"restored": len(done.Restored), "withdrawn": len(done.Withdrawn), "records": records}
		if !dryRun {
			values["revision"] = plan.FormatRevision(done.Revision)
		}
	}
	return payload[model.RevertPayload](ctx, m.Resolver, "RevertPayload", values, 0, err)
}

func textsOf(ids []network.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

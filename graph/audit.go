package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Audit is told of writes, and of personal fields that are about to be shown. See
// [audit.Log].
type Audit interface {
	Append(e audit.Entry, synced bool) error
}

// shown runs a plan whose result is written into the answer. What it shows of
// personal fields stands in the audit log first; where that cannot be, nothing is
// shown.
func (r *Resolver) shown(ctx context.Context, p *store.Plan) (*store.Result, error) {
	result, err := r.Store.Fetch(ctx, p)
	if err != nil || r.Audit == nil || !p.Viewer.ReadsPersonal() {
		return result, err
	}
	if err := r.tell(ctx, p.Viewer, result.Revision, plan.Shown(p, result), p.AskedBy()); err != nil {
		return nil, err
	}
	return result, nil
}

// tell puts what is shown into the audit log, if it is anything.
func (r *Resolver) tell(ctx context.Context, v network.Viewer, revision int64, shown plan.Personal, asked []string) error {
	if r.Audit == nil || len(shown) == 0 && len(asked) == 0 {
		return nil
	}
	e := audit.Entry{At: r.Clock.Now(), What: audit.Read, Actor: v.Actor, Request: store.RequestOf(ctx), Revision: revision, Asked: asked}
	for _, id := range slices.Sorted(maps.Keys(shown)) {
		slices.Sort(shown[id])
		e.Records = append(e.Records, audit.Record{ID: id, Fields: shown[id]})
	}
	return r.Audit.Append(e, true)
}

// personalIn adds to what is shown the personal fields that the record had before,
// where it differs now: what a writer gives is no news to them. There may be no
// record before.
func personalIn(shown plan.Personal, before, after *network.Record) {
	if before == nil {
		return
	}
	for _, name := range changedFields(before, after) {
		f := network.MustKind(before.Kind).Field(name)
		if f != nil && f.Personal && before.Fields[name] != nil {
			shown.Add(before.ID, name)
		}
	}
}

// changedFields names the fields in which the records are not alike, sorted.
func changedFields(before, after *network.Record) (out []string) {
	names := map[string]bool{}
	for _, r := range []*network.Record{before, after} {
		if r == nil {
			continue
		}
		for name := range r.Fields {
			if before == nil || after == nil || !network.SameValue(before.Fields[name], after.Fields[name]) {
				names[name] = true
			}
		}
	}
	for name := range names {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// recorded is a store whose writes stand in the audit log. The log of changes has
// them too, in the transaction of the write: so an answer does not wait for the
// disk a second time, and a write that cannot be recorded is told to the operator.
type recorded struct {
	store.Store
	r *Resolver
}

// Apply is the store's.
func (s recorded) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	done, err := s.Store.Apply(ctx, b)
	if err != nil || len(b.Writes) == 0 {
		return done, err
	}
	e := audit.Entry{At: b.At, What: audit.Write, Actor: b.Actor, Request: store.RequestOf(ctx), Revision: done.Revision}
	for _, w := range b.Writes {
		e.Records = append(e.Records, audit.Record{ID: w.After.ID, Action: string(w.Action), Fields: changedFields(w.Before, w.After)})
	}
	if err := s.r.Audit.Append(e, false); err != nil && s.r.Log != nil {
		s.r.Log.ErrorContext(ctx, "a write stands in the log of changes, and not in the audit log", "revision", done.Revision, "error", err)
	}
	return done, nil
}

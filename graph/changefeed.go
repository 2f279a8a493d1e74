package graph

import (
	"context"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// entriesPerStep is how many entries of the log a subscriber has in memory
	// at most.
	entriesPerStep = 400
	// eventsPerStatement is for how many events the records are fetched at once.
	eventsPerStatement = 100
)

// changeFeed tells one subscriber the changes from a place in the log on.
type changeFeed struct {
	*Resolver
	wanted wantedChanges
	at     plan.Position // what was told or passed over
	events chan<- *model.ChangeEvent
}

// entry is a change with the place after it.
type entry struct {
	*store.Change
	after plan.Position
}

// step waits for something new, reads a part of it and tells it. After an error
// it can be repeated: the place moves with each event.
func (f *changeFeed) step(ctx context.Context) error {
	head, err := f.Store.Wait(ctx, f.at.Whole())
	if err != nil {
		return err
	}
	who := f.asker(ctx) // anew each time: a viewer's rights and the day change
	entries, end, err := f.read(ctx, who.Viewer, head)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(entries, eventsPerStatement) {
		events, err := f.write(ctx, who, part)
		if err != nil {
			return err
		}
		for i, e := range part {
			if !deliver(ctx, f.events, events[i]) {
				return ctx.Err()
			}
			f.at = e.after
		}
	}
	f.at = end
	return nil
}

// read gives the wanted changes of a part of the log up to head, and the place
// where the part ends.
func (f *changeFeed) read(ctx context.Context, v network.Viewer, head int64) ([]entry, plan.Position, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	entries, end, err := f.entries(ctx, v, head)
	if err == nil {
		entries, err = f.chosen(ctx, v, entries)
	}
	return entries, end, err
}

// entries reads the log after the place, up to head, as far as one step goes.
func (f *changeFeed) entries(ctx context.Context, v network.Viewer, head int64) ([]entry, plan.Position, error) {
	var out []entry
	end := plan.Position{Revision: head}
	for c, err := range f.Store.Changes(ctx, v, f.at.Whole()) {
		if err != nil {
			return nil, end, err
		}
		if f.at.Passed(c) {
			continue
		}
		if n := len(out); n > 0 && c.Revision != out[n-1].Revision {
			out[n-1].after = plan.Position{Revision: out[n-1].Revision}
		}
		if c.Revision > head { // not known to be complete
			return out, end, nil
		}
		if len(out) == entriesPerStep {
			return out, out[entriesPerStep-1].after, nil
		}
		out = append(out, entry{c, plan.Position{Revision: c.Revision, Within: true, Seq: c.Seq}})
	}
	if n := len(out); n > 0 {
		out[n-1].after = plan.Position{Revision: out[n-1].Revision}
	}
	return out, end, nil
}

// chosen leaves out what the subscriber does not want. A record that they do not
// see is not looked for.
func (f *changeFeed) chosen(ctx context.Context, v network.Viewer, entries []entry) ([]entry, error) {
	hidden, err := f.hidden(ctx, v, f.wanted.about)
	if err != nil {
		return nil, err
	}
	wanted := f.wanted.without(hidden)
	withheld, err := f.withheld(ctx, v, entries)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(entries, func(e entry) bool {
		return !wanted.want(v, e.Change) || e.Personal() && slices.ContainsFunc(e.Parties(), withheld)
	}), nil
}

// withheld looks up, in one reading, whose personal fields nobody reads any more.
func (f *changeFeed) withheld(ctx context.Context, v network.Viewer, entries []entry) (func(network.ID) bool, error) {
	ids := map[network.ID]bool{}
	for _, e := range entries {
		if network.MustKind(e.Kind).Is(network.IndividualInterface) || e.Kind == network.WithdrawnRecord {
			ids[e.Record] = false
		}
		if e.Personal() {
			for _, id := range e.Parties() {
				ids[id] = false
			}
		}
	}
	var keys []store.Key
	for id := range ids {
		keys = append(keys, store.Key{ID: id})
	}
	found, err := f.Store.Load(ctx, v, keys)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if r != nil {
			ids[r.ID] = r.ConsentEnds() <= network.Today(f.Clock)
		}
	}
	return func(id network.ID) bool { return ids[id] }, nil
}

// hidden looks records up, in one reading for all, and tells which the viewer does
// not see. Who sees every record need not look.
func (f *changeFeed) hidden(ctx context.Context, v network.Viewer, ids []network.ID) (func(network.ID) bool, error) {
	if len(ids) == 0 || v.Clearance() == network.Restricted {
		return func(network.ID) bool { return false }, nil
	}
	ids = network.Distinct(ids)
	keys := make([]store.Key, len(ids))
	for i, id := range ids {
		keys[i].ID = id
	}
	found, err := f.Store.Load(ctx, v, keys)
	if err != nil {
		return nil, err
	}
	unseen := map[network.ID]bool{}
	for i, r := range found {
		unseen[ids[i]] = r == nil
	}
	return func(id network.ID) bool { return unseen[id] }, nil
}

// write renders the entries; the records they are about are fetched in one
// statement for all, when they are selected.
func (f *changeFeed) write(ctx context.Context, who plan.Asker, entries []entry) ([]*model.ChangeEvent, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	var refs []network.ID
	for _, e := range entries {
		refs = append(refs, e.Refs()...)
	}
	hidden, err := f.hidden(ctx, who.Viewer, refs)
	if err != nil {
		return nil, err
	}
	withheld, err := f.withheld(ctx, who.Viewer, entries)
	if err != nil {
		return nil, err
	}
	values, told := make([]plan.Computed, len(entries)), plan.Personal{}
	for i, e := range entries {
		values[i] = changeEvent(who.Viewer, e, withheld(e.Record), hidden, told)
	}
	batch, err := plan.ComputedBatch(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, who, values)
	if err != nil {
		return nil, err
	}
	result := &store.Result{}
	if len(batch.Plan.Roots) > 0 {
		if result, err = f.shown(ctx, batch.Plan); err != nil {
			return nil, err
		}
	}
	if err := f.tell(ctx, who.Viewer, entries[len(entries)-1].Revision, told, nil); err != nil {
		return nil, err
	}
	out := make([]*model.ChangeEvent, len(entries))
	for i, data := range batch.Render(result) {
		out[i] = &model.ChangeEvent{}
		out[i].SetJSON(data)
	}
	return out, nil
}

// changeEvent lays out an entry. told learns of the personal fields that it shows, once
// they are selected.
func changeEvent(v network.Viewer, e entry, withheld bool, hidden func(network.ID) bool, told plan.Personal) plan.Computed {
	state := func(r *network.Record) *plan.Deferred {
		return plan.Defer(func(plan.Args) (any, error) {
			personalOf(told, e, r, v, withheld)
			return plan.LogState(v, r, withheld, hidden)
		})
	}
	values := map[string]any{
		"revision": e.after.String(), "at": e.At.UTC().Format(time.RFC3339Nano), "actor": nil, "reason": nil,
		"action": string(e.Action), "recordId": string(e.Record), "kind": network.ScreamingName(e.Kind),
		"record": plan.Held{ID: e.Record, Type: network.NodeInterface}, "before": state(e.Before), "after": state(e.After),
	}
	if e.Actor != "" {
		values["actor"] = e.Actor
	}
	if e.Reason != "" {
		values["reason"] = e.Reason
	}
	return plan.Computed{Type: "ChangeEvent", Values: values}
}

// personalOf adds the personal fields of a state of an entry to what is told, a
// statement about one among them.
func personalOf(told plan.Personal, e entry, r *network.Record, v network.Viewer, withheld bool) {
	if r == nil || !v.ReadsPersonal() {
		return
	}
	for _, f := range network.MustKind(r.Kind).Fields {
		if f.Personal && r.Fields[f.Name] != nil && v.Reads(f) && (!withheld || !f.Withheld()) {
			told.Add(e.Record, f.Name)
		}
	}
	if network.AboutPersonal(r) {
		told.Add(network.ID(r.Str("record")), r.Str("field"))
	}
}

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

// chosen leaves out what the subscriber does not want, and changes of ties to
// parties that the viewer may not see.
func (f *changeFeed) chosen(ctx context.Context, v network.Viewer, entries []entry) ([]entry, error) {
	var out []entry
	for _, e := range entries {
		if f.wanted.want(v, e.Change) {
			out = append(out, e)
		}
	}
	return f.withoutHiddenParties(ctx, v, out)
}

// withoutHiddenParties looks the parties of ties up, in one reading for all. Who
// sees every record need not look.
func (f *changeFeed) withoutHiddenParties(ctx context.Context, v network.Viewer, entries []entry) ([]entry, error) {
	parties := map[network.ID]bool{}
	var keys []store.Key
	for _, e := range entries {
		for _, id := range partiesOf(e.Change) {
			if _, known := parties[id]; !known && v.Clearance() < network.Restricted {
				parties[id] = false
				keys = append(keys, store.Key{ID: id})
			}
		}
	}
	if len(keys) == 0 {
		return entries, nil
	}
	found, err := f.Store.Load(ctx, v, keys)
	if err != nil {
		return nil, err
	}
	for i, r := range found {
		parties[keys[i].ID] = r != nil
	}
	var out []entry
	for _, e := range entries {
		seen := true
		for _, id := range partiesOf(e.Change) {
			seen = seen && parties[id]
		}
		if seen {
			out = append(out, e)
		}
	}
	return out, nil
}

// partiesOf are the parties of a tie before and after; none for other records.
func partiesOf(c *store.Change) []network.ID {
	var out []network.ID
	for _, state := range []*network.Record{c.Before, c.After} {
		if state != nil && state.Kind == network.TieRecord {
			out = append(out, network.ID(state.Str("subject")), network.ID(state.Str("object")))
		}
	}
	return out
}

// write renders the entries; the records they are about are fetched in one
// statement for all, when they are selected.
func (f *changeFeed) write(ctx context.Context, who plan.Asker, entries []entry) ([]*model.ChangeEvent, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	values := make([]plan.Computed, len(entries))
	for i, e := range entries {
		values[i] = changeEvent(who.Viewer, e)
	}
	batch, err := plan.ComputedBatch(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, who, values)
	if err != nil {
		return nil, err
	}
	result := &store.Result{}
	if len(batch.Plan.Roots) > 0 {
		if result, err = f.Store.Fetch(ctx, batch.Plan); err != nil {
			return nil, err
		}
	}
	out := make([]*model.ChangeEvent, len(entries))
	for i, data := range batch.Render(result) {
		out[i] = &model.ChangeEvent{}
		out[i].SetJSON(data)
	}
	return out, nil
}

func changeEvent(v network.Viewer, e entry) plan.Computed {
	state := func(r *network.Record) *plan.Deferred {
		return plan.Defer(func(plan.Args) (any, error) { return plan.LogState(v, r) })
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

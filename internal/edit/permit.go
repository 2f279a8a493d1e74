package edit

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Who may write. Coordinators and above change whatever they can read. An
// organisation's own editors change what is its own (see [network.Kind].OwnedBy) as
// far as they can read it, by the verbs that are open to them. Nobody else writes.
//
// A verb is closed to editors unless it says otherwise, and [Editor.apply] takes
// nothing of theirs that permit has not let through: to forget either refuses.

// forEditors opens a verb to an organisation's own editors. It must ask permit
// about every record that it writes or would write.
func (in Intent) forEditors() Intent {
	in.editors = true
	in.permitted = map[network.ID]bool{}
	return in
}

// mayWrite is Forbidden for who may not write at all, or not by this verb. It is
// the same whatever the write is about.
func (in Intent) mayWrite() *network.Error {
	switch {
	case in.Viewer.Writes(), in.editors && len(in.Viewer.Organizations) > 0:
		return nil
	case len(in.Viewer.Organizations) > 0:
		return network.Errorf(network.Forbidden, "only coordinators and above may do this; an organisation's editors change its records one by one, or with upsertMany")
	}
	return network.Errorf(network.Forbidden, "only coordinators and above may write")
}

// permit tells of each record, as it was (nil: it is new) and as it is to be, what
// keeps the viewer from making it so; nil when nothing does. What a fault says has
// the path of the field, or none when it is about the record.
func (e *Editor) permit(ctx context.Context, in Intent, v *view, changes ...revision) ([]network.Errors, error) {
	out := make([]network.Errors, len(changes))
	if in.Viewer.Writes() {
		return out, nil
	}
	var posts []network.ID
	for _, c := range changes {
		posts = append(append(posts, leadingOn(c.was)...), leadingOn(c.is)...)
	}
	if err := v.load(ctx, posts); err != nil {
		return nil, err
	}
	for i, c := range changes {
		if c.was != nil && !v.ours(c.was) || !v.ours(c.is) {
			out[i] = network.Errors{network.Errorf(network.Forbidden, "it is not your organisation's: you may change that one's record, posts, ties, roles, needs and offers; ask a coordinator for others")}
			continue
		}
		if out[i] = unreadable(v.viewer, c); len(out[i]) == 0 {
			in.permitted[c.is.ID] = true
		}
	}
	return out, nil
}

// revision is a record before and after a write.
type revision struct{ was, is *network.Record }

// leadingOn are the IDs of what the record belongs to that may itself belong to an
// organisation: posts.
func leadingOn(r *network.Record) (out []network.ID) {
	if r == nil {
		return nil
	}
	k := network.MustKind(r.Kind)
	for _, name := range k.OwnedBy {
		if f := k.Field(name); f != nil && slices.ContainsFunc(f.Targets, hasOwner) {
			out = append(out, network.ID(r.Str(name)))
		}
	}
	return out
}

// hasOwner tells of kinds whose records belong to others.
func hasOwner(kind string) bool {
	owned := network.MustKind(kind).OwnedBy
	return len(owned) > 0 && owned[0] != "id"
}

// ours tells whether the record belongs to an organisation that the viewer edits
// for. What it leads on to is loaded.
func (v *view) ours(r *network.Record) bool {
	for _, name := range network.MustKind(r.Kind).OwnedBy {
		id := r.ID
		if name != "id" {
			id = network.ID(r.Str(name))
		}
		if id != "" && v.viewer.EditsFor(id) {
			return true
		}
		if next := v.known[id]; name != "id" && next != nil && hasOwner(next.Kind) && v.ours(next) {
			return true
		}
	}
	return false
}

// unreadable are the faults of fields that change though the viewer may not read
// them: nobody writes over what they cannot see.
func unreadable(v network.Viewer, c revision) (faults network.Errors) {
	for _, f := range network.MustKind(c.is.Kind).Fields {
		var was any
		if c.was != nil {
			was = c.was.Fields[f.Name]
		}
		if !v.Reads(f) && !network.SameValue(was, c.is.Fields[f.Name]) {
			faults = append(faults, network.Errorf(network.Forbidden, "it is personal: only coordinators and above may read and write it").At(f.Name))
		}
	}
	return faults
}

// withheld is Forbidden when a write of who is no coordinator was not permitted.
func (in Intent) withheld(writes []store.Write) error {
	if in.Viewer.Writes() {
		return nil
	}
	for _, w := range writes {
		if !in.permitted[w.After.ID] {
			return network.Errorf(network.Forbidden, "only coordinators and above may do this")
		}
	}
	return nil
}

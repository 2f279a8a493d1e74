package edit

import (
	"context"
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxChain bounds how far a chain of broader topics, enclosing areas or
// predecessors is followed.
const maxChain = 100

// view is what the viewer can read, with records about to be written in front.
type view struct {
	store  store.Store
	viewer network.Viewer
	known  map[network.ID]*network.Record // nil: there is none
}

func newView(s store.Store, v network.Viewer) *view {
	return &view{s, v, map[network.ID]*network.Record{}}
}

// load reads the records that are not known yet, in one call.
func (v *view) load(ctx context.Context, ids []network.ID) error {
	var keys []store.Key
	for _, id := range ids {
		if _, ok := v.known[id]; !ok && id != "" {
			v.known[id] = nil
			keys = append(keys, store.Key{ID: id})
		}
	}
	return v.loadKeys(ctx, keys)
}

// loadKeys reads the records with the IDs in the keys.
func (v *view) loadKeys(ctx context.Context, keys []store.Key) error {
	if len(keys) == 0 {
		return nil
	}
	found, err := v.store.Load(ctx, v.viewer, keys)
	if err != nil {
		return err
	}
	for i, key := range keys {
		v.known[key.ID] = found[i]
	}
	return nil
}

func (v *view) get(ctx context.Context, id network.ID) (*network.Record, error) {
	err := v.load(ctx, []network.ID{id})
	return v.known[id], err
}

// checkReferences tells whether what the record points to is there and may be
// pointed to. What it pointed to before is not looked at again: the viewer may
// not see it.
func (v *view) checkReferences(ctx context.Context, k *network.Kind, r, was *network.Record) (network.Errors, error) {
	var all []network.ID
	for _, f := range k.LeadingFields() {
		all = append(all, added(f, r, was)...)
	}
	if err := v.load(ctx, all); err != nil {
		return nil, err
	}
	var errs network.Errors
	for _, f := range k.LeadingFields() {
		for _, id := range added(f, r, was) {
			if err := v.checkTarget(f, id); err != nil {
				errs = append(errs, err.At(pathOf(f, r, id)...))
			}
		}
	}
	if len(errs) > 0 {
		return errs, nil
	}
	if r.Kind == network.TieRecord && was == nil {
		errs = append(errs, v.checkTie(r)...)
	}
	if r.Kind == "Claim" {
		errs = append(errs, v.checkClaim(r)...)
	}
	for _, f := range k.LeadingFields() {
		if f.Type != network.Ref || len(f.Targets) != 1 || f.Targets[0] != k.Name || len(added(f, r, was)) == 0 {
			continue
		}
		round, err := v.leadsTo(ctx, f, r)
		switch {
		case err != nil:
			return nil, err
		case round:
			errs = append(errs, network.Errorf(network.InvalidValue, "it leads back to the record itself").At(f.Name))
		}
	}
	return errs, nil
}

// added lists the IDs in the field that were not in it before.
func added(f *network.Field, r, was *network.Record) []network.ID {
	now := r.IDs(f.Name)
	if was == nil {
		return now
	}
	before := was.IDs(f.Name)
	return slices.DeleteFunc(slices.Clone(now), func(id network.ID) bool { return slices.Contains(before, id) })
}

func pathOf(f *network.Field, r *network.Record, id network.ID) []string {
	if list, ok := r.Fields[f.Name].([]network.ID); ok {
		return []string{f.Name, strconv.Itoa(slices.Index(list, id))}
	}
	return []string{f.Name}
}

func (v *view) checkTarget(f *network.Field, id network.ID) *network.Error {
	r := v.known[id]
	switch {
	case r == nil:
		return network.Errorf(network.NotFound, "there is no such record")
	case r.Kind == network.WithdrawnRecord:
		return errWithdrawn(r)
	case r.Erased():
		return network.ErrErased()
	case f.IsRef() && !slices.Contains(f.Targets, r.Kind):
		return errTarget(f, r.Kind)
	}
	return nil
}

func errTarget(f *network.Field, kind string) *network.Error {
	return network.Errorf(network.InvalidValue, "it is of the kind %s; the field takes %s", kind, listOf(f.Targets))
}

func (v *view) checkTie(r *network.Record) network.Errors {
	t := network.TieKindOf(r.Str("kind"))
	s, o := v.known[network.ID(r.Str("subject"))], v.known[network.ID(r.Str("object"))]
	if t.Joins(s.Kind, o.Kind) {
		return nil
	}
	return network.Errors{network.Errorf(network.TieNotAllowed, "%s does not lead from %s to %s; its subject may be %s, its object %s",
		t.Name, s.Kind, o.Kind, listOf(t.Subjects), listOf(t.Objects)).At("kind")}
}

// checkClaim: the field of a claim is one of the record it is about.
func (v *view) checkClaim(r *network.Record) network.Errors {
	about, field := v.known[network.ID(r.Str("record"))], r.Str("field")
	if about == nil || field == "" || network.MustKind(about.Kind).Field(field) != nil {
		return nil
	}
	return network.Errors{network.Errorf(network.UnknownField, "the record is a %s, which has no field of this name", about.Kind).At("field")}
}

// leadsTo follows the field from the record's target and tells whether it comes
// back to the record.
func (v *view) leadsTo(ctx context.Context, f *network.Field, r *network.Record) (bool, error) {
	at := network.ID(r.Str(f.Name))
	for range maxChain {
		if at == r.ID {
			return true, nil
		}
		next, err := v.get(ctx, at)
		if err != nil || next == nil {
			return false, err
		}
		if at = network.ID(next.Str(f.Name)); at == "" {
			return false, nil
		}
	}
	return true, nil
}

// listOf is a list for a message.
func listOf(names []string) string {
	out := ""
	for i, n := range names {
		switch {
		case i > 0 && i == len(names)-1:
			out += " or "
		case i > 0:
			out += ", "
		}
		out += n
	}
	return out
}

package edit

import (
	"context"
	"errors"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// bundle is several records written in one Apply: all of them or nothing, each
// checked beside the others.
type bundle struct {
	*Editor
	in    Intent
	view  *view
	items []bundled
	at    map[network.ID]int // position in items
}

// bundled is one record of a bundle.
type bundled struct {
	action store.Action
	after  *network.Record
	was    *network.Record // nil: it is new
	// like is the record that a new one goes on from. What that points to is not
	// looked at again: the viewer may not see it.
	like  *network.Record
	given map[string]any // the fields as the user gave them
	path  []string       // leads to the argument it came from
}

// before is what the references of the record are held against.
func (x *bundled) before() *network.Record {
	if x.was != nil {
		return x.was
	}
	return x.like
}

// together lets fill put records into a bundle and commits it, from the start
// again when somebody else wrote in between. fill gives the answer, which learns
// the revision: the one made, that of the store when nothing changes, 0 after a
// dry run, which writes nothing.
func together[T any, P interface {
	*T
	outcome
}](ctx context.Context, e *Editor, in Intent, dryRun bool, fill func(*bundle) (P, error)) (P, error) {
	return once[T, P](ctx, e, in, dryRun, func(in Intent) (P, error) {
		var out P
		err := e.again(ctx, func() (_ bool, err error) {
			b := &bundle{Editor: e, in: in, view: newView(e.Store, in.Viewer), at: map[network.ID]int{}}
			if out, err = fill(b); err != nil {
				return false, err
			}
			return met(b.commit(ctx, out, dryRun))
		})
		if err != nil {
			return nil, err
		}
		return out, nil
	})
}

// create adds a new record with typed fields.
func (b *bundle) create(kind string, fields map[string]any, path ...string) *network.Record {
	r := &network.Record{ID: network.NewID(), Kind: kind, Fields: fields}
	b.put(bundled{action: store.Create, after: r, path: path})
	return r
}

// parse adds a new record as a user gave it, nil when it is at fault.
func (b *bundle) parse(kind string, raw map[string]any, path ...string) (*network.Record, network.Errors) {
	fields, _, errs := network.ParseInput(network.MustKind(kind), raw, false)
	if len(errs) > 0 {
		return nil, placed(errs, path)
	}
	r := b.create(kind, fields, path...)
	b.items[b.at[r.ID]].given = raw
	return r, nil
}

// edit gives a copy of a record that is there, to be changed; the same copy when
// it is asked for again.
func (b *bundle) edit(was *network.Record, action store.Action, path ...string) *network.Record {
	if i, known := b.at[was.ID]; known {
		return b.items[i].after
	}
	r := was.Clone()
	b.put(bundled{action: action, after: r, was: was, path: path})
	return r
}

func (b *bundle) put(x bundled) {
	b.at[x.after.ID] = len(b.items)
	b.items = append(b.items, x)
}

// commit checks the records and writes those that changed.
func (b *bundle) commit(ctx context.Context, out outcome, dryRun bool) error {
	if err := b.load(ctx); err != nil {
		return err
	}
	if err := b.permitted(ctx); err != nil {
		return err
	}
	changed, err := b.changed(ctx)
	if err != nil || dryRun {
		return err
	}
	writes := make([]store.Write, len(changed))
	for i, x := range changed {
		if writes[i] = (store.Write{Action: x.action, After: x.after}); x.was != nil {
			writes[i] = store.Replace(x.action, x.was, x.after)
		}
	}
	write, err := b.apply(ctx, b.in, out, writes...)
	var fault *network.Error
	if write >= 0 && errors.As(err, &fault) {
		return fault.At(changed[write].path...)
	}
	return err
}

// load reads, in one call, what the records newly point to.
func (b *bundle) load(ctx context.Context) error {
	var refs []network.ID
	for i := range b.items {
		x := &b.items[i]
		b.view.known[x.after.ID] = x.after
		for _, f := range network.KindOf(x.after.Kind).LeadingFields() {
			refs = append(refs, added(f, x.after, x.before())...)
		}
	}
	return b.view.load(ctx, refs)
}

// permitted is what keeps the viewer from writing the records.
func (b *bundle) permitted(ctx context.Context) error {
	revisions := make([]revision, len(b.items))
	for i, x := range b.items {
		revisions[i] = revision{x.was, x.after}
	}
	refused, err := b.permit(ctx, b.in, b.view, revisions...)
	if err != nil {
		return err
	}
	var faults network.Errors
	for i, x := range b.items {
		faults = append(faults, placed(refused[i], x.path)...)
	}
	return faults.Err()
}

// changed checks every record and gives those that are not as they were.
func (b *bundle) changed(ctx context.Context) ([]*bundled, error) {
	var faults network.Errors
	var out []*bundled
	for i := range b.items {
		x := &b.items[i]
		errs, err := b.check(ctx, x)
		if err != nil {
			return nil, err
		}
		faults = append(faults, errs...)
		if x.was == nil || !x.after.SameFields(x.was) {
			out = append(out, x)
		}
	}
	return out, faults.Err()
}

// check makes a record fit to be written. The faults lead to the argument.
func (b *bundle) check(ctx context.Context, x *bundled) (network.Errors, error) {
	errs := b.complete(b.in, x.after, x.was, x.given)
	if len(errs) == 0 {
		var err error
		if errs, err = b.view.checkReferences(ctx, network.KindOf(x.after.Kind), x.after, x.before()); err != nil {
			return nil, err
		}
	}
	return placed(errs, x.path), nil
}

func placed(errs network.Errors, path []string) network.Errors {
	out := slices.Clone(errs)
	for i, e := range out {
		out[i] = e.At(path...)
	}
	return out
}

package edit

import (
	"context"
	"reflect"

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

// bundled is one record of a bundle. path leads to the argument it came from.
type bundled struct {
	action store.Action
	after  *network.Record
	was    *network.Record // nil: it is new
	given  map[string]any
	path   []string
}

func (e *Editor) bundle(in Intent) *bundle {
	return &bundle{Editor: e, in: in, view: newView(e.Store, in.Viewer), at: map[network.ID]int{}}
}

// create adds a new record with typed fields. given, which may be nil, are the
// fields as the user gave them.
func (b *bundle) create(kind string, fields, given map[string]any, path ...string) network.ID {
	r := &network.Record{ID: network.NewID(), Kind: kind, Fields: fields}
	b.put(bundled{store.Create, r, nil, given, path})
	return r.ID
}

// parse reads what a user gave for a new record of the kind; its ID is "" when
// it is at fault.
func (b *bundle) parse(kind string, raw map[string]any, path ...string) (network.ID, network.Errors) {
	fields, _, errs := network.ParseInput(network.MustKind(kind), raw, false)
	if len(errs) > 0 {
		return "", placed(errs, path)
	}
	return b.create(kind, fields, raw, path...), nil
}

// edit gives a copy of a record that is there, to be changed; the same copy when
// it is asked for again.
func (b *bundle) edit(was *network.Record, action store.Action, path ...string) *network.Record {
	if i, known := b.at[was.ID]; known {
		return b.items[i].after
	}
	r := was.Clone()
	b.put(bundled{action, r, was, nil, path})
	return r
}

func (b *bundle) put(x bundled) {
	b.at[x.after.ID] = len(b.items)
	b.items = append(b.items, x)
}

// commit checks the records and writes those that changed. A dry run writes
// nothing and returns nil.
func (b *bundle) commit(ctx context.Context, dryRun bool) (*store.Applied, error) {
	var refs []network.ID
	for _, x := range b.items {
		b.view.known[x.after.ID] = x.after
	}
	for _, x := range b.items {
		for _, f := range network.KindOf(x.after.Kind).Fields {
			refs = append(refs, added(f, x.after, x.was)...)
		}
	}
	if err := b.view.load(ctx, refs); err != nil {
		return nil, err
	}
	var faults network.Errors
	var writes []store.Write
	var from []int
	for i, x := range b.items {
		errs, err := b.settle(ctx, b.in, x.after, x.was, x.given, b.view)
		if err != nil {
			return nil, err
		}
		faults = append(faults, placed(errs, x.path)...)
		switch {
		case x.was == nil:
			writes = append(writes, store.Write{Action: store.Create, After: x.after})
		case reflect.DeepEqual(x.after.Fields, x.was.Fields):
			continue
		default:
			writes = append(writes, store.Write{Action: x.action, After: x.after, IfVersion: x.was.Version})
		}
		from = append(from, i)
	}
	if len(faults) > 0 || dryRun {
		return nil, faults.Err()
	}
	if len(writes) == 0 {
		head, err := b.Store.Head(ctx)
		return &store.Applied{Revision: head}, err
	}
	applied, write, err := b.apply(ctx, b.in, writes...)
	if fault, ok := err.(*network.Error); ok && write >= 0 {
		return nil, fault.At(b.items[from[write]].path...)
	}
	return applied, err
}

func placed(errs network.Errors, path []string) network.Errors {
	out := make(network.Errors, len(errs))
	for i, e := range errs {
		out[i] = e.At(path...)
	}
	return out
}

// again runs a write until nobody else gets in between.
func again[T any](write func() (*T, error)) (out *T, err error) {
	for range attempts {
		if out, err = write(); network.CodeOf(err) != network.Conflict {
			return out, err
		}
	}
	return nil, err
}

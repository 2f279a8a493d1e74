package edit

import (
	"context"
	"errors"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Editor writes to a store. It may be used from several goroutines, and should
// be by all that write to the same store: those that get into each other's way
// then take turns.
type Editor struct {
	Store store.Store
	// Clock gives the recorded time, and the day "today" of present names and
	// stages.
	Clock network.Clock
	// Erased is told of all that was ever erased, whenever a person is, so that
	// it can be kept apart from the store; nil: nobody is told. Its error is that of
	// [Editor.ErasePerson], which may be tried again.
	Erased func([]store.Erasure) error

	turn turn
}

// Intent says on whose behalf something is written, and why.
type Intent struct {
	Viewer network.Viewer
	Reason string // at most 500 characters; may be empty
	// Key names the write among those of the viewer, so that trying it again does
	// not do it twice: at most 200 characters; may be empty. Dry runs take none.
	Key string
	// Request tells what is asked for under the key: the same text for the same
	// write, another for any other.
	Request string
	// decided is what the verb has looked at, beside the records it writes.
	decided *store.Decided
	// editors says that the verb is open to an organisation's own editors, and
	// permitted which records they may write.
	editors   bool
	permitted map[network.ID]bool
}

// Outcome names the record written, its new version and the revision made. A
// write that changes nothing is not made: the outcome then has the version as
// it is and the revision read.
type Outcome struct {
	ID       network.ID
	Version  int64
	Revision int64
	// Kind is what it was written as; empty in an answer that is given again: it may
	// be another by then.
	Kind string `json:"-"`
}

// Create enters a record of the kind. For raw see [network.ParseInput].
// Visibility is PUBLIC and the status of a role AGREED when not given. Errors:
// Forbidden below coordinator, but for records of an organisation that the viewer
// edits for, Duplicate for a unique value that is taken,
// NotFound for references to records the viewer cannot see, TieNotAllowed, and
// those of [network.Kind.Check].
func (e *Editor) Create(ctx context.Context, in Intent, kind string, raw map[string]any) (*Outcome, error) {
	return once(ctx, e, in.forEditors(), false, func(in Intent) (*Outcome, error) { return e.create(ctx, in, kind, raw) })
}

func (e *Editor) create(ctx context.Context, in Intent, kind string, raw map[string]any) (*Outcome, error) {
	k, err := writable(kind)
	if err != nil {
		return nil, err
	}
	fields, _, errs := network.ParseInput(k, raw, false)
	if len(errs) > 0 {
		return nil, at(errs, "input")
	}
	r := &network.Record{ID: network.NewID(), Kind: kind, Fields: fields}
	v := newView(e.Store, in.Viewer)
	refused, err := e.permit(ctx, in, v, revision{is: r})
	if err != nil {
		return nil, err
	}
	if errs = refused[0]; len(errs) == 0 {
		errs, err = e.settle(ctx, in, r, nil, raw, v)
	}
	switch {
	case err != nil:
		return nil, err
	case len(errs) > 0:
		return nil, at(errs, "input")
	}
	out := &Outcome{ID: r.ID, Version: 1, Kind: r.Kind}
	if _, err := e.apply(ctx, in, out, store.Write{Action: store.Create, After: r}); err != nil {
		return nil, at(err, "input")
	}
	return out, nil
}

// Update changes the fields in raw, clears those that are null, and leaves the
// others. kind may name a kind or an interface the record must be of, or be
// empty. With ifVersion the record must have that version (Conflict otherwise);
// without, the change is made on whatever version there is.
//
// Giving name or stage corrects the present one, in its history too; for a
// change from a day on see [Editor.RenameOrganization] and [Editor.Advance].
// Other values for fields fixed at creation are refused.
func (e *Editor) Update(ctx context.Context, in Intent, id network.ID, kind string, raw map[string]any, ifVersion *int64) (*Outcome, error) {
	return e.change(ctx, in, target{id: id, kind: kind, ifVersion: ifVersion, raw: raw}, store.Update, func(r *network.Record) error {
		k := network.KindOf(r.Kind)
		fields, cleared, errs := network.ParseInput(k, raw, true)
		for _, f := range k.Fields {
			if _, given := raw[f.Name]; given && f.Immutable && !network.SameValue(fields[f.Name], r.Fields[f.Name]) {
				errs = append(errs, network.Errorf(network.InvalidValue, "it is fixed when the record is created; end this record and create another").At(f.Name))
			}
		}
		for _, name := range cleared {
			if name == "visibility" {
				errs = append(errs, errVisibilityCleared())
			}
			delete(r.Fields, name)
		}
		for name, v := range fields {
			r.Fields[name] = v
		}
		return at(errs, "input")
	})
}

// target is a record to be changed.
type target struct {
	id        network.ID
	kind      string // a kind or an interface; empty: any
	ifVersion *int64
	raw       map[string]any // the fields given, for Update
}

// change reads the record, lets edit change a copy, and writes it unless it is
// the same then. An error of edit ends it.
func (e *Editor) change(ctx context.Context, in Intent, t target, action store.Action, edit func(*network.Record) error) (*Outcome, error) {
	return once(ctx, e, in.forEditors(), false, func(in Intent) (out *Outcome, err error) {
		err = e.again(ctx, func() (bool, error) {
			out, err = e.tryChange(ctx, in, t, action, edit)
			another, err := met(err)
			return another && t.ifVersion == nil, err
		})
		return out, err
	})
}

func (e *Editor) tryChange(ctx context.Context, in Intent, t target, action store.Action, edit func(*network.Record) error) (*Outcome, error) {
	v := newView(e.Store, in.Viewer)
	if err := v.loadKeys(ctx, []store.Key{{ID: t.id, Kind: t.kind}}); err != nil {
		return nil, err
	}
	was := v.known[t.id]
	if was == nil && t.kind != "" { // it may be of another kind, or have been taken back
		if err := v.loadKeys(ctx, []store.Key{{ID: t.id}}); err != nil {
			return nil, err
		}
		was = v.known[t.id]
	}
	if was == nil {
		return nil, network.Errorf(network.NotFound, "there is no such record").At("id")
	}
	if was.Kind == network.WithdrawnRecord {
		return nil, errWithdrawn(was).At("id")
	}
	if t.kind != "" && !network.MustKind(was.Kind).Is(t.kind) {
		return nil, network.Errorf(network.InvalidValue, "the record is of the kind %s, not %s", was.Kind, t.kind).At("id")
	}
	if t.ifVersion != nil && *t.ifVersion != was.Version {
		return nil, network.Errorf(network.Conflict, "the record has changed since version %d; it is at %d: read it again", *t.ifVersion, was.Version).At("ifVersion")
	}
	r := was.Clone()
	if err := edit(r); err != nil {
		return nil, err
	}
	refused, err := e.permit(ctx, in, v, revision{was, r})
	if err != nil {
		return nil, err
	}
	errs := refused[0]
	if len(errs) > 0 && len(errs[0].Path) == 0 {
		return nil, errs[0].At("id")
	}
	if len(errs) == 0 {
		errs, err = e.settle(ctx, in, r, was, t.raw, v)
	}
	switch {
	case err != nil:
		return nil, err
	case len(errs) > 0:
		return nil, at(errs, "input")
	}
	out, writes := &Outcome{ID: r.ID, Version: was.Version, Kind: r.Kind}, []store.Write(nil)
	if !r.SameFields(was) {
		out.Version++
		writes = append(writes, store.Replace(action, was, r))
	}
	_, err = e.apply(ctx, in, out, writes...)
	switch {
	case network.CodeOf(err) == network.Conflict && t.ifVersion != nil:
		return nil, network.Errorf(network.Conflict, "the record has changed since version %d: read it again", was.Version).At("ifVersion")
	case err != nil:
		return nil, at(err, "input")
	}
	return out, nil
}

// errWithdrawn says what became of a record that was taken back.
func errWithdrawn(r *network.Record) *network.Error {
	if into := r.Str("into"); into != "" {
		return network.Errorf(network.NotFound, "the record was merged into %s; use that id", into)
	}
	return network.Errorf(network.NotFound, "the record was taken back; revertChanges on the revision that did so puts it back")
}

// settle makes a record fit to be written: defaults, histories, checks. was is
// the record before, nil for a new one; given has the fields the user gave.
func (e *Editor) settle(ctx context.Context, in Intent, r, was *network.Record, given map[string]any, v *view) (network.Errors, error) {
	if errs := e.complete(in, r, was, given); len(errs) > 0 {
		return errs, nil
	}
	return v.checkReferences(ctx, network.KindOf(r.Kind), r, was)
}

// complete is what settle does before it looks at references.
func (e *Editor) complete(in Intent, r, was *network.Record, given map[string]any) network.Errors {
	k := network.KindOf(r.Kind)
	setDefaults(r)
	followHistories(k, r, was, given, network.Today(e.Clock))
	errs := k.Check(r)
	if r.Visibility() > in.Viewer.Clearance() {
		errs = append(errs, network.Errorf(network.Forbidden, "you could not read the record any more; choose a more open visibility").At("visibility"))
	}
	return errs
}

func setDefaults(r *network.Record) {
	if r.Fields["visibility"] == nil {
		r.Fields["visibility"] = network.Public.String()
	}
	if r.Kind == "RoleAssignment" && r.Fields["status"] == nil {
		r.Fields["status"] = "AGREED"
	}
}

// apply commits the writes and tells out the revision: the one made, or that of
// the store when there are none. Of an error it also says at which write, -1
// when at none.
func (e *Editor) apply(ctx context.Context, in Intent, out outcome, writes ...store.Write) (int, error) {
	if err := in.withheld(writes); err != nil {
		return -1, err
	}
	receipt, err := in.receipt(out)
	if err != nil {
		return -1, err
	}
	applied, err := e.Store.Apply(ctx, &store.Batch{Actor: in.Viewer.Actor, Reason: in.Reason, At: e.Clock.Now(), Writes: writes, Receipt: receipt, Decided: in.decided})
	if err == nil {
		out.made(applied.Revision)
		return -1, nil
	}
	var fault *network.Error
	if !errors.As(err, &fault) {
		return -1, err
	}
	write, path := -1, fault.Path
	if len(path) > 1 && path[0] == "writes" {
		if i, err := strconv.Atoi(path[1]); err == nil {
			write, path = i, path[2:]
		}
	}
	switch {
	case write < 0:
		return -1, err
	case fault.Code == network.Duplicate:
		// The store names the holder, whom the viewer may not be allowed to see.
		return write, errTaken().At(path...)
	}
	return write, &network.Error{Code: fault.Code, Path: path, Message: fault.Message}
}

// errVisibilityCleared: cleared it would be PUBLIC, which nobody meant.
func errVisibilityCleared() *network.Error {
	return network.Errorf(network.Required, "it cannot be cleared; say who may read the record").At("visibility")
}

func errTaken() *network.Error {
	return network.Errorf(network.Duplicate, "another record has this value already; look for that one")
}

// checked lets those through who may write by this verb, and cleans reason and key.
func (in Intent) checked() (Intent, error) {
	if err := in.mayWrite(); err != nil {
		return in, err
	}
	key, err := network.CleanText(in.Key, store.MaxKey)
	if err != nil {
		return in, at(err, "idempotencyKey")
	}
	in.Key = key
	reason, err := network.CleanText(in.Reason, network.MaxString)
	in.Reason = reason
	return in, at(err, "reason")
}

func writable(kind string) (*network.Kind, error) {
	if k := network.KindOf(kind); k != nil && k.Entered() {
		return k, nil
	}
	return nil, network.Errorf(network.InvalidValue, "there is no kind of record of this name").At("input")
}

// at puts the path in front of what is the user's to correct and has a path, or
// is about the whole input.
func at(err error, path string) error {
	switch e := err.(type) {
	case network.Errors:
		out := make(network.Errors, len(e))
		for i := range e {
			out[i] = e[i].At(path)
		}
		return out.Err()
	case *network.Error:
		if len(e.Path) > 0 || path != "input" {
			return e.At(path)
		}
	}
	return err
}

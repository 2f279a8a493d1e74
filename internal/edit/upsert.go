package edit

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Upsert brings rows into the map in one Apply: all of them, or none when one
// is at fault. A row is the record with its kind and importKey (or with its key
// as ID), else the one with its unique code, else the one with its kind and
// name; a row with a key takes a record by name only if that has no key of
// another file. Otherwise it is a new record, whose ID is made from kind and
// key, so that the same file gives the same IDs everywhere.
//
// The same rows again write nothing. When rows are at fault the report says
// which and the error is InvalidValue; other errors come without a report.
func (e *Editor) Upsert(ctx context.Context, in Intent, rows []Row, dryRun bool) (*Report, error) {
	if dryRun {
		in.Key = ""
	}
	return once(ctx, e, in, func(in Intent) (report *Report, err error) {
		err = e.again(ctx, func() error {
			report, err = e.tryUpsert(ctx, in, rows, dryRun)
			return err
		})
		return report, err
	})
}

func (e *Editor) tryUpsert(ctx context.Context, in Intent, rows []Row, dryRun bool) (*Report, error) {
	index, err := scan(ctx, e.Store, in.Viewer, network.Today(e.Clock), kindsNeeded(rows))
	if err != nil {
		return nil, err
	}
	u := &upsert{editor: e, in: in, rows: rows, index: index, view: newView(e.Store, in.Viewer),
		report: &Report{Revision: index.revision, IDs: make([]network.ID, len(rows))}}
	u.match()
	if err := u.load(ctx); err != nil {
		return nil, err
	}
	u.build()
	if err := u.settle(ctx); err != nil {
		return nil, err
	}
	u.findMissing()
	slices.SortStableFunc(u.report.Errors, func(a, b *RowError) int { return a.Row - b.Row })
	switch n := len(u.report.Errors); {
	case n > 0:
		return u.report, errFaults(n)
	case dryRun:
		return u.report, nil
	}
	write, err := e.apply(ctx, in, u.report, u.writes...)
	var fault *network.Error
	switch {
	case err == nil:
		return u.report, nil
	case write >= 0 && network.CodeOf(err) != network.Conflict && errors.As(err, &fault):
		u.fault(u.writeRows[write], fault)
		return u.report, errFaults(1)
	}
	return nil, err
}

func errFaults(n int) error {
	return network.Errorf(network.InvalidValue, "faults in the rows: %d; nothing was written", n)
}

// kindsNeeded are the kinds of the rows and those their references may point to.
func kindsNeeded(rows []Row) []*network.Kind {
	need := map[*network.Kind]bool{}
	for _, row := range rows {
		k := network.KindOf(row.Kind)
		if k == nil {
			continue
		}
		need[k] = true
		for name := range row.Refs {
			if f := k.Field(name); f != nil {
				for _, t := range targetKinds(f) {
					need[t] = true
				}
			}
		}
	}
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if need[k] && !k.Log {
			out = append(out, k)
		}
	}
	return out
}

// upsert is one attempt.
type upsert struct {
	editor *Editor
	in     Intent
	rows   []Row
	index  *index
	view   *view
	isNew  []bool            // by row: not matched
	next   []*network.Record // by row; nil where the row is at fault
	writes []store.Write
	// writeRows is the row of each write.
	writeRows []int
	report    *Report
}

func (u *upsert) fault(row int, errs ...*network.Error) {
	for _, err := range errs {
		u.report.Errors = append(u.report.Errors, &RowError{row, u.rows[row].Origin, err})
	}
	u.report.IDs[row] = ""
}

// match finds the record of every row, or gives it an ID.
func (u *upsert) match() {
	taken := map[network.ID]bool{}
	keys := map[string]bool{}
	u.isNew = make([]bool, len(u.rows))
	for i := range u.rows {
		row := &u.rows[i]
		if _, err := writable(row.Kind); err != nil {
			u.fault(i, network.Errorf(network.InvalidValue, "there is no kind of record of this name").At("kind"))
			continue
		}
		if key := row.Kind + "\x00" + row.Key; row.Key != "" && keys[key] {
			u.fault(i, network.Errorf(network.Duplicate, "another row of this kind has the same key; give each its own").At("importKey"))
			continue
		} else {
			keys[key] = true
		}
		id, err := u.index.match(row)
		switch {
		case err != nil:
			u.fault(i, err)
			continue
		case id == "":
			id, u.isNew[i] = u.index.newID(row), true
		case taken[id]:
			u.fault(i, network.Errorf(network.Duplicate, "another row is the same record; give each row a key, or leave one out"))
			continue
		}
		taken[id] = true
		u.report.IDs[i] = id
		u.index.addRow(row, id)
	}
}

// load reads the records of the rows as they are.
func (u *upsert) load(ctx context.Context) error {
	if err := u.view.load(ctx, u.report.IDs); err != nil {
		return err
	}
	for i, id := range u.report.IDs {
		was := u.view.known[id]
		switch {
		case id == "" || was == nil || !u.isNew[i]:
		case was.Kind != u.rows[i].Kind:
			u.fault(i, network.Errorf(network.Conflict, "the record of this row is a %s now; change the type in the file", was.Kind).At("kind"))
		default:
			return network.Errorf(network.Conflict, "somebody else imports the same rows; try again")
		}
	}
	return nil
}

// build makes the records as the rows want them. References can be resolved
// only now, when every row has its ID.
func (u *upsert) build() {
	u.next = make([]*network.Record, len(u.rows))
	for i, id := range u.report.IDs {
		if id == "" {
			continue
		}
		row := &u.rows[i]
		r := &network.Record{ID: id, Kind: row.Kind, Fields: map[string]any{}}
		if was := u.view.known[id]; was != nil {
			r = was.Clone()
		}
		for _, name := range row.Clear {
			if name == "visibility" {
				u.fault(i, errVisibilityCleared())
			}
			delete(r.Fields, name)
		}
		maps.Copy(r.Fields, row.Fields)
		if row.Key != "" && r.Str("importKey") == "" {
			r.Fields["importKey"] = row.Key
		}
		if errs := u.index.resolveAll(r, row.Refs); len(errs) > 0 {
			u.fault(i, errs...)
			continue
		}
		u.next[i] = r
	}
}

// settle checks every record beside the others and collects the writes.
func (u *upsert) settle(ctx context.Context) error {
	before := maps.Clone(u.view.known)
	var refs []network.ID
	for i, r := range u.next {
		if r == nil {
			continue
		}
		for _, f := range network.KindOf(r.Kind).Fields {
			refs = append(refs, added(f, r, before[u.report.IDs[i]])...)
		}
		u.view.known[r.ID] = r
	}
	if err := u.view.load(ctx, refs); err != nil {
		return err
	}
	for i, r := range u.next {
		if r == nil {
			continue
		}
		was := before[r.ID]
		keepMutualEnds(r, was)
		errs, err := u.editor.settle(ctx, u.in, r, was, u.rows[i].Fields, u.view)
		if err != nil {
			return err
		}
		errs = append(errs, immutableChanged(r, was)...)
		if errs = append(errs, u.index.claim(r)...); len(errs) > 0 {
			u.fault(i, errs...)
			continue
		}
		u.write(i, r, was)
	}
	return nil
}

func (u *upsert) write(row int, r, was *network.Record) {
	switch {
	case was == nil:
		u.report.Created++
		u.writes = append(u.writes, store.Write{Action: store.Create, After: r})
		u.writeRows = append(u.writeRows, row)
	case reflect.DeepEqual(r.Fields, was.Fields):
		u.report.Unchanged++
	default:
		u.report.Updated++
		u.writes = append(u.writes, store.Write{Action: store.Update, After: r, IfVersion: was.Version})
		u.writeRows = append(u.writeRows, row)
	}
}

// keepMutualEnds: a mutual tie written the other way round is the same tie.
func keepMutualEnds(r, was *network.Record) {
	if was == nil || r.Kind != network.TieRecord {
		return
	}
	t := network.TieKindOf(r.Str("kind"))
	if t != nil && t.Mutual && r.Fields["subject"] == was.Fields["object"] && r.Fields["object"] == was.Fields["subject"] {
		r.Fields["subject"], r.Fields["object"] = was.Fields["subject"], was.Fields["object"]
	}
}

func immutableChanged(r, was *network.Record) (errs network.Errors) {
	if was == nil {
		return nil
	}
	for _, f := range network.KindOf(r.Kind).Fields {
		if f.Immutable && !reflect.DeepEqual(r.Fields[f.Name], was.Fields[f.Name]) {
			errs = append(errs, network.Errorf(network.InvalidValue, "it is fixed when the record is created; end this row and add another with its own key").At(f.Name))
		}
	}
	return errs
}

// findMissing lists what was imported before and has no row.
func (u *upsert) findMissing() {
	kinds := map[string]bool{}
	for _, row := range u.rows {
		kinds[row.Kind] = true
	}
	for _, m := range u.index.entries {
		if m.key != "" && kinds[m.kind] && !m.row {
			u.report.Missing = append(u.report.Missing, Missing{m.id, m.kind, m.key})
		}
	}
}

package edit

import (
	"context"
	"errors"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Upsert brings rows into the map in one Apply: all of them, or none when one
// is at fault, unless ByRow is set. A row is the record with its ID; else the one
// with its kind and importKey (or with its key as ID), else the one with its
// unique code, else the one with its kind and name; a row with a key takes a
// record by name only if that has no key of another file. Otherwise it is a new
// record, whose ID is made from kind and key, so that the same file gives the
// same IDs everywhere. Writers who bring the same rows in at once make one record of
// each, by its key as by its name. A tie has neither code nor name: without key or ID it is a
// new one.
//
// The same rows again write nothing. When rows are at fault the report says
// which and the error is InvalidValue, with ByRow nil; other errors come without
// a report.
func (e *Editor) Upsert(ctx context.Context, in Intent, rows []Row, o UpsertOptions) (*Report, error) {
	return once(ctx, e, in.forEditors(), o.DryRun, func(in Intent) (report *Report, err error) {
		err = e.again(ctx, func() (bool, error) {
			report, err = e.tryUpsert(ctx, in, rows, o)
			return met(err)
		})
		return report, err
	})
}

// tryUpsert is one attempt. With ByRow it draws the rows up again without those
// at fault until none is left: others may have meant them.
func (e *Editor) tryUpsert(ctx context.Context, in Intent, rows []Row, o UpsertOptions) (*Report, error) {
	var faults []*RowError
	for {
		u := &upsert{editor: e, in: in, rows: rows, view: newView(e.Store, in.Viewer), revived: map[network.ID]*network.Record{}, byName: map[store.Name]bool{}, report: newReport(len(rows))}
		for _, f := range faults {
			u.report.Actions[f.Row] = RowRefused
		}
		err := u.drawUp(ctx)
		if err == nil && o.Missing {
			err = u.findMissing(ctx)
		}
		if err == nil && len(u.report.Errors) == 0 && !o.DryRun {
			err = u.commit(ctx, faults)
		}
		if err != nil {
			return nil, err
		}
		found := len(u.report.Errors)
		u.report.Errors = append(u.report.Errors, faults...)
		slices.SortStableFunc(u.report.Errors, func(a, b *RowError) int { return a.Row - b.Row })
		switch {
		case found == 0:
			return u.report, nil
		case !o.ByRow:
			return u.report, network.Errorf(network.InvalidValue, "faults in the rows: %d; nothing was written", found)
		}
		faults = u.report.Errors
	}
}

// upsert draws rows up.
type upsert struct {
	editor *Editor
	in     Intent
	rows   []Row
	index  *index
	view   *view
	isNew  []bool            // by row: not matched
	next   []*network.Record // by row; nil where the row is at fault
	writes []store.Write
	// byName are the names by which new rows were looked for in vain: without a key
	// nothing else keeps two writers from entering the same.
	byName map[store.Name]bool
	// writeRows is the row of each write.
	writeRows []int
	// revived are records that were withdrawn and come again.
	revived map[network.ID]*network.Record
	report  *Report
}

// drawUp makes the writes of the rows that are not refused already, and finds
// what is wrong with them.
func (u *upsert) drawUp(ctx context.Context) error {
	var sound []*Row
	for i := range u.rows {
		if u.refused(i) {
			continue
		}
		if _, err := writable(u.rows[i].Kind); err != nil {
			u.fault(i, network.Errorf(network.InvalidValue, "there is no kind of record of this name").At("kind"))
		} else if len(u.rows[i].Faults) > 0 {
			u.fault(i, u.rows[i].Faults...)
		} else {
			sound = append(sound, &u.rows[i])
		}
	}
	var err error
	if u.index, u.report.Revision, err = find(ctx, u.editor.Store, u.in.Viewer, network.Today(u.editor.Clock), sound); err != nil {
		return err
	}
	u.match()
	if err := u.load(ctx); err != nil {
		return err
	}
	u.build()
	return u.settle(ctx)
}

// commit writes. A fault that the store finds is one of its row. The faults of
// rows that are left out are part of the answer.
func (u *upsert) commit(ctx context.Context, left []*RowError) error {
	u.report.Errors = left
	in := u.in
	if len(u.byName) > 0 {
		in.decided = &store.Decided{Revision: u.report.Revision, Names: u.byName}
	}
	write, err := u.editor.apply(ctx, in, u.report, u.writes...)
	u.report.Errors = nil
	var fault *network.Error
	if write >= 0 && network.CodeOf(err) != network.Conflict && errors.As(err, &fault) {
		u.fault(u.writeRows[write], fault)
		return nil
	}
	return err
}

func (u *upsert) refused(row int) bool { return u.report.Actions[row] == RowRefused }

func (u *upsert) fault(row int, errs ...*network.Error) {
	for _, err := range errs {
		u.report.Errors = append(u.report.Errors, &RowError{row, u.rows[row].Origin, err})
	}
	u.report.IDs[row], u.report.Actions[row] = "", RowRefused
	u.report.Before[row], u.report.After[row] = nil, nil
}

// findMissing lists what was imported before, of the kinds of the rows, and has
// no row: in order of the kinds, then of ID.
func (u *upsert) findMissing(ctx context.Context) error {
	there, kinds := map[network.ID]bool{}, map[string]bool{}
	for i, row := range u.rows {
		there[u.report.IDs[i]], kinds[row.Kind] = true, true
	}
	a := ask.New(u.in.Viewer, network.Today(u.editor.Clock))
	var answers []*ask.Answer
	for _, k := range network.Kinds() {
		if kinds[k.Name] && k.Entered() {
			imported := store.Compare{Field: k.Field("importKey"), Op: store.Null, Value: false}
			answers = append(answers, a.Scan(ask.Of(k.Name, "importKey"), ask.Where(imported), ask.Always()))
		}
	}
	if _, err := a.Run(ctx, u.editor.Store); err != nil {
		return err
	}
	for _, found := range answers {
		for _, r := range found.Rows() {
			if !there[r.ID()] {
				u.report.Missing = append(u.report.Missing, Missing{r.ID(), r.Kind().Name, r.Str("importKey")})
			}
		}
	}
	return nil
}

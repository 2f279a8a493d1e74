package edit

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxDuplicates bounds how many records are merged at once.
const maxDuplicates = 50

// Merged says what merging records, or taking that back, did or would do.
type Merged struct {
	Revision int64 // 0 after a dry run
	// Kept is the record that goes on, Duplicates those merged into it.
	Kept       network.ID
	Duplicates []network.ID
	// Moved counts what points elsewhere now: ties, occupancies, roles, claims
	// and the like; only what the viewer sees.
	Moved int
	// Conflicts are the values of the duplicates that the kept record, which was
	// Before, has otherwise. They are not kept for a retry.
	Conflicts []MergeConflict `json:"-"`
	Before    *network.Record `json:"-"`
}

// MergeConflict is a field in which a duplicate said something else. Its value is
// in the log only.
type MergeConflict struct {
	Duplicate *network.Record
	Field     string
}

func (o *Merged) made(revision int64) { o.Revision = revision }

// MergeStakeholders makes one record of several that are the same stakeholder:
// what points to the duplicates points to the kept one, which also takes what it
// lacks of their values; names they had become its aliases. The duplicates are
// withdrawn, and their IDs stand for the kept one. Ties that were parallel stay
// so; ties between them are withdrawn. It can be taken back: see [Editor.Unmerge].
//
// They must be of one kind; organisations of different kinds may be merged too,
// and a Person into a CareerConsultant.
// The path of an error is "keep", or "duplicates" and the position; codes:
// OutOfRange for no duplicates or more than 50, NotFound, Duplicate,
// InvalidValue for kinds that differ.
func (e *Editor) MergeStakeholders(ctx context.Context, in Intent, keep network.ID, duplicates []network.ID, dryRun bool) (*Merged, error) {
	return once(ctx, e, in, dryRun, func(in Intent) (*Merged, error) {
		var out *Merged
		err := e.again(ctx, func() (bool, error) {
			m := &merging{Editor: e, in: in, all: in.Viewer, moved: map[network.ID]*network.Record{}, out: &Merged{Kept: keep, Duplicates: duplicates}}
			m.all.Role = network.RoleAdmin // what the viewer cannot see must be moved too
			err := m.fill(ctx)
			if err == nil && !dryRun {
				err = m.commit(ctx)
			}
			out = m.out
			return met(err)
		})
		if err != nil {
			return nil, err
		}
		return out, nil
	})
}

// merging is one attempt.
type merging struct {
	*Editor
	in   Intent
	all  network.Viewer
	out  *Merged
	kept *network.Record // as it is to be
	was  []*network.Record
	dups []*network.Record
	// moved are the records that point elsewhere, as they are to be.
	moved map[network.ID]*network.Record
	order []*network.Record // the same as they are, in the order they were read
}

func (m *merging) fill(ctx context.Context) error {
	if n := len(m.out.Duplicates); n == 0 || n > maxDuplicates {
		return network.Errorf(network.OutOfRange, "give 1 to %d records", maxDuplicates).At("duplicates")
	}
	if err := m.read(ctx); err != nil {
		return err
	}
	for _, d := range m.dups {
		m.take(d)
	}
	return m.move(ctx)
}

// read loads the records to be merged.
func (m *merging) read(ctx context.Context) error {
	keys := []store.Key{{ID: m.out.Kept}}
	for i, id := range m.out.Duplicates {
		if id == m.out.Kept || slices.Contains(m.out.Duplicates[:i], id) {
			return network.Errorf(network.Duplicate, "give each record once").At("duplicates", strconv.Itoa(i))
		}
		keys = append(keys, store.Key{ID: id})
	}
	found, err := m.Store.Load(ctx, m.in.Viewer, keys)
	if err != nil {
		return err
	}
	for i, r := range found {
		at := []string{"keep"}
		if i > 0 {
			at = []string{"duplicates", strconv.Itoa(i - 1)}
		}
		switch {
		case r == nil || !network.MustKind(r.Kind).Is(network.StakeholderInterface):
			return network.Errorf(network.NotFound, "there is no stakeholder with this id").At(at...)
		case r.Erased():
			return network.Errorf(network.InvalidValue, "the person was erased: there is nothing to merge").At(at...)
		case i > 0 && !becomes(r.Kind, found[0].Kind):
			return network.Errorf(network.InvalidValue, "it is a %s and the one kept a %s: they cannot be the same", r.Kind, found[0].Kind).At(at...)
		}
	}
	m.was, m.kept, m.dups, m.out.Before = found, found[0].Clone(), found[1:], found[0]
	return nil
}

// becomes tells of kinds whose records may turn out to be one: organisations,
// and a person who is a career consultant.
func becomes(duplicate, kept string) bool {
	return duplicate == kept || isOrganization(duplicate) && isOrganization(kept) || duplicate == "Person" && kept == "CareerConsultant"
}

func (m *merging) commit(ctx context.Context) error {
	var writes []store.Write
	if !sameFields(m.kept, m.was[0]) {
		if errs := network.KindOf(m.kept.Kind).Check(m.kept); len(errs) > 0 {
			return at(errs, "keep")
		}
		writes = append(writes, store.Replace(store.Update, m.was[0], m.kept))
	}
	for _, d := range m.dups {
		writes = append(writes, store.Replace(store.Withdraw, d, withdrawn(d, m.out.Kept)))
	}
	for _, was := range m.order {
		w := store.Replace(store.Update, was, m.moved[was.ID])
		if w.After.Kind == network.WithdrawnRecord {
			w.Action = store.Withdraw
		}
		writes = append(writes, w)
	}
	write, err := m.apply(ctx, m.in, m.out, writes...)
	var fault *network.Error
	if write >= 0 && errors.As(err, &fault) && fault.Code != network.Conflict {
		return network.Errorf(fault.Code, "the record %s cannot be moved: %s", writes[write].After.ID, fault.Message).At("duplicates")
	}
	return err
}

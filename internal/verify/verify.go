package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// MaxFaults is how many faults a report lists.
const MaxFaults = 1000

// Report says what was looked at and what was found.
type Report struct {
	Revision                                  int64 // of the store
	Commits, Entries, Records, Ties, Receipts int64
	// Left is how many records were still being written to at the end. They were
	// not held against the log and one another.
	Left int
	// Faults are the first MaxFaults that were found, by record; Found is how
	// many there are.
	Faults []store.Fault
	Found  int
}

// Store verifies a store: that its log has no hole and each entry goes on from
// the one before, that the last state of each record in the log is the record,
// that references lead to what exists and to what may stand there, that unique
// values are, that every record passes [network.Kind.Check], and what the engine
// knows of itself. Faults are no error; an error says that it could not be looked
// at, and comes with the report so far.
//
// A store that others write to is verified as of a moment at the end. When commits
// come in faster than their records are read, those written last are left out,
// and counted.
func Store(ctx context.Context, s store.Inspector) (*Report, error) {
	v := newRun()
	err := v.store(ctx, s)
	return v.report(err == nil), err
}

// File verifies a backup: as [Store] does, but for what a backup does not have.
// The errors are those of [backup.Read].
func File(ctx context.Context, r io.Reader) (*Report, error) {
	v := newRun()
	v.log.noBefore = true
	summary, err := backup.Read(r, func(c *backup.Commit) error {
		for _, e := range c.Changes {
			v.log.add(e)
			v.now[e.Record] = factsOf(e.After)
		}
		v.receipts += int64(len(c.Receipts))
		return ctx.Err()
	})
	if err == nil {
		v.head = summary.Revision
	}
	return v.report(err == nil), err
}

type run struct {
	head     int64
	log      *ledger
	now      present
	kept     map[network.ID][]store.Fault // how the engine keeps single records
	other    []store.Fault
	receipts int64
	left     map[network.ID]bool // records that were written to since they were read
}

func newRun() *run {
	v := &run{now: present{}, kept: map[network.ID][]store.Fault{}, left: map[network.ID]bool{}}
	v.log = &ledger{states: map[network.ID]state{}, found: v.found}
	return v
}

func (v *run) found(f store.Fault) { v.other = append(v.other, f) }

// settled is found for what is wrong between the log and records that are not
// being written to: that of the fault and the others.
func (v *run) settled(f store.Fault, others ...network.ID) {
	if !v.left[f.Record] && !slices.ContainsFunc(others, func(id network.ID) bool { return v.left[id] }) {
		v.found(f)
	}
}

// rounds is how often what was written meanwhile is read again.
const rounds = 20

func (v *run) store(ctx context.Context, s store.Inspector) error {
	if err := s.Sound(ctx, v.found); err != nil {
		return err
	}
	var touched []network.ID // nil: all
	for range rounds {
		head, err := s.Head(ctx)
		if err != nil {
			return err
		}
		if touched != nil && head == v.head {
			return v.countReceipts(ctx, s)
		}
		more, err := v.follow(ctx, s, head)
		if err != nil {
			return err
		}
		if touched != nil {
			touched = more
		}
		if err := v.read(ctx, s, touched); err != nil {
			return err
		}
		touched = []network.ID{}
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	late, err := v.follow(ctx, s, head)
	if err != nil {
		return err
	}
	for _, id := range late {
		v.left[id] = true
	}
	return v.countReceipts(ctx, s)
}

// follow reads the log up to a revision and gives the records it is about.
func (v *run) follow(ctx context.Context, s store.Inspector, head int64) ([]network.ID, error) {
	touched := []network.ID{}
	for c, err := range s.Changes(ctx, network.Admin("verify"), v.head) {
		if err != nil && passes(err) {
			return nil, err
		}
		if err != nil {
			v.found(store.Fault{What: fmt.Sprintf("the log cannot be read on after revision %d", v.at())})
			break
		}
		if c.Revision > head {
			break
		}
		v.log.add(c)
		touched = append(touched, c.Record)
	}
	if at := v.at(); at != head {
		v.found(store.Fault{What: fmt.Sprintf("the log ends at revision %d, and the store says it is at %d", at, head)})
	}
	v.head = head
	return touched, nil
}

// at is the revision that the log was read to.
func (v *run) at() int64 {
	if v.log.last == nil {
		return 0
	}
	return v.log.last.Revision
}

// passes tells of errors that are no fault of what is kept.
func passes(err error) bool {
	switch network.CodeOf(err) {
	case network.Unavailable, network.Timeout, network.ResourceExhausted:
		return true
	}
	return errors.Is(err, context.Canceled)
}

// read looks at the records with the IDs, all of them with nil.
func (v *run) read(ctx context.Context, s store.Inspector, ids []network.ID) error {
	if ids != nil && len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		delete(v.now, id)
		delete(v.kept, id)
	}
	keep := func(f store.Fault) { v.kept[f.Record] = append(v.kept[f.Record], f) }
	for r, err := range s.Inspect(ctx, ids, keep) {
		if err != nil {
			return err
		}
		if v.now[r.ID] != nil {
			keep(store.Fault{Record: r.ID, What: "there are two records with this ID"})
			continue
		}
		v.now[r.ID] = factsOf(r)
	}
	return nil
}

func (v *run) countReceipts(ctx context.Context, s store.Inspector) error {
	for r, err := range s.Receipts(ctx, -1) {
		switch {
		case err != nil:
			return err
		case r.Revision > v.head:
			return nil // made meanwhile
		}
		v.receipts++
	}
	return nil
}

// report compares log and records once both have been read.
func (v *run) report(complete bool) *Report {
	for _, faults := range v.kept {
		v.other = append(v.other, faults...)
	}
	if complete {
		v.now.alone(v.log.states, v.settled)
		v.now.together(v.settled)
	}
	out := &Report{Revision: v.head, Commits: v.log.commits, Entries: v.log.entries, Receipts: v.receipts, Left: len(v.left), Found: len(v.other)}
	for _, f := range v.now {
		if out.Records++; f.kind.Name == network.TieRecord {
			out.Ties++
		}
	}
	slices.SortFunc(v.other, func(a, b store.Fault) int {
		return cmp.Or(cmp.Compare(a.Record, b.Record), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.What, b.What))
	})
	out.Faults = v.other[:min(len(v.other), MaxFaults)]
	return out
}

package backup

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Restored says what a restore did.
type Restored struct {
	Summary
	// Had is how many of the commits the store had already, from a restore that
	// was interrupted.
	Had int64
	// Blanked is how many entries of the backup tell of records that were erased
	// since it was made: what they said was left out.
	Blanked int64
}

// Restore commits a backup to a store that is empty, or that holds the beginning
// of it: what an interrupted restore left is completed. It reads the file to its
// end before it writes. Errors: those of [Read]; Conflict when the store holds
// something else, or somebody writes to it meanwhile; those of Apply. After an
// error in the middle the same restore may be run again.
//
// erased are records that were erased since the backup was made, as far as they are
// known: what it says of them is not brought back. The store adds to its
// erasures those, and those of the backup.
//
// progress, when not nil, is told how many of the commits the store has.
func Restore(ctx context.Context, s store.Store, file io.ReadSeeker, erased []store.Erasure, progress func(done, of int64)) (*Restored, error) {
	summary, err := Read(file, func(*Commit) error { return ctx.Err() })
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, network.Errorf(network.Unavailable, "the backup cannot be read again: %v", err)
	}
	head, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	if head > summary.Revision {
		return nil, network.Errorf(network.Conflict, "the store is at revision %d, the backup at %d: restore into an empty store", head, summary.Revision)
	}
	own, err := s.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	erased = store.MergeErasures(own, erased)
	if err := s.AddErasures(ctx, store.MergeErasures(summary.Erasures, erased)); err != nil {
		return nil, err
	}
	there, stop := iter.Pull2(commitsOf(ctx, s, head))
	defer stop()
	r := &restore{ctx: ctx, store: s, there: there, head: head, erased: since(erased, summary.Erasures)}
	again, err := Read(file, func(c *Commit) error {
		if err := r.commit(c); err != nil {
			return err
		}
		if progress != nil {
			progress(c.Revision, summary.Revision)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case again.Header != summary.Header || again.Counts != summary.Counts:
		return nil, damaged("it changed while it was read")
	}
	return &Restored{Summary: *summary, Had: head, Blanked: r.blanked}, nil
}

type restore struct {
	ctx   context.Context
	store store.Store
	there func() (*Commit, error, bool) // what the store had at the start
	head  int64                         // its revision then
	next  *Commit                       // of there, read and not yet compared
	// erased are those of which the backup does not know, by ID.
	erased  map[network.ID]store.Erasure
	blanked int64
}

// since are the erasures that a backup, which knows of others, was made before.
func since(erased, known []store.Erasure) map[network.ID]store.Erasure {
	out := map[network.ID]store.Erasure{}
	for _, e := range erased {
		out[e.ID] = e
	}
	for _, k := range known {
		if e, is := out[k.ID]; is && !k.At.Before(e.At) {
			delete(out, k.ID)
		}
	}
	return out
}

// blank leaves out of a commit what was erased since: see [store.Erasure].
func (r *restore) blank(c *Commit) {
	touched := false
	for i, e := range c.Changes {
		if x, is := r.erased[e.Record]; is {
			c.Changes[i], touched = e.Blank(x.Day()), true
			r.blanked++
		}
	}
	if !touched {
		return
	}
	c.Reason = ""
	for _, e := range c.Changes {
		e.Reason = ""
	}
	for _, w := range c.Receipts {
		w.Fingerprint = ""
	}
}

// commit writes what the store does not have.
func (r *restore) commit(c *Commit) error {
	r.blank(c)
	var had []*store.Receipt
	if c.Revision <= r.head {
		there, err := r.had(c.Revision)
		if err != nil {
			return err
		}
		if !sameCommit(there, c) {
			return errOther(c.Revision)
		}
		had = there.Receipts
	} else if err := r.apply(c); err != nil {
		return err
	} else if own := c.own(); own != nil {
		had = []*store.Receipt{own}
	}
	return r.receipts(c, had)
}

// had is the commit as the store has it; an empty one for revision 0 without
// receipts.
func (r *restore) had(revision int64) (*Commit, error) {
	if r.next == nil {
		c, err, ok := r.there()
		switch {
		case err != nil:
			return nil, err
		case ok:
			r.next = c
		}
	}
	c := r.next
	switch {
	case c == nil, revision == 0 && c.Revision == 1:
		return &Commit{Revision: revision}, nil
	case c.Revision < revision: // receipts that the backup does not have
		return nil, errOther(c.Revision)
	}
	r.next = nil
	return c, nil
}

func errOther(revision int64) error {
	return network.Errorf(network.Conflict, "the store holds something else than the backup at revision %d: restore into an empty store", revision)
}

// own is the receipt that the commit itself may have left.
func (c *Commit) own() *store.Receipt {
	for _, r := range c.Receipts {
		if r.Actor == c.Actor && r.At.Equal(c.At) {
			return r
		}
	}
	return nil
}

func (r *restore) apply(c *Commit) error {
	b := &store.Batch{Actor: c.Actor, Reason: c.Reason, At: c.At, Receipt: c.own()}
	for _, e := range c.Changes {
		b.Writes = append(b.Writes, store.Write{Action: e.Action, After: e.After, IfVersion: e.After.Version - 1})
	}
	return r.written(b, c.Revision)
}

// written commits a batch, which must have the revision.
func (r *restore) written(b *store.Batch, revision int64) error {
	applied, err := r.store.Apply(r.ctx, b)
	switch {
	case err != nil:
		return fmt.Errorf("revision %d: %w", revision, err)
	case applied.Revision != revision:
		return network.Errorf(network.Conflict, "revision %d of the backup became %d: somebody else writes to the store; restore into an empty one", revision, applied.Revision)
	}
	return nil
}

// receipts leaves the receipts of the commit that the store does not have. Only
// at the store's last revision that can still be done.
func (r *restore) receipts(c *Commit, had []*store.Receipt) error {
	known := map[[2]string]*store.Receipt{}
	for _, h := range had {
		known[[2]string{h.Actor, h.Key}] = h
	}
	var missing []*store.Receipt
	for _, w := range c.Receipts {
		key := [2]string{w.Actor, w.Key}
		switch h := known[key]; {
		case h == nil:
			missing = append(missing, w)
		case h.Fingerprint != w.Fingerprint || h.Outcome != w.Outcome || !h.At.Equal(w.At):
			return errOther(c.Revision)
		}
		delete(known, key)
	}
	if len(known) > 0 || len(missing) > 0 && c.Revision < r.head {
		return errOther(c.Revision)
	}
	for _, w := range missing {
		if err := r.written(&store.Batch{Actor: w.Actor, At: w.At, Receipt: w}, c.Revision); err != nil {
			return err
		}
	}
	return nil
}

// sameCommit leaves receipts aside.
func sameCommit(a, b *Commit) bool {
	return a.Revision == b.Revision && a.At.Equal(b.At) && a.Actor == b.Actor && a.Reason == b.Reason &&
		slices.EqualFunc(a.Changes, b.Changes, sameChange)
}

func sameChange(a, b *store.Change) bool {
	if a.Action != b.Action || a.Record != b.Record || a.Kind != b.Kind || a.After.Version != b.After.Version {
		return false
	}
	x, errX := a.After.MarshalFields()
	y, errY := b.After.MarshalFields()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

package memory

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// erasing is what a commit makes of the log before it; nil: nothing.
type erasing struct {
	Erased
	at    []int    // positions of the entries, and what they leave
	after []*state // from then on
	heads []uint32
}

// told is what the log of the store is to keep; nil when nothing is erased.
func (e *erasing) told() *Erased {
	if e == nil {
		return nil
	}
	return &e.Erased
}

// erasing works out what the writes that erase make of the log before them.
func (a *attempt) erasing(b *store.Batch) (*erasing, error) {
	erased := b.Erased()
	if len(erased) == 0 {
		return nil, nil
	}
	e := &erasing{Erased: Erased{Records: erased}}
	for _, x := range erased {
		r := a.now[a.at[x.ID]]
		for n := r.last; n > 0; n = a.s.book.at(int(n) - 1).prev {
			if err := e.add(a.s, int(n)-1, x.Day()); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(e.heads)
	e.heads = slices.Compact(e.heads)
	slices.Sort(e.Revisions)
	e.Revisions = slices.Compact(e.Revisions)
	return e, nil
}

// add blanks the entry at a position.
func (e *erasing) add(s *Store, at int, on network.Date) error {
	blank := s.book.change(at).Blank(on)
	after := &state{}
	if err := s.drafts.setAll(blank.After.Fields, network.MustKind(blank.After.Kind)); err != nil {
		return err
	}
	if err := s.drafts.state(after, network.MustKind(blank.After.Kind), blank.After.Version, ""); err != nil {
		return err
	}
	after.resolve(func(id network.ID) *rec { return s.byID[id] })
	e.Entries = append(e.Entries, blank)
	e.Revisions = append(e.Revisions, blank.Revision)
	e.at, e.after, e.heads = append(e.at, at), append(e.after, after), append(e.heads, s.book.at(at).head)
	return nil
}

// blank rewrites the log, after the records have got their new states and before
// the entries of the commit are in it.
func (s *Store) blank(e *erasing) {
	if e == nil {
		return
	}
	l := &s.book
	for i, at := range e.at {
		l.at(at).after = e.after[i]
		delete(l.odd, uint32(at)+1)
	}
	for _, h := range e.heads {
		l.heads[h].reason = ""
	}
	l.recent = nil
	for key, r := range s.receipts {
		if _, touched := slices.BinarySearch(e.Revisions, r.Revision); touched {
			c := *r
			c.Fingerprint = ""
			s.receipts[key] = &c
		}
	}
	s.drafts = drafter{} // its pool has texts of what was erased
	s.erasures = store.MergeErasures(s.erasures, e.Records)
}

// Erasures are the records that were erased.
func (s *Store) Erasures(ctx context.Context) ([]store.Erasure, error) {
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.erasures), nil
}

// AddErasures adds to them without a revision.
func (s *Store) AddErasures(ctx context.Context, list []store.Erasure) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := ctxError(ctx); err != nil || len(list) == 0 {
		return err
	}
	if s.log != nil {
		if err := s.log.Append(ctx, Commit{Revision: s.head, Erased: &Erased{Records: list}}); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erasures = store.MergeErasures(s.erasures, list)
	return nil
}

// Scrub has nothing to do: there are no files.
func (s *Store) Scrub(context.Context) (bool, error) { return true, nil }

package memory

import (
	"context"
	"iter"
	"slices"
	"sort"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// entry is one entry of the log. What was before it is what the entry before it
// on the same record left.
type entry struct {
	of    *rec
	after *state // nil: the record as it is now
	// head is the number of the commit; prev that of the entry before on the
	// record, from 1; 0: none.
	head, prev, seq uint32
	action          uint8 // position in actions
}

// head is what the entries of a commit have in common.
type head struct {
	revision      int64
	at            time.Time
	actor, reason any // string
}

// chunk is how many entries stand together; they never move.
const chunk = 4096

// logbook is the log, in order.
type logbook struct {
	heads   []head
	entries [][]entry
	n       int
	// odd are states before an entry that are not what the entry before left, as
	// a file altered by hand may have them; nil for none.
	odd map[uint32]*state // by number, from 1
	// recent are the last changes of those that came in by Apply, whole.
	recent []*store.Change
}

// actions are those there are; a log has no other.
var actions = []store.Action{store.Create, store.Update, store.End, store.Restore, store.Withdraw, store.Erase}

// sharedChanges is how many changes are kept whole, for the many who follow the log.
const sharedChanges = 512

func (l *logbook) at(i int) *entry { return &l.entries[i/chunk][i%chunk] }

func (l *logbook) headOf(e *entry) *head { return &l.heads[e.head] }

func (l *logbook) revision(i int) int64 { return l.headOf(l.at(i)).revision }

// after is the number of the first entry after a revision.
func (l *logbook) after(revision int64) int {
	return sort.Search(l.n, func(i int) bool { return l.revision(i) > revision })
}

// add appends an entry under the head, which is that of the entry before when it
// is equal. Before is the state before it; nil: none.
func (l *logbook) add(h head, e entry, before *state) {
	if n := len(l.heads); n == 0 || l.heads[n-1] != h {
		l.heads = append(l.heads, h)
	}
	if l.n%chunk == 0 {
		l.entries = append(l.entries, make([]entry, 0, chunk))
	}
	last := &l.entries[l.n/chunk]
	e.head, e.prev = uint32(len(l.heads)-1), e.of.last
	*last = append(*last, e)
	l.n++
	e.of.last = uint32(l.n)
	if l.before(l.n-1) != before {
		if l.odd == nil {
			l.odd = map[uint32]*state{}
		}
		l.odd[uint32(l.n)] = before
	}
}

// left is the state after an entry.
func (e *entry) left() *state {
	if e.after != nil {
		return e.after
	}
	return &e.of.state
}

// before is the state before the entry at a position; nil at creation.
func (l *logbook) before(i int) *state {
	if odd, is := l.odd[uint32(i)+1]; is {
		return odd
	}
	e := l.at(i)
	if e.prev == 0 {
		return nil
	}
	return l.at(int(e.prev) - 1).left()
}

// supersede keeps what a record says, which is about to change, with the entry
// that left it so.
func (l *logbook) supersede(r *rec) *state {
	was := r.state
	if r.last > 0 {
		l.at(int(r.last) - 1).after = &was
	}
	return &was
}

// visibility is who may read the entry at a position: the stricter of before and after.
func (l *logbook) visibility(i int) network.Visibility {
	v := l.at(i).left().vis
	if before := l.before(i); before != nil {
		v = max(v, before.vis)
	}
	return v
}

// change is the entry at a position with the record before and after, whole.
func (l *logbook) change(i int) *store.Change {
	if n := l.n - i; n <= len(l.recent) {
		return l.recent[len(l.recent)-n]
	}
	e := l.at(i)
	h := l.headOf(e)
	c := &store.Change{Revision: h.revision, Seq: int(e.seq), At: h.at, Action: actions[e.action], Record: e.of.id, Kind: e.left().kind.Name}
	c.Actor, _ = h.actor.(string)
	c.Reason, _ = h.reason.(string)
	c.After = e.left().record(e.of.id)
	if before := l.before(i); before != nil {
		c.Before = before.record(e.of.id)
	}
	return c
}

// enter adds a change that was written, to a record that was as before says.
func (s *Store) enter(c *store.Change, before *state) {
	h := head{c.Revision, c.At, s.drafts.text(c.Actor), s.drafts.text(c.Reason)}
	s.book.add(h, entry{of: s.byID[c.Record], seq: uint32(c.Seq), action: uint8(slices.Index(actions, c.Action))}, before)
	l := &s.book
	if len(l.recent) >= 2*sharedChanges {
		l.recent = append([]*store.Change(nil), l.recent[sharedChanges:]...)
	}
	l.recent = append(l.recent, c)
}

// Changes reads the log after since, up to the revision at which the reading
// has caught up. The changes are shared: they must not be changed.
func (s *Store) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return func(yield func(*store.Change, error) bool) {
		next := -1
		for {
			var some []*store.Change
			var more bool
			if some, next, more = s.changesFrom(ctx, v, since, next); !more {
				return
			}
			for _, c := range some {
				if err := ctxError(ctx); err != nil {
					yield(nil, err)
					return
				}
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}

// changesFrom gives the next few changes that the viewer sees, from an entry on,
// at first, -1, from the one after a revision; false when there are no more.
func (s *Store) changesFrom(ctx context.Context, v network.Viewer, since int64, from int) ([]*store.Change, int, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := &s.book
	if from < 0 {
		from = l.after(since)
	}
	to := min(from+sharedChanges, l.n)
	var out []*store.Change
	for i := from; i < to; i++ {
		if s.seesEntry(ctx, v, i) {
			out = append(out, l.change(i))
		}
	}
	return out, to, from < to
}

// upset tells whether what was written since the decision points to what it was
// made on.
func (s *Store) upset(d *store.Decided) bool {
	for i := s.book.after(d.Revision); i < s.book.n; i++ {
		if d.Upset(s.book.change(i)) {
			return true
		}
	}
	return false
}

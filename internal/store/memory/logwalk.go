package memory

import (
	"math"
	"sort"
)

// logWalk walks through the log in the order of a page, which is that of the log
// but that by revision, descending, begins with the last commit. There is nothing
// else that entries are ordered by.
type logWalk struct {
	x  *run
	by byField
	i  int // the entry it is at
}

func (w *logWalk) byRevision() bool {
	return w.by.field == revisionField.Name && w.by.typ == revisionField.Type
}

func (w *logWalk) down() bool { return w.byRevision() && w.by.desc }

var revisionField = logKind.Field("revision")

// Item is the entry that the walk is at.
func (w *logWalk) Item() standing { return w.by.standing(w.x.teller.entry(w.i)) }

func (w *logWalk) to(i int) bool {
	w.i = i
	return 0 <= i && i < w.x.s.book.n
}

// First goes to the first entry in the order; false when there is none.
func (w *logWalk) First() bool {
	if w.down() {
		return w.to(w.start(w.x.s.book.n - 1))
	}
	return w.to(0)
}

// Last goes to the last entry in the order.
func (w *logWalk) Last() bool {
	if w.down() {
		return w.to(w.end(0) - 1)
	}
	return w.to(w.x.s.book.n - 1)
}

// Next goes one on; false at the end.
func (w *logWalk) Next() bool {
	if w.down() && w.i+1 == w.end(w.i) {
		return w.to(w.start(w.start(w.i) - 1))
	}
	return w.to(w.i + 1)
}

// Prev goes one back; false at the beginning.
func (w *logWalk) Prev() bool {
	if w.down() && w.i == w.start(w.i) {
		return w.to(w.end(w.end(w.i)) - 1)
	}
	return w.to(w.i - 1)
}

// Seek goes to the first entry that does not stand before a place.
func (w *logWalk) Seek(at standing) bool {
	l := &w.x.s.book
	if !w.byRevision() {
		if at.key != nil { // entries have none, and stand after all that do
			return w.First()
		}
		return w.to(l.from(at.r.id))
	}
	revision, ok := at.key.(int64)
	if !ok {
		return w.to(l.n)
	}
	from, to := l.after(before(revision)), l.after(revision)
	i := from + sort.Search(to-from, func(j int) bool { return l.id(from+j) >= at.r.id })
	if i == to && w.down() {
		return w.to(w.start(from - 1))
	}
	return w.to(i)
}

func before(revision int64) int64 {
	if revision == math.MinInt64 {
		return revision
	}
	return revision - 1
}

// start is the first entry of the commit that has the entry; -1 of none before
// the first.
func (w *logWalk) start(i int) int {
	if i < 0 {
		return -1
	}
	return w.x.s.book.after(w.x.s.book.revision(i) - 1)
}

// end is the entry after those of the commit that has the entry; one too many
// after the last.
func (w *logWalk) end(i int) int {
	if i >= w.x.s.book.n {
		return i + 1
	}
	return w.x.s.book.after(w.x.s.book.revision(i))
}

var _ walker = (*logWalk)(nil)

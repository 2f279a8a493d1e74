package memory

import (
	"sort"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// logSlots are the slots of a log entry's own values; before and after are written
// out when they are asked for.
var logSlots = func() []int {
	var out []int
	for _, name := range []string{"visibility", "record", "recordKind", "revision", "at", "actor", "reason", "action"} {
		out = append(out, logKind.Field(name).Slot())
	}
	return out
}()

// teller makes records of log entries, for one reading.
type teller struct {
	book *logbook
	head uint32 // 1 + the number of the head whose values these are
	at   any
	rev  any
}

// entry is the record that stands for the log entry at a position.
func (t *teller) entry(i int) *rec {
	e := t.book.at(i)
	h := t.book.headOf(e)
	if t.head != e.head+1 {
		t.head, t.at, t.rev = e.head+1, h.at.UTC().Format(time.RFC3339Nano), h.revision
	}
	vis := t.book.visibility(i)
	r := &rec{id: store.ChangeID(h.revision, int(e.seq)), more: &more{entry: uint32(i) + 1}}
	r.state = state{kind: logKind, version: 1, vis: vis, start: network.MinDate, stop: network.MaxDate, vals: make([]any, 0, len(logSlots))}
	values := [...]any{visibilities[vis], e.of, kindNames[e.left().kind.Index()], t.rev, t.at, h.actor, h.reason, actionNames[e.action]}
	for j, slot := range logSlots {
		if values[j] != "" { // an actor or a reason that was not given
			r.given |= 1 << slot
			r.vals = append(r.vals, values[j])
		}
	}
	return r
}

// Values that rows share.
var (
	visibilities = boxed(network.Public.String(), network.Members.String(), network.Coordinators.String(), network.Restricted.String())
	actionNames  = func() (out []any) {
		for _, a := range actions {
			out = append(out, string(a))
		}
		return out
	}()
	kindNames = func() (out []any) {
		for _, k := range network.Kinds() {
			out = append(out, k.Name)
		}
		return out
	}()
)

func boxed(list ...string) (out []any) {
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// from is the position of the first entry with an ID not below one.
func (l *logbook) from(id network.ID) int {
	return sort.Search(l.n, func(i int) bool { return l.id(i) >= id })
}

// has tells whether an ID is that of an entry.
func (l *logbook) has(id network.ID) bool {
	if len(id) != len(store.ChangeID(0, 0)) {
		return false
	}
	i := l.from(id)
	return i < l.n && l.id(i) == id
}

func (l *logbook) id(i int) network.ID {
	e := l.at(i)
	return store.ChangeID(l.headOf(e).revision, int(e.seq))
}

// byID finds a record or a log entry; nil when there is none.
func (x *run) byID(id network.ID) *rec {
	if r := x.s.byID[id]; r != nil {
		return r
	}
	if x.s.book.has(id) {
		return x.teller.entry(x.s.book.from(id))
	}
	return nil
}

// about are the records that a RecordID field leads from to r: log entries, say.
func (x *run) about(r *rec, f *network.Field) []*rec {
	if f != logKind.Field("record") {
		return r.pointing(links[f])
	}
	var out []*rec
	for n := r.last; n > 0; {
		out = append(out, x.teller.entry(int(n)-1))
		n = x.s.book.at(int(n) - 1).prev
	}
	return out
}

// eachEntry gives all log entries, until yield says false.
func (x *run) eachEntry(yield func(*rec) bool) bool {
	for i := range x.s.book.n {
		if !yield(x.teller.entry(i)) {
			return false
		}
	}
	return true
}

// slots of the log's fields have to be in order: values are kept by it.
func init() {
	if !sort.IntsAreSorted(logSlots) {
		panic("memory: the fields of " + network.ChangeRecord + " are in another order")
	}
}

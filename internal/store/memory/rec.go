package memory

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// rec is a record made ready for reading. It stays at its address for good, so
// that links to it survive its changes. One of kind Change stands for a log entry
// and is made whenever the entry is read: see [Store.entry].
type rec struct {
	state // as it is now
	id    network.ID
	last  uint32 // the number of the newest log entry about it, from 1; 0: none
	more  *more
}

// more is what only some records have.
type more struct {
	search  string // of one with a name: what it is found by
	sortKey any    // string, nil without a name
	in      []inlink
	ties    []*rec // of a stakeholder, each once
	entry   uint32 // of one that stands for a log entry: its number, from 1
}

// having is what r has more than others.
func (r *rec) having() *more {
	if r.more == nil {
		r.more = &more{}
	}
	return r.more
}

// take gives r what another says, not linked.
func (r *rec) take(from *rec) {
	r.state = from.state
	switch {
	case r.more == nil:
		r.more = from.more
	case from.more != nil:
		r.more.search, r.more.sortKey = from.more.search, from.more.sortKey
	default:
		r.more.search, r.more.sortKey = "", nil
	}
}

// in is what points to r, but for ties.
func (r *rec) in() []inlink {
	if r.more == nil {
		return nil
	}
	return r.more.in
}

// ties are those of a stakeholder, each once.
func (r *rec) ties() []*rec {
	if r.more == nil {
		return nil
	}
	return r.more.ties
}

// end is the subject, 0, or the object, 1, of a tie; nil of anything else.
func (r *rec) end(i int) *rec {
	if r.kind != tieKind {
		return nil
	}
	t, _ := r.at(tieEnds[i]).(*rec)
	return t
}

// self tells records apart, of those that stand for log entries by the entry.
func (r *rec) self() any {
	if r.kind == logKind {
		return r.more.entry
	}
	return r
}

// field finds the record's own field for one named in a plan, which may be
// that of another kind of the same interface; nil when it has none.
func (r *rec) field(f *network.Field) *network.Field {
	if s := f.Slot(); s < len(r.kind.Fields) && r.kind.Fields[s] == f {
		return f
	}
	own := r.kind.Field(f.Name)
	if own == nil || own.Type != f.Type {
		return nil
	}
	return own
}

// name is the present name; false for a record without one.
func (r *rec) name() (string, bool) {
	f := r.kind.Field("name")
	if f == nil {
		return "", false
	}
	name, ok := r.at(f.Slot()).(string)
	return name, ok
}

// presentName is the name as a row has it.
func (r *rec) presentName() any {
	if f := r.kind.Field("name"); f != nil {
		return r.at(f.Slot())
	}
	return nil
}

// foldedName is the present name as it is looked up: the first of those that the
// record is found by.
func (r *rec) foldedName() (string, bool) {
	name, ok := r.name()
	if !ok || name == "" {
		return "", ok
	}
	first, _, _ := strings.Cut(r.more.search[1:], "\n")
	return first, true
}

// search is what the record is found by.
func (r *rec) search() string {
	if r.more == nil {
		return ""
	}
	return r.more.search
}

// sortKey is what records are ordered by when they are by name; nil without one.
func (r *rec) sortKey() any {
	if r.more == nil {
		return nil
	}
	return r.more.sortKey
}

// matches tells whether every folded term is in one of the record's names.
func (r *rec) matches(terms []string) bool {
	for _, t := range terms {
		if !strings.Contains(r.search(), t) {
			return false
		}
	}
	return true
}

// rank is 0 when a name equals the folded text, 1 when one begins with it.
func (r *rec) rank(text string) int64 {
	switch {
	case strings.Contains(r.search(), "\n"+text+"\n"):
		return 0
	case strings.Contains(r.search(), "\n"+text):
		return 1
	}
	return 2
}

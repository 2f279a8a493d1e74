package memory

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

var (
	claimKind     = network.MustKind(network.ClaimRecord)
	withdrawnKind = network.MustKind(network.WithdrawnRecord)
	claimRecord   = claimKind.Field("record").Slot()
	claimField    = claimKind.Field("field").Slot()
)

// shut is the first day on which nobody reads the personal fields of the record:
// see [network.Record.ConsentEnds].
func (s *state) shut() network.Date {
	if s.kind == withdrawnKind {
		return s.record("").ConsentEnds()
	}
	withdrawn, until := s.kind.Field("consentWithdrawn"), s.kind.Field("consentUntil")
	switch {
	case withdrawn == nil:
		return network.MaxDate
	case s.at(withdrawn.Slot()) != nil:
		return network.MinDate
	}
	if d, _ := s.at(until.Slot()).(*day); d != nil {
		if from, known := d.from.(network.Date); known {
			return from
		}
	}
	return network.MaxDate
}

// seesMatter tells of a record that the viewer would see by itself whether they
// see what it is about, too: that of a statement, that of a log entry.
func (x *run) seesMatter(r *rec) bool {
	switch r.kind {
	case logKind:
		return x.seesAllOf(int(r.more.entry) - 1)
	case claimKind:
		return x.seesStatement(r)
	}
	return true
}

func (x *run) seesStatement(r *rec) bool {
	about := x.byID(r.pointsTo(claimRecord))
	personal := slices.Contains(network.PersonalNames(), r.text(claimField))
	switch {
	case about == nil || personal && (!x.viewer.ReadsPersonal() || about.shut() <= x.today):
		return false
	case x.clearance == network.Restricted:
		return true
	}
	// One statement about another is for administrators.
	return about.kind != claimKind && about.kind != logKind && x.sees(about)
}

// seesAllOf looks at the record of the entry at a position, as it is now, and at
// what it must not be known without. Of the states, only those of ties, statements
// and what was withdrawn have more to look at.
func (x *run) seesAllOf(i int) bool {
	e := x.s.book.at(i)
	all := x.clearance == network.Restricted
	if !all && !x.sees(e.of) {
		return false
	}
	switch kind := e.left().kind; {
	case kind != claimKind && kind != withdrawnKind && (all || kind != tieKind):
		return true
	}
	c := x.s.book.change(i)
	if c.Personal() && (!x.viewer.ReadsPersonal() || slices.ContainsFunc(c.Parties(), x.shutAt)) {
		return false
	}
	return all || !slices.ContainsFunc(c.Parties(), func(id network.ID) bool { return !x.seesID(id) })
}

// shutAt tells whether the personal fields of the record are withheld.
func (x *run) shutAt(id network.ID) bool {
	r := x.s.byID[id]
	return r != nil && r.shut() <= x.today
}

// seesID tells whether the viewer sees the record with the ID.
func (x *run) seesID(id network.ID) bool {
	r := x.byID(id)
	return r != nil && x.sees(r)
}

// hidden are the records that an entry leads to and the viewer does not see.
func (x *run) hidden(c *store.Change) []any {
	out := []any{}
	for _, id := range c.Refs() {
		if !x.seesID(id) {
			out = append(out, string(id))
		}
	}
	return out
}

// seesEntry tells whether the viewer may know of the entry at a position at this
// moment. Who sees every record reads all of the log, what is withheld included.
func (s *Store) seesEntry(ctx context.Context, v network.Viewer, i int) bool {
	if v.Clearance() == network.Restricted {
		return true
	}
	return v.Sees(s.book.visibility(i)) && newRun(ctx, s, v, 0).seesAllOf(i)
}

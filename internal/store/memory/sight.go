package memory

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// seesMatter tells of a record that the viewer would see by itself whether they
// see what it is about, too: that of a statement, that of a log entry.
func (x *run) seesMatter(r *rec) bool {
	switch {
	case r.change != nil:
		return x.seesAllOf(r.change)
	case r.kind.Name != network.ClaimRecord:
		return true
	}
	about := x.s.byID[network.ID(r.full.Str("record"))]
	switch {
	case about == nil || network.AboutPersonal(r.full) && (!x.viewer.ReadsPersonal() || about.shut <= x.today):
		return false
	case x.clearance == network.Restricted:
		return true
	}
	// One statement about another is for administrators.
	return about.kind.Name != network.ClaimRecord && about.change == nil && x.sees(about)
}

// seesAllOf looks at the record of an entry, as it is now, and at what it must not
// be known without.
func (x *run) seesAllOf(c *store.Change) bool {
	if c.Personal() && (!x.viewer.ReadsPersonal() || slices.ContainsFunc(c.Parties(), x.shutAt)) {
		return false
	}
	if x.clearance == network.Restricted {
		return true
	}
	return x.seesID(c.Record) && !slices.ContainsFunc(c.Parties(), func(id network.ID) bool { return !x.seesID(id) })
}

// shutAt tells whether the personal fields of the record are withheld.
func (x *run) shutAt(id network.ID) bool {
	r := x.s.byID[id]
	return r != nil && r.shut <= x.today
}

// seesID tells whether the viewer sees the record with the ID.
func (x *run) seesID(id network.ID) bool {
	r := x.s.byID[id]
	return r != nil && x.sees(r)
}

// seesEntry tells whether the viewer may know of an entry of the log at this moment.
func (s *Store) seesEntry(ctx context.Context, v network.Viewer, c *store.Change) bool {
	if !v.Sees(c.Visibility()) {
		return false
	}
	if v.Clearance() == network.Restricted {
		return true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return newRun(ctx, s, v, 0).seesAllOf(c)
}

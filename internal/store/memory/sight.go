package memory

import (
	"context"

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
	case network.AboutPersonal(r.full) && !x.viewer.ReadsPersonal():
		return false
	}
	about := x.s.byID[network.ID(r.full.Str("record"))]
	// One statement about another is for administrators.
	return about != nil && about.kind.Name != network.ClaimRecord && about.change == nil && x.sees(about)
}

// seesAllOf looks at the record of an entry, as it is now, and at what it must not
// be known without.
func (x *run) seesAllOf(c *store.Change) bool {
	if !x.seesID(c.Record) || c.Personal() && !x.viewer.ReadsPersonal() {
		return false
	}
	for _, id := range c.Parties() {
		if !x.seesID(id) {
			return false
		}
	}
	return true
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

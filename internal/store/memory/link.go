package memory

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// insert adds a compiled record under its ID, kind and keys, not yet linked.
func (s *Store) insert(r *rec) {
	s.byID[r.id] = r
	s.byKind[r.kind.Index()] = append(s.byKind[r.kind.Index()], r)
	s.index(r)
}

// insertChange adds a log entry, to the log and as a record.
func (s *Store) insertChange(c *store.Change) error {
	r := &rec{}
	if err := r.compileChange(c); err != nil {
		return err
	}
	s.changes = append(s.changes, c)
	s.insert(r)
	return nil
}

// keyed tells whether records are found by the value of the field.
func keyed(f *network.Field) bool {
	return f.Unique || f.Name == "importKey" || f.Name == "name"
}

// eachKey calls do for the places in byKey and about where r stands: names
// stand folded.
func (s *Store) eachKey(r *rec, do func(m map[fieldKey][]*rec, k fieldKey)) {
	for slot, f := range r.kind.Fields {
		v, ok := r.vals[slot].(string)
		if !ok {
			continue
		}
		if f.Name == "name" {
			v = network.Fold(v)
		}
		k := fieldKey{r.kind.Index(), f.Name, v}
		if f.Type == network.RecordID {
			do(s.about, k)
		} else if keyed(f) {
			do(s.byKey, k)
		}
	}
}

func (s *Store) index(r *rec) {
	s.eachKey(r, func(m map[fieldKey][]*rec, k fieldKey) { m[k] = append(m[k], r) })
	s.sorted.enter(r)
}

func (s *Store) unindex(r *rec) {
	s.sorted.leave(r)
	s.eachKey(r, func(m map[fieldKey][]*rec, k fieldKey) {
		if m[k] = without(m[k], r); len(m[k]) == 0 {
			delete(m, k)
		}
	})
}

// link sets the pointers of r to its targets, and theirs to r. What has not
// changed stays.
func (s *Store) link(r *rec) {
	old := r.out
	r.out = make([][]*rec, len(r.kind.Fields))
	for slot, f := range r.kind.Fields {
		if !f.IsRef() {
			continue
		}
		var to, was []*rec
		for _, id := range targets(r.full, f) {
			to = append(to, s.byID[id])
		}
		if old != nil {
			was = old[slot]
		}
		r.out[slot] = to
		if !slices.Equal(to, was) {
			r.relink(linkName(f), was, to)
		}
	}
	if r.kind.Name == network.TieRecord {
		r.linkEnds()
	}
}

func (r *rec) relink(name string, was, to []*rec) {
	for _, t := range was {
		if !slices.Contains(to, t) {
			t.in[name] = without(t.in[name], r)
		}
	}
	for _, t := range to {
		if slices.Contains(was, t) {
			continue
		}
		if t.in == nil {
			t.in = map[string][]*rec{}
		}
		t.in[name] = append(t.in[name], r)
	}
}

// linkEnds enters a tie with the stakeholders at its ends.
func (r *rec) linkEnds() {
	was := r.ends
	for i, name := range []string{"subject", "object"} {
		r.ends[i] = nil
		if to := r.out[r.kind.Field(name).Slot()]; len(to) > 0 {
			r.ends[i] = to[0]
		}
	}
	if was == r.ends {
		return
	}
	for _, e := range was {
		if e != nil {
			e.ties = without(e.ties, r)
		}
	}
	for i, e := range r.ends {
		if e != nil && (i == 0 || e != r.ends[0]) {
			e.ties = append(e.ties, r)
		}
	}
}

// unlinkEnds takes a tie that becomes something else from its ends.
func (r *rec) unlinkEnds() {
	for _, e := range r.ends {
		if e != nil {
			e.ties = without(e.ties, r)
		}
	}
	r.ends, r.mut = [2]*rec{}, false
}

// without removes r; the order of the rest may change.
func without(list []*rec, r *rec) []*rec {
	i := slices.Index(list, r)
	if i < 0 {
		return list
	}
	last := len(list) - 1
	list[i] = list[last]
	list[last] = nil
	return list[:last]
}

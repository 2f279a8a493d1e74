package memory

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// inlink is the records that point to one along a link.
type inlink struct {
	along *along
	from  []*rec
}

// along is a link: a Ref or Refs field across the kinds that share its name and
// relationship, or a RecordID field of one kind.
type along struct {
	field string
	isRef bool
	end   int // of a tie: the subject is 0, the object 1; -1 of others
}

// links are those of the registry, by the fields that declare them.
var links = func() map[*network.Field]*along {
	out := map[*network.Field]*along{}
	named := map[string]*along{}
	for _, k := range network.Kinds() {
		for _, f := range k.LeadingFields() {
			l := &along{field: f.Name, isRef: f.IsRef(), end: -1}
			if k == tieKind && f.IsRef() {
				l.end = slices.Index(tieEnds[:], f.Slot())
			}
			if name := f.Name + "/" + f.Rel; f.IsRef() {
				if named[name] == nil {
					named[name] = l
				}
				l = named[name]
			}
			out[f] = l
		}
	}
	return out
}()

// insert adds a record under its ID, kind and keys, not yet linked.
func (s *Store) insert(r *rec) {
	s.byID[r.id] = r
	s.byKind[r.kind.Index()] = append(s.byKind[r.kind.Index()], r)
	s.index(r)
}

// resolve turns the IDs that r points to into records, for which find is asked.
// An ID that it finds nothing for stays.
func (s *state) resolve(find func(network.ID) *rec) {
	s.each(func(_ *network.Field, v *any) {
		switch ids := (*v).(type) {
		case network.ID:
			if t := find(ids); t != nil {
				*v = t
			}
		case []network.ID:
			to := make([]*rec, len(ids))
			for i, id := range ids {
				if to[i] = find(id); to[i] == nil {
					return
				}
			}
			*v = to
		}
	})
}

// enter links what r points to with r.
func (r *rec) enter() {
	r.each(func(f *network.Field, v *any) {
		switch t := (*v).(type) {
		case *rec:
			t.pointedFrom(links[f], r)
		case []*rec:
			for _, t := range t {
				t.pointedFrom(links[f], r)
			}
		}
	})
}

// relink links r, which is changed, with what it points to, instead of what it
// pointed to as was. What has not changed stays.
func (r *rec) relink(was *state) {
	before, now := was.pointers(), r.pointers()
	sameEnds := endsOf(before) == endsOf(now)
	stays := func(p pointer, others []pointer) bool {
		if p.along.end >= 0 {
			return sameEnds
		}
		return slices.Contains(others, p)
	}
	for _, p := range before {
		if !stays(p, now) {
			p.to.pointedNoMore(p.along, r)
		}
	}
	for _, p := range now {
		if !stays(p, before) {
			p.to.pointedFrom(p.along, r)
		}
	}
}

// endsOf are the stakeholders that a tie leads to.
func endsOf(list []pointer) (ends [2]*rec) {
	for _, p := range list {
		if p.along.end >= 0 {
			ends[p.along.end] = p.to
		}
	}
	return ends
}

// pointer is a link to a record.
type pointer struct {
	along *along
	to    *rec
}

func (s *state) pointers() (out []pointer) {
	s.each(func(f *network.Field, v *any) {
		switch t := (*v).(type) {
		case *rec:
			out = append(out, pointer{links[f], t})
		case []*rec:
			for _, t := range t {
				out = append(out, pointer{links[f], t})
			}
		}
	})
	return out
}

func (r *rec) pointedFrom(l *along, from *rec) {
	m := r.having()
	if l.end >= 0 {
		if l.end == 0 || from.end(0) != r {
			m.ties = append(m.ties, from)
		}
		return
	}
	for i := range m.in {
		if m.in[i].along == l {
			m.in[i].from = append(m.in[i].from, from)
			return
		}
	}
	m.in = append(m.in, inlink{l, []*rec{from}})
}

func (r *rec) pointedNoMore(l *along, from *rec) {
	if l.end >= 0 {
		r.more.ties = without(r.more.ties, from)
		return
	}
	for i := range r.more.in {
		if in := &r.more.in[i]; in.along == l {
			in.from = without(in.from, from)
		}
	}
}

// pointing are the records that point to r along a link.
func (r *rec) pointing(l *along) []*rec {
	if r.more == nil || l == nil {
		return nil
	}
	if l.end >= 0 {
		var out []*rec
		for _, t := range r.more.ties {
			if t.end(l.end) == r {
				out = append(out, t)
			}
		}
		return out
	}
	for i := range r.more.in {
		if r.more.in[i].along == l {
			return r.more.in[i].from
		}
	}
	return nil
}

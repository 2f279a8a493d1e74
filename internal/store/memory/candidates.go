package memory

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// candidates are the records of the kinds for which a condition can hold, found
// by ID, key, the record they are about or those they are linked with, perhaps
// some more and some twice; false when nothing but looking at all of them would
// tell, or when that is no more work.
func (x *run) candidates(e store.Expr, kinds kindSet) ([]*rec, bool) {
	some, narrow := x.found(e, kinds)
	if !narrow {
		return nil, false
	}
	all := 0
	for i, list := range x.s.byKind {
		if kinds>>i&1 == 1 {
			all += len(list)
		}
	}
	if kinds.has(logKind) {
		all += x.s.book.n
	}
	return some, len(some) <= max(64, all/8)
}

func (x *run) found(e store.Expr, kinds kindSet) ([]*rec, bool) {
	switch e := e.(type) {
	case store.HasID:
		return x.withIDs(e.IDs), true
	case store.Named:
		return x.withKeys("name", e.Names, kinds), true
	case store.Compare:
		return x.compared(e, kinds)
	case store.And:
		for _, part := range e {
			if some, narrow := x.found(part, kinds); narrow {
				return some, true
			}
		}
	case store.Or:
		return x.foundByAny(e, kinds)
	case store.Within:
		return x.below(e), true
	case store.Has:
		return x.foundBehind(e)
	}
	return nil, false
}

func (x *run) foundByAny(e store.Or, kinds kindSet) ([]*rec, bool) {
	var out []*rec
	for _, part := range e {
		some, narrow := x.found(part, kinds)
		if !narrow {
			return nil, false
		}
		out = append(out, some...)
	}
	return out, true
}

// foundBehind finds the records that some member of a nested condition is reached
// from, when the members can be found.
func (x *run) foundBehind(e store.Has) ([]*rec, bool) {
	if e.Quant != store.Some || e.Source.Op != store.Follow {
		return nil, false
	}
	at, narrow := x.found(e.Where, setOf(e.Kinds))
	for i := len(e.Source.Hops) - 1; i >= 0 && narrow; i-- {
		at, narrow = x.back(at, e.Source.Hops[i])
	}
	return at, narrow
}

// back is where a hop can have come from to be at one of the records.
func (x *run) back(at []*rec, h store.Hop) ([]*rec, bool) {
	if !h.Field.IsRef() {
		return nil, false
	}
	var out []*rec
	for _, r := range at {
		if !h.Inverse {
			out = append(out, pointing(r, h.Field)...)
		} else if f := r.kind.Field(h.Field.Name); f != nil && f.IsRef() {
			var one [1]*rec
			out = append(out, r.targets(f, one[:])...)
		}
	}
	return out, true
}

// pointing are the records that point to r by a field of that name, which kinds
// may have under several relationships.
func pointing(r *rec, f *network.Field) []*rec {
	if l := links[f]; l != nil && l.end >= 0 {
		return r.pointing(l)
	}
	var out []*rec
	for _, in := range r.in() {
		if in.along.isRef && in.along.field == f.Name {
			out = append(out, in.from...)
		}
	}
	return out
}

// below are the records whose field leads to one or to a record below it.
func (x *run) below(e store.Within) []*rec {
	top := x.s.byID[e.ID]
	if top == nil {
		return nil
	}
	down, seen := []*rec{top}, map[*rec]bool{top: true}
	var out []*rec
	for i := 0; i < len(down); i++ {
		if e.Up != nil {
			for _, r := range pointing(down[i], e.Up) {
				if !seen[r] {
					seen[r] = true
					down = append(down, r)
				}
			}
		}
		out = append(out, pointing(down[i], e.Field)...)
	}
	return out
}

// compared are the records that a comparison for equality can hold for. Names
// are not looked up: theirs may be about another day.
func (x *run) compared(e store.Compare, kinds kindSet) ([]*rec, bool) {
	values, ok := valuesOf(e)
	if !ok || e.Field.Name == "name" {
		return nil, false
	}
	about := e.Field.Type == network.RecordID
	for _, k := range network.Kinds() {
		f := k.Field(e.Field.Name)
		if f != nil && kinds.has(k) && (about && f.Type != network.RecordID || !about && !keyed(f)) {
			return nil, false
		}
	}
	if about {
		return x.aboutAny(e.Field.Name, values, kinds), true
	}
	return x.withKeys(e.Field.Name, values, kinds), true
}

// aboutAny are the records of the kinds that a RecordID field of that name leads
// from to one of the records.
func (x *run) aboutAny(field string, ids []string, kinds kindSet) []*rec {
	var out []*rec
	for _, id := range ids {
		r := x.s.byID[network.ID(id)]
		if r == nil {
			continue
		}
		for _, k := range network.Kinds() {
			if f := k.Field(field); f != nil && kinds.has(k) {
				out = append(out, x.about(r, f)...)
			}
		}
	}
	return out
}

// valuesOf are the values that a field must have one of.
func valuesOf(e store.Compare) ([]string, bool) {
	switch e.Op {
	case store.EQ:
		v, ok := e.Value.(string)
		return []string{v}, ok
	case store.IN:
		list, ok := e.Value.([]any)
		out := make([]string, 0, len(list))
		for _, v := range list {
			if text, ok := v.(string); ok {
				out = append(out, text)
			}
		}
		return out, ok
	}
	return nil, false
}

func (x *run) withIDs(ids []network.ID) []*rec {
	var out []*rec
	for _, id := range ids {
		if r := x.byID(id); r != nil {
			out = append(out, r)
		}
	}
	return out
}

func (x *run) withKeys(field string, values []string, kinds kindSet) []*rec {
	var out []*rec
	for _, k := range network.Kinds() {
		f := k.Field(field)
		if f == nil || !kinds.has(k) {
			continue
		}
		for _, v := range values {
			out = append(out, x.s.byKey[f].of(v)...)
		}
	}
	return out
}

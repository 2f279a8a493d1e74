package memory

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// candidates are the records of the kinds for which a condition can hold, found
// by ID, key, the record they are about or those they are linked with, perhaps
// some more and some twice; false when nothing but looking at all of them would
// tell, or when that is no more work.
func (s *Store) candidates(e store.Expr, kinds kindSet) ([]*rec, bool) {
	some, narrow := s.found(e, kinds)
	if !narrow {
		return nil, false
	}
	all := 0
	for i, list := range s.byKind {
		if kinds>>i&1 == 1 {
			all += len(list)
		}
	}
	return some, len(some) <= max(64, all/8)
}

func (s *Store) found(e store.Expr, kinds kindSet) ([]*rec, bool) {
	switch e := e.(type) {
	case store.HasID:
		return s.withIDs(e.IDs), true
	case store.Named:
		return s.withKeys(s.byKey, "name", e.Names, kinds), true
	case store.Compare:
		return s.compared(e, kinds)
	case store.And:
		for _, part := range e {
			if some, narrow := s.found(part, kinds); narrow {
				return some, true
			}
		}
	case store.Or:
		return s.foundByAny(e, kinds)
	case store.Within:
		return s.below(e), true
	case store.Has:
		return s.foundBehind(e)
	}
	return nil, false
}

func (s *Store) foundByAny(e store.Or, kinds kindSet) ([]*rec, bool) {
	var out []*rec
	for _, part := range e {
		some, narrow := s.found(part, kinds)
		if !narrow {
			return nil, false
		}
		out = append(out, some...)
	}
	return out, true
}

// foundBehind finds the records that some member of a nested condition is reached
// from, when the members can be found.
func (s *Store) foundBehind(e store.Has) ([]*rec, bool) {
	if e.Quant != store.Some || e.Source.Op != store.Follow {
		return nil, false
	}
	at, narrow := s.found(e.Where, setOf(e.Kinds))
	for i := len(e.Source.Hops) - 1; i >= 0 && narrow; i-- {
		at, narrow = s.back(at, e.Source.Hops[i])
	}
	return at, narrow
}

// back is where a hop can have come from to be at one of the records.
func (s *Store) back(at []*rec, h store.Hop) ([]*rec, bool) {
	if !h.Field.IsRef() {
		return nil, false
	}
	var out []*rec
	for _, r := range at {
		if !h.Inverse {
			out = append(out, pointing(r, h.Field)...)
		} else if f := r.kind.Field(h.Field.Name); f != nil && f.IsRef() {
			out = append(out, r.out[f.Slot()]...)
		}
	}
	return out, true
}

// pointing are the records that point to r by a field of that name, which kinds
// may have under several relationships.
func pointing(r *rec, f *network.Field) []*rec {
	var out []*rec
	for name, list := range r.in {
		if strings.HasPrefix(name, f.Name+"/") {
			out = append(out, list...)
		}
	}
	return out
}

// below are the records whose field leads to one or to a record below it.
func (s *Store) below(e store.Within) []*rec {
	top := s.byID[e.ID]
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
func (s *Store) compared(e store.Compare, kinds kindSet) ([]*rec, bool) {
	values, ok := valuesOf(e)
	if !ok || e.Field.Name == "name" {
		return nil, false
	}
	index, indexed := s.byKey, keyed
	if e.Field.Type == network.RecordID {
		index, indexed = s.about, func(f *network.Field) bool { return f.Type == network.RecordID }
	}
	for _, k := range network.Kinds() {
		if f := k.Field(e.Field.Name); f != nil && kinds.has(k) && !indexed(f) {
			return nil, false
		}
	}
	return s.withKeys(index, e.Field.Name, values, kinds), true
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

func (s *Store) withIDs(ids []network.ID) []*rec {
	var out []*rec
	for _, id := range ids {
		if r := s.byID[id]; r != nil {
			out = append(out, r)
		}
	}
	return out
}

func (s *Store) withKeys(index map[fieldKey][]*rec, field string, values []string, kinds kindSet) []*rec {
	var out []*rec
	for _, k := range network.Kinds() {
		if !kinds.has(k) || k.Field(field) == nil {
			continue
		}
		for _, v := range values {
			out = append(out, index[fieldKey{k.Index(), field, v}]...)
		}
	}
	return out
}

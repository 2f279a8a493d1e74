package memory

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// candidates are the records of the kinds for which a condition can hold, found
// by ID, key or the record they are about, perhaps some more; false when nothing
// but looking at all of them would tell.
func (s *Store) candidates(e store.Expr, kinds kindSet) ([]*rec, bool) {
	switch e := e.(type) {
	case store.HasID:
		return s.withIDs(e.IDs), true
	case store.Named:
		return s.withKeys(s.byKey, "name", e.Names, kinds), true
	case store.Compare:
		return s.compared(e, kinds)
	case store.And:
		for _, part := range e {
			if some, narrow := s.candidates(part, kinds); narrow {
				return some, true
			}
		}
	}
	return nil, false
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

package memory

import (
	"math/bits"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// keyed tells whether records are found by the value of the field.
func keyed(f *network.Field) bool {
	return f.Unique || f.Name == "importKey" || f.Name == "name"
}

// holders are the records that have a value in a field, by value; names stand
// folded. Few values have several.
type holders struct {
	first map[string]*rec
	next  map[string][]*rec
}

func (h *holders) add(value string, r *rec) {
	switch {
	case h.first == nil:
		h.first = map[string]*rec{value: r}
	case h.first[value] == nil:
		h.first[value] = r
	default:
		if h.next == nil {
			h.next = map[string][]*rec{}
		}
		h.next[value] = append(h.next[value], r)
	}
}

func (h *holders) remove(value string, r *rec) {
	next := h.next[value]
	switch {
	case h.first[value] != r:
		next = without(next, r)
	case len(next) == 0:
		delete(h.first, value)
	default:
		h.first[value] = next[len(next)-1]
		next = next[:len(next)-1]
	}
	if len(next) > 0 {
		h.next[value] = next
	} else {
		delete(h.next, value)
	}
}

// of are those that have the value.
func (h *holders) of(value string) []*rec {
	if h == nil || h.first[value] == nil {
		return nil
	}
	return append([]*rec{h.first[value]}, h.next[value]...)
}

// eachKey calls do for the values that r is found by.
func (s *Store) eachKey(r *rec, do func(h *holders, value string)) {
	for given := r.given & layouts[r.kind.Index()].keyed; given != 0; given &= given - 1 {
		slot := bits.TrailingZeros64(given)
		f := r.kind.Fields[slot]
		value, ok := r.at(slot).(string)
		if f.Name == "name" {
			value, ok = r.foldedName()
		}
		if h := s.byKey[f]; ok && h != nil {
			do(h, value)
		}
	}
}

func (s *Store) index(r *rec) {
	s.eachKey(r, func(h *holders, value string) { h.add(value, r) })
	s.sorted.enter(r)
}

func (s *Store) unindex(r *rec) {
	s.sorted.leave(r)
	s.eachKey(r, func(h *holders, value string) { h.remove(value, r) })
}

// byKeys makes the indexes that a store has, empty.
func byKeys() map[*network.Field]*holders {
	out := map[*network.Field]*holders{}
	for _, k := range network.Kinds() {
		for _, f := range k.Fields {
			if keyed(f) && !k.Log {
				out[f] = &holders{}
			}
		}
	}
	return out
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

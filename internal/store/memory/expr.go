package memory

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// holdsFor tells whether a condition holds for a member; nil does.
func (x *run) holdsFor(e store.Expr, m member) bool {
	switch e := e.(type) {
	case nil:
		return true
	case store.And:
		for _, part := range e {
			if !x.holdsFor(part, m) {
				return false
			}
		}
		return true
	case store.Or:
		for _, part := range e {
			if x.holdsFor(part, m) {
				return true
			}
		}
		return false
	case store.Not:
		return !x.holdsFor(e.X, m)
	case store.Compare:
		return x.compare(e, m.r)
	case store.HasID:
		return slices.Contains(e.IDs, m.r.id)
	case store.IsKind:
		return slices.Contains(e.Kinds, m.r.kind)
	case store.Text:
		return m.r.matches(e.Terms)
	case store.Named:
		name, ok := m.r.name()
		return ok && slices.Contains(e.Names, network.Fold(name))
	case store.Within:
		return x.within(e, m.r)
	case store.Above:
		return x.climbs(x.byID(e.ID), e.Up, func(t *rec) bool { return t.self() == m.r.self() })
	case store.Has:
		return x.has(e, m)
	}
	x.fail(network.Errorf(network.Internal, "no condition %T", e))
	return false
}

func (x *run) fail(err error) {
	if x.err == nil {
		x.err = err
	}
}

func (x *run) has(e store.Has, m member) bool {
	found := false
	x.visit(&e.Source, setOf(e.Kinds), when{}, m, nil, func(m member) bool {
		// Every looks for one that does not satisfy, the others for one that does.
		found = x.holdsFor(e.Where, m) != (e.Quant == store.Every)
		return !found
	})
	return found == (e.Quant == store.Some)
}

// within climbs from the targets of the field, over records the viewer sees.
func (x *run) within(e store.Within, r *rec) bool {
	f := r.field(e.Field)
	if f == nil || !f.IsRef() {
		return false
	}
	if x.withheld(r, f) {
		return false
	}
	var one [1]*rec
	for _, t := range r.targets(f, one[:]) {
		if x.climbs(t, e.Up, func(t *rec) bool { return t.id == e.ID }) {
			return true
		}
	}
	return false
}

// climbs goes from t up, over records the viewer sees, until one is found.
func (x *run) climbs(t *rec, up *network.Field, found func(*rec) bool) bool {
	// The registry does not forbid a circle; no chain is longer than the map.
	for range len(x.s.byID) {
		if t == nil || !x.sees(t) {
			return false
		}
		if found(t) {
			return true
		}
		if up == nil {
			return false
		}
		own := t.field(up)
		if own == nil {
			return false
		}
		var one [1]*rec
		above := t.targets(own, one[:])
		if len(above) == 0 {
			return false
		}
		t = above[0]
	}
	return false
}

// said is what a field of the record says on the day of the plan, as a row
// has it; nil when it says nothing.
func (x *run) said(r *rec, f *network.Field) any {
	if x.withheld(r, f) {
		return nil
	}
	if f.History != "" {
		if v, ok := x.past(r, f); ok {
			return v
		}
	}
	return r.value(f)
}

// past is the value of a field by its history; false when the present value
// counts.
func (x *run) past(r *rec, f *network.Field) (any, bool) {
	h := r.history(f)
	if len(h) == 0 {
		return nil, false
	}
	entry := network.HistoryAt(h, x.asOf)
	var v string
	switch {
	case entry == nil:
		return nil, f.History != "names" // a name goes on being used; a stage does not
	case f.HistoryPart == 0:
		v = entry.Value
	default:
		v = entry.Extra
	}
	if v == "" {
		return nil, true
	}
	return v, true
}

func (x *run) compare(e store.Compare, r *rec) bool {
	f := r.field(e.Field)
	if f == nil || x.withheld(r, f) {
		return e.Op == store.Null && e.Value == true
	}
	if e.Op == store.Null {
		return x.absent(r, f) == (e.Value == true)
	}
	switch f.Type {
	case network.Ref, network.Refs:
		var one [1]*rec
		for _, t := range r.targets(f, one[:]) {
			if x.sees(t) && satisfies(e.Op, string(t.id), e.Value) {
				return true
			}
		}
		return false
	case network.Strings:
		list, _ := r.at(f.Slot()).([]any)
		return slices.ContainsFunc(list, func(v any) bool { return satisfies(e.Op, v, e.Value) })
	case network.Dated:
		return satisfies(e.Op, r.key(f), e.Value)
	}
	return satisfies(e.Op, x.said(r, f), e.Value)
}

func (x *run) absent(r *rec, f *network.Field) bool {
	switch f.Type {
	case network.Ref, network.Refs:
		var one [1]*rec
		return !slices.ContainsFunc(r.targets(f, one[:]), x.sees)
	case network.Strings, network.HistoryList:
		list, _ := r.value(f).([]any)
		return len(list) == 0
	case network.Dated:
		return r.key(f) == nil
	}
	return x.column(r, f) == nil
}

// satisfies holds a value against the one wanted. Nothing absent does.
func satisfies(op store.Op, v, want any) bool {
	if v == nil {
		return false
	}
	switch op {
	case store.IN:
		list, _ := want.([]any)
		return slices.ContainsFunc(list, func(w any) bool { return satisfies(store.EQ, v, w) })
	case store.Contains, store.StartsWith:
		s, isText := v.(string)
		w, ok := want.(string)
		if !isText || !ok {
			return false
		}
		if op == store.Contains {
			return strings.Contains(network.Fold(s), network.Fold(w))
		}
		return strings.HasPrefix(network.Fold(s), network.Fold(w))
	}
	c, ok := order(v, want)
	if !ok {
		return false
	}
	switch op {
	case store.EQ:
		return c == 0
	case store.NE:
		return c != 0
	case store.LT:
		return c < 0
	case store.LTE:
		return c <= 0
	case store.GT:
		return c > 0
	case store.GTE:
		return c >= 0
	}
	return false
}

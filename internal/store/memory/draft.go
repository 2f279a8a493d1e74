package memory

import (
	"math/bits"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// drafter makes states of the fields of records. Whoever has one uses it alone.
type drafter struct {
	pool
	given uint64
	vals  [maxFields]any // as network.Record has them
	room  slab[any]
}

// begin forgets the fields of the record before.
func (d *drafter) begin() { d.given = 0 }

// set gives a field a value, of the type that network.Record has.
func (d *drafter) set(f *network.Field, v any) {
	d.given |= 1 << f.Slot()
	d.vals[f.Slot()] = v
}

// setAll gives the record's fields their values.
func (d *drafter) setAll(fields map[string]any, k *network.Kind) error {
	d.begin()
	for name, v := range fields {
		f := k.Field(name)
		if f == nil {
			return network.Errorf(network.UnknownField, "%s has no field %s", k.Name, name).At(name)
		}
		d.set(f, v)
	}
	return nil
}

// finish makes the record of the fields that were set. Its links are IDs until
// it is linked.
func (d *drafter) finish(r *rec, k *network.Kind, version int64) error {
	names := ""
	if k.Named() {
		names = d.named(r, k)
	}
	return d.state(&r.state, k, version, names)
}

// state makes a state of the fields that were set. Texts that stand in names, one
// in a line, share their memory.
func (d *drafter) state(s *state, k *network.Kind, version int64, names string) error {
	*s = state{kind: k, version: version, given: d.given, vals: d.take(bits.OnesCount64(d.given))}
	i := 0
	for given := d.given; given != 0; given &= given - 1 {
		f := k.Fields[bits.TrailingZeros64(given)]
		v, ok := d.kept(f, d.vals[f.Slot()], names)
		if !ok {
			return network.Errorf(network.InvalidValue, "%s.%s cannot hold a %T", k.Name, f.Name, d.vals[f.Slot()]).At(f.Name)
		}
		s.vals[i] = v
		i++
	}
	if k == tieKind {
		t := network.TieKindOf(s.text(tieKinds))
		s.mut = t != nil && t.Mutual
	}
	s.settle()
	return nil
}

func (d *drafter) take(n int) []any {
	if d.bulk {
		return d.room.take(n)
	}
	return make([]any, n)
}

// settle works out what is asked of every record that is looked at: who may see
// it and when it holds.
func (s *state) settle() {
	settled := layouts[s.kind.Index()]
	s.vis = network.Public
	if given := s.text(settled.visibility); given != "" {
		if v, err := network.ParseVisibility(given); err == nil {
			s.vis = v
		}
	}
	span := network.Span{From: s.date(settled.from), Until: s.date(settled.until)}
	s.start, s.stop = span.Start(), span.Stop()
}

func (s *state) date(slot int) network.PartialDate {
	if d, ok := s.at(slot).(*day); ok {
		return d.date
	}
	return network.PartialDate{}
}

// named gives the record what it is searched and ordered by, and says what it is
// searched by.
func (d *drafter) named(r *rec, k *network.Kind) string {
	of := network.Record{Fields: map[string]any{}}
	for _, f := range k.Fields {
		if f.Searchable && d.given>>f.Slot()&1 == 1 {
			of.Fields[f.Name] = d.vals[f.Slot()]
		}
	}
	m := r.having()
	m.search, m.sortKey = d.keep(of.SearchKey()), nil
	if key := of.SortKey(); key != "" {
		m.sortKey = d.within(key, m.search)
	}
	return m.search
}

// kept is a value as states have it; false when it is not one of the field.
func (d *drafter) kept(f *network.Field, v any, names string) (any, bool) {
	switch f.Type {
	case network.Int:
		_, ok := v.(int64)
		return v, ok
	case network.Bool:
		_, ok := v.(bool)
		return v, ok
	case network.Dated:
		date, ok := v.(network.PartialDate)
		return d.day(date), ok
	case network.Strings:
		list, ok := v.([]string)
		return d.list(list), ok
	case network.Ref, network.RecordID:
		_, ok := v.(network.ID)
		return v, ok
	case network.Refs:
		list, ok := v.([]network.ID)
		return append([]network.ID{}, network.Distinct(list)...), ok
	case network.HistoryList:
		list, ok := v.([]network.DatedValue)
		return d.entries(list), ok
	}
	s, ok := v.(string)
	if f.Searchable {
		return d.within(s, names), ok
	}
	return d.text(s), ok
}

func (d *drafter) list(list []string) any {
	if list == nil {
		return list
	}
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = d.text(s)
	}
	return out
}

func (d *drafter) entries(list []network.DatedValue) []network.DatedValue {
	out := append([]network.DatedValue{}, list...)
	for i := range out {
		for _, s := range []*string{&out[i].Value, &out[i].Extra, &out[i].Note} {
			*s = strings.Clone(*s)
		}
	}
	return out
}

// within is a text that may stand in another as a line of its own, as most names
// do in what they are searched by: it takes no room then.
func (d *drafter) within(s, lines string) any {
	for at := 0; s != ""; {
		i := strings.Index(lines[at:], s)
		if i < 0 {
			break
		}
		from, to := at+i, at+i+len(s)
		if from > 0 && lines[from-1] == '\n' && to < len(lines) && lines[to] == '\n' {
			return lines[from:to]
		}
		at = to
	}
	return d.text(s)
}

package memory

import (
	"math/bits"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// state is what a record says in one version. Its values are kept as a row wants
// them where that costs nothing, each of one of these types by that of its field:
//
//	Int, Bool                int64, bool
//	Dated                    *day
//	Strings                  []any of string; a nil []string for a nil list
//	Ref, RecordID            *rec; network.ID until it is linked
//	Refs                     []*rec; []network.ID until it is linked
//	HistoryList              []network.DatedValue
//	all others               string
//
// Only the values change, once, when they are linked.
type state struct {
	kind        *network.Kind
	vals        []any  // of the fields that are given, in the order of their slots
	given       uint64 // by slot: the field is given
	version     int64
	start, stop network.Date
	vis         network.Visibility
	mut         bool // of a tie: mutual
}

var (
	tieKind  = network.MustKind(network.TieRecord)
	tieKinds = tieKind.Field("kind").Slot()
	strength = tieKind.Field("strength").Slot()
	tieEnds  = [2]int{tieKind.Field("subject").Slot(), tieKind.Field("object").Slot()}
	logKind  = network.MustKind(network.ChangeRecord)
)

// at is the value in a slot as it is kept; nil when it is not given.
func (s *state) at(slot int) any {
	if s.given>>slot&1 == 0 {
		return nil
	}
	return s.vals[bits.OnesCount64(s.given&(1<<slot-1))]
}

// each calls do for the given fields with the place of each value.
func (s *state) each(do func(f *network.Field, v *any)) {
	i := 0
	for given := s.given; given != 0; given &= given - 1 {
		do(s.kind.Fields[bits.TrailingZeros64(given)], &s.vals[i])
		i++
	}
}

// value is the present value of the field as a row has it.
func (s *state) value(f *network.Field) any {
	kept := s.at(f.Slot())
	switch v := kept.(type) {
	case *day:
		return v.text
	case *rec:
		return string(v.id)
	case network.ID:
		return string(v)
	case []string:
		return []any{}
	case []*rec, []network.ID:
		return nil
	case []network.DatedValue:
		return historyRows(v)
	}
	return kept
}

// key is what the field is compared and ordered by; nil for what is not.
func (s *state) key(f *network.Field) any {
	kept := s.at(f.Slot())
	switch v := kept.(type) {
	case string, int64, bool:
		return kept
	case *day:
		if f.Name == "until" {
			return v.until
		}
		return v.from
	case []network.DatedValue:
		return nil
	}
	return s.value(f)
}

func historyRows(list []network.DatedValue) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = []any{e.Value, e.Extra, e.Note, e.Span.From.Text(), e.Span.Until.Text()}
	}
	return out
}

// text is the value of a field of text; empty when it is absent.
func (s *state) text(slot int) string {
	v, _ := s.at(slot).(string)
	return v
}

// targets are the records a link field leads to; a single one stands in buf,
// which has room for it.
func (s *state) targets(f *network.Field, buf []*rec) []*rec {
	switch v := s.at(f.Slot()).(type) {
	case *rec:
		return append(buf[:0], v)
	case []*rec:
		return v
	}
	return nil
}

// pointsTo is the ID of the record that a Ref field leads to, linked or not; empty
// when it is absent.
func (s *state) pointsTo(slot int) network.ID {
	switch v := s.at(slot).(type) {
	case network.ID:
		return v
	case *rec:
		return v.id
	}
	return ""
}

// history is the entries behind a field that has them.
func (s *state) history(f *network.Field) []network.DatedValue {
	if s.given&layouts[s.kind.Index()].histories == 0 {
		return nil
	}
	h, _ := s.at(s.kind.Field(f.History).Slot()).([]network.DatedValue)
	return h
}

// record writes the state out as the whole record, which the caller may change.
func (s *state) record(id network.ID) *network.Record {
	r := &network.Record{ID: id, Kind: s.kind.Name, Version: s.version, Fields: make(map[string]any, len(s.vals))}
	s.each(func(f *network.Field, v *any) { r.Fields[f.Name] = plain(*v) })
	return r
}

// plain is a value as [network.Record] has it.
func plain(kept any) any {
	switch v := kept.(type) {
	case *day:
		return v.date
	case *rec:
		return v.id
	case []*rec:
		ids := make([]network.ID, len(v))
		for i, t := range v {
			ids[i] = t.id
		}
		return ids
	case []any:
		list := make([]string, len(v))
		for i, s := range v {
			list[i], _ = s.(string)
		}
		return list
	case []network.ID:
		return slices.Clone(v)
	case []network.DatedValue:
		return slices.Clone(v)
	}
	return kept
}

// cloneDeep copies the record so far that nobody can reach into the store.
func cloneDeep(r *network.Record) *network.Record {
	c := r.Clone()
	for name, v := range c.Fields {
		switch v := v.(type) {
		case []string:
			c.Fields[name] = slices.Clone(v)
		case []network.ID:
			c.Fields[name] = slices.Clone(v)
		case []network.DatedValue:
			c.Fields[name] = slices.Clone(v)
		}
	}
	return c
}

package storetest

import (
	"fmt"
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/network"
)

// maker makes values for fields of the registry. The pools are small, so that
// values meet filters and each other.
type maker struct {
	r *rand.Rand
	// have lists the records made or to be made, by kind.
	have map[string][]network.ID
	n    int // codes given so far
}

var (
	words = []string{"教育", "キャリア", "ｷｬﾘｱ", "きゃりあ", "塩", "塩山", "学校", "支援", "East", "ＥＡＳＴ", "ラボ", "会", "ー", "🌉", "a\"b\\c", "O'Neil"}
	dates = []string{"2019", "2020-04-01", "FY2020", "2021-06", "2022-02-01", "FY2022", "2023", "2023-08-22", "2024-01", "2024-02-01", "2024-02-02", "FY2024", "2025-04-01", "unknown"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (m *maker) word() string {
	s := pick(m.r, words)
	for m.r.IntN(3) == 0 {
		s += pick(m.r, words)
	}
	return s
}

func (m *maker) date() network.PartialDate { return network.MustPartialDate(pick(m.r, dates)) }

func (m *maker) span() network.Span {
	for {
		s := network.Span{}
		if m.r.IntN(3) > 0 {
			s.From = m.date()
		}
		if m.r.IntN(3) == 0 {
			s.Until = m.date()
		}
		if s.Check() == nil {
			return s
		}
	}
}

// value is one for the field, nil where there is nothing to point to.
func (m *maker) value(f *network.Field) any {
	switch f.Type {
	case network.Int:
		return f.Min + m.r.Int64N(min(f.Max-f.Min, 4)+1)
	case network.Bool:
		return m.r.IntN(2) == 0
	case network.EnumValue:
		return pick(m.r, f.Enum.Values).Value
	case network.Code:
		return m.code(f)
	case network.Dated:
		return m.date()
	case network.Strings:
		return m.several()
	case network.Ref:
		if ids := m.targets(f); len(ids) > 0 {
			return pick(m.r, ids)
		}
		return nil
	case network.Refs:
		return m.refs(f)
	case network.HistoryList:
		return m.history(f)
	case network.Text:
		return m.word() + "\n" + m.word()
	}
	return m.word()
}

func (m *maker) several() []string {
	out := []string{}
	for range 1 + m.r.IntN(3) {
		out = append(out, m.word())
	}
	return out
}

func (m *maker) refs(f *network.Field) any {
	ids := m.targets(f)
	if len(ids) == 0 {
		return nil
	}
	out := []network.ID{}
	for _, i := range m.r.Perm(len(ids))[:min(len(ids), 1+m.r.IntN(3))] {
		out = append(out, ids[i])
	}
	return out
}

func (m *maker) targets(f *network.Field) []network.ID {
	var ids []network.ID
	for _, k := range f.Targets {
		ids = append(ids, m.have[k]...)
	}
	return ids
}

func (m *maker) history(f *network.Field) any {
	var out []network.DatedValue
	for range 1 + m.r.IntN(3) {
		e := network.DatedValue{Value: m.word(), Extra: m.word(), Span: m.span()}
		if f.Enum != nil {
			e.Value, e.Extra = pick(m.r, f.Enum.Values).Value, "STAFF_SHORT|NO_BUDGET"
		}
		if m.r.IntN(5) == 0 {
			e.Extra = ""
		}
		if m.r.IntN(3) == 0 {
			e.Note = m.word()
		}
		out = append(out, e)
	}
	return out
}

// code is a new valid one: what comes before a check digit at the end or in
// front is counted up.
func (m *maker) code(f *network.Field) string {
	m.n++
	for _, shape := range []string{"B12022%06d%s", "20%03d%s", "%[2]s0%011[1]d", "99%06d%s"} {
		for digit := range 10 {
			s := fmt.Sprintf(shape, m.n, fmt.Sprint(digit))
			if code, err := f.Parse(s); err == nil {
				return code
			}
		}
	}
	panic("storetest: no code for " + f.Name)
}

// record fills the fields of a kind, each with the given chance out of ten;
// required ones always.
func (m *maker) record(k *network.Kind, id network.ID, chance int) *network.Record {
	rec := &network.Record{ID: id, Kind: k.Name, Fields: map[string]any{}}
	for _, f := range k.Fields {
		if f.System || !f.Required && m.r.IntN(10) >= chance {
			continue
		}
		v := m.value(f)
		if f.Name == "importKey" {
			v = fmt.Sprintf("key-%s", id)
		}
		if v != nil {
			rec.Fields[f.Name] = v
		}
	}
	if rec.Span().Check() != nil {
		delete(rec.Fields, "until")
	}
	return rec
}

// joinable sets kind and ends of a tie to what the registry allows.
func (m *maker) joinable(tie *network.Record) bool {
	for range 20 {
		kind := pick(m.r, network.TieKinds())
		s, o := m.someOf(kind.Subjects), m.someOf(kind.Objects)
		if s == "" || o == "" || s == o {
			continue
		}
		tie.Fields["kind"], tie.Fields["subject"], tie.Fields["object"] = kind.Name, s, o
		return true
	}
	return false
}

func (m *maker) someOf(kinds []string) network.ID {
	ids := m.targets(&network.Field{Targets: kinds})
	if len(ids) == 0 {
		return ""
	}
	return pick(m.r, ids)
}

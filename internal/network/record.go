package network

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Record is one node or tie of the map, whole.
type Record struct {
	ID      ID
	Kind    string
	Version int64
	// Fields holds the values that are given, by field name, each of the Go type
	// its FieldType says. Absent fields are not in it.
	Fields map[string]any
}

// DatedValue is an entry of a history: a name with its reading, a stage with
// its causes.
type DatedValue struct {
	Value string
	Extra string // kana of a name; causes of a stage, separated by "|"
	Note  string
	Span  Span
}

// Clone copies the record so that the copy's Fields can be changed.
func (r *Record) Clone() *Record {
	c := *r
	c.Fields = make(map[string]any, len(r.Fields))
	for k, v := range r.Fields {
		c.Fields[k] = v
	}
	return &c
}

// SameFields tells whether two records have the same values in the same fields.
func (r *Record) SameFields(other *Record) bool {
	return maps.EqualFunc(r.Fields, other.Fields, SameValue)
}

// SameValue tells whether two values of a field are the same; nil is absent.
func SameValue(a, b any) bool {
	switch a.(type) {
	case string, int64, bool, ID, PartialDate:
		return a == b
	}
	return reflect.DeepEqual(a, b)
}

// Str is the string or ID in the field, "" when absent.
func (r *Record) Str(field string) string {
	switch v := r.Fields[field].(type) {
	case string:
		return v
	case ID:
		return string(v)
	}
	return ""
}

// IDs are the IDs in the field, one or several, in their order; nil when absent.
// They must not be changed.
func (r *Record) IDs(field string) []ID {
	switch v := r.Fields[field].(type) {
	case ID:
		return []ID{v}
	case []ID:
		return v
	}
	return nil
}

// PointsTo tells whether one of the IDs is in a field of the record that counts.
func (r *Record) PointsTo(ids []ID, counts func(*Field) bool) bool {
	for _, f := range MustKind(r.Kind).Fields {
		if slices.ContainsFunc(r.IDs(f.Name), func(id ID) bool { return slices.Contains(ids, id) }) && counts(f) {
			return true
		}
	}
	return false
}

// AboutPersonal tells whether the record is a statement about a personal field.
func AboutPersonal(r *Record) bool {
	return r.Kind == ClaimRecord && contains(personalNames, r.Str("field"))
}

// Date is the date in the field, zero when absent.
func (r *Record) Date(field string) PartialDate {
	d, _ := r.Fields[field].(PartialDate)
	return d
}

// Span is the valid time of the record.
func (r *Record) Span() Span { return Span{r.Date("from"), r.Date("until")} }

// Visibility is who may read the record; Public when not given.
func (r *Record) Visibility() Visibility {
	v, err := ParseVisibility(r.Str("visibility"))
	if err != nil {
		return Public
	}
	return v
}

// HistoryAt is the entry of a history that holds at d, nil when none does.
// Where two hold, the one that began last counts.
func HistoryAt(h []DatedValue, d Date) *DatedValue {
	var found *DatedValue
	for i := range h {
		if h[i].Span.Holds(d) && (found == nil || h[i].Span.Start() >= found.Span.Start()) {
			found = &h[i]
		}
	}
	return found
}

// Names lists every name, reading and alias the record ever had, the present
// ones first, without repeats.
func (r *Record) Names() []string {
	var out []string
	add := func(s string) {
		if s != "" && !contains(out, s) {
			out = append(out, s)
		}
	}
	add(r.Str("name"))
	add(r.Str("nameKana"))
	aliases, _ := r.Fields["aliases"].([]string)
	for _, a := range aliases {
		add(a)
	}
	history, _ := r.Fields["names"].([]DatedValue)
	for _, h := range history {
		add(h.Value)
		add(h.Extra)
	}
	return out
}

// SearchKey is what search looks into: every name folded, each between line
// feeds, so that no term spans two names. Empty for records without names.
func (r *Record) SearchKey() string {
	names := r.Names()
	if len(names) == 0 {
		return ""
	}
	key := "\n"
	for _, n := range names {
		key += Fold(n) + "\n"
	}
	return key
}

// SortKey orders records by name: see the function SortKey.
func (r *Record) SortKey() string { return SortKey(r.Str("nameKana"), r.Str("name")) }

type jsonDated struct {
	Value string      `json:"value"`
	Extra string      `json:"extra,omitempty"`
	Note  string      `json:"note,omitempty"`
	From  PartialDate `json:"from,omitzero"`
	Until PartialDate `json:"until,omitzero"`
}

// MarshalFields writes Fields as a JSON object, keys sorted, dates as
// canonical text.
func (r *Record) MarshalFields() ([]byte, error) {
	out := make(map[string]any, len(r.Fields))
	for name, v := range r.Fields {
		if h, ok := v.([]DatedValue); ok {
			list := make([]jsonDated, len(h))
			for i, e := range h {
				list[i] = jsonDated{e.Value, e.Extra, e.Note, e.Span.From, e.Span.Until}
			}
			v = list
		}
		out[name] = v
	}
	return json.Marshal(out)
}

// Was is what a withdrawn record was, with its ID; nil when that cannot be read.
func (r *Record) Was() *Record {
	was := &Record{ID: r.ID, Kind: r.Str("wasKind")}
	if was.UnmarshalFields([]byte(r.Str("was"))) != nil {
		return nil
	}
	return was
}

// UnmarshalFields reads what MarshalFields wrote, for the kind of the record.
// Fields the registry no longer has are dropped.
func (r *Record) UnmarshalFields(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	k := KindOf(r.Kind)
	if k == nil {
		return Errorf(Internal, "no kind %q", r.Kind)
	}
	r.Fields = make(map[string]any, len(raw))
	for name, data := range raw {
		f := k.Field(name)
		if f == nil {
			continue
		}
		v, err := f.Decode(data)
		if err != nil {
			return err
		}
		r.Fields[name] = v
	}
	return nil
}

// Unknown names what MarshalFields wrote and the kind has no field for, sorted:
// UnmarshalFields would drop it. Of data that is no JSON object it says nothing.
func (k *Kind) Unknown(data []byte) []string {
	var raw map[string]json.RawMessage
	_ = json.Unmarshal(data, &raw)
	var out []string
	for name := range raw {
		if k.Field(name) == nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Decode reads one value of the field as MarshalFields wrote it.
func (f *Field) Decode(data []byte) (any, error) {
	switch f.Type {
	case Int:
		return decodeAs[int64](data)
	case Bool:
		return decodeAs[bool](data)
	case Dated:
		return decodeAs[PartialDate](data)
	case Strings:
		return decodeAs[[]string](data)
	case Ref, RecordID:
		return decodeAs[ID](data)
	case Refs:
		return decodeAs[[]ID](data)
	case HistoryList:
		entries, err := decodeAs[[]jsonDated](data)
		if err != nil {
			return nil, err
		}
		out := make([]DatedValue, len(entries.([]jsonDated)))
		for i, e := range entries.([]jsonDated) {
			out[i] = DatedValue{e.Value, e.Extra, e.Note, Span{e.From, e.Until}}
		}
		return out, nil
	default:
		return decodeAs[string](data)
	}
}

func decodeAs[T any](data []byte) (any, error) {
	var v T
	err := json.Unmarshal(data, &v)
	return v, err
}

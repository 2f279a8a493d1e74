package ask

import "github.com/musubi-map/musubi/internal/network"

// Row is one record of an answer. The zero Row is "none": everything it gives
// is empty.
type Row struct {
	sel *Sel
	v   []any
}

func rowsOf(s *Sel, v any) []Row {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	rows, _ := list[0].([]any)
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = Row{s, r.([]any)}
	}
	return out
}

// Found tells whether there is a record.
func (r Row) Found() bool { return r.v != nil }

// ID of the record; "" of none.
func (r Row) ID() network.ID {
	if r.v == nil {
		return ""
	}
	s, _ := r.v[1].(string)
	return network.ID(s)
}

// Kind of the record; nil of none.
func (r Row) Kind() *network.Kind {
	if r.v == nil {
		return nil
	}
	s, _ := r.v[0].(string)
	return network.KindOf(s)
}

// at is what stands in the place of a name; nil of none. Only the zero Row, which
// has no selection, has every name.
func (r Row) at(name string) any {
	if r.sel == nil {
		return nil
	}
	i, ok := r.sel.at[name]
	switch {
	case !ok:
		panic("ask: " + name + " is not in the selection")
	case r.v == nil:
		return nil
	}
	return r.v[i]
}

// Str is the text in a field, or the ID in a reference; "" when absent.
func (r Row) Str(field string) string {
	s, _ := r.at(field).(string)
	return s
}

// Ref is the ID in a field; "" when absent or not to be seen.
func (r Row) Ref(field string) network.ID { return network.ID(r.Str(field)) }

// Int is the number in a field; false when absent.
func (r Row) Int(field string) (int64, bool) {
	n, ok := r.at(field).(int64)
	return n, ok
}

// Bool is the truth value in a field; false when absent.
func (r Row) Bool(field string) bool {
	b, _ := r.at(field).(bool)
	return b
}

// Date is the date in a field; zero when absent.
func (r Row) Date(field string) network.PartialDate {
	return DateOf(r.at(field))
}

// DateOf reads a date as a row has it; zero for nil.
func DateOf(v any) network.PartialDate {
	s, ok := v.(string)
	if !ok {
		return network.PartialDate{}
	}
	return network.MustPartialDate(s)
}

// Span is the valid time; the selection must have from and until.
func (r Row) Span() network.Span {
	return network.Span{From: r.Date("from"), Until: r.Date("until")}
}

// Strings is the list of texts in a field.
func (r Row) Strings(field string) []string {
	list, _ := r.at(field).([]any)
	out := make([]string, len(list))
	for i, v := range list {
		out[i], _ = v.(string)
	}
	return out
}

// History is the list of dated values in a field, in order of time.
func (r Row) History(field string) []network.DatedValue {
	list, _ := r.at(field).([]any)
	out := make([]network.DatedValue, len(list))
	for i, v := range list {
		e := v.([]any)
		text := func(i int) string { s, _ := e[i].(string); return s }
		out[i] = network.DatedValue{Value: text(0), Extra: text(1), Note: text(2), Span: network.Span{From: DateOf(e[3]), Until: DateOf(e[4])}}
	}
	return out
}

// One is the record a reference leads to.
func (r Row) One(name string) Row {
	v, _ := r.at(name).([]any)
	return Row{r.child(name), v}
}

// Many are the records of a list.
func (r Row) Many(name string) []Row {
	v := r.at(name)
	return rowsOf(r.child(name), v)
}

// Count is the number of members of a list, whether they were read or only
// counted.
func (r Row) Count(name string) int {
	list, _ := r.at(name).([]any)
	if len(list) < 2 {
		return 0
	}
	if n, counted := list[1].(int64); counted {
		return int(n)
	}
	rows, _ := list[0].([]any)
	return len(rows)
}

// IDs are the IDs of the members of a list.
func (r Row) IDs(name string) []network.ID {
	var out []network.ID
	for _, m := range r.Many(name) {
		out = append(out, m.ID())
	}
	return out
}

// child is the selection behind a name, which is in that of the row.
func (r Row) child(name string) *Sel {
	if r.sel == nil {
		return nil
	}
	i := r.sel.at[name] - 2 - len(r.sel.fields)
	if i < 0 {
		panic("ask: " + name + " is a field, it leads nowhere")
	}
	return r.sel.subs[i].sel
}

// Given tells whether a field of the record has a value.
func (r Row) Given(field string) bool {
	v := r.at(field)
	list, isList := v.([]any)
	return v != nil && (!isList || len(list) > 0)
}

// Has tells whether the selection has a field or list of the name.
func (r Row) Has(name string) bool {
	if r.sel == nil {
		return false
	}
	_, ok := r.sel.at[name]
	return ok
}

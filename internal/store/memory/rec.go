package memory

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// rec is a record made ready for reading: values boxed as rows want them,
// links as pointers both ways. A rec stays at its address for good, so that
// links to it survive its changes.
type rec struct {
	id      network.ID
	kind    *network.Kind
	full    *network.Record // what was written; never changed
	change  *store.Change   // of a log entry; full is nil then
	vis     network.Visibility
	shut    network.Date // the first day on which personal fields are withheld
	start   network.Date
	stop    network.Date
	sortKey any // string, nil without a name
	search  string

	// Boxed once, copied into every row.
	idVal, kindVal, versionVal any

	vals []any // row values by slot of the field
	keys []any // values to compare and order by, by slot
	out  [][]*rec

	in   map[string][]*rec // by linkName: the records that point here
	ties []*rec            // of a stakeholder, each once
	ends [2]*rec           // of a tie: subject, object
	mut  bool              // of a tie: mutual
}

// linkName names a link field across the kinds that share it.
func linkName(f *network.Field) string { return f.Name + "/" + f.Rel }

// compile reads the record's own values into r; links are set by link.
func (r *rec) compile(full *network.Record, k *network.Kind) error {
	r.id, r.kind, r.full = full.ID, k, full
	r.idVal, r.kindVal, r.versionVal = string(full.ID), k.Name, full.Version
	r.vis, r.shut = full.Visibility(), full.ConsentEnds()
	span := full.Span()
	r.start, r.stop = span.Start(), span.Stop()
	r.sortKey, r.search = nil, ""
	if k.Named() {
		if key := full.SortKey(); key != "" {
			r.sortKey = key
		}
		r.search = full.SearchKey()
	}
	if k.Name == network.TieRecord {
		t := network.TieKindOf(full.Str("kind"))
		r.mut = t != nil && t.Mutual
	}
	r.vals, r.keys = make([]any, len(k.Fields)), make([]any, len(k.Fields))
	for name, v := range full.Fields {
		f := k.Field(name)
		if f == nil {
			return network.Errorf(network.UnknownField, "%s has no field %s", k.Name, name).At(name)
		}
		val, key, ok := box(f, v)
		if !ok {
			return network.Errorf(network.InvalidValue, "%s.%s cannot hold a %T", k.Name, name, v).At(name)
		}
		r.vals[f.Slot()], r.keys[f.Slot()] = val, key
	}
	return nil
}

// compileChange makes r the record of a log entry. Its before and after are
// written out when they are asked for.
func (r *rec) compileChange(c *store.Change) error {
	full := &network.Record{ID: c.ID(), Kind: network.ChangeRecord, Version: 1, Fields: c.Head()}
	if err := r.compile(full, network.MustKind(network.ChangeRecord)); err != nil {
		return err
	}
	r.full, r.change = nil, c
	r.vis = c.Visibility()
	return nil
}

// record is the whole record, a copy.
func (r *rec) record() (*network.Record, error) {
	if r.change != nil {
		return r.change.Entry()
	}
	return cloneDeep(r.full), nil
}

// box gives the value of a field as rows have it, and as it is compared.
func box(f *network.Field, v any) (val, key any, ok bool) {
	switch f.Type {
	case network.Int:
		v, ok := v.(int64)
		return v, v, ok
	case network.Bool:
		v, ok := v.(bool)
		return v, v, ok
	case network.Dated:
		d, ok := v.(network.PartialDate)
		if !ok || d.IsZero() {
			return nil, nil, ok
		}
		return d.Text(), dateKey(f, d), true
	case network.Strings:
		list, ok := v.([]string)
		out := make([]any, len(list))
		for i, s := range list {
			out[i] = s
		}
		return out, out, ok
	case network.Ref, network.RecordID:
		id, ok := v.(network.ID)
		return string(id), string(id), ok
	case network.Refs:
		_, ok := v.([]network.ID)
		return nil, nil, ok
	case network.HistoryList:
		list, ok := v.([]network.DatedValue)
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = []any{e.Value, e.Extra, e.Note, e.Span.From.Text(), e.Span.Until.Text()}
		}
		return out, nil, ok
	default:
		s, ok := v.(string)
		return s, s, ok
	}
}

// dateKey is the day a date is compared and ordered by: the end of "until",
// the first day else; nil when it is unknown.
func dateKey(f *network.Field, d network.PartialDate) any {
	switch {
	case d.IsZero() || d.Precision() == network.PrecisionUnknown:
		return nil
	case f.Name == "until":
		return network.Span{Until: d}.Stop()
	}
	return d.Earliest()
}

// field finds the record's own field for one named in a plan, which may be
// that of another kind of the same interface; nil when it has none.
func (r *rec) field(f *network.Field) *network.Field {
	if s := f.Slot(); s < len(r.kind.Fields) && r.kind.Fields[s] == f {
		return f
	}
	own := r.kind.Field(f.Name)
	if own == nil || own.Type != f.Type {
		return nil
	}
	return own
}

// name is the present name; false for a record without one.
func (r *rec) name() (string, bool) {
	f := r.kind.Field("name")
	if f == nil {
		return "", false
	}
	name, ok := r.vals[f.Slot()].(string)
	return name, ok
}

// targets are the IDs a link field holds, each once.
func targets(full *network.Record, f *network.Field) []network.ID {
	return network.Distinct(full.IDs(f.Name))
}

// history is the entries behind a field that has them.
func (r *rec) history(f *network.Field) []network.DatedValue {
	if r.full == nil {
		return nil
	}
	h, _ := r.full.Fields[f.History].([]network.DatedValue)
	return h
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

package storetest

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// testRoundTrip writes records of every kind with every field of the registry,
// then takes the optional ones away and gives them back.
func testRoundTrip(t *testing.T, open func(testing.TB) store.Store) {
	s := opened(t, open)
	full, bare := everyField()
	var records []*network.Record
	for i := range full {
		records = append(records, full[i], bare[i])
	}
	apply(t, s, creation(records...))
	check := func(t *testing.T, version int64, want ...*network.Record) {
		loadsAs(t, s, version, want)
		columnsAre(t, s, want)
	}
	t.Run("IsEveryFieldKept", func(t *testing.T) { check(t, 1, records...) })
	var emptied, filled []store.Write
	for i := range full {
		short, long := full[i].Clone(), full[i].Clone()
		for name := range long.Fields {
			if !network.MustKind(long.Kind).Field(name).Required {
				delete(short.Fields, name)
			}
		}
		emptied, filled = append(emptied, update(1, short)), append(filled, update(2, long))
	}
	t.Run("CanEveryFieldBeTakenAway", func(t *testing.T) {
		apply(t, s, batch(emptied...))
		var want []*network.Record
		for _, w := range emptied {
			want = append(want, w.After)
		}
		check(t, 2, want...)
	})
	t.Run("CanEveryFieldBeGivenBack", func(t *testing.T) {
		apply(t, s, batch(filled...))
		check(t, 3, full...)
	})
}

// everyField makes two records of each kind: one with every field and one with
// the required ones only.
func everyField() (full, bare []*network.Record) {
	m := &maker{r: rand.New(rand.NewPCG(1, 2)), have: map[string][]network.ID{}}
	for _, k := range network.Kinds() {
		if !k.Log {
			m.have[k.Name] = []network.ID{network.ID("full-" + k.Name), network.ID("bare-" + k.Name)}
		}
	}
	for _, k := range network.Kinds() {
		if k.Log {
			continue
		}
		f, b := m.record(k, m.have[k.Name][0], 10), m.record(k, m.have[k.Name][1], 0)
		for _, r := range []*network.Record{f, b} {
			if k.Name == network.TieRecord {
				m.joinable(r)
			}
			if k.Field("record") != nil {
				r.Fields["record"] = network.ID("full-Tie")
			}
		}
		full, bare = append(full, f), append(bare, b)
	}
	return full, bare
}

func loadsAs(t *testing.T, s store.Store, version int64, want []*network.Record) {
	t.Helper()
	keys := make([]store.Key, len(want))
	for i, w := range want {
		keys[i].ID = w.ID
	}
	got, err := s.Load(context.Background(), network.Admin(""), keys)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d records for %d, %v", len(got), len(want), err)
	}
	for i, g := range got {
		w := want[i]
		if g == nil {
			t.Errorf("%s is not there", w.ID)
			continue
		}
		if g.ID != w.ID || g.Kind != w.Kind || g.Version != version {
			t.Errorf("%s: got %s %s version %d", w.ID, g.Kind, g.ID, g.Version)
		}
		for _, f := range network.MustKind(w.Kind).Fields {
			if !reflect.DeepEqual(g.Fields[f.Name], w.Fields[f.Name]) {
				t.Errorf("%s.%s: got %#v, want %#v", w.ID, f.Name, g.Fields[f.Name], w.Fields[f.Name])
			}
		}
		if len(g.Fields) != len(w.Fields) {
			t.Errorf("%s has %d fields, want %d", w.ID, len(g.Fields), len(w.Fields))
		}
	}
}

// columnsAre reads each field through a plan; those that an ended consent hides are not
// there. Fields with a history are left
// to the tests of time.
func columnsAre(t *testing.T, s store.Store, want []*network.Record) {
	t.Helper()
	r := reader{s: s, viewer: network.Admin(""), asOf: today}
	for _, w := range want {
		k := network.MustKind(w.Kind)
		var columns []any
		row := []any{w.Kind}
		withheld := w.ConsentEnds() < network.MaxDate // all of the random days are past
		for _, f := range k.Fields {
			switch {
			case withheld && f.Withheld() && f.Type != network.Refs:
				columns = append(columns, f.Name)
				row = append(row, nil)
			case f.IsRef() && f.Type == network.Ref:
				columns = append(columns, along(k.Name+"."+f.Name).take("id"))
				row = append(row, refRow(w, f))
			case f.IsRef() || f.History != "":
				continue
			default:
				columns = append(columns, f.Name)
				row = append(row, columnValue(w.Fields[f.Name]))
			}
		}
		q := byID(w.ID).on(k.Name, columns...)
		same(t, r.value(t, q), rowsOf(row))
	}
}

func refRow(w *network.Record, f *network.Field) any {
	id := w.Str(f.Name)
	if id == "" {
		return nil
	}
	return rowOf(id[len("full-"):], id)
}

// columnValue is how the plan renders a stored value.
func columnValue(v any) any {
	switch v := v.(type) {
	case network.PartialDate:
		return v.Text()
	case []network.DatedValue:
		out := []any{}
		for _, e := range v {
			out = append(out, []any{e.Value, e.Extra, e.Note, e.Span.From.Text(), e.Span.Until.Text()})
		}
		return out
	}
	return v
}

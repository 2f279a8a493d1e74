package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// today is the day the fixture is read on unless a test says otherwise.
var today = network.MustDate("2024-02-01")

// reader asks a store as somebody, as of a day.
type reader struct {
	s      store.Store
	viewer network.Viewer
	asOf   network.Date
}

func (r reader) as(role network.Role) reader {
	r.viewer = network.Viewer{Role: role, Actor: "reader"}
	return r
}

func (r reader) on(day string) reader { r.asOf = network.MustDate(day); return r }

func (r reader) plan(qs ...*query) *store.Plan {
	p := &store.Plan{Viewer: r.viewer, AsOf: r.asOf}
	for _, q := range qs {
		if len(q.Shapes) == 0 && q.Rows {
			q.take("id")
		}
		p.Roots = append(p.Roots, &q.Collection)
	}
	return p
}

// value runs the query and gives the answer of its one root.
func (r reader) value(t testing.TB, q *query) any {
	t.Helper()
	res, err := r.s.Fetch(context.Background(), r.plan(q))
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	if len(res.Values) != 1 {
		t.Fatalf("%d values for one root", len(res.Values))
	}
	checkTypes(t, res.Values[0])
	return res.Values[0]
}

// page is the answer to a list.
type page struct {
	rows  [][]any
	total any
	other any
}

func (r reader) list(t testing.TB, q *query) page {
	t.Helper()
	return asPage(t, r.value(t, q))
}

func asPage(t testing.TB, v any) page {
	t.Helper()
	parts, ok := v.([]any)
	if !ok || len(parts) != 3 {
		t.Fatalf("a list is []any{rows, total, other}, got %s", asJSON(v))
	}
	p := page{total: parts[1], other: parts[2]}
	rows, _ := parts[0].([]any)
	for _, row := range rows {
		p.rows = append(p.rows, row.([]any))
	}
	return p
}

// column gives the first column of each row as text.
func (p page) column() []string {
	out := []string{}
	for _, row := range p.rows {
		out = append(out, fmt.Sprint(row[1]))
	}
	return out
}

func (r reader) ids(t testing.TB, q *query) []string {
	t.Helper()
	return r.list(t, q).column()
}

// wantSet compares the IDs of the answer, whatever their order.
func (r reader) wantSet(t testing.TB, q *query, ids ...string) {
	t.Helper()
	got := r.ids(t, q)
	slices.Sort(got)
	slices.Sort(ids)
	same(t, got, append([]string{}, ids...))
}

// wantList compares the IDs of the answer in their order.
func (r reader) wantList(t testing.TB, q *query, ids ...string) {
	t.Helper()
	same(t, r.ids(t, q), append([]string{}, ids...))
}

// wantCode wants the plan to fail.
func (r reader) wantCode(t testing.TB, q *query, code network.ErrorCode) {
	t.Helper()
	_, err := r.s.Fetch(context.Background(), r.plan(q))
	if got := network.CodeOf(err); got != code {
		t.Errorf("error %v (%s), want %s", err, got, code)
	}
}

// wantValue compares the whole answer.
func (r reader) wantValue(t testing.TB, q *query, want any) {
	t.Helper()
	same(t, r.value(t, q), want)
}

// same compares by JSON, in which an answer is rendered anyway.
func same(t testing.TB, got, want any) {
	t.Helper()
	if g, w := asJSON(got), asJSON(want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%#v: %v", v, err)
	}
	return string(data)
}

// checkTypes holds every value against the list in [store.Result].
func checkTypes(t testing.TB, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil, string, int64, bool:
	case []any:
		for _, e := range v {
			checkTypes(t, e)
		}
	default:
		t.Errorf("a value of type %T in the answer: %v", v, v)
	}
}

// rowOf reads columns after the kind.
func rowOf(kind string, columns ...any) []any { return append([]any{kind}, columns...) }

// rowsOf is a list with these rows and neither total nor other.
func rowsOf(rows ...any) []any { return []any{append([]any{}, rows...), nil, nil} }

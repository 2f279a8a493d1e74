package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testOrder(t *testing.T, r reader) {
	for _, c := range []struct {
		typ, order, where string
		want              []string
	}{
		{"School", "name", "", left("s-deep", "s-inn", "s-east", "s-hidden", "s-bare")},
		{"School", "-name", "", left("s-bare", "s-hidden", "s-east", "s-inn", "s-deep")},
		{"School", "staff", "", left("s-inn", "s-deep", "s-east", "s-bare", "s-hidden")},
		{"School", "-staff", "", left("s-deep", "s-east", "s-inn", "s-bare", "s-hidden")},
		{"School", "staff name", "", left("s-inn", "s-deep", "s-east", "s-hidden", "s-bare")},
		{"School", "-staff -name", "", left("s-east", "s-deep", "s-inn", "s-bare", "s-hidden")},
		{"School", "from", "", left("s-east", "s-inn", "s-bare", "s-deep", "s-hidden")},
		{"School", "-from", "", left("s-inn", "s-east", "s-bare", "s-deep", "s-hidden")},
		{"School", "schoolCode", "", left("s-east", "s-bare", "s-deep", "s-hidden", "s-inn")},
		{"Company", "industry", "", left("c-salt", "c-career", "c-members", "c-admin")},
		{"Company", "-industry", "", left("c-members", "c-career", "c-salt", "c-admin")},
		{"Organization", "staff", "given", left("c-salt", "d-learn", "s-inn", "s-deep", "s-east", "d-board")},
		{"Event", "date", "", left("e-camp", "e-forum")},
		{"Claim", "-date", "", left("cl-five", "cl-two", "cl-east", "cl-hidden")},
	} {
		t.Run(strings.TrimSpace(c.typ+" "+c.order), func(t *testing.T) {
			q := scan(c.typ).order(strings.Fields(c.order)...)
			if c.where == "given" {
				q.where(isNull(c.typ+".staff", false))
			}
			r.wantList(t, q, c.want...)
		})
	}
	t.Run("Tie until, unknown last", func(t *testing.T) {
		r.wantList(t, scan("Tie").within("", "").where(hasID("t-unsure", "t-ended", "t-join")).order("until"), "t-ended", "t-join", "t-unsure")
	})
}

// pagings are lists to walk through, with nulls, equal keys and several keys.
func pagings() map[string]func() *query {
	return map[string]func() *query{
		"by ID alone":              func() *query { return scan("School") },
		"names":                    func() *query { return scan("Stakeholder").order("name") },
		"names descending":         func() *query { return scan("Stakeholder").order("-name") },
		"numbers with nulls":       func() *query { return scan("Organization").order("staff", "-name") },
		"numbers descending":       func() *query { return scan("Organization").order("-staff") },
		"dates with nulls":         func() *query { return scan("Tie").within("", "").order("from") },
		"dates descending":         func() *query { return scan("Tie").within("", "").order("-until", "strength") },
		"ties as shown":            func() *query { return scan("Tie").order("-strength") },
		"tie kinds":                func() *query { return scan("Tie").order("-kind", "from") },
		"codes":                    func() *query { return scan("School").order("schoolCode") },
		"with a filter":            func() *query { return scan("Tie").where(isNull("Tie.strength", false)).order("-strength", "from") },
		"search":                   func() *query { return search("し", "Stakeholder").order("name") },
		"search by rank, then IDs": func() *query { return search("教育") },
		"search in several kinds": func() *query {
			return search("かくう", "Person", "Area", "CareerConsultant", "OtherOrganization").order("-name")
		},
		"the log": func() *query {
			return scan(network.ChangeRecord).order("-revision").where(cmp("Change.recordKind", store.IN, []any{"School", "Tie"}))
		},
		"records by ID": func() *query { return byID("s-east", "t-ended", "c-salt", "p-jun") },
		"one record":    func() *query { return scan("Council").order("name") },
		"nothing":       func() *query { return scan("School").where(hasID()).order("name") },
	}
}

func testPages(t *testing.T, r reader) {
	for name, make := range pagings() {
		t.Run(name, func(t *testing.T) {
			all := r.ids(t, make())
			n := len(all)
			sizes := []int{1, 2, n - 1, n, n + 1}
			slices.Sort(sizes)
			for _, size := range slices.Compact(sizes) {
				if size > 0 {
					t.Run(fmt.Sprint(size), func(t *testing.T) {
						r.walk(t, make, all, size)
						r.walkBack(t, make, all, size)
					})
				}
			}
		})
	}
	t.Run("IsTheTotalOfTheWholeList", func(t *testing.T) {
		q := scan("School").order("name").page(2).total()
		p := r.list(t, q)
		same(t, []any{p.column(), p.total}, []any{[]string{"s-deep", "s-inn", "s-east"}, 5})
	})
	t.Run("IsNoRowTooManyWithoutMore", func(t *testing.T) {
		q := scan("School").order("name")
		q.Limit = 2
		r.wantList(t, q, "s-deep", "s-inn")
	})
	t.Run("WhereNoRowIs", func(t *testing.T) { betweenRows(t, r) })
	t.Run("IsACursorOfAnotherOrderRefused", func(t *testing.T) {
		for _, c := range []*store.Cursor{{ID: "s-east"}, {ID: "s-east", Keys: []any{"a", "b"}}, {ID: "s-east", Keys: []any{int64(3)}}} {
			r.wantCode(t, scan("School").order("name").page(2).from(c), network.InvalidCursor)
			r.wantCode(t, scan("School").order("name").lastPage(2).upTo(c), network.InvalidCursor)
		}
	})
	t.Run("IsNestedPagingByCursor", func(t *testing.T) { nestedPages(t, r) })
}

// cursored asks for what a cursor needs.
func cursored(q *query) *query {
	q.Cursor, q.Other = true, true
	if q.Source.Op == store.Search {
		return q.take("id", "rank")
	}
	return q.take("id")
}

// cursorOf reads the cursor a row ends with: the last keys and the ID.
func cursorOf(t testing.TB, row []any, q *query) *store.Cursor {
	t.Helper()
	return rowCursor(t, &q.Collection, row, 2)
}

// rowCursor makes a cursor of the end of a row; rank is the position of the
// rank among the columns of a search.
func rowCursor(t testing.TB, c *store.Collection, row []any, rank int) *store.Cursor {
	t.Helper()
	keys, ok := row[len(row)-1].([]any)
	if !ok || len(keys) < len(c.Order)+1 {
		t.Fatalf("no cursor at the end of %s", asJSON(row))
	}
	keys = keys[len(keys)-len(c.Order)-1:]
	out := &store.Cursor{ID: network.ID(keys[len(c.Order)].(string))}
	for i, o := range c.Order {
		k := keys[i]
		if s, ok := k.(string); ok && o.Field.Type == network.Dated {
			k = network.MustDate(s)
		}
		out.Keys = append(out.Keys, k)
	}
	if c.Source.Op == store.Search {
		out.Rank = row[rank].(int64)
	}
	return out
}

// cut takes the surplus row off and tells whether there was one.
func cut(rows [][]any, size int, backward bool) ([][]any, bool) {
	if len(rows) <= size {
		return rows, false
	}
	if backward {
		return rows[len(rows)-size:], true
	}
	return rows[:size], true
}

// walk reads the list forward page by page and wants the whole of it.
func (r reader) walk(t *testing.T, make func() *query, all []string, size int) {
	t.Helper()
	got := []string{}
	var after *store.Cursor
	for range len(all) + 1 {
		q := cursored(make().page(size).from(after))
		p := r.list(t, q)
		rows, more := cut(p.rows, size, false)
		if len(p.rows) > size+1 {
			t.Fatalf("%d rows for a page of %d", len(p.rows), size)
		}
		same(t, p.other, after != nil)
		got = append(got, page{rows: rows}.column()...)
		if more != (len(got) < len(all)) {
			t.Fatalf("more is %t after %d of %d", more, len(got), len(all))
		}
		if !more {
			break
		}
		after = cursorOf(t, rows[len(rows)-1], q)
	}
	same(t, got, all)
}

func (r reader) walkBack(t *testing.T, make func() *query, all []string, size int) {
	t.Helper()
	got := []string{}
	var before *store.Cursor
	for range len(all) + 1 {
		q := cursored(make().lastPage(size).upTo(before))
		p := r.list(t, q)
		rows, more := cut(p.rows, size, true)
		same(t, p.other, before != nil)
		got = append(page{rows: rows}.column(), got...)
		if more != (len(got) < len(all)) {
			t.Fatalf("more is %t after %d of %d", more, len(got), len(all))
		}
		if !more {
			break
		}
		before = cursorOf(t, rows[0], q)
	}
	same(t, got, all)
}

// betweenRows goes on from places where no row is: before all, between two,
// among the rows without a key, after all.
func betweenRows(t *testing.T, r reader) {
	for _, c := range []struct {
		name          string
		key           any
		id            network.ID
		before, after []string
	}{
		{"before all", int64(0), "x", nil, left("s-inn", "s-deep", "s-east", "s-bare", "s-hidden")},
		{"between two", int64(20), "x", left("s-inn"), left("s-deep", "s-east", "s-bare", "s-hidden")},
		{"at a row", int64(30), "s-deep", left("s-inn"), left("s-east", "s-bare", "s-hidden")},
		{"behind the last key", int64(99), "x", left("s-inn", "s-deep", "s-east"), left("s-bare", "s-hidden")},
		{"among those without a key", nil, "s-c", left("s-inn", "s-deep", "s-east", "s-bare"), left("s-hidden")},
		{"after all", nil, "x", left("s-inn", "s-deep", "s-east", "s-bare", "s-hidden"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := &store.Cursor{Keys: []any{c.key}, ID: c.id}
			q := cursored(scan("School").order("staff").from(at).total())
			p := r.list(t, q)
			same(t, p.column(), append([]string{}, c.after...))
			same(t, []any{p.total, p.other}, []any{5, len(c.before) > 0})
			q = cursored(scan("School").order("staff").lastPage(9).upTo(at).total())
			p = r.list(t, q)
			same(t, p.column(), append([]string{}, c.before...))
			same(t, []any{p.total, p.other}, []any{5, len(c.after) > 0})
		})
	}
}

func nestedPages(t *testing.T, r reader) {
	list := func() *query { return ties(network.Both).order("-strength", "from") }
	of := func(q *query) ([][]any, *query) {
		p := r.list(t, byID("s-east").on("School", q))
		return asPage(t, p.rows[0][1]).rows, q
	}
	all, _ := of(list().take("id"))
	got := []string{}
	var after *store.Cursor
	for range all {
		rows, q := of(cursored(list().page(2).from(after)))
		rows, _ = cut(rows, 2, false)
		if len(rows) == 0 {
			break
		}
		got = append(got, page{rows: rows}.column()...)
		after = cursorOf(t, rows[len(rows)-1], q)
	}
	same(t, got, page{rows: all}.column())
}

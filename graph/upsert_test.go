package graph_test

import (
	"fmt"
	"strings"
	"testing"
)

const upsertMutation = `mutation($rows: [UpsertRow!]!, $dry: Boolean! = false, $byRow: Boolean! = false, $key: String) {
	upsertMany(rows: $rows, dryRun: $dry, byRow: $byRow, idempotencyKey: $key) {
		written created updated unchanged refused rows { action record { __typename ... on School { name area { name } } } changes { field before after } } revision userErrors { code path } } }`

type row = map[string]any

// townRows are an area, a school in it, a company, and a tie between the two.
func townRows() []any {
	return []any{
		row{"record": row{"tie": row{"importKey": "t1", "kind": "COLLABORATES_WITH", "subject": "school", "object": "㈱架空製作所"}}},
		row{"record": row{"school": row{"importKey": "school", "name": "架空中学校", "schoolCode": "C120221500042", "area": "202151"}}},
		row{"record": row{"area": row{"name": "架空市", "level": "MUNICIPALITY", "areaCode": "202151"}}},
		row{"record": row{"company": row{"name": "(株)架空製作所"}}},
	}
}

func TestUpsertMany(t *testing.T) {
	a := embedded(t)
	vars := map[string]any{"rows": townRows(), "dry": true}
	if got := a.data(upsertMutation, vars); !strings.HasPrefix(got, `{"upsertMany":{"written":false,"created":4,"updated":0,"unchanged":0,"refused":0,"rows":[{"action":"CREATED","record":null,"changes":[{"field":"visibility","before":null,"after":"PUBLIC"},{"field":"importKey","before":null,"after":"t1"},{"field":"kind","before":null,"after":"COLLABORATES_WITH"}`) ||
		!strings.HasSuffix(got, `"revision":"r0","userErrors":[]}}`) {
		t.Error(got)
	}
	vars["dry"] = false
	if got := a.data(upsertMutation, vars); !strings.Contains(got, `{"written":true,"created":4,`) || !strings.Contains(got, `"record":{"__typename":"School","name":"架空中学校","area":{"name":"架空市"}}`) {
		t.Error(got)
	}
	if got := a.data(upsertMutation, vars); !strings.HasPrefix(got, `{"upsertMany":{"written":false,"created":0,"updated":0,"unchanged":4,"refused":0,"rows":[{"action":"UNCHANGED","record":{"__typename":"Tie"},"changes":[]},`) {
		t.Error(got)
	}
	a.is(`{"upsertMany":{"written":true,"created":0,"updated":1,"unchanged":0,"refused":0,"rows":[{"action":"UPDATED","record":{"__typename":"School","name":"架空第一中学校","area":null},"changes":[`+
		`{"field":"name","before":"架空中学校","after":"架空第一中学校"},{"field":"area","before":"`+a.idOf("架空市")+`","after":null}]}],"revision":"r2","userErrors":[]}}`,
		upsertMutation, map[string]any{"rows": []any{row{"id": a.idOf("架空中学校"), "record": row{"school": row{"name": "架空第一中学校", "area": nil}}}}})
}

// idOf searches for a name.
func (a *api) idOf(name string) string {
	a.t.Helper()
	text := a.data(`query($n: String!) { search(text: $n) { nodes { record { id } } } }`, map[string]any{"n": name})
	_, rest, _ := strings.Cut(text, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if id == "" {
		a.t.Fatalf("%s: %s", name, text)
	}
	return id
}

func TestFaultsOfRows(t *testing.T) {
	a := embedded(t)
	rows := append(townRows(),
		row{"record": row{"school": row{"name": "架空小学校", "schoolCode": "nonsense"}}},
		row{"record": row{"company": row{}}},
		row{"record": row{"post": row{"name": "係", "organization": "nowhere"}}},
		row{"id": "nobody", "record": row{"person": row{"name": "架空 花子"}}},
		row{"record": row{"post": row{"importKey": "p", "name": "校長", "organization": "架空小学校"}}},
		row{"record": row{"person": row{"name": 5}}})
	const faults = `"userErrors":[{"code":"INVALID_CODE","path":["rows","4","record","school","schoolCode"]},{"code":"REQUIRED","path":["rows","5","record","company","name"]},` +
		`{"code":"NOT_FOUND","path":["rows","6","record","post","organization"]},{"code":"NOT_FOUND","path":["rows","7","id"]}`
	vars := map[string]any{"rows": rows[:8]}
	got := a.data(upsertMutation, vars)
	if !strings.HasPrefix(got, `{"upsertMany":{"written":false,"created":4,"updated":0,"unchanged":0,"refused":4,`) || !strings.HasSuffix(got, `"revision":"r0",`+faults+`]}}`) {
		t.Error(got)
	}
	// What means a row at fault is at fault too.
	vars = map[string]any{"rows": rows[:9], "byRow": true, "key": "k"}
	got = a.data(upsertMutation, vars)
	if !strings.HasPrefix(got, `{"upsertMany":{"written":true,"created":4,"updated":0,"unchanged":0,"refused":5,`) || !strings.HasSuffix(got, `"revision":"r1",`+faults+`,{"code":"NOT_FOUND","path":["rows","8","record","post","organization"]}]}}`) {
		t.Error(got)
	}
	again := a.data(upsertMutation, vars)
	if !strings.HasPrefix(again, `{"upsertMany":{"written":true,"created":4,"updated":0,"unchanged":0,"refused":5,`) || !strings.HasSuffix(again, `{"code":"NOT_FOUND","path":["rows","8","record","post","organization"]}]}}`) {
		t.Error(again)
	}
	if got := a.data(upsertMutation, map[string]any{"rows": []any{}}); !strings.HasSuffix(got, `"userErrors":[{"code":"OUT_OF_RANGE","path":["rows"]}]}}`) {
		t.Error(got)
	}
	many := make([]any, 10_001)
	for i := range many {
		many[i] = row{"record": row{"topic": row{"name": "x"}}}
	}
	if got := a.post(upsertMutation, map[string]any{"rows": many}); !strings.Contains(got, `"limit":"rows"`) || strings.Contains(got, `"data"`) {
		t.Error(got)
	}
}

func TestThousandsOfRows(t *testing.T) {
	a := embedded(t)
	rows := make([]any, 10_000)
	for i := range rows {
		rows[i] = row{"record": row{"company": row{"importKey": fmt.Sprint("c", i), "name": fmt.Sprint("架空商店", i)}}}
	}
	got := a.data(upsertMutation, map[string]any{"rows": rows})
	if !strings.HasPrefix(got, `{"upsertMany":{"written":true,"created":10000,`) {
		t.Error(got[:200])
	}
	a.is(`{"stakeholderCounts":{"rows":[{"count":10000}]}}`, `{ stakeholderCounts(groupBy: [KIND]) { rows { count } } }`, nil)
}

func TestRestore(t *testing.T) {
	a := embedded(t)
	id := a.create("company", map[string]any{"name": "架空商店", "from": "2020-04-01", "until": "2023-04-01"})
	a.is(`{"restore":{"record":{"until":null},"userErrors":[]}}`, `mutation($id: ID!) { restore(id: $id) { record { ... on Company { until { label } } } userErrors { code } } }`, map[string]any{"id": id})
}

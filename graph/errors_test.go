package graph_test

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func (a *api) head() string {
	return a.data(`{ changes(last: 1) { nodes { id } totalCount } }`, nil)
}

func TestBadWritesAreUserErrorsAndWriteNothing(t *testing.T) {
	a, id := town(t)
	before := a.head()
	cases := []struct{ name, mutation, code, path string }{
		{"a wrong school code", `create(input: {school: {name: "架空小", schoolCode: "B120221500027"}})`, "INVALID_CODE", `["input","school","schoolCode"]`},
		{"a wrong corporate number", `create(input: {company: {name: "架空社", corporateNumber: "1000020202151"}})`, "INVALID_CODE", `["input","company","corporateNumber"]`},
		{"a wrong municipality code", `create(input: {area: {name: "架空市", level: MUNICIPALITY, areaCode: "202152"}})`, "INVALID_CODE", `["input","area","areaCode"]`},
		{"a taken code", `create(input: {area: {name: "塩尻市", level: MUNICIPALITY, areaCode: "202151"}})`, "DUPLICATE", `["input","area","areaCode"]`},
		{"a date outside its era", `create(input: {school: {name: "架空小", from: "令和元年4月1日"}})`, "INVALID_DATE", `["input","school","from"]`},
		{"an end before the beginning", `create(input: {school: {name: "架空小", from: "2024-04-01", until: "2023-04-01"}})`, "INVALID_DATE", `["input","school","until"]`},
		{"a tie between kinds that may not be joined", `relate(input: {kind: EMPLOYS, subject: "` + id["teacher"] + `", object: "` + id["school"] + `"})`, "TIE_NOT_ALLOWED", `["input"`},
		{"an unknown id", `relate(input: {kind: KNOWS, subject: "` + id["teacher"] + `", object: "nobody"})`, "NOT_FOUND", `["input","object"]`},
		{"an unknown record", `update(id: "nobody", input: {school: {name: "x"}})`, "NOT_FOUND", `["id"]`},
		{"a stale version", `update(id: "` + id["school"] + `", ifVersion: 7, input: {school: {description: "x"}})`, "CONFLICT", `["ifVersion"]`},
	}
	for _, c := range cases {
		got := a.data("mutation { w: "+c.mutation+" { record { id } revision userErrors { code path message } } }", nil)
		record := "null"
		if c.code == "CONFLICT" {
			record = `{"id":"` + id["school"] + `"}` // as it is now
		}
		if !strings.HasPrefix(got, `{"w":{"record":`+record+`,"revision":null,"userErrors":[{"code":"`+c.code+`","path":`+c.path) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if after := a.head(); after != before {
		t.Errorf("something was written: %s, then %s", before, after)
	}
}

func TestBadReadsAreTypedErrorsNamingTheArgument(t *testing.T) {
	a, id := town(t)
	cursor := strings.Split(a.data(`{ schools { edges { cursor } } }`, nil), `"`)[7]
	cases := []struct{ name, query, code, argument string }{
		{"a negative page", `{ schools(first: -1) { totalCount } }`, "OUT_OF_RANGE", `["first"]`},
		{"too large a page", `{ schools(first: 501) { totalCount } }`, "OUT_OF_RANGE", `["first"]`},
		{"both ends", `{ schools(first: 1, last: 1) { totalCount } }`, "INVALID_VALUE", `["last"]`},
		{"a cursor from another query", `{ companies(after: "` + cursor + `") { totalCount } }`, "INVALID_CURSOR", `["after"]`},
		{"no cursor at all", `{ schools(after: "x") { totalCount } }`, "INVALID_CURSOR", `["after"]`},
		{"no date", `{ schools(asOf: "2023-02-30") { totalCount } }`, "INVALID_DATE", `["asOf"]`},
		{"a negative page below", `{ stakeholder(id: "` + id["school"] + `") { ties(first: -1) { totalCount } } }`, "OUT_OF_RANGE", `["first"]`},
		{"nothing to search for", `{ search(text: " ") { totalCount } }`, "INVALID_VALUE", `["text"]`},
		{"a center that is not there", `{ neighborhood(centers: ["nobody"]) { truncated } }`, "NOT_FOUND", `["centers","0"]`},
	}
	for _, c := range cases {
		got := a.post(c.query, nil)
		if !strings.Contains(got, `"code":"`+c.code+`"`) || !strings.Contains(got, `"argument":`+c.argument) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestViewersSeeWhatTheyMay(t *testing.T) {
	a, id := town(t)
	hidden := a.create("company", map[string]any{"name": "非公開社（架空）", "visibility": "RESTRICTED"})
	a.relate(map[string]any{"kind": "KNOWS", "subject": hidden, "object": id["school"], "strength": 5})
	a.viewer = network.Viewer{Role: network.RoleViewer, Actor: "v"}
	a.is(`{"companies":{"totalCount":1},"stakeholder":{"ties":{"totalCount":1}},"node":null}`,
		`query($s: ID!, $h: ID!) { companies { totalCount } stakeholder(id: $s) { ties { totalCount } } node(id: $h) { id } }`, map[string]any{"s": id["school"], "h": hidden})
	a.is(`{"stakeholder":{"residence":null}}`, `query($s: ID!) { stakeholder(id: $s) { ... on Person { residence { name } } } }`, map[string]any{"s": id["teacher"]})
	for _, q := range []string{`{ people(filter: {residence: {name: {eq: "塩尻市"}}}) { totalCount } }`, `{ stakeholderCounts(groupBy: [RESIDENCE]) { rows { count } } }`} {
		if got := a.post(q, nil); !strings.Contains(got, `"code":"FORBIDDEN"`) {
			t.Error(got)
		}
	}
	got := a.data(`mutation { create(input: {school: {name: "x"}}) { userErrors { code } } }`, nil)
	if got != `{"create":{"userErrors":[{"code":"FORBIDDEN"}]}}` {
		t.Error(got)
	}
}

func TestHostileDocumentsAreRefusedBeforeTheyRun(t *testing.T) {
	a := embedded(t)
	bomb := "query { ...a00 } "
	for i := range 40 {
		bomb += "fragment a" + itoa(i) + " on Query { x: viewer { today } ...a" + itoa(i+1) + " ...a" + itoa(i+1) + " } "
	}
	bomb += "fragment a40 on Query { viewer { today } }"
	cases := map[string]string{
		"fragments that double": bomb,
		"a wide selection":      "{ " + strings.Repeat("__typename ", 300) + "}",
		"too many tokens":       "{ " + strings.Repeat("a: viewer { today } ", 3000) + "}",
	}
	for name, q := range cases {
		if got := a.post(q, nil); !strings.Contains(got, `"errors"`) || strings.Contains(got, `"data":{`) || len(got) > 16<<10 {
			t.Errorf("%s: %.300s", name, got)
		}
	}
}

func itoa(i int) string { return string(rune('0'+i/10)) + string(rune('0'+i%10)) }

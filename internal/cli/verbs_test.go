package cli

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// yearEnd is a spring of the sample: each verb, with the names it works on. The
// ids are looked up by name.
var yearEnd = []struct {
	name, query string
	names       map[string]string // variable: what it stands for
}{
	{"a transfer, tried out", transferOf(true), transferNames},
	{"the transfer", transferOf(false), transferNames},
	{"a hearing", `mutation($school: ID!, $post: ID!) { recordHearing(input: {hearing: {name: "年度末の聞き取り", date: "2024-03-20", participants: [$school]},
		claims: [{record: $school, field: "staff", value: "40"}, {record: $post, value: "後任が決まった", status: CONFIRMED}]}) { revision claims { field value source { name } } userErrors { code path } } }`,
		map[string]string{"school": "塩尻市立広陵中学校", "post": "広陵中 キャリア教育担当"}},
	{"a stage", `mutation($i: ID!) { advanceInitiative(id: $i, stage: PROOF_OF_CONCEPT, on: "2024-01-15", note: "実証へ") { revision record { ... on Initiative { stage stages(during: {}) { stage from { date } until { date } note } } } userErrors { code path } } }`,
		map[string]string{"i": "共創共学プラットフォーム"}},
	{"a name", `mutation($o: ID!) { reorganize(input: {rename: {organization: $o, name: "総合政策部", on: "2024-04-01"}}) { revision carriedOver results { name } userErrors { code path } } }`,
		map[string]string{"o": "企画政策部"}},
	{"two that become one", `mutation($a: ID!, $b: ID!) { reorganize(input: {merge: {originals: [$a, $b], create: {cityDepartment: {name: "こども教育課"}}, on: "2024-04-01"}}) { revision carriedOver results { name from { date } } userErrors { code path } } }`,
		map[string]string{"a": "教育総務課", "b": "学校教育課"}},
	{"one that becomes two", `mutation($o: ID!) { reorganize(input: {split: {original: $o, into: [{cityDepartment: {name: "商工部"}}, {council: {name: "観光会議"}}], heir: 0, on: "2024-04-01"}}) { revision carriedOver results { __typename name } userErrors { code path } } }`,
		map[string]string{"o": "商工観光部"}},
	{"one that becomes another", `mutation($a: ID!, $b: ID!) { reorganize(input: {merge: {originals: [$a], into: $b, on: "2024-04"}}) { revision carriedOver results { name } userErrors { code path } } }`,
		map[string]string{"a": "共創共学プラットフォーム準備会（架空）", "b": "塩尻市キャリア教育推進協議会（架空）"}},
	{"one that ends in nothing", `mutation($o: ID!) { reorganize(input: {split: {original: $o, into: [{school: {name: "北校"}}, {school: {name: "南校"}}], on: "2024-04-01"}}) { revision carriedOver results { name } userErrors { code path } } }`,
		map[string]string{"o": "塩尻市立塩尻中学校"}},
	{"a transfer that is wrong", `mutation($p: ID!, $o: ID!) { transferPersonnel(effective: "2024-04-01", moves: [{person: $p, from: $o}, {person: $o, to: $p}]) { revision userErrors { code path } } }`,
		map[string]string{"p": "holder of 広陵中 キャリア教育副担当", "o": "広陵中 キャリア教育担当"}},
}

func transferOf(dryRun bool) string {
	return `mutation($leaver: ID!, $taker: ID!, $left: ID!, $sub: ID!, $to: ID!, $pta: ID!) { transferPersonnel(effective: "2024-04-01", dryRun: ` + map[bool]string{true: "true", false: "false"}[dryRun] + `,
		moves: [{person: $leaver, from: $left, to: $to}, {person: $taker, from: $sub, to: $left, onBehalfOf: $pta}]) {
		revision ended { person { name } post { name } until { date } } begun { person { name } post { name } onBehalfOf { name } from { date } }
		handovers { person { name } summary posts { post { name } successor { name } vacant } ties { party { name } } couldTakeOver { person { name } score } } vacancies { post { name } roles { activity { name } } } userErrors { code path } } }`
}

var transferNames = map[string]string{"leaver": "holder of 広陵中 キャリア教育担当", "taker": "holder of 広陵中 キャリア教育副担当", "left": "広陵中 キャリア教育担当", "sub": "広陵中 キャリア教育副担当",
	"to": "塩尻西部中 キャリア教育担当", "pta": "塩尻商工会議所"}

// wholeMap is what holds on a day.
const wholeMap = `query($d: Date!) {
	stakeholders(asOf: $d, first: 400) { nodes { __typename name roles { nodes { function responsibility activity { name } initiative { name } } } needs { totalCount } offers { totalCount } } }
	posts(asOf: $d, first: 400) { nodes { name organization { name } holders { nodes { name } } occupancies { nodes { person { name } onBehalfOf { name } from { date } until { date } } } roles { nodes { responsibility activity { name } } } } }
	ties(asOf: $d, first: 500) { nodes { kind subject { name } object { name } strength from { date precision } until { date precision } } }
	initiatives(asOf: $d, first: 100) { nodes { name stage parties { nodes { name } } } } }`

// The verbs do the same to the sample on either store, to the last tie, before
// the day and after it.
func TestVerbsDoTheSameOnBothStores(t *testing.T) {
	answers := map[string]string{}
	onBothStores(t, func(t *testing.T, ask func(string, json.RawMessage) []byte) {
		ids := idsByName(t, ask)
		same := func(name, query string, variables map[string]string) {
			t.Helper()
			v, _ := json.Marshal(variables)
			text := string(ask(query, v))
			if strings.Contains(text, `"errors"`) {
				t.Fatalf("%s: %.1000s", name, text)
			}
			got := inOrder(t, text)
			if want, known := answers[name]; !known {
				answers[name] = got
			} else if got != want {
				t.Errorf("%s\n got %.3000s\nwant %.3000s", name, got, want)
			}
		}
		same("2024-03-31 before", wholeMap, map[string]string{"d": "2024-03-31"})
		for _, v := range yearEnd {
			variables := map[string]string{}
			for variable, name := range v.names {
				if variables[variable] = ids[name]; ids[name] == "" {
					t.Fatalf("%s: nothing is called %s", v.name, name)
				}
			}
			same(v.name, v.query, variables)
			if wrong := strings.Contains(v.name, "wrong"); wrong == strings.Contains(answers[v.name], `"userErrors":[]`) {
				t.Errorf("%s: %s", v.name, answers[v.name])
			}
		}
		for _, day := range []string{"2023-06-01", "2024-03-31", "2024-04-01", "2024-05-15", "2030-01-01"} {
			same(day, wholeMap, map[string]string{"d": day})
		}
		same("log", `{ changes(since: "r1", first: 500) { totalCount nodes { revision action recordKind reason } } }`, nil)
		same("events", `{ old: search(text: "企画政策部") { nodes { name matched } } stakeholders(first: 500, during: {}, filter: {kind: {in: [CITY_DEPARTMENT, SCHOOL, COUNCIL]}}) { nodes { name ... on Organization { reorganizations(first: 5) { nodes { reorganizationType results { nodes { name } } } } } } } }`, nil)
	})
}

// idsByName are the ids of stakeholders, posts and initiatives, and of who holds
// a post.
func idsByName(t *testing.T, ask func(string, json.RawMessage) []byte) map[string]string {
	t.Helper()
	type named struct{ ID, Name string }
	var found struct {
		Data struct {
			Stakeholders, Initiatives struct{ Nodes []named }
			Posts                     struct {
				Nodes []struct {
					named
					Holders struct{ Nodes []named }
				}
			}
		}
	}
	text := ask(`{ stakeholders(first: 500) { nodes { id name } } initiatives(first: 500) { nodes { id name } } posts(first: 500) { nodes { id name holders { nodes { id } } } } }`, nil)
	if err := json.Unmarshal(text, &found); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	ids := map[string]string{}
	for _, n := range slices.Concat(found.Data.Stakeholders.Nodes, found.Data.Initiatives.Nodes) {
		ids[n.Name] = n.ID
	}
	for _, p := range found.Data.Posts.Nodes {
		ids[p.Name] = p.ID
		for _, h := range p.Holders.Nodes {
			ids["holder of "+p.Name] = h.ID
		}
	}
	return ids
}

// inOrder is an answer with every list sorted: where names are equal the order
// is that of ids, which differ from run to run.
func inOrder(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	var sorted func(any) any
	sorted = func(v any) any {
		switch v := v.(type) {
		case []any:
			for i := range v {
				v[i] = sorted(v[i])
			}
			slices.SortFunc(v, func(a, b any) int { return bytes.Compare(asJSON(a), asJSON(b)) })
		case map[string]any:
			for k := range v {
				v[k] = sorted(v[k])
			}
		}
		return v
	}
	return string(asJSON(sorted(v)))
}

func asJSON(v any) []byte {
	out, _ := json.Marshal(v)
	return out
}

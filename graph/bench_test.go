package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// work is a sort of question, asked about another record each time.
type work struct {
	name, query string
	variables   func(i int) map[string]any
}

// school is one of the first town's.
func aSchool(i int) map[string]any { return map[string]any{"id": place(0, "school", i%eachSchools)} }

func none(int) map[string]any { return nil }

var works = []work{
	{"PointRead", `query Q($id: ID!) { stakeholder(id: $id) { id name description visibility ... on School { level area { name } } } }`, aSchool},
	{"NeighboursPage", `query Q($id: ID!, $n: Int = 5) { stakeholder(id: $id) { name ties(first: $n) { totalCount pageInfo { hasNextPage endCursor } edges { cursor tie { kind strength } node { id name } } } } }`, aSchool},
	{"TwoLevels", `query Q($id: ID!) { stakeholder(id: $id) { name ties(first: 5) { nodes { name ties(first: 3) { nodes { name } } } } } }`, aSchool},
	{"ThreeLevels", `query Q($id: ID!) { stakeholder(id: $id) { name ties(first: 5) { edges { tie { strength from { label } } node { name ties(first: 3) { nodes { name area { name } ties(first: 3) { nodes { name } } } } } } } } }`, aSchool},
	{"NestedFilter", `query Q($a: ID!, $s: Int) { schools(first: 20, filter: {area: {id: {eq: $a}}, ties: {some: {strength: {gte: $s}, party: {kind: {eq: COMPANY}}}}}) { nodes { id name } } }`,
		func(i int) map[string]any { return map[string]any{"a": place(0, "area", i%eachAreas), "s": 3 + i%3} }},
	{"DeepSortedPage", `query Q($after: String) { companies(first: 20, after: $after, orderBy: [{field: NAME}]) { nodes { id name staff } pageInfo { hasNextPage endCursor } } }`, nil},
	{"Search", `query Q($t: String!) { search(text: $t, first: 10) { nodes { name matched kind } } }`,
		func(i int) map[string]any { return map[string]any{"t": fmt.Sprintf("小学校%d", i%7)} }},
	{"GroupBy", `{ stakeholderCounts(groupBy: [KIND, AREA]) { rows { count keys { dimension value label } } } }`, none},
	{"RoleMap", `query Q($id: ID!) { roleMap(initiative: $id) { initiative { name } activities { activity { name } responsible { vacant holder { __typename ... on Post { name organization { name } } ... on Stakeholder { name } } } accountable { holder { ... on Stakeholder { name } } } } gaps { rule party { name } activity { name } } coverage { share } } }`,
		func(int) map[string]any { return map[string]any{"id": place(0, "initiative", 0)} }},
	{"Introductions", `query Q($a: ID!, $b: ID!) { introductions(asker: $a, target: $b) { results { cost hops { from { name } to { name } tie { kind strength } cost } } } }`,
		func(i int) map[string]any {
			return map[string]any{"a": place(0, "school", i%eachSchools), "b": place(0, "school", (i+17)%eachSchools)}
		}},
}

// bodies are requests for the work, some with the same query and other values.
func (w work) bodies(a *api) [][]byte {
	const n = 40
	variables := w.variables
	if variables == nil { // half of the way into the list
		middle := `query($after: String) { companies(first: 100, after: $after, orderBy: [{field: NAME}]) { pageInfo { endCursor } } }`
		after := json.RawMessage(`null`)
		for range 1 {
			var got struct {
				Companies struct {
					PageInfo struct{ EndCursor json.RawMessage }
				}
			}
			_ = json.Unmarshal([]byte(a.data(middle, map[string]any{"after": after})), &got)
			after = got.Companies.PageInfo.EndCursor
		}
		variables = func(int) map[string]any { return map[string]any{"after": after} }
	}
	out := make([][]byte, n)
	for i := range out {
		out[i], _ = json.Marshal(map[string]any{"query": w.query, "variables": variables(i)})
	}
	return out
}

func benchmark(b *testing.B, towns int) {
	a := newAPI(b, madeCountry(b, towns))
	for _, w := range works {
		b.Run(w.name, func(b *testing.B) {
			bodies := w.bodies(a)
			for _, body := range bodies {
				if text := ask(a.h, body); bytes.Contains(text, []byte(`"errors"`)) || bytes.Contains(text, []byte(`{"data":null`)) {
					b.Fatalf("%s\n%s", body, text)
				}
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				ask(a.h, bodies[i%len(bodies)])
				i++
			}
		})
	}
}

func ask(h http.Handler, body []byte) []byte { return answerOf(h, newRequest(body)) }

func BenchmarkTown(b *testing.B)   { benchmark(b, 1) }
func BenchmarkNation(b *testing.B) { benchmark(b, 300) }

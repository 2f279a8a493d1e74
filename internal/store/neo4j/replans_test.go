package neo4j_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// planned is a store that keeps the plans it is asked to run.
type planned struct {
	store.Store
	plans []*store.Plan
}

func (s *planned) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	s.plans = append(s.plans, p)
	return s.Store.Fetch(ctx, p)
}

// question is a query that is asked with several values of its variables.
type question struct {
	name, query string
	values      []string // JSON
	// wants are parts of the statement, hates what must not be in it.
	wants, hates []string
}

var questions = []question{
	{"one record", `query($id: ID!) { stakeholder(id: $id) { name area { name } } }`,
		[]string{`{"id": "a"}`, `{"id": "another one"}`}, []string{".name"}, []string{"nameKana", "description", "COUNT {", "aliases", "contact"}},
	{"a page of neighbours", `query($id: ID!, $n: Int) { stakeholder(id: $id) { ties(first: $n) { nodes { name } } } }`,
		[]string{`{"id": "a", "n": 5}`, `{"id": "b", "n": 20}`, `{"id": "b"}`, `{"id": "c", "n": null}`}, []string{"LIMIT $"}, []string{"COUNT {", "lastContact", "nameKana"}},
	{"a count when it is asked for", `query($id: ID!, $n: Int) { stakeholder(id: $id) { ties(first: $n) { totalCount nodes { name } } } }`,
		[]string{`{"id": "a", "n": 5}`, `{"id": "b", "n": 6}`}, []string{"COUNT {"}, nil},
	{"a nested filter", `query($a: ID!, $s: Int!, $t: String) { schools(filter: {area: {id: {eq: $a}}, text: $t, ties: {some: {strength: {gte: $s}}}}) { nodes { name } } }`,
		[]string{`{"a": "a", "s": 3, "t": "学"}`, `{"a": "b", "s": 1, "t": "小学"}`}, nil, []string{"COUNT {", "nameKana"}},
	{"a list of values", `query($in: [Visibility!]) { schools(filter: {visibility: {in: $in}}) { nodes { name } } }`,
		[]string{`{"in": ["PUBLIC"]}`, `{"in": ["MEMBERS", "PUBLIC", "RESTRICTED"]}`, `{"in": "PUBLIC"}`}, nil, []string{"COUNT {"}},
	{"a day", `query($d: Date) { companies(asOf: $d, first: 3, orderBy: {field: NAME}) { nodes { name ties(first: 2) { nodes { name } } } } }`,
		[]string{`{"d": "2020-04-01"}`, `{"d": "2023-01-31"}`, `{}`}, nil, []string{"COUNT {"}},
	{"search", `query($t: String!) { search(text: $t, first: 5) { nodes { name } } }`,
		[]string{`{"t": "学"}`, `{"t": "小学校"}`}, nil, []string{"COUNT {"}},
	{"groups", `query($a: ID!) { stakeholderCounts(groupBy: [KIND], filter: {area: {within: $a}}) { rows { count } } }`,
		[]string{`{"a": "x"}`, `{"a": "y"}`}, nil, []string{".name"}},
	{"records by IDs", `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
		[]string{`{"ids": ["a"]}`, `{"ids": ["a", "b", "c"]}`}, nil, []string{".name", "COUNT {"}},
}

// The database plans a statement once for its text and the types of its
// parameters: other values of the variables must change neither.
func TestDoOtherValuesNeedNoOtherStatement(t *testing.T) {
	s := unconnected(t)
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			asked := &planned{Store: memory.New(memory.Options{})}
			h := graph.NewHandler(&graph.Resolver{Store: asked, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("a") }})
			for _, v := range q.values {
				if answer := posted(h, q.query, v); strings.Contains(answer, `"errors"`) {
					t.Fatalf("%s: %s", v, answer)
				}
			}
			if len(asked.plans) != len(q.values) {
				t.Fatalf("%d plans for %d questions", len(asked.plans), len(q.values))
			}
			first, params := s.Explain(asked.plans[0])
			for i, p := range asked.plans[1:] {
				text, others := s.Explain(p)
				if text != first || kindsOfValues(others) != kindsOfValues(params) {
					t.Errorf("%s and %s become two statements:\n%s %s\n%s %s", q.values[0], q.values[i+1], first, kindsOfValues(params), text, kindsOfValues(others))
				}
			}
			q.check(t, first)
		})
	}
}

func (q question) check(t *testing.T, text string) {
	t.Helper()
	for _, part := range q.wants {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
	for _, part := range q.hates {
		if strings.Contains(text, part) {
			t.Errorf("%q in %s", part, text)
		}
	}
}

func posted(h http.Handler, query, variables string) string {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": json.RawMessage(variables)})
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

// kindsOfValues lists the parameters with their types.
func kindsOfValues(params map[string]any) string {
	var out []string
	for name, v := range params {
		out = append(out, fmt.Sprintf("%s %T", name, v))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// Deep selections of the same for all kinds must not be written out for each.
func TestDoesADeepQueryStayShort(t *testing.T) {
	s := unconnected(t)
	asked := &planned{Store: memory.New(memory.Options{})}
	h := graph.NewHandler(&graph.Resolver{Store: asked, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("a") }})
	deep, last := "name", 0
	for level := range 5 {
		deep = "name ties(first: 3) { nodes { " + deep + " } }"
		posted(h, `{ stakeholder(id: "a") { `+deep+` } }`, `{}`)
		text, _ := s.Explain(asked.plans[level])
		if grown := len(text) - last; level > 0 && grown > 3000 {
			t.Errorf("level %d adds %d characters", level, grown)
		}
		last = len(text)
	}
}

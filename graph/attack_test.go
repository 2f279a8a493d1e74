package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// attack is a request that must be refused before anything of it runs.
type attack struct {
	name string
	body string
	// within is the goal; the test fails at ten times of it only.
	within time.Duration
	// refused is part of the answer: a code or the name of a limit.
	refused string
}

const usually = 100 * time.Millisecond

func inQuery(query string) string {
	body, _ := json.Marshal(map[string]any{"query": query})
	return string(body)
}

func withVariables(query, variables string) string {
	return fmt.Sprintf(`{"query":%q,"variables":%s}`, query, variables)
}

// doubling is a chain of fragments, each of which spreads the next one twice.
func doubling(levels int, spreads string) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range levels {
		fmt.Fprintf(&b, " fragment f%d on Query { %s }", i, strings.ReplaceAll(spreads, "#", fmt.Sprint(i+1)))
	}
	fmt.Fprintf(&b, " fragment f%d on Query { __typename }", levels)
	return b.String()
}

// everyOther is a set of fragments, each of which spreads all others.
func everyOther(n int) string {
	var spreads, b strings.Builder
	for i := range n {
		fmt.Fprintf(&spreads, "...f%d ", i)
	}
	b.WriteString("{ ...f0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { %s }", i, spreads.String())
	}
	return b.String()
}

func nested(levels int, field string) string {
	return "{ stakeholder(id: \"x\") { " + strings.Repeat(field+" { nodes { ", levels) + "id" + strings.Repeat(" } }", levels) + " } }"
}

func attacks() []attack {
	many := func(n int, part string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(part, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	const shallow, search = `query($v: [ID!]!) { nodes(ids: $v) { id } }`, `query($v: String!) { search(text: $v) { totalCount } }`
	const filtered = `query($v: StakeholderFilter) { stakeholders(filter: $v) { totalCount } }`
	return []attack{
		{"1,000 levels of fragments that double", inQuery(doubling(1000, "...f# ...f#")), 50 * time.Millisecond, `"limit":"`},
		{"49 levels of fragments that double", inQuery(doubling(49, "...f# ...f#")), 50 * time.Millisecond, `"limit":"expanded"`},
		{"49 levels of fragments that end in nothing", inQuery(strings.Replace(doubling(49, "...f# ...f#"), "{ __typename }", "{ ...none ...none }", 1)), 50 * time.Millisecond, `"limit":"expanded"`},
		{"a fragment that spreads itself", inQuery(`{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }`), usually, "GRAPHQL_VALIDATION_FAILED"},
		{"fragments that all spread each other", inQuery(everyOther(25)), usually, "GRAPHQL_VALIDATION_FAILED"},
		{"20,000 times the same field", inQuery("{ " + strings.Repeat("__typename ", 20_000) + "}"), usually, `"limit":"tokens"`},
		{"101 times the same field", inQuery("{ " + strings.Repeat("__typename ", 101) + "}"), usually, `"limit":"fields"`},
		{"the same field again and again in fragments", inQuery("{ " + many(40, "...f# ") + "}" + many(40, " fragment f# on Query { "+strings.Repeat("__typename ", 90)+"}")), usually, `"limit":"`},
		{"fields repeated within fields repeated", inQuery("{ " + strings.Repeat("stakeholder(id: 1) { "+strings.Repeat("id ", 25)+"} ", 10) + "}"), usually, `"limit":"repeats"`},
		{"depth", inQuery(nested(9, "ties")), usually, `"limit":"depth"`},
		{"depth in fragments", inQuery("{ stakeholder(id: 1) { ...f0 } } " + many(15, "fragment f# on Stakeholder { parents: ties { nodes { ...g# } } } ") + many(15, "fragment g# on Stakeholder { ...f1# } ")), usually, "errors"},
		{"aliases", inQuery("{ " + many(51, "a#: __typename ") + "}"), usually, `"limit":"aliases"`},
		{"root fields", inQuery("{ " + strings.Repeat("viewer { today } ", 11) + "}"), usually, `"limit":"root-fields"`},
		{"introspection twice", inQuery(`{ __schema { types { name } } b: __schema { types { name } } }`), usually, `"limit":"root-fields"`},
		{"introspection in circles", inQuery(`{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`), usually, "GRAPHQL_VALIDATION_FAILED"},
		{"directives", inQuery("{ __typename " + strings.Repeat("@skip(if: false) ", 51) + "}"), usually, `"limit":"directives"`},
		{"10,000 unknown directives", inQuery("{ __typename " + strings.Repeat("@x ", 10_000) + "}"), usually, `"limit":"tokens"`},
		{"unknown fields", inQuery("{ viewer { " + many(90, "unknown# ") + "} }"), usually, "GRAPHQL_VALIDATION_FAILED"},
		{"a long name", inQuery("{ " + strings.Repeat("x", 200_000) + " }"), usually, "GRAPHQL_VALIDATION_FAILED"},
		{"cost", inQuery(`{ stakeholders(first: 500) { nodes { ties(first: 500) { nodes { id } } } } }`), usually, `"limit":"cost"`},
		{"cost by the default size of a page", inQuery(nested(6, "ties")), usually, `"limit":"cost"`},
		{"cost by a variable", withVariables(`query($n: Int) { stakeholders(first: $n) { nodes { ties(first: $n) { nodes { id } } } } }`, `{"n":500}`), usually, `"limit":"cost"`},
		{"many conditions", withVariables(filtered, `{"v":{"or":[`+many(500, `{"ties":{"some":{"strength":{"gte":1}}}},`)+`{}]}}`), usually, `"limit":"conditions"`},
		{"a filter in many places", withVariables(`query($v: StakeholderFilter) { `+many(10, "a#: stakeholders(filter: $v) { totalCount } ")+"}", `{"v":{"or":[`+many(50, `{"name":{"eq":"a"}},`)+`{}]}}`), usually, `"limit":"conditions"`},
		{"many conditions in the document", inQuery(`{ stakeholders(filter: {or: [` + many(300, `{name: {eq: "a"}} `) + `]}) { totalCount } }`), usually, `"limit":"conditions"`},
		{"a large page", inQuery(`{ stakeholders(first: 501) { totalCount } }`), usually, "OUT_OF_RANGE"},
		{"a list of operations", "[" + inQuery("{ __typename }") + "]", usually, "BAD_REQUEST"},
		{"a body that is too large", `{"query":"{ __typename }","variables":{"a":"` + strings.Repeat("x", 8<<20) + `"}}`, usually, `"limit":"write-body"`},
		{"a query as large as a mutation", withVariables(`{ __typename }`, `{"a":[`+strings.Repeat(`"`+strings.Repeat("x", 9000)+`",`, 200)+`0]}`), usually, `"limit":"body"`},
		{"JSON that is too deep", `{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + `}}`, usually, "errors"},
		{"values that are too deep", withVariables(filtered, `{"v":`+strings.Repeat(`{"not":`, 30)+"{}"+strings.Repeat("}", 30)+"}"), usually, `"limit":"json-depth"`},
		{"a filter that is too deep", inQuery("{ stakeholders(filter: " + strings.Repeat("{not: ", 30) + "{}" + strings.Repeat("}", 30) + ") { totalCount } }"), usually, `"limit":"json-depth"`},
		{"a list that is too long", withVariables(shallow, `{"v":[`+strings.Repeat(`"a",`, 1000)+`"a"]}`), usually, `"limit":"list"`},
		{"an object with too many members", withVariables(filtered, `{"v":{`+many(1000, `"k#":1,`)+`"k":1}}`), usually, `"limit":"list"`},
		{"a text that is too long", withVariables(search, `{"v":"`+strings.Repeat("学", 10_001)+`"}`), usually, `"limit":"string"`},
		{"a text in the document that is too long", inQuery(`{ search(text: "` + strings.Repeat("学", 10_001) + `") { totalCount } }`), usually, `"limit":"string"`},
		{"200,000 lines of comments", inQuery(strings.Repeat("#\n", 200_000) + "{ __typename }"), usually, `"limit":"tokens"`},
		{"brackets that never close", inQuery(strings.Repeat("{a", 100_000)), usually, "errors"},
		{"a type of many brackets", inQuery("query($a: " + strings.Repeat("[", 3000) + "Int" + strings.Repeat("]", 900) + ") { __typename }"), usually, "errors"},
		{"many operations", inQuery(many(1500, "query q# { __typename } ")), usually, `"limit":"tokens"`},
		{"operations that share a large fragment", inQuery(many(70, "query q# { ...f } ") + "fragment f on Query { " + strings.Repeat("__typename ", 99) + "}"), usually, `"limit":"`},
	}
}

// untouched is a store that nothing may reach.
type untouched struct {
	store.Store
	t *testing.T
}

func (u untouched) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	u.t.Error("the store was asked")
	return u.Store.Fetch(ctx, p)
}

func TestIsEveryAttackRefusedBeforeItRuns(t *testing.T) {
	a := newAPI(t, untouched{memory.New(memory.Options{}), t})
	for _, role := range []network.Role{network.RoleAdmin, network.RoleViewer} {
		a.viewer = network.Viewer{Role: role, Actor: role.String()}
		for _, x := range attacks() {
			t.Run(role.String()+"/"+x.name, func(t *testing.T) {
				if role == network.RoleViewer { // its limits are lower, so others may be met first
					x.refused = "errors"
					a.viewer.Actor = x.name // a rate of its own
				}
				x.try(t, a)
			})
		}
	}
}

func (x attack) try(t *testing.T, a *api) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	answer := string(answerOf(a.h, newRequest([]byte(x.body))))
	took := time.Since(begun)
	runtime.ReadMemStats(&after)
	taken := after.TotalAlloc - before.TotalAlloc
	t.Logf("%d bytes: refused in %s (goal %s), %d KiB allocated, answer of %d bytes", len(x.body), took, x.within, taken>>10, len(answer))
	if took > 10*x.within {
		t.Errorf("took %s; the goal is %s", took, x.within)
	}
	if most := uint64(10*len(x.body) + 32<<20); taken > most {
		t.Errorf("allocated %d bytes, more than %d", taken, most)
	}
	if !strings.Contains(answer, x.refused) || strings.Contains(answer, `"data":{`) || !strings.Contains(answer, `"errors"`) {
		t.Errorf("%.600s", answer)
	}
	if len(answer) > 17<<10 {
		t.Errorf("the answer has %d bytes", len(answer))
	}
}

// canary stands for something personal that a client sends.
const canary = "山田花子090"

func TestDoErrorsRepeatWhatWasSent(t *testing.T) {
	a := embedded(t)
	for name, body := range map[string]string{
		"no JSON":                      `{"query": "` + canary,
		"a wrong type of query":        `{"query": ["` + canary + `"]}`,
		"variables of a wrong type":    `{"query": "{ __typename }", "variables": "` + canary + `"}`,
		"no GraphQL":                   inQuery(`{ search("` + canary + `") }`),
		"a string where a name stands": inQuery(`"` + canary + `"`),
		"a block string":               inQuery(`{ a """` + canary + `""" }`),
		"a literal of a wrong type":    inQuery(`{ stakeholders(first: "` + canary + `") { totalCount } }`),
		"a literal that is no enum":    inQuery(`{ search(text: "a", kinds: "` + canary + `") { totalCount } }`),
		"a literal in place of object": inQuery(`{ stakeholders(filter: "` + canary + `") { totalCount } }`),
		"a list of wrong literals":     inQuery(`{ stakeholders(filter: {id: {in: [{a: "` + canary + `"}]}}) { totalCount } }`),
		"a variable that is no enum":   withVariables(`query($v: [RecordKind!]) { search(text: "a", kinds: $v) { totalCount } }`, `{"v":["`+canary+`"]}`),
		"a variable of a wrong type":   withVariables(`query($v: Int) { stakeholders(first: $v) { totalCount } }`, `{"v":"`+canary+`"}`),
		"a member that is unknown":     withVariables(`query($v: StakeholderFilter) { stakeholders(filter: $v) { totalCount } }`, `{"v":{"`+canary+`":1}}`),
		"a name that is unknown":       withVariables(`query($v: Int) { stakeholders(first: $v) { totalCount } }`, `{"`+canary+`":[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]}`),
		"a cursor":                     withVariables(`query($v: String) { stakeholders(after: $v) { totalCount } }`, `{"v":"`+canary+`"}`),
		"a date":                       withVariables(`query($v: Date) { stakeholders(asOf: $v) { totalCount } }`, `{"v":"`+canary+`"}`),
		"a partial date":               withVariables(`mutation($v: PartialDateInput!) { create(input: {school: {name: "架空", from: $v}}) { userErrors { code message path } } }`, `{"v":"`+canary+`"}`),
		"a code":                       inQuery(`mutation { create(input: {school: {name: "架空", schoolCode: "` + canary + `"}}) { userErrors { code message } } }`),
		"an address":                   inQuery(`mutation { create(input: {school: {name: "架空", website: "` + canary + `"}}) { userErrors { code message } } }`),
		"an id":                        inQuery(`mutation { update(id: "` + canary + `", input: {school: {name: "架空"}}) { userErrors { code message } } }`),
	} {
		t.Run(name, func(t *testing.T) {
			answer := string(answerOf(a.h, newRequest([]byte(body))))
			if !strings.Contains(answer, `rrors":[{`) {
				t.Errorf("no error: %s", answer)
			}
			if strings.Contains(answer, canary) || strings.Contains(answer, "Did you mean") {
				t.Errorf("%s", answer)
			}
		})
	}
}

func TestAreNamesSuggested(t *testing.T) {
	a := embedded(t)
	for _, query := range []string{
		`{ stakeholder }`, `{ stakeholdrs { totalCount } }`, `{ stakeholders(frist: 1) { totalCount } }`, `{ search(text: "a", kinds: [SCHOL]) { totalCount } }`,
		`query($v: Scool) { __typename }`, `{ ... on Scool { id } }`, `{ stakeholders(filter: {nme: {eq: "a"}}) { totalCount } }`, `{ viewer { today } } fragment f on Quer { __typename }`,
		`{ stakeholders { nodes { schoolCode } } }`,
	} {
		if got := a.post(query, nil); !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") || strings.Contains(got, "Did you mean") || strings.Contains(got, "did you mean") {
			t.Errorf("%s\n%s", query, got)
		}
	}
}

// What a role may not ask it may not ask either once somebody else has.
func TestAreLimitsThoseOfTheViewerForKeptDocumentsToo(t *testing.T) {
	a := embedded(t)
	query := "{ " + strings.Repeat("viewer { a: today b: today } ", 9) + "}"
	if got := a.post(query, nil); strings.Contains(got, "errors") {
		t.Fatal(got)
	}
	a.viewer = network.Viewer{Role: network.RoleViewer}
	if got := a.post(query, nil); !strings.Contains(got, `"limit":"aliases"`) {
		t.Errorf("%s", got)
	}
}

func TestWhatDoesAnAnswerCost(t *testing.T) {
	a := embedded(t)
	for query, want := range map[string]int{
		`{ __typename }`:                    0,
		`{ viewer { today } }`:              0,
		`{ stakeholders { totalCount } }`:   0,
		`{ stakeholders { nodes { id } } }`: 20,
		`{ stakeholders(first: 7) { nodes { id } edges { node { id } } } }`:                                            14,
		`{ stakeholders(first: 7) { nodes { ...n } } } fragment n on Stakeholder { ties(last: 3) { nodes { name } } }`: 7 + 21,
		`{ stakeholders(first: 7) { nodes { area { id parent { id } } } } }`:                                           21,
		`{ nodes(ids: ["a", "b"]) { id } }`:                                                                            2,
		`{ node(id: "a") { id } }`:                                                                                     1,
		`{ stakeholderCounts(groupBy: [KIND]) { rows { count } } }`:                                                    510,
		`{ search(text: "a", first: 3) { edges { node { matched } } } }`:                                               3,
		`{ __schema { types { name fields { name } } } }`:                                                              0,
	} {
		got := a.post(query, nil)
		if end := fmt.Sprintf(`"extensions":{"cost":{"requested":%d,"allowed":100000}}}`, want); !strings.HasSuffix(got, end) {
			t.Errorf("%s\n got %s\nwant %s", query, got, end)
		}
	}
}

func TestHowAreManyErrorsTold(t *testing.T) {
	a := embedded(t)
	var query strings.Builder
	for i := range 90 {
		fmt.Fprintf(&query, "unknown%d ", i)
	}
	var answer struct{ Errors []any }
	if err := json.Unmarshal([]byte(a.post("{ viewer { "+query.String()+"} }", nil)), &answer); err != nil || len(answer.Errors) != 20 {
		t.Errorf("%d errors, %v", len(answer.Errors), err)
	}
}

func TestAreRequestsCounted(t *testing.T) {
	a := embedded(t)
	a.viewer = network.Viewer{Role: network.RoleViewer, Actor: "v"}
	late := 0
	for range 100 {
		w := httptest.NewRecorder()
		a.h.ServeHTTP(w, newRequest([]byte(inQuery("{ __typename }"))))
		if w.Code == http.StatusTooManyRequests {
			late++
			if w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `"code":"RATE_LIMITED"`) {
				t.Fatalf("%v %s", w.Header(), w.Body)
			}
		}
	}
	if late == 0 {
		t.Error("100 requests at once were let through")
	}
	a.viewer.Actor = "w"
	if got := a.post("{ __typename }", nil); strings.Contains(got, "errors") {
		t.Errorf("another viewer: %s", got)
	}
}

var _ http.Handler = (*graph.Handler)(nil)

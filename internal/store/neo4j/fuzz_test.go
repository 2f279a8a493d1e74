package neo4j_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// explained answers from memory, and makes the statement of every plan.
type explained struct {
	store.Store
	compiler *neo4j.Store
	texts    []string
}

func (e *explained) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if err := p.Check(); err == nil {
		text, _ := e.compiler.Explain(p)
		e.texts = append(e.texts, text)
	}
	return e.Store.Fetch(ctx, p)
}

// Whatever is asked, a statement has balanced brackets, and nothing of what was
// sent is in its text.
func FuzzCypher(f *testing.F) {
	e := &explained{Store: memory.New(memory.Options{}), compiler: unconnected(f)}
	h := graph.NewHandler(&graph.Resolver{Store: e, Clock: network.SystemClock(), Limits: limit.With("cost", "1000000000"),
		Viewer: func(context.Context) network.Viewer { return network.Admin("fuzz") }})
	roots := []string{"stakeholders:Stakeholder", "schools:School", "people:Individual", "ties:Tie", "initiatives:Initiative", "posts:Post", "topics:Topic", "areas:Area"}
	for i, filter := range []string{
		`{}`, `{"name":{"eq":"' }) DETACH DELETE n //"}}`, `{"and":[{"or":[]},{"not":{"id":{"in":["` + "`" + `x"]}}}]}`, `{"kind":{"in":["SCHOOL","PERSON"]}}`, `{"text":"学 校"}`,
		`{"ties":{"some":{"node":{"area":{"above":{"name":{"contains":"\"a"}}}}}}}`, `{"ties":{"none":{"strength":{"gte":2,"lt":3}}}}`, `{"from":{"gte":"2020-01-01"}}`,
		`{"posts":{"every":{"holders":{"some":{"name":{"startsWith":"$p0"}}}}}}`, `{"direction":{"eq":"MUTUAL"}}`,
	} {
		f.Add(uint8(i), "NAME", "ties { totalCount nodes { name } }", filter)
	}
	f.Add(uint8(0), "FROM", "ties(first: 3, filter: {kind: {eq: KNOWS}}) { edges { tie { id claims { nodes { id } } } } }", `{"id":{"eq":"\\"}}`)
	f.Fuzz(func(t *testing.T, root uint8, order, below, filter string) {
		field, kind, _ := strings.Cut(roots[int(root)%len(roots)], ":")
		query := "query($f: " + kind + "Filter) { " + field + "(filter: $f, orderBy: [{field: " + order + "}]) { totalCount nodes { id " + below + " } } }"
		body := `{"query":` + strconv.Quote(query) + `,"variables":{"f":` + filter + `}}`
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		e.texts = nil
		h.ServeHTTP(w, r)
		var sent any
		_ = json.Unmarshal([]byte(filter), &sent)
		for _, text := range e.texts {
			for _, pair := range []string{"()", "[]", "{}"} {
				if strings.Count(text, pair[:1]) != strings.Count(text, pair[1:]) {
					t.Fatalf("%s are not balanced\n%s", pair, text)
				}
			}
			for _, value := range suspicious(sent) {
				if strings.Contains(text, value) {
					t.Fatalf("%q is in the text\n%s", value, text)
				}
			}
		}
	})
}

// suspicious are the texts of a value that no statement has of itself.
func suspicious(v any) (out []string) {
	switch x := v.(type) {
	case string:
		if strings.ContainsFunc(x, func(r rune) bool { return r >= 0x80 }) || strings.ContainsAny(x, "\\;") {
			out = append(out, x)
		}
	case []any:
		for _, item := range x {
			out = append(out, suspicious(item)...)
		}
	case map[string]any:
		for _, item := range x {
			out = append(out, suspicious(item)...)
		}
	}
	return out
}

package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// published are the questions of docs/queries.
func published(f *testing.F) (out []string) {
	files, err := filepath.Glob("../docs/queries/*.graphql")
	if err != nil || len(files) == 0 {
		f.Fatal("no questions", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

// sound fails on an answer that is no JSON, or that hides a fault of ours.
func sound(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if text := w.Body.String(); !json.Valid(w.Body.Bytes()) || w.Code == 500 || strings.Contains(text, `"code":"INTERNAL"`) {
		t.Fatalf("%d %.2000s", w.Code, text)
	}
}

// Whatever is sent, the answer is one JSON object and no fault of the server.
func FuzzRequest(f *testing.F) {
	s, _ := randomMap(f, 1, 30)
	a := newAPI(f, s)
	get := over(func(r *graph.Resolver) {
		r.Store, r.AllowGet, r.Limits = s, true, limit.With("rate", "0")
	})
	for _, query := range published(f) {
		f.Add(inQuery(query))
	}
	for _, x := range attacks() {
		if len(x.body) < 10_000 {
			f.Add(x.body)
		}
	}
	f.Add(string(persisted("", hashOf("x"))))
	f.Fuzz(func(t *testing.T, body string) {
		a.viewer = network.Viewer{Role: network.Role(len(body) % 4), Actor: "fuzz"}
		if a.viewer.Role != network.RoleAdmin {
			a.viewer.Actor += fmt.Sprint(len(body) % 1000) // a rate of their own
		}
		sound(t, respond(a.h, newRequest([]byte(body))))
		r := httptest.NewRequest("GET", "/graphql", nil)
		r.URL.RawQuery = body
		sound(t, respond(get, r))
		r.URL.RawQuery = url.Values{"query": {body}}.Encode()
		sound(t, respond(get, r))
	})
}

// Whatever a filter says, it is answered or refused with a reason.
func FuzzFilter(f *testing.F) {
	s, ids := randomMap(f, 2, 30)
	a := newAPI(f, s)
	roots := []string{"stakeholders:Stakeholder", "schools:School", "people:Individual", "ties:Tie", "initiatives:Initiative", "posts:Post", "events:Event", "topics:Topic", "areas:Area"}
	for i, filter := range []string{
		`{}`, `{"name":{"eq":"a"}}`, `{"and":[{"or":[]},{"not":{"id":{"in":["` + string(ids[1]) + `"]}}}]}`, `{"kind":{"eq":"SCHOOL"}}`, `{"kind":{"in":["KNOWS"]}}`,
		`{"ties":{"some":{"node":{"area":{"above":{"name":{"eq":"a"}}}}}}}`, `{"ties":{"none":{"strength":{"gte":2,"lt":3}}}}`, `{"from":{"gte":"2020-01-01"}}`, `{"text":"学"}`,
		`{"posts":{"every":{"holders":{"some":{"residence":{"name":{"eq":"a"}}}}}}}`, `{"until":{"isNull":true}}`, `{"name":{"contains":"","startsWith":"a"}}`, `{"direction":{"eq":"MUTUAL"}}`,
	} {
		f.Add(uint8(i), filter)
	}
	f.Fuzz(func(t *testing.T, root uint8, filter string) {
		if !json.Valid([]byte(filter)) {
			return
		}
		field, kind, _ := strings.Cut(roots[int(root)%len(roots)], ":")
		query := fmt.Sprintf("query($f: %sFilter) { %s(filter: $f) { totalCount nodes { id } } }", kind, field)
		a.viewer = network.Viewer{Role: network.Role(root >> 6), Actor: fmt.Sprint(len(filter))}
		sound(t, respond(a.h, newRequest([]byte(withVariables(query, `{"f":`+filter+`}`)))))
	})
}

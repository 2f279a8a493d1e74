package graph_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

func over(set func(*graph.Resolver)) http.Handler {
	r := &graph.Resolver{Store: memory.New(memory.Options{}), Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("test") }}
	set(r)
	return graph.NewHandler(r)
}

func respond(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestInWhatFormIsAnAnswerGiven(t *testing.T) {
	h := over(func(*graph.Resolver) {})
	const plain, own = "application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"
	for _, c := range []struct {
		accept, query, media string
		status               int
		data                 bool
	}{
		{"", "{ __typename }", plain, 200, true},
		{"*/*", "{ __typename }", plain, 200, true},
		{"text/html", "{ __typename }", plain, 200, true},
		{"application/json", "{ nothing }", plain, 200, false},
		{"application/graphql-response+json", "{ __typename }", own, 200, true},
		{"application/graphql-response+json, application/json;q=0.9", "{ nothing }", own, 400, false},
		{"application/json, application/graphql-response+json;q=0.9", "{ nothing }", plain, 200, false},
		{"application/graphql-response+json", "{", own, 400, false},
		{"application/graphql-response+json", "query($v: ID!) { node(id: $v) { id } }", own, 400, false},
		{"application/graphql-response+json", `{ schools(first: 501) { totalCount } }`, own, 200, true}, // it was executed
		{"application/graphql-response+json", "{ " + strings.Repeat("a: __typename ", 51) + "}", own, 400, false},
	} {
		r := newRequest([]byte(inQuery(c.query)))
		if c.accept != "" {
			r.Header.Set("Accept", c.accept)
		}
		w := respond(h, r)
		if w.Code != c.status || w.Header().Get("Content-Type") != c.media || strings.Contains(w.Body.String(), `"data"`) != c.data {
			t.Errorf("%s, %s: %d %s %s", c.accept, c.query, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

func TestWhichRequestsAreNoGraphQL(t *testing.T) {
	h := over(func(*graph.Resolver) {})
	for _, c := range []struct {
		method, media, body string
		status              int
	}{
		{"GET", "", "", 405},
		{"HEAD", "", "", 405},
		{"PUT", "application/json", inQuery("{ __typename }"), 405},
		{"POST", "text/plain", inQuery("{ __typename }"), 415},
		{"POST", "application/x-www-form-urlencoded", "query=%7B__typename%7D", 415},
		{"POST", "multipart/form-data; boundary=a", "--a--", 415},
		{"POST", "", inQuery("{ __typename }"), 415},
		{"POST", "application/json", "", 400},
		{"POST", "application/json", "null", 400},
		{"POST", "application/json", `"{ __typename }"`, 400},
		{"POST", "application/json", " [" + inQuery("{ __typename }") + "]", 400},
		{"POST", "application/json", inQuery("{ __typename }") + inQuery("{ __typename }"), 400},
		{"POST", "application/json", `{"query":null}`, 400},
	} {
		r := httptest.NewRequest(c.method, "/graphql", strings.NewReader(c.body))
		if c.media != "" {
			r.Header.Set("Content-Type", c.media)
		}
		if w := respond(h, r); w.Code != c.status || !strings.Contains(w.Body.String(), `"errors":[{"message":"`) {
			t.Errorf("%s %s %q: %d %s", c.method, c.media, c.body, w.Code, w.Body)
		}
	}
}

func TestWhatMayBeAskedByGet(t *testing.T) {
	h := over(func(r *graph.Resolver) { r.AllowGet = true })
	get := func(parameters ...string) *httptest.ResponseRecorder {
		query := url.Values{}
		for i := 0; i < len(parameters); i += 2 {
			query.Set(parameters[i], parameters[i+1])
		}
		return respond(h, httptest.NewRequest("GET", "/graphql?"+query.Encode(), nil))
	}
	if w := get("query", "query A($v: ID!) { node(id: $v) { id } } query B { __typename }", "operationName", "A", "variables", `{"v":"x"}`); w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"data":{"node":null}`) {
		t.Errorf("a query: %d %s", w.Code, w.Body)
	}
	for what, w := range map[string]*httptest.ResponseRecorder{
		"a mutation":       get("query", `mutation { create(input: {topic: {name: "x"}}) { revision } }`),
		"no query":         get(),
		"no variables":     get("query", "{ __typename }", "variables", "[]"),
		"a subscription":   get("query", `subscription { changes { revision } }`),
		"not an address":   respond(h, httptest.NewRequest("GET", "/graphql?query=%zz", nil)),
		"two at one time":  get("query", "{ __typename }", "variables", "{}{}"),
		"a wrong hash":     get("extensions", `{"persistedQuery":{"version":1,"sha256Hash":"none"}}`),
		"unknown protocol": get("extensions", `{"persistedQuery":1}`),
	} {
		if w.Code < 400 && !strings.Contains(w.Body.String(), `"errors"`) || strings.Contains(w.Body.String(), `"data"`) {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	if w := get("query", `mutation { create(input: {topic: {name: "x"}}) { revision } }`); w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("a mutation: %d %v", w.Code, w.Header())
	}
}

func hashOf(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

func persisted(query, hash string) []byte {
	body, _ := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}})
	return body
}

func TestAreQueriesPersisted(t *testing.T) {
	h := over(func(r *graph.Resolver) { r.Limits = limit.With("documents", "256KiB") })
	ask := func(query, hash string) string { return string(answerOf(h, newRequest(persisted(query, hash)))) }
	const query = "{ viewer { today } }"
	if got := ask("", hashOf(query)); !strings.Contains(got, "PersistedQueryNotFound") || !strings.Contains(got, `"code":"PERSISTED_QUERY_NOT_FOUND"`) {
		t.Errorf("not sent yet: %s", got)
	}
	if got := ask(query, hashOf("another")); !strings.Contains(got, "errors") || strings.Contains(got, `"data"`) {
		t.Errorf("the hash of another: %s", got)
	}
	if got := ask("{ nothing }", hashOf("{ nothing }")); !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") {
		t.Errorf("not valid: %s", got)
	}
	if got := ask("", hashOf("{ nothing }")); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("what is not valid is not kept: %s", got)
	}
	for _, text := range []string{query, "", ""} {
		if got := ask(text, hashOf(query)); !strings.HasPrefix(got, `{"data":{"viewer"`) {
			t.Errorf("%q: %s", text, got)
		}
	}
	for i := range 500 { // they take its place
		other := fmt.Sprintf("{ x%d: viewer { today } }", i)
		ask(other, hashOf(other))
	}
	if got := ask("", hashOf(query)); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("kept beyond the room there is: %s", got)
	}
}

func TestWhichDocumentsAreTrusted(t *testing.T) {
	const listed = "query Today { viewer { today } } # the day\n"
	dir := t.TempDir()
	folder, manifest, apollo := filepath.Join(dir, "documents"), filepath.Join(dir, "manifest.json"), filepath.Join(dir, "apollo.json")
	for file, text := range map[string]string{
		filepath.Join(folder, "deep", "today.graphql"): listed,
		filepath.Join(folder, "README.md"):             "no document",
		manifest:                                       fmt.Sprintf(`{"today": %q}`, listed),
		apollo:                                         fmt.Sprintf(`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"today","name":"Today","type":"query","body":%q}]}`, listed),
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{folder, manifest, apollo} {
		trusted, err := graph.ReadTrusted(path)
		if err != nil {
			t.Fatal(err)
		}
		h := over(func(r *graph.Resolver) { r.Trusted = trusted })
		for _, body := range []string{inQuery(listed), inQuery("query Today{viewer{today}}"), string(persisted("", hashOf(listed)))} {
			if got := string(answerOf(h, newRequest([]byte(body)))); !strings.HasPrefix(got, `{"data":{"viewer"`) {
				t.Errorf("%s, %s: %s", path, body, got)
			}
		}
		for _, body := range []string{inQuery("{ viewer { today } }"), inQuery("query Today { viewer { today today } }"), inQuery("{ __schema { types { name } } }"), inQuery("{"), string(persisted("", hashOf("x")))} {
			if got := string(answerOf(h, newRequest([]byte(body)))); !strings.Contains(got, `"code":"NOT_TRUSTED"`) || strings.Contains(got, `"data"`) {
				t.Errorf("%s, %s: %s", path, body, got)
			}
		}
	}
	for what, text := range map[string]string{"not valid": `{"a": "{ nothing }"}`, "no GraphQL": `{"a": "{"}`, "empty": `{}`, "no manifest": `[]`} {
		file := filepath.Join(dir, "bad.json")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := graph.ReadTrusted(file); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

func TestMayTheIDEAskForTheSchema(t *testing.T) {
	query, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	a := embedded(t)
	a.viewer = network.Viewer{Role: network.RoleViewer}
	if got := a.post(string(query), nil); strings.Contains(got, `"errors"`) {
		t.Errorf("%.500s", got)
	}
}

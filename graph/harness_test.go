package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// api is a handler under test.
type api struct {
	t      testing.TB
	h      http.Handler
	viewer network.Viewer
}

func newAPI(t testing.TB, s store.Store, settings ...func(*graph.Resolver)) *api {
	a := &api{t: t, viewer: network.Admin("test")}
	r := &graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate("2024-02-01"), FixedToday: true,
		Viewer: func(context.Context) network.Viewer { return a.viewer }}
	for _, set := range settings {
		set(r)
	}
	a.h = graph.NewHandler(r)
	return a
}

func embedded(t testing.TB) *api { return newAPI(t, memory.New(memory.Options{})) }

// post sends a query and gives the whole answer.
func (a *api) post(query string, variables map[string]any) string {
	a.t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	return strings.TrimSpace(string(answerOf(a.h, newRequest(body))))
}

func newRequest(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func answerOf(h http.Handler, r *http.Request) []byte {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// data sends a query that must succeed and gives data as JSON.
func (a *api) data(query string, variables map[string]any) string {
	a.t.Helper()
	var answer struct {
		Data   json.RawMessage
		Errors []any
	}
	text := a.post(query, variables)
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Errors != nil {
		a.t.Fatalf("%s\n→ %s", query, text)
	}
	return string(answer.Data)
}

// create enters a record and gives its id.
func (a *api) create(kind string, fields map[string]any) string {
	a.t.Helper()
	var answer struct {
		Create struct {
			Record     *struct{ ID string }
			UserErrors []any
		}
	}
	text := a.data(`mutation($input: CreateInput!) { create(input: $input) { record { id } userErrors { code path message } } }`,
		map[string]any{"input": map[string]any{kind: fields}})
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Create.Record == nil {
		a.t.Fatalf("create %s: %s", kind, text)
	}
	return answer.Create.Record.ID
}

func (a *api) relate(fields map[string]any) {
	a.t.Helper()
	text := a.data(`mutation($input: TieInput!) { relate(input: $input) { record { id } userErrors { code path message } } }`, map[string]any{"input": fields})
	if !strings.Contains(text, `"userErrors":[]`) {
		a.t.Fatal(text)
	}
}

// is compares an answer with what is wanted.
func (a *api) is(want, query string, variables map[string]any) {
	a.t.Helper()
	if got := a.data(query, variables); got != want {
		a.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}

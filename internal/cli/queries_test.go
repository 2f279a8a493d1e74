package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

var update = flag.Bool("update", false, "write the answers of docs/queries anew, from the embedded store")

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// onBothStores runs a test on the sample in the embedded store and in Neo4j.
func onBothStores(t *testing.T, test func(t *testing.T, ask func(query string, variables json.RawMessage) []byte)) {
	stores := map[string]func(t *testing.T) store.Store{
		"embedded": func(*testing.T) store.Store { return memory.New(memory.Options{}) },
		"neo4j":    openNeo4j,
	}
	for _, name := range []string{"embedded", "neo4j"} {
		t.Run(name, func(t *testing.T) {
			s := stores[name](t)
			if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
				t.Fatal(err)
			}
			h := handlerOf(s)
			test(t, func(query string, variables json.RawMessage) []byte { return post(h, query, variables) })
		})
	}
}

// handlerOf answers on the day of the sample, to an administrator.
func handlerOf(s store.Store) http.Handler {
	return graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true, Limits: limit.With("time", "10m"), // a cold server plans for long
		Viewer: func(context.Context) network.Viewer { return network.Admin("open") }})
}

func openNeo4j(t *testing.T) store.Store {
	neo4jtest.Reset(t, neo4jtest.Driver(t, neo4jtest.Open(t)))
	return besideNeo4j(t)
}

// emptyNeo4j is a store on a Neo4j without records, which keeps its indexes.
func emptyNeo4j(t *testing.T) store.Store {
	neo4jtest.Clear(t, neo4jtest.Driver(t, neo4jtest.Open(t)))
	return besideNeo4j(t)
}

// besideNeo4j is one more store on the same Neo4j, as another process has it.
func besideNeo4j(t *testing.T) store.Store {
	uri := neo4jtest.Open(t)
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func post(h http.Handler, query string, variables json.RawMessage) []byte {
	return postIn(context.Background(), h, query, variables)
}

func postIn(ctx context.Context, h http.Handler, query string, variables json.RawMessage) []byte {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// withoutExtensions is an answer without what it says of the asking.
func withoutExtensions(answer []byte) []byte {
	if at := bytes.LastIndex(answer, []byte(`,"extensions":`)); at >= 0 {
		return append(answer[:at:at], '}')
	}
	return answer
}

// The published questions give the published answers on both stores.
func TestPublishedQuestions(t *testing.T) {
	files, err := filepath.Glob("../../docs/queries/*.graphql")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d questions: %v", len(files), err)
	}
	onBothStores(t, func(t *testing.T, ask func(string, json.RawMessage) []byte) {
		for _, file := range files {
			base := strings.TrimSuffix(file, ".graphql")
			answer := filepath.Join(filepath.Dir(base), "answers", filepath.Base(base)+".json")
			t.Run(filepath.Base(base), func(t *testing.T) {
				query, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				variables, err := os.ReadFile(base + ".json")
				if err != nil {
					variables = []byte("{}")
				}
				first := ask(string(query), variables)
				if again := ask(string(query), variables); !bytes.Equal(again, first) {
					t.Errorf("the answer from the plan that was kept is another:\n%s\n%s", first, again)
				}
				var got bytes.Buffer
				if err := json.Indent(&got, withoutExtensions(first), "", "  "); err != nil {
					t.Fatal(err)
				}
				got.WriteByte('\n')
				if bytes.Contains(got.Bytes(), []byte(`"errors"`)) {
					t.Fatalf("%.2000s", got.Bytes())
				}
				if *update {
					if err := os.WriteFile(answer, got.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(answer)
				if err != nil || !bytes.Equal(got.Bytes(), want) {
					t.Errorf("the answer is not the published one (%v); if it is right, run the test with -update\n%s", err, got.Bytes())
				}
			})
		}
	})
}

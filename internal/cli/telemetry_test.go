package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

// canary stands in everything that a client can send, and must not come out.
const canary = "hanako"

// collected are the traces that a server sent, as bytes: names and texts in them can
// be read without knowing the format.
type collected struct {
	mu  sync.Mutex
	raw bytes.Buffer
}

func (c *collected) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = io.Copy(&c.raw, r.Body)
}

// On both stores: requests, operations, plans and statements are counted and traced,
// and nothing that a client sent stands in figures, traces or log.
func TestIsWorkCountedAndTracedWithoutWhatItIsAbout(t *testing.T) {
	for name, args := range map[string]func(*testing.T) []string{
		"embedded": func(t *testing.T) []string { return []string{"--data", filepath.Join(t.TempDir(), "map.db")} },
		"neo4j": func(t *testing.T) []string {
			uri := neo4jtest.Open(t)
			neo4jtest.Clear(t, neo4jtest.Driver(t, uri))
			return []string{"--neo4j-uri", uri, "--neo4j-user", ""}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &collected{}
			collector := httptest.NewServer(c)
			defer collector.Close()
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
			t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
			figures, log := exercise(t, parsed(t, args(t)...))
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, want := range []string{`musubi_operations_total{code="ok",operation="other",type="query"} 1`, `musubi_operations_total{code="ok",operation="LiveChanges",type="query"} 1`,
				`musubi_store_calls_total{call="apply",code="ok"} 1`, `musubi_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1`, `musubi_revision_head 1`, `musubi_store_up 1`} {
				if !strings.Contains(figures, want) {
					t.Errorf("figures: %s is missing", want)
				}
			}
			if got := strings.Contains(figures, `musubi_statements_total{operation="fetch",outcome="ok"}`); got != (name == "neo4j") {
				t.Errorf("figures: statements: %v", got)
			}
			spans := []string{"POST /graphql", "graphql.operation.name", "LiveChanges", "plan topics", "store fetch", "store apply"}
			if name == "neo4j" {
				spans = append(spans, "fetch neo4j", "apply neo4j", "db.system.name")
			}
			for _, want := range spans {
				if !bytes.Contains(c.raw.Bytes(), []byte(want)) {
					t.Errorf("traces: %s is missing", want)
				}
			}
			for where, text := range map[string]string{"figures": figures, "traces": c.raw.String(), "log": log} {
				if strings.Contains(strings.ToLower(text), canary) {
					t.Errorf("%s: what a client sent is in them", where)
				}
			}
			if !strings.Contains(log, `"request_id":"request-7"`) || !strings.Contains(log, `"trace_id":`) {
				t.Errorf("the access log lacks the ids: %s", log)
			}
		})
	}
}

// exercise runs a server, asks it a few things, and gives its figures and its log.
func exercise(t *testing.T, c *serveCommand) (figures, log string) {
	t.Helper()
	var lines bytes.Buffer
	a := &app{ctx: t.Context(), out: io.Discard, errOut: io.Discard, log: slog.New(slog.NewJSONHandler(&lines, nil))}
	s, hooks, done, err := c.watched(a)
	if err != nil {
		t.Fatal(err)
	}
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Log: a.log, Viewer: func(context.Context) network.Viewer { return admin() }}
	config := server.Config{Addr: "127.0.0.1:0"}
	watch(hooks, resolver, &config)
	srv, err := server.New(config, graph.NewHandler(resolver), ready(s), a.log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	at, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- srv.Run(ctx, func(a net.Addr) { at <- a.String() }) }()
	address := "http://" + <-at
	for _, body := range []string{
		`{"query":"query Hanako($t: String!) { topics { nodes { id hanako: name } } search(text: $t) { nodes { __typename } } }","variables":{"t":"hanako"}}`,
		`{"query":"query LiveChanges { search(text: \"hanako\") { nodes { __typename } } }"}`,
		`{"query":"mutation { create(input: {topic: {name: \"hanako\"}}, reason: \"hanako\") { record { id } } }"}`,
		`{"query":"{ hanako }"}`, `hanako`,
	} {
		r, _ := http.NewRequest(http.MethodPost, address+"/graphql?hanako=1", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Request-Id", "request-7")
		r.Header.Set("User-Agent", canary)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	_, figures = got(address + "/metrics")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	done()
	return figures, lines.String()
}

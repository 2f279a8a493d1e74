package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// echo answers like a GraphQL handler that read its body.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, "could not read", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"data":{}}`)
})

func isReady(context.Context) error { return nil }

func newServer(t *testing.T, cfg Config, graphql http.Handler) (*Server, *logLines) {
	t.Helper()
	if cfg.Addr == "" {
		cfg.Addr = "127.0.0.1:0"
	}
	lines := new(logLines)
	s, err := New(cfg, graphql, isReady, slog.New(slog.NewJSONHandler(lines, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return s, lines
}

// post is a well-formed GraphQL request to ourselves.
func post(body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8080/graphql", body)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func ask(s *Server, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result()
}

// wantError checks status, GraphQL shape and code.
func wantError(t *testing.T, got *http.Response, status int, code string) {
	t.Helper()
	var body graphQLErrors
	if err := json.NewDecoder(got.Body).Decode(&body); err != nil {
		t.Fatalf("status %d, body is not a GraphQL error: %v", got.StatusCode, err)
	}
	if got.StatusCode != status || len(body.Errors) != 1 || body.Errors[0].Message == "" || body.Errors[0].Extensions["code"] != code {
		t.Errorf("got %d %+v, want %d %s", got.StatusCode, body, status, code)
	}
}

// logLines collects what a server logged.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestRoutes(t *testing.T) {
	s, _ := newServer(t, Config{}, echo)
	for _, c := range []struct {
		method, path string
		status       int
		location     string
	}{
		{"GET", "/", http.StatusTemporaryRedirect, "/graphiql"},
		{"GET", "/graphiql", http.StatusOK, ""},
		{"GET", "/graphiql/", http.StatusOK, ""},
		{"GET", "/graphiql/assets/", http.StatusNotFound, ""},
		{"GET", "/graphiql/assets", http.StatusNotFound, ""},
		{"GET", "/graphiql/.gitkeep", http.StatusNotFound, ""},
		{"POST", "/graphiql", http.StatusMethodNotAllowed, ""},
		{"GET", "/healthz", http.StatusOK, ""},
		{"GET", "/readyz", http.StatusOK, ""},
		{"GET", "/nowhere", http.StatusNotFound, ""},
		{"GET", "/graphql", http.StatusMethodNotAllowed, ""},
	} {
		got := ask(s, httptest.NewRequest(c.method, "http://localhost"+c.path, nil))
		if got.StatusCode != c.status || got.Header.Get("Location") != c.location {
			t.Errorf("%s %s = %d %q, want %d %q", c.method, c.path, got.StatusCode, got.Header.Get("Location"), c.status, c.location)
		}
		if got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("X-Frame-Options") != "DENY" ||
			got.Header.Get("Referrer-Policy") != "no-referrer" || got.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s %s lacks security headers: %v", c.method, c.path, got.Header)
		}
	}
}

func TestReadiness(t *testing.T) {
	var fault error
	cfg := Config{Addr: "localhost:0"}
	s, err := New(cfg, echo, func(context.Context) error { return fault }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string, status int, body string) {
		t.Helper()
		got := ask(s, httptest.NewRequest("GET", "http://localhost/readyz", nil))
		text, _ := io.ReadAll(got.Body)
		if got.StatusCode != status || strings.TrimSpace(string(text)) != body {
			t.Errorf("%s: %d %s, want %d %s", when, got.StatusCode, text, status, body)
		}
		if alive := ask(s, httptest.NewRequest("GET", "http://localhost/healthz", nil)); alive.StatusCode != http.StatusOK {
			t.Errorf("%s: /healthz = %d", when, alive.StatusCode)
		}
	}
	check("ready", 200, `{"status":"ready"}`)
	fault = errors.New("store: not reachable")
	check("store away", 503, `{"status":"unavailable","reason":"store: not reachable"}`)
	fault = nil
	check("recovered", 200, `{"status":"ready"}`)
	s.stopNow()
	check("draining", 503, `{"status":"unavailable","reason":"shutting down"}`)
}

type graphQLErrors struct {
	Errors []struct {
		Message    string
		Extensions map[string]string
	}
}

package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// figures stands for the figures of a server.
var figures = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "musubi_up 1") })

type operatorKey struct{}

// guarded lets through who says who they are.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := r.Header.Get("Authorization")
		if who == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), operatorKey{}, who)))
	})
}

func TestWhoMaySeeTheFigures(t *testing.T) {
	open, _ := newServer(t, Config{Metrics: figures}, echo)
	guard, _ := newServer(t, Config{Metrics: figures, Guard: guarded, Operator: func(ctx context.Context) bool { return ctx.Value(operatorKey{}) == "admin" }}, echo)
	without, _ := newServer(t, Config{Metrics: figures, Guard: guarded}, echo)
	none, _ := newServer(t, Config{}, echo)
	for name, c := range map[string]struct {
		s      *Server
		who    string
		status int
	}{
		"open mode": {open, "", 200}, "nobody": {guard, "", 401}, "a viewer": {guard, "viewer", 403}, "an administrator": {guard, "admin", 200},
		"no operator is named": {without, "admin", 403}, "there are none": {none, "", 404},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/metrics", nil)
		if c.who != "" {
			r.Header.Set("Authorization", c.who)
		}
		resp := ask(c.s, r)
		text, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != c.status || (c.status == 200) != strings.Contains(string(text), "musubi_up") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
}

func TestIsTheAddressOfAdministratorsLoopback(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "203.0.113.1:6060", "example.org:6060", "127.0.0.1"} {
		_, err := New(Config{Addr: "127.0.0.1:0", AdminAddr: addr}, echo, isReady, slog.New(slog.DiscardHandler))
		if !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestWhatDoAdministratorsGet(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	addr, stop, done := start(t, Config{AdminAddr: at, Metrics: figures, Guard: guarded}, echo)
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 200, "/debug/pprof/": 200, "/debug/pprof/goroutine?debug=1": 200, "/debug/pprof/cmdline": 404, "/graphql": 404} {
		if got, _ := statusOfGet(t, "http://"+at+path, ""); got != want {
			t.Errorf("%s: %d", path, got)
		}
		if got, _ := statusOfGet(t, "http://"+at+path, "rebound.example.org"); got != http.StatusMisdirectedRequest {
			t.Errorf("%s by another name: %d", path, got)
		}
	}
	if got, _ := statusOfGet(t, "http://"+addr+"/debug/pprof/", ""); got != 404 {
		t.Errorf("profiles for everybody: %d", got)
	}
	stop()
	if err := receive(t, "Run", done); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", at); err == nil {
		t.Error("the address of administrators is open still")
	}
}

func statusOfGet(t *testing.T, url, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		r.Host = host
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

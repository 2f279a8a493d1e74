package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatIsAWatcherOfRequestsTold(t *testing.T) {
	type key struct{}
	var told []string
	cfg := Config{Watch: func(ctx context.Context, method string, h http.Header) (context.Context, func(string, int) []slog.Attr) {
		told = append(told, "begin "+method+" "+h.Get("Traceparent"))
		return context.WithValue(ctx, key{}, "inside"), func(route string, status int) []slog.Attr {
			told = append(told, "end "+route+" "+http.StatusText(status))
			return []slog.Attr{slog.String("trace_id", "4bf9")}
		}
	}}
	s, lines := newServer(t, cfg, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(key{}) != "inside" {
			t.Error("the context of the watcher does not reach the handler")
		}
		_, _ = io.WriteString(w, "{}")
	}))
	r := post(strings.NewReader("{}"))
	r.Header.Set("Traceparent", "00-1")
	ask(s, r)
	ask(s, httptest.NewRequest("HANAKO", "http://localhost/hanako", nil))
	ask(s, httptest.NewRequest("GET", "http://localhost/healthz", nil))
	want := "begin POST 00-1|end /graphql OK|begin OTHER |end none Not Found|begin GET |end /healthz OK"
	if got := strings.Join(told, "|"); got != want {
		t.Errorf("told %s", got)
	}
	if !strings.Contains(lines.String(), `"trace_id":"4bf9"`) {
		t.Errorf("log: %s", lines)
	}
}

func TestIsADrainingServerNotReadyButAnswering(t *testing.T) {
	stopped, let := make(chan struct{}), make(chan struct{})
	streams := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isStream(r) {
			streamUntilDone(w, r)
			return
		}
		echo(w, r)
	})
	addr, stop, done := start(t, Config{OnStop: func() { close(stopped); <-let }}, streams)
	stop()
	receive(t, "the stop", stopped)
	if got, text := statusOfGet(t, "http://"+addr+"/readyz", ""); got != 503 || !strings.Contains(text, "shutting down") {
		t.Errorf("readyz: %d %s", got, text)
	}
	if got, _ := statusOfGet(t, "http://"+addr+"/healthz", ""); got != 200 {
		t.Errorf("healthz: %d", got)
	}
	resp, err := http.Post("http://"+addr+"/graphql", "application/json", strings.NewReader("{}"))
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("a request: %v %v", err, resp)
	}
	for name, header := range map[string]map[string]string{"WebSocket": {"Upgrade": "websocket", "Connection": "Upgrade"}, "events": {"Accept": "text/event-stream", "Content-Type": "application/json"}} {
		method := http.MethodGet
		if name == "events" {
			method = http.MethodPost
		}
		r, _ := http.NewRequest(method, "http://"+addr+"/graphql", nil)
		for k, v := range header {
			r.Header.Set(k, v)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %v %v", name, err, resp)
		}
	}
	close(let)
	if err := receive(t, "Run", done); err != nil {
		t.Error(err)
	}
}

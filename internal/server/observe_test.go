package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPanicBecomes500(t *testing.T) {
	s, lines := newServer(t, Config{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("the address of 山田花子")
	}))
	got := ask(s, post(strings.NewReader("{}")))
	text, _ := io.ReadAll(got.Body)
	if got.StatusCode != 500 || strings.Contains(string(text), "山田") {
		t.Errorf("%d %s", got.StatusCode, text)
	}
	var shaped graphQLErrors
	if err := json.Unmarshal(text, &shaped); err != nil || shaped.Errors[0].Extensions["code"] != "INTERNAL" {
		t.Errorf("%s: %v", text, err)
	}
	logged := lines.String()
	if strings.Contains(logged, "山田") || !strings.Contains(logged, `"cause":"string"`) || !strings.Contains(logged, "observe_test.go") {
		t.Errorf("log: %s", logged)
	}
	if !strings.Contains(logged, `"status":500`) {
		t.Errorf("access log lacks the status: %s", logged)
	}
}

func TestPanicInTheMiddleOfAnAnswerCutsIt(t *testing.T) {
	s, _ := newServer(t, Config{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":`)
		panic("late")
	}))
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler {
			t.Errorf("recovered %v", cause)
		}
	}()
	ask(s, post(strings.NewReader("{}")))
	t.Error("the connection was kept")
}

func TestAccessLogTellsNothingPersonal(t *testing.T) {
	s, lines := newServer(t, Config{}, echo)
	r := httptest.NewRequest("POST", "http://localhost/graphql?name=hanako-query", strings.NewReader(`{"query":"hanako-body"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer hanako-token")
	r.Header.Set("X-Request-Id", "abc-123")
	ask(s, r)
	ask(s, httptest.NewRequest("GET", "http://localhost/hanako-path", nil))
	if strings.Contains(lines.String(), "hanako") {
		t.Errorf("log: %s", lines)
	}

	var line struct {
		Msg, Method, Route string
		Status, Bytes      int
		Duration           int64
		RequestID          string `json:"request_id"`
	}
	if err := json.NewDecoder(strings.NewReader(lines.String())).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if line.Msg != "request" || line.Method != "POST" || line.Route != "/graphql" || line.Status != 200 ||
		line.Bytes != len(`{"data":{}}`) || line.Duration <= 0 || line.RequestID != "abc-123" {
		t.Errorf("line = %+v", line)
	}
}

func TestRequestID(t *testing.T) {
	var inner string
	s, _ := newServer(t, Config{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inner = r.Header.Get("X-Request-Id")
	}))
	for given, kept := range map[string]bool{
		"abc-123": true, strings.Repeat("a", 64): true,
		"": false, strings.Repeat("a", 65): false, "a b": false, "a\nb": false, "山田": false, `"><script>`: false,
	} {
		r := post(strings.NewReader("{}"))
		r.Header.Set("X-Request-Id", given)
		answered := ask(s, r).Header.Get("X-Request-Id")
		if answered != inner || !harmlessID.MatchString(answered) || (answered == given) != kept {
			t.Errorf("%q: answered %q, inside %q", given, answered, inner)
		}
	}
}

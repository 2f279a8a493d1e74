package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestBodyLimit(t *testing.T) {
	s, _ := newServer(t, Config{MaxBody: 10}, echo)
	t.Run("at the limit", func(t *testing.T) {
		if got := ask(s, post(strings.NewReader("0123456789"))); got.StatusCode != http.StatusOK {
			t.Errorf("status = %d", got.StatusCode)
		}
	})
	t.Run("announced", func(t *testing.T) {
		unread := strings.NewReader("0123456789+")
		r := post(unread)
		wantError(t, ask(s, r), http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE")
		if unread.Len() != 11 {
			t.Errorf("read %d bytes of a body that was too long by its own word", 11-unread.Len())
		}
	})
	chunked := func() *http.Request {
		r := post(io.MultiReader(strings.NewReader("0123456789"), bytes.NewReader(make([]byte, 1<<16))))
		r.ContentLength = -1
		return r
	}
	t.Run("not announced", func(t *testing.T) {
		wantError(t, ask(s, chunked()), http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE")
	})
	t.Run("not announced, at the limit", func(t *testing.T) {
		r := post(strings.NewReader("0123456789"))
		r.ContentLength = -1
		if got := ask(s, r); got.StatusCode != http.StatusOK {
			t.Errorf("status = %d", got.StatusCode)
		}
	})
	t.Run("not announced, handler says nothing", func(t *testing.T) {
		s, _ := newServer(t, Config{MaxBody: 10}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
		}))
		wantError(t, ask(s, chunked()), http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE")
	})
}

func TestOnlyPlainJSONIsRead(t *testing.T) {
	s, _ := newServer(t, Config{}, echo)
	for _, c := range []struct {
		contentType, encoding string
		status                int
	}{
		{"application/json", "", 200},
		{"application/json; charset=utf-8", "", 200},
		{"Application/JSON;charset=UTF-8", "", 200},
		{"application/json; charset=shift_jis", "", 415},
		{"text/plain", "", 415},
		{"application/x-www-form-urlencoded", "", 415},
		{"multipart/form-data; boundary=x", "", 415},
		{"application/graphql", "", 415},
		{"application/jsonp", "", 415},
		{"", "", 415},
		{"application/json", "gzip", 415},
		{"application/json", "identity", 415},
	} {
		r := post(strings.NewReader(`{"query":"{a}"}`))
		r.Header.Set("Content-Type", c.contentType)
		if c.encoding != "" {
			r.Header.Set("Content-Encoding", c.encoding)
		}
		got := ask(s, r)
		if got.StatusCode != c.status {
			t.Errorf("%q %q = %d, want %d", c.contentType, c.encoding, got.StatusCode, c.status)
		}
		var shaped graphQLErrors
		if err := json.NewDecoder(got.Body).Decode(&shaped); err != nil || (c.status == 415) != (len(shaped.Errors) == 1) {
			t.Errorf("%q: body %+v, %v", c.contentType, shaped, err)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	s, _ := newServer(t, Config{}, echo)
	for _, method := range []string{"PUT", "PATCH", "DELETE", "BREW"} {
		got := ask(s, httptest.NewRequest(method, "http://localhost/graphql", nil))
		if got.Header.Get("Allow") != "POST" {
			t.Errorf("%s: Allow = %q", method, got.Header.Get("Allow"))
		}
		wantError(t, got, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	}
}

func TestOrdinaryRequestsHaveADeadlineAndStreamsDoNot(t *testing.T) {
	var left time.Duration
	var limited bool
	s, _ := newServer(t, Config{RequestTimeout: time.Minute}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var at time.Time
		at, limited = r.Context().Deadline()
		left = time.Until(at)
	}))
	ask(s, post(strings.NewReader("{}")))
	if !limited || left <= 0 || left > time.Minute {
		t.Errorf("ordinary: limited %v, left %v", limited, left)
	}

	sse := post(strings.NewReader("{}"))
	sse.Header.Set("Accept", "text/event-stream")
	if ask(s, sse); limited {
		t.Error("server-sent events have a deadline")
	}

	socket := httptest.NewRequest("GET", "http://localhost/graphql", nil)
	socket.Header.Set("Upgrade", "websocket")
	if ask(s, socket); limited {
		t.Error("WebSocket has a deadline")
	}
}

func TestDeadlineReachesTheHandler(t *testing.T) {
	var cause error
	s, _ := newServer(t, Config{RequestTimeout: time.Millisecond}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		cause = r.Context().Err()
	}))
	ask(s, post(strings.NewReader("{}")))
	if cause != context.DeadlineExceeded {
		t.Errorf("cause = %v", cause)
	}
}

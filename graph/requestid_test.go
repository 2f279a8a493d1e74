package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// Whatever is wrong with a request, each of its errors names it.
func TestDoErrorsNameTheirRequest(t *testing.T) {
	a := embedded(t)
	for name, body := range map[string]string{
		"no JSON":           `{`,
		"not parsed":        inQuery(`{`),
		"not valid":         inQuery(`{ nothing }`),
		"over a limit":      inQuery(`{ stakeholders(first: 501) { nodes { id } } }`),
		"a list":            `[]`,
		"wrong when it ran": inQuery(`{ stakeholders(after: "nowhere") { nodes { id } } }`),
	} {
		r, w := newRequest([]byte(body)), httptest.NewRecorder()
		r.Header.Set("X-Request-Id", "abc-1") // as the HTTP edge does
		w.Header().Set("X-Request-Id", "abc-1")
		a.h.ServeHTTP(w, r)
		if answer := w.Body.String(); strings.Count(answer, `"requestId":"abc-1"`) != strings.Count(answer, `"message":`) || !strings.Contains(answer, `"message":`) {
			t.Errorf("%s: %s", name, answer)
		}
		if answer := string(answerOf(a.h, newRequest([]byte(body)))); strings.Contains(answer, "requestId") {
			t.Errorf("%s, nobody named the request: %s", name, answer)
		}
	}
}

func TestDoErrorsOnASocketNameTheirRequest(t *testing.T) {
	a := embedded(t)
	server := httptest.NewServer(a.h)
	defer server.Close()
	c, _, err := websocket.Dial(t.Context(), server.URL, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"X-Request-Id": {"abc-2"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	for _, m := range []string{`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + inQuery(`{ nothing }`) + `}`} {
		if err := c.Write(t.Context(), websocket.MessageText, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	if got := nextOf(t.Context(), t, c, "error"); !strings.Contains(got, `"requestId":"abc-2"`) {
		t.Error(got)
	}
}

// nextOf is the next message of a type.
func nextOf(ctx context.Context, t *testing.T, c *websocket.Conn, kind string) string {
	t.Helper()
	for {
		_, data, err := c.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), `"type":"`+kind+`"`) {
			return string(data)
		}
	}
}

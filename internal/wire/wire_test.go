package wire_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/wire"
)

func TestWhatOpensAStream(t *testing.T) {
	for _, c := range []struct {
		method, name   string
		values         []string
		socket, events bool
	}{
		{"GET", "Upgrade", []string{"WebSocket"}, true, false},
		{"POST", "Upgrade", []string{"websocket"}, false, false},
		{"GET", "Upgrade", []string{"h2c"}, false, false},
		{"POST", "Accept", []string{"application/json, Text/Event-Stream;q=0.1"}, false, true},
		{"POST", "Accept", []string{"application/json", "text/event-stream"}, false, true},
		{"POST", "Accept", []string{"*/*"}, false, false},
	} {
		r := httptest.NewRequest(c.method, "/graphql", nil)
		for _, v := range c.values {
			r.Header.Add(c.name, v)
		}
		if wire.IsSocket(r) != c.socket || wire.MayTakeEvents(r.Header) != c.events {
			t.Errorf("%+v", c)
		}
	}
}

func TestHowARequestIsRefused(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set(wire.RequestID, "R1")
	w.Header().Set("Content-Length", "5")
	wire.Refuse(w, 503, "not now", map[string]any{"code": "UNAVAILABLE"})
	want := `{"errors":[{"message":"not now","extensions":{"code":"UNAVAILABLE","requestId":"R1"}}]}`
	if got := strings.TrimSpace(w.Body.String()); w.Code != 503 || got != want || w.Header().Get("Content-Length") != "" || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%d %s %v", w.Code, got, w.Header())
	}
}

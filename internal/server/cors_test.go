package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPagesOfOtherOrigins(t *testing.T) {
	const friend = "https://map.example.jp"
	none, _ := newServer(t, Config{}, echo)
	one, _ := newServer(t, Config{AllowedOrigins: []string{friend}}, echo)
	for _, c := range []struct {
		name    string
		server  *Server
		origin  string
		status  int
		allowed string
	}{
		{"no origin", none, "", 200, ""},
		{"our own", none, "http://localhost:8080", 200, ""},
		{"our own behind TLS", none, "https://localhost:8080", 200, ""},
		{"another port of ours", none, "http://localhost:3000", 403, ""},
		{"default is none", none, friend, 403, ""},
		{"allowed", one, friend, 200, friend},
		{"another scheme", one, "http://map.example.jp", 403, ""},
		{"a subdomain", one, "https://x.map.example.jp", 403, ""},
		{"a suffix", one, friend + ".evil.example", 403, ""},
		{"opaque", one, "null", 403, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := post(strings.NewReader("{}"))
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			got := ask(c.server, r)
			if got.StatusCode != c.status || got.Header.Get("Access-Control-Allow-Origin") != c.allowed {
				t.Errorf("%d, allowed %q; want %d, %q", got.StatusCode, got.Header.Get("Access-Control-Allow-Origin"), c.status, c.allowed)
			}
			if got.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials allowed")
			}
			if c.status == 403 {
				wantError(t, got, 403, "FORBIDDEN_ORIGIN")
			}

			socket := httptest.NewRequest("GET", "http://localhost:8080/graphql", nil)
			socket.Header.Set("Upgrade", "websocket")
			if c.origin != "" {
				socket.Header.Set("Origin", c.origin)
			}
			if refused := ask(c.server, socket).StatusCode == 403; refused != (c.status == 403) {
				t.Errorf("WebSocket refused: %v", refused)
			}
		})
	}
}

// A browser names no origin with GET, but says where the request was made.
func TestDoPagesOfOtherSitesAskByGet(t *testing.T) {
	s, _ := newServer(t, Config{AllowGet: true, AllowedOrigins: []string{"https://map.example.jp"}}, echo)
	for site, allowed := range map[string]bool{"": true, "same-origin": true, "none": true, "same-site": false, "cross-site": false} {
		r := httptest.NewRequest("GET", "http://localhost:8080/graphql?query=%7B__typename%7D", nil)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		if got := ask(s, r); (got.StatusCode != http.StatusForbidden) != allowed {
			t.Errorf("%q: %d", site, got.StatusCode)
		}
	}
	r := post(strings.NewReader("{}"))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://map.example.jp")
	if got := ask(s, r); got.StatusCode != http.StatusOK {
		t.Errorf("a page that may: %d", got.StatusCode)
	}
}

func TestPreflight(t *testing.T) {
	s, _ := newServer(t, Config{AllowedOrigins: []string{"https://map.example.jp"}}, echo)
	for origin, allowed := range map[string]string{
		"https://map.example.jp":  "https://map.example.jp",
		"https://evil.example.jp": "",
	} {
		r := httptest.NewRequest("OPTIONS", "http://localhost:8080/graphql", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,musubi-at-least")
		got := ask(s, r)
		if got.StatusCode != http.StatusNoContent || got.Header.Get("Access-Control-Allow-Origin") != allowed {
			t.Errorf("%s: %d %v", origin, got.StatusCode, got.Header)
		}
	}
}

func TestOriginsMustBeExact(t *testing.T) {
	for _, origin := range []string{"*", "https://*.example.jp", "map.example.jp", "https://map.example.jp/", "ftp://map.example.jp", "https://", ""} {
		cfg := Config{Addr: "localhost:0", AllowedOrigins: []string{origin}}
		if _, err := New(cfg, echo, isReady, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q was taken", origin)
		}
	}
}

func TestMayAPageReadTheRevisionOfItsAnswer(t *testing.T) {
	s, _ := newServer(t, Config{AllowedOrigins: []string{"https://map.example.jp"}}, echo)
	r := post(strings.NewReader("{}"))
	r.Header.Set("Origin", "https://map.example.jp")
	if exposed := ask(s, r).Header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "Musubi-Revision") {
		t.Errorf("exposed: %q", exposed)
	}
}

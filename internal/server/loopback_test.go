package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOpenModeListensOnLoopbackOnly(t *testing.T) {
	for _, c := range []struct {
		addr string
		ok   bool
	}{
		{"127.0.0.1:8080", true},
		{"127.8.9.10:0", true},
		{"[::1]:8080", true},
		{"localhost:8080", true},
		{"LOCALHOST:8080", true},
		{"[::ffff:127.0.0.1]:8080", true},
		{":8080", false},
		{"0.0.0.0:8080", false},
		{"[::]:8080", false},
		{"192.168.1.5:8080", false},
		{"[fe80::1%lo]:8080", false},
		{"localhost.example.jp:8080", false},
		{"127.0.0.1.example.jp:8080", false},
		{"127.1:8080", false},
	} {
		_, err := New(Config{Addr: c.addr}, echo, isReady, slog.New(slog.DiscardHandler))
		if c.ok != (err == nil) || (!c.ok && !errors.Is(err, ErrNotLoopback)) {
			t.Errorf("open on %s: %v", c.addr, err)
		}
		if err != nil && !strings.Contains(err.Error(), "configure authentication") {
			t.Errorf("%s: the message does not say what to do: %v", c.addr, err)
		}
		if _, err := New(Config{Addr: c.addr, Guard: letAll}, echo, isReady, slog.New(slog.DiscardHandler)); err != nil {
			t.Errorf("authenticated on %s: %v", c.addr, err)
		}
	}
}

func TestAddressWithoutPortIsRefused(t *testing.T) {
	if _, err := New(Config{Addr: "127.0.0.1"}, echo, isReady, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}

// A localhost that resolves elsewhere is caught after listening.
func TestBoundAddressIsCheckedToo(t *testing.T) {
	if err := checkListener(&net.TCPAddr{IP: net.IPv4zero, Port: 8080}); !errors.Is(err, ErrNotLoopback) {
		t.Errorf("0.0.0.0: %v", err)
	}
	s, _ := newServer(t, Config{}, echo)
	s.cfg.Addr = "0.0.0.0:0"
	if err := s.Run(context.Background(), nil); !errors.Is(err, ErrNotLoopback) {
		t.Errorf("Run: %v", err)
	}
}

func TestOpenModeAnswersToLoopbackNamesOnly(t *testing.T) {
	open, _ := newServer(t, Config{}, echo)
	authenticated, _ := newServer(t, Config{Guard: letAll}, echo)
	for host, ok := range map[string]bool{
		"localhost": true, "localhost:8080": true, "127.0.0.1:9": true, "[::1]:8080": true, "[::1]": true,
		"evil.example": false, "evil.example:8080": false, "localhost.evil.example": false,
		"127.0.0.1.nip.example": false, "192.168.1.5:8080": false, "0.0.0.0:8080": false, "": false,
	} {
		for _, path := range []string{"/graphql", "/graphiql", "/healthz"} {
			r := httptest.NewRequest("GET", "http://localhost"+path, nil)
			r.Host = host
			got := ask(open, r)
			if refused := got.StatusCode == http.StatusMisdirectedRequest; refused == ok {
				t.Errorf("Host %q %s: %d", host, path, got.StatusCode)
			}
		}
		r := httptest.NewRequest("GET", "http://localhost/healthz", nil)
		r.Host = host
		if got := ask(authenticated, r); got.StatusCode != http.StatusOK {
			t.Errorf("authenticated, Host %q: %d", host, got.StatusCode)
		}
	}
}

// letAll is a guard that asks for nothing.
func letAll(next http.Handler) http.Handler { return next }

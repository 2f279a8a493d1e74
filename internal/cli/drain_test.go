package cli

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// slowMap answers a Fetch once it is let.
type slowMap struct {
	store.Store
	asked, let chan struct{}
}

func (s slowMap) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	s.asked <- struct{}{}
	<-s.let
	return s.Store.Fetch(ctx, p)
}

// A server that is told to stop: it is not ready; open sockets go on but begin
// nothing; then they are closed with 1001, what is in flight is answered, and Run
// ends without an error.
func TestIsAServerDrainedInOrder(t *testing.T) {
	s := slowMap{memory.New(memory.Options{}), make(chan struct{}, 1), make(chan struct{})}
	h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return admin() }})
	told, grace := make(chan struct{}), make(chan struct{})
	config := server.Config{Addr: "127.0.0.1:0", DrainTimeout: patience, OnStop: func() { h.Stop(); close(told); <-grace }}
	srv, err := server.New(config, h, ready(s), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	at, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- srv.Run(ctx, func(a net.Addr) { at <- a.String() }) }()
	address := <-at

	c := greeted(t, address)
	say(t, c, `{"type":"subscribe","id":"open","payload":{"query":"subscription { changes { revision } }"}}`)
	answer := make(chan string, 1)
	go func() { answer <- posted("http://"+address+"/graphql", `{"query":"{ topics { nodes { id } } }"}`) }()
	<-s.asked

	stop()
	<-told
	if status, _ := got("http://" + address + "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", status)
	}
	say(t, c, `{"type":"subscribe","id":"new","payload":{"query":"{ viewer { role } }"}}`)
	if m := messageWith(t, c, `"new"`); !strings.Contains(m, `"type":"error"`) || !strings.Contains(m, "UNAVAILABLE") {
		t.Errorf("an operation begins: %s", m)
	}
	close(grace)
	for err = nil; err == nil; {
		_, _, err = c.Read(t.Context())
	}
	if got := websocket.CloseStatus(err); got != websocket.StatusGoingAway {
		t.Errorf("the socket ends with %d: %v", got, err)
	}
	close(s.let)
	if got := <-answer; got != `200 {"data":{"topics":{"nodes":[]}},"extensions":{"cost":{"requested":20,"allowed":100000}}}` {
		t.Errorf("what was in flight: %s", got)
	}
	if err := <-done; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// greeted is a socket that has been acknowledged.
func greeted(t *testing.T, address string) *websocket.Conn {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), "ws://"+address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	say(t, c, `{"type":"connection_init"}`)
	messageWith(t, c, "connection_ack")
	return c
}

func say(t *testing.T, c *websocket.Conn, m string) {
	t.Helper()
	if err := c.Write(t.Context(), websocket.MessageText, []byte(m)); err != nil {
		t.Fatal(err)
	}
}

// messageWith is the next message with the text in it.
func messageWith(t *testing.T, c *websocket.Conn, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, data, err := c.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for %s: %v", text, err)
		}
		if strings.Contains(string(data), text) {
			return string(data)
		}
	}
}

// posted is the status and the body of an answer.
func posted(url, body string) string {
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.Status[:3] + " " + string(text)
}

func got(url string) (int, string) {
	client := http.Client{Timeout: time.Minute}
	resp, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

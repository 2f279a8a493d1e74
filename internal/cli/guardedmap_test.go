package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

// guardedMap is a map on a server that asks for tokens, and the command line beside
// it.
type guardedMap struct {
	t       *testing.T
	address string
	store   []string // flags
	kept    store.TokenStore
}

// guarded runs a test on both stores.
func guarded(t *testing.T, test func(t *testing.T, m *guardedMap)) {
	t.Run("embedded", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "map.db")
		testGuarded(t, storeFlags{Data: path}, []string{"--data", path}, test)
	})
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.Open(t)
		neo4jtest.Clear(t, neo4jtest.Driver(t, uri))
		testGuarded(t, storeFlags{Neo4jURI: uri}, []string{"--neo4j-uri", uri}, test)
	})
}

func testGuarded(t *testing.T, flags storeFlags, args []string, test func(t *testing.T, m *guardedMap)) {
	quiet := slog.New(slog.DiscardHandler)
	s, err := flags.open(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	m := &guardedMap{t: t, store: args, kept: s}
	config := server.Config{Addr: "127.0.0.1:0"}
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock()}
	if err := (accessFlags{Authenticate: true}).access(&app{ctx: t.Context(), log: quiet}, s, resolver, &config); err != nil {
		t.Fatal(err)
	}
	if config.Guard == nil {
		t.Fatal("nobody guards the server")
	}
	srv, err := server.New(config, graph.NewHandler(resolver), ready(s), quiet)
	if err != nil {
		t.Fatal(err)
	}
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	at, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- srv.Run(ctx, func(a net.Addr) { at <- a.String() }) }()
	m.address = <-at
	test(t, m)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}

// musubi runs a command; out is what it prints to standard output.
func musubi(t *testing.T, want int, args ...string) (out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := Run(args, &o, &e); got != want {
		t.Fatalf("musubi %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

// tokens runs a command of tokens on the map.
func (m *guardedMap) tokens(verb string, args ...string) string {
	m.t.Helper()
	out, _ := musubi(m.t, 0, append(append([]string{"tokens", verb}, m.store...), args...)...)
	return strings.TrimSpace(out)
}

// create makes a token and gives it with its id.
func (m *guardedMap) create(role string, args ...string) (token, id string) {
	m.t.Helper()
	token = m.tokens("create", append([]string{"--name", "試験", "--role", role}, args...)...)
	parts := strings.Split(token, "_")
	if len(parts) != 3 || parts[0] != "musubi" {
		m.t.Fatalf("what create prints is no token: %q", token)
	}
	return token, parts[1]
}

var oneWay = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// ask sends a query.
func (m *guardedMap) ask(token, query string) (status int, body string) {
	m.t.Helper()
	data, _ := json.Marshal(map[string]any{"query": query})
	req, _ := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.address+"/graphql", bytes.NewReader(data))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := oneWay.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// until asks again and again until the status is another.
func (m *guardedMap) until(status int, token string) {
	m.t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(askedEvery) {
		if got, _ := m.ask(token, `{ viewer { role } }`); got == status {
			return
		}
	}
	m.t.Errorf("the status was never %d", status)
}

// socket opens a WebSocket and says who it is.
func (m *guardedMap) socket(payload string) *websocket.Conn {
	m.t.Helper()
	conn, _, err := websocket.Dial(m.t.Context(), "ws://"+m.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: oneWay})
	if err != nil {
		m.t.Fatal(err)
	}
	m.say(conn, `{"type":"connection_init","payload":`+payload+`}`)
	return conn
}

func (m *guardedMap) say(conn *websocket.Conn, text string) {
	m.t.Helper()
	if err := conn.Write(m.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		m.t.Fatal(err)
	}
}

// hear is what a socket says next, or the code it is closed with.
func (m *guardedMap) hear(conn *websocket.Conn) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	_, data, err := conn.Read(ctx)
	if err != nil {
		defer func() { _ = conn.CloseNow() }()
		return fmt.Sprint(int(websocket.CloseStatus(err)))
	}
	return string(data)
}

// eventLines reads server-sent events.
type eventLines struct {
	body io.ReadCloser
	rest string
}

func (m *guardedMap) events(token string) *eventLines {
	m.t.Helper()
	req, _ := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.address+"/graphql", strings.NewReader(`{"query":"subscription { changes(since: \"r0\") { recordId } }"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := oneWay.Do(req)
	if err != nil || resp.StatusCode != 200 {
		m.t.Fatal(resp, err)
	}
	return &eventLines{body: resp.Body}
}

// line is the next line that says something; "" once the connection has ended.
func (e *eventLines) line() string {
	timer := time.AfterFunc(patience, func() { _ = e.body.Close() })
	defer timer.Stop()
	for {
		for strings.Contains(e.rest, "\n") {
			var line string
			if line, e.rest, _ = strings.Cut(e.rest, "\n"); line != "" && line != ":" {
				return line
			}
		}
		buffer := make([]byte, 4096)
		n, err := e.body.Read(buffer)
		if e.rest += string(buffer[:n]); err != nil {
			_ = e.body.Close()
			return ""
		}
	}
}

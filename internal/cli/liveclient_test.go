package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
)

// patience is for what must happen soon; nothing waits that long when all is well.
const patience = time.Minute

// serving runs a whole server on the store and gives its address. It has stopped
// when stop returns.
func serving(t *testing.T, s store.Store, viewer func() network.Viewer, settings ...func(*graph.Resolver)) (address string, stop func()) {
	t.Helper()
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
		Viewer: func(context.Context) network.Viewer { return viewer() }}
	for _, set := range settings {
		set(resolver)
	}
	srv, err := server.New(server.Config{Addr: "127.0.0.1:0", ReadTimeout: 2 * time.Second}, graph.NewHandler(resolver), ready(s), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	at, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- srv.Run(ctx, func(a net.Addr) { at <- a.String() }) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server did not stop in order: %v", err)
		}
	}
	t.Cleanup(stop)
	return <-at, stop
}

func admin() network.Viewer { return network.Admin("open") }

// request is one operation of a client.
type request struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
	atLeast   string
}

// response is one answer to it, or one event.
type response struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	Extensions struct{ Revision string }
}

// listener gets the answers to one operation.
type listener interface {
	// next is the next answer; io.EOF after the last, another error when the
	// connection broke off.
	next() (*response, error)
	// kill drops the connection without a word.
	kill()
}

// transports are the ways to subscribe.
var transports = map[string]func(ctx context.Context, address string, r request) (listener, error){
	"events": listenToEvents, "socket": listenOnSocket,
}

type eventListener struct {
	cancel context.CancelFunc
	body   io.ReadCloser
	lines  *bufio.Reader
}

func listenToEvents(ctx context.Context, address string, r request) (listener, error) {
	ctx, cancel := context.WithCancel(ctx)
	body, _ := json.Marshal(r)
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if r.atLeast != "" {
		req.Header.Set(graph.AtLeastHeader, r.atLeast)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(req)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return &eventListener{cancel, answer.Body, bufio.NewReader(answer.Body)}, nil
}

func (l *eventListener) next() (*response, error) {
	event, data := "", ""
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("broke off: %w", io.ErrUnexpectedEOF)
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			event = value
		case "data":
			data = value
		case "":
			if line != "\n" {
				continue // a comment
			}
			switch event {
			case "next":
				var r response
				return &r, json.Unmarshal([]byte(data), &r)
			case "complete":
				return nil, io.EOF
			}
		}
	}
}

func (l *eventListener) kill() {
	l.cancel()
	_ = l.body.Close()
}

type socketListener struct {
	ctx  context.Context
	conn *websocket.Conn
}

func listenOnSocket(ctx context.Context, address string, r request) (listener, error) {
	conn, _, err := websocket.Dial(ctx, "ws://"+address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"},
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(16 << 20)
	payload, _ := json.Marshal(r)
	params, _ := json.Marshal(map[string]string{graph.AtLeastHeader: r.atLeast})
	for _, m := range []string{`{"type":"connection_init","payload":` + string(params) + `}`, `{"type":"subscribe","id":"1","payload":` + string(payload) + `}`} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(m)); err != nil {
			_ = conn.CloseNow()
			return nil, err
		}
	}
	return &socketListener{ctx, conn}, nil
}

func (l *socketListener) next() (*response, error) {
	for {
		_, data, err := l.conn.Read(l.ctx)
		if err != nil {
			return nil, err
		}
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal(data, &m); err != nil {
			return nil, err
		}
		r := &response{}
		switch m.Type {
		case "next":
			return r, json.Unmarshal(m.Payload, r)
		case "error":
			return r, json.Unmarshal(m.Payload, &r.Errors)
		case "complete":
			return nil, io.EOF
		}
	}
}

func (l *socketListener) kill() { _ = l.conn.CloseNow() }

// heard is the next answer as text; the test fails when there is none in time.
func heard(t *testing.T, l listener) string {
	t.Helper()
	timer := time.AfterFunc(patience, l.kill)
	defer timer.Stop()
	r, err := l.next()
	if err != nil || len(r.Errors) > 0 {
		t.Fatalf("no answer: %v %+v", err, r)
	}
	return string(r.Data)
}

// refused is the code of the error that the operation ends with.
func refused(t *testing.T, l listener) string {
	t.Helper()
	timer := time.AfterFunc(patience, l.kill)
	defer timer.Stop()
	r, err := l.next()
	if err != nil || len(r.Errors) != 1 {
		t.Fatalf("no error: %v %+v", err, r)
	}
	return r.Errors[0].Extensions.Code
}

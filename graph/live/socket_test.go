package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// client is a socket of a test.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func dial(t *testing.T, address string, protocols ...string) *client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, "ws://"+address, &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: http.Header{"Other": {"own"}},
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	conn.SetReadLimit(1 << 20)
	return &client{t, conn}
}

// greeted is a socket that is ready for operations.
func greeted(t *testing.T, address string) *client {
	c := dial(t, address, Subprotocol)
	c.say(`{"type":"connection_init","payload":{"Token":"secret","Other":"not taken over"}}`)
	c.hear(`{"type":"connection_ack"}`)
	return c
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) hear(want ...string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	for _, w := range want {
		if _, got, err := c.conn.Read(ctx); err != nil || string(got) != w {
			c.t.Fatalf("heard %s (%v), want %s", got, err, w)
		}
	}
}

// closed wants the server to end the connection with a code.
func (c *client) closed(code websocket.StatusCode) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	for {
		_, got, err := c.conn.Read(ctx)
		if err == nil {
			c.t.Logf("before the end: %s", got)
			continue
		}
		if websocket.CloseStatus(err) != code {
			c.t.Errorf("closed with %v, want %d", err, code)
		}
		return
	}
}

const running1 = `{"type":"subscribe","id":"1","payload":{"query":"subscription wait"}}`

func TestHowDoesASocketEndThatBreaksTheProtocol(t *testing.T) {
	address, _, _ := serve(t, Server{InitTimeout: time.Hour})
	const hello = `{"type":"connection_init"}`
	for _, c := range []struct {
		name string
		say  []string
		code websocket.StatusCode
	}{
		{"no JSON", []string{`hello`}, 4400},
		{"two values", []string{hello + hello}, 4400},
		{"no type", []string{`{}`}, 4400},
		{"an unknown type", []string{`{"type":"start","id":"1"}`}, 4400},
		{"a server's message", []string{hello, `{"type":"next","id":"1","payload":{}}`}, 4400},
		{"parameters that are no object", []string{`{"type":"connection_init","payload":[]}`}, 4400},
		{"an operation without an id", []string{hello, `{"type":"subscribe","payload":{"query":"query"}}`}, 4400},
		{"an operation without a query", []string{hello, `{"type":"subscribe","id":"1","payload":{}}`}, 4400},
		{"an operation without a payload", []string{hello, `{"type":"subscribe","id":"1"}`}, 4400},
		{"an id that is no string", []string{hello, `{"type":"subscribe","id":1,"payload":{"query":"query"}}`}, 4400},
		{"completing nothing", []string{hello, `{"type":"complete"}`}, 4400},
		{"an operation before the greeting", []string{running1}, 4401},
		{"the id of a running operation", []string{hello, running1, running1}, 4409},
		{"a second greeting", []string{hello, hello}, 4429},
		{"too long a message", []string{hello, `{"type":"ping","payload":{"x":"` + strings.Repeat("x", 64<<10) + `"}}`}, websocket.StatusMessageTooBig},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := dial(t, address, Subprotocol)
			for _, m := range c.say {
				s.say(m)
			}
			s.closed(c.code)
		})
	}
	t.Run("bytes", func(t *testing.T) {
		s := dial(t, address, Subprotocol)
		if err := s.conn.Write(t.Context(), websocket.MessageBinary, []byte(hello)); err != nil {
			t.Fatal(err)
		}
		s.closed(4400)
	})
	t.Run("no subprotocol", func(t *testing.T) { dial(t, address).closed(4406) })
	t.Run("another subprotocol", func(t *testing.T) { dial(t, address, "graphql-ws").closed(4406) })
}

func TestDoesASocketEndThatNeverGreets(t *testing.T) {
	address, _, _ := serve(t, Server{InitTimeout: 50 * time.Millisecond})
	dial(t, address, Subprotocol).closed(4408)
	s := greeted(t, address)
	time.Sleep(100 * time.Millisecond)
	s.say(`{"type":"ping"}`)
	s.hear(`{"type":"pong"}`)
}

func TestWhatDoesASocketAnswer(t *testing.T) {
	address, exec, _ := serve(t, Server{QueryTimeout: soon})
	for _, c := range []struct {
		query string
		hear  []string
	}{
		{"query", []string{`{"type":"next","id":"1","payload":{"data":"answer"}}`, `{"type":"complete","id":"1"}`}},
		{"query header", []string{`{"type":"next","id":"1","payload":{"data":"secret,own"}}`, `{"type":"complete","id":"1"}`}},
		{"query panic", []string{`{"type":"error","id":"1","payload":[{"message":"hidden"}]}`}},
		{"query slow", []string{`{"type":"error","id":"1","payload":[{"message":"context deadline exceeded"}]}`}},
		{"invalid", []string{`{"type":"error","id":"1","payload":[{"message":"not valid"}]}`}},
		{"subscription count", []string{`{"type":"next","id":"1","payload":{"data":0}}`, `{"type":"next","id":"1","payload":{"data":1}}`, `{"type":"next","id":"1","payload":{"data":2}}`, `{"type":"complete","id":"1"}`}},
		{"subscription refused", []string{`{"type":"error","id":"1","payload":[{"message":"no such thing"}]}`}},
		{"subscription fails", []string{`{"type":"next","id":"1","payload":{"data":0}}`, `{"type":"error","id":"1","payload":[{"message":"broke off"}]}`}},
		{"subscription panics", []string{`{"type":"next","id":"1","payload":{"data":0}}`, `{"type":"error","id":"1","payload":[{"message":"hidden"}]}`}},
	} {
		t.Run(c.query, func(t *testing.T) {
			s := greeted(t, address)
			for range 2 { // the id is free again
				s.say(`{"type":"subscribe","id":"1","payload":{"query":"` + c.query + `"}}`)
				s.hear(c.hear...)
			}
		})
	}
	t.Run("completed by the client", func(t *testing.T) {
		s := greeted(t, address)
		s.say(running1)
		eventually(t, "stream begins", func() bool { return exec.running.Load() == 1 })
		s.say(`{"type":"complete","id":"1"}`)
		s.say(`{"type":"subscribe","id":"1","payload":{"query":"query"}}`)
		s.hear(`{"type":"next","id":"1","payload":{"data":"answer"}}`, `{"type":"complete","id":"1"}`)
		eventually(t, "stream ends", func() bool { return exec.running.Load() == 0 })
	})
	t.Run("ping with a payload", func(t *testing.T) {
		s := greeted(t, address)
		s.say(`{"type":"pong"}`)
		s.say(`{"type":"ping","payload":{"n":1}}`)
		s.hear(`{"type":"pong","payload":{"n":1}}`)
	})
}

func TestHowManyOperationsMayASocketRun(t *testing.T) {
	address, exec, _ := serve(t, Server{MaxOperations: 3})
	s := greeted(t, address)
	for i := range 3 {
		s.say(fmt.Sprintf(`{"type":"subscribe","id":"%d","payload":{"query":"subscription wait"}}`, i))
	}
	const one = `{"type":"subscribe","id":"more","payload":{"query":"query"}}`
	s.say(one)
	s.hear(`{"type":"error","id":"more","payload":[{"message":"a connection may run 3 operations at a time; complete one, or open another connection","extensions":{"code":"RESOURCE_EXHAUSTED"}}]}`)
	s.say(`{"type":"complete","id":"0"}`)
	eventually(t, "one ends", func() bool { return exec.running.Load() == 2 })
	eventually(t, "there is room", func() bool {
		s.say(one)
		_, got, err := s.conn.Read(t.Context())
		return err == nil && strings.Contains(string(got), `"next"`)
	})
}

func TestDoesAClientThatTakesNothingLoseItsSocket(t *testing.T) {
	address, exec, _ := serve(t, Server{WriteTimeout: 50 * time.Millisecond})
	s := greeted(t, address)
	s.say(`{"type":"subscribe","id":"1","payload":{"query":"subscription flood"}}`)
	eventually(t, "flood begins", func() bool { return exec.running.Load() == 1 })
	eventually(t, "flood ends", func() bool { return exec.running.Load() == 0 })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			if ctx.Err() != nil {
				t.Error("the socket stays open")
			}
			return
		}
	}
}

func TestDoesASocketEndWithItsClient(t *testing.T) {
	address, exec, _ := serve(t, Server{})
	s := greeted(t, address)
	s.say(running1)
	eventually(t, "stream begins", func() bool { return exec.running.Load() == 1 })
	_ = s.conn.CloseNow()
	eventually(t, "stream ends", func() bool { return exec.running.Load() == 0 })
}

func TestIsAClientNoticedThatVanishes(t *testing.T) {
	address, exec, _ := serve(t, Server{Heartbeat: 30 * time.Millisecond, WriteTimeout: 30 * time.Millisecond})
	s := greeted(t, address)
	s.say(running1)
	eventually(t, "stream begins", func() bool { return exec.running.Load() == 1 })
	// It reads nothing any more, so it answers no ping either.
	eventually(t, "stream ends", func() bool { return exec.running.Load() == 0 })
}

func TestIsASocketToldThatTheServerStops(t *testing.T) {
	address, exec, stop := serve(t, Server{})
	s := greeted(t, address)
	s.say(running1)
	eventually(t, "stream begins", func() bool { return exec.running.Load() == 1 })
	stop()
	s.closed(websocket.StatusGoingAway)
}

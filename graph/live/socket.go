package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Socket upgrades the request to a WebSocket and serves it until the client
// leaves, breaks the protocol, takes no more messages, or the request's context
// ends. The Origin must have been checked before.
func (s Server) Socket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Subprotocol},
		InsecureSkipVerify: true, // the HTTP edge has an exact list of origins
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }()
	c := &socket{Server: s.withDefaults(), conn: conn, headers: r.Header, active: map[string]*running{}, admitted: make(chan context.Context, 1)}
	if conn.Subprotocol() != Subprotocol {
		c.close(notAcceptable)
		return
	}
	c.serve(r.Context())
}

// socket is one connection.
type socket struct {
	Server
	conn    *websocket.Conn
	headers http.Header // for operations; settled before the acknowledgement
	// ctx is that of operations, and greeted says that connection_init has come;
	// both are known to the reader alone.
	ctx     context.Context
	greeted bool
	acked   atomic.Bool
	// admitted gives the guard the context of Admit.
	admitted chan context.Context
	tasks    sync.WaitGroup

	writing sync.Mutex
	mu      sync.Mutex
	active  map[string]*running // by id; without those the client has completed
	count   int                 // of operations that have not ended yet
}

// serve reads messages until the connection ends. What it has started has ended
// when it returns.
func (c *socket) serve(request context.Context) {
	ctx, stop := context.WithCancel(request)
	c.ctx = ctx
	defer c.tasks.Wait()
	defer stop()
	c.conn.SetReadLimit(c.MaxMessage)
	// Not the request's context: one that ends cuts the connection without a word.
	reading, cut := context.WithCancel(context.WithoutCancel(request))
	defer cut()
	c.tasks.Go(func() { c.guard(request, ctx, reading, cut) })
	for {
		kind, data, err := c.conn.Read(reading)
		if err != nil {
			return
		}
		m, ok := readMessage(kind, data)
		if !ok {
			c.close(badMessage)
			return
		}
		if how := c.handle(m); how != nil {
			stop()
			c.close(*how)
			return
		}
	}
}

// closeGrace is how long a client may take to answer that it has heard of the end.
const closeGrace = time.Second

// guard ends the connection when the server stops, when the client does not
// introduce itself in time, when it may go on no longer, and when it shows no sign
// of life. It stops when reading does, which cut ends; connected ends when the
// connection is over for other reasons.
func (c *socket) guard(request, connected, reading context.Context, cut context.CancelFunc) {
	introduction := time.NewTimer(c.InitTimeout)
	defer introduction.Stop()
	beat := time.NewTicker(c.Heartbeat)
	defer beat.Stop()
	var over <-chan struct{} // the client may go on no longer
	part := func(how closing) {
		defer time.AfterFunc(closeGrace, cut).Stop()
		c.close(how)
	}
	for {
		select {
		case <-reading.Done():
			return
		case <-request.Done():
			part(goingAway)
			return
		case admitted := <-c.admitted:
			over = admitted.Done()
		case <-over:
			if over = nil; connected.Err() == nil {
				part(forbidden)
				return
			}
		case <-introduction.C:
			if !c.acked.Load() {
				part(initTooLate)
				return
			}
		case <-beat.C:
			if !c.alive(request) {
				_ = c.conn.CloseNow()
				return
			}
		}
	}
}

func (c *socket) alive(request context.Context) bool {
	ctx, cancel := context.WithTimeout(request, c.WriteTimeout)
	defer cancel()
	return c.conn.Ping(ctx) == nil || request.Err() != nil
}

func (c *socket) close(how closing) { _ = c.conn.Close(how.code, how.reason) }

// handle does what a message asks for; it tells how to end the connection when
// the message breaks the protocol.
func (c *socket) handle(m *message) *closing {
	switch m.Type {
	case connectionInit:
		return c.greet(m)
	case ping:
		if _, ok := m.object(); !ok {
			return &badMessage
		}
		_ = c.send(message{Type: pong, Payload: m.Payload})
		return nil
	case pong:
		return nil
	case subscribe:
		return c.subscribe(m)
	case complete:
		if m.ID == "" {
			return &badMessage
		}
		c.drop(m.ID)
		return nil
	}
	return &badMessage
}

func (c *socket) greet(m *message) *closing {
	if c.greeted {
		return &tooManyRequests
	}
	c.greeted = true
	payload, ok := m.object()
	if !ok {
		return &badMessage
	}
	if how := c.let(payload); how != nil {
		return how
	}
	c.headers = c.headers.Clone()
	for name, value := range payload {
		text, ok := value.(string)
		known := slices.ContainsFunc(c.Params, func(p string) bool { return strings.EqualFold(p, name) })
		if ok && known {
			c.headers.Set(name, text)
		}
	}
	c.acked.Store(true)
	_ = c.send(message{Type: connectionAck})
	return nil
}

// let asks Admit about the client.
func (c *socket) let(payload map[string]any) *closing {
	if c.Admit == nil {
		return nil
	}
	admitted, err := c.Admit(c.ctx, payload)
	switch {
	case errors.Is(err, ErrLater):
		return &tryLater
	case err != nil:
		return &forbidden
	}
	c.ctx = admitted
	c.admitted <- admitted
	return nil
}

// send writes one message. A client that makes no room for it in time loses the
// connection: what it missed is in the log.
func (c *socket) send(m message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), c.WriteTimeout)
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, data)
}

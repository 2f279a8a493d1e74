package live

import (
	"context"
	"encoding/json"
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
	c := &socket{Server: s.withDefaults(), conn: conn, headers: r.Header, active: map[string]*running{}}
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
	greeted bool        // connection_init has come; known to the reader alone
	acked   atomic.Bool
	tasks   sync.WaitGroup

	writing sync.Mutex
	mu      sync.Mutex
	active  map[string]*running // by id; without those the client has completed
	count   int                 // of operations that have not ended yet
}

// serve reads messages until the connection ends. What it has started has ended
// when it returns.
func (c *socket) serve(request context.Context) {
	ctx, stop := context.WithCancel(request)
	defer c.tasks.Wait()
	defer stop()
	c.conn.SetReadLimit(c.MaxMessage)
	// Not the request's context: one that ends cuts the connection without a word.
	reading, cut := context.WithCancel(context.WithoutCancel(request))
	defer cut()
	c.tasks.Go(func() { c.guard(request, reading, cut) })
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
		if how := c.handle(ctx, m); how != nil {
			stop()
			c.close(*how)
			return
		}
	}
}

// closeGrace is how long a client may take to answer that it has heard of the end.
const closeGrace = time.Second

// guard ends the connection when the server stops, when the client does not
// introduce itself in time, and when it shows no sign of life. It stops when
// reading does, which cut ends.
func (c *socket) guard(request, reading context.Context, cut context.CancelFunc) {
	introduction := time.NewTimer(c.InitTimeout)
	defer introduction.Stop()
	beat := time.NewTicker(c.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-reading.Done():
			return
		case <-request.Done():
			defer time.AfterFunc(closeGrace, cut).Stop()
			c.close(goingAway)
			return
		case <-introduction.C:
			if !c.acked.Load() {
				defer time.AfterFunc(closeGrace, cut).Stop()
				c.close(initTooLate)
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
func (c *socket) handle(ctx context.Context, m *message) *closing {
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
		return c.subscribe(ctx, m)
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

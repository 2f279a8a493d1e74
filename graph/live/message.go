package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Subprotocol is the one that sockets speak:
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const Subprotocol = "graphql-transport-ws"

// The types of its messages.
const (
	connectionInit = "connection_init"
	connectionAck  = "connection_ack"
	ping           = "ping"
	pong           = "pong"
	subscribe      = "subscribe"
	next           = "next"
	errorType      = "error"
	complete       = "complete"
)

// closing is how the server ends a connection.
type closing struct {
	code   websocket.StatusCode
	reason string
}

// The ways a connection is ended. Reasons never quote the client.
var (
	goingAway       = closing{websocket.StatusGoingAway, "Going away"} // clients come again
	badMessage      = closing{4400, "Invalid message"}
	unauthorized    = closing{4401, "Unauthorized"}
	forbidden       = closing{4403, "Forbidden"}
	notAcceptable   = closing{4406, "Subprotocol not acceptable"}
	initTooLate     = closing{4408, "Connection initialisation timeout"}
	duplicateID     = closing{4409, "Subscriber for this id already exists"}
	tooManyRequests = closing{4429, "Too many initialisation requests"}
	tryLater        = closing{websocket.StatusTryAgainLater, "Try again later"}
)

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// readMessage reads a message of a client, as far as it is common to all types.
func readMessage(kind websocket.MessageType, data []byte) (*message, bool) {
	var m message
	if kind != websocket.MessageText || decode(data, &m) != nil || m.Type == "" {
		return nil, false
	}
	return &m, true
}

// params reads the payload of subscribe.
func (m *message) params() (*graphql.RawParams, bool) {
	p := &graphql.RawParams{}
	if m.ID == "" || decode(m.Payload, p) != nil || p.Query == "" {
		return nil, false
	}
	return p, true
}

// object reads a payload that is an object or is not given.
func (m *message) object() (map[string]any, bool) {
	var payload map[string]any
	if len(m.Payload) == 0 {
		return nil, true
	}
	return payload, decode(m.Payload, &payload) == nil
}

func decode(data []byte, to any) error { return Decode(bytes.NewReader(data), to) }

// Decode reads one JSON value, its numbers as they are written, and nothing
// after it.
func Decode(from io.Reader, to any) error {
	d := json.NewDecoder(from)
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// encode writes a response; without data when nothing was executed.
func encode(r *graphql.Response) ([]byte, error) {
	if r.Data != nil {
		return json.Marshal(r)
	}
	return json.Marshal(struct {
		Errors     gqlerror.List  `json:"errors,omitempty"`
		Extensions map[string]any `json:"extensions,omitempty"`
	}{r.Errors, r.Extensions})
}

func errorsOf(list gqlerror.List) json.RawMessage {
	data, err := json.Marshal(list)
	if err != nil {
		return json.RawMessage(`[{"message":"something went wrong here"}]`)
	}
	return data
}

package live

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// entrance admits who says "let me in" until it is shut.
type entrance struct {
	ctx  context.Context
	shut context.CancelFunc
}

func (e *entrance) admit(ctx context.Context, payload map[string]any) (context.Context, error) {
	switch payload["say"] {
	case "let me in":
		ctx, cancel := context.WithCancel(ctx)
		context.AfterFunc(e.ctx, cancel)
		return ctx, nil
	case "who am I":
		return nil, fmt.Errorf("%w: nobody knows", ErrLater)
	}
	return nil, errors.New("not you")
}

func guarded(t *testing.T) (address string, e *entrance) {
	e = &entrance{}
	e.ctx, e.shut = context.WithCancel(t.Context())
	address, _, _ = serve(t, Server{InitTimeout: time.Hour, Admit: e.admit})
	return address, e
}

const letMeIn = `{"type":"connection_init","payload":{"say":"let me in"}}`

func TestWhichSocketsAreAdmitted(t *testing.T) {
	address, _ := guarded(t)
	for payload, code := range map[string]websocket.StatusCode{
		``: 4403, `,"payload":{}`: 4403, `,"payload":{"say":"please"}`: 4403, `,"payload":{"say":"who am I"}`: 1013,
	} {
		s := dial(t, address, Subprotocol)
		s.say(`{"type":"connection_init"` + payload + `}`)
		s.closed(code)
	}
	s := dial(t, address, Subprotocol)
	s.say(letMeIn)
	s.hear(`{"type":"connection_ack"}`)
	s.say(`{"type":"subscribe","id":"1","payload":{"query":"query"}}`)
	s.hear(`{"type":"next","id":"1","payload":{"data":"answer"}}`, `{"type":"complete","id":"1"}`)
	s.say(letMeIn)
	s.closed(4429)
}

func TestDoesASocketEndWithTheRightToIt(t *testing.T) {
	address, e := guarded(t)
	busy, idle, wrong := dial(t, address, Subprotocol), dial(t, address, Subprotocol), dial(t, address, Subprotocol)
	for _, s := range []*client{busy, idle, wrong} {
		s.say(letMeIn)
		s.hear(`{"type":"connection_ack"}`)
	}
	busy.say(running1)
	wrong.say(running1)
	wrong.say(`{"type":"start"}`)
	wrong.closed(4400) // how a socket ends that breaks the protocol is not changed by it
	e.shut()
	busy.closed(4403)
	idle.closed(4403)
}

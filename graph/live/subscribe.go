package live

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// running is an operation in progress.
type running struct{ stop context.CancelFunc }

func (c *socket) subscribe(m *message) *closing {
	params, ok := m.params()
	switch {
	case !c.acked.Load():
		return &unauthorized
	case !ok:
		return &badMessage
	}
	params.Headers = c.headers
	ctx, stop := context.WithCancel(c.ctx)
	this := &running{stop}
	switch c.admit(m.ID, this) {
	case taken:
		stop()
		return &duplicateID
	case full:
		stop()
		_ = c.send(message{Type: errorType, ID: m.ID, Payload: errorsOf(gqlerror.List{c.tooMany()})})
		return nil
	}
	c.tasks.Go(func() {
		defer c.done()
		defer stop()
		c.execute(ctx, m.ID, this, params)
	})
	return nil
}

// admission is what becomes of an operation that a client wants to run.
type admission int

const (
	admitted admission = iota
	taken              // its id is in use
	full               // as many run as may
)

func (c *socket) admit(id string, this *running) admission {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.active[id] != nil:
		return taken
	case c.count >= c.MaxOperations:
		return full
	}
	c.active[id] = this
	c.count++
	return admitted
}

func (c *socket) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count--
}

func (c *socket) tooMany() *gqlerror.Error {
	err := gqlerror.Errorf("a connection may run %d operations at a time; complete one, or open another connection", c.MaxOperations)
	err.Extensions = map[string]any{"code": "RESOURCE_EXHAUSTED"}
	return err
}

// execute runs one operation and tells how it ended, unless the client has
// completed it or the connection is over.
func (c *socket) execute(ctx context.Context, id string, this *running, params *graphql.RawParams) {
	end := message{Type: complete, ID: id}
	defer func() {
		if cause := recover(); cause != nil {
			end.Type, end.Payload = errorType, errorsOf(gqlerror.List{gqlerror.Wrap(c.Exec.PresentRecoveredError(ctx, cause))})
		}
		if c.release(id, this) && ctx.Err() == nil {
			_ = c.send(end)
		}
	}()
	ctx = graphql.StartOperationTrace(ctx)
	pass, denied := c.Enter(ctx)
	if denied != nil {
		end.Type, end.Payload = errorType, errorsOf(gqlerror.List{denied})
		return
	}
	defer pass.Leave()
	op, errs := c.Exec.CreateOperationContext(ctx, params)
	refused, err := c.run(ctx, pass, op, errs, func(response *graphql.Response) error {
		data, err := encode(response)
		if err != nil {
			return err
		}
		return c.send(message{Type: next, ID: id, Payload: data})
	})
	switch {
	case err != nil:
		c.release(id, this)
	case refused != nil:
		end.Type, end.Payload = errorType, errorsOf(refused.Errors)
	}
}

// release frees the id; false when the client has done so before.
func (c *socket) release(id string, this *running) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.active[id] != this {
		return false
	}
	delete(c.active, id)
	return true
}

// drop ends the operation with the id, if there is one.
func (c *socket) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if op := c.active[id]; op != nil {
		op.stop()
		delete(c.active, id)
	}
}

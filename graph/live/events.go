package live

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// EventStream is the media type of server-sent events.
const EventStream = "text/event-stream"

// Events answers one operation as server-sent events: a `next` for each response,
// also one with errors only, and `complete` at the end. Without `complete` the
// connection broke off or the server stops: the client should come again.
//
// The request's body must have been read; op and errs are what the executor made
// of it, and pass is what lets it run; the caller takes it back.
func (s Server) Events(w http.ResponseWriter, r *http.Request, pass Pass, op *graphql.OperationContext, errs gqlerror.List) {
	s = s.withDefaults()
	out := &eventWriter{w: w, control: http.NewResponseController(w), timeout: s.WriteTimeout}
	// The server's deadline was for reading the request: once it passes, net/http
	// would take the client for gone. Unsupported only by writers in tests.
	_ = out.control.SetReadDeadline(time.Time{})
	header := w.Header()
	header.Set("Content-Type", EventStream+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // proxies would hold events back
	w.WriteHeader(http.StatusOK)

	ctx, stop := context.WithCancel(r.Context())
	var beating sync.WaitGroup
	beating.Go(func() { out.beat(ctx, stop, s.Heartbeat) })
	defer beating.Wait()
	defer stop()
	if out.write(":\n\n") != nil {
		return
	}
	refused, err := s.run(ctx, pass, op, errs, out.next)
	if refused != nil {
		err = out.next(refused)
	}
	if err == nil {
		_ = out.write("event: complete\ndata:\n\n") // a client gone away is no error of ours
	}
}

// eventWriter writes whole events, one at a time.
type eventWriter struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
}

func (e *eventWriter) next(response *graphql.Response) error {
	data, err := encode(response) // on one line: it is compact
	if err != nil {
		return err
	}
	return e.write("event: next\ndata: ", string(data), "\n\n")
}

func (e *eventWriter) write(parts ...string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = e.control.SetWriteDeadline(time.Now().Add(e.timeout)) // unsupported only by writers in tests
	if _, err := e.w.Write([]byte(strings.Join(parts, ""))); err != nil {
		return err
	}
	return e.control.Flush()
}

// beat writes a comment every now and then, so that proxies keep the connection
// and a client that is gone is noticed: then it stops the operation.
func (e *eventWriter) beat(ctx context.Context, stop context.CancelFunc, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if e.write(":\n\n") != nil {
				stop()
				return
			}
		}
	}
}

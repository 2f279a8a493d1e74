package live

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// ErrLater is the error of [Server].Admit when nobody can tell just now.
var ErrLater = errors.New("live: try again later")

// Executor is gqlgen's executor.
type Executor interface {
	graphql.GraphExecutor
	PresentRecoveredError(ctx context.Context, cause any) error
}

// Pass is the leave to run an operation. Its methods may be called more than once.
type Pass interface {
	// Done says that the server's part is done: a response waits for its reader.
	Done()
	// Leave says that the operation is over, or is a subscription that has begun.
	Leave()
}

// Server carries operations over open connections. Exec is needed; the zero value
// of a limit is its default.
type Server struct {
	Exec Executor
	// Enter lets an operation of a socket begin, or tells why not; nil lets all.
	Enter func(context.Context) (Pass, *gqlerror.Error)
	// Params names the parameters of a socket's connection_init, strings, that
	// count as headers of its operations: browsers cannot set headers there.
	Params []string
	// Admit decides on a socket by the payload of its connection_init, nil for
	// none, and gives the context that its operations run in: one that ends with
	// ctx, and before that when the client may go on no longer. The socket is
	// closed with 4403 then, and when Admit fails; with 1013 when its error is
	// ErrLater. nil: every client may.
	Admit func(ctx context.Context, payload map[string]any) (context.Context, error)
	// QueryTimeout bounds an operation that is no subscription; nil: 30 s.
	QueryTimeout func(context.Context) time.Duration
	// WriteTimeout is how long a client may take to make room for one message
	// before its connection is cut; default 10 s.
	WriteTimeout time.Duration
	// Heartbeat is the time between signs of life; default 12 s.
	Heartbeat time.Duration
	// InitTimeout is how long a socket may take to send connection_init;
	// default 3 s.
	InitTimeout time.Duration
	// MaxMessage is the largest message of a client in bytes; default 64 KiB.
	MaxMessage int64
	// MaxOperations is how many operations a socket may run at a time; default 50.
	MaxOperations int
}

func (s Server) withDefaults() Server {
	if s.QueryTimeout == nil {
		s.QueryTimeout = func(context.Context) time.Duration { return 30 * time.Second }
	}
	if s.Enter == nil {
		s.Enter = func(context.Context) (Pass, *gqlerror.Error) { return free{}, nil }
	}
	s.WriteTimeout = orDefault(s.WriteTimeout, 10*time.Second)
	s.Heartbeat = orDefault(s.Heartbeat, 12*time.Second)
	s.InitTimeout = orDefault(s.InitTimeout, 3*time.Second)
	s.MaxMessage = orDefault(s.MaxMessage, 64<<10)
	s.MaxOperations = orDefault(s.MaxOperations, 50)
	return s
}

// free is the pass where all may run.
type free struct{}

// Done does nothing.
func (free) Done() {}

// Leave does nothing.
func (free) Leave() {}

func orDefault[T int | int64 | time.Duration](v, fallback T) T {
	if v <= 0 {
		return fallback
	}
	return v
}

// run executes a parsed operation, or one whose parsing gave errors, and hands
// each response to next, which says when the connection is gone. It gives the
// response with the errors of an operation that was refused or that broke off;
// an error when nobody listens any more, because next failed or ctx ended.
func (s Server) run(ctx context.Context, pass Pass, op *graphql.OperationContext, errs gqlerror.List, next func(*graphql.Response) error) (refused *graphql.Response, err error) {
	if len(errs) > 0 {
		return s.Exec.DispatchError(graphql.WithOperationContext(ctx, op), errs), nil
	}
	outer := ctx
	ctx, stream := withStream(ctx, s.Exec)
	defer stream.work.Wait()
	subscription := op.Operation.Operation == ast.Subscription
	ctx, cancel := s.bounded(ctx, subscription)
	defer cancel()
	responses, ctx := s.Exec.DispatchOperation(ctx, op)
	if subscription {
		pass.Leave()
	}
	for first := true; ; first = false {
		response := responses(ctx)
		pass.Done()
		switch {
		case outer.Err() != nil:
			return nil, outer.Err()
		case response == nil && stream.failure() != nil:
			return s.Exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{gqlerror.Wrap(stream.failure())}), nil
		case response == nil && !subscription:
			return s.Exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{gqlerror.Wrap(context.DeadlineExceeded)}), nil
		case response == nil:
			return nil, nil
		case first && subscription && response.Data == nil && len(response.Errors) > 0:
			return response, nil // there is no stream
		}
		if err := next(response); err != nil {
			return nil, err
		}
		if !subscription {
			return nil, nil // there is one response
		}
	}
}

func (s Server) bounded(ctx context.Context, subscription bool) (context.Context, context.CancelFunc) {
	if subscription {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.QueryTimeout(ctx))
}

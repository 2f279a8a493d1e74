package live

import (
	"context"
	"sync"
)

// stream is what an operation in progress has begun, and why it ended early.
type stream struct {
	work sync.WaitGroup
	exec Executor

	mu  sync.Mutex
	err error
}

type streamKey struct{}

// withStream gives the context in which [Go] and [Fail] work. The operation must
// wait for stream.work once the context has ended.
func withStream(ctx context.Context, exec Executor) (context.Context, *stream) {
	s := &stream{exec: exec}
	return context.WithValue(ctx, streamKey{}, s), s
}

// Go runs the work of a streaming resolver in a goroutine of the operation, which
// does not end before it. The work must end soon after its context. A panic in
// it ends the operation with the error of the executor's recover function.
func Go(ctx context.Context, work func()) {
	s, ok := ctx.Value(streamKey{}).(*stream)
	if !ok {
		panic("live: Go outside of a stream")
	}
	s.work.Go(func() {
		defer func() {
			if cause := recover(); cause != nil {
				s.fail(s.exec.PresentRecoveredError(ctx, cause))
			}
		}()
		work()
	})
}

// Fail says why the work ends before its time: the client gets the error as the
// last thing, once the channel of the resolver is closed.
func Fail(ctx context.Context, err error) {
	if s, ok := ctx.Value(streamKey{}).(*stream); ok {
		s.fail(err)
	}
}

func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *stream) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

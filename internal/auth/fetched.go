package auth

import (
	"context"
	"sync"
	"time"
)

// fetched is a value that is read from elsewhere, by one for all who want it.
type fetched[T any] struct {
	read    func(context.Context) (T, error)
	timeout time.Duration // of one reading

	mu   sync.Mutex
	last *reading[T]
}

// reading is one; value and err count once done is closed.
type reading[T any] struct {
	begun time.Time
	done  chan struct{}
	value T
	err   error
}

// since gives the last reading when it is under way, or began no longer ago than
// good when it went well and bad when it did not; otherwise it begins another.
func (f *fetched[T]) since(good, bad time.Duration) *reading[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last != nil {
		select {
		case <-f.last.done:
			age := good
			if f.last.err != nil {
				age = bad
			}
			if time.Since(f.last.begun) <= age {
				return f.last
			}
		default:
			return f.last
		}
	}
	r := &reading[T]{begun: time.Now(), done: make(chan struct{})}
	f.last = r
	go func() {
		defer close(r.done)
		// Not the context of who asked first: others wait for it too.
		ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
		defer cancel()
		r.value, r.err = f.read(ctx)
	}()
	return r
}

// wait is what a reading gave, or the error of a context that ends before it does.
func (r *reading[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-r.done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

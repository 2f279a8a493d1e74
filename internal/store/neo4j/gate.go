package neo4j

import (
	"context"
	"sync"
	"time"
)

const (
	// setUpTime bounds one set-up: a large map may have indexes to be filled.
	setUpTime = 10 * time.Minute
	// retryPause is how long a failed set-up answers for the calls after it.
	retryPause = 500 * time.Millisecond
)

// gate lets the set-up run once, and again after it failed. It runs apart from
// the calls that wait for it: theirs may be too short for it, a probe's above all.
type gate struct {
	life context.Context // of the store
	end  context.CancelFunc
	open chan struct{} // closed when the set-up is done

	mu     sync.Mutex
	run    *setUpRun // the last one, if any
	failed time.Time // when it failed
}

// setUpRun is one try; err counts when done is closed.
type setUpRun struct {
	done chan struct{}
	err  error
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	g.life, g.end = context.WithCancel(context.Background())
	return g
}

// ready makes sure that the constraints exist.
func (s *Store) ready(ctx context.Context) error {
	g := s.schema
	select {
	case <-g.open:
		return nil
	default:
	}
	run := g.join(s.setUp)
	select {
	case <-run.done:
		return run.err
	case <-ctx.Done():
		return failure(ctx, ctx.Err())
	}
}

// join gives the set-up that is under way, or has just failed, or else a new one.
func (g *gate) join(setUp func(context.Context) error) *setUpRun {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.run != nil && (g.failed.IsZero() || time.Since(g.failed) < retryPause) {
		return g.run
	}
	run := &setUpRun{done: make(chan struct{})}
	g.run, g.failed = run, time.Time{}
	go func() {
		defer close(run.done)
		ctx, cancel := context.WithTimeout(g.life, setUpTime)
		defer cancel()
		if run.err = failure(ctx, setUp(ctx)); run.err == nil {
			close(g.open)
			return
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.failed = time.Now()
	}()
	return run
}

// close ends a set-up that is under way.
func (g *gate) close() {
	g.end()
	g.mu.Lock()
	run := g.run
	g.mu.Unlock()
	if run != nil {
		<-run.done
	}
}

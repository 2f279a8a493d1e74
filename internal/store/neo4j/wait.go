package neo4j

import (
	"context"
	"sync"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const (
	// lookEvery is the time between looks at the head while somebody waits;
	// nobody looks while nobody does.
	lookEvery = 250 * time.Millisecond
	// lookTimeout bounds one look; the first may have to set up the schema.
	lookTimeout = 30 * time.Second
)

// Wait blocks until a revision above after is committed: see [store.Store].
// One loop looks at the head for all who wait in this process, at once when
// somebody comes and then every lookEvery. It follows the database, so it sees
// what other processes commit.
func (s *Store) Wait(ctx context.Context, after int64) (int64, error) {
	w := s.watch
	look, head := w.join(s, after)
	if look == nil {
		return head, nil
	}
	defer w.leave()
	for {
		select {
		case <-look.done:
		case <-ctx.Done():
			return 0, failure(ctx, ctx.Err())
		}
		if look.err != nil || look.head > after {
			return look.head, look.err
		}
		look = w.upcoming()
	}
}

// watch is who waits for the head to move. Make it with newWatch.
type watch struct {
	ctx  context.Context // ends with the store
	end  context.CancelFunc
	loop sync.WaitGroup

	mu      sync.Mutex
	known   int64 // the last revision that is known to be complete; -1: none
	waiting int
	next    *glance       // the one that will begin next
	nudge   chan struct{} // capacity 1: somebody came, look now
	stop    chan struct{} // closed when the last one leaves
}

func newWatch() *watch {
	w := &watch{known: -1}
	w.ctx, w.end = context.WithCancel(context.Background())
	return w
}

// close ends the loop, if there is one.
func (w *watch) close() {
	w.end()
	w.loop.Wait()
}

// glance is one look at the head, shared by all who waited when it began.
type glance struct {
	done chan struct{} // closed when head and err are set
	head int64
	err  error
}

// join gives the look to wait for, or nil and the head when it is high enough
// already. The first to come starts the loop.
func (w *watch) join(s *Store, after int64) (*glance, int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known > after {
		return nil, w.known
	}
	if w.waiting == 0 {
		w.nudge, w.stop = make(chan struct{}, 1), make(chan struct{})
		w.next = &glance{done: make(chan struct{})}
		nudge, stop := w.nudge, w.stop
		w.loop.Go(func() { w.keepLooking(s, nudge, stop) })
	}
	w.waiting++
	select {
	case w.nudge <- struct{}{}:
	default:
	}
	return w.next, 0
}

func (w *watch) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting--; w.waiting == 0 {
		close(w.stop)
	}
}

func (w *watch) upcoming() *glance {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.next
}

// begin takes the look that others wait for; who comes from now on waits for
// the one after.
func (w *watch) begin() (l *glance, known int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, w.next = w.next, &glance{done: make(chan struct{})}
	return l, w.known
}

func (w *watch) finish(l *glance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l.err == nil {
		w.known = max(w.known, l.head)
	}
	close(l.done)
}

func (w *watch) keepLooking(s *Store, nudge, stop <-chan struct{}) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-w.ctx.Done():
			return
		case <-nudge:
		case <-tick.C:
		}
		l, known := w.begin()
		l.head, l.err = s.completeHead(known)
		w.finish(l)
	}
}

// completeHead is the head once all of its commit can be read. Reads take no
// locks, and the server does not promise that who sees the head of a transaction
// sees its log entries by then; the lock of the head is free only when the
// transaction is over. It is taken only when the head has moved.
func (s *Store) completeHead(known int64) (int64, error) {
	ctx, cancel := context.WithTimeout(s.watch.ctx, lookTimeout)
	defer cancel()
	head, err := s.Head(ctx)
	if err != nil || head == known {
		return head, err
	}
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	locked, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		w := &writer{ctx: ctx, tx: tx}
		return w.head(0), w.err
	}, limits(ctx, "wait")...)
	if err != nil {
		return 0, failure(ctx, err)
	}
	return locked.(int64), nil
}

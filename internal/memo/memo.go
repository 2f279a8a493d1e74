// Package memo keeps results that are dear to compute. However many ask for one
// at the same time, it is computed once; when the last of them leaves, the work
// is given up; and what has not been asked for longest is dropped when the
// results take too much memory.
package memo

import (
	"container/list"
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// Cache keeps results by key. Keys are comparable values; give each use a key
// type of its own. All methods may be called at the same time.
type Cache struct {
	limit int64 // bytes

	mu      sync.Mutex
	entries map[any]*entry
	recent  *list.List // of *entry that are done, the last asked for first
	used    int64      // bytes, of those
	begun   int64
	working int
}

// entry is a result, or the work on it.
type entry struct {
	key    any
	done   chan struct{} // closed when the work has ended
	value  any
	err    error
	fault  *Panic
	size   int64
	place  *list.Element // in recent; nil before
	askers int
	cancel context.CancelFunc
}

// Panic is what a caller of [Get] panics with when the work did.
type Panic struct {
	Value any
	Stack []byte // of the work
}

// Error says where the work panicked.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// New makes a cache for results of so many bytes in all, by their own account.
// The work in progress does not count.
func New(limit int64) *Cache {
	return &Cache{limit: limit, entries: map[any]*entry{}, recent: list.New()}
}

// Get gives the result under the key: the kept one, that of work others began,
// or that of work, which tells how many bytes its result takes. An error is
// given to all who wait and not kept.
//
// work runs with the values of ctx but not with its end: it ends when all who
// asked have left, each by its own context, whose error Get then returns.
func Get[V any](ctx context.Context, c *Cache, key any, work func(context.Context) (V, int64, error)) (V, error) {
	var none V
	if err := ctx.Err(); err != nil {
		return none, err
	}
	e := c.join(ctx, key, func(ctx context.Context) (any, int64, error) { return work(ctx) })
	select {
	case <-e.done:
	case <-ctx.Done():
		c.leave(e)
		return none, ctx.Err()
	}
	switch {
	case e.fault != nil:
		panic(e.fault)
	case e.err != nil:
		return none, e.err
	}
	return e.value.(V), nil
}

// join finds the entry or begins it.
func (c *Cache) join(ctx context.Context, key any, work func(context.Context) (any, int64, error)) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil {
		if e.place != nil {
			c.recent.MoveToFront(e.place)
		}
		e.askers++
		return e
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e := &entry{key: key, done: make(chan struct{}), askers: 1, cancel: cancel}
	c.entries[key] = e
	c.begun++
	c.working++
	go c.run(ctx, e, work)
	return e
}

// leave takes an asker off work in progress; without any it is given up.
func (c *Cache) leave(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.askers--
	if e.askers == 0 && e.place == nil {
		e.cancel()
		c.remove(e)
	}
}

func (c *Cache) run(ctx context.Context, e *entry, work func(context.Context) (any, int64, error)) {
	defer e.cancel()
	e.value, e.size, e.fault, e.err = guarded(ctx, work)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(e.done)
	c.working--
	if c.entries[e.key] != e {
		return // given up, or forgotten
	}
	if e.err != nil || e.fault != nil || e.size > c.limit {
		c.remove(e)
		return
	}
	e.place = c.recent.PushFront(e)
	c.used += e.size
	for c.used > c.limit {
		c.remove(c.recent.Back().Value.(*entry))
	}
}

func guarded(ctx context.Context, work func(context.Context) (any, int64, error)) (value any, size int64, fault *Panic, err error) {
	defer func() {
		if p := recover(); p != nil {
			fault = &Panic{p, debug.Stack()}
		}
	}()
	value, size, err = work(ctx)
	return value, size, nil, err
}

// remove needs mu.
func (c *Cache) remove(e *entry) {
	if c.entries[e.key] == e {
		delete(c.entries, e.key)
	}
	if e.place != nil {
		c.recent.Remove(e.place)
		e.place = nil
		c.used -= e.size
	}
}

// Forget drops the results that are done and for which gone says so. It must not
// call the cache.
func (c *Cache) Forget(gone func(key, value any) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.entries {
		if e.place != nil && gone(e.key, e.value) {
			c.remove(e)
		}
	}
}

// Stats tells how much a cache keeps and does.
type Stats struct {
	Used    int64 // bytes that the results take
	Begun   int64 // works ever begun
	Working int   // works in progress, those given up that have not ended yet among them
}

// Stats counts.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{c.used, c.begun, c.working}
}

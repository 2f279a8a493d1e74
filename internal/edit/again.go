package edit

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// attempts is how often a write is tried when others got in between.
	attempts = 30
	// firstPause and longestPause bound how long it waits before it tries again: a
	// random part of a time that doubles.
	firstPause   = 2 * time.Millisecond
	longestPause = 500 * time.Millisecond
)

// again does a write, and does it again when try says that another one got in
// between, until the context ends or many attempts were in vain. Those that try
// again take turns: of many that write the same records each would have its work
// undone by every other one.
func (e *Editor) again(ctx context.Context, try func() (met bool, err error)) error {
	met, err := try()
	if !met {
		return err
	}
	leave, ok := e.turn.take(ctx)
	if !ok {
		return err
	}
	defer leave()
	for n := range attempts - 1 {
		if met, err = try(); !met || !store.Pause(ctx, rand.N(min(firstPause<<min(n, 20), longestPause))) {
			return err
		}
	}
	return err
}

// met tells of a write whether another one got in between.
func met(err error) (bool, error) { return network.CodeOf(err) == network.Conflict, err }

// turn is taken by one at a time. The zero value is ready.
type turn struct {
	once  sync.Once
	token chan struct{}
}

// take waits for the turn; false when the context ended first.
func (t *turn) take(ctx context.Context) (leave func(), ok bool) {
	t.once.Do(func() { t.token = make(chan struct{}, 1) })
	select {
	case t.token <- struct{}{}:
		return func() { <-t.token }, true
	case <-ctx.Done():
		return nil, false
	}
}

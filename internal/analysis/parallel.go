package analysis

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// inBlocks splits 0 to count-1 into blocks of the given size and works on them
// with up to GOMAXPROCS goroutines. Each calls begin once for a work function
// with memory of its own, which is then given one block after the other. Which
// goroutine gets which block is chance: for a result that is the same every
// time, let each block write what is its own, and add up in order of blocks.
//
// It returns, after all have stopped, the first error, or that of the context.
// A panic in a goroutine goes on in the caller's. Each of the count is a step of
// the [Progress].
func inBlocks(ctx context.Context, count, size int, begin func() func(block, lo, hi int) error) error {
	progress := steps(ctx, count)
	return blocks(ctx, count, size, func() func(int, int, int) error {
		work := begin()
		return func(block, lo, hi int) error {
			err := work(block, lo, hi)
			progress.add(hi - lo)
			return err
		}
	})
}

// blocks is inBlocks without steps.
func blocks(ctx context.Context, count, size int, begin func() func(block, lo, hi int) error) error {
	n := (count + size - 1) / size
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		return runBlocks(ctx, count, size, new(atomic.Int64), begin())
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	var once sync.Once
	var failed error
	var panicked any
	stop := func(err error, p any) {
		once.Do(func() { failed, panicked = err, p })
		next.Store(int64(n))
	}
	for range workers {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					stop(nil, p)
				}
			}()
			if err := runBlocks(ctx, count, size, &next, begin()); err != nil {
				stop(err, nil)
			}
		})
	}
	wg.Wait()
	if panicked != nil {
		panic(panicked)
	}
	return failed
}

func runBlocks(ctx context.Context, count, size int, next *atomic.Int64, work func(block, lo, hi int) error) error {
	for {
		block := int(next.Add(1)) - 1
		lo := block * size
		if lo >= count {
			return ctx.Err()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := work(block, lo, min(lo+size, count)); err != nil {
			return err
		}
	}
}

// inBlocksOf is inBlocks with one work function for all goroutines, and without
// steps: what uses it goes over all of the nodes many times.
func inBlocksOf(ctx context.Context, count, size int, work func(lo, hi int)) error {
	return blocks(ctx, count, size, func() func(int, int, int) error {
		return func(_, lo, hi int) error {
			work(lo, hi)
			return nil
		}
	})
}

// eachNode works on the nodes one by one, in blocks. Work tells how many units
// of work, each a few nanoseconds, a node took.
func eachNode(ctx context.Context, nodes int, begin func() func(node int32) (units int)) error {
	return inBlocks(ctx, nodes, max(64, nodes/256), func() func(int, int, int) error {
		work, stop := begin(), stopper{ctx: ctx}
		return func(_, lo, hi int) error {
			for v := lo; v < hi; v++ {
				if err := stop.spend(work(int32(v))); err != nil {
					return err
				}
			}
			return nil
		}
	})
}

// stopper asks the context once in a while.
type stopper struct {
	ctx  context.Context
	left int
}

// stopEvery is how many units of work may pass between two looks at the context.
const stopEvery = 1 << 16

// spend counts units of work; it tells when the context has ended.
func (s *stopper) spend(units int) error {
	s.left -= units
	if s.left > 0 {
		return nil
	}
	s.left = stopEvery
	return s.ctx.Err()
}

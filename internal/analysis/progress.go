package analysis

import (
	"context"
	"sync/atomic"
)

// Progress tells how far a computation has come. All methods may be called at
// the same time, and on nil.
type Progress struct{ done, total atomic.Int64 }

type progressKey struct{}

// WithProgress makes computations under the context say in p how far they have
// come. Of several one after the other it tells of the one that runs.
func WithProgress(ctx context.Context, p *Progress) context.Context {
	return context.WithValue(ctx, progressKey{}, p)
}

// Counts is how many steps, of as many as the computation takes, are done. A
// step is what is computed from one node. The total is 0 for what does not go
// node by node.
func (p *Progress) Counts() (done, total int64) {
	if p == nil {
		return 0, 0
	}
	return p.done.Load(), p.total.Load()
}

// steps begins to count the steps of a computation.
func steps(ctx context.Context, total int) *Progress {
	p, _ := ctx.Value(progressKey{}).(*Progress)
	if p != nil {
		p.done.Store(0)
		p.total.Store(int64(total))
	}
	return p
}

func (p *Progress) add(n int) {
	if p != nil {
		p.done.Add(int64(n))
	}
}

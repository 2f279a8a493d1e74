package backup

import (
	"context"
	"iter"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Source is what a backup is made of. Every store is one; it may be written to
// meanwhile.
type Source interface {
	Head(ctx context.Context) (int64, error)
	Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error]
	Receipts(ctx context.Context, since int64) iter.Seq2[*store.Receipt, error]
	Erasures(ctx context.Context) ([]store.Erasure, error)
}

// Commit is one revision: its log entries in order of seq, and the receipts that
// have it, those of writes that changed nothing among them. Revision 0, which has
// receipts only, stands for what was before the first commit.
type Commit struct {
	Revision      int64
	At            time.Time
	Actor, Reason string
	Changes       []*store.Change
	Receipts      []*store.Receipt
}

// commitsOf are the commits up to head; 0 first when it has receipts. It is an
// error when one is missing.
func commitsOf(ctx context.Context, src Source, head int64) iter.Seq2[*Commit, error] {
	return func(yield func(*Commit, error) bool) {
		g := &grouping{yield: yield, head: head, at: &Commit{}}
		var stop func()
		g.receipt, stop = iter.Pull2(src.Receipts(ctx, -1))
		defer stop()
		if head > 0 {
			for c, err := range src.Changes(ctx, network.Admin("backup"), 0) {
				if err != nil {
					yield(nil, err)
					return
				}
				if c.Revision > head {
					break // made meanwhile
				}
				if !g.add(c) {
					return
				}
			}
		}
		if g.at.Revision != head {
			yield(nil, errHole(g.at.Revision))
			return
		}
		g.done()
	}
}

// grouping puts entries together, and receipts beside them.
type grouping struct {
	yield   func(*Commit, error) bool
	head    int64
	at      *Commit
	receipt func() (*store.Receipt, error, bool)
	next    *store.Receipt // read and not yet placed
	ended   bool           // of the receipts
}

// add is false when no more is wanted.
func (g *grouping) add(c *store.Change) bool {
	switch {
	case c.Revision == g.at.Revision && c.Seq == len(g.at.Changes):
	case c.Revision == g.at.Revision+1 && c.Seq == 0:
		if !g.done() {
			return false
		}
		g.at = &Commit{Revision: c.Revision, At: c.At, Actor: c.Actor, Reason: c.Reason}
	default:
		g.yield(nil, errHole(g.at.Revision))
		return false
	}
	g.at.Changes = append(g.at.Changes, c)
	return true
}

// done gives the commit away with its receipts.
func (g *grouping) done() bool {
	for !g.ended {
		if g.next == nil {
			r, err, ok := g.receipt()
			if err != nil {
				g.yield(nil, err)
				return false
			}
			if g.ended = !ok || r.Revision > g.head; g.ended {
				break
			}
			g.next = r
		}
		if g.next.Revision > g.at.Revision {
			break
		}
		g.at.Receipts = append(g.at.Receipts, g.next)
		g.next = nil
	}
	if g.at.Revision == 0 && len(g.at.Receipts) == 0 {
		return true
	}
	return g.yield(g.at, nil)
}

func errHole(revision int64) error {
	return network.Errorf(network.Internal, "the log has a hole after revision %d: no backup can be made of it; run verify on the store", revision)
}

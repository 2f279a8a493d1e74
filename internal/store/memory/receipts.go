package memory

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/musubi-map/musubi/internal/store"
)

// Receipt is what the actor's batch with this key left.
func (s *Store) Receipt(ctx context.Context, actor, key string) (*store.Receipt, error) {
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.receipts[receiptKey{actor, key}], nil
}

// Receipts reads the receipts left after since, as they are when it is called.
func (s *Store) Receipts(ctx context.Context, since int64) iter.Seq2[*store.Receipt, error] {
	return func(yield func(*store.Receipt, error) bool) {
		for _, r := range s.receiptsAfter(since) {
			if err := ctxError(ctx); err != nil {
				yield(nil, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *Store) receiptsAfter(since int64) (out []*store.Receipt) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.receipts {
		if r.Revision > since {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *store.Receipt) int {
		return cmp.Or(cmp.Compare(a.Revision, b.Revision), a.At.Compare(b.At), cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Key, b.Key))
	})
	return out
}

func (s *Store) insertReceipt(r *store.Receipt) {
	if r != nil {
		s.receipts[receiptKey{r.Actor, r.Key}] = r
	}
}

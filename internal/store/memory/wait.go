package memory

import "context"

// Wait blocks until a revision above after is committed: see [store.Store]. The
// commit itself wakes those who wait.
func (s *Store) Wait(ctx context.Context, after int64) (int64, error) {
	for {
		s.mu.RLock()
		head, grown := s.head, s.grown
		s.mu.RUnlock()
		if err := ctxError(ctx); err != nil {
			return 0, err
		}
		if head > after {
			return head, nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
		}
	}
}

// advance makes the revision the last one and wakes those who wait for it. The
// lock is held.
func (s *Store) advance(revision int64) {
	s.head = revision
	close(s.grown)
	s.grown = make(chan struct{})
}

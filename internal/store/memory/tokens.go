package memory

import (
	"context"
	"sync"
	"time"

	"github.com/musubi-map/musubi/internal/store"
)

// tokens are the API tokens of a volatile store. The zero value is ready.
type tokens struct {
	mu   sync.Mutex
	byID map[string]*store.Token
}

var _ store.TokenStore = (*tokens)(nil)

// AddToken keeps a new token.
func (s *tokens) AddToken(ctx context.Context, t *store.Token) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID[t.ID] != nil {
		return store.ErrTokenTaken()
	}
	if s.byID == nil {
		s.byID = map[string]*store.Token{}
	}
	s.byID[t.ID] = t.Clone()
	return nil
}

// Tokens are all that were ever added.
func (s *tokens) Tokens(ctx context.Context) ([]*store.Token, error) {
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*store.Token, 0, len(s.byID))
	for _, t := range s.byID {
		out = append(out, t.Clone())
	}
	store.SortTokens(out)
	return out, nil
}

// RevokeToken ends a token.
func (s *tokens) RevokeToken(ctx context.Context, id string, at time.Time) error {
	if err := ctxError(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.byID[id]
	if t == nil {
		return store.ErrNoToken()
	}
	if t.Revoked.IsZero() {
		t.Revoked = at.UTC().Truncate(time.Second)
	}
	return nil
}

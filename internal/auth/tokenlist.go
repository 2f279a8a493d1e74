package auth

import (
	"context"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// tokensLast is how long what was read of the tokens counts: what another
	// process adds or revokes is noticed after that at the latest.
	tokensLast = 2 * time.Second
	// tokensRetry is the time before a store that did not answer is asked again.
	tokensRetry = 250 * time.Millisecond
	// tokensTimeout bounds one reading.
	tokensTimeout = 5 * time.Second
)

// tokenList reads the tokens of a store, all at once: there are few of them, and who
// sends tokens that do not exist costs the store nothing.
type tokenList struct {
	fetched[map[string]*store.Token] // by ID
}

func newTokenList(s store.TokenStore) *tokenList {
	l := &tokenList{}
	l.timeout = tokensTimeout
	l.read = func(ctx context.Context) (map[string]*store.Token, error) {
		list, err := s.Tokens(ctx)
		byID := make(map[string]*store.Token, len(list))
		for _, t := range list {
			byID[t.ID] = t
		}
		return byID, err
	}
	return l
}

func (l *tokenList) check(ctx context.Context, bearer string, now time.Time) (*Identity, error) {
	shape := tokenShape.FindStringSubmatch(bearer)
	if shape == nil {
		return nil, errRefused("it is not whole")
	}
	t, err := l.find(ctx, shape[1])
	if err != nil {
		return nil, err
	}
	if !isOf(t, bearer) {
		return nil, errNoSuchToken()
	}
	if err := Standing(t, now); err != nil {
		return nil, err
	}
	return &Identity{
		Viewer:  network.Viewer{Role: t.Role, Actor: "token:" + t.ID, Organizations: t.Organizations},
		Expires: t.Expires,
		still: func(ctx context.Context) error {
			t, err := l.find(ctx, t.ID)
			if err == nil && !t.Revoked.IsZero() {
				err = errRevoked()
			}
			return err
		},
	}, nil
}

// find is the token with the ID.
func (l *tokenList) find(ctx context.Context, id string) (*store.Token, error) {
	byID, err := l.since(tokensLast, tokensRetry).wait(ctx)
	switch {
	case err != nil:
		return nil, errUnchecked()
	case byID[id] == nil:
		return nil, errNoSuchToken()
	}
	return byID[id], nil
}

func errNoSuchToken() *network.Error { return errRefused("there is none like it") }
func errRevoked() *network.Error     { return errRefused("it was revoked") }

// errUnchecked says that nobody knows just now whether a token counts.
func errUnchecked() *network.Error {
	return network.Errorf(network.Unavailable, "the token cannot be checked just now; try again in a moment")
}

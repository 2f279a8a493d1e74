package auth

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxToken is the longest token that is looked at, in bytes.
const maxToken = 8 << 10

// Options say which tokens count.
type Options struct {
	// Tokens keeps the API tokens; nil: none count.
	Tokens store.TokenStore
	// OIDC is the OpenID provider; nil: no JWT counts.
	OIDC *OIDC
	// Clock tells when tokens begin and end; nil: the system's.
	Clock network.Clock
	// Log is told why tokens are refused, and of a provider that does not answer;
	// nil: nobody is.
	Log *slog.Logger
}

// Authenticator checks tokens. Make it with [New]; it may be used by many at once.
type Authenticator struct {
	tokens *tokenList
	oidc   *verifier
	clock  network.Clock
	log    *slog.Logger
}

// New makes an authenticator. It asks nobody yet: a provider that is down now may
// be up later. Its errors name a setting that makes no sense.
func New(o Options) (*Authenticator, error) {
	a := &Authenticator{clock: o.Clock, log: o.Log}
	if a.clock == nil {
		a.clock = network.SystemClock()
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if o.Tokens != nil {
		a.tokens = newTokenList(o.Tokens)
	}
	if o.OIDC != nil {
		var err error
		if a.oidc, err = newVerifier(*o.OIDC, a.clock, a.log); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Authenticate tells whom a bearer token stands for. The same token may stand for
// nobody a moment later.
func (a *Authenticator) Authenticate(ctx context.Context, bearer string) (*Identity, error) {
	id, err := a.check(ctx, bearer)
	if err != nil {
		a.log.InfoContext(ctx, "a token was refused", "code", network.CodeOf(err), "why", err.Error())
		return nil, err
	}
	return id, nil
}

func (a *Authenticator) check(ctx context.Context, bearer string) (*Identity, error) {
	switch {
	case len(bearer) > maxToken:
		return nil, errRefused("it is too long")
	case strings.HasPrefix(bearer, tokenPrefix):
		if a.tokens == nil {
			return nil, errRefused("API tokens do not count here")
		}
		return a.tokens.check(ctx, bearer, a.clock.Now())
	case a.oidc == nil:
		return nil, errRefused("it is no API token, and no others count here")
	}
	return a.oidc.verify(ctx, bearer)
}

// errRefused says why a token does not count.
func errRefused(why string) *network.Error {
	return network.Errorf(network.Unauthenticated, "the token does not count: %s", why)
}

// errExpired is told apart: a client then gets a new token and goes on.
func errExpired() *network.Error { return errRefused("it has expired; get a new one") }

// recheck is the time between looks at a token whose stream is open.
const recheck = time.Second

// during gives a context that ends when the token expires or is revoked; the work
// that it is for must end it with cancel. While the store of the tokens does not
// answer, the token counts as it did.
func (a *Authenticator) during(ctx context.Context, id *Identity) (_ context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(ctx)
	go func() {
		defer cancel()
		end := time.NewTimer(id.Expires.Sub(a.clock.Now()))
		defer end.Stop()
		look := time.NewTicker(recheck)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-end.C:
				return
			case <-look.C:
				if id.still != nil && network.CodeOf(id.still(ctx)) == network.Unauthenticated {
					return
				}
			}
		}
	}()
	return ctx, cancel
}

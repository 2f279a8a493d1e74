package auth

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/musubi-map/musubi/internal/network"
)

// by is a token signed by one of the keys.
func (p *provider) by(i int, id string) string {
	return signed(p.t, jose.RS256, rsaKeys()[i], id, p.claimsOf(nil), nil)
}

func wantsCode(t *testing.T, what string, a *Authenticator, token string, code network.ErrorCode) {
	t.Helper()
	if _, err := a.Authenticate(t.Context(), token); network.CodeOf(err) != code {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// Every unknown key would ask the provider, were it not for the time between.
func TestHowOftenIsAProviderAsked(t *testing.T) {
	p := newProvider(t)
	a := authenticator(t, p.options())
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { wantsCode(t, "sound", a, p.by(0, "k1"), "") })
		all.Go(func() { wantsCode(t, "unknown", a, p.by(0, "k9"), network.Unauthenticated) })
	}
	all.Wait()
	p.change(func() {
		if p.asked != 1 {
			t.Errorf("asked %d times", p.asked)
		}
	})
}

func TestIsANewKeyFound(t *testing.T) {
	p := newProvider(t)
	a := authenticator(t, p.options())
	wantsCode(t, "the old key", a, p.by(0, "k1"), "")
	p.change(func() { p.keys = []any{public("k1", &rsaKeys()[0].PublicKey), public("k2", &rsaKeys()[1].PublicKey)} })
	wantsCode(t, "a new key, too soon", a, p.by(1, "k2"), network.Unauthenticated)
	a.oidc.keys.retry = 0
	wantsCode(t, "a new key", a, p.by(1, "k2"), "")
	wantsCode(t, "the old one beside it", a, p.by(0, "k1"), "")
	p.change(func() { p.keys = p.keys[1:] })
	wantsCode(t, "an unknown key", a, p.by(2, "k3"), network.Unauthenticated)
	wantsCode(t, "a key that was withdrawn", a, p.by(0, "k1"), network.Unauthenticated)
}

// The key of a provider that has one only need not be named.
func TestMayATokenNameNoKey(t *testing.T) {
	p := newProvider(t)
	wantsCode(t, "no key named", authenticator(t, p.options()), p.by(0, ""), "")
}

func TestWhatIfTheProviderIsDown(t *testing.T) {
	p := newProvider(t)
	p.status = http.StatusInternalServerError
	a := authenticator(t, p.options())
	a.oidc.keys.retry = 0
	wantsCode(t, "down from the start", a, p.by(0, "k1"), network.Unavailable)
	p.change(func() { p.status = http.StatusOK })
	wantsCode(t, "up", a, p.by(0, "k1"), "")
	p.change(func() { p.status = http.StatusServiceUnavailable })
	a.oidc.keys.last.begun = time.Now().Add(-keysLast - time.Second)
	for range 3 {
		wantsCode(t, "down later", a, p.by(0, "k1"), "")
		wantsCode(t, "down later, an unknown key", a, p.by(1, "k2"), network.Unavailable)
	}
	p.server.Close()
	wantsCode(t, "gone", a, p.by(0, "k1"), "")
}

func TestWhichAnswersOfAProviderAreTrusted(t *testing.T) {
	for name, change := range map[string]func(p *provider, o *OIDC){
		"it calls itself otherwise":   func(p *provider, _ *OIDC) { p.issuer = "https://login.example.org" },
		"no keys":                     func(p *provider, _ *OIDC) { p.keys = nil },
		"keys that are too weak":      func(p *provider, _ *OIDC) { p.keys = []any{m{"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}} },
		"an answer that does not end": func(p *provider, _ *OIDC) { p.keys = append(p.keys, strings.Repeat("x", maxAnswer)) },
		"it leads elsewhere":          func(p *provider, o *OIDC) { p.status = http.StatusFound; o.Client = defaultClient() },
		"keys where there are none":   func(p *provider, o *OIDC) { o.JWKS = p.server.URL + "/nothing" },
		"an answer that is not JSON":  func(p *provider, o *OIDC) { o.JWKS = p.server.URL + "/nothing?" },
		"nobody answers there":        func(p *provider, o *OIDC) { p.issuer, o.Issuer = "http://127.0.0.2:1", "http://127.0.0.2:1" },
	} {
		p := newProvider(t)
		o := p.options()
		change(p, o.OIDC)
		wantsCode(t, name, authenticator(t, o), p.by(0, "k1"), network.Unavailable)
	}
	p := newProvider(t)
	o := p.options()
	o.OIDC.JWKS, p.issuer = p.server.URL+"/keys", "discovery is not asked"
	wantsCode(t, "the address of the keys is given", authenticator(t, o), p.by(0, "k1"), "")
}

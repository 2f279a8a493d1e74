package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/musubi-map/musubi/internal/network"
)

// now is the time in these tests.
var now = time.Date(2024, 2, 1, 12, 0, 0, 0, network.Tokyo)

type m = map[string]any

// provider is an OpenID provider of a test.
type provider struct {
	t      testing.TB
	server *httptest.Server

	mu     sync.Mutex
	keys   []any // JWKs, or whatever stands among them
	asked  int   // for the keys
	status int   // of its answers
	issuer string
}

var rsaKeys = sync.OnceValue(func() (out [3]*rsa.PrivateKey) {
	for i := range out {
		out[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return out
})

func newProvider(t testing.TB) *provider {
	p := &provider{t: t, status: http.StatusOK}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, func() any { return m{"issuer": p.issuer, "jwks_uri": p.server.URL + "/keys"} })
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, func() any { p.asked++; return m{"keys": p.keys} })
	})
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	p.issuer = p.server.URL
	p.keys = []any{public("k1", &rsaKeys()[0].PublicKey)}
	return p
}

func (p *provider) answer(w http.ResponseWriter, what func() any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(what())
}

func (p *provider) change(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

func public(id string, key any) jose.JSONWebKey {
	return jose.JSONWebKey{Key: key, KeyID: id, Use: "sig"}
}

// options are those of a map that trusts the provider.
func (p *provider) options() Options {
	return Options{Clock: network.FixedClock(now), Log: slog.New(slog.NewTextHandler(p.t.Output(), nil)),
		OIDC: &OIDC{Issuer: p.server.URL, Audience: "musubi", Algorithms: []string{"RS256", "ES256", "EdDSA"}, Client: p.server.Client(), Skew: 30 * time.Second}}
}

func authenticator(t testing.TB, o Options) *Authenticator {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// claimsOf are those of a sound token, with others in place of some; nil takes one out.
func (p *provider) claimsOf(other m) m {
	out := m{"iss": p.server.URL, "aud": "musubi", "sub": "8c5f9a1e-6d0f-4f38-9a52-0c1d2e3f4a5b", "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "roles": []string{"analyst"}}
	for k, v := range other {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

// signed is a token with claims, and headers besides.
func signed(t testing.TB, alg jose.SignatureAlgorithm, key any, id string, claims any, headers m) string {
	t.Helper()
	o := (&jose.SignerOptions{}).WithType("JWT")
	for k, v := range headers {
		o.WithHeader(jose.HeaderKey(k), v)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: id}}, o)
	if err != nil {
		t.Fatal(err)
	}
	payload, isRaw := claims.(json.RawMessage)
	if !isRaw {
		payload, _ = json.Marshal(claims)
	}
	object, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	out, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// token is a sound one but for some claims.
func (p *provider) token(other m) string {
	return signed(p.t, jose.RS256, rsaKeys()[0], "k1", p.claimsOf(other), nil)
}

func curveKey() *ecdsa.PrivateKey { k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader); return k }

func edwardsKey() (crypto.PublicKey, ed25519.PrivateKey) {
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	return public, private
}

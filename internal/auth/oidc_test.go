package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/musubi-map/musubi/internal/network"
)

// unsigned is a token whose header says so, with a signature of choice.
func unsigned(header, claims m, signature string) string {
	part := func(v any) string {
		data, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	return part(header) + "." + part(claims) + "." + signature
}

func TestWhichTokensOfAProviderCount(t *testing.T) {
	p := newProvider(t)
	curve := curveKey()
	edPublic, edwards := edwardsKey()
	weak, _ := rsa.GenerateKey(rand.Reader, 1024)
	p.keys = append(p.keys, public("ec", &curve.PublicKey), public("ed", edPublic), public("weak", &weak.PublicKey),
		jose.JSONWebKey{Key: &rsaKeys()[2].PublicKey, KeyID: "enc", Use: "enc"},
		jose.JSONWebKey{Key: &rsaKeys()[2].PublicKey, KeyID: "other alg", Algorithm: "RS512"},
		jose.JSONWebKey{Key: []byte(strings.Repeat("s", 32)), KeyID: "shared"}, m{"kty": "new", "kid": "of the future"})
	good, stranger := rsaKeys()[0], rsaKeys()[1]
	der, _ := x509.MarshalPKIXPublicKey(&good.PublicKey)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	sound := p.claimsOf(nil)
	text, _ := json.Marshal(sound)
	parts := strings.Split(p.token(nil), ".")
	other := strings.Split(p.token(m{"roles": []string{"admin"}}), ".")
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	ours := func(other m) string { return p.token(other) }
	for _, c := range []struct {
		name, token, why string // why: a part of the message, "" for a token that counts
	}{
		{"a sound token", p.token(nil), ""},
		{"with several audiences", ours(m{"aud": []string{"account", "musubi"}}), ""},
		{"of an elliptic curve", signed(t, jose.ES256, curve, "ec", sound, nil), ""},
		{"of an Edwards curve", signed(t, jose.EdDSA, edwards, "ed", sound, nil), ""},
		{"an access token", signed(t, jose.RS256, good, "k1", sound, m{"typ": "at+jwt"}), ""},
		{"just expired, within the skew", ours(m{"exp": at(-29 * time.Second)}), ""},
		{"not quite valid, within the skew", ours(m{"nbf": at(29 * time.Second)}), ""},

		{"nothing signed it", unsigned(m{"alg": "none", "typ": "JWT"}, sound, ""), "signed as this map"},
		{"nothing signed it, in other letters", unsigned(m{"alg": "nOnE", "typ": "JWT"}, sound, ""), "signed as this map"},
		{"none, with a signature", unsigned(m{"alg": "none", "kid": "k1"}, sound, parts[2]), "signed as this map"},
		{"HS256 with the public key as PEM", signed(t, jose.HS256, publicPEM, "k1", sound, nil), "signed as this map"},
		{"HS256 with the public key as DER", signed(t, jose.HS256, der, "k1", sound, nil), "signed as this map"},
		{"HS256 with the modulus", signed(t, jose.HS256, good.N.Bytes(), "k1", sound, nil), "signed as this map"},
		{"HS256 with a shared key of the set", signed(t, jose.HS256, []byte(strings.Repeat("s", 32)), "shared", sound, nil), "signed as this map"},
		{"an algorithm that is not configured", signed(t, jose.RS512, good, "k1", sound, nil), "signed as this map"},
		{"PSS with the key", signed(t, jose.PS256, good, "k1", sound, nil), "signed as this map"},
		{"another's key under the name of ours", signed(t, jose.RS256, stranger, "k1", sound, nil), "signature"},
		{"the key comes with it", signed(t, jose.RS256, stranger, "k1", sound, m{"jwk": jose.JSONWebKey{Key: &stranger.PublicKey, KeyID: "k1"}}), "signature"},
		{"it says where the keys are", signed(t, jose.RS256, stranger, "theirs", sound, m{"jku": p.server.URL + "/theirs"}), "key is not"},
		{"a key of encryption", signed(t, jose.RS256, rsaKeys()[2], "enc", sound, nil), "key is not"},
		{"a key of another algorithm", signed(t, jose.RS256, rsaKeys()[2], "other alg", sound, nil), "key is not"},
		{"a weak key", signed(t, jose.RS256, weak, "weak", sound, nil), "key is not"},
		{"the key of another algorithm's kind", signed(t, jose.RS256, good, "ec", sound, nil), "signature"},
		{"an unknown key", signed(t, jose.RS256, good, "k9", sound, nil), "key is not"},
		{"no key named, of several", signed(t, jose.RS256, good, "", sound, nil), "key is not"},
		{"a header that must be understood", signed(t, jose.RS256, good, "k1", sound, m{"crit": []string{"exp2"}, "exp2": 1}), "sound"},
		{"the claims of one, the signature of another", parts[0] + "." + other[1] + "." + parts[2], "signature"},
		{"half of it", parts[0] + "." + parts[1], "signed as this map"},
		{"no signature", parts[0] + "." + parts[1] + ".", "signature"},
		{"one byte more", p.token(nil) + "A", "sign"},
		{"claims that are no object", signed(t, jose.RS256, good, "k1", []string{"exp"}, nil), "sound"},
		{"a claim twice", signed(t, jose.RS256, good, "k1", json.RawMessage(`{"roles":["admin"],`+string(text[1:])), nil), "sound"},
		{"claims that are no JSON", signed(t, jose.RS256, good, "k1", json.RawMessage("claims"), nil), "sound"},
		{"made for logging out", signed(t, jose.RS256, good, "k1", sound, m{"typ": "logout+jwt"}), "something else"},

		{"another issuer", ours(m{"iss": "https://elsewhere.example.org"}), "another provider"},
		{"no issuer", ours(m{"iss": nil}), "another provider"},
		{"the issuer with a slash", ours(m{"iss": p.server.URL + "/"}), "another provider"},
		{"another audience", ours(m{"aud": "wiki"}), "another service"},
		{"no audience", ours(m{"aud": nil}), "another service"},
		{"an empty audience", ours(m{"aud": []string{}}), "another service"},
		{"audience by azp only", ours(m{"aud": nil, "azp": "musubi"}), "another service"},
		{"expired", ours(m{"exp": at(-31 * time.Second)}), "expired"},
		{"long expired", ours(m{"exp": 1}), "expired"},
		{"never expires", ours(m{"exp": nil}), "never ends"},
		{"an end that is no time", ours(m{"exp": "tomorrow"}), "sound"},
		{"an end beyond all time", ours(m{"exp": 1e30}), "sound"},
		{"not valid yet", ours(m{"nbf": at(31 * time.Second)}), "not valid yet"},
		{"issued in the future", ours(m{"iat": at(31 * time.Second)}), "not valid yet"},
		{"no subject", ours(m{"sub": nil}), "subject"},
		{"an endless subject", ours(m{"sub": strings.Repeat("s", 256)}), "subject"},
		{"a subject that is no text", ours(m{"sub": 7}), "sound"},

		{"empty", "", "signed as this map"},
		{"garbage", "garbage", "signed as this map"},
		{"dots", "..", "signed as this map"},
		{"many dots", strings.Repeat(".", 4000), "signed as this map"},
		{"binary", "\x00\xff.\x00.\x00", "signed as this map"},
		{"JSON", `{"payload":"","signatures":[]}`, "signed as this map"},
		{"encrypted", "a.b.c.d.e", "signed as this map"},
		{"huge", strings.Repeat("A", 1<<20), "too long"},
		{"sound and huge", ours(m{"more": strings.Repeat("x", 9000)}), "too long"},
	} {
		a := authenticator(t, p.options())
		id, err := a.Authenticate(t.Context(), c.token)
		if c.why == "" {
			if err != nil || id.Viewer.Role != network.RoleAnalyst {
				t.Errorf("%s: %+v, %v", c.name, id, err)
			}
			continue
		}
		if network.CodeOf(err) != network.Unauthenticated || id != nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %+v, %v; want %q", c.name, id, err, c.why)
		}
	}
}

func TestHowLongDoesATokenCount(t *testing.T) {
	p := newProvider(t)
	id, err := authenticator(t, p.options()).Authenticate(t.Context(), p.token(nil))
	if want := now.Add(time.Hour + 30*time.Second); err != nil || !id.Expires.Equal(want) {
		t.Errorf("until %v, %v; want %v", id.Expires, err, want)
	}
	o := p.options()
	o.OIDC.Skew = 5 * time.Minute
	if _, err := authenticator(t, o).Authenticate(t.Context(), p.token(m{"exp": now.Add(-4 * time.Minute).Unix()})); err != nil {
		t.Error(err)
	}
}

func TestWhichSettingsMakeNoSense(t *testing.T) {
	for _, c := range []struct {
		name, path string
		change     func(*OIDC)
	}{
		{"sound", "", func(*OIDC) {}},
		{"http on loopback", "", func(o *OIDC) { o.Issuer = "http://[::1]:8080/realms/x" }},
		{"none", "algorithms", func(o *OIDC) { o.Algorithms = []string{"none"} }},
		{"a shared secret", "algorithms", func(o *OIDC) { o.Algorithms = []string{"RS256", "HS256"} }},
		{"no algorithm", "algorithms", func(o *OIDC) { o.Algorithms = []string{""} }},
		{"no audience", "audience", func(o *OIDC) { o.Audience = "" }},
		{"no issuer", "issuer", func(o *OIDC) { o.Issuer = "" }},
		{"an issuer over http", "issuer", func(o *OIDC) { o.Issuer = "http://login.example.org" }},
		{"an issuer that only looks like loopback", "issuer", func(o *OIDC) { o.Issuer = "http://127.0.0.1.example.org" }},
		{"an issuer with a password", "issuer", func(o *OIDC) { o.Issuer = "https://a:b@login.example.org" }},
		{"keys over http", "jwks", func(o *OIDC) { o.JWKS = "http://login.example.org/keys" }},
		{"too much skew", "skew", func(o *OIDC) { o.Skew = 6 * time.Minute }},
		{"skew backwards", "skew", func(o *OIDC) { o.Skew = -time.Second }},
	} {
		o := OIDC{Issuer: "https://login.example.org/realms/town", Audience: "musubi"}
		c.change(&o)
		_, err := New(Options{OIDC: &o})
		path := ""
		if e, ok := err.(*network.Error); ok {
			path = strings.Join(e.Path, ".")
		}
		if path != c.path || (err == nil) != (c.path == "") {
			t.Errorf("%s: %v, want a fault at %q", c.name, err, c.path)
		}
	}
}

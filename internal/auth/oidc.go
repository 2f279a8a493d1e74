package auth

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/musubi-map/musubi/internal/network"
)

// OIDC is an OpenID provider, and how its claims are read. Issuer and Audience are
// needed; the rest has defaults.
type OIDC struct {
	// Issuer is the provider as its tokens name it: https, but on loopback.
	Issuer string
	// Audience must be among those of a token: it was made for this map.
	Audience string
	// Algorithms are those that a token may be signed with, whatever it says
	// itself: RS256 (the default), other RS and PS, ES, EdDSA.
	Algorithms []string
	// JWKS is where the keys are; empty: where the provider's discovery says.
	JWKS string
	// Skew is how far the clocks may be apart, at most 5 minutes.
	Skew time.Duration
	// RoleClaim holds the roles of a user, a text or a list, by its name or by a
	// path with dots ("realm_access.roles"); default "roles".
	RoleClaim string
	// Roles says what values of the claim mean; nil: those named as ours do. Of
	// several the highest counts.
	Roles map[string]network.Role
	// Default is the role of users who have none of these; nil: they are refused.
	Default *network.Role
	// OrganizationsClaim holds the ids of the organisations that a user edits for,
	// like RoleClaim; empty: nobody does.
	OrganizationsClaim string
	// Client asks the provider; nil: one that follows no redirections.
	Client *http.Client
}

const (
	maxSkew = 5 * time.Minute
	// maxSubject is the longest subject, as OpenID Connect has it.
	maxSubject = 255
)

// asymmetric are the algorithms with a public key. With a shared secret whoever
// checks tokens could make them.
var asymmetric = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// tokenTypes are the types of a JWT that may be a bearer's. Others, as the
// provider's logout tokens, are signed with the same keys.
var tokenTypes = []string{"", "jwt", "at+jwt", "application/at+jwt"}

// verifier checks the tokens of a provider.
type verifier struct {
	OIDC
	algorithms []jose.SignatureAlgorithm
	keys       *keySet
	clock      network.Clock
}

func newVerifier(o OIDC, clock network.Clock, log *slog.Logger) (*verifier, error) {
	v := &verifier{OIDC: o, clock: clock}
	if v.RoleClaim == "" {
		v.RoleClaim = "roles"
	}
	if len(v.Algorithms) == 0 {
		v.Algorithms = []string{string(jose.RS256)}
	}
	if err := v.settings(); err != nil {
		return nil, err
	}
	v.keys = newKeySet(v.Issuer, v.JWKS, v.Client, log)
	return v, nil
}

// settings are InvalidValue or Required when they make no sense.
func (v *verifier) settings() error {
	for _, a := range v.Algorithms {
		if !slices.Contains(asymmetric, jose.SignatureAlgorithm(a)) {
			return network.Errorf(network.InvalidValue, "tokens cannot be signed with this algorithm here; use one of %v", asymmetric).At("algorithms")
		}
		v.algorithms = append(v.algorithms, jose.SignatureAlgorithm(a))
	}
	switch {
	case !safeURL(v.Issuer):
		return network.Errorf(network.InvalidValue, "give the address of the provider as its tokens name it, with https").At("issuer")
	case v.JWKS != "" && !safeURL(v.JWKS):
		return network.Errorf(network.InvalidValue, "give the address of the keys with https").At("jwks")
	case v.Audience == "":
		return network.Errorf(network.Required, "say which audience the tokens for this map have: without it those for any other service would count").At("audience")
	case v.Skew < 0 || v.Skew > maxSkew:
		return network.Errorf(network.OutOfRange, "clocks may be up to %s apart", maxSkew).At("skew")
	}
	return nil
}

// safeURL tells whether nobody on the way can change what is read there.
func safeURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// claims are those of every token; all holds the rest too.
type claims struct {
	jwt.Claims
	all map[string]any
}

func (v *verifier) verify(ctx context.Context, raw string) (*Identity, error) {
	c, err := v.signed(ctx, raw)
	if err != nil {
		return nil, err
	}
	if err := v.inForce(c); err != nil {
		return nil, err
	}
	if c.Subject == "" || len(c.Subject) > maxSubject {
		return nil, errRefused("it names no subject")
	}
	who, err := v.viewer(c)
	if err != nil {
		return nil, err
	}
	return &Identity{Viewer: who, Expires: c.Expiry.Time().Add(v.Skew)}, nil
}

// signed reads the claims of a token that the provider has signed.
func (v *verifier) signed(ctx context.Context, raw string) (*claims, error) {
	token, err := jwt.ParseSigned(raw, v.algorithms)
	if err != nil || len(token.Headers) != 1 {
		return nil, errRefused("it is no JWT that is signed as this map wants it")
	}
	header := token.Headers[0]
	if typ, _ := header.ExtraHeaders[jose.HeaderType].(string); !slices.Contains(tokenTypes, strings.ToLower(typ)) {
		return nil, errRefused("it is made for something else")
	}
	key, err := v.keys.find(ctx, header.KeyID, header.Algorithm)
	if err != nil {
		return nil, err
	}
	c := &claims{}
	if err := token.Claims(key, &c.Claims, &c.all); err != nil {
		return nil, errRefused("its signature or its claims are not sound")
	}
	return c, nil
}

// inForce tells whether the token is for this map and for now.
func (v *verifier) inForce(c *claims) error {
	if c.Expiry == nil {
		return errRefused("it never ends")
	}
	switch c.ValidateWithLeeway(jwt.Expected{Issuer: v.Issuer, AnyAudience: jwt.Audience{v.Audience}, Time: v.clock.Now()}, v.Skew) {
	case nil:
		return nil
	case jwt.ErrExpired:
		return errExpired()
	case jwt.ErrNotValidYet, jwt.ErrIssuedInTheFuture:
		return errRefused("it is not valid yet")
	}
	return errRefused("it is another provider's, or for another service")
}

// defaultClient follows no redirections: they could lead anywhere.
func defaultClient() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: keysTimeout}).DialContext,
			TLSHandshakeTimeout: keysTimeout, MaxIdleConns: 2, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		},
	}
}

package auth

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// keysLast is how long the keys count before they are read again; a key that
	// the provider has withdrawn counts no longer than that.
	keysLast = 10 * time.Minute
	// keysRetry is the time between readings, whoever asks: an unknown key leads to
	// one, and anybody can name unknown keys.
	keysRetry = 10 * time.Second
	// keysTimeout bounds one reading.
	keysTimeout = 5 * time.Second
	// maxAnswer is the longest answer of a provider, in bytes, and maxKeys how many
	// of its keys are looked at.
	maxAnswer = 256 << 10
	maxKeys   = 100
	// leastRSA is the shortest RSA key that counts, in bits.
	leastRSA = 2048
)

// keySet is the public keys of a provider, read when they are needed. While the
// provider does not answer, those that are known go on to count.
type keySet struct {
	fetched[[]jose.JSONWebKey]
	retry time.Duration
	known atomic.Pointer[[]jose.JSONWebKey] // as last read
	// failing says that the last reading was in vain.
	failing atomic.Bool
	issuer  string
	jwks    string // empty: discovered
	client  *http.Client
	log     *slog.Logger
}

func newKeySet(issuer, jwks string, client *http.Client, log *slog.Logger) *keySet {
	s := &keySet{issuer: issuer, jwks: jwks, client: client, log: log, retry: keysRetry}
	if s.client == nil {
		s.client = defaultClient()
	}
	s.timeout, s.read = keysTimeout, s.refresh
	return s
}

// find is the key that a token names, for an algorithm. A token that names none
// means the only one there is.
func (s *keySet) find(ctx context.Context, id, algorithm string) (any, error) {
	last := s.since(keysLast, s.retry)
	if !s.failing.Load() { // else there is nothing to wait for but another failure
		_, _ = last.wait(ctx)
	}
	if known := s.known.Load(); known != nil {
		if key := keyFor(*known, id, algorithm); key != nil {
			return key, nil
		}
	}
	// Perhaps the provider has new keys.
	last = s.since(s.retry, s.retry)
	keys, err := last.wait(ctx)
	if err != nil {
		return nil, errUnchecked()
	}
	if key := keyFor(keys, id, algorithm); key != nil {
		return key, nil
	}
	return nil, errRefused("its key is not one of the provider's")
}

// keyFor is the key with the ID that may check the algorithm; nil for none.
func keyFor(keys []jose.JSONWebKey, id, algorithm string) any {
	if id == "" && len(keys) != 1 {
		return nil
	}
	for _, k := range keys {
		if (id == "" || k.KeyID == id) && (k.Algorithm == "" || k.Algorithm == algorithm) {
			return k.Key
		}
	}
	return nil
}

// refresh reads the keys from the provider.
func (s *keySet) refresh(ctx context.Context) ([]jose.JSONWebKey, error) {
	keys, err := s.ask(ctx)
	s.failing.Store(err != nil)
	if err != nil {
		s.log.WarnContext(ctx, "the keys of the OpenID provider could not be read; those known before go on to count", "why", err.Error())
		return nil, err
	}
	s.known.Store(&keys)
	return keys, nil
}

func (s *keySet) ask(ctx context.Context) ([]jose.JSONWebKey, error) {
	at := s.jwks
	if at == "" {
		var found struct {
			Issuer string `json:"issuer"`
			JWKS   string `json:"jwks_uri"`
		}
		if err := s.get(ctx, strings.TrimSuffix(s.issuer, "/")+"/.well-known/openid-configuration", &found); err != nil {
			return nil, fmt.Errorf("discovery: %w", err)
		}
		switch {
		case found.Issuer != s.issuer:
			return nil, errors.New("discovery: the provider calls itself otherwise than the issuer that is configured")
		case !safeURL(found.JWKS):
			return nil, errors.New("discovery: the address of the keys is not https")
		}
		at = found.JWKS
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, at, &set); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys[:min(len(set.Keys), maxKeys)] {
		var k jose.JSONWebKey
		if json.Unmarshal(raw, &k) == nil && usable(&k) { // there may be others, of which we know nothing
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("keys: there is none that can check a signature")
	}
	return keys, nil
}

// usable tells of public keys that check signatures and are strong enough.
func usable(k *jose.JSONWebKey) bool {
	if k.Use != "" && k.Use != "sig" || !k.Valid() {
		return false
	}
	switch key := k.Key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= leastRSA
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}

// get reads a JSON document. Its errors do not quote what the provider says.
func (s *keySet) get(ctx context.Context, at string, to any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	answer, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the provider answers with status %d", answer.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return err
	case len(data) > maxAnswer:
		return fmt.Errorf("the provider's answer is longer than %d bytes", maxAnswer)
	case json.Unmarshal(data, to) != nil:
		return errors.New("the provider's answer is not the JSON that it should be")
	}
	return nil
}

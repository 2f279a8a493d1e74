package auth

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// counting counts how often tokens are read, and fails when told to.
type counting struct {
	store.TokenStore
	read atomic.Int64
	down atomic.Bool
}

func (c *counting) Tokens(ctx context.Context) ([]*store.Token, error) {
	if c.read.Add(1); c.down.Load() {
		return nil, errors.New("down, with an address in its text")
	}
	return c.TokenStore.Tokens(ctx)
}

func newCounting() *counting { return &counting{TokenStore: memory.New(memory.Options{})} }

// made adds a token and gives it with what its bearer sends.
func made(t testing.TB, s store.TokenStore, role network.Role, life time.Duration, organizations ...network.ID) (*store.Token, string) {
	t.Helper()
	token, shown, err := NewToken("集計画面", role, organizations, now, life)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	return token, shown
}

func tokensOnly(t testing.TB, s store.TokenStore) *Authenticator {
	return authenticator(t, Options{Tokens: s, Clock: network.FixedClock(now)})
}

func TestWhomDoesAnAPITokenStandFor(t *testing.T) {
	s := newCounting()
	token, shown := made(t, s, network.RoleViewer, time.Hour, "school")
	id, err := tokensOnly(t, s).Authenticate(t.Context(), shown)
	if err != nil {
		t.Fatal(err)
	}
	if v := id.Viewer; v.Role != network.RoleViewer || v.Actor != "token:"+token.ID || !v.EditsFor("school") || v.EditsFor("other") || !id.Expires.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v", id)
	}
}

func TestWhichAPITokensCount(t *testing.T) {
	s := newCounting()
	token, shown := made(t, s, network.RoleAdmin, time.Hour)
	revoked, shownRevoked := made(t, s, network.RoleAdmin, time.Hour)
	if err := s.RevokeToken(t.Context(), revoked.ID, now); err != nil {
		t.Fatal(err)
	}
	_, shownOther := made(t, s, network.RoleViewer, time.Minute)
	secret := shown[strings.LastIndex(shown, "_")+1:]
	for _, c := range []struct {
		name, token, why string
		at               time.Time
	}{
		{"a sound one", shown, "", now},
		{"to its last moment", shown, "", now.Add(time.Hour - time.Nanosecond)},
		{"expired", shown, "expired", now.Add(time.Hour)},
		{"revoked", shownRevoked, "revoked", now},
		{"one letter less", shown[:len(shown)-1], "not whole", now},
		{"one letter more", shown + "A", "not whole", now},
		{"another secret", shown[:len(shown)-1] + string('A'+('B'-shown[len(shown)-1])&1), "none like it", now},
		{"the secret of another", tokenPrefix + token.ID + shownOther[strings.LastIndex(shownOther, "_"):], "none like it", now},
		{"its hash in place of its secret", tokenPrefix + token.ID + "_" + strings.ToUpper(token.Hash)[:52], "not whole", now},
		{"an id that does not exist", tokenPrefix + string(network.NewID()) + "_" + secret, "none like it", now},
		{"in capitals", strings.ToUpper(shown), "no others count", now},
		{"without what it begins with", shown[len(tokenPrefix):], "no others count", now},
		{"the beginning alone", tokenPrefix, "not whole", now},
		{"with a line after it", shown + "\n", "not whole", now},
		{"nothing", "", "no others count", now},
		{"huge", tokenPrefix + strings.Repeat("a", 1<<20), "too long", now},
	} {
		a := authenticator(t, Options{Tokens: s, Clock: network.FixedClock(c.at)})
		id, err := a.Authenticate(t.Context(), c.token)
		if c.why == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if network.CodeOf(err) != network.Unauthenticated || id != nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %+v, %v; want %q", c.name, id, err, c.why)
		}
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), token.ID) {
			t.Errorf("%s: the error tells of the token: %v", c.name, err)
		}
	}
	wantsCode(t, "where no API tokens count", authenticator(t, newProvider(t).options()), shown, network.Unauthenticated)
}

func TestWhichTokensCannotBeMade(t *testing.T) {
	for _, c := range []struct {
		name, path, called string
		life               time.Duration
		organizations      int
	}{
		{"without a name", "name", "  ", time.Hour, 0}, {"with a name of two lines", "name", "a\nb", time.Hour, 0},
		{"with a name that turns", "name", "a\u202eb", time.Hour, 0}, {"with a long name", "name", strings.Repeat("名", 101), time.Hour, 0},
		{"for no time", "life", "a", 0, 0}, {"for ever", "life", "a", MaxTokenLife + 1, 0}, {"for everybody", "organizations", "a", time.Hour, 101},
	} {
		token, shown, err := NewToken(c.called, network.RoleViewer, make([]network.ID, c.organizations), now, c.life)
		if e, ok := err.(*network.Error); !ok || strings.Join(e.Path, ".") != c.path || token != nil || shown != "" {
			t.Errorf("%s: %v, %v", c.name, token, err)
		}
	}
}

func TestIsASecretEverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token, shown, err := NewToken("a", network.RoleViewer, nil, now, time.Hour)
		if err != nil || seen[shown] || !tokenShape.MatchString(shown) || strings.Contains(shown, token.Hash) || len(token.Hash) != 64 {
			t.Fatal(shown, err)
		}
		seen[shown] = true
	}
}

// Whoever sends tokens that do not exist costs the store nothing.
func TestHowOftenAreTokensRead(t *testing.T) {
	s := newCounting()
	_, shown := made(t, s, network.RoleViewer, time.Hour)
	a := tokensOnly(t, s)
	for range 100 {
		wantsCode(t, "sound", a, shown, "")
		wantsCode(t, "unknown", a, tokenPrefix+string(network.NewID())+"_"+shown[len(shown)-52:], network.Unauthenticated)
	}
	if n := s.read.Load(); n > 2 { // another when it took over two seconds
		t.Errorf("read %d times", n)
	}
}

func TestWhatIfTheStoreIsDown(t *testing.T) {
	s := newCounting()
	_, shown := made(t, s, network.RoleViewer, time.Hour)
	s.down.Store(true)
	a := tokensOnly(t, s)
	wantsCode(t, "down", a, shown, network.Unavailable)
	if _, err := a.Authenticate(t.Context(), shown); strings.Contains(err.Error(), "address") {
		t.Errorf("the error tells of the store: %v", err)
	}
	s.down.Store(false)
	a.tokens.last.begun = time.Now().Add(-tokensRetry - time.Millisecond)
	wantsCode(t, "up again", a, shown, "")
}

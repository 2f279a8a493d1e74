package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testTokens(t *testing.T, open func(testing.TB) store.Store) {
	s := opened(t, open, rec("Topic", "topic", fields{"name": "題"}))
	kept, ok := s.(store.TokenStore)
	if !ok {
		t.Fatal("the store keeps no tokens")
	}
	t.Run("AreTokensNoPartOfTheMap", func(t *testing.T) {
		before, _ := s.Head(t.Context())
		addTokens(t, kept, token("apart"))
		if after, err := s.Head(t.Context()); err != nil || after != before {
			t.Errorf("revision %d, then %d, %v", before, after, err)
		}
		if n := len(logOf(t, s, network.Admin(""), before)); n != 0 {
			t.Errorf("%d entries in the log", n)
		}
	})
	TokensOf(t, func(t testing.TB) (store.TokenStore, store.TokenStore) {
		empty := open(t).(store.TokenStore)
		return empty, empty
	})
}

// TokensOf holds the keeping of tokens against its contract. open gives two views
// of the same empty map, such as those of two processes.
func TokensOf(t *testing.T, open func(testing.TB) (one, other store.TokenStore)) {
	for name, test := range map[string]func(t *testing.T, one, other store.TokenStore){
		"IsATokenKept": tokenKept, "MayAnIDBeUsedTwice": tokenOnce, "DoesRevokingLast": tokenRevoked,
		"DoesOneOfManyWithOneIDWin": tokenRace, "MayTheCallerChangeWhatItGets": tokensShared,
	} {
		t.Run(name, func(t *testing.T) {
			one, other := open(t)
			test(t, one, other)
		})
	}
}

func token(id string) *store.Token {
	return &store.Token{ID: id, Name: "集計画面", Hash: "print of " + id, Role: network.RoleAnalyst, Created: noon, Expires: noon.Add(24 * time.Hour)}
}

func addTokens(t testing.TB, s store.TokenStore, list ...*store.Token) {
	t.Helper()
	for _, k := range list {
		if err := s.AddToken(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
}

func tokensOf(t testing.TB, s store.TokenStore) []*store.Token {
	t.Helper()
	got, err := s.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func tokenKept(t *testing.T, one, other store.TokenStore) {
	if got := tokensOf(t, one); len(got) != 0 {
		t.Fatalf("an empty store has %d tokens", len(got))
	}
	late, first, revoked := token("a-late"), token("b"), token("c")
	late.Created = noon.Add(time.Second)
	first.Role, first.Organizations = network.RoleViewer, []network.ID{"school", "council"}
	revoked.Role, revoked.Revoked = network.RoleAdmin, noon.Add(time.Hour)
	addTokens(t, one, late, first, revoked)
	for _, s := range []store.TokenStore{one, other} {
		same(t, tokensOf(t, s), []*store.Token{first.Clone(), revoked.Clone(), late.Clone()})
	}
}

func tokenOnce(t *testing.T, one, other store.TokenStore) {
	addTokens(t, one, token("once"))
	again := token("once")
	again.Hash = "another"
	for _, s := range []store.TokenStore{one, other} {
		if err := s.AddToken(t.Context(), again); network.CodeOf(err) != network.Duplicate {
			t.Errorf("a second token with the id: %v", err)
		}
	}
	same(t, tokensOf(t, one), []*store.Token{token("once").Clone()})
}

func tokenRevoked(t *testing.T, one, other store.TokenStore) {
	addTokens(t, one, token("kept"), token("lost"))
	if err := other.RevokeToken(t.Context(), "lost", noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := one.RevokeToken(t.Context(), "lost", noon.Add(time.Hour)); err != nil {
		t.Errorf("revoked again: %v", err)
	}
	for _, s := range []store.TokenStore{one, other} {
		if err := s.RevokeToken(t.Context(), "nobody's", noon); network.CodeOf(err) != network.NotFound {
			t.Errorf("a token that is not there: %v", err)
		}
		got := tokensOf(t, s)
		if len(got) != 2 || !got[0].Revoked.IsZero() || !got[1].Revoked.Equal(noon.Add(time.Minute)) {
			t.Errorf("%+v", got)
		}
	}
}

func tokenRace(t *testing.T, one, other store.TokenStore) {
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			raced := token("raced")
			raced.Name = fmt.Sprint("writer ", i)
			errs[i] = []store.TokenStore{one, other}[i%2].AddToken(t.Context(), raced)
		})
	}
	all.Wait()
	oneWon(t, errs, network.Duplicate)
	got := tokensOf(t, other)
	for i, err := range errs {
		if won := len(got) == 1 && got[0].Name == fmt.Sprint("writer ", i); won != (err == nil) {
			t.Errorf("writer %d: %v, and the token is %v", i, err, got)
		}
	}
}

func tokensShared(t *testing.T, one, _ store.TokenStore) {
	given := token("shared")
	given.Organizations = []network.ID{"school"}
	want := given.Clone()
	addTokens(t, one, given)
	given.Organizations[0] = "another"
	got := tokensOf(t, one)
	got[0].Role, got[0].Organizations[0] = network.RoleAdmin, "another"
	same(t, tokensOf(t, one), []*store.Token{want})
}

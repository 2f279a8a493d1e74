package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// The command line writes tokens beside the server that has the file open.
func TestAreTokensSharedWithAnOpenStore(t *testing.T) {
	storetest.TokensOf(t, func(t testing.TB) (store.TokenStore, store.TokenStore) {
		path := filepath.Join(t.TempDir(), "map.db")
		return opened(t, path), openedTokens(t, path)
	})
}

func openedTokens(t testing.TB, path string) *TokenFile {
	t.Helper()
	f, err := OpenTokens(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close(context.Background()) })
	return f
}

func TestCanTokensBeMadeBeforeThereIsAMap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	first := &store.Token{ID: "first", Name: "管理者", Role: network.RoleAdmin, Created: time.Unix(0, 0), Expires: time.Unix(1, 0)}
	if err := openedTokens(t, path).AddToken(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	s := opened(t, path)
	if got, err := s.Tokens(t.Context()); err != nil || len(got) != 1 || got[0].ID != "first" {
		t.Errorf("%v, %v", got, err)
	}
	if head, err := s.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("revision %d, %v", head, err)
	}
}

func TestIsAnOldFileLeftAloneWhileItIsOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	s := opened(t, path)
	edit(t, path, `DROP TABLE tokens; UPDATE meta SET value = '2' WHERE key = 'schema'`)
	_, err := OpenTokens(t.Context(), path)
	wantCode(t, err, network.Unavailable)
	closed(t, s)
	if got, err := openedTokens(t, path).Tokens(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("once it is closed: %v, %v", got, err)
	}
}

func TestIsAFileOfAnotherProgramLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	edit(t, path, `CREATE TABLE theirs (id TEXT)`)
	_, err := OpenTokens(t.Context(), path)
	wantCode(t, err, network.InvalidValue)
}

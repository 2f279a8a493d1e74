package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Store { return opened(t, filepath.Join(t.TempDir(), "map.db")) })
}

// opened is the store in the file, closed at the end of the test.
func opened(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func closed(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code network.ErrorCode) {
	t.Helper()
	if got := network.CodeOf(err); got != code {
		t.Fatalf("error %v (%s), want %s", err, got, code)
	}
}

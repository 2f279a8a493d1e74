package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Store { return opened(t, filepath.Join(t.TempDir(), "map.db")) })
}

// reopening closes its file and reads it anew after each write.
type reopening struct {
	*Store
	t testing.TB
}

func (r *reopening) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	applied, err := r.Store.Apply(ctx, b)
	closed(r.t, r.Store)
	r.Store = opened(r.t, r.file.path)
	return applied, err
}

// What is read from the file must answer as what was written to memory does.
func TestDoesAReopenedStoreAnswerAlike(t *testing.T) {
	storetest.Differential(t, storetest.Comparison{Until: 5, Maps: 10, Plans: 20},
		func(testing.TB) store.Store { return memory.New(memory.Options{}) },
		func(t testing.TB) store.Store {
			return &reopening{opened(t, filepath.Join(t.TempDir(), "map.db")), t}
		})
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

package edittest

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// treating has its own way with every third of the first batches.
type treating struct {
	store.Store
	apply func(s store.Store, ctx context.Context, b *store.Batch) (*store.Applied, error)
	mu    sync.Mutex
	n     int
}

func (s *treating) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	s.mu.Lock()
	s.n++
	third := s.n%3 == 0 && s.n < 150
	s.mu.Unlock()
	if third {
		return s.apply(s.Store, ctx, b)
	}
	return s.Store.Apply(ctx, b)
}

// forgetful knows of no receipts.
type forgetful struct{ store.Store }

func (forgetful) Receipt(context.Context, string, string) (*store.Receipt, error) { return nil, nil }

func (s forgetful) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	bare := *b
	bare.Receipt = nil
	return s.Store.Apply(ctx, &bare)
}

// crowded is what a ledger says of a crowd that made a few hundred writes.
func crowded(t *testing.T, s store.Store) (Settled, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, err := NewCrowd(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLedger()
	read, write := io.Pipe()
	go func() {
		c.Run(ctx, "test", 4, write)
		_ = write.Close()
	}()
	if err := l.Follow(read, func(_ string, answered int) {
		if answered == 200 {
			cancel()
		}
	}); err != nil {
		t.Fatal(err)
	}
	return l.Settle(t.Context(), c)
}

func TestDoesACrowdFindAWriteThatIsLostOrDoubled(t *testing.T) {
	unknown := network.Errorf(network.OutcomeUnknown, "it broke")
	lost := func(s store.Store, ctx context.Context, b *store.Batch) (*store.Applied, error) {
		head, err := s.Head(ctx)
		return &store.Applied{Revision: head + 1}, err
	}
	halfway := func(s store.Store, ctx context.Context, b *store.Batch) (*store.Applied, error) {
		part := *b
		part.Writes = b.Writes[:1]
		return s.Apply(ctx, &part)
	}
	made := func(err error) func(store.Store, context.Context, *store.Batch) (*store.Applied, error) {
		return func(s store.Store, ctx context.Context, b *store.Batch) (*store.Applied, error) {
			_, fault := s.Apply(ctx, b)
			return nil, errors.Join(fault, err)
		}
	}
	memory := func() store.Store { return memory.New(memory.Options{}) }
	for name, tc := range map[string]struct {
		s     store.Store
		wrong bool
	}{
		"an honest store":                   {memory(), false},
		"answers that do not arrive":        {&treating{Store: memory(), apply: made(unknown)}, false},
		"acknowledged, and not made":        {&treating{Store: memory(), apply: lost}, true},
		"made in part":                      {&treating{Store: memory(), apply: halfway}, true},
		"doubled by another try":            {forgetful{&treating{Store: memory(), apply: made(unknown)}}, true},
		"made, and it says that nothing is": {forgetful{&treating{Store: memory(), apply: made(network.Errorf(network.Unavailable, "down"))}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			settled, err := crowded(t, tc.s)
			if (err != nil) != tc.wrong {
				t.Error(settled, err)
			}
			t.Log(err)
		})
	}
}

package storetest

import (
	"context"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// overwriting takes an update for one of the version that is there.
type overwriting struct{ store.Store }

func (s overwriting) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	for i := range b.Writes {
		if w := &b.Writes[i]; w.Action == store.Update {
			now, err := s.Load(ctx, network.Admin(""), []store.Key{{ID: w.After.ID}})
			if err != nil {
				return nil, err
			}
			w.IfVersion = now[0].Version
		}
	}
	return s.Store.Apply(ctx, b)
}

// stale gives records as they were when they were first read.
type stale struct {
	store.Store
	mu   sync.Mutex
	read map[network.ID]*network.Record
}

func (s *stale) Load(ctx context.Context, v network.Viewer, keys []store.Key) ([]*network.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	got, err := s.Store.Load(ctx, v, keys)
	if err == nil && s.read[keys[0].ID] == nil {
		s.read[keys[0].ID] = got[0]
	}
	return []*network.Record{s.read[keys[0].ID]}, err
}

// lying says of every third update that it was refused when it was made.
type lying struct {
	store.Store
	mu sync.Mutex
	n  int
}

func (s *lying) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	done, err := s.Store.Apply(ctx, b)
	if s.n++; err == nil && s.n%3 == 0 {
		return nil, network.Errorf(network.Unavailable, "nothing was written")
	}
	return done, err
}

func TestIsAStoreThatErrsFoundOut(t *testing.T) {
	for name, wrap := range map[string]func(store.Store) store.Store{
		"it overwrites": func(s store.Store) store.Store { return overwriting{s} },
		"it is stale":   func(s store.Store) store.Store { return &stale{Store: s, read: map[network.ID]*network.Record{}} },
		"it lies":       func(s store.Store) store.Store { return &lying{Store: s} },
	} {
		t.Run(name, func(t *testing.T) {
			h, err := Race(t.Context(), wrap(memory.New(memory.Options{})))
			if err != nil {
				t.Fatal(err)
			}
			if h.Check() == nil {
				t.Error(h)
			}
		})
	}
}

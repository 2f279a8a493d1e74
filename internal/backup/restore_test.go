package backup_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

func TestIsWhatAStoreHoldsLeftAlone(t *testing.T) {
	data, want := backuptest.Example(t)
	other := func(id string) *store.Batch {
		return &store.Batch{Actor: "other", At: backuptest.Created, Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: network.ID(id), Kind: "Topic", Fields: map[string]any{"name": id}}}}}
	}
	receipt := func(key string) *store.Batch {
		return &store.Batch{Actor: "other", At: backuptest.Created, Receipt: &store.Receipt{Key: key, Fingerprint: "f", Outcome: "{}"}}
	}
	for name, before := range map[string]func(s store.Store) []*store.Batch{
		"something else":              func(store.Store) []*store.Batch { return []*store.Batch{other("x")} },
		"a receipt of something else": func(store.Store) []*store.Batch { return []*store.Batch{receipt("x")} },
		"more": func(s store.Store) []*store.Batch {
			backuptest.Restored(t, s, data)
			return []*store.Batch{other("x")}
		},
		"a receipt more": func(s store.Store) []*store.Batch {
			backuptest.Restored(t, s, data)
			return []*store.Batch{receipt("x")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := memory.New(memory.Options{})
			for _, b := range before(s) {
				if _, err := s.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			had := backuptest.Of(t, s)
			_, err := backup.Restore(t.Context(), s, bytes.NewReader(data), nil, nil)
			wantCode(t, err, network.Conflict)
			backuptest.Same(t, backuptest.Of(t, s), had)
		})
	}
	s := memory.New(memory.Options{})
	backuptest.Restored(t, s, data)
	if done := backuptest.Restored(t, s, data); done.Had != want.Head {
		t.Errorf("again: %+v", done)
	}
	backuptest.Same(t, backuptest.Of(t, s), want)
}

// meddling writes something of its own before a batch.
type meddling struct {
	store.Store
	at int64
}

func (m *meddling) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if head, _ := m.Head(ctx); head == m.at {
		m.at = -1
		own := store.Write{Action: store.Create, After: &network.Record{ID: "meddler", Kind: "Topic", Fields: map[string]any{"name": "割込"}}}
		if _, err := m.Store.Apply(ctx, &store.Batch{At: backuptest.Created, Writes: []store.Write{own}}); err != nil {
			return nil, err
		}
	}
	return m.Store.Apply(ctx, b)
}

func TestIsSomebodyElsesWriteNoticed(t *testing.T) {
	data, _ := backuptest.Example(t)
	_, err := backup.Restore(t.Context(), &meddling{memory.New(memory.Options{}), 3}, bytes.NewReader(data), nil, nil)
	wantCode(t, err, network.Conflict)
}

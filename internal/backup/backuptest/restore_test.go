package backuptest_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// failing lets some batches through and fails then.
type failing struct {
	store.Store
	left int
}

var errGone = errors.New("the store is gone")

func (f *failing) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if f.left--; f.left < 0 {
		return nil, errGone
	}
	return f.Store.Apply(ctx, b)
}

func TestIsAnInterruptedRestoreCompleted(t *testing.T) {
	data, want := backuptest.Example(t)
	onBoth(t, func(t *testing.T, empty func(testing.TB) place) {
		for batches, interrupted := 0, true; interrupted; batches++ {
			p := empty(t)
			p.with(t, func(s store.Store) {
				_, err := backup.Restore(t.Context(), &failing{s, batches}, bytes.NewReader(data), nil, nil)
				interrupted = err != nil
				if interrupted && !errors.Is(err, errGone) {
					t.Fatal(err)
				}
			})
			p.with(t, func(s store.Store) {
				head, err := s.Head(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if done := backuptest.Restored(t, s, data); done.Had != head {
					t.Errorf("%+v; the store had %d", done, head)
				}
				backuptest.Same(t, backuptest.Of(t, s), want)
			})
			if !interrupted && batches < 8 {
				t.Errorf("it took %d batches", batches)
			}
		}
	})
}

func TestDoesARetryAfterARestoreGetTheFirstResult(t *testing.T) {
	data, want := backuptest.Example(t)
	onBoth(t, func(t *testing.T, empty func(testing.TB) place) {
		empty(t).with(t, func(s store.Store) {
			backuptest.Restored(t, s, data)
			for _, r := range want.Receipts {
				again := &store.Batch{Actor: r.Actor, At: backuptest.Created, Receipt: &store.Receipt{Key: r.Key}}
				_, err := s.Apply(t.Context(), again)
				wantCode(t, err, network.Duplicate)
			}
		})
	})
}

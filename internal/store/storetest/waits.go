package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// soon is long enough for every store to have noticed a commit.
const soon = time.Minute

func testWaits(t *testing.T, open func(testing.TB) store.Store) {
	t.Run("IsAnEmptyMapThere", func(t *testing.T) {
		if head, err := waited(t, opened(t, open), -1); err != nil || head != 0 {
			t.Errorf("%d, %v", head, err)
		}
	})
	s := opened(t, open)
	first := apply(t, s, creation(rec("Topic", "first", fields{"name": "一"})))
	t.Run("IsWhatIsThereNotWaitedFor", func(t *testing.T) {
		for _, after := range []int64{first - 1, 0, -1} {
			if head, err := waited(t, s, after); err != nil || head != first {
				t.Errorf("after %d: %d, %v; want %d", after, head, err, first)
			}
		}
	})
	t.Run("DoesACommitWakeAllWhoWait", func(t *testing.T) { testWakes(t, s, first) })
	t.Run("IsTheLogThereUpToTheHead", func(t *testing.T) { testComplete(t, s) })
	t.Run("DoesWaitingEndWithTheContext", func(t *testing.T) {
		head, err := s.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := s.Wait(ctx, head); network.CodeOf(err) != network.Timeout {
			t.Errorf("at the deadline: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if _, err := s.Wait(ctx, head); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

func waited(t testing.TB, s store.Store, after int64) (int64, error) {
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	return s.Wait(ctx, after)
}

func testWakes(t *testing.T, s store.Store, head int64) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for after := head; after < head+3; {
				got, err := waited(t, s, after)
				if err != nil || got <= after || got > head+3 {
					t.Errorf("after %d: %d, %v", after, got, err)
					return
				}
				after = got
			}
		})
	}
	for i := range 3 {
		apply(t, s, creation(rec("Topic", fmt.Sprint("woken", i), fields{"name": "覚"})))
	}
	all.Wait()
}

// testComplete reads, after each wait, what the log has of the revisions waited
// for: none may be missing.
func testComplete(t *testing.T, s store.Store) {
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const writers, each, size = 4, 12, 3
	var all sync.WaitGroup
	defer all.Wait()
	for w := range writers {
		all.Go(func() {
			for i := range each {
				b := creation()
				for j := range size {
					b.Writes = append(b.Writes, store.Write{Action: store.Create, After: rec("Topic", fmt.Sprint("complete", w, "-", i, "-", j), fields{"name": "全"})})
				}
				if _, err := s.Apply(t.Context(), b); err != nil {
					t.Errorf("apply: %v", err)
					return
				}
			}
		})
	}
	for at := head; at < head+writers*each && !t.Failed(); {
		next, err := waited(t, s, at)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, c := range logOf(t, s, network.Admin(""), at) {
			if c.Revision <= next {
				found++
			}
		}
		if want := int(next-at) * size; found != want {
			t.Errorf("%d entries after %d up to %d, want %d", found, at, next, want)
		}
		at = next
	}
}

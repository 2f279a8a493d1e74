package verify_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/verify"
)

// busy is a store in which "hot" is written to whenever records are read, and
// "cold" is not as the log says when it is damaged.
type busy struct {
	*memory.Store
	t       *testing.T
	damaged network.ID
}

func (s *busy) write(version int64, ids ...network.ID) {
	b := &store.Batch{Actor: "w", At: time.Unix(version, 0)}
	for _, id := range ids {
		w := store.Write{Action: store.Update, IfVersion: version, After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": fmt.Sprint(id, version)}}}
		if version == 0 {
			w.Action = store.Create
		}
		b.Writes = append(b.Writes, w)
	}
	if _, err := s.Apply(context.Background(), b); err != nil {
		s.t.Fatal(err)
	}
}

func (s *busy) Inspect(ctx context.Context, ids []network.ID, _ func(store.Fault)) iter.Seq2[*network.Record, error] {
	if ids == nil {
		ids = []network.ID{"hot", "cold"}
	}
	return func(yield func(*network.Record, error) bool) {
		for _, id := range network.Distinct(ids) {
			found, err := s.Load(ctx, network.Admin(""), []store.Key{{ID: id}})
			if err != nil {
				yield(nil, err)
				return
			}
			if id == "hot" {
				s.write(found[0].Version, "hot")
			}
			if id == s.damaged {
				found[0].Fields["name"] = "別"
			}
			if !yield(found[0], nil) {
				return
			}
		}
	}
}

func (s *busy) Sound(context.Context, func(store.Fault)) error { return nil }

// What is written to all the time is left out; the rest is verified all the same.
func TestIsAStoreVerifiedThatIsNeverQuiet(t *testing.T) {
	for damaged, faults := range map[network.ID]int{"": 0, "cold": 1, "hot": 0} {
		s := &busy{memory.New(memory.Options{}), t, damaged}
		s.write(0, "hot", "cold")
		report, err := verify.Store(t.Context(), s)
		if err != nil || report.Left != 1 || report.Found != faults || report.Records != 2 {
			t.Errorf("%q damaged: %+v, %v", damaged, report, err)
		}
	}
}

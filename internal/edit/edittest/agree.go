package edittest

import (
	"context"
	"fmt"
	"reflect"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// loadedAtOnce is how many records are read in one statement.
const loadedAtOnce = 500

// Agree holds the records of a store against its log: no revision is missing,
// each entry goes on from the one before, and the last state of each record is
// the record.
func Agree(ctx context.Context, s store.Store) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	states := map[network.ID]*network.Record{}
	var order []network.ID
	var last store.Change
	for c, err := range s.Changes(ctx, network.Admin("check"), 0) {
		switch {
		case err != nil:
			return err
		case c.Revision == last.Revision && c.Seq != last.Seq+1, c.Revision != last.Revision && (c.Revision != last.Revision+1 || c.Seq != 0):
			return fmt.Errorf("entry (%d, %d) follows (%d, %d)", c.Revision, c.Seq, last.Revision, last.Seq)
		case !reflect.DeepEqual(c.Before, states[c.Record]):
			return fmt.Errorf("entry (%d, %d) is not made on what was there: %+v", c.Revision, c.Seq, c.Before)
		}
		if c.Before == nil {
			order = append(order, c.Record)
		}
		states[c.Record], last = c.After, *c
	}
	if last.Revision != head {
		return fmt.Errorf("the log ends at revision %d, the store is at %d", last.Revision, head)
	}
	for len(order) > 0 {
		n := min(loadedAtOnce, len(order))
		if err := same(ctx, s, order[:n], states); err != nil {
			return err
		}
		order = order[n:]
	}
	return nil
}

func same(ctx context.Context, s store.Store, ids []network.ID, want map[network.ID]*network.Record) error {
	keys := make([]store.Key, len(ids))
	for i, id := range ids {
		keys[i].ID = id
	}
	got, err := s.Load(ctx, network.Admin("check"), keys)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if !reflect.DeepEqual(got[i], want[id]) {
			return fmt.Errorf("record %+v, the log has %+v", got[i], want[id])
		}
	}
	return nil
}

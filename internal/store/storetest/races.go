package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testRaces(t *testing.T, open func(testing.TB) store.Store) {
	s := writer{opened(t, open)}
	t.Run("DoesOneOfTwoWritersWin", s.race)
	t.Run("DoesOneOfManyCreatorsWin", s.creationRace)
	t.Run("DoesOneOfManyTakeACode", s.codeRace)
	t.Run("DoCreatorsCrosswiseWaitForOneAnother", s.crosswise)
	t.Run("AreVersionedUpdatesLinearizable", func(t *testing.T) { linearizable(t, s.Store) })
}

// together lets writers apply what batch gives for each, all at once.
func (s writer) together(writers int, batch func(i int) *store.Batch) []error {
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() { _, errs[i] = s.Apply(context.Background(), batch(i)) })
	}
	wg.Wait()
	return errs
}

// oneWon holds the errors of those who raced: nil for one, the code for all
// others.
func oneWon(t *testing.T, errs []error, want network.ErrorCode) {
	t.Helper()
	won := 0
	for _, err := range errs {
		switch code := network.CodeOf(err); {
		case err == nil:
			won++
		case code != want:
			t.Errorf("error %v (%s), want %s", err, code, want)
		}
	}
	if won != 1 {
		t.Errorf("%d writers won", won)
	}
}

func (s writer) race(t *testing.T) {
	apply(t, s, creation(rec("Topic", "fought", fields{"name": "零"})))
	const rounds = 5
	for version := int64(1); version <= rounds; version++ {
		oneWon(t, s.together(4, func(i int) *store.Batch {
			return batch(update(version, rec("Topic", "fought", fields{"name": fmt.Sprint(i)})))
		}), network.Conflict)
	}
	if got := s.load(t, "fought").Version; got != rounds+1 {
		t.Errorf("version %d", got)
	}
}

func (s writer) creationRace(t *testing.T) {
	for round := range 3 {
		id := fmt.Sprint("claimed-", round)
		oneWon(t, s.together(8, func(i int) *store.Batch {
			return creation(rec("Topic", id, fields{"name": fmt.Sprint(i), "importKey": id}))
		}), network.Conflict)
	}
}

// Who comes second hears which value is taken, as when it had been taken long
// ago.
func (s writer) codeRace(t *testing.T) {
	errs := s.together(8, func(i int) *store.Batch {
		return creation(rec("School", fmt.Sprint("coded-", i), fields{"name": "学校", "schoolCode": "B120221500035"}))
	})
	oneWon(t, errs, network.Duplicate)
	for _, err := range errs {
		if e, ok := err.(*network.Error); err != nil && (!ok || !slices.Contains(e.Path, "schoolCode")) {
			t.Errorf("error %v does not name the code", err)
		}
	}
}

// Half of them come from the other end: none may be refused for want of a lock.
func (s writer) crosswise(t *testing.T) {
	const records = 40
	oneWon(t, s.together(8, func(i int) *store.Batch {
		b := batch()
		for j := range records {
			b.Writes = append(b.Writes, newTopic(fmt.Sprint("crossed-", j)))
		}
		if i%2 == 1 {
			slices.Reverse(b.Writes)
		}
		return b
	}), network.Conflict)
}

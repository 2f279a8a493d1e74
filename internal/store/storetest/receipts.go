package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testReceipts(t *testing.T, open func(testing.TB) store.Store) {
	s := writer{opened(t, open)}
	t.Run("IsAReceiptKept", s.receiptKept)
	t.Run("MayAKeyBeUsedTwice", s.keyOnce)
	t.Run("IsAReceiptKeptWhenNothingChanges", s.receiptOfNothing)
	t.Run("DoesARefusedBatchLeaveAReceipt", s.receiptOfRefused)
	t.Run("InWhichOrderAreReceiptsRead", s.receiptsInOrder)
	t.Run("DoesOneOfManyWithOneKeyWin", s.keyRace)
}

func receipted(key string, writes ...store.Write) *store.Batch {
	b := batch(writes...)
	b.Receipt = &store.Receipt{Key: key, Fingerprint: "print of " + key, Outcome: `{"key":"` + key + `"}`}
	return b
}

func newTopic(id string) store.Write {
	return store.Write{Action: store.Create, After: rec("Topic", id, fields{"name": id})}
}

// receipt reads what a key left, nil when nothing.
func (s writer) receipt(t *testing.T, actor, key string) *store.Receipt {
	t.Helper()
	r, err := s.Receipt(context.Background(), actor, key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s writer) receiptKept(t *testing.T) {
	same(t, s.receipt(t, "tester", "鍵"), (*store.Receipt)(nil))
	revision := apply(t, s, receipted("鍵", newTopic("kept")))
	want := &store.Receipt{Actor: "tester", Key: "鍵", Fingerprint: "print of 鍵", Outcome: `{"key":"鍵"}`, Revision: revision, At: noon.UTC()}
	same(t, s.receipt(t, "tester", "鍵"), want)
	same(t, s.receipt(t, "somebody else", "鍵"), (*store.Receipt)(nil))
}

func (s writer) keyOnce(t *testing.T) {
	apply(t, s, receipted("once", newTopic("once-1")))
	head, _ := s.Head(context.Background())
	for _, b := range []*store.Batch{receipted("once", newTopic("once-2")), receipted("once")} {
		s.refused(t, b, network.Duplicate, "idempotencyKey")
	}
	if s.load(t, "once-2") != nil || s.receipt(t, "tester", "once").Revision != head {
		t.Error("the second batch was written")
	}
	other := receipted("once", newTopic("once-3"))
	other.Actor = "somebody else"
	if apply(t, s, other); s.receipt(t, "somebody else", "once") == nil {
		t.Error("the key of one actor is taken for another")
	}
}

func (s writer) receiptOfNothing(t *testing.T) {
	head, _ := s.Head(context.Background())
	if got := apply(t, s, receipted("nothing")); got != head {
		t.Errorf("revision %d, the store is at %d", got, head)
	}
	same(t, s.receipt(t, "tester", "nothing").Revision, head)
	if n := len(logOf(t, s, network.Admin(""), head)); n != 0 {
		t.Errorf("%d entries in the log", n)
	}
}

func (s writer) receiptOfRefused(t *testing.T) {
	s.refused(t, receipted("refused", update(7, rec("Topic", "kept", fields{"name": "x"}))), network.Conflict, "")
	same(t, s.receipt(t, "tester", "refused"), (*store.Receipt)(nil))
}

func (s writer) receiptsInOrder(t *testing.T) {
	since, _ := s.Head(context.Background())
	// As texts the times would stand the other way round.
	late, early, more := receipted("o-1", newTopic("o-1")), receipted("o-2"), receipted("o-3", newTopic("o-3"))
	late.At, early.At = noon.Add(500*time.Millisecond), noon
	for _, b := range []*store.Batch{late, early, more} {
		apply(t, s, b)
	}
	var got []string
	for r, err := range s.Receipts(context.Background(), since) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(r.Key, r.Revision-since))
	}
	same(t, strings.Join(got, " "), "o-21 o-11 o-32")
	for range s.Receipts(context.Background(), 0) {
		break // a reader may stop
	}
}

func (s writer) keyRace(t *testing.T) {
	head, _ := s.Head(context.Background())
	errs := s.together(8, func(i int) *store.Batch { return receipted("raced", newTopic(fmt.Sprint("raced-", i))) })
	oneWon(t, errs, network.Duplicate)
	for i, err := range errs {
		if there := s.load(t, network.ID(fmt.Sprint("raced-", i))) != nil; there != (err == nil) {
			t.Errorf("writer %d: %v, its record is there: %v", i, err, there)
		}
	}
	if now, _ := s.Head(context.Background()); now != head+1 {
		t.Errorf("%d revisions were made", now-head)
	}
}

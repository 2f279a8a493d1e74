// Package backuptest compares what stores hold. Its own tests are those of
// backups on both engines.
package backuptest

import (
	"context"
	"reflect"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Contents are all that a store holds: its records as they are, its log, its
// receipts.
type Contents struct {
	Head     int64
	Records  map[network.ID]*network.Record
	Changes  []*store.Change
	Receipts []*store.Receipt
}

// Of reads a store.
func Of(t testing.TB, s store.Store) (out Contents) {
	t.Helper()
	ctx := context.Background()
	var err error
	if out.Head, err = s.Head(ctx); err != nil {
		t.Fatal(err)
	}
	out.Records = map[network.ID]*network.Record{}
	for c, err := range s.Changes(ctx, network.Admin(""), 0) {
		if err != nil {
			t.Fatal(err)
		}
		out.Changes = append(out.Changes, c)
		out.Records[c.Record] = nil
	}
	for r, err := range s.Receipts(ctx, -1) {
		if err != nil {
			t.Fatal(err)
		}
		out.Receipts = append(out.Receipts, r)
	}
	for id := range out.Records {
		found, err := s.Load(ctx, network.Admin(""), []store.Key{{ID: id}})
		if err != nil || found[0] == nil {
			t.Fatalf("%s: %v", id, err)
		}
		out.Records[id] = found[0]
	}
	return out
}

// Same fails the test, and says where, when two stores do not hold the same.
func Same(t testing.TB, got, want Contents) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	if got.Head != want.Head || len(got.Changes) != len(want.Changes) || len(got.Receipts) != len(want.Receipts) || len(got.Records) != len(want.Records) {
		t.Fatalf("revision %d, %d entries, %d receipts, %d records; want %d, %d, %d, %d", got.Head, len(got.Changes), len(got.Receipts), len(got.Records),
			want.Head, len(want.Changes), len(want.Receipts), len(want.Records))
	}
	for i := range want.Changes {
		if !reflect.DeepEqual(got.Changes[i], want.Changes[i]) {
			t.Errorf("entry %d\n got %+v %+v\nwant %+v %+v", i, got.Changes[i], got.Changes[i].After, want.Changes[i], want.Changes[i].After)
		}
	}
	for i := range want.Receipts {
		if !reflect.DeepEqual(got.Receipts[i], want.Receipts[i]) {
			t.Errorf("receipt %d\n got %+v\nwant %+v", i, got.Receipts[i], want.Receipts[i])
		}
	}
	for id := range want.Records {
		if !reflect.DeepEqual(got.Records[id], want.Records[id]) {
			t.Errorf("record %s\n got %+v\nwant %+v", id, got.Records[id], want.Records[id])
		}
	}
	t.Fatal("the stores differ")
}

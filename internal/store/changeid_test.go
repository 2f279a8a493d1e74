package store_test

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func TestAreIDsOfEntriesToldFromOthers(t *testing.T) {
	for _, id := range []network.ID{store.ChangeID(0, 0), store.ChangeID(1, 999), store.ChangeID(1<<40, 1<<20)} {
		if !store.IsChangeID(id) {
			t.Errorf("%s is one of an entry", id)
		}
	}
	for _, id := range []network.ID{"", network.NewID(), "s-east", "00000000000001+0000000"} {
		if store.IsChangeID(id) {
			t.Errorf("%q is none of an entry", id)
		}
	}
}

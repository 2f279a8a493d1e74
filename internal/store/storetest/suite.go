package storetest

import (
	"context"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Run holds the store against every behaviour the contract names. Each call of
// open gives an empty store; open sees to closing it at the end of the test it
// is given. The stores of one run are used one after the other.
func Run(t *testing.T, open func(t testing.TB) store.Store) {
	t.Run("Writes", func(t *testing.T) { testWrites(t, open) })
	t.Run("Races", func(t *testing.T) { testRaces(t, open) })
	t.Run("Receipts", func(t *testing.T) { testReceipts(t, open) })
	t.Run("Log", func(t *testing.T) { testLog(t, open) })
	t.Run("Sight", func(t *testing.T) { testSight(t, open) })
	t.Run("Consent", func(t *testing.T) { testConsent(t, open) })
	t.Run("Erasing", func(t *testing.T) { testErasing(t, open) })
	t.Run("Waits", func(t *testing.T) { testWaits(t, open) })
	t.Run("Tokens", func(t *testing.T) { testTokens(t, open) })
	t.Run("Fields", func(t *testing.T) { testRoundTrip(t, open) })
	t.Run("Reads", func(t *testing.T) {
		r := reader{s: opened(t, open, fixture()...), viewer: network.Admin("reader"), asOf: today}
		for _, g := range []struct {
			name string
			run  func(*testing.T, reader)
		}{
			{"Load", testLoad}, {"Lists", testLists}, {"Shapes", testShapes}, {"Ties", testTies}, {"Time", testTime},
			{"Filters", testFilters}, {"Nested", testNestedFilters}, {"Order", testOrder}, {"Pages", testPages},
			{"Search", testSearch}, {"Groups", testGroups}, {"Viewers", testViewers}, {"Personal", testPersonal},
			{"Subgraph", testSubgraph}, {"NetworkValues", testNetworkValues},
		} {
			t.Run(g.name, func(t *testing.T) { g.run(t, r) })
		}
	})
}

// CloseAfter closes the store at the end of the test.
func CloseAfter(t testing.TB, s store.Store) {
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

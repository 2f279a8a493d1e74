// Package storetest is the conformance suite of a store: what every engine
// behind [store.Store] must do, asked through the interface alone.
//
//	func TestConformance(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) store.Store { return memory.New(memory.Options{}) })
//	}
//
// [Differential] goes further: random maps and random plans on two engines,
// whose answers must agree to the byte.
package storetest

package neo4j_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func TestMain(m *testing.M) {
	code := neo4jtest.Main(m)
	select {
	case d := <-neo4j.Deprecated:
		fmt.Fprintln(os.Stderr, "deprecated:", d)
		code = 1
	default:
	}
	os.Exit(code)
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Store { return openEmpty(t) })
}

// openEmpty gives a store on a server without records.
func openEmpty(t testing.TB) *neo4j.Store {
	t.Helper()
	uri := neo4jtest.Open(t)
	neo4jtest.Clear(t, neo4jtest.Driver(t, uri))
	s, err := neo4j.Open(context.Background(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	return s
}

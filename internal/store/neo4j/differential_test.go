package neo4j_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// differentialVariable names the environment variable with the number of
// random maps to compare the engines on, when it is to be more than a few.
const differentialVariable = "MUSUBI_DIFFERENTIAL"

func TestAnswersLikeTheMemoryEngine(t *testing.T) {
	graphs := 2
	if s := os.Getenv(differentialVariable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("%s: %v", differentialVariable, err)
		}
		graphs = n
	}
	if testing.Short() {
		graphs = 1
	}
	uri := neo4jtest.Open(t)
	storetest.Differential(t, graphs, 300, openMemory, func(t testing.TB) store.Store {
		neo4jtest.Reset(t, neo4jtest.Driver(t, uri))
		s, err := neo4j.Open(context.Background(), neo4j.Options{URI: uri})
		if err != nil {
			t.Fatal(err)
		}
		closeAfter(t, s)
		return s
	})
}

func openMemory(t testing.TB) store.Store {
	s := memory.New(memory.Options{})
	closeAfter(t, s)
	return s
}

func closeAfter(t testing.TB, s store.Store) {
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

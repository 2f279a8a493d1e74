package differential

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// plannedOnce are settings under which the server plans a statement when it
// first sees it and not again. Of itself it would do so for each map, whose
// statistics are others, and for each size of lists and texts among the
// parameters: a hundred times the work of answering. The statements are those
// of production.
var plannedOnce = map[string]string{
	"dbms.cypher.min_replan_interval":    "10h",
	"internal.cypher.use_parameter_size": "false",
}

func TestMain(m *testing.M) { os.Exit(neo4jtest.MainWith(m, plannedOnce)) }

// seriesVariable names the environment variable with the random series to
// compare the engines on, as in 100..200 or 100..200:40x10, 40 maps of 10
// plans each.
const seriesVariable = "MUSUBI_DIFFERENTIAL"

func TestAnswersLikeTheMemoryEngine(t *testing.T) {
	c := storetest.Comparison{Until: 16, Maps: 8, Plans: 8}
	series := os.Getenv(seriesVariable)
	if series != "" {
		if n, err := fmt.Sscanf(series, "%d..%d:%dx%d", &c.First, &c.Until, &c.Maps, &c.Plans); n < 2 {
			t.Fatalf("%s: %v", seriesVariable, err)
		}
	}
	d := neo4jtest.Driver(t, neo4jtest.Open(t))
	neo4jtest.Reset(t, d)
	s, err := neo4j.Open(context.Background(), neo4j.Options{URI: neo4jtest.Open(t)})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	sum := storetest.Differential(t, c, openMemory, func(t testing.TB) store.Store {
		neo4jtest.Clear(t, d)
		return s
	})
	if series != "" {
		fmt.Fprintf(os.Stderr, "series %d to %d: %s\n", c.First, c.Until-1, sum)
	}
}

func openMemory(t testing.TB) store.Store {
	s := memory.New(memory.Options{})
	storetest.CloseAfter(t, s)
	return s
}

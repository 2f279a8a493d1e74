// Command loading measures how long the Neo4j store takes to load a network whole,
// beside a bare use of the driver that reads the same columns, in turn within one
// run. It fills a real Neo4j first and says how fast that went. It prints a
// Markdown table.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"time"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

type options struct {
	stakeholders, ties   int
	rows, batches, lanes int
	rounds               int
	heap, pageCache      int
	dir                  string
	limit                time.Duration
}

func main() {
	log.SetFlags(0)
	var o options
	flag.IntVar(&o.stakeholders, "stakeholders", 200_000, "how many stakeholders to fill in")
	flag.IntVar(&o.ties, "ties", 1_000_000, "how many ties between them, of two kinds")
	flag.IntVar(&o.rows, "rows", 10_000, "rows per statement of the filling")
	flag.IntVar(&o.lanes, "lanes", 1, "statements of the filling at the same time")
	flag.IntVar(&o.batches, "batches", 3, "batches of 2,000 ties to write through the store as well, to see how fast that is")
	flag.IntVar(&o.rounds, "rounds", 3, "loads of each side, in turn; the best counts")
	flag.IntVar(&o.heap, "heap", 2048, "heap of the server in MiB")
	flag.IntVar(&o.pageCache, "page-cache", 512, "page cache of the server in MiB")
	flag.StringVar(&o.dir, "dir", "", "`directory` in which the filled server is kept, to be used again; a temporary one when empty")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "give up after so long")
	flag.Parse()
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(interrupted, o.limit)
	defer cancel()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	n, err := served.Start(ctx, neo4jserver.Options{Dir: o.dir, HeapMB: o.heap, PageCacheMB: o.pageCache})
	if err != nil {
		return err
	}
	defer func() { _ = n.Stop(ctx) }()
	fmt.Printf("Neo4j %s with %d MiB of heap and %d MiB of page cache; %d cores for both\n\n", neo4jserver.Version, o.heap, o.pageCache, runtime.NumCPU())
	if err := fill(ctx, o, n); err != nil {
		return err
	}
	return compare(ctx, o, n.Store, n.Driver)
}

// rate is how many went by in a time.
func rate(n int, in time.Duration) string {
	return fmt.Sprintf("%.0f/s", float64(n)/in.Seconds())
}

// Command compare asks several servers the same questions about one made-up map, in
// turn within one run, and says how much faster which one is:
//
//   - ours, on Neo4j and on the embedded store,
//   - the statements of ours through the bare driver behind net/http: what is
//     between them and ours is what ours adds to the database,
//   - hand-written Cypher through the bare driver behind net/http, as the limit,
//   - @neo4j/graphql on GraphQL Yoga, on the same Neo4j,
//   - PostGraphile on PostgreSQL, with the same map in tables.
//
// Before anything is measured, each has to give the same rows as ours: the run
// fails otherwise. It prints Markdown. All servers are its own and on loopback;
// the run ends by itself.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/musubi-map/musubi/bench/town"
)

type options struct {
	town            town.Options
	clients, rounds int
	each, warm      time.Duration
	heap, pageCache int
	peers           string
	only, without   string
	limit           time.Duration
	against         int

	serve, at, data, uri string // of the servers that the program starts of itself
}

func main() {
	log.SetFlags(0)
	var o options
	flag.IntVar(&o.town.Municipalities, "municipalities", 1, "how many of them the map has, up to 1741")
	flag.Uint64Var(&o.town.Seed, "seed", 1, "which map")
	flag.IntVar(&o.clients, "clients", 8, "clients at the same time, each waiting for its answer")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of each workload, the sides in turn")
	flag.DurationVar(&o.each, "each", 600*time.Millisecond, "how long a side is asked in a round")
	flag.DurationVar(&o.warm, "warm", time.Second, "how long each side is asked before the first round")
	flag.IntVar(&o.heap, "heap", 1024, "heap of the Neo4j in MiB")
	flag.IntVar(&o.pageCache, "page-cache", 512, "page cache of the Neo4j, and shared buffers of PostgreSQL, in MiB")
	flag.StringVar(&o.peers, "peers", "peers", "`directory` of the servers on Node, installed with npm ci")
	flag.StringVar(&o.only, "only", "", "workloads to run, with commas between; all when empty")
	flag.StringVar(&o.without, "without", "", "sides to leave out, with commas between")
	flag.IntVar(&o.against, "against", 0, "municipalities of a second map: ask only ours, the same of both")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "give up after so long")
	flag.StringVar(&o.serve, "serve", "", "be the server of this `side`; the program starts itself so")
	flag.StringVar(&o.at, "at", "", "address to serve at")
	flag.StringVar(&o.data, "data", "", "file to serve")
	flag.StringVar(&o.uri, "uri", "", "Neo4j to serve")
	flag.Parse()
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(interrupted, o.limit)
	defer cancel()
	run := compare
	if o.serve != "" {
		run = serve
	}
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

// Command fill writes a made-up map, of one town to the nation, into a file of the
// embedded store or into a Neo4j that it starts, and says how fast that went.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/musubi-map/musubi/bench/bulk"
	"github.com/musubi-map/musubi/bench/town"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

type options struct {
	town            town.Options
	data, neo4j     string
	heap, pageCache int
	limit           time.Duration
}

func main() {
	log.SetFlags(0)
	var o options
	flag.IntVar(&o.town.Municipalities, "municipalities", 1, "how many of them, up to 1741")
	flag.Uint64Var(&o.town.Seed, "seed", 1, "which map")
	flag.StringVar(&o.data, "data", "", "`file` of the embedded store to write")
	flag.StringVar(&o.neo4j, "neo4j", "", "`directory` of the Neo4j to start and fill")
	flag.IntVar(&o.heap, "heap", 2048, "heap of the Neo4j in MiB")
	flag.IntVar(&o.pageCache, "page-cache", 1024, "page cache of the Neo4j in MiB")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "give up after so long")
	flag.Parse()
	defer server.HoldHeap()()
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(interrupted, o.limit)
	defer cancel()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	switch {
	case o.data != "" && o.neo4j == "":
		s, err := sqlite.Open(ctx, o.data, sqlite.Options{})
		if err != nil {
			return err
		}
		return load(ctx, o, s)
	case o.neo4j != "" && o.data == "":
		m, err := town.New(o.town)
		if err != nil {
			return err
		}
		n, r, err := bulk.Import(ctx, neo4jserver.Options{Dir: o.neo4j, HeapMB: o.heap, PageCacheMB: o.pageCache, FullJIT: true}, m.Records())
		if err != nil {
			return err
		}
		fmt.Println(r)
		return n.Stop(ctx)
	}
	return errors.New("give either -data or -neo4j")
}

func load(ctx context.Context, o options, s store.Store) error {
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	if head, err := s.Head(ctx); err != nil || head > 0 {
		return errors.Join(err, fmt.Errorf("the store must be empty; it is at revision %d", head))
	}
	m, err := town.New(o.town)
	if err != nil {
		return err
	}
	r, err := bulk.Load(ctx, s, m.Records())
	if err != nil {
		return err
	}
	fmt.Println(r)
	return nil
}

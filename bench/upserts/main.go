// Command upserts measures batched upserts: rows through the editor and the Neo4j
// store, beside hand-written UNWIND … MERGE statements that leave the same records
// and the same log, in turn within one run and on one server. It prints a Markdown
// table, and fails when the two left other records or another log.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"time"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

type options struct {
	there, rows, rounds int
	limit               time.Duration
}

func main() {
	log.SetFlags(0)
	var o options
	flag.IntVar(&o.there, "there", 50_000, "how many companies are there already, on either side")
	flag.IntVar(&o.rows, "rows", 1000, "rows of a batch: half of them new, half of them changes")
	flag.IntVar(&o.rounds, "rounds", 12, "batches of each side, in turn; the first two warm up")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "give up after so long")
	flag.Parse()
	defer server.HoldHeap()() // as the server does
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(interrupted, o.limit)
	defer cancel()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

// side writes batches of rows.
type side struct {
	name  string
	write func(ctx context.Context, rows []row) error
	took  []time.Duration
}

func run(ctx context.Context, o options) error {
	n, err := served.Start(ctx, neo4jserver.Options{HeapMB: 2048, PageCacheMB: 512})
	if err != nil {
		return err
	}
	defer func() { _ = n.Stop(ctx) }()
	e := &edit.Editor{Store: n.Store, Clock: network.SystemClock()}
	area, err := prepare(ctx, e, n)
	if err != nil {
		return err
	}
	h := &byHand{d: n.Driver, area: area}
	sides := []*side{
		{name: "ours", write: func(ctx context.Context, rows []row) error { return throughEditor(ctx, e, rows) }},
		{name: "by hand", write: h.write},
	}
	for _, x := range sides {
		for rows := range slices.Chunk(companies(x.name, 0, o.there, "初"), 5000) {
			if err := x.write(ctx, rows); err != nil {
				return err
			}
		}
	}
	if err := n.Store.Replan(ctx); err != nil {
		return err
	}
	for round := range o.rounds {
		for i := range sides {
			x := sides[(i+round)%2] // neither is always first
			rows := append(companies(x.name, round*o.rows/2, o.rows/2, fmt.Sprint("改", round)), companies(x.name, o.there+round*o.rows/2, o.rows/2, "新")...)
			began := time.Now()
			if err := x.write(ctx, rows); err != nil {
				return err
			}
			if round >= 2 {
				x.took = append(x.took, time.Since(began))
			}
		}
	}
	if err := agree(ctx, n, sides); err != nil {
		return err
	}
	report(o, sides)
	return nil
}

func report(o options, sides []*side) {
	fmt.Printf("Neo4j %s, %d cores for it and the writers; %d companies there, batches of %d rows, half new and half changes, %d batches of each\n\n",
		neo4jserver.Version, runtime.NumCPU(), o.there, o.rows, len(sides[0].took))
	fmt.Println("| side | rows/s (median) | slowest | fastest |\n|---|---|---|---|")
	var medians []float64
	for _, x := range sides {
		slices.Sort(x.took)
		rate := func(t time.Duration) float64 { return float64(o.rows) / t.Seconds() }
		medians = append(medians, rate(x.took[len(x.took)/2]))
		fmt.Printf("| %s | %.0f | %.0f | %.0f |\n", x.name, medians[len(medians)-1], rate(x.took[len(x.took)-1]), rate(x.took[0]))
	}
	fmt.Printf("\nours / by hand: %.2f\n", medians[0]/medians[1])
}

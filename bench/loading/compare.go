package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// today is the day the network is loaded as of.
const today = "2024-02-01"

// side is one way to load the network.
type side struct {
	name string
	load func(context.Context) (stakeholders, ties int, err error)
	best time.Duration
	most uint64 // bytes allocated in a load
}

func compare(ctx context.Context, o options, s *neo4j.Store, d driver.DriverWithContext) error {
	sides := []*side{
		{name: "the store", load: func(ctx context.Context) (int, int, error) { return loadByStore(ctx, s) }},
		{name: "the bare driver", load: func(ctx context.Context) (int, int, error) { return loadBare(ctx, d) }},
	}
	var nodes, ties int
	for round := range o.rounds {
		for _, x := range sides {
			n, t, err := x.measure(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
			if round+nodes > 0 && (n != nodes || t != ties) {
				return fmt.Errorf("%s found %d stakeholders and %d ties, another %d and %d", x.name, n, t, nodes, ties)
			}
			nodes, ties = n, t
		}
	}
	fmt.Printf("\n%d stakeholders and %d ties, best of %d:\n\n| | time | ties | allocated here |\n|---|---|---|---|\n", nodes, ties, o.rounds)
	for _, x := range sides {
		fmt.Printf("| %s | %.2f s | %s | %d MiB |\n", x.name, x.best.Seconds(), rate(ties, x.best), x.most>>20)
	}
	fmt.Printf("\nThe bare driver takes %.2f× the time of the store.\n", float64(sides[1].best)/float64(sides[0].best))
	return nil
}

func (x *side) measure(ctx context.Context) (nodes, ties int, err error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	nodes, ties, err = x.load(ctx)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if x.best == 0 {
		x.best = math.MaxInt64
	}
	x.best = min(x.best, took)
	x.most = max(x.most, after.TotalAlloc-before.TotalAlloc)
	return nodes, ties, err
}

// loadByStore asks as the root field network does.
func loadByStore(ctx context.Context, s *neo4j.Store) (nodes, ties int, err error) {
	organization := network.MustKind("OtherOrganization")
	q := &store.SubgraphQuery{NodeFields: []*network.Field{organization.Field("area"), organization.Field("organizationType")}}
	result, err := s.Fetch(ctx, &store.Plan{Viewer: network.Admin("bench"), AsOf: network.MustDate(today), Network: q})
	if err != nil {
		return 0, 0, err
	}
	return len(result.Network.Nodes), len(result.Network.Ties), nil
}

type bareNode struct{ id, kind, area, organizationType string }

type bareTie struct {
	id, kind        string
	subject, object int32
	strength        int64
}

// loadBare reads the same columns row by row, and keeps what it reads.
func loadBare(ctx context.Context, d driver.DriverWithContext) (nodes, ties int, err error) {
	session := d.NewSession(ctx, driver.SessionConfig{AccessMode: driver.AccessModeRead, DatabaseName: neo4j.DefaultDatabase, FetchSize: driver.FetchAll})
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	text := func(v any) string { s, _ := v.(string); return s }
	day := map[string]any{"day": driver.DateOf(time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC))}
	holds := func(v string) string {
		return strings.ReplaceAll("(x.from IS NULL OR x.from <= $day) AND (x.until IS NULL OR x.until > $day)", "x", v)
	}

	at := map[string]int32{}
	var keptNodes []bareNode
	result, err := session.Run(ctx, "MATCH (n:Stakeholder) WHERE "+holds("n")+" OPTIONAL MATCH (n)-[:LOCATED_IN]->(a) RETURN n.id, n.kind, a.id, n.organizationType", day)
	if err != nil {
		return 0, 0, err
	}
	for result.Next(ctx) {
		v := result.Record().Values
		at[text(v[0])] = int32(len(keptNodes))
		keptNodes = append(keptNodes, bareNode{text(v[0]), text(v[1]), text(v[2]), text(v[3])})
	}
	if err := result.Err(); err != nil {
		return 0, 0, err
	}
	var keptTies []bareTie
	result, err = session.Run(ctx, "MATCH (s:Stakeholder)-[r:"+strings.Join(tieKinds, "|")+"]->(o) WHERE "+holds("r")+" RETURN r.id, type(r), s.id, o.id, r.strength", day)
	if err != nil {
		return 0, 0, err
	}
	for result.Next(ctx) {
		v := result.Record().Values
		strength, _ := v[4].(int64)
		keptTies = append(keptTies, bareTie{text(v[0]), text(v[1]), at[text(v[2])], at[text(v[3])], strength})
	}
	return len(keptNodes), len(keptTies), result.Err()
}

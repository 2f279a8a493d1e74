package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

var tieKinds = []string{"KNOWS", "SUPPORTS"}

// fill puts a network into the server: first a pair of stakeholders with a tie of
// each kind through the store, then copies of these, so that everything is as the
// store writes it, except that the log knows nothing of the copies.
func fill(ctx context.Context, o options, n *served.Neo4j) error {
	if _, err := n.Store.Head(ctx); err != nil { // the indexes exist then
		return err
	}
	switch filled, err := n.Rows(ctx, "MATCH (n:Stakeholder) RETURN count(n)", nil); {
	case err != nil:
		return err
	case filled[0].Values[0] != int64(0):
		fmt.Printf("- %d stakeholders were there\n", filled[0].Values[0])
		return nil
	}
	if err := pattern(ctx, n.Store); err != nil {
		return err
	}
	if err := throughStore(ctx, o, n.Store); err != nil {
		return err
	}
	f := &filling{options: o, on: n}
	began := time.Now()
	if err := f.nodes(ctx); err != nil {
		return err
	}
	fmt.Printf("- %d stakeholders written in %.1f s, %s, by statements of %d rows\n", o.stakeholders, time.Since(began).Seconds(), rate(o.stakeholders, time.Since(began)), o.rows)
	began = time.Now()
	if err := f.ties(ctx); err != nil {
		return err
	}
	fmt.Printf("- %d ties written in %.1f s, %s, by statements of %d rows, %d at a time\n", o.ties, time.Since(began).Seconds(), rate(o.ties, time.Since(began)), o.rows, o.lanes)
	return n.Store.Replan(ctx)
}

// pattern writes what is copied.
func pattern(ctx context.Context, s *neo4j.Store) error {
	b := &store.Batch{Actor: "bench", At: time.Now()}
	for _, id := range []network.ID{"first", "second"} {
		b.Writes = append(b.Writes, create(id, "Person", map[string]any{"name": "架空 " + string(id), "nameKana": "かくう"}))
	}
	for _, kind := range tieKinds {
		b.Writes = append(b.Writes, tie(network.ID("tie-"+kind), kind, "first", "second"))
	}
	_, err := s.Apply(ctx, b)
	return err
}

func create(id network.ID, kind string, fields map[string]any) store.Write {
	return store.Write{Action: store.Create, After: &network.Record{ID: id, Kind: kind, Fields: fields}}
}

func tie(id network.ID, kind string, from, to network.ID) store.Write {
	return create(id, network.TieRecord, map[string]any{"kind": kind, "subject": from, "object": to, "strength": int64(3),
		"from": network.MustPartialDate("2022-04-01"), "lastContact": network.MustPartialDate("2023-11"), "status": "CONFIRMED"})
}

// throughStore says how fast ties are written with log and checks.
func throughStore(ctx context.Context, o options, s *neo4j.Store) error {
	const each = 2000
	began := time.Now()
	for n := range o.batches {
		b := &store.Batch{Actor: "bench", At: time.Now()}
		for i := range each {
			b.Writes = append(b.Writes, tie(network.ID(fmt.Sprintf("applied-%d-%d", n, i)), "KNOWS", "first", "second"))
		}
		if _, err := s.Apply(ctx, b); err != nil {
			return err
		}
	}
	if o.batches > 0 {
		fmt.Printf("- %d ties written through the store, with log and checks, in %.1f s, %s\n", o.batches*each, time.Since(began).Seconds(), rate(o.batches*each, time.Since(began)))
	}
	return nil
}

type filling struct {
	options
	on *served.Neo4j
}

func (f *filling) nodes(ctx context.Context) error {
	found, err := f.on.Rows(ctx, "MATCH (n:Record {id: 'first'}) RETURN properties(n), labels(n)", nil)
	if err != nil {
		return err
	}
	props, labels := found[0].Values[0].(map[string]any), found[0].Values[1]
	text := "UNWIND $rows AS row CREATE (n:$($labels)) SET n = row"
	return f.batches(ctx, f.stakeholders, func(i int) any {
		p := maps.Clone(props)
		p["id"] = person(i)
		return p
	}, func(rows []any) (string, map[string]any) { return text, map[string]any{"rows": rows, "labels": labels} })
}

func person(i int) string { return fmt.Sprintf("person-%07d", i) }

func (f *filling) ties(ctx context.Context) error {
	r := rand.New(rand.NewPCG(1, 2))
	for k, kind := range tieKinds {
		found, err := f.on.Rows(ctx, "MATCH ()-[r:"+kind+" {id: $id}]->() RETURN properties(r)", map[string]any{"id": "tie-" + kind})
		if err != nil {
			return err
		}
		props := found[0].Values[0].(map[string]any)
		text := "UNWIND $rows AS row MATCH (a:Record {id: row.from}) MATCH (b:Record {id: row.to}) CREATE (a)-[r:" + kind + "]->(b) SET r = row.props"
		share := f.options.ties / len(tieKinds)
		err = f.batches(ctx, share, func(i int) any {
			p := maps.Clone(props)
			p["id"] = fmt.Sprintf("tie-%07d", k*share+i)
			return map[string]any{"from": person(r.IntN(f.stakeholders)), "to": person(r.IntN(f.stakeholders)), "props": p}
		}, func(rows []any) (string, map[string]any) { return text, map[string]any{"rows": rows} })
		if err != nil {
			return err
		}
	}
	return nil
}

// batches sends rows, several statements at a time.
func (f *filling) batches(ctx context.Context, count int, row func(i int) any, statement func(rows []any) (string, map[string]any)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(f.lanes)
	for from := 0; from < count; from += f.rows {
		rows := make([]any, 0, f.rows)
		for i := from; i < min(from+f.rows, count); i++ {
			rows = append(rows, row(i))
		}
		text, params := statement(rows)
		g.Go(func() error {
			_, err := f.on.Rows(ctx, text, params)
			return err
		})
	}
	return g.Wait()
}

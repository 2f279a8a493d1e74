package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/musubi-map/musubi/bench/town"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// readers is how many read at the same time, each once in so long. They do not
// take all of the processor: a write would wait for that and not for the store.
const (
	readers = 4
	pause   = 2 * time.Millisecond
)

var (
	viewer = network.Admin("bench")
	today  = network.MustDate(town.Today)
)

// count is how many records there are, log entries apart.
func count(ctx context.Context, s store.Store) (n int64, err error) {
	p := &store.Plan{Viewer: viewer, AsOf: today}
	for _, k := range network.Kinds() {
		if !k.Log {
			p.Roots = append(p.Roots, &store.Collection{Kinds: []*network.Kind{k}, Total: true, Ever: true})
		}
	}
	got, err := s.Fetch(ctx, p)
	if err != nil {
		return 0, err
	}
	for _, v := range got.Values {
		n += v.([]any)[1].(int64)
	}
	return n, nil
}

// find gives the IDs of some records of a kind.
func find(ctx context.Context, s store.Store, k *network.Kind, n int) ([]network.ID, error) {
	kinds := []*network.Kind{k}
	got, err := s.Fetch(ctx, &store.Plan{Viewer: viewer, AsOf: today, Roots: []*store.Collection{{
		Kinds: kinds, Rows: true, Ever: true, Limit: n, Shapes: []store.Shape{{Kinds: kinds, Columns: []store.Column{{Builtin: store.RecordID}}}}}}})
	if err != nil {
		return nil, err
	}
	var ids []network.ID
	for _, row := range got.Values[0].([]any)[0].([]any) {
		ids = append(ids, network.ID(row.([]any)[1].(string)))
	}
	return ids, nil
}

// both is reading and writing: schools are read with their ties and who stands at
// the other end, people are written.
type both struct {
	s               store.Store
	schools, people []network.ID
}

func (b *both) measure(ctx context.Context, each time.Duration) error {
	for _, phase := range []struct {
		what          string
		read, written bool
	}{{"reads alone", true, false}, {"writes alone", false, true}, {"both", true, true}} {
		reads, writes, err := b.run(ctx, each, phase.read, phase.written)
		if err != nil {
			return err
		}
		fmt.Printf("%-13s", phase.what)
		for _, of := range []struct {
			what string
			took []time.Duration
		}{{"reads", reads}, {"writes", writes}} {
			if n := len(of.took); n > 0 {
				slices.Sort(of.took)
				fmt.Printf("  %d %s: p50 %v, p99 %v, at most %v", n, of.what, of.took[n/2], of.took[n*99/100], of.took[n-1])
			}
		}
		fmt.Println()
	}
	return nil
}

func (b *both) run(ctx context.Context, each time.Duration, read, write bool) (reads, writes []time.Duration, err error) {
	end := time.Now().Add(each)
	var mu sync.Mutex
	var all sync.WaitGroup
	start := func(to *[]time.Duration, pause time.Duration, do func(*rand.Rand) error) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(1, rand.Uint64()))
			var took []time.Duration
			var failed error
			for failed == nil && time.Now().Before(end) {
				began := time.Now()
				failed = do(r)
				took = append(took, time.Since(began))
				time.Sleep(pause)
			}
			mu.Lock()
			defer mu.Unlock()
			*to = append(*to, took...)
			if err == nil {
				err = failed
			}
		})
	}
	if read {
		for range readers {
			start(&reads, pause, func(r *rand.Rand) error { return b.read(ctx, b.schools[r.IntN(len(b.schools))]) })
		}
	}
	if write {
		start(&writes, 0, func(r *rand.Rand) error { return b.write(ctx, b.people[r.IntN(len(b.people))]) })
	}
	all.Wait()
	return reads, writes, err
}

func (b *both) read(ctx context.Context, id network.ID) error {
	school := []*network.Kind{network.MustKind("School")}
	parties := network.Concrete(network.StakeholderInterface)
	tie := network.TieKindRecord()
	name := store.Column{Field: school[0].Field("name")}
	party := &store.Collection{Source: store.Source{Op: store.Party, End: store.Other}, Kinds: parties, Single: true, Ever: true,
		Shapes: []store.Shape{{Kinds: parties, Columns: []store.Column{{Builtin: store.RecordID}, name}}}}
	ties := &store.Collection{Source: store.Source{Op: store.Ties}, Kinds: []*network.Kind{tie}, Rows: true, Limit: 20,
		Order:  []store.Order{{Field: tie.Field("strength"), Desc: true}},
		Shapes: []store.Shape{{Kinds: []*network.Kind{tie}, Columns: []store.Column{{Field: tie.Field("kind")}, {Field: tie.Field("strength")}, {Child: party}}}}}
	got, err := b.s.Fetch(ctx, &store.Plan{Viewer: viewer, AsOf: today, Roots: []*store.Collection{{
		Source: store.Source{Op: store.ByID, IDs: []network.ID{id}}, Kinds: school, Single: true, Ever: true,
		Shapes: []store.Shape{{Kinds: school, Columns: []store.Column{name, {Child: ties}}}}}}})
	if err == nil && got.Values[0] == nil {
		err = fmt.Errorf("no school %s", id)
	}
	return err
}

func (b *both) write(ctx context.Context, id network.ID) error {
	was, err := b.s.Load(ctx, viewer, []store.Key{{ID: id}})
	if err != nil {
		return err
	}
	after := was[0].Clone()
	after.Fields["description"] = "計測のために書かれた。"
	_, err = b.s.Apply(ctx, &store.Batch{Actor: "bench", At: time.Now(), Writes: []store.Write{store.Replace(store.Update, was[0], after)}})
	return err
}

// processor is the time that this process has had of it.
func processor() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the most memory that this process has had, in MiB, where the system
// counts it in KiB as Linux does.
func resident() int64 { u := usage(); return int64(u.Maxrss) >> 10 }

func usage() (u syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

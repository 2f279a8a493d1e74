package neo4j_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

// batches are made of chance over a few records, so that they get into one another's
// way: with versions that are old, codes that are taken, ties to what is withdrawn.
type batches struct {
	*rand.Rand
	there map[network.ID]*network.Record // in part out of date
	n     int
}

func (r *batches) next() *store.Batch {
	r.n++
	b := &store.Batch{Actor: "somebody", Reason: fmt.Sprint("変更", r.n), At: time.Date(2024, 6, 1, 12, 0, r.n, 0, time.UTC)}
	if r.IntN(3) == 0 {
		b.Receipt = &store.Receipt{Key: fmt.Sprint("key-", r.IntN(200)), Fingerprint: "f", Outcome: "{}"}
	}
	for id := range r.ids(1 + r.IntN(3)) {
		b.Writes = append(b.Writes, r.write(id))
	}
	return b
}

// ids are so many of those that there may be.
func (r *batches) ids(n int) map[network.ID]bool {
	out := map[network.ID]bool{}
	for len(out) < n {
		switch r.IntN(3) {
		case 0:
			out[network.ID(fmt.Sprint("school-", r.IntN(5)))] = true
		case 1:
			out[network.ID(fmt.Sprint("person-", r.IntN(5)))] = true
		default:
			out[network.ID(fmt.Sprint("tie-", r.IntN(6)))] = true
		}
	}
	return out
}

func (r *batches) write(id network.ID) store.Write {
	now := r.there[id]
	next := r.record(id)
	switch {
	case now == nil:
		return store.Write{Action: store.Create, After: next}
	case now.Kind == network.WithdrawnRecord:
		return store.Write{Action: store.Restore, IfVersion: now.Version, After: next}
	case r.IntN(3) == 0:
		return store.Write{Action: store.Withdraw, IfVersion: now.Version, After: &network.Record{ID: id, Kind: network.WithdrawnRecord,
			Fields: map[string]any{"wasKind": now.Kind, "was": "{}", "visibility": "MEMBERS"}}}
	}
	return store.Write{Action: store.Update, IfVersion: now.Version, After: next}
}

func (r *batches) record(id network.ID) *network.Record {
	switch id[0] {
	case 's':
		return &network.Record{ID: id, Kind: "School", Fields: map[string]any{"name": fmt.Sprint("架空学校", r.n), "schoolCode": fmt.Sprint("B12022150000", r.IntN(6))}}
	case 'p':
		return &network.Record{ID: id, Kind: "Person", Fields: map[string]any{"name": fmt.Sprint("架空", r.n), "importKey": fmt.Sprint("key-", r.IntN(6))}}
	}
	return &network.Record{ID: id, Kind: network.TieRecord, Fields: map[string]any{"kind": "SUPPORTS",
		"subject": network.ID(fmt.Sprint("person-", r.IntN(5))), "object": network.ID(fmt.Sprint("school-", r.IntN(5)))}}
}

// TestIsATransactionOfManyAsEachOfThemAlone holds the batches of a transaction,
// in the order of their revisions, against a store that does one after another. One
// that was refused must be refused there too, before them or after them.
func TestIsATransactionOfManyAsEachOfThemAlone(t *testing.T) {
	ctx := t.Context()
	s := openEmpty(t)
	r := &batches{Rand: rand.New(rand.NewPCG(26, 11)), there: map[network.ID]*network.Record{}}
	var done []*store.Batch
	together, refused := 0, 0
	for range 120 {
		var waiting []*store.Batch
		for range 6 {
			waiting = append(waiting, r.next())
		}
		went, faults, revisions, err := s.Together(ctx, waiting)
		if err != nil {
			t.Fatal(err)
		}
		if len(went) > 1 {
			together++
		}
		before := oneByOne(t, done)
		made := map[int64]*store.Batch{}
		for i, at := range went {
			if faults[i] == nil {
				made[revisions[i]] = waiting[at]
			}
		}
		for range made {
			b := made[int64(len(done)+1)]
			if b == nil {
				t.Fatalf("revisions %v after %d", revisions, len(done))
			}
			done = append(done, b)
		}
		for i, at := range went {
			if faults[i] == nil {
				continue
			}
			refused++
			want := network.CodeOf(faults[i])
			_, first := before.Apply(ctx, waiting[at])
			_, last := oneByOne(t, done).Apply(ctx, waiting[at])
			if network.CodeOf(first) != want && network.CodeOf(last) != want {
				t.Errorf("%+v: %v; alone %v before and %v after", waiting[at], faults[i], first, last)
			}
		}
		r.look(t, oneByOne(t, done))
	}
	if together < 60 || refused < 60 || len(done) < 60 {
		t.Errorf("%d went together, %d were refused, %d made", together, refused, len(done))
	}
	if n := locked(t); n > 0 {
		t.Errorf("%d records and ties are still marked as locked", n)
	}
	same, other := entriesOf(t, s), entriesOf(t, oneByOne(t, done))
	if !slices.Equal(same, other) {
		t.Errorf("the logs differ:\n%v\n%v", same, other)
	}
}

// locked counts what has the property by which a writer takes it.
func locked(t *testing.T) int64 {
	t.Helper()
	result, err := driver.ExecuteQuery(t.Context(), neo4jtest.Driver(t, neo4jtest.Open(t)),
		"RETURN COUNT { MATCH (n) WHERE n._lock IS NOT NULL } + COUNT { MATCH ()-[r]->() WHERE r._lock IS NOT NULL } AS n", nil,
		driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase(neo4j.DefaultDatabase))
	if err != nil {
		t.Fatal(err)
	}
	n, _ := result.Records[0].Values[0].(int64)
	return n
}

func oneByOne(t *testing.T, done []*store.Batch) store.Store {
	t.Helper()
	s := memory.New(memory.Options{})
	for i, b := range done {
		if applied, err := s.Apply(t.Context(), b); err != nil || applied.Revision != int64(i+1) {
			t.Fatalf("%+v alone: %+v, %v; want revision %d", b, applied, err, i+1)
		}
	}
	return s
}

// look takes note of most of what is there now.
func (r *batches) look(t *testing.T, s store.Store) {
	t.Helper()
	for kind, n := range map[string]int{"school": 5, "person": 5, "tie": 6} {
		for i := range n {
			if r.IntN(20) == 0 {
				continue
			}
			id := network.ID(fmt.Sprint(kind, "-", i))
			got, err := s.Load(t.Context(), network.Admin(""), []store.Key{{ID: id}})
			if err != nil {
				t.Fatal(err)
			}
			r.there[id] = got[0]
		}
	}
}

func entriesOf(t *testing.T, s store.Store) (out []string) {
	t.Helper()
	for c, err := range s.Changes(t.Context(), network.Admin(""), 0) {
		if err != nil {
			t.Fatal(err)
		}
		after, err := c.After.MarshalFields()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(c.Revision, c.Seq, c.Reason, c.At, c.Action, c.Record, c.Kind, c.After.Version, string(after)))
	}
	return out
}

// A batch that waits behind a lock does not keep others waiting.
func TestDoesALockHoldUpOnlyWhoMeetsIt(t *testing.T) {
	s := openEmpty(t)
	topic := func(id, name string) *network.Record {
		return &network.Record{ID: network.ID(id), Kind: "Topic", Fields: map[string]any{"name": name}}
	}
	create := &store.Batch{Writes: []store.Write{{Action: store.Create, After: topic("held", "一")}}}
	if _, err := s.Apply(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	release := holdRecord(t, "held")
	held := make(chan error, 1)
	go func() {
		_, err := s.Apply(context.Background(), &store.Batch{Writes: []store.Write{{Action: store.Update, IfVersion: 1, After: topic("held", "二")}}})
		held <- err
	}()
	for i := range 5 {
		if _, err := s.Apply(t.Context(), &store.Batch{Writes: []store.Write{{Action: store.Create, After: topic(fmt.Sprint("free-", i), "三")}}}); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-held:
		t.Errorf("the held record was written: %v", err)
	default:
	}
	release()
	if err := <-held; err != nil {
		t.Error(err)
	}
}

// holdRecord locks a record until release.
func holdRecord(t *testing.T, id string) (release func()) {
	t.Helper()
	session := neo4jtest.Driver(t, neo4jtest.Open(t)).NewSession(t.Context(), driver.SessionConfig{DatabaseName: neo4j.DefaultDatabase})
	tx, err := session.BeginTransaction(t.Context())
	if err == nil {
		_, err = tx.Run(t.Context(), "MATCH (n:Record {id: $id}) SET n._lock = true", map[string]any{"id": id})
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
		_ = session.Close(t.Context())
	}
}

// BenchmarkWritersAtOnce creates records one by one from several clients.
func BenchmarkWritersAtOnce(b *testing.B) {
	s := openEmpty(b)
	for _, clients := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(clients, " clients"), func(b *testing.B) {
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			b.ResetTimer()
			for range clients {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						id := network.NewID()
						_, err := s.Apply(b.Context(), &store.Batch{Actor: "bench", At: time.Now(), Writes: []store.Write{{Action: store.Create,
							After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": string(id)}}}}})
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

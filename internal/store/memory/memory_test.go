package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return memory.New(memory.Options{}) })
}

type fields = map[string]any

func record(kind, id string, f fields) *network.Record {
	return &network.Record{ID: network.ID(id), Kind: kind, Fields: f}
}

func creation(records ...*network.Record) *store.Batch {
	b := &store.Batch{}
	for _, r := range records {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
	}
	return b
}

func update(version int64, after *network.Record) *store.Batch {
	return &store.Batch{Writes: []store.Write{{Action: store.Update, IfVersion: version, After: after}}}
}

func mustApply(t testing.TB, s store.Store, b *store.Batch) {
	t.Helper()
	if _, err := s.Apply(context.Background(), b); err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, err error, code network.ErrorCode, path ...string) {
	t.Helper()
	var e *network.Error
	if !errors.As(err, &e) || e.Code != code || !slices.Equal(e.Path, path) {
		t.Errorf("error %v, want %s at %v", err, code, path)
	}
}

// failing is a log that refuses.
type failing struct{ commits []memory.Commit }

func (f *failing) Append(_ context.Context, c memory.Commit) error {
	f.commits = append(f.commits, c)
	if len(f.commits) == 2 {
		return network.Errorf(network.Unavailable, "full")
	}
	return nil
}

func TestIsACommitSeenOnlyOnceItIsLogged(t *testing.T) {
	ctx := context.Background()
	log := &failing{}
	s := memory.New(memory.Options{Log: log})
	mustApply(t, s, creation(record("Topic", "a", fields{"name": "一"})))
	_, err := s.Apply(ctx, creation(record("Topic", "b", fields{"name": "二"})))
	wantError(t, err, network.Unavailable)
	if got, _ := s.Load(ctx, network.Admin(""), []store.Key{{ID: "b"}}); got[0] != nil {
		t.Error("the commit that was not logged is seen")
	}
	mustApply(t, s, creation(record("Topic", "c", fields{"name": "三"})))
	if head, _ := s.Head(ctx); head != 2 || log.commits[2].Revision != 2 {
		t.Errorf("head %d, logged %d, want 2", head, log.commits[2].Revision)
	}
}

// Whoever writes or reads may do as they like with their records afterwards.
func TestCanNobodyReachIntoTheStore(t *testing.T) {
	ctx := context.Background()
	s := memory.New(memory.Options{})
	mine := record("Topic", "a", fields{"name": "一", "aliases": []string{"x"}})
	mustApply(t, s, creation(mine))
	spoil := func(r *network.Record) { r.Fields["name"] = "!"; r.Fields["aliases"].([]string)[0] = "!" }
	spoil(mine)
	for range 2 {
		got, err := s.Load(ctx, network.Admin(""), []store.Key{{Kind: "Topic", Field: "name", Value: "一"}})
		if err != nil || got[0] == nil || got[0].Fields["aliases"].([]string)[0] != "x" {
			t.Fatalf("%+v, %v", got, err)
		}
		spoil(got[0])
	}
}

func TestWhichKindsMayARecordTurnInto(t *testing.T) {
	ctx := context.Background()
	s := memory.New(memory.Options{})
	mustApply(t, s, creation(
		record("Person", "p", fields{"name": "人"}),
		record("OtherOrganization", "o", fields{"name": "組織"}),
		record("Post", "post", fields{"name": "長", "organization": network.ID("o")}),
		record("Occupancy", "occ", fields{"post": network.ID("post"), "person": network.ID("p")}),
		record("Tie", "t", fields{"kind": "EMPLOYS", "subject": network.ID("o"), "object": network.ID("p")})))
	_, err := s.Apply(ctx, update(1, record("Company", "p", fields{"name": "人"})))
	wantError(t, err, network.InvalidValue, "writes", "0", "kind") // an occupancy wants an individual
	mustApply(t, s, update(1, record("Company", "o", fields{"name": "会社"})))
	mustApply(t, s, update(1, record("CareerConsultant", "p", fields{"name": "人"})))
	_, err = s.Apply(ctx, update(7, record("Company", "o", fields{"name": "会社"})))
	wantError(t, err, network.Conflict, "writes", "0")
	_, err = s.Apply(ctx, update(1, record("Change", "c", fields{})))
	wantError(t, err, network.InvalidValue, "writes", "0", "kind")
	_, err = s.Apply(ctx, creation(record("Topic", "x", fields{"nmae": "?"})))
	wantError(t, err, network.UnknownField, "writes", "0", "nmae")
	_, err = s.Apply(ctx, creation(record("Topic", "x", fields{"name": 3})))
	wantError(t, err, network.InvalidValue, "writes", "0", "name")
}

func TestDoesACircleEnd(t *testing.T) {
	s := memory.New(memory.Options{})
	topic := network.MustKind("Topic")
	mustApply(t, s, creation(
		record("Topic", "a", fields{"name": "a", "broader": network.ID("b")}),
		record("Topic", "b", fields{"name": "b", "broader": network.ID("a")})))
	p := &store.Plan{Roots: []*store.Collection{{Kinds: []*network.Kind{topic}, Total: true,
		Filter: store.Within{Field: topic.Field("broader"), Up: topic.Field("broader"), ID: "nowhere"}}}}
	got, err := s.Fetch(context.Background(), p)
	if err != nil || got.Values[0].([]any)[1] != int64(0) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDoesALongReadStopInTime(t *testing.T) {
	s := memory.New(memory.Options{})
	b := creation()
	for i := range 10_000 {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: record("Topic", fmt.Sprint("t", i), fields{"name": "x"})})
	}
	mustApply(t, s, b)
	p := &store.Plan{Roots: []*store.Collection{{Kinds: network.Concrete("Topic"), Total: true}}}
	late, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	_, err := s.Fetch(late, p)
	wantError(t, err, network.Timeout)
	if _, err := s.Fetch(&leaving{Context: context.Background()}, p); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// leaving is cancelled once it has been looked at: the read has begun then.
type leaving struct {
	context.Context
	looks int
}

func (l *leaving) Err() error {
	if l.looks++; l.looks > 1 {
		return context.Canceled
	}
	return nil
}

// Under the race detector: readers of every sort beside a writer, each seeing
// whole revisions only.
func TestDoReadersSeeWholeRevisions(t *testing.T) {
	ctx := context.Background()
	s := memory.New(memory.Options{})
	mustApply(t, s, creation(record("Area", "a", fields{"name": "0"}), record("School", "s", fields{"name": "0", "area": network.ID("a")})))
	const revisions = 200
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := int64(1); v <= revisions; v++ {
			name := fmt.Sprint(v)
			mustApply(t, s, &store.Batch{Writes: []store.Write{
				{Action: store.Update, IfVersion: v, After: record("Area", "a", fields{"name": name})},
				{Action: store.Update, IfVersion: v, After: record("School", "s", fields{"name": name, "area": network.ID("a")})}}})
		}
	})
	for range 4 {
		wg.Go(func() {
			for head := int64(0); head <= revisions; head, _ = s.Head(ctx) {
				wantOneName(t, s)
				for c, err := range s.Changes(ctx, network.Admin(""), head) {
					if err != nil || c.Revision <= head {
						t.Errorf("%+v, %v", c, err)
					}
				}
				if _, err := s.Fetch(ctx, &store.Plan{Network: &store.SubgraphQuery{}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func wantOneName(t *testing.T, s store.Store) {
	school := network.MustKind("School")
	name := store.Column{Field: school.Field("name")}
	area := &store.Collection{
		Source: store.Source{Op: store.Follow, Hops: []store.Hop{{Kind: school, Field: school.Field("area")}}},
		Kinds:  network.Concrete("Area"), Single: true, Shapes: []store.Shape{{Kinds: network.Concrete("Area"), Columns: []store.Column{{Field: network.MustKind("Area").Field("name")}}}},
	}
	got, err := s.Fetch(context.Background(), &store.Plan{Roots: []*store.Collection{{
		Kinds: network.Concrete("School"), Single: true,
		Shapes: []store.Shape{{Kinds: network.Concrete("School"), Columns: []store.Column{name, {Child: area}}}}}}})
	if err != nil {
		t.Error(err)
		return
	}
	row := got.Values[0].([]any)
	if row[1] != row[2].([]any)[1] || row[1] != fmt.Sprint(got.Revision-1) {
		t.Errorf("%v at revision %d", row, got.Revision)
	}
}

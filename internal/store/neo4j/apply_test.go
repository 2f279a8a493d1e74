package neo4j_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// importSize is about that of the Shiojiri sample.
const importSize = 1300

// BenchmarkApplyOfANewMap enters a map of every kind of record into an empty
// database whose server has planned no statement yet: planning is most of what
// a first import costs.
func BenchmarkApplyOfANewMap(b *testing.B) {
	s := openEmpty(b)
	if _, err := s.Head(context.Background()); err != nil {
		b.Fatal(err)
	}
	d := neo4jtest.Driver(b, neo4jtest.Open(b))
	batch := storetest.RandomGraph(rand.New(rand.NewPCG(1, 1)), importSize)
	for b.Loop() {
		b.StopTimer()
		neo4jtest.Clear(b, d)
		if _, err := profiled(b, d, "CALL db.clearQueryCaches()", nil); err != nil {
			b.Fatal(err)
		}
		neo4j.Sent.Reset()
		b.StartTimer()
		if _, err := s.Apply(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(batch.Writes)), "records")
	b.ReportMetric(float64(len(neo4j.Sent.Texts())), "statements")
}

// TestDoStatementsGrowWithKinds holds a batch of every kind of record, link and
// tie against the statements it may take: those of its own, of each code that
// must be unique, and of the log.
func TestDoStatementsGrowWithKinds(t *testing.T) {
	s := openEmpty(t)
	if _, err := s.Head(context.Background()); err != nil {
		t.Fatal(err)
	}
	neo4j.Sent.Reset()
	if _, err := s.Apply(context.Background(), storetest.RandomGraph(rand.New(rand.NewPCG(1, 1)), 400)); err != nil {
		t.Fatal(err)
	}
	const most = 16
	if texts := neo4j.Sent.Texts(); len(texts) > most {
		t.Errorf("%d different statements, want %d at most:\n%s", len(texts), most, strings.Join(slices.Sorted(maps.Keys(texts)), "\n"))
	}
}

// A record that was read while somebody changed it has fields of two versions.
func TestIsAWriteRefusedThatIsBasedOnATornReading(t *testing.T) {
	s := openEmpty(t)
	topic := &network.Record{ID: "torn", Kind: "Topic", Fields: map[string]any{"name": "新", "aliases": []string{"別名"}}}
	if _, err := s.Apply(t.Context(), &store.Batch{Writes: []store.Write{{Action: store.Create, After: topic}}}); err != nil {
		t.Fatal(err)
	}
	read, err := s.Load(t.Context(), network.Admin(""), []store.Key{{ID: "torn"}})
	if err != nil {
		t.Fatal(err)
	}
	after, torn := read[0].Clone(), read[0].Clone()
	after.Fields["name"], torn.Fields["name"] = "次", "旧"
	_, err = s.Apply(t.Context(), &store.Batch{Writes: []store.Write{store.Replace(store.Update, torn, after)}})
	wantCode(t, err, network.Conflict)
	if _, err := s.Apply(t.Context(), &store.Batch{Writes: []store.Write{store.Replace(store.Update, read[0], after)}}); err != nil {
		t.Error(err)
	}
}

// What is locked comes in one row of an answer, so there is a limit to how much.
func TestAreManyRecordsLockedInParts(t *testing.T) {
	s := openEmpty(t)
	create, change := &store.Batch{}, &store.Batch{}
	for i := range 2500 {
		was := &network.Record{ID: network.ID(fmt.Sprintf("topic-%04d", i)), Kind: "Topic", Version: 1, Fields: map[string]any{"name": fmt.Sprint("話題", i)}}
		next := was.Clone()
		next.Fields["name"] = fmt.Sprint("改めた話題", i)
		create.Writes = append(create.Writes, store.Write{Action: store.Create, After: was})
		change.Writes = append(change.Writes, store.Replace(store.Update, was, next))
	}
	if _, err := s.Apply(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	neo4j.Sent.Reset()
	if _, err := s.Apply(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	locks := 0
	for text, n := range neo4j.Sent.Texts() {
		if strings.Contains(text, "_lock = true RETURN") {
			locks += n
		}
	}
	if locks != 2 {
		t.Errorf("%d statements lock 2,500 records", locks)
	}
	verified(t, s)
	if got := do(t, neo4jtest.Driver(t, neo4jtest.Open(t)), "MATCH (n:Topic) WHERE n.version = 2 AND n.name STARTS WITH '改めた' AND n._lock IS NULL RETURN count(n)"); got[0] != int64(2500) {
		t.Errorf("%v records were changed", got[0])
	}
}

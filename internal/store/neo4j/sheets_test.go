package neo4j_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
	"github.com/musubi-map/musubi/internal/verify"
)

// imported is a server with the batches, brought in by its own tool.
func imported(t *testing.T, batches ...*store.Batch) *neo4j.Store {
	t.Helper()
	neo4jtest.Open(t) // or skip
	s := neo4j.NewSheets(t.TempDir())
	for _, b := range batches {
		if err := s.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	args, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	o := neo4jserver.Options{Dir: t.TempDir()}
	if err := neo4jserver.Admin(t.Context(), o, args...); err != nil {
		t.Fatal(err)
	}
	st, err := neo4j.Open(t.Context(), neo4j.Options{URI: neo4jtest.Start(t, o).URI()})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, st)
	if err := s.Settle(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return st
}

func TestDoesAnImportLeaveWhatApplyWouldLeave(t *testing.T) {
	ctx := t.Context()
	graph := storetest.RandomGraph(rand.New(rand.NewPCG(7, 7)), 600)
	graph.Writes = append(graph.Writes, longTexts(1500)...)
	s, like := imported(t, graph), openEmpty(t)
	later := &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: "later", Kind: "Topic", Fields: map[string]any{"name": "後"}}}}}
	var keys []store.Key
	for _, b := range []*store.Batch{graph, later} {
		for _, w := range b.Writes {
			keys = append(keys, store.Key{ID: w.After.ID})
		}
		if _, err := like.Apply(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Apply(ctx, later); err != nil {
		t.Fatal(err)
	}
	got, want := loaded(t, s, keys), loaded(t, like, keys)
	for i := range keys {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
	// The verification holds links, labels, properties, log and head against the
	// records. Those of a random map are not all that an editor would let pass.
	if got, want := faultsOf(t, s), faultsOf(t, like); !slices.Equal(got, want) {
		t.Errorf("%d faults, %d when applied\n%v\n%v", len(got), len(want), got, want)
	}
}

// longTexts are records of nine megabytes in all: the tool reads its files four at a
// time, and has to come through cells with line feeds wherever these end.
func longTexts(n int) []store.Write {
	out := make([]store.Write, n)
	for i := range out {
		out[i] = store.Write{Action: store.Create, After: &network.Record{ID: network.ID(fmt.Sprint("long-", i)), Kind: "Topic",
			Fields: map[string]any{"name": fmt.Sprint("架空の話題", i), "description": strings.Repeat("長い、\"説明\"。\n", 250+i%7)}}}
	}
	return out
}

func loaded(t *testing.T, s store.Store, keys []store.Key) []*network.Record {
	t.Helper()
	out, err := s.Load(t.Context(), network.Admin(""), keys)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func faultsOf(t *testing.T, s *neo4j.Store) (out []string) {
	t.Helper()
	report, err := verify.Store(t.Context(), s)
	if err != nil || report.Revision != 2 || report.Entries < 500 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, f := range report.Faults {
		out = append(out, fmt.Sprint(f))
	}
	slices.Sort(out)
	return out
}

func TestWhatIsNotImported(t *testing.T) {
	topic := func(id network.ID) store.Write {
		return store.Write{Action: store.Create, After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": "架空"}}}
	}
	change := topic("a")
	change.Action, change.IfVersion = store.Update, 1
	for what, b := range map[string]*store.Batch{
		"a change":               {Writes: []store.Write{change}},
		"a receipt":              {Writes: []store.Write{topic("a")}, Receipt: &store.Receipt{Key: "k"}},
		"an ID twice in a batch": {Writes: []store.Write{topic("a"), topic("a")}},
	} {
		if err := neo4j.NewSheets(t.TempDir()).Add(b); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("%s: %v", what, err)
		}
	}
}

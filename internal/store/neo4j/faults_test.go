package neo4j_test

import (
	"context"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func wantCode(t *testing.T, err error, want network.ErrorCode) {
	t.Helper()
	if got := network.CodeOf(err); got != want {
		t.Errorf("error %v (%s), want %s", err, got, want)
	}
}

func TestWhatDoesAStoreSayWhileTheServerIsDown(t *testing.T) {
	s := unconnected(t)
	ctx := context.Background()
	begun := time.Now()
	_, err := s.Head(ctx)
	wantCode(t, err, network.Unavailable)
	_, err = s.Fetch(ctx, &store.Plan{Network: &store.SubgraphQuery{}})
	wantCode(t, err, network.Unavailable)
	_, err = s.Load(ctx, network.Admin(""), []store.Key{{ID: "x"}})
	wantCode(t, err, network.Unavailable)
	_, err = s.Apply(ctx, &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: "x", Kind: "Topic"}}}})
	wantCode(t, err, network.Unavailable)
	for _, err := range s.Changes(ctx, network.Admin(""), 0) {
		wantCode(t, err, network.Unavailable)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s to say so", took)
	}
}

func TestIsADeadlineATimeout(t *testing.T) {
	s := openEmpty(t)
	if _, err := s.Head(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	_, err := s.Head(ctx)
	wantCode(t, err, network.Timeout)
	_, err = s.Apply(ctx, &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: "x", Kind: "Topic"}}}})
	wantCode(t, err, network.Timeout)
}

func TestIsADatabaseOfANewerProgramRefused(t *testing.T) {
	s := openEmpty(t)
	if _, err := s.Head(context.Background()); err != nil {
		t.Fatal(err)
	}
	uri := neo4jtest.Open(t)
	d := neo4jtest.Driver(t, uri)
	if _, err := profiled(t, d, "MATCH (s:_Schema) SET s.version = 1000", nil); err != nil {
		t.Fatal(err)
	}
	newer, err := neo4j.Open(context.Background(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, newer)
	_, err = newer.Head(context.Background())
	wantCode(t, err, network.Unavailable)
}

func TestOpenRefusesAnAddressThatIsNone(t *testing.T) {
	if _, err := neo4j.Open(context.Background(), neo4j.Options{URI: "http://localhost"}); err == nil {
		t.Error("no error")
	}
}

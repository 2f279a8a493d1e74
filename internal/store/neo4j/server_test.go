package neo4j_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// large is a batch of so many records with much text.
func large(records int) *store.Batch {
	b := &store.Batch{}
	for i := range records {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: &network.Record{ID: network.ID(fmt.Sprint("large-", i)), Kind: "Topic",
			Fields: map[string]any{"name": fmt.Sprint(i, strings.Repeat("大", 2000))}}})
	}
	return b
}

// A server that takes no writes, and has little memory: reading goes on, a write
// is refused at once, and what is too large is tried once more at most.
func TestWhatDoesAServerRefuse(t *testing.T) {
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j")}
	server := neo4jtest.Start(t, o)
	o.BoltPort = portOf(t, server)
	s, _ := crowdOn(t, server.URI())
	head := headOf(t, s)
	restart := func(settings map[string]string) {
		t.Helper()
		// In order: a server that was killed may have indexes to make anew, and does
		// not come up for readers only before it has.
		if err := server.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Settings = settings
		server = neo4jtest.Start(t, o)
	}

	restart(map[string]string{"server.databases.default_to_read_only": "true"})
	if got := headOf(t, s); got != head {
		t.Errorf("head %d, want %d", got, head)
	}
	_, err := s.Apply(t.Context(), large(1))
	wantCode(t, err, network.Unavailable)
	if !strings.Contains(fmt.Sprint(err), "takes no writes") {
		t.Errorf("it says %v", err)
	}
	fresh, err := neo4j.Open(t.Context(), neo4j.Options{URI: server.URI()})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, fresh)
	if got := headOf(t, fresh); got != head {
		t.Errorf("a program that starts now reads head %d, want %d", got, head)
	}

	restart(map[string]string{"db.memory.transaction.total.max": "20m"})
	_ = headOf(t, s)
	neo4j.Sent.Reset()
	_, err = s.Apply(t.Context(), large(5000))
	wantCode(t, err, network.ResourceExhausted)
	for text, n := range neo4j.Sent.Texts() {
		most := 2
		if strings.Contains(text, "CREATE") {
			most = 2 * 3 // 5,000 rows are three statements
		}
		if n > most {
			t.Errorf("sent %d times: %s", n, text)
		}
	}
	if got := headOf(t, s); got != head {
		t.Errorf("head %d, want %d", got, head)
	}
	if _, err := s.Apply(t.Context(), large(1)); err != nil {
		t.Errorf("a small write after that: %v", err)
	}
}

// Several programs may meet an empty server at the same time.
func TestMayManyProgramsSetAServerUp(t *testing.T) {
	uri := neo4jtest.Open(t)
	neo4jtest.Reset(t, neo4jtest.Driver(t, uri))
	var wg sync.WaitGroup
	for i := range 6 {
		s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri})
		if err != nil {
			t.Fatal(err)
		}
		storetest.CloseAfter(t, s)
		wg.Go(func() {
			if _, err := s.Apply(context.Background(), &store.Batch{Writes: []store.Write{{Action: store.Create,
				After: &network.Record{ID: network.ID(fmt.Sprint("first-", i)), Kind: "Topic", Fields: map[string]any{"name": "一"}}}}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	if head := headOf(t, s); head != 6 {
		t.Errorf("head %d", head)
	}
}

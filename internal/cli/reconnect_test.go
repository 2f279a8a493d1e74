package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// reconnects is how often a subscriber is killed; MUSUBI_RECONNECTS sets it.
func reconnects() int {
	if n, err := strconv.Atoi(os.Getenv("MUSUBI_RECONNECTS")); err == nil {
		return n
	}
	return 20
}

// A subscriber that is killed and comes back at random, to one server of the map
// or another, sees the log exactly: nothing is missed, told twice, or out of order.
// Nothing is left behind by those that were killed.
func TestDoesASubscriberThatComesBackSeeTheLogExactly(t *testing.T) {
	replicas := map[string]func(t *testing.T) []store.Store{
		"embedded": func(t *testing.T) []store.Store { return []store.Store{embeddedFile(t)} },
		"neo4j":    func(t *testing.T) []store.Store { return []store.Store{emptyNeo4j(t), besideNeo4j(t)} },
	}
	for _, kind := range []string{"embedded", "neo4j"} {
		for transport, listen := range transports {
			t.Run(kind+"/"+transport, func(t *testing.T) {
				stores := replicas[kind](t)
				before := goleak.IgnoreCurrent()
				var addresses []string
				var stops []func()
				for _, s := range stores {
					address, stop := serving(t, s, admin)
					addresses, stops = append(addresses, address), append(stops, stop)
				}
				ctx, stopWriting := context.WithCancel(t.Context())
				var writing sync.WaitGroup
				for w := range 3 {
					writing.Go(func() { writeOn(ctx, t, stores[w%len(stores)], w) })
				}
				saw := &subscriber{t: t, at: "r0", listen: listen, addresses: addresses}
				for saw.killed < reconnects() && !t.Failed() {
					saw.forAWhile()
				}
				stopWriting()
				writing.Wait()
				want := wholeLog(t, stores[0])
				for len(saw.ids) < len(want) && !t.Failed() {
					saw.forAWhile()
				}
				if !slices.Equal(saw.ids, want) {
					t.Errorf("saw %d changes, the log has %d: %s", len(saw.ids), len(want), whereTheyPart(saw.ids, want))
				}
				t.Logf("%d connections, %d killed after an event, %d changes in %d revisions", saw.connections, saw.killed, len(saw.ids), saw.revisions())
				for _, stop := range stops {
					stop()
				}
				goleak.VerifyNone(t, before)
			})
		}
	}
}

// embeddedFile is an embedded store with a file of its own.
func embeddedFile(t *testing.T) store.Store {
	s := openFile(t, filepath.Join(t.TempDir(), "musubi.db"))
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

// writeOn commits revisions of one to six changes until the context ends.
func writeOn(ctx context.Context, t *testing.T, s store.Store, writer int) {
	for i := 0; ctx.Err() == nil; i++ {
		b := &store.Batch{Actor: fmt.Sprint("writer", writer), At: time.Now()}
		for j := range 1 + rand.IntN(6) {
			id := network.ID(fmt.Sprintf("t%d-%d-%d", writer, i, j))
			b.Writes = append(b.Writes, store.Write{Action: store.Create, After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": string(id)}}})
		}
		if _, err := s.Apply(context.WithoutCancel(ctx), b); err != nil {
			t.Errorf("apply: %v", err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rand.IntN(5)) * time.Millisecond):
		}
	}
}

// wholeLog names the entries of the log in order.
func wholeLog(t *testing.T, s store.Store) []string {
	var out []string
	for c, err := range s.Changes(t.Context(), admin(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s", c.Revision, c.Record))
	}
	return out
}

func whereTheyPart(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("at %d %q instead of %q", i, got[i], want[i])
		}
	}
	return "one is longer"
}

// subscriber remembers what it saw and where to go on.
type subscriber struct {
	t           *testing.T
	at          string
	ids         []string
	connections int
	killed      int // of the connections, those that were killed after an event
	listen      func(ctx context.Context, address string, r request) (listener, error)
	addresses   []string
}

// forAWhile connects to some server, takes some events and is killed, in the
// middle of one perhaps.
func (s *subscriber) forAWhile() {
	s.connections++
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	l, err := s.listen(ctx, s.addresses[rand.IntN(len(s.addresses))], request{
		Query:     `subscription($since: String) { changes(since: $since) { revision recordId record { id } } }`,
		Variables: map[string]any{"since": s.at}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.kill()
	if rand.IntN(4) == 0 {
		defer time.AfterFunc(time.Duration(rand.IntN(20_000))*time.Microsecond, l.kill).Stop()
	} else {
		defer time.AfterFunc(time.Duration(50+rand.IntN(650))*time.Millisecond, l.kill).Stop()
	}
	before := len(s.ids)
	defer func() {
		if len(s.ids) > before {
			s.killed++
		}
	}()
	for range rand.IntN(300) {
		r, err := l.next()
		if err != nil {
			return
		}
		var data struct {
			Changes struct {
				Revision, RecordID string
				Record             *struct{ ID string }
			}
		}
		if err := json.Unmarshal(r.Data, &data); err != nil || len(r.Errors) > 0 || data.Changes.Record == nil || data.Changes.Record.ID != data.Changes.RecordID {
			s.t.Fatalf("%v: %+v", err, r)
		}
		s.at = data.Changes.Revision
		s.ids = append(s.ids, strings.TrimPrefix(strings.Split(s.at, "-")[0], "r")+" "+data.Changes.RecordID)
	}
}

func (s *subscriber) revisions() int {
	seen := map[string]bool{}
	for _, id := range s.ids {
		seen[strings.Split(id, " ")[0]] = true
	}
	return len(seen)
}

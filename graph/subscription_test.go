package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// follow reads n events of `changes` from a place on: their records and revisions.
func (a *api) follow(since string, n int) (records, revisions []string) {
	return a.followWhile(since, n, func() {})
}

// followWhile is follow with something that happens after the first event.
func (a *api) followWhile(since string, n int, then func()) (records, revisions []string) {
	a.t.Helper()
	srv := httptest.NewServer(a.h)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"query": `subscription($since: String) { changes(since: $since) { recordId revision record { id } } }`, "variables": map[string]any{"since": since}})
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := srv.Client().Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); len(records) < n; {
		if !lines.Scan() {
			a.t.Fatalf("after %d of %d events: %v", len(records), n, lines.Err())
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var event struct {
			Data struct {
				Changes struct{ RecordID, Revision string }
			}
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil || event.Data.Changes.RecordID == "" {
			a.t.Fatal(data)
		}
		records, revisions = append(records, event.Data.Changes.RecordID), append(revisions, event.Data.Changes.Revision)
		if len(records) == 1 {
			then()
		}
	}
	return records, revisions
}

// topics is a batch that creates topics and the ids in order.
func topics(prefix string, n int) (*store.Batch, []string) {
	b, ids := &store.Batch{At: time.Now()}, make([]string, n)
	for i := range n {
		ids[i] = fmt.Sprintf("%s%04d", prefix, i)
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: &network.Record{ID: network.ID(ids[i]), Kind: "Topic", Fields: map[string]any{"name": ids[i]}}})
	}
	return b, ids
}

func applied(t testing.TB, s store.Store, b *store.Batch) {
	t.Helper()
	if _, err := s.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// An import is one revision of many changes, more than are read or written at once.
func TestIsALargeWriteToldWholeFromAnyPlaceWithin(t *testing.T) {
	s := memory.New(memory.Options{})
	a := newAPI(t, s)
	large, want := topics("a", 950)
	applied(t, s, large)
	after, more := topics("b", 3)
	applied(t, s, after)
	want = append(want, more...)

	got, places := a.follow("r0", len(want))
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatal("the events are not the log")
	}
	if places[949] != "r1" || places[952] != "r2" || places[0] != "r1-0" {
		t.Errorf("the places are %s … %s, %s", places[0], places[949], places[952])
	}
	for _, i := range []int{0, 98, 99, 100, 398, 399, 400, 799, 800, 948, 949, 950} {
		if rest, _ := a.follow(places[i], len(want)-i-1); strings.Join(rest, " ") != strings.Join(want[i+1:], " ") {
			t.Errorf("after %s the events are not the rest of the log", places[i])
		}
	}
	// A query has no places within a write: it begins with the whole.
	a.is(`{"changes":{"totalCount":953}}`, `{ changes(since: "r1-949") { totalCount } }`, nil)
	a.is(`{"changes":{"totalCount":3}}`, `{ changes(since: "r1") { totalCount } }`, nil)
}

// failing is a store of which calls fail while there are faults left, those of the
// log after the first entries.
type failing struct {
	store.Store
	faults atomic.Int32
}

func (s *failing) fault() error {
	if s.faults.Add(-1) >= 0 {
		return network.Errorf(network.Unavailable, "not now")
	}
	return nil
}

func (s *failing) Wait(ctx context.Context, after int64) (int64, error) {
	if err := s.fault(); err != nil {
		return 0, err
	}
	return s.Store.Wait(ctx, after)
}

func (s *failing) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.Store.Fetch(ctx, p)
}

func (s *failing) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return func(yield func(*store.Change, error) bool) {
		n := 0
		for c, err := range s.Store.Changes(ctx, v, since) {
			if n++; n == 3 {
				if err := s.fault(); err != nil {
					yield(nil, err)
					return
				}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func TestDoesASubscriptionGoOnWhereItWasWhenTheStoreFails(t *testing.T) {
	s := &failing{Store: memory.New(memory.Options{})}
	a := newAPI(t, s)
	first, want := topics("a", 5)
	applied(t, s, first)
	for faults := range int32(4) { // they strike in Wait, Changes or Fetch
		b, more := topics(fmt.Sprint("b", faults), 5)
		want = append(want, more...)
		// Not while it begins: that fails, and the client is told.
		got, _ := a.followWhile("r0", len(want), func() {
			s.faults.Store(faults)
			applied(t, s.Store, b)
		})
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("with %d faults: %v", faults, got)
		}
	}
}

func TestIsASubscriptionRefusedThatCannotBegin(t *testing.T) {
	a := embedded(t)
	for query, code := range map[string]string{
		`subscription { changes(since: "twelve") { revision } }`:                                           "INVALID_VALUE",
		`subscription { changes(asOf: "2024-02-30") { revision } }`:                                        "INVALID_DATE",
		`subscription { changes(filter: {about: ["` + strings.Repeat(`a","`, 100) + `a"]}) { revision } }`: "OUT_OF_RANGE",
		`subscription { roleMapChanged(initiative: "a") { revision } }`:                                    "NOT_FOUND",
	} {
		body, _ := json.Marshal(map[string]any{"query": query})
		r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "text/event-stream")
		w := httptest.NewRecorder()
		a.h.ServeHTTP(w, r)
		if got := w.Body.String(); !strings.Contains(got, `"code":"`+code+`"`) || !strings.HasSuffix(got, "event: complete\ndata:\n\n") {
			t.Errorf("%.80s: %s", query, got)
		}
	}
	if got := a.post(`subscription { changes { revision } }`, nil); !strings.Contains(got, "text/event-stream") {
		t.Errorf("without Accept: %s", got)
	}
}

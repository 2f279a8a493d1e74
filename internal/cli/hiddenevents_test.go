package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func TestDoesASubscriptionTellWhatIsHidden(t *testing.T) {
	o := &oracle{t: t, records: hiddenMap()}
	o.onBoth(t, func(t *testing.T, whole store.Store) { tellsLike(t, o, whole) })
}

// tellsLike holds the events of a map against those of it without what a role may not
// know.
func tellsLike(t *testing.T, o *oracle, whole store.Store) {
	questions := everyQuestion(t, o.records)
	last := &network.Record{ID: "zlast", Kind: "Topic", Fields: map[string]any{"name": "zlast"}}
	parts := map[network.Role]store.Store{}
	for _, role := range rolesThatAsk {
		parts[role] = o.load(seenOf(o.records, inRole(role)))
	}
	for _, s := range slices.AppendSeq([]store.Store{whole}, maps.Values(parts)) {
		if _, err := s.Apply(t.Context(), o.creation([]*network.Record{last})); err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range rolesThatAsk {
		for _, q := range questions {
			if q.way != "subscriptions" {
				continue
			}
			got := eventsOf(t, askedBy(whole, role), q.text)
			if wrong := wrongIn(role, q, got, eventsOf(t, askedBy(parts[role], role), q.text)); wrong != "" {
				t.Errorf("%s: %s\n%s", role, wrong, q.text)
			}
		}
	}
}

// eventsOf are the events up to the one about the last record, or the first of a
// role map.
func eventsOf(t *testing.T, h http.Handler, text string) string {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"query": text})
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var out strings.Builder
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || data == "" {
			continue
		}
		out.WriteString(data + "\n")
		if strings.Contains(data, "zlast") || strings.Contains(data, "roleMapChanged") {
			return out.String()
		}
	}
	t.Fatalf("%s: the events end: %.500s %v", text, out.String(), lines.Err())
	return ""
}

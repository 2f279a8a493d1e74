package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
)

// deeds writes down what a handler tells of its work.
type deeds struct{ lines chan string }

func (d deeds) Operation(ctx context.Context, kind, name string) (context.Context, func(string)) {
	d.lines <- "begin " + kind + " " + name
	return ctx, func(code string) { d.lines <- "end " + kind + " " + name + " " + code }
}

func (d deeds) Plan(_ context.Context, field string) func() {
	return func() { d.lines <- "plan " + field }
}

func (d deeds) Failed(code, limit string) { d.lines <- "failed " + code + " " + limit }

func TestWhatIsAWatcherTold(t *testing.T) {
	d := deeds{make(chan string, 100)}
	h := over(func(r *graph.Resolver) { r.Watch = d })
	for query, want := range map[string][]string{
		`query LiveChanges { viewer { role } }`:         {"begin query LiveChanges", "end query LiveChanges "},
		`query Hanako { topics { nodes { id } } }`:      {"begin query other", "plan topics", "end query other "},
		`{ topics { nodes { id } } }`:                   {"begin query other", "plan topics", "end query other "},
		`{ stakeholders(after: "x") { nodes { id } } }`: {"begin query other", "plan stakeholders", "failed INVALID_CURSOR ", "end query other INVALID_CURSOR"},
		`{ hanako }`: {"failed GRAPHQL_VALIDATION_FAILED "},
		`{` + strings.Repeat("a{", 20) + `b` + strings.Repeat("}", 21): {"failed TOO_LARGE depth"},
	} {
		answerOf(h, newRequest([]byte(inQuery(query))))
		close(d.lines)
		var got []string
		for line := range d.lines {
			got = append(got, line)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		d.lines = make(chan string, 100)
		h = over(func(r *graph.Resolver) { r.Watch = d })
	}
}

func TestDoesASubscriptionEndForItsWatcher(t *testing.T) {
	d := deeds{make(chan string, 100)}
	server := httptest.NewServer(over(func(r *graph.Resolver) { r.Watch = d }))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(inQuery(`subscription LiveChanges { changes { revision } }`)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := <-d.lines; got != "begin subscription LiveChanges" {
		t.Error(got)
	}
	cancel()
	if got := <-d.lines; got != "end subscription LiveChanges " {
		t.Error(got)
	}
}

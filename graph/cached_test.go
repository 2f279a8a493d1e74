package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// viewers ask the questions of these tests, in turn.
var viewers = []network.Viewer{network.Admin("a"), {Role: network.RoleViewer}, {Role: network.RoleAnalyst}, {Role: network.RoleCoordinator}}

type viewerKey struct{}

// serving makes a handler that knows the viewer from the request.
func serving(s store.Store) http.Handler {
	h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate("2024-02-01"), FixedToday: true, Limits: limit.With("rate", "0", "aliases", "100000", "tokens", "100000", "cost", "1000000000"),
		Viewer: func(ctx context.Context) network.Viewer { return ctx.Value(viewerKey{}).(network.Viewer) }})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewers[int(r.Header.Get("Viewer")[0]-'0')]
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), viewerKey{}, v)))
	})
}

// asked is a request and its answer by a server that has not seen the query.
type asked struct {
	body   []byte
	viewer int
	answer []byte
}

func randomMap(t testing.TB, seed uint64, size int) (store.Store, []network.ID) {
	s := memory.New(memory.Options{})
	batch := storetest.RandomGraph(rand.New(rand.NewPCG(seed, 1)), size)
	if _, err := s.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	ids := []network.ID{"nothing"}
	for _, w := range batch.Writes {
		ids = append(ids, w.After.ID)
	}
	return s, ids
}

// Whatever was asked before, the answer is that of a server which has not been
// asked anything.
func TestIsAKeptPlanTheOneThatWouldBeMade(t *testing.T) {
	s, ids := randomMap(t, 3, 150)
	r := rand.New(rand.NewPCG(7, 7))
	ask := newAsker(r, ids)
	shared := serving(s)
	var all []asked
	queries, failed := 150, 0
	if testing.Short() || slowdown > 1 {
		queries = 40
	}
	for range queries {
		q := ask.query()
		for i := range 6 {
			body, _ := json.Marshal(map[string]any{"query": q.text, "variables": ask.values(q)})
			a := asked{body: body, viewer: i % len(viewers)}
			a.answer = a.by(serving(s))
			if got := a.by(shared); !bytes.Equal(got, a.answer) {
				t.Fatalf("%s\n kept %s\nfresh %s", body, got, a.answer)
			}
			if bytes.Contains(a.answer, []byte("VALIDATION_FAILED")) && !bytes.Contains(a.answer, []byte("variable")) {
				t.Fatalf("not a valid query: %s\n%s", body, a.answer)
			}
			if bytes.Contains(a.answer, []byte(`"errors"`)) {
				failed++
			}
			all = append(all, a)
		}
	}
	if failed > len(all)*2/3 {
		t.Errorf("%d of %d were refused: the test shows little", failed, len(all))
	}
	var wait sync.WaitGroup
	for part := range slices.Chunk(all, len(all)/4) {
		wait.Go(func() {
			for range 2 {
				for _, i := range rand.Perm(len(part)) {
					if got := part[i].by(shared); !bytes.Equal(got, part[i].answer) {
						t.Errorf("%s\n among others %s\n fresh %s", part[i].body, got, part[i].answer)
						return
					}
				}
			}
		})
	}
	wait.Wait()
}

func (a asked) by(h http.Handler) []byte {
	r := newRequest(a.body)
	r.Header.Set("Viewer", string(rune('0'+a.viewer)))
	return answerOf(h, r)
}

func TestDoSwitchesTurnAKeptPlan(t *testing.T) {
	a, id := town(t)
	q := `query($id: ID!, $n: Boolean!, $t: Boolean = true, $first: Int) { stakeholder(id: $id) { id name @include(if: $n) ...F @skip(if: $t) } }
		fragment F on Stakeholder { name ties(first: $first) @include(if: $n) { nodes { name } } }`
	school := `"id":"` + id["school"] + `"`
	for range 2 {
		a.is(`{"stakeholder":{`+school+`,"name":"広陵中学校"}}`, q, map[string]any{"id": id["school"], "n": true})
		a.is(`{"stakeholder":{`+school+`}}`, q, map[string]any{"id": id["school"], "n": false})
		a.is(`{"stakeholder":{`+school+`,"name":"広陵中学校"}}`, q, map[string]any{"id": id["school"], "n": false, "t": false})
		a.is(`{"stakeholder":{`+school+`,"name":"広陵中学校","ties":{"nodes":[{"name":"NPO法人MEGURU"}]}}}`, q, map[string]any{"id": id["school"], "n": true, "t": false})
		a.is(`{"stakeholder":{`+school+`,"name":"広陵中学校","ties":{"nodes":[]}}}`, q, map[string]any{"id": id["school"], "n": true, "t": false, "first": 0})
	}
}

// Two operations of a document share a fragment with the root field in it.
func TestDoOperationsOfADocumentKeepApart(t *testing.T) {
	a, id := town(t)
	text := `query A($id: ID!) { ...F } query B($id: ID!) { ...F stakeholder(id: $id) { kana: nameKana } } fragment F on Query { stakeholder(id: $id) { name } }`
	for range 2 {
		for op, want := range map[string]string{"A": `{"name":"広陵中学校"}`, "B": `{"name":"広陵中学校","kana":"こうりょうちゅうがっこう"}`} {
			body, _ := json.Marshal(map[string]any{"query": text, "operationName": op, "variables": map[string]any{"id": id["school"]}})
			if got := string(answerOf(a.h, newRequest(body))); !strings.Contains(got, want) {
				t.Errorf("%s: %s", op, got)
			}
		}
	}
}

func TestIsWhatTheViewerMayAskPartOfAKeptPlan(t *testing.T) {
	a, _ := town(t)
	for _, v := range []network.Viewer{network.Admin("a"), {Role: network.RoleViewer}, network.Admin("a")} {
		a.viewer = v
		if got := a.post(`{ stakeholders(first: 300) { totalCount } }`, nil); strings.Contains(got, "OUT_OF_RANGE") != (v.Role == network.RoleViewer) {
			t.Errorf("%v: %s", v.Role, got)
		}
	}
}

func TestDoesASearchOfOtherKindsShowThem(t *testing.T) {
	a, _ := town(t)
	for _, c := range []struct{ kind, want string }{{"SCHOOL", "School"}, {"COMPANY", ""}, {"SCHOOL", "School"}} {
		want := `{"search":{"nodes":[]}}`
		if c.want != "" {
			want = `{"search":{"nodes":[{"record":{"__typename":"` + c.want + `","name":"広陵中学校"}}]}}`
		}
		a.is(want, `query($k: [RecordKind!]) { search(text: "広陵", kinds: $k) { nodes { record { __typename ... on Stakeholder { name } } } } }`, map[string]any{"k": c.kind})
	}
	a.is(`{"search":{"nodes":[{"record":{"__typename":"Area","name":"塩尻市"}}]}}`,
		`query($k: [RecordKind!]) { search(text: "塩尻", kinds: $k) { nodes { record { __typename ... on Stakeholder { name } ... on Area { name } } } } }`, map[string]any{"k": "AREA"})
}

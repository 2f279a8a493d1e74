package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// loads counts how often a network is read from a store.
type loads struct {
	store.Store
	networks atomic.Int64
}

func (s *loads) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if p.Network != nil {
		s.networks.Add(1)
	}
	return s.Store.Fetch(ctx, p)
}

// keeping is an api whose kept results and loads are seen.
func keeping(t *testing.T, s store.Store, limits ...string) (*api, *memo.Cache, *loads) {
	counted, kept := &loads{Store: s}, memo.New(64<<20)
	a := &api{t: t, viewer: network.Admin("test")}
	a.h = graph.NewHandler(&graph.Resolver{Store: counted, Clock: network.SystemClock(), Today: network.MustDate("2024-02-01"), FixedToday: true, Kept: kept, Limits: limit.With(limits...),
		Viewer: func(context.Context) network.Viewer { return a.viewer }})
	return a, kept, counted
}

// crowd is a store that holds nothing but a large network.
type crowd struct {
	store.Store
	network store.Subgraph
}

func newCrowd(nodes, ties int) *crowd {
	c := &crowd{Store: memory.New(memory.Options{})}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range nodes {
		c.network.Nodes = append(c.network.Nodes, store.SubNode{ID: network.ID(fmt.Sprintf("n%06d", i)), Kind: "Person", Values: []any{nil, nil}})
	}
	for i := range ties {
		c.network.Ties = append(c.network.Ties, store.SubTie{ID: network.ID(fmt.Sprintf("t%07d", i)), Kind: "KNOWS", Subject: r.Int32N(int32(nodes)), Object: r.Int32N(int32(nodes)), Strength: 3})
	}
	return c
}

func (c *crowd) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	out, err := c.Store.Fetch(ctx, &store.Plan{Viewer: p.Viewer, AsOf: p.AsOf, Roots: p.Roots})
	if err == nil && p.Network != nil {
		out.Network = &c.network
	}
	return out, err
}

const dearQuestion = `{ network { summary { meanPath } centrality(measures: [BETWEENNESS, CLOSENESS], first: 3) { rows { rank values { value } } } communities { modularity } } }`

func TestAThousandIdenticalQuestionsCostOneComputation(t *testing.T) {
	c := newCrowd(400, 1200)
	alone, keptAlone, _ := keeping(t, c)
	want := alone.data(dearQuestion, nil)

	a, kept, counted := keeping(t, c, "waiting", "1000", "wait", "10m")
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			if got := a.post(dearQuestion, nil); !strings.Contains(got, want) {
				t.Errorf("%.300s", got)
			}
		})
	}
	wg.Wait()
	if n := counted.networks.Load(); n != 1 {
		t.Errorf("the network was read %d times", n)
	}
	if got, one := kept.Stats().Begun, keptAlone.Stats().Begun; got != one {
		t.Errorf("%d works, one question alone costs %d", got, one)
	}
}

// ask sends a query under a context and gives the answer.
func (a *api) ask(ctx context.Context, query string) string {
	body, _ := json.Marshal(map[string]any{"query": query})
	r := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	return w.Body.String()
}

func TestACancelledQuestionStopsTheWorkAtOnce(t *testing.T) {
	a, kept, _ := keeping(t, newCrowd(60_000, 300_000))
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan string)
	go func() { answered <- a.ask(ctx, dearQuestion) }()
	// The load, the graph, then the first measure.
	for s := kept.Stats(); s.Begun < 4 || s.Working == 0; s = kept.Stats() {
		runtime.Gosched()
	}
	began := time.Now()
	cancel()
	<-answered
	for kept.Stats().Working > 0 {
		runtime.Gosched()
	}
	if took := time.Since(began); took > 100*time.Millisecond*slowdown {
		t.Errorf("the work went on for %v", took)
	}
}

func TestALateAnswerSaysHowToNarrowTheQuestion(t *testing.T) {
	a, _, _ := keeping(t, newCrowd(60_000, 300_000))
	a.data(`{ network { revision } }`, nil) // so that it is the measure that is late
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	got := a.ask(ctx, `{ network { centrality(measures: [BETWEENNESS]) { totalCount } } }`)
	if !strings.Contains(got, `"code":"TIMEOUT"`) || !strings.Contains(got, "60000 stakeholders and 300000 ties") || !strings.Contains(got, "minStrength") {
		t.Error(got)
	}
}

const howMany = `{ network { summary { stakeholders ties } revision } }`

func TestAKeptNetworkIsThatOfThePresentRevision(t *testing.T) {
	a, _, counted := keeping(t, memory.New(memory.Options{}))
	school := a.create("school", map[string]any{"name": "広陵中学校"})
	company := a.create("company", map[string]any{"name": "すぎのこ（架空）"})
	before := counted.networks.Load()
	for range 2 {
		a.is(`{"network":{"summary":{"stakeholders":2,"ties":0},"revision":"r2"}}`, howMany, nil)
	}
	if n := counted.networks.Load() - before; n != 1 {
		t.Errorf("the network was read %d times", n)
	}
	a.relate(map[string]any{"kind": "HOSTS", "subject": company, "object": school})
	a.is(`{"network":{"summary":{"stakeholders":2,"ties":1},"revision":"r3"}}`, howMany, nil)
}

func TestNobodyIsToldWhatWasKeptForOthers(t *testing.T) {
	s := memory.New(memory.Options{})
	a, _, _ := keeping(t, s)
	school := a.create("school", map[string]any{"name": "広陵中学校"})
	hidden := a.create("company", map[string]any{"name": "すぎのこ（架空）", "visibility": "COORDINATORS"})
	a.relate(map[string]any{"kind": "HOSTS", "subject": hidden, "object": school})
	for _, q := range []string{
		howMany,
		`{ coverage(of: {kind: {eq: SCHOOL}}, by: {kind: {eq: COMPANY}}) { covered } }`,
		`{ networkDiff(before: "2023-01-01", after: "2024-01-01") { summaryAfter { stakeholders } } }`,
		`{ suggestedTies { totalCount algorithm { name } } }`,
	} {
		for _, role := range []network.Role{network.RoleAdmin, network.RoleViewer, network.RoleCoordinator} {
			a.viewer = network.Viewer{Role: role}
			fresh, _, _ := keeping(t, s)
			fresh.viewer = a.viewer
			if got, want := a.data(q, nil), fresh.data(q, nil); got != want {
				t.Errorf("%s as %s: %s, want %s", q, role, got, want)
			}
		}
	}
}

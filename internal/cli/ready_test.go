package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/sqlite"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// askedEvery is how often a probe asks, probeLimit how long it waits for what it
// hopes for on a machine that is busy.
const (
	askedEvery = 50 * time.Millisecond
	probeLimit = 2 * time.Minute
)

// probe asks a server over HTTP whether it is alive and ready.
type probe struct {
	t    *testing.T
	base string
}

// served runs the HTTP server over a store until the test ends.
func served(t *testing.T, s store.Store) probe {
	t.Helper()
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("open") }}
	srv, err := server.New(server.Config{Addr: "127.0.0.1:0"}, graph.NewHandler(resolver), ready(s), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() { ended <- srv.Run(ctx, func(a net.Addr) { at <- a }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return probe{t, "http://" + (<-at).String()}
}

func (p probe) get(path string) (status int, body string) {
	p.t.Helper()
	resp, err := http.Get(p.base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// await returns once /readyz gives the status, and how long that took; /healthz
// is 200 all the time.
func (p probe) await(status int) (took time.Duration, body string) {
	p.t.Helper()
	begun := time.Now()
	tick := time.NewTicker(askedEvery)
	defer tick.Stop()
	for time.Since(begun) < probeLimit {
		if alive, body := p.get("/healthz"); alive != http.StatusOK {
			p.t.Fatalf("/healthz: %d %s", alive, body)
		}
		got, body := p.get("/readyz")
		if got == status {
			return time.Since(begun), body
		}
		<-tick.C
	}
	p.t.Fatalf("/readyz was never %d", status)
	return 0, ""
}

// create enters a topic and gives the code of the error, "" for none.
func (p probe) create() string {
	p.t.Helper()
	resp, err := http.Post(p.base+"/graphql", "application/json",
		strings.NewReader(`{"query": "mutation { create(input: {topic: {name: \"話題\"}}) { revision userErrors { code } } }"}`))
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct {
			Create struct{ UserErrors []struct{ Code string } }
		}
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		p.t.Fatal(err)
	}
	for _, e := range answer.Errors {
		return e.Extensions.Code
	}
	for _, e := range answer.Data.Create.UserErrors {
		return e.Code
	}
	return ""
}

// Neo4j may be down when musubi starts, and go down later: musubi lives on, says
// that it is not ready, and is ready again by itself.
func TestDoesReadinessTellTheTruthAboutNeo4j(t *testing.T) {
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j"), BoltPort: freePort(t)}
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: fmt.Sprint("bolt://127.0.0.1:", o.BoltPort), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	p := served(t, s)
	for _, when := range []string{"at start", "later"} {
		_, body := p.await(http.StatusServiceUnavailable)
		if !strings.Contains(body, "cannot be reached") || strings.Contains(body, fmt.Sprint(o.BoltPort)) {
			t.Errorf("down %s: %s", when, body)
		}
		if code := p.create(); code != "UNAVAILABLE" {
			t.Errorf("down %s, a write gives %q", when, code)
		}
		db := neo4jtest.Start(t, o)
		took, _ := p.await(http.StatusOK)
		t.Logf("down %s: ready %v after Neo4j answers", when, took.Round(time.Millisecond))
		if code := p.create(); code != "" {
			t.Errorf("up again, a write gives %q", code)
		}
		if err := db.Kill(); err != nil {
			t.Fatal(err)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestDoesReadinessTellTheTruthAboutAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	p := served(t, s)
	p.await(http.StatusOK)
	if code := p.create(); code != "" {
		t.Errorf("a write gives %q", code)
	}
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if _, body := p.await(http.StatusServiceUnavailable); !strings.Contains(body, "deleted or replaced") {
		t.Error(body)
	}
	if code := p.create(); code != "UNAVAILABLE" {
		t.Errorf("the file is gone, and a write gives %q", code)
	}
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
	p.await(http.StatusOK)
	if code := p.create(); code != "" {
		t.Errorf("the file is back, and a write gives %q", code)
	}
}

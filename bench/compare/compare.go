package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/musubi-map/musubi/bench/bulk"
	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/bench/town"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

func compare(ctx context.Context, o options) (err error) {
	if o.against > 0 {
		return sizes(ctx, o)
	}
	s, err := newSetting(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.tearDown(context.WithoutCancel(ctx))) }()
	if err := s.setUp(ctx, s.startEmbedded, s.startOnNeo4j, s.startPeers, s.startPostgres); err != nil {
		return err
	}
	questions, err := s.questions(ctx)
	if err != nil {
		return err
	}
	o.sayHow()
	// Reads come before anything is written, and all are warm before one is measured:
	// the first would pay for what the servers have yet to compile.
	for _, writes := range []bool{false, true} {
		for _, step := range []func(context.Context, question) error{s.prepare, s.measure} {
			for _, q := range questions {
				if q.writes != writes {
					continue
				}
				if err := step(ctx, q); err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
			}
		}
	}
	return s.reportMemory()
}

func (o options) sayHow() {
	fmt.Printf("\n## Workloads\n\n%d clients, %d rounds of %s for each side in turn, after %s to warm up; load average at the start %s\n", o.clients, o.rounds, o.each, o.warm, loadAverage())
}

// setting is what a run has started.
type setting struct {
	options
	dir string
	m   *town.Map
	neo *served.Neo4j
	// postgresPID is 0 when there is none.
	postgresPID int
	sides       []*side
	stops       []func(context.Context) error // in order of the starts
}

func newSetting(o options) (*setting, error) {
	m, err := town.New(o.town)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "musubi-compare-")
	return &setting{options: o, dir: dir, m: m}, err
}

func (s *setting) setUp(ctx context.Context, starts ...func(context.Context) error) error {
	fmt.Printf("# Side by side\n\nNeo4j %s (%d MiB of heap, %d of page cache), %s, %s, %d cores for servers and clients; %d municipalities, seed %d; load average %s\n\n## Filling\n\n",
		neo4jserver.Version, s.heap, s.pageCache, runtime.Version(), strings.Join(nodeVersions(s.peers), ", "), runtime.NumCPU(), max(s.town.Municipalities, 1), s.town.Seed, loadAverage())
	for _, start := range starts {
		if err := start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// tearDown stops what was started, last first, and removes its files.
func (s *setting) tearDown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var errs []error
	for _, stop := range slices.Backward(s.stops) {
		errs = append(errs, stop(ctx))
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

func (s *setting) wants(name string) bool {
	return !slices.Contains(strings.Split(s.without, ","), name)
}

func (s *setting) startEmbedded(ctx context.Context) error {
	if !s.wants(embedded) {
		return errors.New("the embedded store is what the others are held against: it cannot be left out")
	}
	file := filepath.Join(s.dir, "map.db")
	st, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	r, err := bulk.Load(ctx, st, s.m.Records())
	if err = errors.Join(err, st.Close(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	fmt.Printf("- %s: %s\n", embedded, r)
	began := time.Now()
	if err := s.startSelf(ctx, embedded, "-data", file); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	fmt.Printf("- %s: a file of %d MiB, ready in %.1f s\n", embedded, info.Size()>>20, time.Since(began).Seconds())
	return nil
}

// startOnNeo4j starts the database and what stands on it.
func (s *setting) startOnNeo4j(ctx context.Context) (err error) {
	if !s.wants(onNeo4j) && !s.wants(ourStatement) && !s.wants(bare) && !s.wants(neo4jGraphQL) {
		return nil
	}
	o := neo4jserver.Options{Dir: filepath.Join(s.dir, "neo4j"), HeapMB: s.heap, PageCacheMB: s.pageCache, FullJIT: true}
	var r *bulk.Report
	if s.neo, r, err = bulk.Import(ctx, o, s.m.Records()); err != nil {
		return err
	}
	s.stops = append(s.stops, s.neo.Stop)
	fmt.Printf("- Neo4j: %s\n", r)
	for _, name := range []string{onNeo4j, ourStatement, bare} {
		if !s.wants(name) {
			continue
		}
		if err := s.startSelf(ctx, name, "-uri", s.neo.URI()); err != nil {
			return err
		}
	}
	return nil
}

// startPeers starts what runs on Node; a peer that is not installed is left out,
// and the run says so.
func (s *setting) startPeers(ctx context.Context) error {
	if !s.wants(neo4jGraphQL) || s.neo == nil {
		return nil
	}
	return s.startNode(ctx, neo4jGraphQL, "neo4j-graphql.mjs", s.neo.URI())
}

func loadAverage() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(data))[:3], " ")
}

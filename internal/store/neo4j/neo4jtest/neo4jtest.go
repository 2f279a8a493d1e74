// Package neo4jtest hands tests a Neo4j.
//
//	func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		driver := neo4jtest.Driver(t, neo4jtest.Open(t))
//		neo4jtest.Reset(t, driver)
//		…
//	}
//
// With MUSUBI_TEST_NEO4J_URI set the tests run on that server, which must ask
// for no password and holds nothing worth keeping: Reset empties it. Otherwise
// each test process starts one of its own. The command neo4j-local starts one
// for several packages.
package neo4jtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store/neo4j/internal/filelock"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

// URIVariable names the environment variable with the server to test on.
const URIVariable = "MUSUBI_TEST_NEO4J_URI"

const (
	// startTimeout leaves time for the download, which happens once.
	startTimeout = 5 * time.Minute
	// turnTimeout is how long a package waits for others on a shared server;
	// go test's own limit, 10 minutes by default, usually comes first.
	turnTimeout = 30 * time.Minute
	stopTimeout = 20 * time.Second
)

// process is the server of this test process.
var process = new(shared)

type shared struct {
	once     sync.Once
	settings map[string]string // nil: those of any server
	uri      string
	err      error
	close    func()
}

// Open returns the Bolt address of a server that this process has to itself
// until it ends: on a shared one, packages wait here for their turn, since the
// community edition has a single database. Tests of one package share it, so
// they must not run in parallel unless they keep out of each other's way.
//
// Without Java and Maven the test is skipped; with CI=true it fails instead. With
// -short it is always skipped.
func Open(tb testing.TB) (uri string) {
	tb.Helper()
	skipShort(tb)
	process.once.Do(process.open)
	if process.err != nil {
		missing(tb, process.err)
	}
	return process.uri
}

// Main runs the tests and then gives up what Open took. Use it as
// os.Exit(neo4jtest.Main(m)) in TestMain.
func Main(m *testing.M) (code int) {
	code = m.Run()
	if process.close != nil {
		process.close()
	}
	return code
}

// MainWith is Main for tests that want other settings than a server has of
// itself, lines of neo4j.conf: they get a server of their own even where there
// is one to share, as long as one can be started.
func MainWith(m *testing.M, settings map[string]string) (code int) {
	process.settings = settings
	return Main(m)
}

func (s *shared) open() {
	uri := os.Getenv(URIVariable)
	if uri != "" && s.settings == nil {
		s.share(uri)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	server, err := neo4jserver.Start(ctx, neo4jserver.Options{Settings: s.settings})
	switch {
	case uri != "" && errors.Is(err, neo4jserver.ErrUnavailable):
		s.share(uri)
		return
	case err != nil:
		s.err = err
		return
	}
	s.uri, s.close = server.URI(), func() { stop(server) }
}

// share waits until no other process on this machine tests on the server.
func (s *shared) share(uri string) {
	s.uri = uri
	ctx, cancel := context.WithTimeout(context.Background(), turnTimeout)
	defer cancel()
	s.close, s.err = filelock.Lock(ctx, turnPath(s.uri))
}

// turnPath is the lock file of a server, the same for every package.
func turnPath(uri string) string {
	sum := sha256.Sum256([]byte(uri))
	return filepath.Join(os.TempDir(), fmt.Sprintf("musubi-test-neo4j-%x.lock", sum[:8]))
}

func stop(server *neo4jserver.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// Driver returns a driver for uri, which the end of the test closes.
func Driver(tb testing.TB, uri string) neo4j.DriverWithContext {
	tb.Helper()
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.NoAuth())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			tb.Errorf("close the driver: %v", err)
		}
	})
	return driver
}

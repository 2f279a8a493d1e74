package neo4jtest

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

// Start starts a server of the test's own, apart from the one that [Open] gives,
// and stops it at the end of the test.
//
// Without Java and Maven the test is skipped; with CI=true it fails instead. With
// -short it is always skipped.
func Start(tb testing.TB, o neo4jserver.Options) *neo4jserver.Server {
	tb.Helper()
	skipShort(tb)
	ctx, cancel := context.WithTimeout(tb.Context(), startTimeout)
	defer cancel()
	server, err := neo4jserver.Start(ctx, o)
	if err != nil {
		missing(tb, err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		if err := server.Stop(ctx); err != nil {
			tb.Error(err)
		}
	})
	return server
}

// skipShort leaves out what needs a server: make check does without.
func skipShort(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("no Neo4j with -short")
	}
}

// missing ends a test that has no server.
func missing(tb testing.TB, err error) {
	tb.Helper()
	if errors.Is(err, neo4jserver.ErrUnavailable) && os.Getenv("CI") != "true" {
		tb.Skipf("no Neo4j: %v", err)
		return
	}
	tb.Fatalf("no Neo4j: %v", err)
}

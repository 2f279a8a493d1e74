package backuptest_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/sqlite"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

func TestMain(m *testing.M) {
	if child := os.Getenv(childVariable); child != "" {
		os.Exit(runChild(child))
	}
	os.Exit(neo4jtest.Main(m))
}

// place is where a map is kept: a store in it may be opened again and again, one
// after the other.
type place struct {
	name string
	open func(t testing.TB) store.Store
}

// file is a data file that is not there yet.
func file(t testing.TB) place {
	return inFile(filepath.Join(t.TempDir(), "map.db"))
}

func inFile(path string) place {
	return place{path, func(t testing.TB) store.Store {
		t.Helper()
		s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}}
}

// server is a Neo4j without records.
func server(t testing.TB) place {
	uri := neo4jtest.Open(t)
	neo4jtest.Clear(t, neo4jtest.Driver(t, uri))
	return place{uri, func(t testing.TB) store.Store {
		t.Helper()
		s, err := neo4j.Open(context.Background(), neo4j.Options{URI: uri, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}}
}

// onBoth runs a test on either sort of place.
func onBoth(t *testing.T, test func(t *testing.T, empty func(testing.TB) place)) {
	t.Run("embedded", func(t *testing.T) { test(t, file) })
	t.Run("neo4j", func(t *testing.T) { test(t, server) })
}

// with opens the store of a place for a while.
func (p place) with(t testing.TB, do func(s store.Store)) {
	t.Helper()
	s := p.open(t)
	defer func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	do(s)
}

func wantCode(t testing.TB, err error, code network.ErrorCode) {
	t.Helper()
	if got := network.CodeOf(err); got != code {
		t.Errorf("%v (%s), want %s", err, got, code)
	}
}

func TestDoesAMapMoveBetweenStoresWithoutLoss(t *testing.T) {
	var want backuptest.Contents
	var data []byte
	first := file(t)
	first.with(t, func(s store.Store) {
		if err := verifytest.Fill(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		want, data = backuptest.Of(t, s), backuptest.Written(t, s)
	})
	for _, next := range []place{server(t), file(t)} {
		next.with(t, func(s store.Store) {
			done := backuptest.Restored(t, s, data)
			if done.Revision != verifytest.Revision || done.Commits != 8 || done.Changes != 21 || done.Receipts != 6 || done.Had != 0 {
				t.Errorf("%+v", done)
			}
			backuptest.Same(t, backuptest.Of(t, s), want)
			again := backuptest.Written(t, s)
			if !bytes.Equal(again, data) {
				t.Error("a backup of what was restored is another file")
			}
			data = again
		})
	}
}

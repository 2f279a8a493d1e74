package backuptest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/sqlite"
	"github.com/musubi-map/musubi/internal/store/storetest"
	"github.com/musubi-map/musubi/internal/verify"
)

// canary is what every text of the erased has in it, in bytes that no encoding of
// short texts changes.
var canary = []byte("7F3A9C51E0D24B68")

// holding are the files below a directory that have the canary in them, in UTF-8,
// or in UTF-16 of either order of bytes.
func holding(t testing.TB, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if sees(data) {
			found = append(found, path[len(dir):])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func sees(data []byte) bool {
	var wide []byte
	for _, b := range canary {
		wide = append(wide, b, 0)
	}
	return bytes.Contains(data, canary) || bytes.Contains(data, wide[:len(wide)-1])
}

// unzipped is the text of a backup.
func unzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	in, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// erased enters the canary, backs it up, erases it and backs it up again.
func erased(t testing.TB, s store.Store) (older, newer []byte, list []store.Erasure) {
	t.Helper()
	b := storetest.Erasable(t, s)
	older = backuptest.Written(t, s)
	if !sees(unzipped(t, older)) {
		t.Fatal("the canary is not in the older backup: the test would see nothing")
	}
	if _, err := s.Apply(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	newer = backuptest.Written(t, s)
	if sees(unzipped(t, newer)) {
		t.Error("the canary is in the backup made after")
	}
	list, err := s.Erasures(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return older, newer, list
}

// whole fails the test when verify finds something in the store.
func whole(t testing.TB, s any) {
	t.Helper()
	seen, ok := s.(store.Inspector)
	if !ok {
		return
	}
	report, err := verify.Store(context.Background(), seen)
	if err != nil || report.Found > 0 {
		t.Errorf("%v; %v", report.Faults, err)
	}
}

func TestIsWhatWasErasedInAnyFileOfTheEmbeddedStore(t *testing.T) {
	dir := t.TempDir()
	p := inFile(filepath.Join(dir, "map.db"))
	p.with(t, func(s store.Store) {
		erasing := storetest.Erasable(t, s)
		if got := holding(t, dir); len(got) == 0 {
			t.Fatal("the canary is not in the files before: the scan would see nothing")
		}
		if _, err := s.Apply(t.Context(), erasing); err != nil {
			t.Fatal(err)
		}
		if clean, err := s.Scrub(t.Context()); err != nil || !clean {
			t.Fatal(clean, err)
		}
		if got := holding(t, dir); len(got) > 0 {
			t.Errorf("while it is open: %v", got)
		}
	})
	if got := holding(t, dir); len(got) > 0 {
		t.Errorf("once it is closed: %v", got)
	}
	p.with(t, func(s store.Store) {
		if got, err := s.Erasures(t.Context()); err != nil || len(got) != 5 {
			t.Errorf("after reopening: %v, %v", got, err)
		}
	})
}

func TestDoesAnOlderBackupBringBackWhatWasErased(t *testing.T) {
	onBoth(t, func(t *testing.T, empty func(testing.TB) place) {
		var older, newer []byte
		var list []store.Erasure
		empty(t).with(t, func(s store.Store) {
			older, newer, list = erased(t, s)
			whole(t, s)
		})
		for name, c := range map[string]struct {
			backup []byte
			known  []store.Erasure
			back   bool
		}{
			"older, with the list": {older, list, false}, "newer, without": {newer, nil, false}, "newer, with the list": {newer, list, false},
			"older, without": {older, nil, true}, // so the test sees what is brought back
		} {
			t.Run(name, func(t *testing.T) {
				empty(t).with(t, func(s store.Store) {
					done, err := backup.Restore(t.Context(), s, bytes.NewReader(c.backup), c.known, nil)
					if err != nil {
						t.Fatal(err)
					}
					if got := sees(unzipped(t, backuptest.Written(t, s))); got != c.back {
						t.Errorf("is the canary back: %v, want %v", got, c.back)
					}
					if blanked := done.Blanked > 0; blanked != (c.known != nil && bytes.Equal(c.backup, older)) {
						t.Errorf("%d entries were blanked", done.Blanked)
					}
					if again, err := backup.Restore(t.Context(), s, bytes.NewReader(c.backup), c.known, nil); err != nil || again.Had != done.Revision {
						t.Errorf("again: %+v, %v", again, err)
					}
					if got, err := s.Erasures(t.Context()); err != nil || !c.back && len(got) != len(list) {
						t.Errorf("what is known of it: %v, %v", got, err)
					}
					whole(t, s)
				})
			})
		}
	})
}

// A server keeps what it has freed. So its data is made anew: a backup of it into an
// empty one, and the old directory deleted.
func TestIsWhatWasErasedInAnyFileOfANewNeo4j(t *testing.T) {
	open := func(server *neo4jserver.Server) store.Store {
		s, err := neo4j.Open(context.Background(), neo4j.Options{URI: server.URI()})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	stop := func(server *neo4jserver.Server, s store.Store) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := server.Stop(ctx); err != nil { // it writes all that it has
			t.Fatal(err)
		}
	}
	before, after := t.TempDir(), t.TempDir()
	server := neo4jtest.Start(t, neo4jserver.Options{Dir: before})
	s := open(server)
	_, newer, list := erased(t, s)
	if clean, err := s.Scrub(t.Context()); err != nil || clean {
		t.Errorf("the server cleans its files: %v, %v", clean, err)
	}
	stop(server, s)
	if got := holding(t, before); len(got) == 0 {
		t.Error("the old directory is free of it: the scan sees nothing, or this page of the manual is not needed any more")
	} else {
		t.Logf("what an erasure leaves in the directory of the server: %v", got)
	}

	server = neo4jtest.Start(t, neo4jserver.Options{Dir: after})
	s = open(server)
	if _, err := backup.Restore(t.Context(), s, bytes.NewReader(newer), list, nil); err != nil {
		t.Fatal(err)
	}
	whole(t, s)
	if who, err := s.Load(t.Context(), network.Admin(""), []store.Key{{ID: "who"}}); err != nil || who[0] == nil || !who[0].Erased() {
		t.Errorf("the place of the person: %v, %v", who, err)
	}
	stop(server, s)
	if got := holding(t, after); len(got) > 0 {
		t.Errorf("the new directory has it: %v", got)
	}
}

// A process may be killed between the commit that erases and the cleaning of the files.
func TestIsAnErasureThatWasBrokenOffMadeGood(t *testing.T) {
	dir := t.TempDir()
	p := inFile(filepath.Join(dir, "map.db"))
	p.with(t, func(s store.Store) {
		if _, err := s.Apply(t.Context(), storetest.Erasable(t, s)); err != nil {
			t.Fatal(err)
		}
	})
	if got := holding(t, dir); len(got) == 0 {
		t.Fatal("the files are clean without being cleaned: the test sees nothing")
	}
	p.with(t, func(store.Store) {
		if got := holding(t, dir); len(got) > 0 {
			t.Errorf("after the next start: %v", got)
		}
	})
}

// While somebody reads the file, its log cannot be emptied: that is said, and made good
// later.
func TestIsAFileCleanedThatIsRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "map.db")
	inFile(path).with(t, func(s store.Store) {
		erase := storetest.Erasable(t, s)
		reader, err := sqlite.OpenReader(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), erase); err != nil {
			t.Fatal(err)
		}
		_, err = s.Scrub(t.Context())
		wantCode(t, err, network.Unavailable)
		if err := reader.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if clean, err := s.Scrub(t.Context()); err != nil || !clean {
			t.Error(clean, err)
		}
		if got := holding(t, dir); len(got) > 0 {
			t.Error(got)
		}
	})
}

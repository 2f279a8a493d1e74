package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// large is a creation of so many topics, some 600 KB for a thousand.
func large(prefix string, records int) *store.Batch {
	var rs []*network.Record
	for i := range records {
		rs = append(rs, topic(fmt.Sprint(prefix, i), strings.Repeat("大", 100)))
	}
	return creation(rs...)
}

// refused applies a batch that the file cannot take, and wants nothing of it to
// be there; what is said tells what to do.
func refused(t *testing.T, s *Store, b *store.Batch, says string) {
	t.Helper()
	before := len(log(t, s))
	_, err := s.Apply(context.Background(), b)
	wantCode(t, err, network.Unavailable)
	if !strings.Contains(err.Error(), says) {
		t.Errorf("it says %q, want %q", err, says)
	}
	if load(t, s, b.Writes[0].After.ID) != nil || len(log(t, s)) != before {
		t.Error("something of the batch is there")
	}
}

func pragma(t *testing.T, s *Store, text string) {
	t.Helper()
	if _, err := s.file.db.Exec("PRAGMA " + text); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsWrittenToAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	s := opened(t, path)
	apply(t, s, creation(topic("a", "一")))
	var pages int
	if err := s.file.db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	pragma(t, s, fmt.Sprint("max_page_count = ", pages+10))
	refused(t, s, large("b", 1000), "the disk is full")
	apply(t, s, creation(topic("c", "小さい"))) // what has room is written
	pragma(t, s, "max_page_count = 1000000")
	apply(t, s, large("b", 1000))
	agree(t, s)
	closed(t, s)
	agree(t, opened(t, path))
}

func TestWhatIsWrittenToAFileThatIsReadOnly(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "map.db"))
	pragma(t, s, "query_only = 1")
	refused(t, s, creation(topic("a", "一")), "may not write")
	pragma(t, s, "query_only = 0")
	apply(t, s, creation(topic("a", "一")))
	agree(t, s)
}

func TestWhatIsWrittenWhileAnotherProgramWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	s, err := Open(context.Background(), path, Options{BusyTimeout: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	other, err := sql.Open("sqlite", "file:"+escape(path)+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	refused(t, s, creation(topic("a", "一")), "another program is writing")
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	apply(t, s, creation(topic("a", "一")))
	agree(t, s)
}

// A file that was taken away takes with it what is written to it: that is not
// acknowledged, and the store does not say that it is ready.
func TestWhatIsWrittenToAFileThatIsGone(t *testing.T) {
	for name, take := range map[string]func(path string) error{
		"deleted":          os.Remove,
		"its log deleted":  func(path string) error { return os.Remove(path + "-wal") },
		"moved away":       func(path string) error { return os.Rename(path, path+".old") },
		"another in place": func(path string) error { return os.Rename(path+".new", path) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "map.db")
			closed(t, opened(t, path+".new"))
			s := opened(t, path)
			apply(t, s, creation(topic("a", "一")))
			if _, err := s.Head(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := take(path); err != nil {
				t.Fatal(err)
			}
			refused(t, s, creation(topic("b", "二")), "deleted or replaced")
			_, err := s.Head(context.Background())
			wantCode(t, err, network.Unavailable)
		})
	}
}

// modernc.org/sqlite is C translated against one version of its libc, and tested
// with that: another one may go wrong in silence.
func TestIsLibcTheVersionThatSQLiteWasTestedWith(t *testing.T) {
	version := func(module, field string) string {
		out, err := exec.Command("go", "list", "-m", "-f", "{{."+field+"}}", module).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	out, err := exec.Command("go", "mod", "edit", "-json", version("modernc.org/sqlite", "GoMod")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Require {
		if r.Path == "modernc.org/libc" {
			if got := version(r.Path, "Version"); got != r.Version {
				t.Errorf("libc is %s, SQLite was tested with %s", got, r.Version)
			}
			return
		}
	}
	t.Fatal("SQLite asks for no libc")
}

package backuptest_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/sqlite"
	"github.com/musubi-map/musubi/internal/verify"
)

// childVariable tells a child of the tests what to do: a verb, a place and a
// file, separated by line breaks.
const childVariable = "MUSUBI_BACKUP_TEST"

func child(words ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+strings.Join(words, "\n"))
	return cmd
}

func runChild(words string) (code int) {
	parts := strings.Split(words, "\n")
	var err error
	switch parts[0] {
	case "backup":
		err = backupFile(parts[1], os.Stdout)
	case "restore":
		err = restoreSlowly(parts[1], parts[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// backupFile backs a data file up beside whoever has it open.
func backupFile(path string, w io.Writer) error {
	r, err := sqlite.OpenReader(context.Background(), path)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close(context.Background()) }()
	_, err = backup.Write(context.Background(), w, r, "embedded", backuptest.Created)
	return err
}

// restoreSlowly prints a line for each commit restored.
func restoreSlowly(where, name string) error {
	var s store.Store
	var err error
	if strings.Contains(where, "://") {
		s, err = neo4j.Open(context.Background(), neo4j.Options{URI: where})
	} else {
		s, err = sqlite.Open(context.Background(), where, sqlite.Options{})
	}
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	_, err = backup.Restore(context.Background(), s, file, nil, func(done, _ int64) { fmt.Println(done) })
	return err
}

// writing has eight writers at a store until stop is called. Each makes records,
// changes them and leaves receipts, several a batch.
func writing(t *testing.T, s store.Store) (acknowledged *atomic.Int64, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	acknowledged = new(atomic.Int64)
	for w := range 8 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				applied, err := s.Apply(context.Background(), nextBatch(w, n))
				if err != nil {
					t.Error(err)
					return
				}
				for had := acknowledged.Load(); had < applied.Revision && !acknowledged.CompareAndSwap(had, applied.Revision); had = acknowledged.Load() {
				}
			}
		})
	}
	return acknowledged, func() { cancel(); writers.Wait() }
}

func nextBatch(w, n int) *store.Batch {
	name := func(n int) network.ID { return network.ID(fmt.Sprintf("w%d-%d", w, n)) }
	rec := func(id network.ID, f map[string]any) *network.Record {
		return &network.Record{ID: id, Kind: "Topic", Fields: f}
	}
	b := &store.Batch{Actor: fmt.Sprint("writer ", w), Reason: "試験", At: time.Unix(int64(n), int64(w)),
		Receipt: &store.Receipt{Key: fmt.Sprint(n), Fingerprint: "f", Outcome: fmt.Sprint(n)}}
	if n%5 == 4 {
		return b // changes nothing
	}
	b.Writes = append(b.Writes, store.Write{Action: store.Create, After: rec(name(n), map[string]any{"name": fmt.Sprint("分野", n)})},
		store.Write{Action: store.Create, After: rec(name(n)+"-b", map[string]any{"name": "下位", "broader": name(n)})})
	if n%5 > 0 {
		b.Writes = append(b.Writes, store.Write{Action: store.Update, IfVersion: 1, After: rec(name(n-1), map[string]any{"name": "改", "broader": name(n)})})
	}
	return b
}

// wantPrefix wants in a backup what the store held at one revision, at least
// since.
func wantPrefix(t *testing.T, data []byte, s store.Store, since int64) (revision int64) {
	t.Helper()
	if report, err := verify.File(t.Context(), bytes.NewReader(data)); err != nil || report.Found > 0 {
		t.Fatalf("%v %+v", err, report)
	}
	copied := memory.New(memory.Options{})
	backuptest.Restored(t, copied, data)
	got, all := backuptest.Of(t, copied), backuptest.Of(t, s)
	if got.Head < since {
		t.Errorf("the backup is of revision %d, and %d had been acknowledged before", got.Head, since)
	}
	want := backuptest.Contents{Head: got.Head, Records: map[network.ID]*network.Record{}}
	for _, c := range all.Changes {
		if c.Revision <= got.Head {
			want.Changes = append(want.Changes, c)
			want.Records[c.Record] = c.After
		}
	}
	// Receipts of writes that changed nothing may come after the last commit.
	for _, r := range all.Receipts {
		if r.Revision < got.Head {
			want.Receipts = append(want.Receipts, r)
		}
	}
	for _, r := range got.Receipts {
		if r.Revision == got.Head {
			want.Receipts = append(want.Receipts, r)
		}
	}
	backuptest.Same(t, got, want)
	return got.Head
}

func TestIsABackupUnderWritesOfOneRevision(t *testing.T) {
	take := map[string]func(p place, s store.Store) ([]byte, error){
		"embedded": func(p place, _ store.Store) ([]byte, error) { return child("backup", p.name).Output() }, // another process
		"neo4j": func(_ place, s store.Store) ([]byte, error) {
			var out bytes.Buffer
			_, err := backup.Write(context.Background(), &out, s, "neo4j", backuptest.Created)
			return out.Bytes(), err
		},
	}
	onBoth(t, func(t *testing.T, empty func(testing.TB) place) {
		p := empty(t)
		p.with(t, func(s store.Store) {
			acknowledged, stop := writing(t, s)
			defer stop()
			for last := int64(0); last < 60; {
				since := acknowledged.Load()
				data, err := take[filepath.Base(t.Name())](p, s)
				if err != nil {
					t.Fatal(err)
				}
				last = wantPrefix(t, data, s, since)
			}
		})
	})
}

// A restore that is killed leaves the beginning of the map, and the next one
// completes it.
func TestIsAKilledRestoreCompleted(t *testing.T) {
	source := memory.New(memory.Options{})
	for n := range 40 {
		for w := range 2 {
			if _, err := source.Apply(t.Context(), nextBatch(w, n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	want, data := backuptest.Of(t, source), backuptest.Written(t, source)
	name := filepath.Join(t.TempDir(), "map.backup")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, empty func(testing.TB) place) {
		for _, after := range []int{1, 7, 30} {
			p := empty(t)
			killRestore(t, p, name, after)
			p.with(t, func(s store.Store) {
				done := backuptest.Restored(t, s, data)
				if done.Had < int64(after) || done.Had >= want.Head {
					t.Errorf("it was killed after %d commits, and there were %d", after, done.Had)
				}
				backuptest.Same(t, backuptest.Of(t, s), want)
			})
		}
	})
}

// killRestore kills a restore when so many commits are reported.
func killRestore(t *testing.T, p place, name string, after int) {
	t.Helper()
	cmd := child("restore", p.name, name)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		if n++; n == after {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
}

package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/verify"
)

func topic(id, name string) *network.Record {
	return &network.Record{ID: network.ID(id), Kind: "Topic", Fields: map[string]any{"name": name}}
}

func creation(records ...*network.Record) *store.Batch {
	b := &store.Batch{Actor: "tester", Reason: "入力", At: time.Date(2024, 2, 1, 3, 0, 0, 1, time.UTC)}
	for _, r := range records {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
	}
	return b
}

func apply(t testing.TB, s *Store, b *store.Batch) int64 {
	t.Helper()
	a, err := s.Apply(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return a.Revision
}

func log(t testing.TB, s *Store) []*store.Change {
	t.Helper()
	var out []*store.Change
	for c, err := range s.Changes(context.Background(), network.Admin(""), 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func load(t testing.TB, s *Store, id network.ID) *network.Record {
	t.Helper()
	got, err := s.Load(context.Background(), network.Admin(""), []store.Key{{ID: id}})
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

// A commit must be on the disk, not on its way to it, when it is acknowledged.
func TestIsEveryCommitSynced(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "map.db"))
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000"} {
		var got string
		if err := s.file.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s is %s, want %s (%v)", pragma, got, want, err)
		}
	}
}

func TestIsEverythingThereAfterReopening(t *testing.T) {
	// A path is not to be read as a URI.
	path := filepath.Join(t.TempDir(), "塩尻 100%?#&.db")
	s := opened(t, path)
	date := network.MustPartialDate("FY2022")
	area := &network.Record{ID: "area", Kind: "Area", Fields: map[string]any{"name": "市", "level": "MUNICIPALITY"}}
	teacher := &network.Record{ID: "t", Kind: "Person", Fields: map[string]any{
		"name": "教諭 <&>", "area": network.ID("area"), "topics": []network.ID{"b", "a"}, "aliases": []string{"先生"}, "from": date,
		"names": []network.DatedValue{{Value: "前", Extra: "まえ", Note: "n", Span: network.Span{Until: date}}}}}
	apply(t, s, creation(teacher, area, topic("a", "一"), topic("b", "二")))
	consultant := teacher.Clone()
	consultant.Kind, consultant.Fields["registrationNumber"] = "CareerConsultant", "21012345"
	head := apply(t, s, &store.Batch{Writes: []store.Write{{Action: store.Update, IfVersion: 1, After: consultant}}})
	wantRecord, wantLog := load(t, s, "t"), log(t, s)
	closed(t, s)

	s = opened(t, path)
	if got, err := s.Head(context.Background()); got != head || err != nil {
		t.Errorf("head %d, want %d, %v", got, head, err)
	}
	if got := load(t, s, "t"); !reflect.DeepEqual(got, wantRecord) {
		t.Errorf("got  %+v\nwant %+v", got, wantRecord)
	}
	if got := log(t, s); !reflect.DeepEqual(got, wantLog) {
		t.Errorf("got  %+v\nwant %+v", got, wantLog)
	}
	if got := apply(t, s, creation(topic("c", "三"))); got != head+1 {
		t.Errorf("the next revision is %d, want %d", got, head+1)
	}
	for _, f := range []string{path, path + ".lock"} {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v: others may read it", f, info.Mode(), err)
		}
	}
}

func TestMayTwoOpenOneFile(t *testing.T) {
	dir := t.TempDir()
	path, alias := filepath.Join(dir, "map.db"), filepath.Join(dir, "alias.db")
	s := opened(t, path)
	if err := os.Symlink(path, alias); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, alias} {
		_, err := Open(context.Background(), p, Options{})
		wantCode(t, err, network.Unavailable)
	}
	apply(t, s, creation(topic("a", "一")))
	closed(t, s)
	opened(t, path)
}

func edit(t testing.TB, path, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+escape(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhichFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		code      network.ErrorCode
	}{
		"a newer schema":         {`UPDATE meta SET value = '999' WHERE key = 'schema'`, network.InvalidValue},
		"another program's":      {`DROP TABLE changes; DROP TABLE records`, network.InvalidValue},
		"a log that is cut":      {`DELETE FROM changes`, network.Internal},
		"a link to nothing":      {`UPDATE records SET fields = json_set(fields, '$.broader', 'nowhere')`, network.Internal},
		"a kind that is unknown": {`UPDATE records SET kind = 'Ghost'`, network.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "map.db")
			s := opened(t, path)
			apply(t, s, creation(topic("a", "一")))
			closed(t, s)
			edit(t, path, c.statement)
			_, err := Open(context.Background(), path, Options{})
			wantCode(t, err, c.code)
			_, again := Open(context.Background(), path, Options{})
			wantCode(t, again, c.code) // and not "another musubi has it open"
		})
	}
	_, err := Open(context.Background(), filepath.Join(t.TempDir(), "no", "map.db"), Options{})
	wantCode(t, err, network.Unavailable)
}

func TestCanPeopleReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	s := opened(t, path)
	apply(t, s, creation(topic("a", "一"), &network.Record{ID: "n", Kind: "Need", Fields: map[string]any{
		"stakeholder": network.ID("p"), "topic": network.ID("a"), "from": network.MustPartialDate("2024-02")}},
		&network.Record{ID: "p", Kind: "Person", Fields: map[string]any{"name": "人"}}))
	edit(t, path, `CREATE VIEW mine AS SELECT 1`)
	closed(t, s)
	s = opened(t, path)
	var from, name string
	err := s.file.db.QueryRow(`SELECT n."from", p.name FROM "Need" n JOIN "Person" p ON p.id = n.stakeholder`).Scan(&from, &name)
	if err != nil || from != "2024-02" || name != "人" {
		t.Errorf("%q %q %v", from, name, err)
	}
	var views int
	if err := s.file.db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE type = 'view'`).Scan(&views); err != nil || views != len(network.Kinds()) {
		t.Errorf("%d views, %v; want one for each kind but the log, and the one of the user", views, err)
	}
}

// A write that the file refuses leaves nothing behind, in memory or on disk.
func TestDoesAFailedWriteLeaveNothing(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "map.db"))
	apply(t, s, creation(topic("a", "一")))
	if _, err := s.file.db.Exec(`CREATE TEMP TRIGGER full BEFORE INSERT ON changes WHEN new.record = 'c' BEGIN SELECT RAISE(ABORT, 'disk full'); END`); err != nil {
		t.Fatal(err)
	}
	_, err := s.Apply(context.Background(), creation(topic("b", "二"), topic("c", "三")))
	wantCode(t, err, network.Unavailable)
	if load(t, s, "b") != nil {
		t.Error("memory has what the file refused")
	}
	if got := apply(t, s, creation(topic("d", "四"))); got != 2 {
		t.Errorf("revision %d, want 2", got)
	}
	agree(t, s)
}

// agree verifies the file beside the store that has it open, and that the store
// has read what is in it.
func agree(t testing.TB, s *Store) {
	t.Helper()
	report := verified(t, s.file.path)
	if head, err := s.Head(context.Background()); err != nil || head != report.Revision {
		t.Fatalf("head %d, %v; the file is at %d", head, err, report.Revision)
	}
	last := map[network.ID]*network.Record{}
	for _, c := range log(t, s) {
		last[c.Record] = c.After
	}
	for id, want := range last {
		if got := load(t, s, id); !reflect.DeepEqual(got, want) {
			t.Fatalf("record %+v, log %+v", got, want)
		}
	}
}

// verified wants no fault in the file.
func verified(t testing.TB, path string) *verify.Report {
	t.Helper()
	r := reading(t, path)
	defer func() { _ = r.Close(context.Background()) }()
	report, err := verify.Store(context.Background(), r)
	if err != nil || report.Found > 0 {
		t.Fatalf("%d faults, %v: %v", report.Found, err, report.Faults)
	}
	return report
}

func reading(t testing.TB, path string) *Reader {
	t.Helper()
	r, err := OpenReader(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

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

// agree holds the records against the log, in which the last state of each
// must be, and asks SQLite whether the file is whole.
func agree(t testing.TB, s *Store) {
	t.Helper()
	last := map[network.ID]*network.Record{}
	revision, seq := int64(1), 0
	for _, c := range log(t, s) {
		if c.Revision == revision+1 {
			revision, seq = revision+1, 0
		}
		if c.Revision != revision || c.Seq != seq {
			t.Fatalf("entry (%d, %d) follows (%d, %d)", c.Revision, c.Seq, revision, seq-1)
		}
		seq++
		last[c.Record] = c.After
	}
	var n int
	if err := s.file.db.QueryRow(`SELECT count(*) FROM records`).Scan(&n); err != nil || n != len(last) {
		t.Fatalf("%d records, the log has %d, %v", n, len(last), err)
	}
	for id, want := range last {
		if got := load(t, s, id); !reflect.DeepEqual(got, want) {
			t.Fatalf("record %+v, log %+v", got, want)
		}
	}
	// In the file itself: the states in memory are shared.
	if err := s.file.db.QueryRow(`SELECT count(*) FROM records r WHERE NOT EXISTS (
		SELECT 1 FROM changes c WHERE c.record = r.id AND c.version = r.version AND c.kind = r.kind AND c.after = r.fields)`).Scan(&n); err != nil || n != 0 {
		t.Fatalf("%d records are not as the log says, %v", n, err)
	}
	var verdict string
	if err := s.file.db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("integrity_check: %s, %v", verdict, err)
	}
}

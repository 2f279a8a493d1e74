package cli

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

// must runs a command that succeeds and gives what it prints.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := run(args...)
	if code != 0 {
		t.Fatalf("%v: %d %s %s", args, code, out, errOut)
	}
	return out
}

// spring makes history in the sample: the verbs of the year, and a write under a
// key. It gives that write and its answer.
func spring(t *testing.T, h http.Handler) (query string, variables json.RawMessage, answer []byte) {
	t.Helper()
	ask := func(query string, variables json.RawMessage) []byte { return post(h, query, variables) }
	ids := idsByName(t, ask)
	for _, v := range yearEnd {
		given := map[string]string{}
		for variable, name := range v.names {
			given[variable] = ids[name]
		}
		data, _ := json.Marshal(given)
		if text := ask(v.query, data); bytes.Contains(text, []byte(`"errors"`)) {
			t.Fatalf("%s: %.500s", v.name, text)
		}
	}
	query = `mutation($id: ID!) { update(id: $id, input: {school: {staff: 41}}, reason: "聞き取り", idempotencyKey: "春の更新") { revision record { id ... on School { version staff } } userErrors { code path } } }`
	variables = asJSON(map[string]string{"id": ids["塩尻市立広陵中学校"]})
	if answer = ask(query, variables); !bytes.Contains(answer, []byte(`"userErrors":[]`)) {
		t.Fatalf("%s", answer)
	}
	return query, variables, answer
}

// answersOf are those to the published questions whose files match.
func answersOf(t *testing.T, h http.Handler, pattern string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../docs/queries/" + pattern + ".graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d questions: %v", len(files), err)
	}
	out := map[string]string{}
	for _, file := range files {
		query, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		variables, err := os.ReadFile(strings.TrimSuffix(file, ".graphql") + ".json")
		if err != nil {
			variables = []byte("{}")
		}
		out[filepath.Base(file)] = string(post(h, string(query), variables))
	}
	return out
}

func openFile(t *testing.T, path string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shut(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestDoesTheSampleMoveBetweenTheStoresWithoutLoss(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first.db"), filepath.Join(dir, "second.db")
	out, back := filepath.Join(dir, "out.backup"), filepath.Join(dir, "back.backup")

	s := openFile(t, first)
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	query, variables, answer := spring(t, handlerOf(s))
	want, asked := backuptest.Of(t, s), answersOf(t, handlerOf(s), "*")
	if want.Head < 8 || len(want.Receipts) != 1 {
		t.Fatalf("revision %d, %d receipts", want.Head, len(want.Receipts))
	}
	must(t, "backup", "--data", first, "-o", out) // while the store has the file open
	shut(t, s)

	far := openNeo4j(t)
	uri := neo4jtest.Open(t)
	must(t, "restore", "--neo4j-uri", uri, "--audit", "off", out)
	must(t, "verify", "--neo4j-uri", uri)
	backuptest.Same(t, backuptest.Of(t, far), want)
	same := func(where string, h http.Handler, pattern string) {
		t.Helper()
		for file, got := range answersOf(t, h, pattern) {
			if got != asked[file] {
				t.Errorf("%s: %s is answered otherwise\n%.2000s\n%.2000s", where, file, got, asked[file])
			}
		}
	}
	same("neo4j", handlerOf(far), "[02]3-*") // a server plans for minutes to answer all

	must(t, "backup", "--neo4j-uri", uri, "--audit", "off", "-o", back)
	must(t, "restore", "--data", second, back)
	must(t, "verify", "--data", second)
	s = openFile(t, second)
	defer shut(t, s)
	backuptest.Same(t, backuptest.Of(t, s), want)
	same("embedded", handlerOf(s), "*")
	if again := post(handlerOf(s), query, variables); !bytes.Equal(again, answer) {
		t.Errorf("a retry after the restore\n got %s\nwant %s", again, answer)
	}
	if head, err := s.Head(t.Context()); err != nil || head != want.Head {
		t.Errorf("the retry was written: revision %d", head)
	}
}

func TestWhatDoesABackupSayAndRefuse(t *testing.T) {
	dir := t.TempDir()
	data, file, other := filepath.Join(dir, "map.db"), filepath.Join(dir, "map.backup"), filepath.Join(dir, "other.db")
	must(t, "import", "--data", data, write(t, dir, "nodes.csv", "ID,Type,Label\nschool-a,School,架空小学校（架空）\n"))

	wantIn := func(text, want string) {
		t.Helper()
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	wantIn(must(t, "backup", "--data", data, "-o", file), "revision 1 with its history (1 commits, 1 changes, 0 receipts) written to "+file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: others may read it", info.Mode(), err)
	}
	refuses := func(want string, args ...string) {
		t.Helper()
		code, out, errOut := run(args...)
		if code != 1 || out != "" {
			t.Errorf("%v: %d %s", args, code, out)
		}
		wantIn(errOut, want)
	}
	refuses("is there already", "backup", "--data", data, "-o", file)
	must(t, "backup", "--data", data, "-o", file, "--force")
	refuses("there is no map in", "backup", "--data", filepath.Join(dir, "nowhere.db"), "-o", filepath.Join(dir, "x"))
	refuses("there is no map in", "verify", "--data", filepath.Join(dir, "nowhere.db"))
	wantIn(must(t, "verify", file), "revision 1 is whole: 1 commits, 1 log entries, 1 records (0 of them ties), 0 receipts")
	wantIn(must(t, "verify", "--data", data), "revision 1 is whole")
	wantIn(must(t, "restore", "--data", other, file), "revision 1 with its history restored (1 commits, 1 changes, 0 receipts)")
	wantIn(must(t, "restore", "--data", other, file), "of it the store had revision 1 to 1 already")

	must(t, "import", "--data", other, write(t, dir, "more.csv", "ID,Type,Label\nschool-b,School,別の学校（架空）\n"))
	refuses("restore into an empty store", "restore", "--data", other, file)
	s := openFile(t, other)
	refuses("another musubi has the data file open", "restore", "--data", other, file)
	shut(t, s)

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := write(t, dir, "broken.backup", string(text[:len(text)-30]))
	refuses("damaged or not complete", "restore", "--data", filepath.Join(dir, "new.db"), broken)
	refuses("damaged or not complete", "verify", broken)
	files, _ := filepath.Glob(filepath.Join(dir, "*.backup.*"))
	if len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

func TestCanABackupGoThroughAPipe(t *testing.T) {
	dir := t.TempDir()
	data, other := filepath.Join(dir, "map.db"), filepath.Join(dir, "other.db")
	must(t, "import", "--data", data, write(t, dir, "nodes.csv", "ID,Type,Label\nschool-a,School,架空小学校（架空）\n"))
	var piped, said bytes.Buffer
	a := &app{ctx: t.Context(), out: &piped, errOut: &said, log: slog.New(slog.DiscardHandler)}
	if err := (&backupCommand{storeFlags: storeFlags{Data: data}, Output: "-"}).Run(a); err != nil || !strings.Contains(said.String(), "revision 1") {
		t.Fatal(err, said.String())
	}
	text := slices.Clone(piped.Bytes())
	var out bytes.Buffer
	a = &app{ctx: t.Context(), in: bytes.NewReader(text), out: &out, errOut: &said, log: slog.New(slog.DiscardHandler)}
	t.Setenv("TMPDIR", t.TempDir())
	if err := (&restoreCommand{storeFlags: storeFlags{Data: other}, File: "-"}).Run(a); err != nil || !strings.Contains(out.String(), "revision 1 with its history restored") {
		t.Fatal(err, out.String())
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("what was read is still in %s", left[0].Name())
	}
	a.in = bytes.NewReader(text)
	if err := (&verifyCommand{File: "-"}).Run(a); err != nil || !strings.Contains(out.String(), "revision 1 is whole") {
		t.Error(err, out.String())
	}
}

func TestDoesVerifyNameTheFaults(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "map.db")
	must(t, "import", "--data", data, write(t, dir, "nodes.csv", "ID,Type,Label\nschool-a,School,架空小学校（架空）\n"))
	damage(t, data, `UPDATE records SET version = 3`)
	code, out, errOut := run("verify", "--data", data)
	if code != 1 || out != "" || !strings.Contains(errOut, ": it has version 3, by the log 1\n") || !strings.Contains(errOut, "1 faults") || strings.Contains(errOut, "架空") {
		t.Errorf("%d %s %s", code, out, errOut)
	}
}

// damage changes a data file behind the back of the program.
func damage(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err == nil {
		_, err = db.Exec(statement)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

package cli

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// forgotten is in every text about the person of the tests below.
const forgotten = "忘7F3A9C51E0D24B68れる"

// lines is what a server writes, as it comes.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	came chan struct{} // closed at the first
	once sync.Once
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.once.Do(func() { close(l.came) })
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// started runs serve as the command line does, until stop, and gives its address and
// its log.
func started(t *testing.T, args ...string) (address string, log *lines, stop func()) {
	t.Helper()
	out := &lines{came: make(chan struct{})}
	log = &lines{came: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	a := &app{ctx: ctx, out: out, errOut: log, log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	c := parsed(t, append(args, "--addr", "127.0.0.1:0")...)
	go func() { ended <- c.Run(a) }()
	select {
	case <-out.came:
	case err := <-ended:
		t.Fatal(err)
	case <-time.After(time.Minute):
		t.Fatal("the server does not start")
	}
	_, rest, _ := strings.Cut(out.String(), " is at ")
	address, _, _ = strings.Cut(rest, "/graphiql")
	return address, log, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// dataOf posts a document, and gives the data of its answer.
func dataOf(t *testing.T, address, query string, variables any) map[string]any {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	resp, err := http.Post(address+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err != nil || json.Unmarshal(text, &answer) != nil || len(answer.Errors) > 0 || strings.Contains(string(text), `"message"`) {
		t.Fatalf("%s\n%s %v", query, text, err)
	}
	return answer.Data
}

// tell enters a person and all that may be said of them.
func tell(t *testing.T, address string) (person string) {
	t.Helper()
	enter := func(mutation string, variables map[string]any) string {
		variables["f"] = forgotten
		made := dataOf(t, address, mutation, variables)
		id, _ := made["w"].(map[string]any)["record"].(map[string]any)["id"].(string)
		return id
	}
	const rest = ` { record { id } userErrors { code path message } } }`
	person = enter(`mutation($f: String!) { w: create(input: {careerConsultant: {name: $f, nameKana: "わすれる", registrationNumber: "C7F3A9C51E0D24B68", contact: $f, description: $f, importKey: $f, aliases: [$f], qualifications: [$f], consentPurpose: $f}}, reason: $f, idempotencyKey: "k1")`+rest, map[string]any{})
	school := enter(`mutation { w: create(input: {school: {name: "架空中学校（架空）"}})`+rest, map[string]any{})
	twin := enter(`mutation($f: String!) { w: create(input: {person: {name: $f, contact: $f}})`+rest, map[string]any{})
	enter(`mutation($f: String!, $p: ID!, $s: ID!) { w: relate(input: {kind: SUPPORTS, subject: $p, object: $s, description: $f, importKey: $f})`+rest, map[string]any{"p": person, "s": school})
	enter(`mutation($f: String!, $p: ID!) { w: update(id: $p, input: {careerConsultant: {contact: null, description: $f, names: [{name: $f, nameKana: "きゅうせい", until: "2010"}]}}, reason: $f)`+rest, map[string]any{"p": person})
	dataOf(t, address, `mutation($f: String!, $p: ID!) { recordHearing(input: {hearing: {name: $f, date: "2024-01-10", participants: [$p], summary: $f}, claims: [{record: $p, field: "contact", value: $f, note: $f}]}) { revision userErrors { code path message } } }`,
		map[string]any{"f": forgotten, "p": person})
	dataOf(t, address, `mutation($p: ID!, $d: [ID!]!) { mergeStakeholders(keep: $p, duplicates: $d) { revision userErrors { code path message } } }`, map[string]any{"p": person, "d": []string{twin}})
	dataOf(t, address, `query($f: String!) { search(text: $f) { nodes { __typename } } }`, map[string]any{"f": forgotten})
	return person
}

// tells are the files below a directory that say what is to be forgotten; backups
// are looked into.
func tells(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.HasSuffix(path, ".backup") && err == nil {
			zip, wrong := gzip.NewReader(bytes.NewReader(data))
			if wrong != nil {
				return wrong
			}
			data, err = io.ReadAll(zip)
		}
		if bytes.Contains(data, []byte("7F3A9C51E0D24B68")) || bytes.Contains(data, []byte("わすれる")) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// handedOut writes exports in every format, and a backup.
func handedOut(t *testing.T, data, dir string) {
	t.Helper()
	for _, format := range []string{"gexf", "graphml", "kumu", "cytoscape", "node-link", "gephi-csv"} {
		must(t, "export", "--data", data, "--format", format, "--personal", "-o", filepath.Join(dir, format))
	}
	must(t, "backup", "--data", data, "-o", filepath.Join(dir, "map.backup"))
}

// The whole way: a server that is told of a person and erases them, what it writes of
// itself, what is handed out afterwards, and an older backup that is restored.
func TestIsAnErasedPersonFoundAnywhere(t *testing.T) {
	dir, before, after, again := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	data := filepath.Join(dir, "map.db")
	address, log, stop := started(t, "--data", data)
	person := tell(t, address)
	must(t, "backup", "--data", data, "-o", filepath.Join(before, "map.backup"))
	if got := tells(t, dir); len(got) == 0 {
		t.Fatal("the person is not in the files: the scan would see nothing")
	}

	const erase = `mutation($p: ID!, $dry: Boolean!) { erasePerson(id: $p, dryRun: $dry) { record { ... on Stakeholder { name } } records { id } mentions { id } scrubbed revision userErrors { code path message } } }`
	dry := dataOf(t, address, erase, map[string]any{"p": person, "dry": true})["erasePerson"].(map[string]any)
	done := dataOf(t, address, erase, map[string]any{"p": person, "dry": false})["erasePerson"].(map[string]any)
	if len(dry["records"].([]any)) != 6 || fmt.Sprint(dry["records"]) != fmt.Sprint(done["records"]) || dry["revision"] != nil || done["scrubbed"] != true ||
		done["record"].(map[string]any)["name"] != "消去された人" {
		t.Errorf("%v\n%v", dry, done)
	}
	told := dataOf(t, address, `query($p: ID!) { changes(of: $p) { nodes { action reason before after } } node(id: $p) { ... on CareerConsultant { erasedOn { date } ties { totalCount } contact } } }`, map[string]any{"p": person})
	if text := fmt.Sprint(told); strings.Contains(text, "7F3A9C51E0D24B68") || !strings.Contains(text, "ERASE") || !strings.Contains(text, "totalCount:1") {
		t.Error(text)
	}
	_, figures := got(address + "/metrics")
	if found := tells(t, dir); len(found) > 0 {
		t.Errorf("while it is served: %v", found)
	}
	stop()
	for where, text := range map[string]string{"figures": figures, "log": log.String()} {
		if strings.Contains(text, "7F3A9C51E0D24B68") || strings.Contains(text, "わすれる") || text == "" {
			t.Errorf("%s: %.300s", where, text)
		}
	}
	must(t, "verify", "--data", data)
	handedOut(t, data, after)
	restored := filepath.Join(again, "map.db")
	must(t, "restore", "--data", restored, "--erasures", filepath.Join(dir, "musubi.erasures"), filepath.Join(before, "map.backup"))
	must(t, "verify", "--data", restored)
	handedOut(t, restored, again)
	for _, place := range []string{dir, after, again} {
		if found := tells(t, place); len(found) > 0 {
			t.Errorf("%v", found)
		}
	}

	// Without the list it comes back, and that is said.
	_, _, said := run("restore", "--data", filepath.Join(before, "map.db"), filepath.Join(before, "map.backup"))
	if !strings.Contains(said, "no list of erasures") {
		t.Error(said)
	}
	handedOut(t, filepath.Join(before, "map.db"), t.TempDir())
	if found := tells(t, before); len(found) < 2 {
		t.Errorf("the older backup says nothing: %v", found)
	}
	// The list of the store is the one that was kept.
	kept, err := os.ReadFile(filepath.Join(dir, "musubi.erasures"))
	if list := must(t, "erasures", "--data", data); err != nil || list != string(kept) || strings.Count(list, "\n") != 6 {
		t.Errorf("%v\n%s\n%s", err, list, kept)
	}
	if code, _, _ := run("restore", "--data", filepath.Join(again, "new.db"), "--erasures", filepath.Join(again, "none"), filepath.Join(before, "map.backup")); code == 0 {
		t.Error("a list that is not there was taken")
	}
}

// A follower of the log hears that somebody was erased, and not who.
func TestWhatIsAFollowerToldOfAnErasure(t *testing.T) {
	address, _, stop := started(t, "--data", filepath.Join(t.TempDir(), "map.db"))
	defer stop()
	person := tell(t, address)
	dataOf(t, address, `mutation($p: ID!) { erasePerson(id: $p) { userErrors { code message } } }`, map[string]any{"p": person})
	heard := follow(t, address, `{"query":"subscription { changes(since: \"r0\") { action recordId reason before after } }"}`, `"ERASE"`, 6)
	if strings.Contains(heard, "7F3A9C51E0D24B68") || !strings.Contains(heard, `"本人の請求"`) {
		t.Error(heard)
	}
}

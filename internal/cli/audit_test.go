package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/musubi-map/musubi/internal/audit"
)

// A server that is asked, by query and by subscription; the log as audit shows it,
// after it has been served again, and after somebody changed it.
func TestIsTheAuditLogOfAServerWhole(t *testing.T) {
	dir := t.TempDir()
	data, path := filepath.Join(dir, "map.db"), filepath.Join(dir, "musubi.audit")
	address, _, stop := started(t, "--data", data)
	person := tell(t, address)
	dataOf(t, address, `query($p: ID!) { node(id: $p) { ... on CareerConsultant { registrationNumber } } }`, map[string]any{"p": person})
	heard := follow(t, address, `{"query":"subscription { changes(since: \"r0\") { recordId after } }"}`, `"recordId"`, 10)
	if !strings.Contains(heard, forgotten) {
		t.Fatalf("%.300s", heard)
	}
	stop()
	address, _, stop = started(t, "--data", data)
	dataOf(t, address, `query($p: ID!) { node(id: $p) { ... on CareerConsultant { consentPurpose } } }`, map[string]any{"p": person})
	if text, err := os.ReadFile(path); err != nil || !bytes.Contains(text, []byte("consentPurpose")) {
		t.Errorf("an answer is sent before it is recorded: %v", err)
	}
	stop()

	told := map[string]bool{}
	out := must(t, "audit", "--data", data, "--record", person)
	for _, e := range logged(t, "--data", data, "--record", person) {
		if e.Actor != "open" || e.Request == "" || time.Since(e.At) > time.Hour {
			t.Fatal(e)
		}
		for _, r := range e.Records {
			if string(r.ID) == person {
				told[e.What+" "+r.Action+" "+strings.Join(r.Fields, " ")] = true
			}
		}
	}
	for _, want := range []string{"WRITE CREATE aliases consentPurpose contact description importKey name nameKana qualifications registrationNumber visibility", "READ  registrationNumber", "READ  consentPurpose", "READ  consentPurpose contact registrationNumber"} {
		if !told[want] {
			t.Errorf("%s is missing in %v", want, told)
		}
	}
	if strings.Contains(out, "7F3A9C51E0D24B68") {
		t.Error("values are in it")
	}
	if reads := must(t, "audit", "--data", data, "--reads", "--actor", "open"); strings.Contains(reads, audit.Write) || !strings.Contains(reads, audit.Read) {
		t.Error(reads)
	}
	if nobody := must(t, "audit", "--audit", path, "--actor", "user:1"); nobody != "" {
		t.Error(nobody)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "musubi.audit", strings.Replace(string(text), "registrationNumber", "description", 1))
	if code, _, said := run("audit", "--data", data, "-q"); code != 1 || !strings.Contains(said, "broken after number") {
		t.Errorf("%d %s", code, said)
	}
}

func TestWhereIsTheAuditLogAndMustItBeOne(t *testing.T) {
	dir := t.TempDir()
	if path := (auditFlags{}).path(storeFlags{Data: filepath.Join(dir, "map.db")}); path != filepath.Join(dir, "musubi.audit") {
		t.Error(path)
	}
	if path := (auditFlags{Audit: "off"}).path(storeFlags{}); path != "" {
		t.Error(path)
	}
	write(t, dir, "musubi.audit", "something else\n")
	if code, _, said := run("serve", "--data", filepath.Join(dir, "map.db"), "--addr", "127.0.0.1:0"); code != 1 || !strings.Contains(said, "last line of the audit log") {
		t.Errorf("%d %s", code, said)
	}
}

// logged are the entries of a log, after it was verified.
func logged(t *testing.T, args ...string) (out []audit.Entry) {
	t.Helper()
	for line := range strings.Lines(must(t, append([]string{"audit"}, args...)...)) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(line, err)
		}
		out = append(out, e)
	}
	return out
}

// What commands read stands in the log of the server, which goes on writing to it.
func TestAreCommandsThatReadPersonalFieldsInTheAuditLog(t *testing.T) {
	dir := t.TempDir()
	data, file, out := filepath.Join(dir, "map.db"), filepath.Join(dir, "map.backup"), filepath.Join(dir, "out")
	address, _, stop := started(t, "--data", data)
	person := tell(t, address)
	ask := func() {
		dataOf(t, address, `query($p: ID!) { node(id: $p) { ... on CareerConsultant { registrationNumber } } }`, map[string]any{"p": person})
	}
	stop()
	before := len(logged(t, "--data", data))
	must(t, "export", "--data", data, "--format", "kumu", "-o", out)
	must(t, "export", "--data", data, "--format", "kumu", "--personal", "-o", out)
	address, _, stop = started(t, "--data", data)
	ask()
	must(t, "backup", "--data", data, "-o", file)
	must(t, "audit", "--data", data, "--close", "-q")
	ask()
	stop()
	must(t, "restore", "--data", filepath.Join(dir, "new.db"), file)

	all := logged(t, "--data", data)
	if n := len(all); n != before+5 || all[n-1].N != int64(n) {
		t.Fatalf("%d entries, the %d and five are due", n, before)
	}
	var got []string
	for _, e := range all[before:] {
		text := e.What + " " + e.Command
		for _, r := range e.Records {
			if string(r.ID) == person {
				text += " " + strings.Join(r.Fields, " ")
			}
		}
		got = append(got, text)
		if who := operator(); e.Command != "" && (e.Actor != who || len(who) < 4 || time.Since(e.At) > time.Hour) {
			t.Error(e)
		}
	}
	want := []string{"READ export consentPurpose contact registrationNumber", "READ  registrationNumber", "COPY backup", "READ  registrationNumber", "COPY restore"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if about := logged(t, "--data", data, "--record", person, "--reads", "--actor", operator()); len(about) != 3 {
		t.Error(about)
	}
	text := must(t, "audit", "--data", data)
	if strings.Contains(text, "7F3A9C51E0D24B68") {
		t.Error("values are in it")
	}

	// The file that was closed is missed, unless it is said that it is elsewhere.
	closed, _ := filepath.Glob(filepath.Join(dir, "musubi.audit.*"))
	if len(closed) != 1 || os.Remove(closed[0]) != nil {
		t.Fatal(closed)
	}
	if code, _, said := run("audit", "--data", data); code != 1 || !strings.Contains(said, "broken after number 0") {
		t.Error(code, said)
	}
	if rest := logged(t, "--data", data, "--from", strconv.Itoa(before+4)); len(rest) != 2 {
		t.Error(rest)
	}
}

func TestIsNothingHandedOutThatCannotBeRecorded(t *testing.T) {
	dir, data := exportMap(t)
	file, whole := filepath.Join(dir, "out"), filepath.Join(dir, "whole")
	must(t, "backup", "--data", data, "--audit", "off", "-o", whole)
	for _, args := range [][]string{
		{"export", "--data", data, "--format", "kumu", "--personal", "-o", file},
		{"backup", "--data", data, "-o", file},
		{"restore", "--data", filepath.Join(dir, "new.db"), whole},
	} {
		code, _, said := run(append(args, "--audit", dir)...)
		if _, err := os.Stat(file); code != 1 || err == nil || !strings.Contains(said, "the audit log cannot be written") {
			t.Errorf("%v: %d %s %v", args, code, said, err)
		}
	}
	if code, _, said := run("export", "--data", data, "--format", "kumu", "-o", file, "--audit", dir); code != 0 {
		t.Errorf("an export without personal fields: %s", said)
	}
}

// Whoever adds a command decides whether it shows or copies personal fields.
func TestWhichCommandsHaveNothingToRecord(t *testing.T) {
	quiet := map[string]string{
		"import":        "reads files; the log of changes has what it writes",
		"erasures":      "shows ids and times",
		"verify":        "shows ids, revisions and names of fields",
		"health":        "asks whether the server is ready",
		"tokens create": "shows a token", "tokens list": "shows tokens", "tokens revoke": "shows ids",
	}
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(true) {
		records := slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return f.Name == "audit" })
		if _, known := quiet[command.Path()]; records == known {
			t.Errorf("%s: --audit: %v", command.Path(), records)
		}
	}
}

// follow reads the events of a subscription until a text has come so often.
func follow(t *testing.T, address, body, until string, times int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, address+"/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var heard bytes.Buffer
	for part := make([]byte, 4096); strings.Count(heard.String(), until) < times; {
		n, err := resp.Body.Read(part)
		heard.Write(part[:n])
		if err != nil {
			t.Fatalf("%v: %s", err, heard.String())
		}
	}
	return heard.String()
}

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	for line := range strings.Lines(out) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Actor != "open" || e.Request == "" || time.Since(e.At) > time.Hour {
			t.Fatal(line, err)
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

//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

func TestExecNeedsItsCommand(t *testing.T) {
	for _, args := range [][]string{{"--exec"}, {"true"}, {"--no-such-flag"}} {
		if code := run(args, &bytes.Buffer{}, &bytes.Buffer{}); code != exitUsage {
			t.Errorf("%v: exit code %d, want %d", args, code, exitUsage)
		}
	}
}

// The command asks its parent to end, gets that passed on, and ends with 7.
const endsOnSignal = `trap 'exit 7' TERM
echo "$MUSUBI_NEO4J_URI $MUSUBI_TEST_NEO4J_URI"
kill -TERM $PPID
while :; do sleep 0.1; done`

func TestCommandGetsAddressAndSignalsAndGivesItsExitCode(t *testing.T) {
	if testing.Short() {
		t.Skip("no Neo4j with -short")
	}
	var stdout bytes.Buffer
	path := filepath.Join(t.TempDir(), "stderr")
	stderr, err := os.Create(path) // a file, since the server writes there as well
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stderr.Close() }()
	code := run([]string{"--exec", "--", "sh", "-c", endsOnSignal}, &stdout, stderr)
	said, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(said), neo4jserver.ErrUnavailable.Error()) && os.Getenv("CI") != "true" {
		t.Skipf("%s", said)
	}
	if code != 7 {
		t.Errorf("exit code %d, want 7\n%s", code, said)
	}
	want := regexp.MustCompile(`^(bolt://127\.0\.0\.1:\d+) (bolt://127\.0\.0\.1:\d+)\n$`)
	if got := want.FindStringSubmatch(stdout.String()); got == nil || got[1] != got[2] {
		t.Errorf("the command saw %q", &stdout)
	}
}

func TestExitCodeIsWhatAShellWouldSay(t *testing.T) {
	for script, want := range map[string]int{"true": 0, "exit 3": 3, "kill -KILL $$": 137} {
		if got := exitCode(exec.Command("sh", "-c", script).Run(), &bytes.Buffer{}); got != want {
			t.Errorf("%s: %d, want %d", script, got, want)
		}
	}
}

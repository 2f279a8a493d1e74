//go:build unix

package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// writerFile names, in the environment of a child, the file it writes to.
const writerFile = "MUSUBI_SQLITE_TEST_WRITER"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerFile); path != "" {
		writeForever(path)
	}
	if path := os.Getenv(transferFile); path != "" {
		transferForever(path)
	}
	os.Exit(m.Run())
}

// recordsPerBatch makes batches long enough to be killed in the middle.
const recordsPerBatch = 20

// writeForever commits one batch after the other and prints each revision once
// it is acknowledged.
func writeForever(path string) {
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	for {
		head, _ := s.Head(context.Background())
		a, err := s.Apply(context.Background(), nextBatch(s, head+1))
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(a.Revision)
	}
}

// nextBatch creates records named after the revision and updates those of the
// one before.
func nextBatch(s *Store, revision int64) *store.Batch {
	b := &store.Batch{Actor: "writer", At: time.Unix(revision, 0)}
	for i := range recordsPerBatch {
		id := fmt.Sprintf("r%d-%d", revision, i)
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: topic(id, strings.Repeat("あ", 200))})
		before := network.ID(fmt.Sprintf("r%d-%d", revision-1, i))
		if old, err := s.Load(context.Background(), network.Admin(""), []store.Key{{ID: before}}); err == nil && old[0] != nil {
			b.Writes = append(b.Writes, store.Write{Action: store.Update, IfVersion: old[0].Version, After: topic(string(before), "後")})
		}
	}
	return b
}

func TestIsEveryAcknowledgedWriteThereAfterAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	rounds := 5
	if testing.Short() {
		rounds = 2
	}
	var acknowledged int64
	for round := range rounds {
		acknowledged = max(acknowledged, killedWriter(t, path, 3+5*round))
		s := opened(t, path)
		head, err := s.Head(context.Background())
		// One more may be in the file, its acknowledgement lost with the writer.
		if err != nil || head < acknowledged || head > acknowledged+1 {
			t.Fatalf("round %d: head %d, %v; %d was acknowledged", round, head, err, acknowledged)
		}
		wantBatches(t, s, head)
		agree(t, s)
		closed(t, s)
	}
}

// killedWriter runs a writer, kills it after it has acknowledged some commits,
// and gives the last revision it did.
func killedWriter(t *testing.T, path string, commits int) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	var last int64
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		if n == commits {
			_ = cmd.Process.Kill() // what it still printed is read to the end
		}
	}
	if last == 0 {
		t.Fatal("the writer acknowledged nothing")
	}
	return last
}

func wantBatches(t *testing.T, s *Store, head int64) {
	t.Helper()
	for revision := int64(1); revision <= head; revision++ {
		for i := range recordsPerBatch {
			r := load(t, s, network.ID(fmt.Sprintf("r%d-%d", revision, i)))
			if r == nil || revision < head && r.Version != 2 {
				t.Fatalf("revision %d, record %d: %+v", revision, i, r)
			}
		}
	}
}

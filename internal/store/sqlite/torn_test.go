package sqlite

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/store"
)

// The write-ahead log of SQLite: a header, then frames of a page each.
const (
	logHeader = 32
	logFrame  = 24 + 4096
)

// tornLog is a data file and the log beside it, of which only a part is found
// again.
type tornLog struct{ data, log []byte }

func (l tornLog) frames(t *testing.T) int {
	t.Helper()
	frames := (len(l.log) - logHeader) / logFrame
	if len(l.log) != logHeader+frames*logFrame {
		t.Fatalf("a log of %d bytes", len(l.log))
	}
	return frames
}

// cut makes a data file whose log ends after size bytes. What follows is written
// over with rest.
func (l tornLog) cut(t *testing.T, size int, rest ...byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "map.db")
	log := append(l.log[:size:size], rest...)
	for name, data := range map[string][]byte{path: l.data, path + "-wal": log} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// acknowledged is what a store had told its callers, and how long the log was
// then.
type acknowledged struct {
	log      int
	head     int64
	receipts int64
}

// longCommits are commits of one record up to many, changes of them, and
// receipts. It gives the log, and what was acknowledged when.
func longCommits(t *testing.T, path string) (log []byte, acks []acknowledged) {
	t.Helper()
	s := opened(t, path)
	defer closed(t, s)
	var now acknowledged
	note := func(head int64) {
		log = readFile(t, path+"-wal")
		now.log, now.head = len(log), head
		acks = append(acks, now)
	}
	note(0)
	for n := range 9 {
		b := &store.Batch{Actor: "tester", At: time.Unix(int64(n), 5)}
		for i := range n {
			r := topic(fmt.Sprintf("t%d-%d", n, i), "分野")
			r.Fields["description"] = strings.Repeat("結", 500) // long enough to make many frames
			b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
		}
		if n > 2 {
			b.Writes = append(b.Writes, store.Write{Action: store.Update, IfVersion: 1, After: topic(fmt.Sprintf("t%d-0", n-1), "後")})
		}
		if n%2 == 0 {
			now.receipts++
			b.Receipt = &store.Receipt{Key: fmt.Sprint("key ", n), Fingerprint: "f", Outcome: "{}"}
		}
		note(apply(t, s, b))
	}
	return log, acks
}

// Whatever part of the log is on the disk when process and machine are gone: the
// file opens, what was acknowledged by then is there, whole, and nothing else.
func TestDoesEveryPrefixOfTheLogRecover(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	closed(t, opened(t, path))
	torn := tornLog{data: readFile(t, path)}
	var acks []acknowledged
	torn.log, acks = longCommits(t, path)
	frames := torn.frames(t)
	if frames < 60 {
		t.Fatalf("a log of %d frames", frames)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for f := range frames {
		boundary := logHeader + f*logFrame
		holds(t, torn.cut(t, boundary), acks, boundary)
		inside := boundary + 1 + random.IntN(logFrame-1)
		if f%2 == 0 {
			holds(t, torn.cut(t, inside), acks, inside)
		} else { // the file had grown, and holds there what the disk held before
			holds(t, torn.cut(t, inside, bytes.Repeat([]byte{0xA5}, 3*logFrame)...), acks, inside)
		}
	}
	for _, size := range []int{0, 1, logHeader - 1} {
		recovers(t, torn.cut(t, size), acks, size)
	}
	for _, a := range acks { // one frame short of each commit, at it, and one frame more
		for _, size := range []int{a.log - logFrame, a.log, min(a.log+logFrame, len(torn.log))} {
			recovers(t, torn.cut(t, size), acks, size)
		}
	}
	t.Logf("%d frames, %d commits", frames, len(acks)-1)
}

// holds wants in the file what was acknowledged when its log was no longer than
// size.
func holds(t *testing.T, path string, acks []acknowledged, size int) (want acknowledged) {
	t.Helper()
	for _, a := range acks {
		if a.log <= size {
			want = a
		}
	}
	if got := verified(t, path); got.Revision != want.head || got.Receipts != want.receipts {
		t.Fatalf("%d bytes of the log: revision %d, %d receipts; want %+v", size, got.Revision, got.Receipts, want)
	}
	return want
}

// recovers wants it also of a store that goes on writing.
func recovers(t *testing.T, path string, acks []acknowledged, size int) {
	t.Helper()
	want := holds(t, path, acks, size)
	s := opened(t, path)
	if got := apply(t, s, creation(topic("after", "続き"))); got != want.head+1 {
		t.Fatalf("%d bytes of the log: the next revision is %d, want %d", size, got, want.head+1)
	}
	closed(t, s)
	if got := verified(t, path); got.Revision != want.head+1 || got.Receipts != want.receipts {
		t.Fatalf("%d bytes of the log, and a commit after it: %+v", size, got)
	}
}

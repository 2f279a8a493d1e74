package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/network"
)

var at = time.Date(2024, 6, 10, 2, 0, 0, 123, time.FixedZone("JST", 9*3600))

func entry(i int) audit.Entry {
	return audit.Entry{At: at, What: audit.Read, Actor: "user:1", Request: fmt.Sprint("r", i), Revision: 7,
		Records: []audit.Record{{ID: "a", Fields: []string{"contact", "residence"}}}, Asked: []string{"origin"}}
}

func opened(t *testing.T, path string) *audit.Log {
	t.Helper()
	l, err := audit.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// written is a log of ten entries, opened anew after each.
func written(t *testing.T) (path string) {
	path = filepath.Join(t.TempDir(), "audit")
	for i := range 10 {
		l := opened(t, path)
		if err := l.Append(entry(i), i%2 == 0); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func verified(t *testing.T, data []byte) (requests []string, end audit.End, err error) {
	t.Helper()
	end, err = audit.Verify(bytes.NewReader(data), func(e *audit.Entry) error {
		requests = append(requests, e.Request)
		return nil
	})
	return requests, end, err
}

func TestIsTheLogReadAsItWasWritten(t *testing.T) {
	data, err := os.ReadFile(written(t))
	if err != nil {
		t.Fatal(err)
	}
	got, end, err := verified(t, data)
	if err != nil || len(got) != 10 || got[9] != "r9" || end.N != 10 || len(end.Hash) != 64 {
		t.Errorf("%v %v %v", got, end, err)
	}
	want := `{"n":1,"at":"2024-06-09T17:00:00.000000123Z","what":"READ","actor":"user:1","request":"r0","revision":7,"records":[{"id":"a","fields":["contact","residence"]}],"asked":["origin"],"prev":""}` + "\n"
	if !strings.HasPrefix(string(data), want) {
		t.Errorf("%.300s", data)
	}
}

func TestIsEveryAlterationFound(t *testing.T) {
	data, err := os.ReadFile(written(t))
	if err != nil {
		t.Fatal(err)
	}
	_, whole, _ := verified(t, data)
	for i := range data {
		if i >= len(data)-1 {
			break // without its line feed the last line was broken off
		}
		changed := slices.Clone(data)
		changed[i] ^= 1
		// In the last line a change of what is said is found only by its hash.
		_, end, err := verified(t, changed)
		if err == nil && end == whole {
			t.Fatalf("byte %d", i)
		}
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i := range 9 {
		if _, _, err := verified(t, bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("without line %d: %v", i, err)
		}
		if _, _, err := verified(t, bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil)); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("line %d twice: %v", i, err)
		}
	}
}

func TestWhatIsLeftOfALineThatBrokeOff(t *testing.T) {
	path := written(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := last; cut < len(whole); cut++ {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l := opened(t, path)
		if err := l.Append(entry(9), true); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, whole) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

func TestMayManyWriteAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit")
	l := opened(t, path)
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			if err := l.Append(entry(i), i%5 == 0); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	data, err := os.ReadFile(path)
	if got, end, broken := verified(t, data); err != nil || broken != nil || len(got) != 50 || end.N != 50 {
		t.Error(err, broken, end)
	}
}

func TestIsALogThatSomebodyElseWritesToRefused(t *testing.T) {
	path := written(t)
	one, other := opened(t, path), opened(t, path)
	if err := one.Append(entry(1), false); err != nil {
		t.Fatal(err)
	}
	if err := other.Append(entry(2), false); network.CodeOf(err) != network.Unavailable {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Open(path); network.CodeOf(err) != network.InvalidValue {
		t.Error(err)
	}
}

func TestDoesAReaderEndIt(t *testing.T) {
	data, _ := os.ReadFile(written(t))
	stop := errors.New("enough")
	if end, err := audit.Verify(bytes.NewReader(data), func(*audit.Entry) error { return stop }); !errors.Is(err, stop) || end.N != 1 {
		t.Error(end, err)
	}
}

func BenchmarkAppend(b *testing.B) {
	for name, synced := range map[string]bool{"synced": true, "written": false} {
		b.Run(name, func(b *testing.B) {
			l, err := audit.Open(filepath.Join(b.TempDir(), "audit"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = l.Close() }()
			for b.Loop() {
				if err := l.Append(entry(1), synced); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

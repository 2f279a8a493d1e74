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
	end, err = audit.Verify(bytes.NewReader(data), audit.End{}, func(e *audit.Entry) error {
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

func TestMaySeveralProgramsWriteToOneLog(t *testing.T) {
	path := written(t)
	var wait sync.WaitGroup
	for i := range 5 {
		l := opened(t, path) // with a file of its own, as another program has it
		wait.Go(func() {
			for range 20 {
				if err := l.Append(entry(i), i == 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	data, err := os.ReadFile(path)
	if _, end, broken := verified(t, data); err != nil || broken != nil || end.N != 110 {
		t.Error(err, broken, end)
	}
}

// A program was killed while it wrote, and another goes on.
func TestIsWhatAnotherProgramBrokeOffTakenAway(t *testing.T) {
	path := written(t)
	l := opened(t, path)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.WriteString(`{"n":11,"at":"20`)
	_ = f.Close()
	if err := l.Append(entry(11), true); err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(path)
	if got, end, err := verified(t, data); err != nil || end.N != 11 || got[10] != "r11" {
		t.Error(got, end, err)
	}
}

func TestIsALogRefusedOfWhichLinesWereTaken(t *testing.T) {
	path := written(t)
	whole, _ := os.ReadFile(path)
	l := opened(t, path)
	if err := l.Append(entry(10), true); err != nil {
		t.Fatal(err)
	}
	another := opened(t, filepath.Join(t.TempDir(), "another"))
	for range 11 {
		_ = another.Append(entry(99), false)
	}
	other, _ := os.ReadFile(another.Path())
	for name, data := range map[string][]byte{"cut": whole, "another": other} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := l.Append(entry(2), false); err == nil {
			t.Error(name)
		}
	}
	if err := os.WriteFile(path, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Open(path); network.CodeOf(err) != network.InvalidValue {
		t.Error(err)
	}
}

// all verifies the files of a log from the first to the last.
func all(t *testing.T, path string) (end audit.End, err error) {
	t.Helper()
	files, err := audit.Files(path)
	for _, name := range files {
		data, wrong := os.ReadFile(name)
		if wrong != nil {
			t.Fatal(wrong)
		}
		if end, err = audit.Verify(bytes.NewReader(data), end, nil); err != nil {
			return end, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
	}
	return end, err
}

// Two programs write while the log goes on in a new file every few lines, and is
// closed by hand; one comes anew each time.
func TestIsALogOfSeveralFilesOneChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit")
	var wait sync.WaitGroup
	long := opened(t, path)
	long.CloseAt(1000)
	wait.Go(func() {
		for range 40 {
			if err := long.Append(entry(1), false); err != nil {
				t.Error(err)
			}
		}
	})
	wait.Go(func() {
		for i := range 40 {
			l, err := audit.Open(path)
			if err == nil {
				err = l.Append(entry(2), true)
			}
			if err == nil && i%10 == 0 {
				err = l.Rotate()
			}
			if err != nil || l.Close() != nil {
				t.Error(err)
			}
		}
	})
	wait.Wait()
	end, err := all(t, path)
	if err != nil || end.N != 80 {
		t.Fatal(end, err)
	}
	files, _ := audit.Files(path)
	if len(files) < 10 {
		t.Error(files)
	}
	// A file that is missing is found, in the midst and at the beginning.
	for _, i := range []int{3, 0} {
		if err := os.Remove(files[i]); err != nil {
			t.Fatal(err)
		}
		if _, err := all(t, path); network.CodeOf(err) != network.InvalidValue || !strings.Contains(err.Error(), filepath.Base(files[i+1])) {
			t.Error(err)
		}
	}
}

func TestWhereDoesALogGoOnWhoseFileIsGone(t *testing.T) {
	path := written(t)
	l := opened(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(entry(1), true); err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(path)
	if _, _, err := verified(t, data); network.CodeOf(err) != network.InvalidValue {
		t.Error("nobody would see that it was taken away", err)
	}
	if end, err := audit.Verify(bytes.NewReader(data), audit.End{N: 10}, nil); err != nil || end.N != 11 {
		t.Error(end, err)
	}
}

func TestIsAFileNeverPutInThePlaceOfAnother(t *testing.T) {
	path := written(t)
	if err := os.WriteFile(path+".000000000010", []byte("what somebody keeps"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(path)
	if err == nil {
		err = l.Rotate()
	}
	if err == nil || !strings.Contains(err.Error(), "000000000010 already") {
		t.Error(err)
	}
}

func TestDoesAReaderEndIt(t *testing.T) {
	data, _ := os.ReadFile(written(t))
	stop := errors.New("enough")
	if end, err := audit.Verify(bytes.NewReader(data), audit.End{}, func(*audit.Entry) error { return stop }); !errors.Is(err, stop) || end.N != 1 {
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

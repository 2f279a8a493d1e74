//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// Each names, in the environment of a child, the file: one that may not grow, and
// one that belongs to somebody else.
const (
	limitedFile = "MUSUBI_SQLITE_TEST_LIMITED"
	foreignFile = "MUSUBI_SQLITE_TEST_FOREIGN"
)

// limitedRoom is by how much files may grow in the child, in bytes.
const limitedRoom = 1 << 20

// fillLimited writes until no room is left, and says what was acknowledged and
// what it heard at last.
func fillLimited(path string) {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limitedRoom, Max: limitedRoom})
	}
	for n := 0; err == nil; n++ {
		if _, err = s.Apply(ctx, large(fmt.Sprint("r", n, "-"), 20)); err == nil {
			fmt.Println("done", n)
		}
	}
	fmt.Println("failed", network.CodeOf(err), err)
	os.Exit(0)
}

// The system refuses to let the file grow, wherever SQLite happens to be.
func TestWhatIsThereAfterTheDiskWasFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), limitedFile+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	acknowledged := int64(strings.Count(string(out), "done"))
	if acknowledged < 2 || !strings.Contains(string(out), "failed UNAVAILABLE nothing was written") {
		t.Errorf("the child says %s", out)
	}
	s := opened(t, path)
	if head, err := s.Head(context.Background()); head != acknowledged || err != nil {
		t.Errorf("head %d, %d were acknowledged; %v", head, acknowledged, err)
	}
	agree(t, s)
	apply(t, s, creation(topic("a", "一")))
	t.Log(string(out[strings.Index(string(out), "failed"):]))
}

// nobody is a user who owns nothing.
const nobody = 65534

// openForeign opens the file as somebody who may not write to it.
func openForeign(path string) {
	if os.Geteuid() == 0 {
		if err := syscall.Setuid(nobody); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	_, err := Open(context.Background(), path, Options{})
	fmt.Println(network.CodeOf(err), err)
	os.Exit(0)
}

func TestWhatIsSaidOfAFileThatMayNotBeWritten(t *testing.T) {
	dir, err := os.MkdirTemp("", "musubi-foreign-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "map.db")
	closed(t, opened(t, path))
	err = errors.Join(os.Chmod(path, 0o444), os.Chmod(path+".lock", 0o666), os.Chmod(dir, 0o555))
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), foreignFile+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "UNAVAILABLE") || !strings.Contains(string(out), "give it the right") {
		t.Errorf("%v: %s", err, out)
	}
}

//go:build unix

package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

// transferForever moves everybody again and again, and says so.
func transferForever(path string) {
	s, err := Open(context.Background(), path, Options{})
	if err == nil {
		var u *edittest.Shuttle
		if u, err = edittest.NewShuttle(context.Background(), s, movedPeople); err == nil {
			err = u.Run(context.Background(), os.Stdout)
		}
	}
	fmt.Println("error:", err)
	os.Exit(1)
}

func TestIsATransferWholeAfterAKill(t *testing.T) {
	rounds, err := edittest.Interruptions(3)
	if err != nil {
		t.Fatal(err)
	}
	var path string
	var tally edittest.Tally
	for round := range rounds {
		if round%roundsPerFile == 0 {
			path = filepath.Join(t.TempDir(), "map.db")
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), transferFile+"="+path)
		progress, err := edittest.Kill(cmd, func(took time.Duration, kill func()) {
			if round%2 == 0 {
				time.AfterFunc(rand.N(max(took, 1)), kill) // at any moment
				return
			}
			awaitWrite(t, path)
			kill()
		})
		if err == nil {
			err = tally.Add(heldTransfers(t, path), progress)
		}
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	t.Logf("%d kills: %v", rounds, &tally)
}

// awaitWrite returns once the log of the file is written to.
func awaitWrite(t *testing.T, path string) {
	t.Helper()
	written := func() time.Time {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	before, limit := written(), time.Now().Add(10*time.Second)
	for written().Equal(before) {
		if <-tick.C; time.Now().After(limit) {
			t.Fatal("nothing is written")
		}
	}
}

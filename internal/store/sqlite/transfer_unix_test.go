//go:build unix

package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

// transferFile names, in the environment of a child, the file in which it moves
// people.
const transferFile = "MUSUBI_SQLITE_TEST_TRANSFERS"

// roundsPerFile keeps files, which grow with each transfer, quick to open.
const roundsPerFile = 10

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
	rounds := 3
	if testing.Short() {
		rounds = 2
	}
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	var path string
	none, whole := 0, 0
	for round := range rounds {
		if round%roundsPerFile == 0 {
			path = filepath.Join(t.TempDir(), "map.db")
		}
		begun, done := killedTransfers(t, path, round%2 == 0)
		held := heldTransfers(t, path)
		switch {
		case held < done || held > begun:
			t.Fatalf("round %d: %d transfers, %d were acknowledged and %d begun", round, held, done, begun)
		case begun > done && held == done:
			none++
		case begun > done:
			whole++
		}
	}
	t.Logf("%d kills: of the transfer under way nothing was there %d times, all of it %d times; %d times none was under way", rounds, none, whole, rounds-none-whole)
}

// killedTransfers runs a writer of transfers and kills it in one of them: at any
// moment, or as soon as it writes to the file. It gives the last that was begun
// and the last that was acknowledged.
func killedTransfers(t *testing.T, path string, anyMoment bool) (begun, done int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), transferFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	last := 2 + rand.IntN(3) // transfers before the one to be killed
	var at time.Time
	var took time.Duration
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		word, number, _ := strings.Cut(lines.Text(), " ")
		i, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		if word == "done" {
			done, took = i, time.Since(at)
			continue
		}
		begun, at = i, time.Now()
		if n++; n <= last {
			continue
		}
		if n == last+1 {
			if anyMoment {
				time.AfterFunc(rand.N(max(took, 1)), func() { _ = cmd.Process.Kill() })
			} else {
				awaitWrite(t, path)
				_ = cmd.Process.Kill() // what it still printed is read to the end
			}
		}
	}
	if begun == 0 {
		t.Fatal("the writer did nothing")
	}
	return begun, done
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

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

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

// Each names, in the environment of a child, the file that it writes to: a crowd
// of people, or a shuttle.
const (
	crowdFile    = "MUSUBI_SQLITE_TEST_CROWD"
	transferFile = "MUSUBI_SQLITE_TEST_TRANSFERS"
	crowdName    = "MUSUBI_SQLITE_TEST_CROWD_NAME"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crowdFile); path != "" {
		writeForever(path)
	}
	if path := os.Getenv(transferFile); path != "" {
		transferForever(path)
	}
	if path := os.Getenv(limitedFile); path != "" {
		fillLimited(path)
	}
	if path := os.Getenv(foreignFile); path != "" {
		openForeign(path)
	}
	os.Exit(m.Run())
}

const (
	crowdSize = 8
	// roundsPerFile keeps files, which grow with each write, quick to open.
	roundsPerFile = 10
)

func writeForever(path string) {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err == nil {
		var c *edittest.Crowd
		if c, err = edittest.NewCrowd(ctx, s); err == nil {
			c.Run(ctx, os.Getenv(crowdName), crowdSize, os.Stdout)
		}
	}
	fmt.Println("error:", err)
	os.Exit(1)
}

func TestIsEveryWriteThereOnceAfterAKill(t *testing.T) {
	rounds, err := edittest.Interruptions(20)
	if err != nil {
		t.Fatal(err)
	}
	var path string
	var ledger *edittest.Ledger
	var tally edittest.Settled
	for round := range rounds {
		if round%roundsPerFile == 0 {
			path, ledger = filepath.Join(t.TempDir(), "map.db"), edittest.NewLedger()
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crowdFile+"="+path, crowdName+"="+fmt.Sprint("r", round))
		if err := edittest.KillCrowd(cmd, ledger, 1+rand.IntN(100)); err != nil {
			t.Fatal(err)
		}
		tally.Add(settle(t, path, ledger))
	}
	t.Logf("%d kills: %v", rounds, &tally)
}

// settle is what the people do when the file is open again.
func settle(t *testing.T, path string, l *edittest.Ledger) edittest.Settled {
	t.Helper()
	s := opened(t, path)
	defer closed(t, s)
	c, err := edittest.NewCrowd(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, s)
	settled, err := l.Settle(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, s)
	return settled
}

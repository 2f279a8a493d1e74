package edittest

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Interruptions is how often the environment (MUSUBI_KILLS) says to interrupt
// what writes, at least once; few without.
func Interruptions(few int) (int, error) {
	text := os.Getenv("MUSUBI_KILLS")
	if text == "" {
		return few, nil
	}
	n, err := strconv.Atoi(text)
	return max(n, 1), err
}

// Progress is how far a shuttle came: the last transfer it began, and the last
// that was acknowledged.
type Progress struct{ Begun, Done int }

// Kill starts a command that runs a shuttle and ends when it is gone. In one of
// its transfers it calls when, with the time that the one before took and a
// function that kills the process at once.
func Kill(cmd *exec.Cmd, when func(took time.Duration, kill func())) (p Progress, err error) {
	err = killable(cmd, func(out io.Reader, kill func()) (err error) {
		p, err = Follow(out, func(took time.Duration) { when(took, kill) })
		return err
	})
	return p, err
}

// KillCrowd starts a command that runs a crowd, kills it at some moment after it
// has answered so many writes, and notes in the ledger what it said.
func KillCrowd(cmd *exec.Cmd, l *Ledger, writes int) error {
	return killable(cmd, func(out io.Reader, kill func()) error {
		begun, killed := time.Now(), false
		err := l.Follow(out, func(_ string, answered int) {
			if killed = killed || answered == writes; answered == writes {
				time.AfterFunc(rand.N(crowdSpan*time.Since(begun)/time.Duration(writes)+1), kill)
			}
		})
		if err == nil && !killed {
			return fmt.Errorf("the crowd went home by itself: %v", l.Codes())
		}
		return err
	})
}

// crowdSpan is within how many writes a crowd is killed.
const crowdSpan = 4

// killable starts a command and gives what it says to follow, with a function
// that kills it at once. It returns when the command is gone.
func killable(cmd *exec.Cmd, follow func(out io.Reader, kill func()) error) error {
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	kill := func() { _ = cmd.Process.Kill() }
	defer func() {
		kill()
		_ = cmd.Wait()
	}()
	return follow(out, kill)
}

// undisturbed is how many transfers a shuttle makes before it is interrupted.
const undisturbed = 2

// Follow reads what a shuttle writes, to the end, and calls interrupt in one of
// its transfers, with the time that the one before took.
func Follow(out io.Reader, interrupt func(took time.Duration)) (p Progress, err error) {
	var at time.Time
	var took time.Duration
	first := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		word, number, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(number)
		switch {
		case err != nil:
			return p, fmt.Errorf("the shuttle says %q", lines.Text())
		case word == "done":
			p.Done, took = n, time.Since(at)
			continue
		case first == 0:
			first = n
		}
		if p.Begun, at = n, time.Now(); n == first+undisturbed {
			interrupt(took)
		}
	}
	if p.Begun < first+undisturbed || first == 0 {
		return p, fmt.Errorf("the shuttle ended by itself: %+v", p)
	}
	return p, nil
}

// Tally counts what became of the transfers that were under way.
type Tally struct{ None, Whole, Idle int }

// Add holds what a store has against how far the shuttle came: everything that
// was acknowledged, and nothing that was never begun.
func (t *Tally) Add(held int, p Progress) error {
	switch {
	case held < p.Done || held > p.Begun:
		return fmt.Errorf("there are %d transfers; %d were acknowledged and %d begun", held, p.Done, p.Begun)
	case p.Begun == p.Done:
		t.Idle++
	case held == p.Done:
		t.None++
	default:
		t.Whole++
	}
	return nil
}

// String says it in a sentence.
func (t *Tally) String() string {
	return fmt.Sprintf("of the transfer under way nothing was there %d times, all of it %d times; %d times none was under way", t.None, t.Whole, t.Idle)
}

package edittest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Ledger is what the people of a crowd know of their writes.
type Ledger struct {
	mu sync.Mutex
	// done has the revision of each write that was answered, open the code of each
	// that was not, or that failed.
	done     map[string]int64
	open     map[string]network.ErrorCode
	answered int
}

// Settled counts writes: those that were answered, and of those that were not
// the ones that had been made and the ones that had not.
type Settled struct{ Answered, Made, Lost int }

// Add adds up.
func (s *Settled) Add(more Settled) {
	s.Answered += more.Answered
	s.Made += more.Made
	s.Lost += more.Lost
}

// String says it in a sentence.
func (s *Settled) String() string {
	return fmt.Sprintf("%d writes acknowledged, all there; of %d others %d were there, and after another try under its key each was there once", s.Answered, s.Made+s.Lost, s.Made)
}

// NewLedger is an empty one.
func NewLedger() *Ledger {
	return &Ledger{done: map[string]int64{}, open: map[string]network.ErrorCode{}}
}

// Follow notes what [Crowd.Run] writes, to the end, and calls each after every
// write that was answered, with its key and how many those are so far.
func (l *Ledger) Follow(out io.Reader, each func(key string, answered int)) error {
	answered := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			return fmt.Errorf("the crowd says %q", lines.Text())
		}
		if err := l.note(words); err != nil {
			return fmt.Errorf("the crowd says %q: %w", lines.Text(), err)
		}
		if words[0] == "done" {
			answered++
			each(words[1], answered)
		}
	}
	return nil
}

func (l *Ledger) note(words []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := words[1]
	switch {
	case words[0] == "begin":
		l.open[key] = ""
	case words[0] == "failed" && len(words) == 3:
		l.open[key] = network.ErrorCode(words[2])
	case words[0] == "done" && len(words) == 3:
		revision, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			return err
		}
		delete(l.open, key)
		l.done[key] = revision
		l.answered++
	default:
		return fmt.Errorf("no such line")
	}
	return nil
}

// Codes counts the errors that writes ended in; "" stands for those that nothing
// was heard of.
func (l *Ledger) Codes() map[network.ErrorCode]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	codes := map[network.ErrorCode]int{}
	for _, code := range l.open {
		codes[code]++
	}
	return codes
}

// Settle holds the ledger against the store, does again, under its key, what was
// not acknowledged, and holds them against each other once more: every write is
// then there once. It counts what is new since the last time.
func (l *Ledger) Settle(ctx context.Context, c *Crowd) (Settled, error) {
	settled := Settled{Answered: l.answered}
	l.answered = 0
	made, err := logged(ctx, c.Editor.Store)
	if err == nil {
		err = l.compare(made)
	}
	if err != nil {
		return settled, err
	}
	for _, key := range slices.Sorted(maps.Keys(l.open)) {
		revision, err := c.Write(ctx, key)
		if err != nil {
			return settled, fmt.Errorf("%s, tried again: %w", key, err)
		}
		if at := made[key]; at == nil {
			settled.Lost++
		} else if settled.Made++; at.revision != revision {
			return settled, fmt.Errorf("%s was made at revision %d, and again at %d", key, at.revision, revision)
		}
		delete(l.open, key)
		l.done[key] = revision
	}
	if made, err = logged(ctx, c.Editor.Store); err == nil {
		err = l.compare(made)
	}
	return settled, err
}

// compare wants each write in the log that was acknowledged, none that failed for
// certain, and none that was never begun.
func (l *Ledger) compare(made map[string]*entry) error {
	for key, revision := range l.done {
		if at := made[key]; at == nil {
			return fmt.Errorf("%s was acknowledged at revision %d and is lost", key, revision)
		} else if at.revision != revision {
			return fmt.Errorf("%s was acknowledged at revision %d and stands at %d", key, revision, at.revision)
		}
	}
	for key, at := range made {
		code, open := l.open[key]
		switch _, done := l.done[key]; {
		case !open && !done:
			return fmt.Errorf("nobody made the write %q at revision %d", key, at.revision)
		case code != "" && code != network.OutcomeUnknown:
			return fmt.Errorf("%s failed with %s and stands at revision %d", key, code, at.revision)
		}
		if way, _ := wayOf(key); at.entries != ways[way].entries {
			return fmt.Errorf("%s has %d entries in the log, want %d", key, at.entries, ways[way].entries)
		}
	}
	return nil
}

// entry is a write as the log has it.
type entry struct {
	revision int64
	entries  int
}

// logged are the writes of the log by key. None may stand in two revisions.
func logged(ctx context.Context, s store.Store) (map[string]*entry, error) {
	made := map[string]*entry{}
	for c, err := range s.Changes(ctx, network.Admin("check"), 0) {
		if err != nil {
			return nil, err
		}
		if c.Reason == "" {
			continue // the shared topics
		}
		at := made[c.Reason]
		if at == nil {
			at = &entry{revision: c.Revision}
			made[c.Reason] = at
		}
		if at.entries++; at.revision != c.Revision {
			return nil, fmt.Errorf("%s was made twice, at revisions %d and %d", c.Reason, at.revision, c.Revision)
		}
	}
	return made, nil
}

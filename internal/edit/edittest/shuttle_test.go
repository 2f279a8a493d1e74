package edittest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

var errFull = errors.New("full")

// filling takes some batches and refuses the next.
type filling struct {
	store.Store
	left int
}

func (s *filling) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if s.left--; s.left < 0 {
		return nil, errFull
	}
	return s.Store.Apply(ctx, b)
}

func TestDoesAShuttleNoticeHalfATransfer(t *testing.T) {
	ctx, s := t.Context(), memory.New(memory.Options{})
	u, err := NewShuttle(ctx, &filling{s, 1 + 3}, 3)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := u.Run(ctx, &out); !errors.Is(err, errFull) || out.String() != "transfer 1\ndone 1\ntransfer 2\ndone 2\ntransfer 3\ndone 3\ntransfer 4\n" {
		t.Fatal(err, out.String())
	}
	if u, err = NewShuttle(ctx, s, 3); err != nil {
		t.Fatal(err)
	}
	if n, err := u.Check(ctx); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if err := part(u, 1).Transfer(ctx, 4); err != nil {
		t.Fatal(err)
	}
	if n, err := u.Check(ctx); err == nil {
		t.Errorf("one of three has moved, and it says %d", n)
	}
	// Two transfers that each move a part are no transfer either.
	if err := part(u, 0, 2).Transfer(ctx, 4); err != nil {
		t.Fatal(err)
	}
	if n, err := u.Check(ctx); err == nil {
		t.Errorf("all have moved, in two parts, and it says %d", n)
	}
}

// part is a shuttle of some of the people.
func part(u *Shuttle, people ...int) *Shuttle {
	out := &Shuttle{editor: u.editor, first: u.first}
	for _, i := range people {
		out.people = append(out.people, u.people[i])
		for set := range u.sets {
			out.sets[set] = append(out.sets[set], u.sets[set][i])
		}
	}
	return out
}

func TestWhatIsSaidOfAShuttle(t *testing.T) {
	for _, tc := range []struct {
		said  string
		want  Progress
		fails bool
	}{
		{"transfer 4\ndone 4\ntransfer 5\ndone 5\ntransfer 6\n", Progress{6, 5}, false},
		{"transfer 4\ndone 4\ntransfer 5\ndone 5\ntransfer 6\ndone 6\n", Progress{6, 6}, false},
		{"transfer 4\ndone 4\ntransfer 5\n", Progress{5, 4}, true},
		{"", Progress{}, true},
		{"error: no room\n", Progress{}, true},
	} {
		interrupted := 0
		got, err := Follow(strings.NewReader(tc.said), func(time.Duration) { interrupted++ })
		if got != tc.want || (err != nil) != tc.fails || (interrupted == 1) == tc.fails {
			t.Errorf("%q: %+v, %v, interrupted %d times", tc.said, got, err, interrupted)
		}
	}
	var tally Tally
	for held, fails := range map[int]bool{4: true, 5: false, 6: false, 7: true} {
		if err := tally.Add(held, Progress{Begun: 6, Done: 5}); (err != nil) != fails {
			t.Errorf("%d: %v", held, err)
		}
	}
	if tally != (Tally{None: 1, Whole: 1}) {
		t.Error(tally.String())
	}
}

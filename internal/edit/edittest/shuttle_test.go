package edittest

import (
	"context"
	"errors"
	"strings"
	"testing"

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

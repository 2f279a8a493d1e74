package plan

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func TestIsAPositionReadAsItWasWritten(t *testing.T) {
	for text, want := range map[string]Position{
		"r0":       {},
		"r12":      {Revision: 12},
		"r12-0":    {Revision: 12, Within: true},
		"r12-31":   {Revision: 12, Within: true, Seq: 31},
		"r12-sa1b": {Revision: 12, State: "a1b"},
	} {
		got, err := ParsePosition(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v (%s), %v", text, got, got, err)
		}
	}
	for _, text := range []string{"", "r", "-12", "+12", "r-1", "rr1", "r1-", "r1-x", "r1--1", "r1-s", "r0-1", "R1", "r1 ", "r1-99999999999", "r99999999999999999999"} {
		if got, err := ParsePosition(text); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// The log gives revisions as numbers: what it says can be asked for.
func TestIsTheNumberOfARevisionTaken(t *testing.T) {
	if got, err := ParsePosition("12"); err != nil || got != (Position{Revision: 12}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhichEntriesHasAPositionPassed(t *testing.T) {
	for _, c := range []struct {
		at            string
		revision, seq int
		passed        bool
	}{
		{"r2", 1, 9, true}, {"r2", 2, 0, true}, {"r2", 2, 9, true}, {"r2", 3, 0, false},
		{"r2-1", 1, 9, true}, {"r2-1", 2, 1, true}, {"r2-1", 2, 2, false}, {"r2-1", 3, 0, false},
	} {
		p, err := ParsePosition(c.at)
		if got := p.Passed(&store.Change{Revision: int64(c.revision), Seq: c.seq}); err != nil || got != c.passed {
			t.Errorf("%s and entry %d of revision %d: %v, %v", c.at, c.seq, c.revision, got, err)
		}
	}
}

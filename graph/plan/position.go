package plan

import (
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/store"
)

// Position is a place in the log, up to which somebody has seen everything: the
// end of a revision, or an entry within one. As text it is opaque: `r12`, `r12-3`
// within a revision, or `r12-s…` with the state that was shown at the end of it.
type Position struct {
	Revision int64
	// Within says that there may be more of the revision after the entry Seq.
	Within bool
	Seq    int
	// State names what was shown at the end of the revision; may be empty.
	State string
}

// String is the position as clients get it.
func (p Position) String() string {
	switch s := FormatRevision(p.Revision); {
	case p.Within:
		return s + "-" + strconv.Itoa(p.Seq)
	case p.State != "":
		return s + "-s" + p.State
	default:
		return s
	}
}

// Whole is the last revision that was seen to its end.
func (p Position) Whole() int64 {
	if p.Within {
		return p.Revision - 1
	}
	return p.Revision
}

// Passed tells whether the entry was seen.
func (p Position) Passed(c *store.Change) bool {
	if c.Revision != p.Revision {
		return c.Revision < p.Revision
	}
	return !p.Within || c.Seq <= p.Seq
}

// ParsePosition reads what String wrote; InvalidValue otherwise.
func ParsePosition(s string) (Position, error) {
	head, rest, more := strings.Cut(s, "-")
	revision, err := ParseRevision(head)
	if err != nil || !more {
		return Position{Revision: revision}, err
	}
	if state, ok := strings.CutPrefix(rest, "s"); ok && state != "" && len(state) <= 64 {
		return Position{Revision: revision, State: state}, nil
	}
	seq, err := strconv.ParseUint(rest, 10, 28)
	if err != nil || revision == 0 {
		_, err := ParseRevision("")
		return Position{}, err
	}
	return Position{Revision: revision, Within: true, Seq: int(seq)}, nil
}

package backup

import (
	"encoding/json"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// Format is the name of the format.
	Format = "musubi-backup"
	// Version is the version of the format that is written, and the newest that
	// is read. Version 1 had no erasures.
	Version = 2

	// maxLine bounds a line, in bytes: the largest record the registry allows
	// takes less.
	maxLine = 128 << 20
)

// line is one line of a backup: an object with one of these members.
type line struct {
	Header  *Header      `json:"header,omitempty"`
	Erased  *erasedLine  `json:"erased,omitempty"`
	Commit  *commitLine  `json:"commit,omitempty"`
	Change  *changeLine  `json:"change,omitempty"`
	Receipt *receiptLine `json:"receipt,omitempty"`
	End     *endLine     `json:"end,omitempty"`
}

// Header says what a backup is of. It is the first line.
type Header struct {
	Format    string    `json:"format"`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	// Store is where the map was kept: embedded or neo4j. It is told to people;
	// a restore goes into either.
	Store string `json:"store"`
	// Revision is that of the map: the backup has the commits 1 to it.
	Revision int64 `json:"revision"`
}

// erasedLine is a record that was erased before the backup was made: what it said is
// not in it. These lines stand before the commits, in order of ID.
type erasedLine struct {
	ID network.ID `json:"id"`
	At string     `json:"at"` // as in a commit
}

// commitLine begins a commit; its changes follow, in order of seq from 0.
type commitLine struct {
	Revision int64  `json:"revision"`
	At       string `json:"at"` // RFC 3339 in UTC, to the nanosecond
	Actor    string `json:"actor,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// changeLine is a record as a commit left it. What it was before stands in the
// line that has the version before.
type changeLine struct {
	Action  store.Action    `json:"action"`
	ID      network.ID      `json:"id"`
	Kind    string          `json:"kind"`
	Version int64           `json:"version"`
	After   json.RawMessage `json:"after"`
}

// receiptLine is a receipt of the revision it stands under: that of the commit
// before it, 0 before the first.
type receiptLine struct {
	Actor       string `json:"actor,omitempty"`
	Key         string `json:"key"`
	Fingerprint string `json:"fingerprint"`
	Outcome     string `json:"outcome"`
	At          string `json:"at"` // as in a commit
}

// endLine is the last line.
type endLine struct {
	Counts
	// SHA256 is the hash of the bytes of all lines before this one, line ends
	// included, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// Counts is how much a backup holds.
type Counts struct {
	Commits  int64 `json:"commits"`
	Changes  int64 `json:"changes"`
	Receipts int64 `json:"receipts"`
	Erased   int64 `json:"erased,omitempty"`
}

// Summary is what a backup is of and how much it holds.
type Summary struct {
	Header
	Counts
	// Erasures are those that the backup knows of.
	Erasures []store.Erasure `json:"-"`
}

// damaged says that a file is not as it was written.
func damaged(format string, args ...any) *network.Error {
	e := network.Errorf(network.InvalidValue, format, args...)
	e.Message = "the backup is damaged or not complete: " + e.Message + "; take another one"
	return e
}

// Package store says what a store of the map must do: four verbs over records,
// with a plan for reading. It knows nodes and ties, not one method per type.
//
// A store is an engine behind [Store]: memory (with a SQLite file for
// durability) and neo4j. Both answer the suite in storetest alike, to the byte.
package store

import (
	"context"
	"iter"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Store keeps the records of one map. All methods may be called at the same
// time. Errors are *network.Error (see network.CodeOf) with Unavailable,
// Timeout or Internal for faults of the store itself.
type Store interface {
	// Fetch runs a plan as of one revision, in one statement where the store
	// speaks a query language. The viewer of the plan sees what they may see.
	Fetch(ctx context.Context, p *Plan) (*Result, error)
	// Load reads whole records by key for editing: the answer is as long as
	// keys, nil where there is none or the viewer may not see it.
	Load(ctx context.Context, v network.Viewer, keys []Key) ([]*network.Record, error)
	// Apply commits a batch as one revision, all of it or nothing.
	Apply(ctx context.Context, b *Batch) (*Applied, error)
	// Changes reads the log in order of revision, entries after since only,
	// until it has caught up.
	Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*Change, error]
	// Head is the revision of the last commit; 0 for an empty store. It fails
	// with Unavailable while the store cannot be reached, so it serves readiness.
	Head(ctx context.Context) (int64, error)
	// Close gives back what the store holds. Nothing may be called after it.
	Close(ctx context.Context) error
}

// Key names a record by ID, or by the value of a unique field, importKey or
// name of a kind.
type Key struct {
	ID    network.ID
	Kind  string
	Field string
	Value string
}

// Action says what a write does; the values are those of ChangeActionEnum.
type Action string

// The actions.
const (
	Create  Action = "CREATE"
	Update  Action = "UPDATE"
	End     Action = "END"
	Restore Action = "RESTORE"
)

// Write puts one record into the state After. After.Version is ignored: the
// store gives Create version 1 and every other write IfVersion + 1.
type Write struct {
	Action Action
	After  *network.Record
	// IfVersion is the version the record must have now: Conflict otherwise.
	// 0 with Create only: the ID must be free.
	IfVersion int64
}

// Batch is what one Apply commits. Writes may refer to records created in the
// same batch, in any order; an ID may stand in it once.
type Batch struct {
	Actor, Reason string
	At            time.Time
	Writes        []Write
}

// Applied says what an Apply did: the revision it made.
type Applied struct{ Revision int64 }

// Change is one entry of the log. Revision and Seq order it; Before is nil for
// Create. Personal fields are in it: whoever shows it must mask them.
type Change struct {
	Revision      int64
	Seq           int
	At            time.Time
	Actor, Reason string
	Action        Action
	Record        network.ID
	Kind          string
	Before, After *network.Record
}

// ChangeID is the ID of a log entry: it orders like (revision, seq).
func ChangeID(revision int64, seq int) network.ID {
	const hex = "0123456789abcdef"
	var b [22]byte
	for i := 13; i >= 0; i-- {
		b[i], revision = hex[revision&15], revision>>4
	}
	b[14] = '-'
	for i := 21; i >= 15; i-- {
		b[i], seq = hex[seq&15], seq>>4
	}
	return network.ID(b[:])
}

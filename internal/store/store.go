// Package store says what a store of the map must do: a few verbs over records,
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
	// Apply commits a batch as one revision, all of it or nothing. A batch
	// without writes makes no revision: the answer is the present one. A batch
	// with a receipt whose key its actor has used before is refused with
	// Duplicate at "idempotencyKey" when nothing else is wrong with it.
	//
	// Unavailable says that nothing was written; OutcomeUnknown that nobody
	// knows, which a receipt can settle once the store is there again.
	Apply(ctx context.Context, b *Batch) (*Applied, error)
	// Changes reads the log in order of revision, entries after since only,
	// until it has caught up.
	Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*Change, error]
	// Receipt is what the actor's batch with this key left; nil when there was
	// none.
	Receipt(ctx context.Context, actor, key string) (*Receipt, error)
	// Receipts reads all receipts in order of revision, time, actor and key:
	// those left after since only.
	Receipts(ctx context.Context, since int64) iter.Seq2[*Receipt, error]
	// Erasures are the records that were erased here or were known to be when a
	// backup was restored, in order of ID, each once with its last time.
	Erasures(ctx context.Context) ([]Erasure, error)
	// AddErasures adds to them without a revision, for a restore; of an ID that is
	// there the later time counts.
	AddErasures(ctx context.Context, list []Erasure) error
	// Scrub takes what erased records have left behind out of the files of the
	// store, and tells whether it could: false where an engine cannot. It may take
	// as long as writing all files anew. Unavailable says that it was not done, and
	// may be tried again.
	Scrub(ctx context.Context) (bool, error)
	// Head is the revision of the last commit; 0 for an empty store. It fails
	// with Unavailable while the store cannot be reached, so it serves readiness.
	Head(ctx context.Context) (int64, error)
	// Wait blocks until a revision above after is committed and gives the last
	// one that this process knows of, at once when it knows one already: it may
	// be far above after, and others may have committed more. From then on Changes and Fetch of this store know all of the log and of the
	// records up to it, which is more than Head promises: a server may show the
	// head of a commit a moment before the rest of it.
	//
	// It fails with Timeout at the context's deadline, with the context's error
	// when that is cancelled, and like Head while the store cannot be reached.
	// Many may wait at the cost of one.
	Wait(ctx context.Context, after int64) (int64, error)
	// Close gives back what the store holds. Nothing may be called after it.
	Close(ctx context.Context) error
}

// Key names a record by ID, or by the value of a unique field, importKey or
// name of a kind. With an ID a kind may be given too, when it is known: a store
// need not look elsewhere then.
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
	// Withdraw turns a record into one of the kind Withdrawn, to which nothing
	// may point; Restore turns it back.
	Withdraw Action = "WITHDRAW"
	// Erase leaves nothing of what a record said, now and ever: see [Erasure].
	Erase Action = "ERASE"
)

// Write puts one record into the state After. After.Version is ignored: the
// store gives Create version 1 and every other write IfVersion + 1.
type Write struct {
	Action Action
	After  *network.Record
	// IfVersion is the version the record must have now: Conflict otherwise.
	// 0 with Create only: the ID must be free.
	IfVersion int64
	// Before, when not nil, is the record at IfVersion as this store gave it. It is
	// refused with Conflict when that is not what the record was: a server may
	// read while another writes.
	Before *network.Record
}

// Replace is a write that puts a record which the store gave into another state.
func Replace(action Action, before, after *network.Record) Write {
	return Write{Action: action, After: after, IfVersion: before.Version, Before: before}
}

// CheckBefore is InvalidValue when Before is another record than After, or at
// another version than IfVersion. Every engine calls it.
func (w *Write) CheckBefore() *network.Error {
	if w.Before != nil && (w.Action == Create || w.Before.ID != w.After.ID || w.Before.Version != w.IfVersion) {
		return network.Errorf(network.InvalidValue, "what was before is another record or version")
	}
	return nil
}

// Batch is what one Apply commits. Writes may refer to records created in the
// same batch, in any order; an ID may stand in it once.
type Batch struct {
	Actor, Reason string
	At            time.Time
	Writes        []Write
	// Decided, when not nil, is what the batch was decided on.
	Decided *Decided
	// Receipt, when not nil, is kept with the batch: key, fingerprint and
	// outcome are the caller's, the rest is filled in by the store.
	Receipt *Receipt
}

// Decided says what a batch relies on beside the versions of its records: that
// nothing has been written since the revision that points, or pointed, to one of
// the records, or that has one of the names. Otherwise it is refused with Conflict,
// when nothing else is wrong with it: nobody else has taken the post that it fills, or
// entered the school that it takes for a new one.
type Decided struct {
	Revision int64
	Records  []network.ID
	Names    map[Name]bool
}

// Name is one that a record of a kind has at present, folded (network.Fold).
type Name struct{ Kind, Folded string }

// Upset tells whether an entry of the log points to one of the records, or leaves one
// with one of the names.
func (d *Decided) Upset(c *Change) bool {
	any := func(*network.Field) bool { return true }
	return c.Before != nil && c.Before.PointsTo(d.Records, any) || c.After.PointsTo(d.Records, any) ||
		len(d.Names) > 0 && d.Names[Name{c.After.Kind, network.Fold(c.After.Str("name"))}]
}

// ErrUpset is what Apply says of a batch that was decided on what holds no more.
func ErrUpset() *network.Error {
	return network.Errorf(network.Conflict, "somebody else has written on the same matter since; look again")
}

// Receipt tells, to whoever tries a write again, that it was done and how: it is
// kept in the transaction of its batch. A batch that turned out to change
// nothing may leave one too.
type Receipt struct {
	Actor string
	// Key names the write among those of the actor: 1 to 200 characters.
	Key string
	// Fingerprint tells one write from another under the same key.
	Fingerprint string
	// Outcome is the answer to the write, as its caller encodes it; it has no
	// personal data in it.
	Outcome string
	// Revision is the one made, or that of the store when nothing changed.
	Revision int64
	At       time.Time
}

// MaxKey is how many characters the key of a receipt may have.
const MaxKey = 200

// Kept is the receipt a batch leaves behind at a revision; nil when it leaves
// none.
func (b *Batch) Kept(revision int64) *Receipt {
	if b.Receipt == nil {
		return nil
	}
	r := *b.Receipt
	r.Actor, r.Revision, r.At = b.Actor, revision, b.At.UTC()
	return &r
}

// ErrUsed is what Apply says of a key that has been used.
func ErrUsed() *network.Error {
	return network.Errorf(network.Duplicate, "another write had this key; give each write its own").At("idempotencyKey")
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

// IsChangeID tells whether an ID is of the form that those of log entries have.
func IsChangeID(id network.ID) bool { return len(id) == 22 && id[14] == '-' }

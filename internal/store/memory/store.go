// Package memory is the engine that keeps the whole map in memory. By itself it
// is volatile; a [Log] makes what it acknowledges durable.
package memory

import (
	"context"
	"errors"
	"sync"

	"github.com/tidwall/btree"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Log is where commits are kept. Append returns once the commit is durable; it
// is called one at a time, before anybody can read the commit. After an error
// the commit must not be in the log.
type Log interface {
	Append(ctx context.Context, c Commit) error
}

// Commit is what one Apply writes: the changes in order of Seq, and the receipt
// if there is one. They are read only. Without changes the revision is that of
// the commit before.
type Commit struct {
	Revision int64
	Changes  []*store.Change
	Receipt  *store.Receipt
	Erased   *Erased // nil: nothing is erased
}

// Erased is what a commit changes of what was kept before it.
type Erased struct {
	// Records are added to the erasures, as [store.MergeErasures] does.
	Records []store.Erasure
	// Entries are entries of the log as they are to be.
	Entries []*store.Change
	// Revisions lose their reasons, in all of their entries, and their receipts the
	// fingerprints.
	Revisions []int64
}

// Options of a store. The zero value is a volatile one.
type Options struct {
	Log Log // nil: nothing outlives the process
}

// Store is the engine. Make it with [New].
type Store struct {
	tokens
	log Log

	// writing is held by a write from its checks on; mu by it only while it changes
	// what others read, so that nobody who reads waits for the disk.
	writing sync.Mutex
	mu      sync.RWMutex
	head    int64
	grown   chan struct{} // closed when head moves on
	byID    map[network.ID]*rec
	byKind  [][]*rec
	byKey   map[*network.Field]*holders // of unique fields, importKey and name
	book    logbook
	sorted  sorted
	drafts  drafter // of who is writing

	receipts map[receiptKey]*store.Receipt
	erasures []store.Erasure
}

var _ store.Store = (*Store)(nil)

// receiptKey is a key of an actor.
type receiptKey struct{ actor, key string }

// New makes an empty store.
func New(o Options) *Store {
	return &Store{
		log:    o.Log,
		grown:  make(chan struct{}),
		byID:   map[network.ID]*rec{},
		byKind: make([][]*rec, len(network.Kinds())),
		byKey:  byKeys(),
		sorted: sorted{lists: make([]map[byField]*btree.BTreeG[standing], len(network.Kinds()))},

		receipts: map[receiptKey]*store.Receipt{},
	}
}

// Head is the revision of the last commit.
func (s *Store) Head(context.Context) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.head, nil
}

// Close gives nothing back: the garbage collector does.
func (s *Store) Close(context.Context) error { return nil }

// Load reads whole records by key. Of several with one name the first by ID
// that the viewer sees counts. A key in a personal field finds nothing for a
// viewer who may not read it.
func (s *Store) Load(ctx context.Context, v network.Viewer, keys []store.Key) ([]*network.Record, error) {
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	x := newRun(ctx, s, v, 0)
	out := make([]*network.Record, len(keys))
	for i, key := range keys {
		r := x.find(key)
		if r == nil {
			continue
		}
		if r.kind != logKind {
			out[i] = r.record(r.id)
			continue
		}
		entry, err := s.book.change(int(r.more.entry) - 1).Entry()
		if err != nil {
			return nil, err
		}
		out[i] = entry
	}
	return out, nil
}

func (x *run) find(key store.Key) *rec {
	if key.ID != "" {
		if r := x.byID(key.ID); r != nil && (x.clearance == network.Restricted || x.sees(r)) && (key.Kind == "" || r.kind.Is(key.Kind)) {
			return r
		}
		return nil
	}
	var first *rec
	for _, k := range network.Concrete(key.Kind) {
		f := k.Field(key.Field)
		if f == nil || x.masked(f) {
			continue
		}
		value := key.Value
		if key.Field == "name" {
			value = network.Fold(value)
		}
		for _, r := range x.s.byKey[f].of(value) {
			if x.sees(r) && (first == nil || r.id < first.id) && r.text(f.Slot()) == key.Value {
				first = r
			}
		}
	}
	return first
}

// ctxError is why the work must stop, nil while it may go on.
func ctxError(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return network.Errorf(network.Timeout, "the time limit passed")
	default:
		return err
	}
}

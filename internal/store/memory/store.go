// Package memory is the engine that keeps the whole map in memory. By itself it
// is volatile; a [Log] makes what it acknowledges durable.
package memory

import (
	"context"
	"errors"
	"iter"
	"strings"
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
}

// Options of a store. The zero value is a volatile one.
type Options struct {
	Log Log // nil: nothing outlives the process
}

// Store is the engine. Make it with [New].
type Store struct {
	tokens
	log Log

	mu      sync.RWMutex
	head    int64
	grown   chan struct{} // closed when head moves on
	byID    map[network.ID]*rec
	byKind  [][]*rec
	byKey   map[fieldKey][]*rec // unique fields, importKey and the folded name
	about   map[fieldKey][]*rec // RecordID fields, by the ID they hold
	changes []*store.Change     // the change log, in order
	sorted  sorted

	receipts map[receiptKey]*store.Receipt
}

var _ store.Store = (*Store)(nil)

// fieldKey is a value in a field of a kind.
type fieldKey struct {
	kind         int
	field, value string
}

// receiptKey is a key of an actor.
type receiptKey struct{ actor, key string }

// New makes an empty store.
func New(o Options) *Store {
	return &Store{
		log:    o.Log,
		grown:  make(chan struct{}),
		byID:   map[network.ID]*rec{},
		byKind: make([][]*rec, len(network.Kinds())),
		byKey:  map[fieldKey][]*rec{},
		about:  map[fieldKey][]*rec{},
		sorted: sorted{lists: make([]map[byField]*btree.BTreeG[standing], len(network.Kinds()))},

		receipts: map[receiptKey]*store.Receipt{},
	}
}

// Kept is what a Log has kept: the last revision, every record, every change in
// order, every receipt.
type Kept struct {
	Head     int64
	Records  []*network.Record
	Changes  []*store.Change
	Receipts []*store.Receipt
}

// Restore fills a new store with what a Log has kept. It is not for a store
// already in use.
func (s *Store) Restore(kept Kept) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.head != 0 || len(s.byID) != 0 {
		return network.Errorf(network.Internal, "the store to restore into is not empty")
	}
	for _, full := range kept.Records {
		k := network.KindOf(full.Kind)
		if k == nil || k.Log {
			return network.Errorf(network.Internal, "record %s is of the unknown kind %q", full.ID, full.Kind)
		}
		r := &rec{}
		if err := r.compile(full, k); err != nil {
			return err
		}
		s.insert(r)
	}
	for _, full := range kept.Records {
		r := s.byID[full.ID]
		if f := s.missingTarget(full, r.kind); f != nil {
			return network.Errorf(network.Internal, "%s %s: %s points to a record that is not there", r.kind.Name, r.id, f.Name)
		}
		s.link(r)
	}
	for _, c := range kept.Changes {
		if err := s.insertChange(c); err != nil {
			return err
		}
	}
	for _, r := range kept.Receipts {
		s.insertReceipt(r)
	}
	s.head = kept.Head
	return nil
}

func (s *Store) missingTarget(full *network.Record, k *network.Kind) *network.Field {
	for _, f := range k.Fields {
		if !f.IsRef() {
			continue
		}
		for _, id := range targets(full, f) {
			if s.byID[id] == nil {
				return f
			}
		}
	}
	return nil
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
		full, err := r.record()
		if err != nil {
			return nil, err
		}
		out[i] = full
	}
	return out, nil
}

func (x *run) find(key store.Key) *rec {
	if key.ID != "" {
		if r := x.s.byID[key.ID]; r != nil && (x.clearance == network.Restricted || x.sees(r)) && (key.Kind == "" || r.kind.Is(key.Kind)) {
			return r
		}
		return nil
	}
	var first *rec
	for _, k := range network.Concrete(key.Kind) {
		if f := k.Field(key.Field); f == nil || x.masked(f) {
			continue
		}
		value := key.Value
		if key.Field == "name" {
			value = network.Fold(value)
		}
		for _, r := range x.s.byKey[fieldKey{k.Index(), key.Field, value}] {
			if x.sees(r) && (first == nil || r.id < first.id) && r.full.Str(key.Field) == key.Value {
				first = r
			}
		}
	}
	return first
}

// Changes reads the log after since, up to the revision at which the reading
// has caught up. The changes are shared: they must not be changed.
func (s *Store) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return func(yield func(*store.Change, error) bool) {
		next := s.logAfter(since)
		for len(next) > 0 {
			for _, c := range next {
				if err := ctxError(ctx); err != nil {
					yield(nil, err)
					return
				}
				if s.seesEntry(ctx, v, c) && !yield(c, nil) {
					return
				}
			}
			next = s.logAfter(next[len(next)-1].Revision)
		}
	}
}

// logAfter is the log after a revision. The slice is safe to read without the
// lock: entries are only ever appended.
func (s *Store) logAfter(since int64) []*store.Change {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.after(since)
}

// after is logAfter for who has the lock.
func (s *Store) after(since int64) []*store.Change {
	lo, hi := 0, len(s.changes)
	for lo < hi {
		if mid := (lo + hi) / 2; s.changes[mid].Revision <= since {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return s.changes[lo:len(s.changes):len(s.changes)]
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

// matches tells whether every folded term is in one of the record's names.
func (r *rec) matches(terms []string) bool {
	for _, t := range terms {
		if !strings.Contains(r.search, t) {
			return false
		}
	}
	return true
}

// rank is 0 when a name equals the folded text, 1 when one begins with it.
func (r *rec) rank(text string) int64 {
	switch {
	case strings.Contains(r.search, "\n"+text+"\n"):
		return 0
	case strings.Contains(r.search, "\n"+text):
		return 1
	}
	return 2
}

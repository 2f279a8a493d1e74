package memory

import (
	"iter"
	"slices"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Kept is what a Log has kept: the last revision, every record in any order, every
// entry of the log in order, every receipt and erasure. The rows are read once, the records
// before the entries.
type Kept struct {
	Head     int64
	Records  iter.Seq2[KeptRecord, error]
	Entries  iter.Seq2[KeptEntry, error]
	Receipts []*store.Receipt
	Erasures []store.Erasure
}

// KeptRecord is a record as it is kept: Fields is what
// [network.Record.MarshalFields] wrote.
type KeptRecord struct {
	ID      network.ID
	Kind    string
	Version int64
	Fields  string
}

// KeptEntry is an entry of the log as it is kept, with the fields of the record
// before and after. Without a KindBefore there was no record before.
type KeptEntry struct {
	Revision, Seq      int64
	At, Actor, Reason  string
	Action, KindBefore string
	Before             string
	After              KeptRecord
}

// Restore fills a new store with what a Log has kept. It is not for a store
// already in use. It fails with Internal when a record points to one that is not
// there, or a row cannot be read.
func (s *Store) Restore(kept Kept) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.head != 0 || len(s.byID) != 0 {
		return network.Errorf(network.Internal, "the store to restore into is not empty")
	}
	r := &restoring{s: s, drafts: bulkDrafter()}
	decoder := func() func(*KeptRecord, *rec) error { return bulkDrafter().read }
	if err := throughDecoders(kept.Records, decoder, r.put); err != nil {
		return err
	}
	if err := r.whole(); err != nil {
		return err
	}
	if err := each(kept.Entries, r.entry); err != nil {
		return err
	}
	for _, receipt := range kept.Receipts {
		s.insertReceipt(receipt)
	}
	s.head, s.erasures = kept.Head, store.MergeErasures(kept.Erasures)
	return nil
}

// restoring is a store that is being filled.
type restoring struct {
	s      *Store
	drafts *drafter
	recs   slab[rec]
	// awaited is how many records were pointed to and have not come yet.
	awaited int
	// at and its text are the time of the entry before.
	at   time.Time
	text string
}

// bulkDrafter is one for more records than matter one by one.
func bulkDrafter() *drafter {
	d := &drafter{}
	d.bulk = true
	return d
}

// record is the place of a record that has come or will.
func (r *restoring) record(id network.ID) *rec {
	if known := r.s.byID[id]; known != nil {
		return known
	}
	made := &r.recs.take(1)[0]
	made.id = network.ID(r.drafts.keep(string(id)))
	r.s.byID[made.id] = made
	r.awaited++
	return made
}

// put gives a record its place, and links it.
func (r *restoring) put(from *rec) error {
	at := r.record(from.id)
	if at.kind != nil {
		return network.Errorf(network.Internal, "record %s is there twice", from.id)
	}
	r.awaited--
	at.take(from)
	at.resolve(r.record)
	at.enter()
	r.s.byKind[at.kind.Index()] = append(r.s.byKind[at.kind.Index()], at)
	r.s.index(at)
	return nil
}

// whole sees to it that all that was pointed to has come. Only a RecordID may lead
// nowhere.
func (r *restoring) whole() error {
	if r.awaited == 0 {
		return nil
	}
	for _, of := range r.s.byKind {
		for _, from := range of {
			for _, p := range from.pointers() {
				if p.to.kind == nil && p.along.isRef {
					return network.Errorf(network.Internal, "%s %s: %s points to a record that is not there", from.kind.Name, from.id, p.along.field)
				}
			}
			from.each(func(_ *network.Field, v *any) {
				if to, ok := (*v).(*rec); ok && to.kind == nil {
					*v = to.id
				}
			})
		}
	}
	for id, to := range r.s.byID {
		if to.kind == nil {
			delete(r.s.byID, id)
		}
	}
	return nil
}

// entry adds an entry of the log.
func (r *restoring) entry(e *KeptEntry) error {
	of, action := r.s.byID[e.After.ID], slices.Index(actions, store.Action(e.Action))
	if of == nil || action < 0 {
		return network.Errorf(network.Internal, "entry %d of revision %d is about no record, or no action", e.Seq, e.Revision)
	}
	if e.At != r.text {
		at, err := time.Parse(time.RFC3339Nano, e.At)
		if err != nil {
			return err
		}
		r.at, r.text = at, e.At
	}
	var before *state
	if of.last > 0 {
		before = r.s.book.at(int(of.last) - 1).left()
	}
	var err error
	if e.KindBefore == "" {
		before = nil
	} else if !before.is(e.KindBefore, e.After.Version-1) {
		if before, err = r.state(KeptRecord{e.After.ID, e.KindBefore, e.After.Version - 1, e.Before}); err != nil {
			return err
		}
	}
	made := entry{of: of, seq: uint32(e.Seq), action: uint8(action)}
	if !of.is(e.After.Kind, e.After.Version) {
		if made.after, err = r.state(e.After); err != nil {
			return err
		}
	}
	r.s.book.add(head{e.Revision, r.at, r.drafts.text(e.Actor), r.drafts.text(e.Reason)}, made, before)
	return nil
}

// is tells whether the state is that of a kind and version.
func (s *state) is(kind string, version int64) bool {
	return s != nil && s.version == version && s.kind.Name == kind
}

// state is what a record said that says something else now.
func (r *restoring) state(row KeptRecord) (*state, error) {
	was := &state{}
	if err := r.drafts.readState(&row, was); err != nil {
		return nil, err
	}
	was.resolve(func(id network.ID) *rec { return r.s.byID[id] })
	return was, nil
}

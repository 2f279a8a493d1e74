package memory

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Apply commits a batch. An error carries the position of the write at fault
// in front of its path: ["writes", "3", "schoolCode"].
func (s *Store) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	if len(b.Writes) == 0 && b.Receipt == nil {
		return &store.Applied{Revision: s.head}, nil
	}
	n := len(b.Writes)
	a := &attempt{s: s, now: make([]*rec, n), next: make([]*rec, n), after: make([]*network.Record, n), at: make(map[network.ID]int, n)}
	for _, check := range []func(int, *store.Write) *network.Error{a.prepare, a.links, a.uniques, a.backLinks} {
		for j := range b.Writes {
			if err := check(j, &b.Writes[j]); err != nil {
				return nil, err.At("writes", strconv.Itoa(j))
			}
		}
	}
	if b.Receipt != nil && s.receipts[receiptKey{b.Actor, b.Receipt.Key}] != nil {
		return nil, store.ErrUsed()
	}
	if b.Decided != nil && s.upset(b.Decided) {
		return nil, store.ErrUpset()
	}
	commit := a.commit(b)
	erased, err := a.erasing(b)
	if err != nil {
		return nil, err
	}
	commit.Erased = erased.told()
	if s.log != nil {
		if err := s.log.Append(ctx, commit); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.put(commit, erased)
	return &store.Applied{Revision: s.head}, nil
}

// attempt is a batch on its way in. Nothing of the store changes before put.
type attempt struct {
	s    *Store
	now  []*rec // by write: what is there, nil for Create
	next []*rec // by write: the new state, not linked
	// after is, by write, the record as it will be logged.
	after []*network.Record
	at    map[network.ID]int
	keys  map[fieldValue]network.ID
}

// fieldValue is a value of a field.
type fieldValue struct {
	field *network.Field
	value string
}

// prepare checks the write by itself and compiles it.
func (a *attempt) prepare(i int, w *store.Write) *network.Error {
	if w.After == nil {
		return network.Errorf(network.InvalidValue, "the write has no record")
	}
	k := network.KindOf(w.After.Kind)
	switch {
	case k == nil:
		return network.Errorf(network.InvalidValue, "there is no kind %q", w.After.Kind).At("kind")
	case k.Log:
		return network.Errorf(network.InvalidValue, "%s is written by the store only", k.Name).At("kind")
	}
	id := w.After.ID
	if _, err := network.ParseID(string(id)); err != nil {
		return network.Errorf(network.InvalidValue, "%q cannot be an id", id).At("id")
	}
	if _, twice := a.at[id]; twice {
		return network.Errorf(network.InvalidValue, "%s stands twice in the batch", id).At("id")
	}
	a.at[id] = i
	if err := w.CheckBefore(); err != nil {
		return err
	}
	if err := w.CheckErased(); err != nil {
		return err
	}
	a.now[i] = a.s.byID[id]
	if err := checkVersion(w, a.now[i], a.s.book.has(id)); err != nil {
		return err
	}
	after := cloneDeep(w.After)
	after.Version = w.IfVersion + 1
	a.next[i], a.after[i] = &rec{id: network.ID(strings.Clone(string(id)))}, after
	if err := a.s.drafts.setAll(after.Fields, k); err != nil {
		return asError(err)
	}
	if err := a.s.drafts.finish(a.next[i], k, after.Version); err != nil {
		return asError(err)
	}
	if k == tieKind && network.TieKindOf(after.Str("kind")) == nil {
		return network.Errorf(network.InvalidValue, "there is no kind of tie %q", after.Str("kind")).At("kind")
	}
	return nil
}

func asError(err error) *network.Error {
	if e, ok := err.(*network.Error); ok {
		return e
	}
	return network.Errorf(network.Internal, "%v", err)
}

func checkVersion(w *store.Write, now *rec, logged bool) *network.Error {
	id := w.After.ID
	switch w.Action {
	case store.Create:
		if now != nil || logged {
			return network.Errorf(network.Conflict, "%s exists already", id).At("id")
		}
		if w.IfVersion != 0 {
			return network.Errorf(network.InvalidValue, "a record that is created has no version before")
		}
		return nil
	case store.Update, store.End, store.Restore, store.Withdraw, store.Erase:
	default:
		return network.Errorf(network.InvalidValue, "there is no action %q", w.Action)
	}
	switch {
	case logged:
		return network.Errorf(network.InvalidValue, "%s is written by the store only", logKind.Name).At("id")
	case now == nil:
		return network.Errorf(network.NotFound, "there is no record with the id %s", id).At("id")
	case now.version != w.IfVersion:
		return network.Errorf(network.Conflict, "%s is at version %d, not %d: somebody changed it", id, now.version, w.IfVersion)
	}
	return nil
}

// target is the record with the ID as it will be after the batch.
func (a *attempt) target(id network.ID) *rec {
	if i, ok := a.at[id]; ok {
		return a.next[i]
	}
	return a.s.byID[id]
}

// links checks what the record points to.
func (a *attempt) links(i int, _ *store.Write) *network.Error {
	r := a.next[i]
	for _, f := range r.kind.LeadingFields() {
		for _, id := range a.after[i].IDs(f.Name) {
			t := a.target(id)
			if t == nil || f.IsRef() && !slices.Contains(f.Targets, t.kind.Name) {
				return network.Errorf(network.NotFound, "%s: there is no such record with the id %s", f.Name, id).At(f.Name)
			}
		}
	}
	if r.kind != tieKind {
		return nil
	}
	return a.joins(r)
}

func (a *attempt) joins(tie *rec) *network.Error {
	subject, object := a.target(tie.pointsTo(tieEnds[0])), a.target(tie.pointsTo(tieEnds[1]))
	for i, end := range []*rec{subject, object} {
		if end == nil {
			name := []string{"subject", "object"}[i]
			return network.Errorf(network.Required, "a tie has a subject and an object").At(name)
		}
	}
	if k := network.TieKindOf(tie.text(tieKinds)); !k.Joins(subject.kind.Name, object.kind.Name) {
		return network.Errorf(network.TieNotAllowed, "%s does not lead from a %s to a %s", k.Name, subject.kind.Name, object.kind.Name).At("kind")
	}
	return nil
}

// uniques checks the values that only one record of the kind may have. A value
// may change hands within the batch.
func (a *attempt) uniques(i int, _ *store.Write) *network.Error {
	if a.keys == nil {
		a.keys = map[fieldValue]network.ID{}
	}
	r := a.next[i]
	for slot, f := range r.kind.Fields {
		v, ok := r.at(slot).(string)
		if !ok || !f.Unique && f.Name != "importKey" {
			continue
		}
		key := fieldValue{f, v}
		holder, taken := a.keys[key]
		if !taken {
			holder, taken = a.outside(key)
		}
		if taken {
			return network.Errorf(network.Duplicate, "%s %q is taken: %s has it", f.Name, v, holder).At(f.Name)
		}
		a.keys[key] = r.id
	}
	return nil
}

// outside finds the record that has the value and is not in the batch.
func (a *attempt) outside(key fieldValue) (network.ID, bool) {
	for _, r := range a.s.byKey[key.field].of(key.value) {
		if _, in := a.at[r.id]; !in {
			return r.id, true
		}
	}
	return "", false
}

// backLinks checks, for a record that changes its kind, that what points to it
// may point to the new one.
func (a *attempt) backLinks(i int, _ *store.Write) *network.Error {
	now, next := a.now[i], a.next[i]
	if now == nil || now.kind == next.kind {
		return nil
	}
	for _, in := range now.in() {
		for _, from := range in.from {
			if _, written := a.at[from.id]; written {
				continue // checked by links
			}
			for _, f := range from.kind.Fields {
				if f.IsRef() && links[f] == in.along && !slices.Contains(f.Targets, next.kind.Name) {
					return network.Errorf(network.InvalidValue, "%s cannot become a %s: %s %s points to it", next.id, next.kind.Name, from.kind.Name, from.id).At("kind")
				}
			}
		}
	}
	for _, t := range now.ties() {
		if _, in := a.at[t.id]; in {
			continue
		}
		if err := a.joins(t); err != nil {
			return err
		}
	}
	return nil
}

func (a *attempt) commit(b *store.Batch) Commit {
	revision := a.s.head
	if len(b.Writes) > 0 {
		revision++
	}
	c := Commit{Revision: revision, Changes: make([]*store.Change, len(b.Writes)), Receipt: b.Kept(revision)}
	for i, w := range b.Writes {
		change := &store.Change{
			Revision: revision, Seq: i, At: b.At.UTC(), Actor: b.Actor, Reason: b.Reason, Action: w.Action,
			Record: w.After.ID, Kind: w.After.Kind, After: a.after[i],
		}
		if a.now[i] != nil {
			change.Before = b.Prior(&w, a.now[i].record(w.After.ID))
		}
		c.Changes[i] = change
	}
	return c
}

// put makes the commit visible.
func (a *attempt) put(c Commit, erased *erasing) {
	was := make([]*state, len(a.next))
	for i, next := range a.next {
		if a.now[i] == nil {
			a.s.insert(next)
		} else {
			was[i] = a.s.replace(a.now[i], next)
		}
	}
	for i, next := range a.next {
		r := a.s.byID[next.id]
		r.resolve(func(id network.ID) *rec { return a.s.byID[id] })
		if was[i] == nil {
			r.enter()
		} else {
			r.relink(was[i])
		}
	}
	a.s.blank(erased)
	for i, change := range c.Changes {
		if change.Action == store.Erase {
			was[i] = a.s.book.at(int(a.s.byID[change.Record].last) - 1).left()
		}
		a.s.enter(change, was[i])
	}
	a.s.insertReceipt(c.Receipt)
	a.s.advance(c.Revision)
}

// replace gives a record its new values and returns what it said before. Its links
// stay until relink.
func (s *Store) replace(r, next *rec) *state {
	s.unindex(r)
	was := s.book.supersede(r)
	if r.kind != next.kind {
		s.byKind[r.kind.Index()] = without(s.byKind[r.kind.Index()], r)
		s.byKind[next.kind.Index()] = append(s.byKind[next.kind.Index()], r)
	}
	r.take(next)
	s.index(r)
	return was
}

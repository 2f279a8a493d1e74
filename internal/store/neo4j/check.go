package neo4j

import (
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// prepare checks what can be told from the batch alone.
func prepare(b *store.Batch) (*attempt, error) {
	n := len(b.Writes)
	a := &attempt{parts: []*part{{b: b, to: n}}, writes: b.Writes, kind: make([]*network.Kind, n), next: make([]*network.Record, n), at: make(map[network.ID]int, n)}
	for i := range b.Writes {
		if err := a.prepare(i, &b.Writes[i]); err != nil {
			return nil, err.At("writes", strconv.Itoa(i))
		}
	}
	return a, nil
}

// encode makes what is to be stored of every write; the error is that of the
// first that cannot be.
func (a *attempt) encode() ([]*encoded, error) {
	out := make([]*encoded, len(a.next))
	for i, r := range a.next {
		var err *network.Error
		if out[i], err = encode(r, a.kind[i]); err != nil {
			return nil, err.At("writes", strconv.Itoa(i))
		}
	}
	return out, nil
}

func (a *attempt) prepare(i int, w *store.Write) *network.Error {
	if w.After == nil {
		return network.Errorf(network.InvalidValue, "the write has no record")
	}
	k, id := network.KindOf(w.After.Kind), w.After.ID
	switch {
	case k == nil:
		return network.Errorf(network.InvalidValue, "there is no kind %q", w.After.Kind).At("kind")
	case k.Log:
		return network.Errorf(network.InvalidValue, "%s is written by the store only", k.Name).At("kind")
	}
	if _, err := network.ParseID(string(id)); err != nil {
		return network.Errorf(network.InvalidValue, "%q cannot be an id", id).At("id")
	}
	if _, twice := a.at[id]; twice {
		return network.Errorf(network.InvalidValue, "%s stands twice in the batch", id).At("id")
	}
	a.at[id], a.kind[i] = i, k
	if err := w.CheckBefore(); err != nil {
		return err
	}
	if err := w.CheckErased(); err != nil {
		return err
	}
	switch w.Action {
	case store.Create:
		if w.IfVersion != 0 {
			return network.Errorf(network.InvalidValue, "a record that is created has no version before")
		}
	case store.Update, store.End, store.Restore, store.Withdraw, store.Erase:
	default:
		return network.Errorf(network.InvalidValue, "there is no action %q", w.Action)
	}
	next := *w.After
	next.Version = w.IfVersion + 1
	a.next[i] = &next
	if k.Name == network.TieRecord && network.TieKindOf(next.Str("kind")) == nil {
		return network.Errorf(network.InvalidValue, "there is no kind of tie %q", next.Str("kind")).At("kind")
	}
	return nil
}

// check holds the batches against what is there: each check over all writes of a
// batch before the next, as every engine does.
func (a *attempt) check() {
	a.keys = map[lookKey]network.ID{}
	for _, p := range a.parts {
		if p.fault == nil {
			p.fault = a.checkPart(p)
		}
	}
}

func (a *attempt) checkPart(p *part) error {
	for _, check := range []func(int) *network.Error{a.versions, a.links, a.uniques, a.backLinks} {
		for i := p.from; i < p.to; i++ {
			if err := check(i); err != nil {
				return err.At("writes", strconv.Itoa(i-p.from))
			}
		}
	}
	return nil
}

func (a *attempt) versions(i int) *network.Error {
	w, now := &a.writes[i], a.now[i]
	id := w.After.ID
	switch {
	case w.Action == store.Create && a.used[id]:
		return network.Errorf(network.Conflict, "%s exists already", id).At("id")
	case w.Action == store.Create:
		return nil
	case now == nil:
		return network.Errorf(network.NotFound, "there is no record with the id %s", id).At("id")
	case now.Kind == network.ChangeRecord:
		return network.Errorf(network.InvalidValue, "%s is written by the store only", now.Kind).At("id")
	case now.Version != w.IfVersion:
		return network.Errorf(network.Conflict, "%s is at version %d, not %d: somebody changed it", id, now.Version, w.IfVersion)
	case w.Before != nil && !w.Before.SameFields(now.Record):
		return network.Errorf(network.Conflict, "%s was read while somebody changed it", id)
	case now.Kind != a.kind[i].Name && !turns(now.Kind, a.kind[i].Name):
		return network.Errorf(network.InvalidValue, "%s is a %s and cannot become a %s", id, now.Kind, a.kind[i].Name).At("kind")
	}
	return nil
}

// turns tells whether a record of one kind can become one of another: a tie
// only becomes, and comes of, what is withdrawn.
func turns(from, to string) bool {
	return from != network.TieRecord && to != network.TieRecord || from == network.WithdrawnRecord || to == network.WithdrawnRecord
}

// kindAfter is the kind the record with the ID will have; "" when there is
// none.
func (a *attempt) kindAfter(id network.ID) string {
	if i, in := a.at[id]; in {
		return a.kind[i].Name
	}
	return a.other[id]
}

func (a *attempt) links(i int) *network.Error {
	for _, f := range a.kind[i].LeadingFields() {
		for _, id := range targets(a.next[i], f) {
			kind := a.kindAfter(id)
			if kind == "" && a.leads(i, f, id) {
				continue
			}
			if kind == "" || f.IsRef() && !slices.Contains(f.Targets, kind) || kind == network.ChangeRecord {
				return network.Errorf(network.NotFound, "%s: there is no such record with the id %s", f.Name, id).At(f.Name)
			}
		}
	}
	if a.kind[i].Name != network.TieRecord {
		return nil
	}
	for _, name := range []string{"subject", "object"} {
		if a.next[i].Str(name) == "" {
			return network.Errorf(network.Required, "a tie has a subject and an object").At(name)
		}
	}
	r := a.next[i]
	return joins(r.Str("kind"), a.kindAfter(network.ID(r.Str("subject"))), a.kindAfter(network.ID(r.Str("object"))))
}

func joins(tie, subject, object string) *network.Error {
	if network.TieKindOf(tie).Joins(subject, object) {
		return nil
	}
	return network.Errorf(network.TieNotAllowed, "%s does not lead from a %s to a %s", tie, subject, object).At("kind")
}

// targets are the IDs a field holds, each once.
func targets(r *network.Record, f *network.Field) []network.ID {
	return network.Distinct(r.IDs(f.Name))
}

// uniques lets a value change hands within the batch.
func (a *attempt) uniques(i int) *network.Error {
	for _, key := range a.uniqueKeys(i) {
		holder, taken := a.keys[key]
		for _, id := range a.taken[key] {
			if !a.within(i, id) && !taken {
				holder, taken = id, true
			}
		}
		if taken {
			return network.Errorf(network.Duplicate, "%s %q is taken: %s has it", key.field, key.value, holder).At(key.field)
		}
		a.keys[key] = a.next[i].ID
	}
	return nil
}

// backLinks checks, for a record that changes its kind, that what points to it
// may point to the new one.
func (a *attempt) backLinks(i int) *network.Error {
	next := a.next[i]
	for _, l := range a.back[next.ID] {
		if a.within(i, l.id) {
			continue // checked by links
		}
		if l.kind == network.TieRecord {
			other := l.otherKind
			if a.within(i, l.other) {
				other = a.kindAfter(l.other)
			}
			subject, object := other, next.Kind
			if l.outward {
				subject, object = next.Kind, other
			}
			if err := joins(l.rel, subject, object); err != nil {
				return err
			}
			continue
		}
		for _, f := range network.MustKind(l.kind).Fields {
			if f.Rel == l.rel && !slices.Contains(f.Targets, next.Kind) {
				return network.Errorf(network.InvalidValue, "%s cannot become a %s: %s %s points to it", next.ID, next.Kind, l.kind, l.id).At("kind")
			}
		}
	}
	return nil
}

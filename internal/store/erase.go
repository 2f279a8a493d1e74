package store

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Erasure says that a record was erased: by a write with the action [Erase], whose
// After is what [network.Record.Blank] leaves. In the same commit
//
//   - every entry of the log about the record is rewritten: before and after are
//     blank, kind, version, action, actor and time stay;
//   - the revisions of these entries lose their reasons, in all of their entries,
//     and the receipts of these revisions their fingerprints: they may tell of the
//     record too;
//   - the record is added to the erasures of the store, at the time of the commit.
//
// The commit that erases keeps its own reason.
type Erasure struct {
	ID network.ID
	At time.Time
}

// CheckErased is InvalidValue when a write erases and leaves something. Every
// engine calls it.
func (w *Write) CheckErased() *network.Error {
	if w.Action == Erase && !w.After.IsBlank() {
		return network.Errorf(network.InvalidValue, "an erased record says nothing any more")
	}
	return nil
}

// Blank is the entry as it reads once its record is erased, on the day.
func (c *Change) Blank(on network.Date) *Change {
	out := *c
	out.Reason, out.After = "", c.After.Blank(on)
	if c.Before != nil {
		out.Before = c.Before.Blank(on)
	}
	return &out
}

// Prior is the state before a write as its entry in the log has it.
func (b *Batch) Prior(w *Write, before *network.Record) *network.Record {
	if w.Action == Erase {
		return before.Blank(Erasure{At: b.At}.Day())
	}
	return before
}

// Erased are the erasures that the batch makes.
func (b *Batch) Erased() (out []Erasure) {
	for _, w := range b.Writes {
		if w.Action == Erase {
			out = append(out, Erasure{w.After.ID, b.At.UTC()})
		}
	}
	return out
}

// Day is the day of the erasure, in Tokyo.
func (e Erasure) Day() network.Date { return network.DateOf(e.At.In(network.Tokyo)) }

// MergeErasures puts lists together, in order of ID; the later time counts.
func MergeErasures(lists ...[]Erasure) []Erasure {
	latest := map[network.ID]time.Time{}
	for _, list := range lists {
		for _, e := range list {
			if at, known := latest[e.ID]; !known || at.Before(e.At) {
				latest[e.ID] = e.At.UTC()
			}
		}
	}
	out := make([]Erasure, 0, len(latest))
	for id, at := range maps.All(latest) {
		out = append(out, Erasure{id, at})
	}
	slices.SortFunc(out, func(a, b Erasure) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

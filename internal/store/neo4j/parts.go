package neo4j

import (
	"sort"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// part is a batch within an attempt: its writes are those from from to before to.
type part struct {
	b         *store.Batch
	from, to  int
	encodings func() ([]*encoded, error)
	// fault is why nothing is written of it.
	fault error
	outcome
}

// partOf is the part that a write belongs to.
func (a *attempt) partOf(i int) *part {
	return a.parts[sort.Search(len(a.parts), func(n int) bool { return a.parts[n].to > i })]
}

// within tells whether the record is written by the same part as the write.
func (a *attempt) within(i int, id network.ID) bool {
	other, is := a.at[id]
	return is && a.partOf(i) == a.partOf(other)
}

// sound are the parts that are not at fault.
func (a *attempt) sound() (out []*part) {
	for _, p := range a.parts {
		if p.fault == nil {
			out = append(out, p)
		}
	}
	return out
}

// encoded waits for what is to be stored of each part.
func (a *attempt) encoded() {
	a.enc = make([]*encoded, len(a.writes))
	for _, p := range a.parts {
		var enc []*encoded
		enc, p.fault = p.encodings()
		copy(a.enc[p.from:p.to], enc)
	}
}

// small tells whether the batch may share a transaction.
func (a *attempt) small() bool {
	b := a.parts[0].b
	return len(b.Writes) > 0 && len(b.Writes) <= smallBatch && b.Decided == nil && len(b.Erased()) == 0
}

// matters are what batches look at and change: as long as these are apart, it makes
// no difference which comes first.
type matters struct {
	written, meant map[network.ID]bool
	keys           map[lookKey]bool
	receipts       map[[2]string]bool
}

func newMatters() *matters {
	return &matters{map[network.ID]bool{}, map[network.ID]bool{}, map[lookKey]bool{}, map[[2]string]bool{}}
}

func (m *matters) add(a *attempt) {
	for i, r := range a.next {
		m.written[r.ID] = true
		for _, id := range a.meant(i) {
			m.meant[id] = true
		}
		for _, key := range a.uniqueKeys(i) {
			m.keys[key] = true
		}
	}
	if r := a.parts[0].b.Receipt; r != nil {
		m.receipts[[2]string{a.parts[0].b.Actor, r.Key}] = true
	}
}

func (m *matters) apartFrom(a *attempt) bool {
	for i, r := range a.next {
		if m.written[r.ID] || m.meant[r.ID] {
			return false
		}
		for _, id := range a.meant(i) {
			if m.written[id] {
				return false
			}
		}
		for _, key := range a.uniqueKeys(i) {
			if m.keys[key] {
				return false
			}
		}
	}
	r := a.parts[0].b.Receipt
	return r == nil || !m.receipts[[2]string{a.parts[0].b.Actor, r.Key}]
}

// meant are the records that a write refers to.
func (a *attempt) meant(i int) (out []network.ID) {
	for _, f := range a.kind[i].LeadingFields() {
		out = append(out, targets(a.next[i], f)...)
	}
	return out
}

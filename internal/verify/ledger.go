package verify

import (
	"crypto/sha256"
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// digest tells one state of a record from another.
type digest [16]byte

// digestOf hashes the fields. What is empty counts as absent, and a reference
// given twice as given once: the engines do not keep these apart.
func digestOf(r *network.Record) (digest, error) {
	plain := &network.Record{Fields: make(map[string]any, len(r.Fields))}
	for name, v := range r.Fields {
		switch list := v.(type) {
		case network.PartialDate:
			if list.IsZero() {
				continue
			}
		case []string:
			if len(list) == 0 {
				continue
			}
		case []network.DatedValue:
			if len(list) == 0 {
				continue
			}
		case []network.ID:
			if v = network.Distinct(list); len(list) == 0 {
				continue
			}
		}
		plain.Fields[name] = v
	}
	data, err := plain.MarshalFields()
	if err != nil {
		return digest{}, err
	}
	sum := sha256.Sum256(append(data, r.Kind...))
	return digest(sum[:len(digest{})]), nil
}

// state is a record as an entry of the log left it.
type state struct {
	version int64
	digest  digest
}

// ledger is what the log says: the last state of each record.
type ledger struct {
	found    func(store.Fault)
	states   map[network.ID]state
	last     *store.Change // the entry before
	commits  int64
	entries  int64
	noBefore bool // entries have no Before, as in a backup
}

// add reads the next entry of the log.
func (l *ledger) add(c *store.Change) {
	wrong := func(what string, args ...any) {
		l.found(store.Fault{Record: c.Record, Revision: c.Revision, Seq: c.Seq, What: fmt.Sprintf(what, args...)})
	}
	l.place(c, wrong)
	after, err := digestOf(c.After)
	if err != nil {
		wrong("its state after cannot be read")
	}
	before, known := l.states[c.Record]
	l.history(c, before, known, wrong)
	l.states[c.Record] = state{c.After.Version, after}
	l.entries++
	l.last = c
}

// place checks that no entry is missing before this one.
func (l *ledger) place(c *store.Change, wrong func(string, ...any)) {
	revision, seq := int64(0), -1
	if l.last != nil {
		revision, seq = l.last.Revision, l.last.Seq
	}
	switch {
	case c.Revision == revision && c.Seq == seq+1:
		if !c.At.Equal(l.last.At) || c.Actor != l.last.Actor || c.Reason != l.last.Reason {
			wrong("its time, actor or reason is not that of the entry before, in the same revision")
		}
		return
	case c.Revision == revision+1 && c.Seq == 0:
	default:
		wrong("entries are missing before it: the one before is revision %d, entry %d", revision, seq)
	}
	if c.Revision != revision {
		l.commits++
	}
}

// history checks that the entry goes on from the one before of its record.
func (l *ledger) history(c *store.Change, before state, known bool, wrong func(string, ...any)) {
	switch c.Action {
	case store.Create, store.Update, store.End, store.Restore, store.Withdraw, store.Erase:
	default:
		wrong("it has no known action")
	}
	switch {
	case c.Kind != c.After.Kind:
		wrong("it says another kind than its state after")
	case (c.Action == store.Create) == known:
		wrong("it creates a record that is there, or changes one that is not")
	case c.After.Version != before.version+1:
		wrong("version %d follows version %d", c.After.Version, before.version)
	case l.noBefore:
	case (c.Before == nil) == known:
		wrong("its state before is missing, or there should be none")
	case known:
		if d, err := digestOf(c.Before); err != nil || d != before.digest || c.Before.Version != before.version {
			wrong("its state before is not the state after of the entry before")
		}
	}
}

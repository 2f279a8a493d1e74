package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Read reads a backup from r to its end and gives each commit in order; the
// entries have no Before. An error of each ends it. InvalidValue is for what is
// no backup, is damaged, is of a newer version, or has kinds and fields that
// this program does not know and would lose.
//
// Only at the end is it known that the backup is whole: before anything is
// written by it, read it once with an each that does nothing; nil is one.
func Read(r io.Reader, each func(*Commit) error) (*Summary, error) {
	in := &reader{sum: sha256.New(), each: each, at: &Commit{}}
	if each == nil {
		in.each = func(*Commit) error { return nil }
	}
	var err error
	if in.lines, err = newLines(r); err != nil {
		return nil, err
	}
	if err := in.header(); err != nil {
		return nil, err
	}
	for !in.ended {
		if err := in.next(); err != nil {
			return nil, err
		}
	}
	if err := in.lines.end(); err != nil {
		return nil, err
	}
	return &in.summary, nil
}

type reader struct {
	lines   *lines
	sum     hash.Hash // of the lines so far
	each    func(*Commit) error
	summary Summary
	at      *Commit
	ended   bool
}

// header looks at name and version first: a newer version may have anything else
// in its header.
func (r *reader) header() error {
	text, err := r.lines.next()
	if err != nil {
		return err
	}
	var first struct {
		Header struct {
			Format  string
			Version int
		}
	}
	if err := json.Unmarshal(text, &first); err != nil || first.Header.Format != Format {
		return errNoBackup()
	}
	if v := first.Header.Version; v > Version {
		return network.Errorf(network.InvalidValue, "the backup was made by a newer musubi (format %d; this one reads up to %d): use that one", v, Version)
	}
	var l line
	if err := strictly(text, &l); err != nil || l.Header == nil || l.Header.Version < 1 || l.Header.Revision < 0 {
		return damaged("its header cannot be read")
	}
	r.summary.Header = *l.Header
	r.sum.Write(text)
	return nil
}

func (r *reader) next() error {
	text, err := r.lines.next()
	if err != nil {
		return err
	}
	var l line
	if err := strictly(text, &l); err != nil {
		return r.unreadable()
	}
	if l.End == nil {
		r.sum.Write(text)
	}
	switch {
	case l.Erased != nil:
		return r.erased(l.Erased)
	case l.Commit != nil:
		return r.commit(l.Commit)
	case l.Change != nil:
		return r.change(l.Change)
	case l.Receipt != nil:
		return r.receipt(l.Receipt)
	case l.End != nil:
		return r.end(l.End)
	}
	return r.unreadable()
}

func (r *reader) unreadable() error { return damaged("line %d cannot be read", r.lines.n) }

// done gives the commit away.
func (r *reader) done() error {
	c := r.at
	switch {
	case c.Revision == 0 && len(c.Receipts) == 0:
		return nil
	case c.Revision > 0 && len(c.Changes) == 0:
		return damaged("revision %d has no changes", c.Revision)
	}
	return r.each(c)
}

func (r *reader) erased(l *erasedLine) error {
	at, err := time.Parse(time.RFC3339Nano, l.At)
	switch {
	case err != nil || r.summary.Version < 2:
		return r.unreadable()
	case r.at.Revision > 0 || len(r.at.Receipts) > 0:
		return damaged("line %d is in the wrong place", r.lines.n)
	}
	r.summary.Erased++
	r.summary.Erasures = append(r.summary.Erasures, store.Erasure{ID: l.ID, At: at})
	return nil
}

func (r *reader) commit(l *commitLine) error {
	if l.Revision != r.at.Revision+1 {
		return damaged("revision %d stands after revision %d", l.Revision, r.at.Revision)
	}
	if err := r.done(); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, l.At)
	if err != nil {
		return r.unreadable()
	}
	r.summary.Commits++
	r.at = &Commit{Revision: l.Revision, At: at, Actor: l.Actor, Reason: l.Reason}
	return nil
}

func (r *reader) change(l *changeLine) error {
	if r.at.Revision == 0 || len(r.at.Receipts) > 0 {
		return damaged("line %d is in the wrong place", r.lines.n)
	}
	k := network.KindOf(l.Kind)
	if k == nil || k.Log {
		return r.unknown("kind", l.Kind)
	}
	if names := k.Unknown(l.After); len(names) > 0 {
		return r.unknown("field", l.Kind+"."+strings.Join(names, ", "))
	}
	after := &network.Record{ID: l.ID, Kind: l.Kind, Version: l.Version}
	if err := after.UnmarshalFields(l.After); err != nil || l.Version < 1 {
		return r.unreadable()
	}
	r.summary.Changes++
	r.at.Changes = append(r.at.Changes, &store.Change{Revision: r.at.Revision, Seq: len(r.at.Changes), At: r.at.At, Actor: r.at.Actor, Reason: r.at.Reason,
		Action: l.Action, Record: l.ID, Kind: l.Kind, After: after})
	return nil
}

func (r *reader) unknown(what, name string) error {
	return network.Errorf(network.InvalidValue, "line %d of the backup has the %s %s, which this musubi does not know and would lose: use the one that made the backup, or a newer one", r.lines.n, what, name)
}

func (r *reader) receipt(l *receiptLine) error {
	at, err := time.Parse(time.RFC3339Nano, l.At)
	if err != nil {
		return r.unreadable()
	}
	r.summary.Receipts++
	r.at.Receipts = append(r.at.Receipts, &store.Receipt{Actor: l.Actor, Key: l.Key, Fingerprint: l.Fingerprint, Outcome: l.Outcome, Revision: r.at.Revision, At: at})
	return nil
}

func (r *reader) end(l *endLine) error {
	switch {
	case l.Counts != r.summary.Counts || r.at.Revision != r.summary.Revision:
		return damaged("it has not as many lines as its last one says")
	case l.SHA256 != hex.EncodeToString(r.sum.Sum(nil)):
		return damaged("its check sum is another than its last line says")
	}
	r.ended = true
	return r.done()
}

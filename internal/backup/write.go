package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"time"

	"github.com/musubi-map/musubi/internal/store"
)

// Write writes the source as it is at one revision, the present one, to w. kind
// and now are for the header. It fails with Internal when the log has a hole: no
// backup could be restored then. What was written before an error is not a
// backup, and is refused as one.
func Write(ctx context.Context, w io.Writer, src Source, kind string, now time.Time) (*Summary, error) {
	// Before the log is read: what is erased meanwhile may still be in the backup,
	// which must not say that it is not.
	erasures, err := src.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	head, err := src.Head(ctx)
	if err != nil {
		return nil, err
	}
	out := newWriter(w)
	header := Header{Format: Format, Version: Version, CreatedAt: now.UTC().Truncate(time.Second), Store: kind, Revision: head}
	if err := out.line(line{Header: &header}); err != nil {
		return nil, err
	}
	for _, e := range erasures {
		out.counts.Erased++
		if err := out.line(line{Erased: &erasedLine{e.ID, timeText(e.At)}}); err != nil {
			return nil, err
		}
	}
	for c, err := range commitsOf(ctx, src, head) {
		if err != nil {
			return nil, err
		}
		if err := out.commit(c); err != nil {
			return nil, err
		}
	}
	if err := out.close(); err != nil {
		return nil, err
	}
	return &Summary{Header: header, Counts: out.counts, Erasures: erasures}, nil
}

// writer writes lines. Compression is set for speed: the log is repetitive.
type writer struct {
	buffer *bufio.Writer
	zip    *gzip.Writer
	sum    hash.Hash
	text   bytes.Buffer
	json   *json.Encoder // into text
	counts Counts
}

func newWriter(to io.Writer) *writer {
	w := &writer{buffer: bufio.NewWriterSize(to, 1<<16), sum: sha256.New()}
	w.zip, _ = gzip.NewWriterLevel(w.buffer, gzip.BestSpeed) // the level exists
	w.json = json.NewEncoder(&w.text)
	return w
}

func (w *writer) line(l line) error {
	w.text.Reset()
	if err := w.json.Encode(l); err != nil {
		return err
	}
	w.sum.Write(w.text.Bytes())
	_, err := w.zip.Write(w.text.Bytes())
	return err
}

func (w *writer) commit(c *Commit) error {
	if c.Revision > 0 {
		w.counts.Commits++
		if err := w.line(line{Commit: &commitLine{Revision: c.Revision, At: timeText(c.At), Actor: c.Actor, Reason: c.Reason}}); err != nil {
			return err
		}
	}
	for _, e := range c.Changes {
		w.counts.Changes++
		if err := w.change(e); err != nil {
			return err
		}
	}
	for _, r := range c.Receipts {
		w.counts.Receipts++
		if err := w.line(line{Receipt: &receiptLine{Actor: r.Actor, Key: r.Key, Fingerprint: r.Fingerprint, Outcome: r.Outcome, At: timeText(r.At)}}); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) change(e *store.Change) error {
	after, err := e.After.MarshalFields()
	if err != nil {
		return err
	}
	return w.line(line{Change: &changeLine{Action: e.Action, ID: e.Record, Kind: e.Kind, Version: e.After.Version, After: after}})
}

// timeText loses nothing: a store keeps times to the nanosecond, in UTC.
func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (w *writer) close() error {
	if err := w.line(line{End: &endLine{Counts: w.counts, SHA256: hex.EncodeToString(w.sum.Sum(nil))}}); err != nil {
		return err
	}
	if err := w.zip.Close(); err != nil {
		return err
	}
	return w.buffer.Flush()
}

package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/musubi-map/musubi/internal/network"
)

// Inspector shows how an engine keeps its records and its log, for those who
// hold one against the other. It sees everything, whoever asks.
type Inspector interface {
	Head(ctx context.Context) (int64, error)
	Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*Change, error]
	Receipts(ctx context.Context, since int64) iter.Seq2[*Receipt, error]
	Erasures(ctx context.Context) ([]Erasure, error)
	// Inspect reads records as they are kept, those with the IDs or, with nil,
	// all, in any order, and tells found of each thing by which one is not kept
	// as this program would. A record that cannot be read is told of and left
	// out. While others write, records are of different revisions.
	Inspect(ctx context.Context, ids []network.ID, found func(Fault)) iter.Seq2[*network.Record, error]
	// Sound tells found what is wrong apart from single records: in the file or
	// database, its schema, the entries of the log.
	Sound(ctx context.Context, found func(Fault)) error
}

// Fault is something found wrong in a store. It names records by ID and holds
// no value of a field.
type Fault struct {
	// Record is the record at fault, "" when it is none or not a single one.
	Record network.ID
	// Revision and Seq are those of the log entry at fault; Revision is 0 when
	// it is none.
	Revision int64
	Seq      int
	// What is an English sentence without a full stop.
	What string
}

// String is the place and what is wrong there, on one line.
func (f Fault) String() string {
	switch {
	case f.Revision != 0 && f.Record != "":
		return fmt.Sprintf("revision %d, entry %d, record %s: %s", f.Revision, f.Seq, f.Record, f.What)
	case f.Revision != 0:
		return fmt.Sprintf("revision %d, entry %d: %s", f.Revision, f.Seq, f.What)
	case f.Record != "":
		return fmt.Sprintf("record %s: %s", f.Record, f.What)
	}
	return f.What
}

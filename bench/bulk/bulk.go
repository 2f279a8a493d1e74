// Package bulk brings long streams of records into either store, with their log.
package bulk

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Rows is how many records make a batch, and a revision.
const Rows = 10_000

// Report says what was written and how long it took.
type Report struct {
	Records, Ties int // ties are not among the records
	// Writing is the time for the batches or, before an import, for the files.
	Writing, Importing, Settling time.Duration
	Revision                     int64
}

// Took is all of the time.
func (r *Report) Took() time.Duration { return r.Writing + r.Importing + r.Settling }

// TiesAMinute counts the time for all records against the ties.
func (r *Report) TiesAMinute() int64 { return int64(float64(r.Ties) / max(r.Took().Minutes(), 1e-9)) }

func (r *Report) String() string {
	return fmt.Sprintf("%d records and %d ties with their log in %.1f s (%d ties a minute): written %.1f s, imported %.1f s, settled %.1f s; revision %d",
		r.Records, r.Ties, r.Took().Seconds(), r.TiesAMinute(), r.Writing.Seconds(), r.Importing.Seconds(), r.Settling.Seconds(), r.Revision)
}

// Load applies the records to an empty store: the batches are checked like any
// other. It stops at the first error; what was written by then stays.
func Load(ctx context.Context, s store.Store, records iter.Seq[*network.Record]) (*Report, error) {
	return inBatches(records, func(b *store.Batch) (int64, error) {
		applied, err := s.Apply(ctx, b)
		if err != nil {
			return 0, err
		}
		return applied.Revision, nil
	})
}

// inBatches hands the records on, ties apart from all others.
func inBatches(records iter.Seq[*network.Record], write func(*store.Batch) (int64, error)) (*Report, error) {
	r := &Report{}
	var rows []store.Write
	ties := false
	flush := func() (err error) {
		if len(rows) == 0 {
			return nil
		}
		began := time.Now()
		r.Revision, err = write(&store.Batch{Actor: "bench", Reason: "計測", At: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), Writes: rows})
		r.Writing += time.Since(began)
		if ties {
			r.Ties += len(rows)
		} else {
			r.Records += len(rows)
		}
		rows = rows[:0]
		return err
	}
	for record := range records {
		isTie := record.Kind == network.TieRecord
		if len(rows) >= Rows || isTie != ties && len(rows) > 0 {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		ties = isTie
		rows = append(rows, store.Write{Action: store.Create, After: record})
	}
	return r, flush()
}

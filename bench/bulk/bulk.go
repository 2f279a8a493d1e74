// Package bulk writes long streams of records into either store, with their log.
//
// Neo4j is filled by neo4j.Store.Fill, the embedded store by Apply: its batches are
// checked like any other, and the file is valid after each of them.
package bulk

import (
	"context"
	"iter"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// Rows is how many records make a batch, and a revision.
const Rows = 10_000

// filler is a store with a way of its own for new records.
type filler interface {
	Fill(ctx context.Context, b *store.Batch) (*store.Applied, error)
	Settle(ctx context.Context) error
}

var _ filler = (*neo4j.Store)(nil)

// Report says what was written and how long it took.
type Report struct {
	Records, Ties         int
	ForRecords, ForTies   time.Duration // ties apart from all others
	Settling              time.Duration
	TiesAMinute, Revision int64
}

// Load writes the records into an empty store. It stops at the first error; what
// was written by then stays.
func Load(ctx context.Context, s store.Store, records iter.Seq[*network.Record]) (*Report, error) {
	l := &loader{write: s.Apply}
	if f, ok := s.(filler); ok {
		l.write = f.Fill
	}
	for r := range records {
		isTie := r.Kind == network.TieRecord
		if len(l.rows) >= Rows || isTie != l.ties && len(l.rows) > 0 {
			if err := l.flush(ctx); err != nil {
				return nil, err
			}
		}
		l.ties = isTie
		l.rows = append(l.rows, store.Write{Action: store.Create, After: r})
	}
	if err := l.flush(ctx); err != nil {
		return nil, err
	}
	if f, ok := s.(filler); ok {
		began := time.Now()
		if err := f.Settle(ctx); err != nil {
			return nil, err
		}
		l.Settling = time.Since(began)
	}
	l.TiesAMinute = int64(float64(l.Ties) / max(l.ForTies.Minutes(), 1e-9))
	return &l.Report, nil
}

type loader struct {
	Report
	write func(context.Context, *store.Batch) (*store.Applied, error)
	rows  []store.Write
	ties  bool
}

func (l *loader) flush(ctx context.Context) error {
	if len(l.rows) == 0 {
		return nil
	}
	began := time.Now()
	applied, err := l.write(ctx, &store.Batch{Actor: "bench", Reason: "計測", At: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), Writes: l.rows})
	if err != nil {
		return err
	}
	if l.Revision = applied.Revision; l.ties {
		l.Ties, l.ForTies = l.Ties+len(l.rows), l.ForTies+time.Since(began)
	} else {
		l.Records, l.ForRecords = l.Records+len(l.rows), l.ForRecords+time.Since(began)
	}
	l.rows = l.rows[:0]
	return nil
}

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const (
	putErasure    = `INSERT INTO erasures (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE excluded.at > at`
	blankChange   = `UPDATE changes SET before = ?, after = ? WHERE revision = ? AND seq = ?`
	blankReasons  = `UPDATE changes SET reason = '' WHERE reason <> '' AND revision IN (SELECT value FROM json_each(?))`
	blankReceipts = `UPDATE receipts SET fingerprint = '' WHERE revision IN (SELECT value FROM json_each(?))`

	// erasedAt sorts as text: all fractions have nine digits.
	erasedAt = "2006-01-02T15:04:05.000000000Z"
)

// erase writes what a commit changes of what was kept before it.
func erase(ctx context.Context, tx *sql.Tx, e *memory.Erased) error {
	if e == nil {
		return nil
	}
	for _, x := range e.Records {
		if _, err := tx.ExecContext(ctx, putErasure, string(x.ID), x.At.UTC().Format(erasedAt)); err != nil {
			return err
		}
	}
	if len(e.Entries) == 0 {
		return nil
	}
	for _, c := range e.Entries {
		if err := eraseEntry(ctx, tx, c); err != nil {
			return err
		}
	}
	revisions, err := json.Marshal(e.Revisions)
	if err != nil {
		return err
	}
	for _, text := range []string{blankReasons, blankReceipts} {
		if _, err := tx.ExecContext(ctx, text, string(revisions)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, putMeta, metaScrub, "1")
	return err
}

func eraseEntry(ctx context.Context, tx *sql.Tx, c *store.Change) error {
	after, err := c.After.MarshalFields()
	if err != nil {
		return err
	}
	var before any
	if c.Before != nil {
		fields, err := c.Before.MarshalFields()
		if err != nil {
			return err
		}
		before = string(fields)
	}
	_, err = tx.ExecContext(ctx, blankChange, before, string(after), c.Revision, c.Seq)
	return err
}

// Scrub writes the file anew, so that pages hold nothing that is not in it any
// more, and empties the -wal file. It takes as much room on the disk again as the
// data, for as long as it takes; writes wait, readers do not. While somebody
// else reads the file, a backup for instance, it is Unavailable.
func (s *Store) Scrub(ctx context.Context) (bool, error) {
	f := s.file
	if f.broken.Load() {
		return false, f.errBroken()
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := f.db.ExecContext(ctx, "VACUUM"); err != nil {
		return false, unscrubbed(err)
	}
	var busy, log, moved int
	if err := f.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		return false, unscrubbed(err)
	}
	if busy != 0 {
		return false, network.Errorf(network.Unavailable, "what was erased is still in the data file: somebody is reading it, a backup for instance; do it again when that has ended")
	}
	if _, err := f.db.ExecContext(ctx, putMeta, metaScrub, "0"); err != nil {
		return false, unscrubbed(err)
	}
	return true, nil
}

func unscrubbed(err error) *network.Error {
	return network.Errorf(network.Unavailable, "what was erased is still in the data file, which could not be written anew: %s; do it again", remedy(err))
}

// hasErasures tells whether the erasures, the last ones tried, are in the file.
func (f *file) hasErasures(ctx context.Context, list []store.Erasure) (bool, error) {
	kept, err := erasuresIn(ctx, f.db)
	return err == nil && len(store.MergeErasures(kept, list)) == len(kept), err
}

// rowsQueryer is a database or a transaction.
type rowsQueryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func erasuresIn(ctx context.Context, q rowsQueryer) ([]store.Erasure, error) {
	rows, err := q.QueryContext(ctx, selectErasures)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []store.Erasure
	for rows.Next() {
		var e store.Erasure
		var at string
		if err := rows.Scan(&e.ID, &at); err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// Erasures are the records that were erased.
func (r *Reader) Erasures(ctx context.Context) ([]store.Erasure, error) {
	if r.schema < schemaWithErasures {
		return nil, nil
	}
	list, err := erasuresIn(ctx, r.tx)
	return list, r.failed(ctx, err)
}

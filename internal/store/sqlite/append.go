package sqlite

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const (
	putRecord = `INSERT INTO records (id, kind, version, fields) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, version = excluded.version, fields = excluded.fields`
	putChange = `INSERT INTO changes (revision, seq, at, actor, reason, action, record, kind, version, kind_before, before, after)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	putReceipt = `INSERT INTO receipts (actor, key, fingerprint, outcome, revision, at) VALUES (?, ?, ?, ?, ?, ?)`
	putMeta    = `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
)

// Append writes a commit in one transaction. Once begun it goes to its end,
// whatever becomes of the context: there is no doubt about what was written.
func (f *file) Append(ctx context.Context, c memory.Commit) error {
	if f.broken.Load() {
		return f.errBroken()
	}
	if err := f.places.check(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return unwritten(err)
	}
	if err := write(ctx, tx, c); err != nil {
		_ = tx.Rollback()
		return unwritten(err)
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return f.settle(ctx, c, err)
	}
	if err := f.places.check(); err != nil { // it went meanwhile, with the commit
		f.broken.Store(true)
		return err
	}
	return nil
}

// settle finds out whether a commit that reported an error is in the file.
func (f *file) settle(ctx context.Context, c memory.Commit, cause error) error {
	// The driver may leave the transaction open when COMMIT fails.
	_, _ = f.db.ExecContext(ctx, "ROLLBACK")
	there, err := f.has(ctx, c)
	switch {
	case err != nil:
		f.broken.Store(true)
		return network.Errorf(network.OutcomeUnknown, "the data file failed during the commit, and cannot be asked what became of it (%v): the write may have been made; restart, and look before you try again, or try again with the same idempotencyKey", cause)
	case there:
		return nil
	}
	return unwritten(cause)
}

// has tells whether the commit, the last one tried, is in the file.
func (f *file) has(ctx context.Context, c memory.Commit) (bool, error) {
	if len(c.Changes) == 0 && c.Receipt == nil {
		return f.hasErasures(ctx, c.Erased.Records)
	}
	if len(c.Changes) == 0 {
		var n int
		err := f.db.QueryRowContext(ctx, `SELECT count(*) FROM receipts WHERE actor = ? AND key = ?`, c.Receipt.Actor, c.Receipt.Key).Scan(&n)
		return n == 1, err
	}
	head, err := f.meta(ctx, metaRevision)
	return head == c.Revision, err
}

func write(ctx context.Context, tx *sql.Tx, c memory.Commit) error {
	record, err := tx.PrepareContext(ctx, putRecord)
	if err != nil {
		return err
	}
	change, err := tx.PrepareContext(ctx, putChange)
	if err != nil {
		return err
	}
	for _, e := range c.Changes {
		if err := writeChange(ctx, record, change, e); err != nil {
			return err
		}
	}
	if err := erase(ctx, tx, c.Erased); err != nil {
		return err
	}
	if r := c.Receipt; r != nil {
		if _, err := tx.ExecContext(ctx, putReceipt, r.Actor, r.Key, r.Fingerprint, r.Outcome, r.Revision, r.At.Format(time.RFC3339Nano)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, putMeta, metaRevision, strconv.FormatInt(c.Revision, 10))
	return err
}

func writeChange(ctx context.Context, record, change *sql.Stmt, e *store.Change) error {
	after, err := e.After.MarshalFields()
	if err != nil {
		return err
	}
	var before, kindBefore any
	if e.Before != nil {
		fields, err := e.Before.MarshalFields()
		if err != nil {
			return err
		}
		before, kindBefore = string(fields), e.Before.Kind
	}
	if _, err := record.ExecContext(ctx, string(e.Record), e.Kind, e.After.Version, string(after)); err != nil {
		return err
	}
	_, err = change.ExecContext(ctx, e.Revision, e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Reason,
		string(e.Action), string(e.Record), e.Kind, e.After.Version, kindBefore, before, string(after))
	return err
}

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const (
	selectRecords = `SELECT id, kind, version, fields FROM records`
	selectChanges = `SELECT revision, seq, at, actor, reason, action, record, kind, version, kind_before, before, after FROM changes`
	inOrder       = ` ORDER BY revision, seq`

	selectErasures = `SELECT id, at FROM erasures ORDER BY id`

	selectReceipts = `SELECT actor, key, fingerprint, outcome, revision, at FROM receipts`
)

// load reads the file into memory.
func (s *Store) load(ctx context.Context) error {
	head, err := s.file.meta(ctx, metaRevision)
	if err != nil {
		return fmt.Errorf("sqlite: revision of %s: %w", s.file.path, err)
	}
	receipts, err := s.file.receipts(ctx)
	if err != nil {
		return fmt.Errorf("sqlite: receipts of %s: %w", s.file.path, err)
	}
	erasures, err := erasuresIn(ctx, s.file.db)
	if err != nil {
		return fmt.Errorf("sqlite: erasures of %s: %w", s.file.path, err)
	}
	var last int64
	err = s.Restore(memory.Kept{Head: head, Receipts: receipts, Erasures: erasures,
		Records: query(ctx, s.file.db, selectRecords, keptRecord),
		Entries: query(ctx, s.file.db, selectChanges+inOrder, func(rows *sql.Rows) (memory.KeptEntry, error) {
			e, err := keptEntry(rows)
			last = e.Revision
			return e, err
		})})
	if err != nil {
		return fmt.Errorf("sqlite: %s: %w", s.file.path, err)
	}
	if last != head {
		return network.Errorf(network.Internal, "the log of %s does not end at revision %d", s.file.path, head)
	}
	return nil
}

// query reads rows one by one.
func query[T any](ctx context.Context, db *sql.DB, text string, scan func(*sql.Rows) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, text)
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			v, err := scan(rows)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

func keptRecord(rows *sql.Rows) (r memory.KeptRecord, err error) {
	err = rows.Scan((*string)(&r.ID), &r.Kind, &r.Version, &r.Fields)
	return r, err
}

func keptEntry(rows *sql.Rows) (e memory.KeptEntry, err error) {
	var kind, before sql.NullString
	err = rows.Scan(&e.Revision, &e.Seq, &e.At, &e.Actor, &e.Reason, &e.Action, (*string)(&e.After.ID), &e.After.Kind, &e.After.Version, &kind, &before, &e.After.Fields)
	e.KindBefore, e.Before = kind.String, before.String
	return e, err
}

func (f *file) receipts(ctx context.Context) ([]*store.Receipt, error) {
	rows, err := f.db.QueryContext(ctx, selectReceipts)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*store.Receipt
	for rows.Next() {
		r, err := scanReceipt(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func scanReceipt(rows *sql.Rows) (*store.Receipt, error) {
	r := &store.Receipt{}
	var at string
	if err := rows.Scan(&r.Actor, &r.Key, &r.Fingerprint, &r.Outcome, &r.Revision, &at); err != nil {
		return nil, err
	}
	var err error
	r.At, err = time.Parse(time.RFC3339Nano, at)
	return r, err
}

// scanChange reads an entry of the log, with the whole record before and after.
func scanChange(rows *sql.Rows) (*store.Change, error) {
	c := &store.Change{}
	var at string
	var version int64
	var kindBefore sql.NullString
	var before, after []byte
	err := rows.Scan(&c.Revision, &c.Seq, &at, &c.Actor, &c.Reason, &c.Action, &c.Record, &c.Kind, &version, &kindBefore, &before, &after)
	if err != nil {
		return nil, err
	}
	if c.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return nil, err
	}
	if kindBefore.Valid {
		if c.Before, err = state(c.Record, kindBefore.String, version-1, before); err != nil {
			return nil, err
		}
	}
	c.After, err = state(c.Record, c.Kind, version, after)
	return c, err
}

// state is the record in a version, as it is written down.
func state(id network.ID, kind string, version int64, fields []byte) (*network.Record, error) {
	r := &network.Record{ID: id, Kind: kind, Version: version}
	if err := r.UnmarshalFields(fields); err != nil {
		return nil, fmt.Errorf("record %s, version %d: %w", id, version, err)
	}
	return r, nil
}

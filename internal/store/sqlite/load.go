package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const (
	selectRecords = `SELECT id, kind, version, fields FROM records`
	selectChanges = `SELECT revision, seq, at, actor, reason, action, record, kind, version, kind_before, before, after FROM changes`
	inOrder       = ` ORDER BY revision, seq`

	selectReceipts = `SELECT actor, key, fingerprint, outcome, revision, at FROM receipts`
)

// load reads the file into memory.
func (s *Store) load(ctx context.Context) error {
	head, err := s.file.meta(ctx, metaRevision)
	if err != nil {
		return fmt.Errorf("sqlite: revision of %s: %w", s.file.path, err)
	}
	records, byID, err := s.file.records(ctx)
	if err != nil {
		return fmt.Errorf("sqlite: records of %s: %w", s.file.path, err)
	}
	changes, err := s.file.changes(ctx, byID)
	if err != nil {
		return fmt.Errorf("sqlite: log of %s: %w", s.file.path, err)
	}
	if n := len(changes); n > 0 && changes[n-1].Revision != head || n == 0 && head != 0 {
		return network.Errorf(network.Internal, "the log of %s does not end at revision %d", s.file.path, head)
	}
	receipts, err := s.file.receipts(ctx)
	if err != nil {
		return fmt.Errorf("sqlite: receipts of %s: %w", s.file.path, err)
	}
	return s.Restore(memory.Kept{Head: head, Records: records, Changes: changes, Receipts: receipts})
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

func (f *file) records(ctx context.Context) ([]*network.Record, map[network.ID]*network.Record, error) {
	rows, err := f.db.QueryContext(ctx, selectRecords+" ORDER BY id")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*network.Record
	byID := map[network.ID]*network.Record{}
	for rows.Next() {
		r := &network.Record{}
		var fields []byte
		if err := rows.Scan(&r.ID, &r.Kind, &r.Version, &fields); err != nil {
			return nil, nil, err
		}
		if err := r.UnmarshalFields(fields); err != nil {
			return nil, nil, fmt.Errorf("record %s: %w", r.ID, err)
		}
		list = append(list, r)
		byID[r.ID] = r
	}
	return list, byID, rows.Err()
}

// changes reads the log. States that are still the present one, or that the
// entry before has, are shared with it.
func (f *file) changes(ctx context.Context, present map[network.ID]*network.Record) ([]*store.Change, error) {
	rows, err := f.db.QueryContext(ctx, selectChanges+inOrder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*store.Change
	last := map[network.ID]*network.Record{}
	for rows.Next() {
		c, err := scanChange(rows, present, last)
		if err != nil {
			return nil, err
		}
		last[c.Record] = c.After
		list = append(list, c)
	}
	return list, rows.Err()
}

func scanChange(rows *sql.Rows, present, last map[network.ID]*network.Record) (*store.Change, error) {
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
		if c.Before, err = state(last[c.Record], c.Record, kindBefore.String, version-1, before); err != nil {
			return nil, err
		}
	}
	c.After, err = state(present[c.Record], c.Record, c.Kind, version, after)
	return c, err
}

// state is the record in a version: the one at hand when it is that, else the
// one written down.
func state(at *network.Record, id network.ID, kind string, version int64, fields []byte) (*network.Record, error) {
	if at != nil && at.Version == version && at.Kind == kind {
		return at, nil
	}
	r := &network.Record{ID: id, Kind: kind, Version: version}
	if err := r.UnmarshalFields(fields); err != nil {
		return nil, fmt.Errorf("record %s, version %d: %w", id, version, err)
	}
	return r, nil
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Reader reads a data file as it is at one revision, entry by entry: it holds
// nothing in memory, takes no lock that a store would wait for, and writes
// nothing to the map, so a store may have the file open and go on writing. What
// is written later is not seen. Make it with [OpenReader]; use it from one
// goroutine.
type Reader struct {
	db *sql.DB
	tx *sql.Tx
	f  *file
	// schema is that of the file, which may be an older one.
	schema int
}

var _ store.Inspector = (*Reader)(nil)

// OpenReader opens the file at path for reading. It fails with NotFound when
// there is no map in it and with InvalidValue when it is of another program or
// of a newer schema. While a reader is open, SQLite cannot shorten the -wal file
// beside the data: close it soon.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, errNoMap(path)
	} else if err != nil {
		return nil, network.Errorf(network.Unavailable, "the data file cannot be opened: %v", err)
	}
	settings := url.Values{"mode": {"ro"}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", defaultBusyTimeout), "query_only(1)"}}
	db, err := sql.Open("sqlite", "file:"+escape(path)+"?"+settings.Encode())
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	r := &Reader{db: db, f: &file{db: db, path: path}}
	if err := r.begin(ctx, path); err != nil {
		return nil, errors.Join(err, r.Close(ctx))
	}
	return r, nil
}

// begin takes the snapshot: SQLite does at the first read of a transaction.
func (r *Reader) begin(ctx context.Context, path string) (err error) {
	if r.tx, err = r.db.BeginTx(context.WithoutCancel(ctx), nil); err != nil {
		return network.Errorf(network.Unavailable, "the data file %s cannot be read: %v", path, err)
	}
	if r.schema, err = r.f.schemaOf(ctx, r.tx); err == nil && r.schema == 0 {
		return errNoMap(path)
	}
	return err
}

func errNoMap(path string) error {
	return network.Errorf(network.NotFound, "there is no map in %s", path)
}

// Close ends the reading.
func (r *Reader) Close(context.Context) error {
	if r.tx != nil {
		_ = r.tx.Rollback()
	}
	if err := r.db.Close(); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}

// Head is the revision that is read.
func (r *Reader) Head(ctx context.Context) (int64, error) {
	head, err := metaNumber(ctx, r.tx, metaRevision)
	return head, r.failed(ctx, err)
}

// Changes reads the log after since.
func (r *Reader) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return each(ctx, r, selectChanges+" WHERE revision > ?"+inOrder, []any{since}, func(rows *sql.Rows) (*store.Change, error) {
		c, err := scanChange(rows)
		if err != nil || !v.Sees(c.Visibility()) {
			return nil, err
		}
		return c, nil
	})
}

// Receipts reads the receipts left after since.
func (r *Reader) Receipts(ctx context.Context, since int64) iter.Seq2[*store.Receipt, error] {
	if r.schema < schemaWithReceipts {
		return func(func(*store.Receipt, error) bool) {}
	}
	// As texts, times would stand in order but for the Z at their end.
	return each(ctx, r, selectReceipts+" WHERE revision > ? ORDER BY revision, rtrim(at, 'Z'), actor, key", []any{since}, scanReceipt)
}

// failed gives an error of SQLite the code that callers understand.
func (r *Reader) failed(ctx context.Context, err error) error {
	var own *network.Error
	switch {
	case err == nil, errors.As(err, &own):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return network.Errorf(network.Timeout, "the time limit passed")
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return network.Errorf(network.Unavailable, "the data file %s cannot be read: %v", r.f.path, err)
}

// each yields what scan makes of the rows, but for nil.
func each[T any](ctx context.Context, r *Reader, query string, args []any, scan func(*sql.Rows) (*T, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		rows, err := r.tx.QueryContext(ctx, query, args...)
		if err != nil {
			yield(nil, r.failed(ctx, err))
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				yield(nil, network.Errorf(network.Internal, "the data file %s has a row that cannot be read; run verify", r.f.path))
				return
			}
			if v != nil && !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, r.failed(ctx, err))
		}
	}
}

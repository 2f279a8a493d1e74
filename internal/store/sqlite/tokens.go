package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// TokenFile is the API tokens in a data file. It does not touch the map in it, so
// a [Store] may have the file open, in this process or another. Make it with
// [OpenTokens].
type TokenFile struct {
	// db is a connection of its own: a long write of the map keeps nobody out.
	db   *sql.DB
	path string
}

var _ store.TokenStore = (*TokenFile)(nil)

func createTokens(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
CREATE TABLE IF NOT EXISTS tokens (
	id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, role TEXT NOT NULL, organizations TEXT NOT NULL,
	created TEXT NOT NULL, expires TEXT NOT NULL, revoked TEXT
) STRICT, WITHOUT ROWID`)
	return err
}

// OpenTokens opens the tokens in the file at path. A file that is missing is made,
// and one of an older musubi brought up to date, for which nobody else may have it
// open (Unavailable).
func OpenTokens(ctx context.Context, path string) (*TokenFile, error) {
	if !present(ctx, path) {
		if err := bring(ctx, path); err != nil {
			return nil, err
		}
	}
	path, err := realFile(path)
	if err != nil {
		return nil, err
	}
	return tokensIn(path, Options{})
}

// present tells whether there is a file of the present schema.
func present(ctx context.Context, path string) bool {
	r, err := OpenReader(ctx, path)
	if err != nil {
		return false
	}
	defer func() { _ = r.Close(ctx) }()
	return r.schema == len(migrations)
}

// bring makes the file, or brings it to the present schema.
func bring(ctx context.Context, path string) error {
	path, err := realFile(path)
	if err != nil {
		return err
	}
	unlock, err := lock(path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	db, err := connect(path, Options{})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return (&file{db: db, path: path}).setUp(ctx)
}

// tokensIn are the tokens of a file that is there; it is opened at the first use.
func tokensIn(path string, o Options) (*TokenFile, error) {
	db, err := connect(path, o)
	if err != nil {
		return nil, err
	}
	return &TokenFile{db, path}, nil
}

// Close closes the file.
func (f *TokenFile) Close(context.Context) error {
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}

// AddToken keeps a new token.
func (f *TokenFile) AddToken(ctx context.Context, t *store.Token) error {
	t = t.Clone()
	organizations, err := json.Marshal(append([]network.ID{}, t.Organizations...))
	if err != nil {
		return err
	}
	done, err := f.db.ExecContext(ctx, `INSERT INTO tokens (id, name, hash, role, organizations, created, expires, revoked)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, t.ID, t.Name, t.Hash, t.Role.String(), string(organizations),
		t.Created.Format(time.RFC3339), t.Expires.Format(time.RFC3339), instant(t.Revoked))
	return f.one(ctx, done, err, store.ErrTokenTaken())
}

// RevokeToken ends a token.
func (f *TokenFile) RevokeToken(ctx context.Context, id string, at time.Time) error {
	done, err := f.db.ExecContext(ctx, `UPDATE tokens SET revoked = coalesce(revoked, ?) WHERE id = ?`, instant(at), id)
	return f.one(ctx, done, err, store.ErrNoToken())
}

// instant is a time in the file, NULL for none.
func instant(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Format(time.RFC3339)
}

// one is otherwise when a statement has not changed one row.
func (f *TokenFile) one(ctx context.Context, done sql.Result, err error, otherwise *network.Error) error {
	if err != nil {
		return f.failed(ctx, err)
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return otherwise
	}
	return nil
}

// Tokens are all that were ever added.
func (f *TokenFile) Tokens(ctx context.Context) ([]*store.Token, error) {
	rows, err := f.db.QueryContext(ctx, `SELECT id, name, hash, role, organizations, created, expires, coalesce(revoked, '') FROM tokens ORDER BY created, id`)
	if err != nil {
		return nil, f.failed(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	out := []*store.Token{}
	for rows.Next() {
		t, err := scanToken(rows)
		if err != nil {
			return nil, network.Errorf(network.Internal, "the data file %s has a token that cannot be read", f.path)
		}
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, f.failed(ctx, err)
	}
	return out, nil
}

func scanToken(rows *sql.Rows) (*store.Token, error) {
	t := &store.Token{}
	var role, organizations, created, expires, revoked string
	err := rows.Scan(&t.ID, &t.Name, &t.Hash, &role, &organizations, &created, &expires, &revoked)
	if err != nil {
		return nil, err
	}
	if t.Role, err = network.ParseRole(role); err != nil {
		return nil, err
	}
	if err = json.Unmarshal([]byte(organizations), &t.Organizations); err != nil {
		return nil, err
	}
	if len(t.Organizations) == 0 {
		t.Organizations = nil
	}
	if t.Created, err = time.Parse(time.RFC3339, created); err != nil {
		return nil, err
	}
	if t.Expires, err = time.Parse(time.RFC3339, expires); err != nil || revoked == "" {
		return t, err
	}
	t.Revoked, err = time.Parse(time.RFC3339, revoked)
	return t, err
}

// failed gives an error of SQLite the code that callers understand.
func (f *TokenFile) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return network.Errorf(network.Unavailable, "the tokens in the data file %s cannot be reached: %s", f.path, remedy(err))
}

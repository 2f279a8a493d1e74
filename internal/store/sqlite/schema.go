package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// The keys of the table meta.
const (
	metaSchema   = "schema"   // how many of the migrations the file has seen
	metaRevision = "revision" // of the last commit
	metaViews    = "views"    // names of the views made by us, a JSON list
	metaScrub    = "scrub"    // 1: something was erased, and the file not yet written anew
)

// migrations bring a file from schema i to i+1. They are never changed once
// released; new ones are added at the end.
var migrations = []func(ctx context.Context, tx *sql.Tx) error{
	createTables,
	createReceipts,
	createTokens,
	createErasures,
}

// The first schemas of a file that has receipts, and erasures.
const (
	schemaWithReceipts = 2
	schemaWithErasures = 4
)

func createErasures(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID`)
	return err
}

func createReceipts(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
CREATE TABLE receipts (
	actor TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, outcome TEXT NOT NULL,
	revision INTEGER NOT NULL, at TEXT NOT NULL,
	PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID`)
	return err
}

func createTables(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE records (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, fields TEXT NOT NULL
) STRICT;
CREATE INDEX records_kind ON records (kind);
CREATE TABLE changes (
	revision INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
	action TEXT NOT NULL, record TEXT NOT NULL REFERENCES records (id), kind TEXT NOT NULL, version INTEGER NOT NULL,
	kind_before TEXT, before TEXT, after TEXT NOT NULL,
	PRIMARY KEY (revision, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_record ON changes (record);`)
	return err
}

// setUp brings the file to the present schema and remakes its views.
func (f *file) setUp(ctx context.Context) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return unopened(f.path, err)
	}
	defer func() { _ = tx.Rollback() }()
	schema, err := f.schemaOf(ctx, tx)
	if err != nil {
		return err
	}
	for i := schema; i < len(migrations); i++ {
		if err := migrations[i](ctx, tx); err != nil {
			return unopened(f.path, err)
		}
	}
	if _, err := tx.ExecContext(ctx, putMeta, metaSchema, strconv.Itoa(len(migrations))); err != nil {
		return unopened(f.path, err)
	}
	if err := remakeViews(ctx, tx); err != nil {
		return unopened(f.path, err)
	}
	if err := tx.Commit(); err != nil {
		return unopened(f.path, err)
	}
	return nil
}

// schemaOf is the schema of the file, 0 for an empty one.
func (f *file) schemaOf(ctx context.Context, tx *sql.Tx) (int, error) {
	var tables, own int
	err := tx.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name IN ('meta', 'records', 'changes')) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &own)
	switch {
	case err != nil:
		return 0, unopened(f.path, err)
	case tables == 0:
		return 0, nil
	case own < 3:
		return 0, network.Errorf(network.InvalidValue, "%s is an SQLite file of another program", f.path)
	}
	var text string
	if err := tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, metaSchema).Scan(&text); err != nil {
		return 0, fmt.Errorf("sqlite: schema of %s: %w", f.path, err)
	}
	schema, err := strconv.Atoi(text)
	if err != nil || schema < 1 {
		return 0, fmt.Errorf("sqlite: %s has the schema %q", f.path, text)
	}
	if schema > len(migrations) {
		return 0, network.Errorf(network.InvalidValue, "%s was written by a newer musubi (schema %d; this one reads up to %d)", f.path, schema, len(migrations))
	}
	return schema, nil
}

// meta reads a number of the table meta; 0 when it is not there.
func (f *file) meta(ctx context.Context, key string) (int64, error) {
	return metaNumber(ctx, f.db, key)
}

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func metaNumber(ctx context.Context, q queryer, key string) (int64, error) {
	var text string
	err := q.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// remakeViews makes one view for each kind of the registry and drops those of
// kinds that are gone. Views of other names are left alone.
func remakeViews(ctx context.Context, tx *sql.Tx) error {
	var names []string
	var before string
	err := tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, metaViews).Scan(&before)
	if err == nil {
		err = json.Unmarshal([]byte(before), &names)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var script strings.Builder
	for _, n := range names {
		fmt.Fprintf(&script, "DROP VIEW IF EXISTS %s;\n", quoted(n))
	}
	names = nil
	for _, k := range network.Kinds() {
		if !k.Log { // the table changes is readable as it is
			script.WriteString(viewOf(k))
			names = append(names, k.Name)
		}
	}
	if _, err := tx.ExecContext(ctx, script.String()); err != nil {
		return err
	}
	list, err := json.Marshal(names)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, putMeta, metaViews, string(list))
	return err
}

func viewOf(k *network.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE VIEW %s AS SELECT id, version", quoted(k.Name))
	for _, f := range k.Fields {
		fmt.Fprintf(&b, ", fields->>'%s' AS %s", f.Name, quoted(f.Name))
	}
	fmt.Fprintf(&b, " FROM records WHERE kind = '%s';\n", k.Name)
	return b.String()
}

// quoted is an SQL identifier; "from" is a word of the language.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

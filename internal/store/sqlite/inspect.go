package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Inspect reads the table of records.
func (r *Reader) Inspect(ctx context.Context, ids []network.ID, found func(store.Fault)) iter.Seq2[*network.Record, error] {
	query, args := selectRecords, []any(nil)
	if ids != nil {
		list, err := json.Marshal(ids)
		if err != nil {
			return func(yield func(*network.Record, error) bool) { yield(nil, err) }
		}
		query, args = query+" WHERE id IN (SELECT value FROM json_each(?))", []any{string(list)}
	}
	return each(ctx, r, query+" ORDER BY id", args, func(rows *sql.Rows) (*network.Record, error) {
		return inspectRecord(rows, found)
	})
}

// inspectRecord gives nil for a record that cannot be read.
func inspectRecord(rows *sql.Rows, found func(store.Fault)) (*network.Record, error) {
	rec := &network.Record{}
	var fields []byte
	if err := rows.Scan(&rec.ID, &rec.Kind, &rec.Version, &fields); err != nil {
		return nil, err
	}
	wrong := func(what string) { found(store.Fault{Record: rec.ID, What: what}) }
	k := network.KindOf(rec.Kind)
	if k == nil || k.Log {
		wrong("it is of a kind that this program does not know")
		return nil, nil
	}
	if err := rec.UnmarshalFields(fields); err != nil {
		wrong("its fields cannot be read")
		return nil, nil
	}
	for _, name := range k.Unknown(fields) {
		wrong("it has a field that its kind does not have: " + name)
	}
	return rec, nil
}

// Sound asks SQLite whether the file is whole.
func (r *Reader) Sound(ctx context.Context, found func(store.Fault)) error {
	for verdict, err := range each(ctx, r, "PRAGMA integrity_check(100)", nil, scanText) {
		if err != nil {
			return err
		}
		if *verdict != "ok" {
			found(store.Fault{What: "SQLite's integrity_check: " + *verdict})
		}
	}
	return nil
}

func scanText(rows *sql.Rows) (*string, error) {
	var text string
	err := rows.Scan(&text)
	return &text, err
}

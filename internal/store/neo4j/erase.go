package neo4j

import (
	"cmp"
	"context"
	"slices"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Times of erasures are texts, RFC 3339 in UTC.
const (
	addErasures   = eachRow + "MERGE (n:_Erasure {id: row.id}) SET n.at = CASE WHEN n.at IS NULL OR datetime(n.at) < datetime(row.at) THEN row.at ELSE n.at END"
	allErasures   = "RETURN COLLECT { MATCH (n:_Erasure) RETURN [n.id, n.at] } AS answer"
	entriesOf     = "MATCH (n:" + changeLabel + ") WHERE n.record IN $ids RETURN properties(n) AS row"
	putEntry      = eachRow + "MATCH (n:" + changeLabel + " {id: row.id}) SET n = row"
	blankReasons  = "MATCH (n:" + changeLabel + ") WHERE n.revision IN $revisions REMOVE n.reason, n.reason" + foldSuffix
	blankReceipts = "MATCH (n:_Receipt) WHERE n.revision IN $revisions SET n.fingerprint = ''"
)

// erase rewrites the log before the commit. The head is locked by now: nobody adds
// to it.
func (w *writer) erase(b *store.Batch) {
	erased := b.Erased()
	if w.err != nil || len(erased) == 0 {
		return
	}
	for part := range slices.Chunk(erased, rowsPerStatement) {
		w.eraseEntries(part)
	}
	w.send(erasureRows(erased))
}

func erasureRows(list []store.Erasure) *rowSets {
	rows := &rowSets{}
	for _, e := range list {
		rows.add(addErasures, map[string]any{"id": string(e.ID), "at": e.At.UTC().Format(time.RFC3339Nano)})
	}
	return rows
}

// eraseEntries blanks what the log says of the records.
func (w *writer) eraseEntries(erased []store.Erasure) {
	days, ids := map[network.ID]network.Date{}, []any{}
	for _, e := range erased {
		days[e.ID] = e.Day()
		ids = append(ids, string(e.ID))
	}
	found, err := list(w.ctx, w.tx, entriesOf, map[string]any{"ids": ids})
	if err != nil {
		w.fail(err)
		return
	}
	var rows rowSets
	revisions := map[any]bool{}
	for _, v := range found {
		c, err := decodeChange(v)
		if err != nil {
			w.fail(err)
			return
		}
		props, err := encodeChange(c.Blank(days[c.Record]))
		if err != nil {
			w.fail(err)
			return
		}
		props[markProperty] = v.(map[string]any)[markProperty]
		revisions[c.Revision] = true
		rows.add(putEntry, props)
	}
	w.send(&rows)
	touched := make([]any, 0, len(revisions))
	for r := range revisions {
		touched = append(touched, r)
	}
	for _, text := range []string{blankReasons, blankReceipts} {
		if w.err == nil {
			w.err = run(w.ctx, w.tx, text, map[string]any{"revisions": touched})
		}
	}
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// Erasures are the records that were erased.
func (s *Store) Erasures(ctx context.Context) ([]store.Erasure, error) {
	rows, err := s.read(ctx, "erasures", allErasures, nil)
	if err != nil {
		return nil, err
	}
	var out []store.Erasure
	for _, row := range rows {
		parts, _ := row.([]any)
		id, _ := parts[0].(string)
		text, _ := parts[1].(string)
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, internalf("an erasure has no time")
		}
		out = append(out, store.Erasure{ID: network.ID(id), At: at})
	}
	slices.SortFunc(out, func(a, b store.Erasure) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// AddErasures adds to them without a revision.
func (s *Store) AddErasures(ctx context.Context, list []store.Erasure) error {
	if len(list) == 0 {
		return nil
	}
	return s.inWriteTransaction(ctx, "erasures", func(ctx context.Context, tx driver.ManagedTransaction) error {
		w := &writer{ctx: ctx, tx: tx}
		w.send(erasureRows(list))
		return w.err
	})
}

// Scrub is false: the server does not overwrite what it frees, and its transaction
// logs have what was written. docs/privacy.md says how its files are made free of
// it.
func (s *Store) Scrub(context.Context) (bool, error) { return false, nil }

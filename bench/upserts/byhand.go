package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// byHand is what somebody writes who knows the model and needs companies only:
// one transaction that reads what is there, merges the rows, and writes the log.
type byHand struct {
	d    driver.DriverWithContext
	area string
}

const (
	readOld = `UNWIND $keys AS key MATCH (n:Company {importKey: key}) RETURN n.importKey, n.id, n.version, n.name, n.nameKana, n.industry, n.description, n.staff, n.visibility`
	// What MERGE creates gets its labels and its area.
	mergeRows = `UNWIND $rows AS row
MERGE (n:Company {importKey: row.key})
ON CREATE SET n:Record:Stakeholder:Organization, n.id = row.id
SET n += row.props
WITH n, row WHERE row.version = 1
MATCH (a:Area {id: $area}) CREATE (n)-[:LOCATED_IN]->(a)`
	makeRevision = `MERGE (h:_Head {id: 'head'}) SET h.revision = coalesce(h.revision, 0) + 1 RETURN h.revision`
	writeLog     = `UNWIND $entries AS e CREATE (n:_Change) SET n = e`
)

func (h *byHand) write(ctx context.Context, rows []row) error {
	session := h.d.NewSession(ctx, driver.SessionConfig{DatabaseName: "neo4j"})
	defer func() { _ = session.Close(ctx) }()
	_, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) { return nil, h.writeIn(ctx, tx, rows) })
	return err
}

func (h *byHand) writeIn(ctx context.Context, tx driver.ManagedTransaction, rows []row) error {
	keys := make([]any, len(rows))
	for i, r := range rows {
		keys[i] = r.key
	}
	result, err := tx.Run(ctx, readOld, map[string]any{"keys": keys})
	if err != nil {
		return err
	}
	found, err := result.Collect(ctx)
	if err != nil {
		return err
	}
	old := map[string][]any{}
	for _, r := range found {
		old[r.Values[0].(string)] = r.Values
	}
	at := time.Now().UTC().Format(time.RFC3339Nano)
	params, entries := make([]any, len(rows)), make([]any, len(rows))
	for i, r := range rows {
		if params[i], entries[i], err = h.rowAndEntry(r, old[r.key], at); err != nil {
			return err
		}
	}
	if err := runOnly(ctx, tx, mergeRows, map[string]any{"rows": params, "area": h.area}); err != nil {
		return err
	}
	if result, err = tx.Run(ctx, makeRevision, nil); err != nil {
		return err
	}
	head, err := result.Single(ctx)
	if err != nil {
		return err
	}
	revision := head.Values[0].(int64)
	for i, e := range entries {
		e := e.(map[string]any)
		e["revision"], e["seq"], e["id"] = revision, int64(i), string(store.ChangeID(revision, i))
	}
	return runOnly(ctx, tx, writeLog, map[string]any{"entries": entries})
}

func runOnly(ctx context.Context, tx driver.ManagedTransaction, text string, params map[string]any) error {
	result, err := tx.Run(ctx, text, params)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return err
}

// rowAndEntry are the parameters of a row and its entry in the log.
func (h *byHand) rowAndEntry(r row, was []any, at string) (map[string]any, map[string]any, error) {
	fields := map[string]any{"name": r.name, "nameKana": r.kana, "industry": r.industry, "description": r.description, "staff": r.staff,
		"visibility": "PUBLIC", "area": h.area, "importKey": r.key}
	after, err := json.Marshal(fields)
	if err != nil {
		return nil, nil, err
	}
	id, version, action := idOf(r.key), int64(1), "CREATE"
	entry := map[string]any{"recordKind": "Company", "recordKindFold": "company", "at": at, "actor": "bench", "reason": "bench", "visibility": "PUBLIC", "kind": "Change", "version": int64(1), "after": string(after),
		"refs": []any{h.area}}
	if was != nil {
		id, version, action = was[1].(string), was[2].(int64)+1, "UPDATE"
		before, err := json.Marshal(map[string]any{"name": was[3], "nameKana": was[4], "industry": was[5], "description": was[6], "staff": was[7], "visibility": was[8],
			"area": h.area, "importKey": r.key})
		if err != nil {
			return nil, nil, err
		}
		entry["before"] = string(before)
	}
	entry["record"], entry["action"], entry["recordVersion"] = id, action, version
	names := "\n" + network.Fold(r.name) + "\n" + network.Fold(r.kana) + "\n"
	props := map[string]any{"kind": "Company", "version": version, "name": r.name, "nameKana": r.kana, "industry": r.industry, "description": r.description, "staff": r.staff,
		"visibility": "PUBLIC", "importKey": r.key, "searchKey": names, "sortKey": network.SortKey(r.kana, r.name)}
	for name, value := range map[string]string{"name": r.name, "nameKana": r.kana, "industry": r.industry, "description": r.description, "importKey": r.key} {
		if fold := network.Fold(value); fold != value {
			props[name+"Fold"] = fold
		}
	}
	return map[string]any{"key": r.key, "id": id, "version": version, "props": props}, entry, nil
}

// idOf makes the same ID of a key whenever a file is read, as the editor does. Where IDs
// rise in time instead, the server's indexes grow at one end only, and a commit of a
// thousand rows takes some 6 ms less.
func idOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// agree fails when the two sides left other companies, keys, IDs and times aside, or
// other entries of the log, or entries with other properties, marks aside.
func agree(ctx context.Context, n *served.Neo4j, sides []*side) error {
	var seen []string
	for _, x := range sides {
		found, err := n.Rows(ctx, `MATCH (n:Company)-[:LOCATED_IN]->() WHERE n.importKey STARTS WITH $side
WITH n ORDER BY toInteger(split(n.importKey, '-')[-1])
RETURN collect([labels(n), [k IN keys(n) WHERE NOT k IN ['id', 'importKey', 'importKeyFold', 'name', 'nameFold', 'searchKey'] | [k, toString(n[k])]], [e IN COLLECT { MATCH (c:_Change {record: n.id}) WITH c ORDER BY c.id RETURN [c.action, toString(c.recordVersion)] + COLLECT { UNWIND keys(c) AS k WITH k WHERE k <> 'mark' WITH k ORDER BY k RETURN k } } | ['entry', reduce(t = '', x IN e | t + ' ' + x)]]])`,
			map[string]any{"side": x.name + "-"})
		if err != nil {
			return err
		}
		seen = append(seen, canonical(found[0].Values[0].([]any)))
	}
	if seen[0] != seen[1] {
		return fmt.Errorf("the two sides left other records:\n%s", firstApart(seen[0], seen[1]))
	}
	if len(seen[0]) < 100 {
		return fmt.Errorf("nothing was compared")
	}
	return nil
}

// canonical is a text that does not depend on the order of labels and properties.
func canonical(rows []any) string {
	var b strings.Builder
	for _, r := range rows {
		parts := r.([]any)
		fmt.Fprintln(&b, sorted(parts[0]), sorted(parts[1]), parts[2])
	}
	return b.String()
}

// firstApart are the first lines that are not the same.
func firstApart(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return as[i] + "\n" + bs[i]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(as), len(bs))
}

func sorted(v any) []string {
	var out []string
	for _, x := range v.([]any) {
		out = append(out, fmt.Sprint(x))
	}
	slices.Sort(out)
	return out
}

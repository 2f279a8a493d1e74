package neo4j

import (
	"context"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store"
)

// sightModel is the model since which a log entry says what its sight hangs on.
const sightModel = 2

// entriesPerUpgrade is how many log entries one transaction of the upgrade does.
var entriesPerUpgrade = 2000

// upgradeLog gives the log entries that a program of an older model has written
// what their sight hangs on. The node :_Schema says how far it is, and is locked
// for as long as a page takes: an upgrade that was cut off goes on where it was,
// and servers that start at once share the pages.
func (s *Store) upgradeLog(ctx context.Context, session driver.SessionWithContext) error {
	for done := 0; ; {
		n, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
			return upgradePage(ctx, tx)
		}, limits(ctx, "schema")...)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		if done == 0 {
			s.log.InfoContext(ctx, "neo4j: the log of changes is being brought to the new model; questions wait for it")
		}
		if done += n.(int); n.(int) < entriesPerUpgrade {
			s.log.InfoContext(ctx, "neo4j: the log of changes is of the new model", "entries", done)
			return nil
		}
	}
}

// upgradePage does the next entries and gives how many; fewer than
// entriesPerUpgrade when these were the last ones.
func upgradePage(ctx context.Context, tx driver.ManagedTransaction) (int, error) {
	// The lock comes before the reading.
	schema, err := list(ctx, tx, "MERGE (s:_Schema {id: 'schema'}) SET s."+lockProperty+" = true REMOVE s."+lockProperty+
		" WITH s RETURN [coalesce(s.version, 1), coalesce(s.upgraded, '')] AS row", nil)
	if err != nil {
		return 0, err
	}
	at := schema[0].([]any)
	if model, _ := at[0].(int64); model >= sightModel {
		return 0, nil
	}
	page, err := list(ctx, tx, "MATCH (n:"+changeLabel+") WHERE n.id > $last WITH n ORDER BY n.id LIMIT $size RETURN properties(n) AS row",
		map[string]any{"last": at[1], "size": int64(entriesPerUpgrade)})
	if err != nil {
		return 0, err
	}
	rows := make([]any, len(page))
	last := at[1]
	for i, props := range page {
		c, err := decodeChange(props)
		if err != nil {
			return 0, err
		}
		last = string(c.ID())
		rows[i] = map[string]any{"id": last, "props": sightOf(c)}
	}
	return len(page), upgraded(ctx, tx, rows, last)
}

// upgraded writes what was found out about a page, and that it is done.
func upgraded(ctx context.Context, tx driver.ManagedTransaction, rows []any, last any) error {
	if err := run(ctx, tx, "UNWIND $rows AS row MATCH (n:"+changeLabel+" {id: row.id}) SET n += row.props", map[string]any{"rows": rows}); err != nil {
		return err
	}
	if len(rows) < entriesPerUpgrade {
		return run(ctx, tx, "MATCH (s:_Schema {id: 'schema'}) SET s.version = $model REMOVE s.upgraded", map[string]any{"model": int64(sightModel)})
	}
	return run(ctx, tx, "MATCH (s:_Schema {id: 'schema'}) SET s.upgraded = $last", map[string]any{"last": last})
}

// sightOf are the properties of a log entry on which its sight hangs, beside its
// visibility: see [store.Change].
func sightOf(c *store.Change) map[string]any {
	props := map[string]any{}
	if ids := c.Parties(); len(ids) > 0 {
		props[partiesProperty] = idList(ids)
	}
	if ids := c.Refs(); len(ids) > 0 {
		props[refsProperty] = idList(ids)
	}
	if c.Personal() {
		props[personalProperty] = true
	}
	return props
}

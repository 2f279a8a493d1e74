package neo4j

import (
	"context"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store"
)

// upgradeLog gives the log entries of a server that was set up with model 1 what
// their sight hangs on. It can be interrupted and begun anew.
func upgradeLog(ctx context.Context, session driver.SessionWithContext) error {
	last := ""
	for {
		next, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
			return upgradePage(ctx, tx, last)
		}, limits(ctx, "schema")...)
		if err != nil || next == "" {
			return err
		}
		last, _ = next.(string)
	}
}

// upgradePage does the entries after last and gives the ID of the last of them, ""
// when there are no more.
func upgradePage(ctx context.Context, tx driver.ManagedTransaction, last string) (string, error) {
	page, err := list(ctx, tx, "OPTIONAL MATCH (s:_Schema {id: 'schema'}) WITH coalesce(s.version, 2) AS version WHERE version < 2 "+
		"MATCH (n:"+changeLabel+") WHERE n.id > $last WITH n ORDER BY n.id LIMIT $size RETURN properties(n) AS row",
		map[string]any{"last": last, "size": int64(changesPerPage)})
	if err != nil || len(page) == 0 {
		return "", err
	}
	rows := make([]any, len(page))
	for i, props := range page {
		c, err := decodeChange(props)
		if err != nil {
			return "", err
		}
		last = string(c.ID())
		rows[i] = map[string]any{"id": last, "props": sightOf(c)}
	}
	return last, run(ctx, tx, "UNWIND $rows AS row MATCH (n:"+changeLabel+" {id: row.id}) SET n += row.props", map[string]any{"rows": rows})
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

package neo4jtest

import (
	"context"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// database is the one that the community edition has.
const database = "neo4j"

// Ties first: a hub deleted with its ties would be one huge transaction.
const (
	deleteTies  = "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS"
	deleteNodes = "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS"
)

// Clear deletes all nodes and relationships and leaves constraints and indexes
// alone.
func Clear(tb testing.TB, driver neo4j.DriverWithContext) {
	tb.Helper()
	withSession(tb, driver, func(run runFunc) {
		run(deleteTies)
		run(deleteNodes)
	})
}

// Reset makes the database what it was when new: no nodes, no relationships, no
// constraints, and no indexes but the two look-up indexes that come with it.
func Reset(tb testing.TB, driver neo4j.DriverWithContext) {
	tb.Helper()
	withSession(tb, driver, func(run runFunc) {
		// Constraints go first: deleting is then cheaper, and they take the
		// indexes that they own with them.
		for _, name := range run("SHOW CONSTRAINTS YIELD name RETURN name") {
			run("DROP CONSTRAINT " + quote(name))
		}
		for _, name := range run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name") {
			run("DROP INDEX " + quote(name))
		}
		run(deleteTies)
		run(deleteNodes)
	})
}

// runFunc runs one statement in a transaction of its own and returns its first
// column, which holds text.
type runFunc func(query string) []string

func withSession(tb testing.TB, driver neo4j.DriverWithContext, do func(runFunc)) {
	tb.Helper()
	ctx := context.Background() // also from cleanups, where the test's has ended
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: database})
	defer func() { _ = session.Close(ctx) }()
	do(func(query string) []string {
		tb.Helper()
		var column []string
		result, err := session.Run(ctx, query, nil)
		if err == nil {
			for result.Next(ctx) {
				text, _ := result.Record().Values[0].(string)
				column = append(column, text)
			}
			err = result.Err()
		}
		if err != nil {
			tb.Fatalf("%s: %v", query, err)
		}
		return column
	})
}

// quote makes any name a Cypher identifier.
func quote(name string) string {
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

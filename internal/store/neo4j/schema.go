package neo4j

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
)

// schemaVersion is the version of the model in the server. A program refuses a
// server that a newer one has set up.
const schemaVersion = 2

// indexWait is how long the server is waited for that fills indexes.
var indexWait = longest

// setUp makes constraints and indexes, unless the server has those of this
// program already.
func (s *Store) setUp(ctx context.Context) error {
	// A managed transaction would try for seconds before it said so.
	if err := s.driver.VerifyConnectivity(ctx); err != nil {
		return err
	}
	wanted := schemaStatements()
	sum := sha256.Sum256([]byte(strings.Join(wanted, "\n")))
	print := hex.EncodeToString(sum[:8])
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	done, err := session.ExecuteRead(ctx, func(tx driver.ManagedTransaction) (any, error) {
		return isSetUp(ctx, tx, print)
	}, limits(ctx, "schema")...)
	if err != nil || done == true {
		return err
	}
	if _, err = session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		for _, text := range wanted {
			if err := run(ctx, tx, text, nil); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}, limits(ctx, "schema")...); err != nil {
		return err
	}
	// The server cannot plan a statement while one index after another comes to life.
	if err := awaitIndexes(ctx, session); err != nil {
		return err
	}
	if err := s.upgradeLog(ctx, session); err != nil {
		return err
	}
	_, err = session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		return nil, run(ctx, tx, "MERGE (s:_Schema {id: 'schema'}) SET s.version = $version, s.print = $print "+
			"MERGE (h:_Head {id: 'head'}) ON CREATE SET h.revision = 0", map[string]any{"version": int64(schemaVersion), "print": print})
	}, limits(ctx, "schema")...)
	return err
}

// awaitIndexes waits for as long as the caller does: to fill the indexes of a map of
// millions of records takes minutes.
func awaitIndexes(ctx context.Context, session driver.SessionWithContext) error {
	_, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		return nil, run(ctx, tx, "CALL db.awaitIndexes($seconds)", map[string]any{"seconds": int64(indexWait.Seconds())})
	}, limits(ctx, "schema")...)
	if code := serverCode(err); code == codeProcedure || strings.HasPrefix(code, prefixTimedOut) {
		return network.Errorf(network.Unavailable, "Neo4j is filling the indexes of this map and answers once they are there; try again in a minute")
	}
	return err
}

func isSetUp(ctx context.Context, tx driver.ManagedTransaction, print string) (bool, error) {
	row, err := list(ctx, tx, "OPTIONAL MATCH (s:_Schema {id: 'schema'}) OPTIONAL MATCH (h:_Head {id: 'head'}) RETURN [s.version, s.print, h.revision] AS row", nil)
	if err != nil {
		return false, err
	}
	found := row[0].([]any)
	version, _ := found[0].(int64)
	if version > schemaVersion {
		return false, network.Errorf(network.Unavailable, "the Neo4j database was set up by a newer version of this program (model %d, this one knows %d)", version, schemaVersion)
	}
	return version == schemaVersion && found[1] == print && found[2] != nil, nil
}

// schemaStatements make what the model needs, all from the registry.
func schemaStatements() []string {
	b := &schemaBuilder{}
	b.unique("record_id", "(n:Record)", "n.id")
	b.unique("change_id", "(n:_Change)", "n.id")
	b.unique("head_id", "(n:_Head)", "n.id")
	b.unique("schema_id", "(n:_Schema)", "n.id")
	b.unique("token_id", "(n:_Token)", "n.id")
	b.unique("erasure_id", "(n:_Erasure)", "n.id")
	b.unique("receipt_key", "(n:_Receipt)", "(n.actor, n.key)")
	b.index("receipt_revision", "(n:_Receipt)", "n.revision")
	for _, t := range network.TieKinds() {
		b.unique("tie_"+t.Name+"_id", "()-[n:"+t.Name+"]-()", "n.id")
		b.index("tie_"+t.Name+"_importKey", "()-[n:"+t.Name+"]-()", "n.importKey")
	}
	for _, k := range network.Kinds() {
		if k.Name != network.TieRecord {
			b.kind(k)
		}
	}
	for _, i := range []string{network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface} {
		b.index(i+"_sortKey", "(n:"+i+")", "n.sortKey")
	}
	// A batch looks its import keys up for all kinds at once.
	b.index("record_importKey", "(n:Record)", "n.importKey")
	b.add("TEXT INDEX record_searchKey IF NOT EXISTS FOR (n:Record) ON (n.searchKey)")
	b.add("FULLTEXT INDEX record_names IF NOT EXISTS FOR (n:Record) ON EACH [n.searchKey] OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}")
	return b.out
}

type schemaBuilder struct{ out []string }

func (b *schemaBuilder) add(what string) { b.out = append(b.out, "CREATE "+what) }

func (b *schemaBuilder) unique(name, pattern, prop string) {
	b.add("CONSTRAINT " + name + " IF NOT EXISTS FOR " + pattern + " REQUIRE " + prop + " IS UNIQUE")
}

func (b *schemaBuilder) index(name, pattern, prop string) {
	b.add("INDEX " + name + " IF NOT EXISTS FOR " + pattern + " ON (" + prop + ")")
}

func (b *schemaBuilder) kind(k *network.Kind) {
	pattern := "(n:" + labelOf(k) + ")"
	for _, f := range k.Fields {
		name := k.Name + "_" + f.Name
		switch {
		case f.Unique, f.Name == "importKey":
			b.unique(name, pattern, "n."+f.Name)
		case f.Name == "name", f.Indexed:
			b.index(name, pattern, "n."+f.Name)
		}
	}
	if k.Named() {
		b.index(k.Name+"_sortKey", pattern, "n.sortKey")
		b.index(k.Name+"_nameFold", pattern, "n.name"+foldSuffix)
	}
}

// run runs a statement whose rows do not matter.
func run(ctx context.Context, tx driver.ManagedTransaction, text string, params map[string]any) error {
	result, err := tx.Run(ctx, text, params)
	if err != nil {
		return err
	}
	if noticed != nil {
		notice(ctx, text, result)
		return result.Err()
	}
	_, err = result.Consume(ctx)
	return err
}

// list runs a statement with one column and gives its values.
func list(ctx context.Context, tx driver.ManagedTransaction, text string, params map[string]any) ([]any, error) {
	result, err := tx.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	var out []any
	for result.Next(ctx) {
		out = append(out, result.Record().Values[0])
	}
	if err := result.Err(); err != nil {
		return nil, err
	}
	if noticed != nil {
		notice(ctx, text, result)
	}
	return out, nil
}

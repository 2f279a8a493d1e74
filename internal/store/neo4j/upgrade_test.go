package neo4j_test

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

// atModelOne is a server with what the last program of model 1 has left there: the
// map of [storetest.Sight], node for node.
func atModelOne(t *testing.T) (uri string, d driver.DriverWithContext) {
	t.Helper()
	text, err := os.ReadFile("testdata/model-1.cypher")
	if err != nil {
		t.Fatal(err)
	}
	uri = neo4jtest.Open(t)
	d = neo4jtest.Driver(t, uri)
	neo4jtest.Clear(t, d)
	for _, statement := range strings.Split(strings.TrimSpace(string(text)), ";\n") {
		do(t, d, statement)
	}
	return uri, d
}

// do runs a statement and gives the first column.
func do(t *testing.T, d driver.DriverWithContext, statement string) (out []any) {
	t.Helper()
	result, err := driver.ExecuteQuery(t.Context(), d, strings.TrimSuffix(statement, ";"), nil, driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase(neo4j.DefaultDatabase))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range result.Records {
		out = append(out, r.Values[0])
	}
	return out
}

// tells are the records whose entries a role is told of.
func tells(t *testing.T, s *neo4j.Store, role network.Role) (out []network.ID) {
	t.Helper()
	for c, err := range s.Changes(t.Context(), network.Viewer{Role: role}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c.Record)
	}
	return out
}

func TestIsALogOfModelOneToldLikeOneOfThisModel(t *testing.T) {
	uri, d := atModelOne(t)
	if n := do(t, d, "MATCH (n:_Change) WHERE n.parties IS NOT NULL OR n.refs IS NOT NULL OR n.personal IS NOT NULL RETURN count(n)"); n[0] != int64(0) {
		t.Fatalf("%v entries are not of model 1", n[0])
	}
	s := opened(t, uri)
	verified(t, s)
	storetest.Sight(t, s)
	if n := do(t, d, "MATCH (s:_Schema) WHERE s.version = 2 AND s.upgraded IS NULL RETURN s.print"); len(n) != 1 || n[0] == nil {
		t.Errorf("the node of the schema: %v", n)
	}
}

func TestIsAnEntryOfAnOlderServerToldToThoseWhoSeeAllOnly(t *testing.T) {
	uri, d := atModelOne(t)
	s := opened(t, uri)
	if !slices.Contains(tells(t, s, network.RoleViewer), "t-open") {
		t.Fatal("nothing is told of a tie that is open")
	}
	do(t, d, "MATCH (n:_Change {record: 't-open'}) REMOVE n.parties, n.refs")
	for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator} {
		if slices.Contains(tells(t, s, role), "t-open") {
			t.Errorf("%s is told of a tie whose parties are not known", role)
		}
	}
	if !slices.Contains(tells(t, s, network.RoleAdmin), "t-open") {
		t.Error("a backup would lack the entry")
	}
	verifytest.WantFault(t, s, "revision 1, entry 6, record t-open: properties of the log entry are not what it says: parties, refs")
	// What the documentation says to do.
	do(t, d, "MATCH (s:_Schema) SET s.version = 1")
	again := opened(t, uri)
	verified(t, again)
	if !slices.Contains(tells(t, again, network.RoleViewer), "t-open") {
		t.Error("the entry is still not told")
	}
}

func TestDoesAnUpgradeGoOnWhereItWasCutOff(t *testing.T) {
	defer neo4j.EntriesPerUpgrade(3)()
	uri, d := atModelOne(t)
	for range 2 {
		if n, err := neo4j.UpgradePage(t.Context(), d); n != 3 || err != nil {
			t.Fatalf("%d entries, %v", n, err)
		}
	}
	if got := do(t, d, "MATCH (n:_Change) WITH n ORDER BY n.id SKIP 5 LIMIT 1 MATCH (s:_Schema {version: 1}) RETURN s.upgraded = n.id"); len(got) != 1 || got[0] != true {
		t.Errorf("the upgrade stands elsewhere: %v", got)
	}
	do(t, d, "MATCH (n:_Change) WITH n ORDER BY n.id LIMIT 6 SET n.cutOff = true REMOVE n.parties, n.refs, n.personal")
	s := opened(t, uri)
	headOf(t, s)
	if n := do(t, d, "MATCH (n:_Change) WHERE n.cutOff AND n.refs IS NOT NULL RETURN count(n)"); n[0] != int64(0) {
		t.Errorf("%v entries were done again", n[0])
	}
	if n := do(t, d, "MATCH (n:_Change) WHERE n.cutOff IS NULL AND n.recordKind IN ['Tie', 'Claim'] AND n.parties IS NULL RETURN count(n)"); n[0] != int64(0) {
		t.Errorf("%v entries were passed over", n[0])
	}
}

func TestMayServersThatStartAtOnceUpgrade(t *testing.T) {
	defer neo4j.EntriesPerUpgrade(1)()
	uri, _ := atModelOne(t)
	var wg sync.WaitGroup
	for range 4 {
		s := opened(t, uri)
		wg.Go(func() {
			if head, err := s.Head(t.Context()); head != 2 || err != nil {
				t.Errorf("head %d, %v", head, err)
			}
		})
	}
	wg.Wait()
	verified(t, opened(t, uri))
}

package neo4j_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/verify"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

func filled(t *testing.T) *neo4j.Store {
	t.Helper()
	s := openEmpty(t)
	if err := verifytest.Fill(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

func verified(t *testing.T, s *neo4j.Store) *verify.Report {
	t.Helper()
	report, err := verify.Store(t.Context(), s)
	if err != nil || report.Found > 0 {
		t.Fatalf("%d faults, %v: %v", report.Found, err, report.Faults)
	}
	return report
}

func TestIsWhatThisProgramWroteWithoutFault(t *testing.T) {
	report := verified(t, filled(t))
	if report.Revision != verifytest.Revision || report.Records != 14 || report.Ties != 2 || report.Receipts != 6 || report.Entries != 21 {
		t.Errorf("%+v", report)
	}
}

func TestWhichFaultsOfADatabaseAreFound(t *testing.T) {
	d := neo4jtest.Driver(t, neo4jtest.Open(t))
	school := "MATCH (n:School {id: 'school'}) "
	for name, c := range map[string]struct{ statement, want string }{
		"a changed field":            {school + "SET n.staff = 1", "record school: its fields are not those that the log left it with"},
		"a changed name":             {school + "SET n.name = '別'", "record school: properties are not what its fields make them: searchKey"},
		"a wrong sort key":           {school + "SET n.sortKey = 'z'", "record school: properties are not what its fields make them: sortKey"},
		"a wrong search key":         {school + "SET n.searchKey = 'z'", "record school: properties are not what its fields make them: searchKey"},
		"no search key":              {school + "REMOVE n.searchKey", "record school: properties are not what its fields make them: searchKey"},
		"a property of its own":      {school + "SET n.colour = 'red'", "record school: properties are not what its fields make them: colour"},
		"a value of another type":    {school + "SET n.staff = 'many'", "record school: a property is not of the type of its field: staff"},
		"a day beside a date":        {"MATCH ()-[n:SUPPORTS {id: 'tie-1'}]->() SET n.from = date('2022-05-01')", "record tie-1: properties are not what its fields make them: from"},
		"a version":                  {school + "SET n.version = 7", "record school: it has version 7, by the log 2"},
		"a missing link":             {school + "MATCH (n)-[r:LOCATED_IN]->() DELETE r", "record school: its fields are not those"},
		"a link too many":            {school + "MATCH (m:Area) CREATE (n)-[:LOCATED_IN]->(m)", "record school: area is more than one link"},
		"a link of another kind":     {school + "MATCH (m:Area) CREATE (n)-[:AREA_IN]->(m)", "record school: it has a link that its kind does not have: AREA_IN"},
		"a link without its number":  {"MATCH (:CareerConsultant)-[r:SPECIALIZES_IN]->() REMOVE r.position", "record person: the links of specialties are not numbered from 0"},
		"a link with a property":     {school + "MATCH (n)-[r:LOCATED_IN]->() SET r.since = 1", "record school: a link has properties that it should not have: LOCATED_IN"},
		"a label that is missing":    {school + "REMOVE n:Organization", "record school: it does not have the labels of its kind"},
		"a label too many":           {school + "SET n:Company", "record school: it does not have the labels of its kind"},
		"a record that is hidden":    {school + "REMOVE n:Record", "record school: it is in the log and not among the records"},
		"a kind that is none":        {school + "SET n.kind = 'Castle'", "record school: the node cannot be read as a record"},
		"a record that is gone":      {"MATCH (n:Claim) DETACH DELETE n", "record claim: it is in the log and not among the records"},
		"a tie that is gone":         {"MATCH ()-[r:SUPPORTS {id: 'tie-1'}]->() DELETE r", "record claim: record: there is no record tie-1"},
		"a tie twice":                {"MATCH (a:Company), (b:School {id: 'school'}) CREATE (a)-[r:KNOWS]->(b) SET r.id = 'tie-1', r.visibility = 'PUBLIC', r.version = 1", "record tie-1: there are two records with this ID"},
		"a record from nowhere":      {"CREATE (:Record:Topic {id: 'ghost', kind: 'Topic', name: '霊', version: 1})", "record ghost: the log knows nothing of it"},
		"a node that is no record":   {"CREATE (:Record {kind: 'Topic'})", "the node cannot be read as a record"},
		"a doubled key of an import": {"DROP CONSTRAINT School_importKey; MATCH (n:School {id: 'bare'}) SET n.importKey = 'school-1'", "record school: bare has the same importKey, which is unique"},
		"a doubled code":             {"DROP CONSTRAINT School_schoolCode; MATCH (n:School {id: 'bare'}) SET n.schoolCode = 'B120221500026'", "record school: bare has the same schoolCode, which is unique"},
		"a constraint that is gone":  {"DROP CONSTRAINT School_schoolCode", "the database lacks the CONSTRAINT School_schoolCode"},
		"an index that is gone":      {"DROP INDEX record_names", "the database lacks the INDEX record_names"},
		"a missing log entry":        {"MATCH (n:_Change {revision: 2, seq: 0}) DELETE n", "revision 2, entry 1, record post: entries are missing before it"},
		"a missing revision":         {"MATCH (n:_Change {revision: 3}) DELETE n", "revision 4, entry 0, record tie-1: entries are missing before it"},
		"another head":               {"MATCH (n:_Head) SET n.revision = 9", "the log ends at revision 8, and the store says it is at 9"},
		"two heads":                  {"CREATE (:_Head {id: 'second', revision: 6})", "there is not one node :_Head"},
		"another before":             {"MATCH (n:_Change {revision: 3}) SET n.before = '{\"name\":\"別\"}'", "revision 3, entry 0, record school: its state before is not"},
		"an entry shown to all":      {"MATCH (n:_Change {record: 'person', action: 'CREATE'}) SET n.visibility = 'PUBLIC'", "revision 2, entry 0, record person: properties of the log entry are not what it says: visibility"},
		"an entry without a time":    {"MATCH (n:_Change {revision: 3}) REMOVE n.at", "revision 3, entry 0: the log entry cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			neo4jtest.Clear(t, d)
			// A store opened anew makes the constraints that a test before took away.
			s := reopened(t)
			if err := verifytest.Fill(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			for _, statement := range strings.Split(c.statement, "; ") {
				if _, err := driver.ExecuteQuery(t.Context(), d, statement, nil, driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase(neo4j.DefaultDatabase)); err != nil {
					t.Fatal(err)
				}
			}
			verifytest.WantFault(t, s, c.want)
		})
	}
	neo4jtest.Clear(t, d)
	if _, err := reopened(t).Head(t.Context()); err != nil { // makes the constraints again
		t.Error(err)
	}
}

// reopened is another store on the server that the tests share.
func reopened(t *testing.T) *neo4j.Store {
	t.Helper()
	return opened(t, neo4jtest.Open(t))
}

func opened(t *testing.T, uri string) *neo4j.Store {
	t.Helper()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

// What others write meanwhile is no fault.
func TestCanAStoreBeVerifiedWhileOthersWrite(t *testing.T) {
	s := filled(t)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	defer writers.Wait()
	defer stop()
	for w := range 4 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := network.ID(fmt.Sprintf("w%d-%d", w, n/2))
				write := store.Write{Action: store.Create, After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": fmt.Sprint("分野", n)}}}
				if n%2 == 1 {
					write.Action, write.IfVersion = store.Update, 1
					write.After.Fields["broader"] = network.ID("career")
				}
				if _, err := s.Apply(ctx, &store.Batch{Actor: "w", At: time.Now(), Writes: []store.Write{write}}); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for verified(t, s).Revision < verifytest.Revision+50 {
		// The writers have hardly begun.
	}
	stop()
	writers.Wait()
	if report := verified(t, s); report.Left > 0 {
		t.Errorf("%d records were left out when nobody wrote any more", report.Left)
	}
}

package neo4jtest

import (
	"fmt"
	"os"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// recorder notes what Open does with a test.
type recorder struct {
	testing.TB
	verdict string
}

func (r *recorder) Helper()               {}
func (r *recorder) Skipf(string, ...any)  { r.verdict = "skipped" }
func (r *recorder) Fatalf(string, ...any) { r.verdict = "failed" }

func TestWithoutJavaTheTestIsSkippedExceptInCI(t *testing.T) {
	if testing.Short() {
		t.Skip("with -short every such test is skipped")
	}
	for _, tt := range []struct{ ci, want string }{{"", "skipped"}, {"false", "skipped"}, {"true", "failed"}} {
		t.Run("CI="+tt.ci, func(t *testing.T) {
			before := process
			defer func() { process = before }()
			process = new(shared)
			t.Setenv("CI", tt.ci)
			t.Setenv(URIVariable, "")
			t.Setenv("JAVA_HOME", t.TempDir())
			r := &recorder{TB: t}
			if uri := Open(r); uri != "" || r.verdict != tt.want {
				t.Errorf("Open gave %q and %q, want %q", uri, r.verdict, tt.want)
			}
		})
	}
}

func TestResetLeavesAnEmptyDatabase(t *testing.T) {
	driver := Driver(t, Open(t))
	Reset(t, driver)
	fill := func(run runFunc) {
		run("CREATE CONSTRAINT `odd ``name` FOR (n:Thing) REQUIRE n.id IS UNIQUE")
		run("CREATE CONSTRAINT FOR ()-[r:KNOWS]-() REQUIRE r.id IS UNIQUE")
		run("CREATE INDEX FOR (n:Thing) ON (n.name)")
		run("CREATE FULLTEXT INDEX words FOR (n:Thing) ON EACH [n.name]")
		run("CREATE (hub:Thing {id: -1}) WITH hub UNWIND range(1, 25000) AS i CREATE (hub)-[:KNOWS {id: i}]->(:Thing {id: i})")
	}
	withSession(t, driver, fill)
	expect(t, driver, "MATCH (n) RETURN toString(count(n))", "25001")

	Clear(t, driver)
	expect(t, driver, "MATCH (n) RETURN toString(count(n))", "0")
	expect(t, driver, "SHOW CONSTRAINTS YIELD name RETURN toString(count(*))", "2")

	withSession(t, driver, func(run runFunc) { run("CREATE (:Thing)-[:KNOWS]->(:Thing)") })
	Reset(t, driver)
	expect(t, driver, "MATCH (n) RETURN toString(count(n))", "0")
	expect(t, driver, "SHOW CONSTRAINTS YIELD name RETURN toString(count(*))", "0")
	expect(t, driver, "SHOW INDEXES YIELD type RETURN DISTINCT type", "LOOKUP")
}

func TestASharedServerHasOneLockWhateverThePackage(t *testing.T) {
	one := turnPath("bolt://127.0.0.1:1")
	if again := turnPath("bolt://127.0.0.1:1"); one != again {
		t.Error("one server, two locks")
	}
	if one == turnPath("bolt://127.0.0.1:2") {
		t.Error("two servers, one lock")
	}
}

func expect(t *testing.T, driver neo4j.DriverWithContext, query, want string) {
	t.Helper()
	withSession(t, driver, func(run runFunc) {
		if got := fmt.Sprint(run(query)); got != "["+want+"]" {
			t.Errorf("%s gave %s, want %s", query, got, want)
		}
	})
}

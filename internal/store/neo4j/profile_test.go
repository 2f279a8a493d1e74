package neo4j_test

import (
	"context"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// profiledSize is how many records the map has on which plans are looked at:
// enough for the server to prefer indexes.
const profiledSize = 3000

func TestHowDoesTheServerFindRecords(t *testing.T) {
	s := openEmpty(t)
	if _, err := s.Apply(context.Background(), storetest.RandomGraph(rand.New(rand.NewPCG(7, 7)), profiledSize)); err != nil {
		t.Fatal(err)
	}
	d := neo4jtest.Driver(t, neo4jtest.Open(t))
	// Without these the plans are those for an empty database.
	for _, text := range []string{"CALL db.awaitIndexes(60)", "CALL db.resampleOutdatedIndexes()", "CALL db.prepareForReplanning()"} {
		if _, err := profiled(t, d, text, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, shape := range shapes() {
		t.Run(shape.name, func(t *testing.T) {
			// What is inside head() does not show in a profile.
			if shape.root != nil {
				shape.root.Single = false
			}
			text, params := s.Explain(shape.plan())
			operators, err := profiled(t, d, "PROFILE "+text, params)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range operators {
				if strings.HasPrefix(op.name, "AllNodesScan") || strings.Contains(op.name, "CartesianProduct") || strings.Contains(op.name, "AllRelationshipsScan") {
					t.Errorf("%s in %v\n%s", op.name, operators, text)
				}
				if strings.HasSuffix(op.name, "Aggregation") && listsOfHops.MatchString(op.details) {
					t.Errorf("%s groups by lists of nodes, each of which it holds again for each group: %s", op.name, op.details)
				}
			}
			// The first look-up is that of the head.
			if i := slices.IndexFunc(operators, func(op operator) bool { return op.name == uniqueNode }); i >= 0 {
				operators = slices.Delete(operators, i, i+1)
			}
			for _, want := range shape.uses {
				if !slices.ContainsFunc(operators, func(op operator) bool { return fits(op.name, want) }) {
					t.Errorf("no %s in %v\n%s", want, operators, text)
				}
			}
		})
	}
}

// listsOfHops finds the variables of a network that hold lists of nodes.
var listsOfHops = regexp.MustCompile(`(^|, )([abh][0-9]+|found|nodes)(,|$)`)

// fits tells operators on relationships from those on nodes.
func fits(operator, want string) bool {
	if want == uniqueTie {
		return strings.Contains(operator, "Relationship") && strings.Contains(operator, uniqueTie)
	}
	return strings.HasPrefix(operator, want)
}

// operator is a step of a plan; details are what it works on.
type operator struct{ name, details string }

// profiled runs a statement and lists the operators of its plan.
func profiled(t testing.TB, d driver.DriverWithContext, text string, params map[string]any) ([]operator, error) {
	t.Helper()
	ctx := context.Background()
	session := d.NewSession(ctx, driver.SessionConfig{DatabaseName: "neo4j"})
	defer session.Close(ctx)
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range summary.Notifications() {
		if strings.Contains(n.Code(), "Deprecat") {
			t.Errorf("%s: %s", n.Code(), n.Title())
		}
	}
	var out []operator
	var walk func(p driver.ProfiledPlan)
	walk = func(p driver.ProfiledPlan) {
		details, _ := p.Arguments()["Details"].(string)
		out = append(out, operator{strings.TrimSuffix(p.Operator(), "@neo4j"), details})
		for _, c := range p.Children() {
			walk(c)
		}
	}
	if p := summary.Profile(); p != nil {
		walk(p)
	}
	return out, nil
}

func TestIsItOneStatementWhateverTheDepth(t *testing.T) {
	s := openEmpty(t)
	if _, err := s.Apply(context.Background(), storetest.RandomGraph(rand.New(rand.NewPCG(7, 7)), 200)); err != nil {
		t.Fatal(err)
	}
	for i, shape := range shapes() {
		p := shape.plan()
		p.Roots = append(p.Roots, page(rows(store.Source{Op: store.Scan}, "School", columns("School", "name"))))
		if _, err := s.Fetch(context.Background(), p); err != nil {
			t.Fatalf("%s: %v", shape.name, err)
		}
		if got := s.Statements(); got != int64(i+1) {
			t.Fatalf("%s: %d statements for %d plans", shape.name, got, i+1)
		}
	}
}

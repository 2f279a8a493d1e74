package neo4j_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// unconnected compiles plans; it needs no server.
func unconnected(t testing.TB) *neo4j.Store {
	t.Helper()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: "bolt://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	return s
}

func TestWhichCypherDoesAPlanBecome(t *testing.T) {
	s := unconnected(t)
	for _, shape := range shapes() {
		t.Run(shape.name, func(t *testing.T) {
			text, params := s.Explain(shape.plan())
			names := []string{}
			for name := range params {
				names = append(names, name)
			}
			slices.Sort(names)
			list, err := json.Marshal(names)
			if err != nil {
				t.Fatal(err)
			}
			got := text + "\n// parameters " + string(list) + "\n"
			path := filepath.Join("testdata", strings.ReplaceAll(shape.name, " ", "-")+".cypher")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is out of date; look at the change and run with -update\ngot:\n%s", path, got)
			}
		})
	}
}

// Records by ID are kept with whatever IDs, everything else as it is.
func TestAreOtherIDsPutIntoWhatIsKept(t *testing.T) {
	s := unconnected(t)
	asked := oneByID("School", columns("School", "name"), tiesOf(network.Both))
	asked.Kept = new(store.Kept)
	for _, viewer := range []network.Role{network.RoleViewer, network.RoleAdmin, network.RoleViewer} {
		for _, id := range []network.ID{"x", "y"} {
			plain := *asked
			plain.Kept, plain.Source.IDs = nil, []network.ID{id}
			kept := *asked
			kept.Source.IDs = []network.ID{id}
			want, wantParams := s.Explain(shape{viewer: viewer, root: &plain}.plan())
			got, params := s.Explain(shape{viewer: viewer, root: &kept}.plan())
			if got != want || !reflect.DeepEqual(params, wantParams) {
				t.Errorf("%s\n%v\n%s\n%v", got, params, want, wantParams)
			}
		}
	}
}

// TestIsNoValueInTheText runs one shape with other values: the server plans a
// text once.
func TestIsNoValueInTheText(t *testing.T) {
	s := unconnected(t)
	text := func(code string) string {
		out, _ := s.Explain(shape{root: filtered(rows(store.Source{Op: store.Scan}, "School", nil), equal("School", "schoolCode", code))}.plan())
		return out
	}
	if a, b := text("B120221500026"), text("' OR 1=1 //"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

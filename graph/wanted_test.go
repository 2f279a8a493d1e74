package graph

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Where a person lives is personal: to follow an area must not tell who moves there.
func TestDoesAPersonalFieldLeadToARecord(t *testing.T) {
	moved := &store.Change{Action: store.Update, Record: "p", Kind: "Person",
		Before: &network.Record{ID: "p", Kind: "Person", Fields: map[string]any{"name": "架空"}},
		After:  &network.Record{ID: "p", Kind: "Person", Fields: map[string]any{"name": "架空", "residence": network.ID("area")}}}
	if f := network.MustKind("Person").Field("residence"); !f.Personal || !f.IsRef() {
		t.Fatal("the field is not what this test is about")
	}
	w, err := readWanted(map[string]any{"about": []any{"area"}})
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[network.Role]bool{network.RoleViewer: false, network.RoleAnalyst: false, network.RoleCoordinator: true, network.RoleAdmin: true} {
		if got := w.want(network.Viewer{Role: role}, moved); got != want {
			t.Errorf("%s: %v", role, got)
		}
	}
}

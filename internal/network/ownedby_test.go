package network

import (
	"slices"
	"strings"
	"testing"
)

// A new kind must say whose editors may change its records.
func TestWhoseAreTheRecordsOfAKind(t *testing.T) {
	want := map[string]string{
		"School": "id", "CityDepartment": "id", "Company": "id", "Council": "id", "OtherOrganization": "id", "Facility": "id",
		"Post": "organization", "Occupancy": "post", "RoleAssignment": "holder", "Need": "stakeholder", "Offer": "stakeholder", "Tie": "subject object",
		"Person": "", "CareerConsultant": "", "Initiative": "", "Activity": "", "Topic": "", "Hearing": "", "Reorganization": "", "Event": "",
		"Area": "", "Source": "", "Claim": "", "Withdrawn": "", "Change": "",
	}
	for _, k := range Kinds() {
		owner, listed := want[k.Name]
		if got := strings.Join(k.OwnedBy, " "); !listed || got != owner {
			t.Errorf("%s is owned by %q; the table says %q (listed: %v)", k.Name, got, owner, listed)
		}
		for _, name := range k.OwnedBy {
			// Who may give a record away could take it from its owner, too.
			if f := k.Field(name); name != "id" && (f == nil || f.Type != Ref || !f.Immutable) {
				t.Errorf("%s.%s must be a reference that is fixed when the record is created", k.Name, name)
			}
		}
		if slices.Contains(k.OwnedBy, "id") && !k.Is(StakeholderInterface) {
			t.Errorf("%s cannot have editors", k.Name)
		}
	}
}

func TestWhoMayWrite(t *testing.T) {
	for role, writes := range map[Role]bool{RoleViewer: false, RoleAnalyst: false, RoleCoordinator: true, RoleAdmin: true, Role(9): false} {
		v := Viewer{Role: role, Organizations: []ID{"ours"}}
		if v.Writes() != writes || !v.EditsFor("ours") || v.EditsFor("theirs") != writes {
			t.Errorf("%s: writes %v, for ours %v, for theirs %v", role, v.Writes(), v.EditsFor("ours"), v.EditsFor("theirs"))
		}
	}
}

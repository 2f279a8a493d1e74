package graph

import "github.com/musubi-map/musubi/internal/network"

// mutations are the root fields that write, in the order of the schema, and
// who may use them besides coordinators, or instead: an organisation's own editors,
// administrators only; a test holds this against the
// schema and against what edit lets through.
var mutations = []struct {
	name    string
	editors bool
	admins  bool
}{
	{"create", true, false}, {"update", true, false}, {"end", true, false}, {"restore", true, false}, {"upsertMany", true, false},
	{"mergeStakeholders", false, false}, {"unmergeStakeholders", false, false}, {"revertChanges", false, false}, {"erasePerson", false, true},
	{"relate", true, false}, {"updateTie", true, false}, {"endTie", true, false}, {"assignRole", true, false}, {"transferPersonnel", true, false},
	{"recordHearing", false, false}, {"advanceInitiative", false, false}, {"reorganize", false, false}, {"endRole", true, false},
}

// openTo names the root fields by which the viewer may write something.
func openTo(v network.Viewer) []any {
	out := []any{}
	for _, m := range mutations {
		if m.admins && v.Role < network.RoleAdmin {
			continue
		}
		if v.Writes() || m.editors && len(v.Organizations) > 0 {
			out = append(out, m.name)
		}
	}
	return out
}

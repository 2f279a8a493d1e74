package graph

import "github.com/musubi-map/musubi/internal/network"

// mutations are the root fields that write, in the order of the schema, and
// whether an organisation's own editors may use them; a test holds this against the
// schema and against what edit lets through.
var mutations = []struct {
	name    string
	editors bool
}{
	{"create", true}, {"update", true}, {"end", true}, {"restore", true}, {"upsertMany", true},
	{"mergeStakeholders", false}, {"unmergeStakeholders", false}, {"revertChanges", false},
	{"relate", true}, {"updateTie", true}, {"endTie", true}, {"assignRole", true}, {"transferPersonnel", true},
	{"recordHearing", false}, {"advanceInitiative", false}, {"reorganize", false}, {"endRole", true},
}

// openTo names the root fields by which the viewer may write something.
func openTo(v network.Viewer) []any {
	out := []any{}
	for _, m := range mutations {
		if v.Writes() || m.editors && len(v.Organizations) > 0 {
			out = append(out, m.name)
		}
	}
	return out
}

package rolemap

import (
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func role(id, holder, responsibility, status string) Role {
	return Role{ID: network.ID(id), Holder: Holder{ID: network.ID(holder), Body: network.ID(holder)}, Responsibility: responsibility, Status: status}
}

func function(id, holder, f string) Role {
	return Role{ID: network.ID(id), Holder: Holder{ID: network.ID(holder), Body: network.ID(holder)}, Function: f, Status: "AGREED"}
}

// sound is an initiative in which no rule finds anything.
func sound() Input {
	return Input{
		Activities: []Activity{{ID: "talk", Roles: []Role{role("r1", "npo", "RESPONSIBLE", "AGREED"), role("r2", "board", "ACCOUNTABLE", "AGREED")}}},
		Functions:  []Role{function("f1", "board", "IMPLEMENTER"), function("f2", "npo", "SECRETARIAT")},
		Parties:    []network.ID{"npo", "board"},
	}
}

func found(m Map) []string {
	var out []string
	for _, list := range [][]Finding{m.Gaps, m.Overlaps, m.Conflicts} {
		for _, f := range list {
			out = append(out, f.Rule.Name)
		}
	}
	return out
}

func TestEachRuleFiresOnItsCaseAndNotOnASoundMap(t *testing.T) {
	if got := found(Build(sound())); len(got) != 0 {
		t.Fatalf("a sound map has findings: %v", got)
	}
	post := role("r3", "post", "CONSULTED", "AGREED")
	post.Holder.Vacant = true
	cases := map[string]func(*Input){
		"NO_RESPONSIBLE":     func(in *Input) { in.Activities[0].Roles[0].Status = "PROPOSED" },
		"NO_ACCOUNTABLE":     func(in *Input) { in.Activities[0].Roles = in.Activities[0].Roles[:1] },
		"VACANT_POST":        func(in *Input) { in.Activities[0].Roles = append(in.Activities[0].Roles, post) },
		"MISSING_FUNCTION":   func(in *Input) { in.InitiativeType = "GRANT" },
		"PARTY_WITHOUT_ROLE": func(in *Input) { in.Parties = append(in.Parties, "school") },
		"SEVERAL_RESPONSIBLE": func(in *Input) {
			in.Activities[0].Roles = append(in.Activities[0].Roles, role("r3", "board", "RESPONSIBLE", "AGREED"))
		},
		"SEVERAL_ACCOUNTABLE": func(in *Input) {
			in.Activities[0].Roles = append(in.Activities[0].Roles, role("r3", "npo", "ACCOUNTABLE", "AGREED"))
		},
		"DISPUTED_ROLE": func(in *Input) { in.Activities[0].Roles[1].Status = "DISPUTED" },
	}
	if len(cases) != len(Rules) {
		t.Fatalf("%d cases for %d rules", len(cases), len(Rules))
	}
	for _, r := range Rules {
		in := sound()
		cases[r.Name](&in)
		if got := found(Build(in)); !slices.Equal(got, []string{r.Name}) {
			t.Errorf("%s: found %v", r.Name, got)
		}
	}
}

func TestARoleOfAPostCountsForItsOrganisation(t *testing.T) {
	in := sound()
	in.Parties = append(in.Parties, "school")
	held := role("r3", "teacher", "CONSULTED", "AGREED")
	held.Holder.Body = "school"
	in.Activities[0].Roles = append(in.Activities[0].Roles, held)
	if got := found(Build(in)); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestLoadAndCoverage(t *testing.T) {
	in := sound()
	in.Activities = append(in.Activities, Activity{ID: "tour", Roles: []Role{role("r3", "npo", "RESPONSIBLE", "AGREED"), role("r4", "npo", "ACCOUNTABLE", "AGREED"), role("r5", "board", "ACCOUNTABLE", "AGREED")}})
	m := Build(in)
	if len(m.Load) != 2 || m.Load[0].Holder.ID != "npo" || m.Load[0].Responsible != 2 || m.Load[0].Accountable != 1 {
		t.Errorf("load %+v", m.Load)
	}
	if want := (Coverage{Activities: 2, WithResponsible: 2, WithAccountable: 1, Complete: 1}); m.Coverage != want || m.Coverage.Share() != 0.5 {
		t.Errorf("coverage %+v", m.Coverage)
	}
	if (Coverage{}).Share() != 1 {
		t.Error("no activities: nothing is uncovered")
	}
}

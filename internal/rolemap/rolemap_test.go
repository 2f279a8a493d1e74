package rolemap

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

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
	for _, f := range m.Findings() {
		out = append(out, f.Rule.Name)
	}
	return out
}

// changed is the sound initiative, changed as the case wants it.
func changed(change func(*Input)) Input {
	in := sound()
	change(&in)
	return in
}

// and adds a role to the talks.
func and(r Role) func(*Input) {
	return func(in *Input) { in.Activities[0].Roles = append(in.Activities[0].Roles, r) }
}

// at is a role of a post.
func at(post string, change func(*Holder)) Role {
	r := role("r3", post, "CONSULTED", "AGREED")
	change(&r.Holder)
	return r
}

func TestEachRuleFiresOnItsCaseAndNotOnTheOther(t *testing.T) {
	var rules []string
	for _, r := range Rules {
		rules = append(rules, r.Name)
		if r.Message.EN == "" || r.Message.JA == "" || r.Suggestion.EN == "" || r.Suggestion.JA == "" {
			t.Errorf("%s lacks a text", r.Name)
		}
	}
	status := func(role int, s string) Input {
		return changed(func(in *Input) { in.Activities[0].Roles[role].Status = s })
	}
	everyRule(t, rules, map[string]ruleCase[Input]{
		"NO_RESPONSIBLE":      {fires: status(0, "PROPOSED"), not: status(0, "DISPUTED")},
		"NO_ACCOUNTABLE":      {fires: status(1, "PROPOSED"), not: status(1, "DISPUTED")},
		"VACANT_POST":         {fires: changed(and(at("desk", func(h *Holder) { h.Expired = true }))), not: changed(and(at("desk", func(*Holder) {})))},
		"MISSING_FUNCTION":    {fires: changed(func(in *Input) { in.InitiativeType = "GRANT" }), not: changed(func(in *Input) { in.InitiativeType = "PLAN" })},
		"PARTY_WITHOUT_ROLE":  {fires: changed(func(in *Input) { in.Parties = append(in.Parties, "school") }), not: changed(and(role("r3", "school", "INFORMED", "AGREED")))},
		"SEVERAL_RESPONSIBLE": {fires: changed(and(role("r3", "board", "RESPONSIBLE", "AGREED"))), not: changed(and(role("r3", "board", "RESPONSIBLE", "PROPOSED")))},
		"SEVERAL_ACCOUNTABLE": {fires: changed(and(role("r3", "npo", "ACCOUNTABLE", "DISPUTED"))), not: changed(and(role("r3", "npo", "CONSULTED", "AGREED")))},
		"DISPUTED_ROLE":       {fires: status(1, "DISPUTED"), not: status(1, "PROPOSED")},
	}, func(in Input) []string { return found(Build(in)) })
}

func TestWhatIsFoundStandsAlone(t *testing.T) {
	vacant := at("desk", func(h *Holder) { h.Vacant = true })
	for _, c := range []struct {
		in   Input
		want []string
	}{
		{sound(), nil},
		{Input{}, []string{"MISSING_FUNCTION", "MISSING_FUNCTION"}},
		{changed(and(vacant)), []string{"VACANT_POST"}},
		{changed(and(role("r3", "board", "RESPONSIBLE", "AGREED"))), []string{"SEVERAL_RESPONSIBLE"}},
		{changed(func(in *Input) { in.Functions[0].Status = "DISPUTED" }), []string{"DISPUTED_ROLE"}},
		{changed(func(in *Input) { in.Functions[0].Status = "PROPOSED" }), []string{"MISSING_FUNCTION"}},
		{changed(func(in *Input) { in.Functions[1].Holder.Vacant = true }), []string{"VACANT_POST"}},
		{changed(func(in *Input) { in.Activities = append(in.Activities, Activity{ID: "tour"}) }), []string{"NO_RESPONSIBLE", "NO_ACCOUNTABLE"}},
		{changed(func(in *Input) {
			in.Activities[0].Roles, in.Parties = append(in.Activities[0].Roles, role("r3", "school", "CONSULTED", "PROPOSED")), append(in.Parties, "school")
		}), []string{"PARTY_WITHOUT_ROLE"}},
	} {
		if got := found(Build(c.in)); !slices.Equal(got, c.want) {
			t.Errorf("found %v, want %v in %+v", got, c.want, c.in)
		}
	}
}

func TestFindingsComeByRuleThenInTheOrderOfTheMap(t *testing.T) {
	m := Build(Input{Activities: []Activity{{ID: "z"}, {ID: "a", Roles: []Role{role("r2", "npo", "RESPONSIBLE", "DISPUTED"), role("r1", "board", "RESPONSIBLE", "AGREED")}}}})
	var got []string
	for _, f := range m.Findings() {
		got = append(got, fmt.Sprint(f.Rule.Name, f.Activity, f.Function, f.Roles))
	}
	want := []string{"NO_RESPONSIBLEz[]", "NO_ACCOUNTABLEz[]", "NO_ACCOUNTABLEa[]", "MISSING_FUNCTIONIMPLEMENTER[]", "MISSING_FUNCTIONSECRETARIAT[]", "SEVERAL_RESPONSIBLEa[r2 r1]", "DISPUTED_ROLEa[r2]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhichFunctionsMustBeFilled(t *testing.T) {
	for _, v := range network.InitiativeTypeEnum.Values {
		if got := slices.Contains(RequiredFunctions(v.Value), "SCREENER"); got != (v.Value == "GRANT") {
			t.Errorf("%s needs a screener: %t", v.Value, got)
		}
	}
	for _, f := range RequiredFunctions("GRANT") {
		if !network.FunctionEnum.Has(f) {
			t.Errorf("there is no function %s", f)
		}
	}
}

func TestProposalsAreJudgedAsIfTheyWereAgreed(t *testing.T) {
	in := changed(and(role("r3", "board", "RESPONSIBLE", "PROPOSED")))
	in.Functions = append(in.Functions, Role{ID: "f3", Holder: Holder{ID: "x", Body: "x"}, Function: "EXPERT", Status: "PROPOSED"})
	as := in.WithProposals()
	if got := found(Build(as)); !slices.Equal(got, []string{"SEVERAL_RESPONSIBLE"}) {
		t.Errorf("found %v", got)
	}
	if got := found(Build(in)); len(got) != 0 || in.Activities[0].Roles[2].Status != "PROPOSED" || in.Functions[2].Status != "PROPOSED" {
		t.Errorf("the division itself has changed: %v %+v", got, in)
	}
	if as.Functions[2].Status != "AGREED" || as.Activities[0].Roles[0] != in.Activities[0].Roles[0] {
		t.Errorf("%+v", as)
	}
	disputed := changed(func(in *Input) { in.Activities[0].Roles[0].Status = "DISPUTED" })
	if got := found(Build(disputed.WithProposals())); !slices.Equal(got, []string{"DISPUTED_ROLE"}) {
		t.Errorf("what is disputed is no proposal: %v", got)
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
	if want := (Coverage{Activities: 2, WithResponsible: 2, WithAccountable: 1, Complete: 1, Sound: 1}); m.Coverage != want {
		t.Errorf("coverage %+v", m.Coverage)
	}
	if share, known := m.Coverage.Share(); share != 0.5 || !known {
		t.Errorf("a share of %v, %t", share, known)
	}
	if _, known := (Coverage{}).Share(); known {
		t.Error("no activities: there is nothing to have a share of")
	}
	if _, known := (Coverage{}).SoundShare(); known {
		t.Error("no activities: there is nothing to have a share of")
	}
}

func TestWhichActivitiesAreSound(t *testing.T) {
	first := func(change func(*Role)) Input {
		return changed(func(in *Input) { change(&in.Activities[0].Roles[0]) })
	}
	for _, c := range []struct {
		name            string
		in              Input
		complete, sound int
	}{
		{"nothing is wrong", sound(), 1, 1},
		{"nobody holds the post", first(func(r *Role) { r.Holder.Vacant = true }), 1, 0},
		{"the post has ended", first(func(r *Role) { r.Holder.Expired = true }), 1, 0},
		{"the role is disputed", first(func(r *Role) { r.Status = "DISPUTED" }), 1, 0},
		{"it is only proposed", first(func(r *Role) { r.Status = "PROPOSED" }), 0, 0},
		{"a second responsible is vacant", changed(func(in *Input) {
			r := at("desk", func(h *Holder) { h.Vacant = true })
			r.Responsibility = "RESPONSIBLE"
			and(r)(in)
		}), 1, 0},
		{"who is only consulted is vacant", changed(and(at("desk", func(h *Holder) { h.Vacant = true }))), 1, 1},
		{"a dispute over a proposal that does not count", changed(and(role("r3", "npo", "ACCOUNTABLE", "PROPOSED"))), 1, 1},
	} {
		got := Build(c.in).Coverage
		if share, _ := got.SoundShare(); got.Complete != c.complete || got.Sound != c.sound || share != float64(c.sound) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestAMissingFunctionIsNamed(t *testing.T) {
	named := map[Text]bool{}
	for _, f := range Build(Input{InitiativeType: "GRANT"}).Gaps {
		if f.Message() == f.Rule.Message || named[f.Message()] {
			t.Errorf("%s: %+v", f.Function, f.Message())
		}
		named[f.Message()] = true
	}
	if len(named) != 3 || !named[Text{"The initiative has nobody who screens applications.", "審査の担当がいません。"}] {
		t.Errorf("%+v", named)
	}
	if f := Build(changed(func(in *Input) { in.Activities[0].Roles = nil })).Gaps[0]; f.Message() != f.Rule.Message {
		t.Errorf("%+v", f.Message())
	}
}

func TestTheHeaviestLoadComesFirst(t *testing.T) {
	var got []string
	for _, l := range Build(Input{Activities: []Activity{
		{ID: "talk", Roles: []Role{role("r1", "c", "RESPONSIBLE", "AGREED"), role("r2", "b", "ACCOUNTABLE", "DISPUTED"), role("r3", "a", "RESPONSIBLE", "PROPOSED"), role("r4", "a", "CONSULTED", "AGREED")}},
		{ID: "tour", Roles: []Role{role("r5", "c", "ACCOUNTABLE", "AGREED"), role("r6", "a", "ACCOUNTABLE", "AGREED"), role("r7", "", "RESPONSIBLE", "AGREED")}},
	}, Functions: []Role{function("f1", "b", "IMPLEMENTER")}}).Load {
		got = append(got, fmt.Sprintf("%s %d %d", l.Holder.ID, l.Responsible, l.Accountable))
	}
	if want := []string{"c 1 1", "a 0 1", "b 0 1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCoverageAgainstLookingAtEveryActivity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		var want Coverage
		for _, a := range in.Activities {
			n := map[string]int{}
			for _, r := range a.Roles {
				if r.Status != "PROPOSED" {
					n[r.Responsibility]++
				}
			}
			want.Activities++
			want.WithResponsible += count(n["RESPONSIBLE"] > 0)
			want.WithAccountable += count(n["ACCOUNTABLE"] == 1)
			want.Complete += count(n["RESPONSIBLE"] > 0 && n["ACCOUNTABLE"] == 1)
		}
		got := Build(in).Coverage
		if share, _ := got.Share(); share < 0 || share > 1 || got.Sound > got.Complete {
			t.Fatalf("%+v", got)
		}
		if got.Sound = 0; got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

package rolemap

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func staff(n int64) *int64 { return &n }

// runnable is an initiative for which no cause holds, changed as the case wants
// it.
func runnable(change func(*StallInput)) StallInput {
	work := func(id, kind string) Activity {
		return Activity{ID: network.ID(id), Type: kind, Roles: []Role{role(id+"-r", "npo", "RESPONSIBLE", "AGREED"), role(id+"-a", "board", "ACCOUNTABLE", "AGREED")}}
	}
	in := StallInput{
		Division: Input{Activities: []Activity{work("budget", "BUDGETING"), work("plan", "PLANNING")}, Functions: []Role{function("f1", "board", "IMPLEMENTER")}},
		Burdens:  []Burden{{Body: "board", Carries: 2, Staff: staff(2)}},
	}
	change(&in)
	return in
}

// vacate leaves the post of a role of the activity without holder.
func (a Activity) vacate(roles ...int) {
	for _, i := range roles {
		a.Roles[i].Holder.Vacant = true
	}
}

func asItIs(*StallInput) {}

// status gives the roles of an activity, in order, another status.
func (a Activity) status(of ...string) {
	for i, s := range of {
		a.Roles[i].Status = s
	}
}

func checkOf(t *testing.T, in StallInput, cause string) CauseCheck {
	t.Helper()
	for _, c := range CheckStall(in) {
		if c.Cause == cause {
			return c
		}
	}
	t.Fatalf("no check of %s", cause)
	return CauseCheck{}
}

func TestEveryCauseHoldsOrDoesNot(t *testing.T) {
	var causes []string
	for _, v := range network.StallCauseEnum.Values {
		causes = append(causes, v.Value)
	}
	everyRule(t, causes, map[string]ruleCase[StallInput]{
		"NO_IMPLEMENTER": {fires: runnable(func(in *StallInput) { in.Division.Functions[0].Status = "PROPOSED" }), not: runnable(asItIs)},
		"STAFF_SHORT":    {fires: runnable(func(in *StallInput) { in.Burdens[0].Carries = 3 }), not: runnable(asItIs)},
		"NO_BUDGET":      {fires: runnable(func(in *StallInput) { in.Division.Activities[0].Type = "" }), not: runnable(asItIs)},
		"NO_PLAN":        {fires: runnable(func(in *StallInput) { in.Division.Activities[1].status("PROPOSED") }), not: runnable(asItIs)},
	}, func(in StallInput) []string {
		var out []string
		for _, c := range CheckStall(in) {
			if c.Verdict == Holds {
				out = append(out, c.Cause)
			}
			if (c.Verdict == Holds) != (c.Suggestion != Text{}) || len(c.Reasons) == 0 {
				t.Errorf("%s: verdict %s, suggestion %q, reasons %+v", c.Cause, c.Verdict, c.Suggestion.EN, c.Reasons)
			}
		}
		return out
	})
}

func TestWhatSaysThatACauseHolds(t *testing.T) {
	budget := func(change func(*Activity)) func(*StallInput) {
		return func(in *StallInput) { change(&in.Division.Activities[0]) }
	}
	for _, c := range []struct {
		name, cause string
		change      func(*StallInput)
		want        Verdict
		reasons     []string
		records     []network.ID // of the last reason
	}{
		{"an implementer is agreed", "NO_IMPLEMENTER", asItIs, Absent, []string{"IMPLEMENTER_AGREED"}, ids("f1")},
		{"one is agreed, another proposed", "NO_IMPLEMENTER", func(in *StallInput) {
			in.Division.Functions = append(in.Division.Functions, Role{ID: "f2", Function: "IMPLEMENTER", Status: "PROPOSED"})
		}, Absent, []string{"IMPLEMENTER_AGREED"}, ids("f1")},
		{"one is proposed", "NO_IMPLEMENTER", func(in *StallInput) { in.Division.Functions[0].Status = "PROPOSED" }, Holds, []string{"NO_IMPLEMENTER", "IMPLEMENTER_PROPOSED"}, ids("f1")},
		{"one is disputed", "NO_IMPLEMENTER", func(in *StallInput) { in.Division.Functions[0].Status = "DISPUTED" }, Holds, []string{"NO_IMPLEMENTER", "IMPLEMENTER_DISPUTED"}, ids("f1")},
		{"only a secretariat", "NO_IMPLEMENTER", func(in *StallInput) { in.Division.Functions[0].Function = "SECRETARIAT" }, Holds, []string{"NO_IMPLEMENTER"}, nil},

		{"as many roles as people", "STAFF_SHORT", asItIs, Absent, []string{"STAFF_SUFFICES"}, nil},
		{"one more", "STAFF_SHORT", func(in *StallInput) { in.Burdens[0].Carries = 3 }, Holds, []string{"OVERLOADED"}, ids("board")},
		{"two organisations have too few", "STAFF_SHORT", func(in *StallInput) {
			in.Burdens = []Burden{{"board", 3, staff(2)}, {"npo", 9, staff(1)}, {"school", 1, staff(30)}}
		}, Holds, []string{"OVERLOADED", "OVERLOADED"}, ids("board")}, // npo, who has more over, comes first
		{"nobody works there", "STAFF_SHORT", func(in *StallInput) { in.Burdens = []Burden{{"board", 1, staff(0)}} }, Holds, []string{"OVERLOADED"}, ids("board")},
		{"of one the staff is not known", "STAFF_SHORT", func(in *StallInput) { in.Burdens = append(in.Burdens, Burden{"npo", 9, nil}) }, Absent, []string{"STAFF_SUFFICES"}, nil},
		{"of none the staff is known", "STAFF_SHORT", func(in *StallInput) { in.Burdens = []Burden{{"npo", 9, nil}} }, Unknown, []string{"STAFF_UNKNOWN"}, nil},
		{"who is only consulted tells nothing", "STAFF_SHORT", func(in *StallInput) { in.Burdens = []Burden{{"npo", 0, staff(5)}} }, Unknown, []string{"STAFF_UNKNOWN"}, nil},
		{"nobody has a role", "STAFF_SHORT", func(in *StallInput) { in.Burdens = nil }, Unknown, []string{"STAFF_UNKNOWN"}, nil},

		{"somebody asks for it, somebody answers for it", "NO_BUDGET", asItIs, Absent, []string{"COVERED"}, ids("budget")},
		{"a disputed role still counts", "NO_BUDGET", budget(func(a *Activity) { a.status("DISPUTED") }), Absent, []string{"COVERED"}, ids("budget")},
		{"nobody is responsible yet", "NO_BUDGET", budget(func(a *Activity) { a.status("PROPOSED") }), Holds, []string{"NOT_COVERED"}, ids("budget")},
		{"nobody answers for it", "NO_BUDGET", budget(func(a *Activity) { a.Roles = a.Roles[:1] }), Holds, []string{"NOT_COVERED"}, ids("budget")},
		{"two answer for it", "NO_BUDGET", budget(func(a *Activity) { a.Roles = append(a.Roles, role("r9", "npo", "ACCOUNTABLE", "AGREED")) }), Holds, []string{"NOT_COVERED"}, ids("budget")},
		{"one of two activities is in order", "NO_BUDGET", func(in *StallInput) {
			in.Division.Activities = append([]Activity{{ID: "open", Type: "BUDGETING"}}, in.Division.Activities...)
		}, Absent, []string{"COVERED"}, ids("budget")},
		{"nobody holds the post that is responsible", "NO_BUDGET", budget(func(a *Activity) { a.vacate(0) }), Holds, []string{"RESPONSIBLE_VACANT"}, ids("budget-r")},
		{"the post that is accountable has ended", "NO_BUDGET", budget(func(a *Activity) { a.Roles[1].Holder.Expired = true }), Holds, []string{"ACCOUNTABLE_VACANT"}, ids("budget-a")},
		{"both are vacant", "NO_BUDGET", budget(func(a *Activity) { a.vacate(0, 1) }), Holds, []string{"RESPONSIBLE_VACANT", "ACCOUNTABLE_VACANT"}, ids("budget-a")},
		{"one is vacant, nobody is the other", "NO_BUDGET", budget(func(a *Activity) { a.Roles = a.Roles[:1]; a.vacate(0) }), Holds, []string{"NOT_COVERED", "RESPONSIBLE_VACANT"}, ids("budget-r")},
		{"of two responsible one is vacant", "NO_BUDGET", budget(func(a *Activity) {
			a.Roles = append(a.Roles, role("r9", "npo", "RESPONSIBLE", "AGREED"))
			a.vacate(0)
		}), Absent, []string{"COVERED"}, ids("budget")},
		{"a vacant post that is only consulted", "NO_BUDGET", budget(func(a *Activity) {
			a.Roles = append(a.Roles, role("r9", "npo", "CONSULTED", "AGREED"))
			a.vacate(2)
		}), Absent, []string{"COVERED"}, ids("budget")},
		{"no activity is for it", "NO_BUDGET", func(in *StallInput) { in.Division.Activities = nil }, Holds, []string{"NO_ACTIVITY"}, nil},
		{"no activity is for it, in a trial", "NO_BUDGET", func(in *StallInput) { in.Stage, in.Division.Activities = "PROOF_OF_CONCEPT", nil }, Holds, []string{"NO_ACTIVITY"}, nil},
		{"no activity is for it, but it is running", "NO_BUDGET", func(in *StallInput) { in.Stage, in.Division.Activities = "RUNNING", nil }, Unknown, []string{"NO_ACTIVITY", "RUNNING"}, nil},
		{"no activity is for it, but it runs by itself", "NO_PLAN", func(in *StallInput) { in.Stage, in.Division.Activities = "SELF_SUSTAINING", nil }, Unknown, []string{"NO_ACTIVITY", "RUNNING"}, nil},
		{"it is running, and the activity is open", "NO_BUDGET", func(in *StallInput) { in.Stage = "RUNNING"; in.Division.Activities[0].status("PROPOSED") }, Holds, []string{"NOT_COVERED"}, ids("budget")},
		{"a budget is no plan", "NO_PLAN", func(in *StallInput) { in.Division.Activities = in.Division.Activities[:1] }, Holds, []string{"NO_ACTIVITY"}, nil},
	} {
		got := checkOf(t, runnable(c.change), c.cause)
		if got.Verdict != c.want || !slices.Equal(rulesOf(got.Reasons), c.reasons) || !slices.Equal(got.Reasons[len(got.Reasons)-1].Records, c.records) {
			t.Errorf("%s: %s %+v", c.name, got.Verdict, got.Reasons)
		}
	}
}

func TestCausesThatStalledAPredecessorComeFirst(t *testing.T) {
	checks := CheckStall(runnable(func(in *StallInput) {
		in.Predecessors = []Stalled{{"centre", []string{"NO_PLAN"}}, {"idea", []string{"STAFF_SHORT", "NO_PLAN", "OF_OLD"}}, {"other", nil}}
	}))
	var order []string
	for _, c := range checks {
		order = append(order, c.Cause)
	}
	if want := []string{"STAFF_SHORT", "NO_PLAN", "NO_IMPLEMENTER", "NO_BUDGET"}; !slices.Equal(order, want) {
		t.Fatalf("checked %v, want %v", order, want)
	}
	if !slices.Equal(checks[0].Stalled, ids("idea")) || !slices.Equal(checks[1].Stalled, ids("centre", "idea")) || len(checks[2].Stalled) != 0 {
		t.Errorf("%+v", checks)
	}
}

func TestAStallCheckDoesNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, func(t *rapid.T) StallInput {
		in := StallInput{Division: drawInput(t)}
		for _, b := range drawIDs(t, "body", 4, "bodies") {
			burden := Burden{Body: b, Carries: rapid.IntRange(0, 4).Draw(t, "carries")}
			if n := rapid.Int64Range(-1, 4).Draw(t, "staff"); n >= 0 {
				burden.Staff = &n
			}
			in.Burdens = append(in.Burdens, burden)
		}
		return in
	}, func(t *rapid.T, in StallInput) StallInput {
		in.Burdens, in.Division.Functions = shuffled(t, in.Burdens), shuffled(t, in.Division.Functions)
		return in
	}, CheckStall)
}

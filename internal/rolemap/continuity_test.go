package rolemap

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// riskInput looks 90 days ahead.
func riskInput(change func(*RiskInput)) RiskInput {
	in := RiskInput{On: today, Within: 90}
	change(&in)
	return in
}

// deskPost is a post of the board, held as the seats say.
func deskPost(roles []Placed, seats ...Seat) RiskInput {
	return riskInput(func(in *RiskInput) {
		in.Posts = []WatchedPost{{Post: "desk", Body: "board", Seats: seats, Roles: roles}}
	})
}

// held is a seat: who holds it from when until when.
func held(who, from, until string) Seat {
	return Seat{ID: network.ID(who + from), Person: network.ID(who), Span: span(from, until)}
}

// on places a role on an activity.
func on(activity string, r Role) Placed { return Placed{Role: r, Activity: network.ID(activity)} }

func namesOfRisks(in RiskInput) []string {
	var out []string
	for _, r := range ContinuityRisks(in) {
		out = append(out, r.Rule.Name)
	}
	return out
}

func TestWhatHangsOnOnePerson(t *testing.T) {
	responsible := []Placed{on("talk", role("r1", "desk", "RESPONSIBLE", "AGREED"))}
	informed := []Placed{on("talk", role("r1", "desk", "INFORMED", "AGREED"))}
	own := func(r Role) RiskInput {
		return riskInput(func(in *RiskInput) { in.PersonRoles = []Placed{on("talk", r)} })
	}
	expires := func(day string) RiskInput {
		return riskInput(func(in *RiskInput) { in.Registrations = []Registration{{"p", network.MustPartialDate(day)}} })
	}
	seat := func(roles []Placed, seats ...Seat) RiskInput {
		in := deskPost(roles, seats...)
		in.Posts[0].Council = true
		return in
	}
	var rules []string
	for _, r := range RiskRules {
		rules = append(rules, r.Name)
		if r.Message.EN == "" || r.Message.JA == "" || r.Suggestion.EN == "" || r.Suggestion.JA == "" {
			t.Errorf("%s lacks a text", r.Name)
		}
	}
	everyRule(t, rules, map[string]ruleCase[RiskInput]{
		"VACANT_POST":          {fires: deskPost(informed, held("p", "2020", "2024-02-01")), not: deskPost(nil)},
		"POST_ENDING":          {fires: deskPost(informed, held("p", "2020", "2024-04-01")), not: deskPost(nil, held("p", "2020", "2024-04-01"))},
		"SINGLE_PERSON":        {fires: deskPost(responsible, held("p", "2020", "")), not: deskPost(informed, held("p", "2020", ""))},
		"REGISTRATION_EXPIRES": {fires: expires("2024-05-01"), not: expires("2024-05-02")},
		"SEAT_VACANT":          {fires: seat(nil), not: seat(informed)},
		"ROLE_ENDING":          {fires: tenures(tenure("r1", "2020", "2024-04-01")), not: tenures(tenure("r1", "2020", "2024-04-01"), tenure("r2", "2024-05-01", ""))},
		"CONTRACT_ENDING":      {fires: contracts(contract("t1", "2020", "2024-04-01")), not: contracts(contract("t1", "2020", "2024-04-01"), contract("t2", "2024-04-01", "2025-04-01"))},
		"CUT_POINT":            {fires: riskInput(func(in *RiskInput) { in.Cuts = []Cut{{"p", 3}} }), not: own(role("r1", "p", "RESPONSIBLE", "AGREED"))},
		"PERSON_HELD_ROLE":     {fires: own(role("r1", "p", "INFORMED", "AGREED")), not: deskPost(informed, held("p", "2020", ""))},
		"SEAT_ENDING":          {fires: deskPost(nil, held("p", "2020", "2024-04-01")), not: deskPost(nil, held("p", "2020", "2024-04-01"), held("q", "2024-04-01", ""))},
		"SOLE_TIE":             {fires: riskInput(func(in *RiskInput) { in.SoleTies = []SoleTie{{"t", "p", "school", "company", 3}} }), not: riskInput(func(*RiskInput) {})},
		"SUCCESSION_PLANNED":   {fires: deskPost(nil, held("p", "2020", "2024-04-01"), held("q", "2024-05-01", "")), not: deskPost(nil, held("p", "2020", "2024-04-01"), held("q", "2024-05-02", ""))},
	}, namesOfRisks)
}

func TestHowSevereARiskIs(t *testing.T) {
	carrying := func(n int) []Placed {
		var out []Placed
		for i := range n {
			out = append(out, on(fmt.Sprint("activity", i), role(fmt.Sprint("r", i), "desk", "ACCOUNTABLE", "AGREED")))
		}
		return out
	}
	ending := func(roles []Placed, day string) RiskInput {
		return deskPost(roles, held("p", "2020", day), held("q", "2020", "2023-01-01"))
	}
	personal := func(n int) RiskInput {
		return riskInput(func(in *RiskInput) {
			for _, p := range carrying(n) {
				p.Holder.ID = "p"
				in.PersonRoles = append(in.PersonRoles, p)
			}
		})
	}
	expires := func(day string) RiskInput {
		return riskInput(func(in *RiskInput) { in.Registrations = []Registration{{"p", network.MustPartialDate(day)}} })
	}
	for _, c := range []struct {
		name, rule string
		in         RiskInput
		want       float64
	}{
		{"vacant, nothing that carries", "VACANT_POST", deskPost([]Placed{on("talk", role("r", "desk", "CONSULTED", "AGREED"))}), 70},
		{"vacant with two", "VACANT_POST", deskPost(carrying(2)), 80},
		{"never more than 100", "VACANT_POST", deskPost(carrying(9)), 100},
		{"leaves tomorrow", "POST_ENDING", ending(carrying(1), "2024-02-02"), 75},
		{"leaves on the last day looked ahead to", "POST_ENDING", ending(carrying(1), "2024-05-01"), 55.22},
		{"many roles count 25 at the most", "POST_ENDING", ending(carrying(9), "2024-02-02"), 95},
		{"three activities on one person", "SINGLE_PERSON", personal(3), 60},
		{"their roles themselves", "PERSON_HELD_ROLE", personal(3), 45},
		{"a licence that ends today", "REGISTRATION_EXPIRES", expires("2024-02-01"), 55},
		{"a licence that ends tomorrow", "REGISTRATION_EXPIRES", expires("2024-02-02"), 55},
		{"a licence that ends in a month", "REGISTRATION_EXPIRES", expires("2024-03-02"), 48.56},
		{"a vacant seat", "SEAT_VACANT", riskInput(func(in *RiskInput) { in.Posts = []WatchedPost{{Post: "seat", Body: "council", Council: true}} }), 40},
		{"a role that ends tomorrow", "ROLE_ENDING", tenures(tenure("r", "2020", "2024-02-02")), 60},
		{"a commission that ends tomorrow", "CONTRACT_ENDING", contracts(contract("t", "2020", "2024-02-02")), 45},
		{"one that ends on the last day looked ahead to", "CONTRACT_ENDING", contracts(contract("t", "2020", "2024-05-01")), 30.17},
		{"cuts three off", "CUT_POINT", riskInput(func(in *RiskInput) { in.Cuts = []Cut{{"p", 3}} }), 45},
		{"a seat that ends tomorrow", "SEAT_ENDING", ending(nil, "2024-02-02"), 45},
		{"the only tie, of strength 4", "SOLE_TIE", riskInput(func(in *RiskInput) { in.SoleTies = []SoleTie{{"t", "p", "school", "company", 4}} }), 36},
		{"a known successor", "SUCCESSION_PLANNED", deskPost(nil, held("p", "2020", "2024-02-02"), held("q", "2024-02-02", "")), 20},
	} {
		var got []float64
		for _, r := range ContinuityRisks(c.in) {
			if r.Rule.Name == c.rule {
				got = append(got, r.Severity)
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %s %v, want %v", c.name, c.rule, got, c.want)
		}
	}
}

func TestWhenTheHolderOfAPostLeaves(t *testing.T) {
	roles := []Placed{on("talk", role("r1", "desk", "CONSULTED", "AGREED"))}
	for _, c := range []struct {
		name  string
		seats []Seat
		want  []string
	}{
		{"nobody ever held it", nil, []string{"VACANT_POST"}},
		{"left today", []Seat{held("p", "2020", "2024-02-01")}, []string{"VACANT_POST"}},
		{"begins tomorrow", []Seat{held("p", "2024-02-02", "")}, []string{"VACANT_POST"}},
		{"begins today", []Seat{held("p", "2024-02-01", "")}, nil},
		{"leaves tomorrow", []Seat{held("p", "2020", "2024-02-02")}, []string{"POST_ENDING"}},
		{"leaves on the last day looked ahead to", []Seat{held("p", "2020", "2024-05-01")}, []string{"POST_ENDING"}},
		{"leaves a day later", []Seat{held("p", "2020", "2024-05-02")}, nil},
		{"leaves some day of FY2023: by 1 April", []Seat{held("p", "2020", "FY2023")}, []string{"POST_ENDING"}},
		{"leaves some day of March", []Seat{held("p", "2020", "2024-03")}, []string{"POST_ENDING"}},
		{"leaves some day of the year", []Seat{held("p", "2020", "2024")}, nil},
		{"leaves, nobody knows when", []Seat{held("p", "2020", "unknown")}, nil},
		{"held it from ever", []Seat{held("p", "", "2024-04-01")}, []string{"POST_ENDING"}},
		{"another stays", []Seat{held("p", "2020", "2024-04-01"), held("q", "2022", "")}, nil},
		{"another stays a day longer: then that one leaves", []Seat{held("p", "2020", "2024-04-01"), held("q", "2022", "2024-04-02")}, []string{"POST_ENDING"}},
		{"both leave on one day", []Seat{held("p", "2020", "2024-04-01"), held("q", "2022", "2024-04-01")}, []string{"POST_ENDING", "POST_ENDING"}},
		{"a successor on the day", []Seat{held("p", "2020", "2024-04-01"), held("q", "2024-04-01", "")}, []string{"SUCCESSION_PLANNED"}},
		{"a successor 30 days later", []Seat{held("p", "2020", "2024-04-01"), held("q", "2024-05-01", "")}, []string{"SUCCESSION_PLANNED"}},
		{"a successor 31 days later", []Seat{held("p", "2020", "2024-04-01"), held("q", "2024-05-02", "")}, []string{"POST_ENDING"}},
		{"a successor in FY2024", []Seat{held("p", "2020", "2024-04-01"), held("q", "FY2024", "")}, []string{"SUCCESSION_PLANNED"}},
		{"the same person again", []Seat{held("p", "2020", "2024-04-01"), held("p", "2024-04-01", "2028-04-01")}, []string{"SUCCESSION_PLANNED"}},
		{"only somebody before", []Seat{held("p", "2020", "2024-04-01"), held("q", "2016", "2020")}, []string{"POST_ENDING"}},
	} {
		if got := namesOfRisks(deskPost(roles, c.seats...)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhenARegistrationExpires(t *testing.T) {
	for _, c := range []struct {
		expires string
		want    string // the day, "" for no risk
	}{
		{"", ""}, {"unknown", ""}, {"2024-01-31", ""}, {"2024-02-01", "2024-02-01"}, {"2024-02-02", "2024-02-02"}, {"2024-05-01", "2024-05-01"}, {"2024-05-02", ""},
		{"2024-02", "2024-02-01"}, {"2024-04", "2024-04-01"}, {"2024", ""}, {"FY2024", "2024-04-01"},
	} {
		got := ""
		for _, r := range ContinuityRisks(riskInput(func(in *RiskInput) { in.Registrations = []Registration{{"p", network.MustPartialDate(c.expires)}} })) {
			got = r.On.String()
		}
		if got != c.want {
			t.Errorf("expires %q: a risk on %q, want %q", c.expires, got, c.want)
		}
	}
}

func TestNoEndNeverComes(t *testing.T) {
	in := deskPost(nil, held("p", "2020", ""))
	in.On = network.MaxDate.AddDays(-1)
	if got := namesOfRisks(in); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestWhenAllOfAnActivityRestsOnOnePerson(t *testing.T) {
	responsible, accountable := role("r1", "p", "RESPONSIBLE", "AGREED"), role("r2", "p", "ACCOUNTABLE", "AGREED")
	post := func(name string, r Role, holders ...string) WatchedPost {
		p := WatchedPost{Post: network.ID(name), Roles: []Placed{on("talk", r)}}
		for _, h := range holders {
			p.Seats = append(p.Seats, held(h, "2020", ""))
		}
		return p
	}
	for _, c := range []struct {
		name string
		in   func(*RiskInput)
		want bool
	}{
		{"both roles are theirs", func(in *RiskInput) { in.PersonRoles = []Placed{on("talk", responsible), on("talk", accountable)} }, true},
		{"one is another's", func(in *RiskInput) {
			in.PersonRoles = []Placed{on("talk", responsible), on("talk", role("r2", "q", "ACCOUNTABLE", "AGREED"))}
		}, false},
		{"one is a post's that they hold", func(in *RiskInput) {
			in.PersonRoles, in.Posts = []Placed{on("talk", responsible)}, []WatchedPost{post("desk", accountable, "p")}
		}, true},
		{"two posts that they hold", func(in *RiskInput) {
			in.Posts = []WatchedPost{post("desk", responsible, "p"), post("chair", accountable, "p")}
		}, true},
		{"another holds the post too", func(in *RiskInput) { in.Posts = []WatchedPost{post("desk", responsible, "p", "q")} }, false},
		{"the other post is vacant", func(in *RiskInput) {
			in.Posts = []WatchedPost{post("desk", responsible, "p"), post("chair", accountable)}
		}, true},
		{"an organisation answers for it", func(in *RiskInput) {
			in.PersonRoles, in.BodyRoles = []Placed{on("talk", responsible)}, []Placed{on("talk", role("r2", "board", "ACCOUNTABLE", "AGREED"))}
		}, false},
		{"an organisation is only informed", func(in *RiskInput) {
			in.PersonRoles, in.BodyRoles = []Placed{on("talk", responsible)}, []Placed{on("talk", role("r2", "board", "INFORMED", "AGREED"))}
		}, true},
		{"another is only proposed", func(in *RiskInput) {
			in.PersonRoles = []Placed{on("talk", responsible), on("talk", role("r2", "q", "ACCOUNTABLE", "PROPOSED"))}
		}, true},
		{"they are only consulted", func(in *RiskInput) { in.PersonRoles = []Placed{on("talk", role("r1", "p", "CONSULTED", "AGREED"))} }, false},
		{"it is a function, not an activity", func(in *RiskInput) { in.PersonRoles = []Placed{{Role: function("f1", "p", "SECRETARIAT")}} }, false},
	} {
		var risk *Risk
		for _, r := range ContinuityRisks(riskInput(c.in)) {
			if r.Rule.Name == "SINGLE_PERSON" {
				risk = &r
			}
		}
		if (risk != nil) != c.want {
			t.Errorf("%s: %+v", c.name, risk)
		}
		if risk != nil && (risk.Person != "p" || !slices.Equal(risk.Activities, ids("talk"))) {
			t.Errorf("%s: %+v", c.name, risk)
		}
	}
}

func TestRolesOfAVacantPostAreNotWhatThePersonLeaves(t *testing.T) {
	risks := ContinuityRisks(riskInput(func(in *RiskInput) {
		in.Posts = []WatchedPost{
			{Post: "chair", Roles: []Placed{on("talk", role("r2", "chair", "ACCOUNTABLE", "AGREED"))}},
			{Post: "desk", Seats: []Seat{held("p", "2020", "")}, Roles: []Placed{on("talk", role("r1", "desk", "RESPONSIBLE", "AGREED"))}},
		}
	}))
	if len(risks) != 2 || !slices.Equal(risks[1].Roles, ids("r1")) || !slices.Equal(risks[0].Roles, ids("r2")) {
		t.Errorf("%+v", risks)
	}
}

func TestRisksComeMostSevereFirstThenByRuleThenByID(t *testing.T) {
	in := riskInput(func(in *RiskInput) {
		in.Cuts = []Cut{{"b", 1}, {"a", 1}, {"c", 2}}
		in.PersonRoles = []Placed{on("talk", role("r1", "a", "CONSULTED", "AGREED")), on("talk", role("r2", "q", "ACCOUNTABLE", "AGREED")), on("talk", role("r3", "d", "ACCOUNTABLE", "AGREED"))}
		in.SoleTies = []SoleTie{{"t2", "a", "school", "company", 5}, {"t1", "a", "school", "shop", 5}}
	})
	var got []string
	for _, r := range ContinuityRisks(in) {
		got = append(got, fmt.Sprintf("%s %s%s %v", r.Rule.Name, r.Person, r.Tie, r.Severity))
	}
	want := []string{"CUT_POINT c 40", "SOLE_TIE at1 40", "SOLE_TIE at2 40", "CUT_POINT a 35", "CUT_POINT b 35", "PERSON_HELD_ROLE d 35", "PERSON_HELD_ROLE q 35", "PERSON_HELD_ROLE a 30"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func drawRiskInput(t *rapid.T) RiskInput {
	placed := func(prefix, holders string, label string) []Placed {
		return numbered(rapid.IntRange(0, 4).Draw(t, label), prefix, func(id network.ID) Placed {
			p := drawPlaced(t, id)
			p.Holder.ID = drawID(t, holders, 3, "holder")
			return p
		})
	}
	return RiskInput{
		On: today, Within: rapid.SampledFrom([]int{1, 60, 90, 366}).Draw(t, "within"),
		Posts: numbered(rapid.IntRange(0, 3).Draw(t, "posts"), "post", func(id network.ID) WatchedPost {
			p := WatchedPost{Post: id, Body: "board", Council: rapid.Bool().Draw(t, "council"), Roles: placed(string(id), "post", "roles")}
			p.Seats = numbered(rapid.IntRange(0, 3).Draw(t, "seats"), string(id)+"s", func(seat network.ID) Seat {
				return Seat{ID: seat, Person: drawID(t, "p", 3, "person"), Span: drawSpan(t)}
			})
			return p
		}),
		PersonRoles: placed("own", "p", "own roles"), BodyRoles: placed("body", "board", "body roles"),
		SoleTies: numbered(rapid.IntRange(0, 3).Draw(t, "ties"), "tie", func(id network.ID) SoleTie {
			return SoleTie{Tie: id, Person: drawID(t, "p", 3, "person"), Body: "school", Party: drawID(t, "party", 3, "party"), Strength: rapid.IntRange(0, 5).Draw(t, "strength")}
		}),
		Registrations: numbered(rapid.IntRange(0, 3).Draw(t, "registrations"), "p", func(id network.ID) Registration { return Registration{id, drawDate(t, "expires")} }),
		Tenures: numbered(rapid.IntRange(0, 4).Draw(t, "tenures"), "tenure", func(id network.ID) Tenure {
			return Tenure{Placed: drawPlaced(t, id), Initiative: drawID(t, "initiative", 2, "initiative"), Span: drawSpan(t), Over: network.MaxDate, Body: drawID(t, "body", 2, "body")}
		}),
		Contracts: numbered(rapid.IntRange(0, 4).Draw(t, "contracts"), "contract", func(id network.ID) Contract {
			return Contract{Tie: id, Giver: drawID(t, "giver", 2, "giver"), Body: drawID(t, "body", 2, "body"), Kind: rapid.SampledFrom([]string{"FUNDS", "COMMISSIONS"}).Draw(t, "kind"), Span: drawSpan(t)}
		}),
		Cuts: numbered(rapid.IntRange(0, 3).Draw(t, "cuts"), "p", func(id network.ID) Cut { return Cut{id, rapid.IntRange(0, 20).Draw(t, "cut off")} }),
	}
}

func TestRisksDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawRiskInput, func(t *rapid.T, in RiskInput) RiskInput {
		in.Posts, in.PersonRoles, in.BodyRoles = shuffled(t, in.Posts), shuffled(t, in.PersonRoles), shuffled(t, in.BodyRoles)
		in.SoleTies, in.Registrations, in.Cuts = shuffled(t, in.SoleTies), shuffled(t, in.Registrations), shuffled(t, in.Cuts)
		in.Tenures, in.Contracts = shuffled(t, in.Tenures), shuffled(t, in.Contracts)
		for i := range in.Posts {
			in.Posts[i].Seats, in.Posts[i].Roles = shuffled(t, in.Posts[i].Seats), shuffled(t, in.Posts[i].Roles)
		}
		return in
	}, ContinuityRisks)
}

func TestARiskHasASeverityOf0To100(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range ContinuityRisks(drawRiskInput(t)) {
			if r.Severity < 0 || r.Severity > maxSeverity || r.Severity != hundredths(r.Severity) {
				t.Fatalf("%+v", r)
			}
		}
	})
}

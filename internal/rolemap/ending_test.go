package rolemap

import (
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// tenure is a responsible role on the talks that holds from when until when.
func tenure(id, from, until string) Tenure {
	return Tenure{Placed: on("talk", role(id, "npo", "RESPONSIBLE", "AGREED")), Body: "npo", Span: span(from, until), Over: network.MaxDate}
}

func tenures(of ...Tenure) RiskInput {
	return riskInput(func(in *RiskInput) { in.Tenures = of })
}

// contract is a commission from the board to the NPO.
func contract(tie, from, until string) Contract {
	return Contract{Tie: network.ID(tie), Giver: "board", Body: "npo", Kind: "COMMISSIONS", Span: span(from, until)}
}

func contracts(of ...Contract) RiskInput {
	return riskInput(func(in *RiskInput) { in.Contracts = of })
}

func TestWhenARoleEnds(t *testing.T) {
	ends := tenure("r1", "2020", "2024-04-01")
	but := func(t Tenure, change func(*Tenure)) Tenure {
		change(&t)
		return t
	}
	next := tenure("r2", "2024-04-01", "")
	asSecretariat := func(t *Tenure) {
		t.Placed, t.Initiative = Placed{Role: function(string(t.ID), "npo", "SECRETARIAT")}, "project"
	}
	for _, c := range []struct {
		name  string
		roles []Tenure
		want  int
	}{
		{"nobody follows", []Tenure{ends}, 1},
		{"it goes on", []Tenure{tenure("r1", "2020", "")}, 0},
		{"it ends later than looked ahead to", []Tenure{tenure("r1", "2020", "2024-05-02")}, 0},
		{"it has ended", []Tenure{tenure("r1", "2020", "2024-02-01")}, 0},
		{"it has not begun", []Tenure{tenure("r1", "2024-03-01", "2024-04-01")}, 0},
		{"another follows on the day", []Tenure{ends, next}, 0},
		{"another follows 31 days later", []Tenure{ends, tenure("r2", "2024-05-02", "")}, 1},
		{"another is there already and stays", []Tenure{ends, tenure("r2", "2021", "")}, 0},
		{"another ends on the same day", []Tenure{ends, tenure("r2", "2021", "2024-04-01")}, 2},
		{"who follows has another responsibility", []Tenure{ends, but(next, func(t *Tenure) { t.Responsibility = "CONSULTED" })}, 1},
		{"who follows is on another activity", []Tenure{ends, but(next, func(t *Tenure) { t.Activity = "tour" })}, 1},
		{"the activity ends with it", []Tenure{but(ends, func(t *Tenure) { t.Over = network.MustDate("2024-04-01") })}, 0},
		{"the activity goes on a day longer", []Tenure{but(ends, func(t *Tenure) { t.Over = network.MustDate("2024-04-02") })}, 1},
		{"a function", []Tenure{but(ends, asSecretariat)}, 1},
		{"a function that another takes", []Tenure{but(ends, asSecretariat), but(next, asSecretariat)}, 0},
		{"a function that another takes elsewhere", []Tenure{but(ends, asSecretariat), but(next, func(t *Tenure) { asSecretariat(t); t.Initiative = "grant" })}, 1},
	} {
		if got := namesOfRisks(tenures(c.roles...)); len(got) != c.want {
			t.Errorf("%s: %v, want %d", c.name, got, c.want)
		}
	}
	risk := ContinuityRisks(tenures(ends))[0]
	if risk.Body != "npo" || !slices.Equal(risk.Roles, ids("r1")) || !slices.Equal(risk.Activities, ids("talk")) || risk.On != network.MustDate("2024-04-01") {
		t.Errorf("%+v", risk)
	}
}

func TestWhenAContractEnds(t *testing.T) {
	ends := contract("t1", "2020", "2024-04-01")
	but := func(change func(*Contract)) Contract {
		c := contract("t2", "2024-04-01", "2025-04-01")
		change(&c)
		return c
	}
	for _, c := range []struct {
		name string
		ties []Contract
		want int
	}{
		{"nothing follows", []Contract{ends}, 1},
		{"it is open-ended", []Contract{contract("t1", "2020", "")}, 0},
		{"it has ended", []Contract{contract("t1", "2020", "2024-02-01")}, 0},
		{"the next follows", []Contract{ends, but(func(*Contract) {})}, 0},
		{"the next is of another kind", []Contract{ends, but(func(c *Contract) { c.Kind = "FUNDS" })}, 1},
		{"the next is for another", []Contract{ends, but(func(c *Contract) { c.Body = "school" })}, 1},
		{"the next is from another", []Contract{ends, but(func(c *Contract) { c.Giver = "city" })}, 1},
		{"the next begins too late", []Contract{ends, contract("t2", "2024-05-02", "")}, 1},
	} {
		if got := namesOfRisks(contracts(c.ties...)); len(got) != c.want {
			t.Errorf("%s: %v, want %d", c.name, got, c.want)
		}
	}
	if r := ContinuityRisks(contracts(ends))[0]; r.Body != "npo" || r.Party != "board" || r.Tie != "t1" {
		t.Errorf("%+v", r)
	}
}

func TestWhenASeatInACouncilIsVacant(t *testing.T) {
	for _, c := range []struct {
		name string
		post WatchedPost
		want []string
	}{
		{"nobody holds it", WatchedPost{Council: true}, []string{"SEAT_VACANT"}},
		{"somebody does", WatchedPost{Council: true, Seats: []Seat{held("p", "2020", "")}}, nil},
		{"the last has left", WatchedPost{Council: true, Seats: []Seat{held("p", "2020", "2024-02-01")}}, []string{"SEAT_VACANT"}},
		{"it is no council", WatchedPost{}, nil},
		{"it has roles", WatchedPost{Council: true, Roles: []Placed{on("talk", role("r", "seat", "INFORMED", "AGREED"))}}, []string{"VACANT_POST"}},
	} {
		if got := namesOfRisks(riskInput(func(in *RiskInput) { in.Posts = []WatchedPost{c.post} })); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhatIsReadReachesToTheLastSuccessor(t *testing.T) {
	in := riskInput(func(*RiskInput) {})
	if got := in.Reach(); got != (network.DateRange{From: today, Until: today.AddDays(90 + graceDays)}) {
		t.Errorf("%+v", got)
	}
}

func TestTheHouseOfWhoCarriesAllAlone(t *testing.T) {
	post := func(id, body, holder, activity string) WatchedPost {
		return WatchedPost{Post: network.ID(id), Body: network.ID(body), Seats: []Seat{held(holder, "2020", "")}, Roles: []Placed{on(activity, role("r"+id, id, "RESPONSIBLE", "AGREED"))}}
	}
	own := []Placed{on("walk", role("r0", "p", "RESPONSIBLE", "AGREED"))}
	for _, c := range []struct {
		name  string
		own   []Placed
		posts []WatchedPost
		want  network.ID
	}{
		{"one post", nil, []WatchedPost{post("a", "board", "p", "talk")}, "board"},
		{"two posts in one", nil, []WatchedPost{post("a", "board", "p", "talk"), post("b", "board", "p", "tour")}, "board"},
		{"posts in two", nil, []WatchedPost{post("a", "board", "p", "talk"), post("b", "school", "p", "tour")}, ""},
		{"no post", own, nil, ""},
		{"a post, and what is their own", own, []WatchedPost{post("a", "board", "p", "talk")}, "board"},
	} {
		for _, r := range ContinuityRisks(riskInput(func(in *RiskInput) { in.PersonRoles, in.Posts = c.own, c.posts })) {
			if r.Rule.Name == "SINGLE_PERSON" && r.Body != c.want {
				t.Errorf("%s: %q, want %q", c.name, r.Body, c.want)
			}
		}
	}
}

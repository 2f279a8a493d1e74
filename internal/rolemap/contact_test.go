package rolemap

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhereInitiativesMeet(t *testing.T) {
	desk := role("r2", "post-desk", "CONSULTED", "AGREED")
	desk.Holder.Body = "school" // a post counts for its organisation
	hidden := role("r3", "post-x", "CONSULTED", "AGREED")
	hidden.Holder.Body = ""
	points := ContactPoints([]Named{
		{"platform", Input{Parties: ids("school", "company"), Activities: []Activity{{ID: "talk", Roles: []Role{role("r1", "npo", "RESPONSIBLE", "AGREED"), desk, hidden}}}}},
		{"salon", Input{Parties: ids("school"), Functions: []Role{function("f1", "npo", "SECRETARIAT"), function("f2", "company", "PARTNER")}}},
		{"interns", Input{Parties: ids("school", "npo", "alone"), Activities: []Activity{{ID: "tour", Roles: []Role{role("r4", "company", "RESPONSIBLE", "PROPOSED"), role("r5", "school", "INFORMED", "DISPUTED")}}}}},
	}, "npo")
	var got []string
	for _, p := range points {
		for _, a := range p.Appearances {
			got = append(got, fmt.Sprintf("%s in %s: %t %d", p.Party, a.Initiative, a.Party, len(a.Roles)))
		}
	}
	want := []string{
		"school in platform: true 1", "school in salon: true 0", "school in interns: true 1",
		"company in platform: true 0", "company in salon: false 1", // what is only proposed in interns does not count
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestPartiesOfMoreInitiativesComeFirstThenThoseWithMoreRoles(t *testing.T) {
	in := func(id string, parties []network.ID, roles ...Role) Named {
		return Named{network.ID(id), Input{Parties: parties, Functions: roles}}
	}
	points := ContactPoints([]Named{in("1", ids("d", "c", "b", "a")), in("2", ids("a", "b", "c", "d"), function("f1", "c", "PARTNER")), in("3", ids("d"))})
	var got []network.ID
	for _, p := range points {
		got = append(got, p.Party)
	}
	if !slices.Equal(got, ids("d", "c", "a", "b")) {
		t.Errorf("%v", got)
	}
	for _, none := range [][]Named{nil, {in("1", ids("a", "b"))}, {in("1", ids("a")), in("2", ids("b"))}} {
		if got := ContactPoints(none); len(got) != 0 {
			t.Errorf("%+v meet in %+v", none, got)
		}
	}
}

// everyContact is what the question says, asked of every party.
func everyContact(initiatives []Named, except network.ID) []ContactPoint {
	var out []ContactPoint
	for _, party := range ids("x1", "x2", "x3", "x4") {
		p := ContactPoint{Party: party}
		for _, in := range initiatives {
			a := Appearance{Initiative: in.ID, Party: slices.Contains(in.Parties, party)}
			for _, activity := range append(slices.Clone(in.Activities), Activity{Roles: in.Functions}) {
				for _, r := range activity.Roles {
					if r.Holder.Body == party && r.Status != "PROPOSED" {
						a.Roles = append(a.Roles, r)
					}
				}
			}
			if a.Party || len(a.Roles) > 0 {
				p.Appearances = append(p.Appearances, a)
			}
		}
		if len(p.Appearances) > 1 && party != except {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b ContactPoint) int {
		return cmp.Or(len(b.Appearances)-len(a.Appearances), b.roles()-a.roles())
	})
	return out
}

func drawInitiatives(t *rapid.T) []Named {
	return numbered(rapid.IntRange(0, 4).Draw(t, "initiatives"), "i", func(id network.ID) Named { return Named{id, drawInput(t)} })
}

func TestContactPointsAgainstEveryParty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		initiatives := drawInitiatives(t)
		if got, want := ContactPoints(initiatives, "x1"), everyContact(initiatives, "x1"); len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// Appearances come in the order of the initiatives; who meets whom, and in which
// order, does not depend on it.
func TestContactPointsDoNotDependOnTheOrderOfTheInitiatives(t *testing.T) {
	sameInAnyOrder(t, drawInitiatives, shuffled[Named], func(initiatives []Named) any {
		var out []any
		for _, p := range ContactPoints(initiatives) {
			as := slices.Clone(p.Appearances)
			slices.SortFunc(as, func(a, b Appearance) int { return cmp.Compare(a.Initiative, b.Initiative) })
			out = append(out, p.Party, as)
		}
		return out
	})
}

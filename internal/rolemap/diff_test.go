package rolemap

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// withRoles is the sound initiative with the roles of its talks.
func withRoles(roles ...Role) Input {
	in := sound()
	in.Activities[0].Roles = roles
	return in
}

// told is a diff in short: what begun, ended and moved.
func told(d Diff) []string {
	var out []string
	for _, p := range d.Begun {
		out = append(out, "begun "+string(p.ID))
	}
	for _, p := range d.Ended {
		out = append(out, "ended "+string(p.ID))
	}
	for _, m := range d.Moved {
		out = append(out, fmt.Sprintf("%s of %s moved from %s to %s", m.Is, m.Activity, m.From.Holder.ID, m.Into.Holder.ID))
	}
	return out
}

func TestWhatChangedInTheDivision(t *testing.T) {
	r, a := role("r1", "npo", "RESPONSIBLE", "AGREED"), role("r2", "board", "ACCOUNTABLE", "AGREED")
	for _, c := range []struct {
		name          string
		before, after Input
		want          []string
	}{
		{"nothing", withRoles(r, a), withRoles(a, r), nil},
		{"one began", withRoles(r), withRoles(r, a), []string{"begun r2"}},
		{"one ended", withRoles(r, a), withRoles(a), []string{"ended r1"}},
		{"it passed to another", withRoles(r, a), withRoles(role("r3", "school", "RESPONSIBLE", "AGREED"), a), []string{"RESPONSIBLE of talk moved from npo to school"}},
		{"the same holder again is no move", withRoles(r, a), withRoles(role("r3", "npo", "RESPONSIBLE", "AGREED"), a), []string{"begun r3", "ended r1"}},
		{"another responsibility is no move", withRoles(r), withRoles(role("r3", "school", "CONSULTED", "AGREED")), []string{"begun r3", "ended r1"}},
		{"one became two: nobody knows to whom it passed", withRoles(r), withRoles(role("r3", "school", "RESPONSIBLE", "AGREED"), role("r4", "company", "RESPONSIBLE", "AGREED")), []string{"begun r3", "begun r4", "ended r1"}},
		{"two became one", withRoles(r, role("r3", "school", "RESPONSIBLE", "AGREED")), withRoles(role("r4", "company", "RESPONSIBLE", "AGREED")), []string{"begun r4", "ended r1", "ended r3"}},
		{"what is only proposed does not count", withRoles(r), withRoles(r, role("r3", "school", "ACCOUNTABLE", "PROPOSED")), nil},
		{"the same with proposals", withRoles(r), withRoles(r, role("r3", "school", "ACCOUNTABLE", "PROPOSED")).WithProposals(), []string{"begun r3"}},
		{"from nothing", Input{}, withRoles(r), []string{"begun r1", "begun f1", "begun f2"}},
		{"to nothing", withRoles(r), Input{}, []string{"ended r1", "ended f1", "ended f2"}},
	} {
		if got := told(Compare(c.before, c.after)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAFunctionMovesToo(t *testing.T) {
	after := sound()
	after.Functions = []Role{after.Functions[0], function("f3", "school", "SECRETARIAT")}
	d := Compare(sound(), after)
	if got := told(d); !slices.Equal(got, []string{"SECRETARIAT of  moved from npo to school"}) {
		t.Errorf("%q", got)
	}
}

func TestWhichActivitiesBeganAndEnded(t *testing.T) {
	before, after := sound(), sound()
	before.Activities = append(before.Activities, Activity{ID: "old"})
	after.Activities = append(after.Activities, Activity{ID: "new"})
	if d := Compare(before, after); !slices.Equal(d.ActivitiesNew, ids("new")) || !slices.Equal(d.ActivitiesGone, ids("old")) {
		t.Errorf("new %v, gone %v", d.ActivitiesNew, d.ActivitiesGone)
	}
}

func TestWhatTheRulesFindAnew(t *testing.T) {
	vacant := func(id string) Role {
		r := role(id, "desk-"+id, "CONSULTED", "AGREED")
		r.Holder.Vacant = true
		return r
	}
	r, a := role("r1", "npo", "RESPONSIBLE", "AGREED"), role("r2", "board", "ACCOUNTABLE", "AGREED")
	another := func(id string) Role { return role(id, "x-"+id, "RESPONSIBLE", "AGREED") }
	for _, c := range []struct {
		name          string
		before, after Input
		found, gone   []string
	}{
		{"nothing", withRoles(r, a), withRoles(r, a), nil, nil},
		{"nobody answers for it any more", withRoles(r, a), withRoles(r), []string{"NO_ACCOUNTABLE"}, nil},
		{"somebody does again", withRoles(r), withRoles(r, a), nil, []string{"NO_ACCOUNTABLE"}},
		{"a second is responsible", withRoles(r, a), withRoles(r, a, another("r3")), []string{"SEVERAL_RESPONSIBLE"}, nil},
		{"a third is nothing new", withRoles(r, a, another("r3")), withRoles(r, a, another("r3"), another("r4")), nil, nil},
		{"a second post is vacant", withRoles(r, a, vacant("v1")), withRoles(r, a, vacant("v1"), vacant("v2")), []string{"VACANT_POST"}, nil},
		{"one is filled, another vacant", withRoles(r, a, vacant("v1")), withRoles(r, a, vacant("v2")), []string{"VACANT_POST"}, []string{"VACANT_POST"}},
	} {
		d := Compare(c.before, c.after)
		names := func(fs []Finding) []string {
			var out []string
			for _, f := range fs {
				if f.Rule.Name != "PARTY_WITHOUT_ROLE" {
					out = append(out, f.Rule.Name)
				}
			}
			return out
		}
		if got := names(d.NewFindings); !slices.Equal(got, c.found) {
			t.Errorf("%s: found %v, want %v", c.name, got, c.found)
		}
		if got := names(d.GoneFindings); !slices.Equal(got, c.gone) {
			t.Errorf("%s: gone %v, want %v", c.name, got, c.gone)
		}
	}
}

func TestCoverageBeforeAndAfter(t *testing.T) {
	d := Compare(withRoles(), sound())
	if d.CoverageThen.Complete != 0 || d.CoverageSoon.Complete != 1 {
		t.Errorf("%+v, then %+v", d.CoverageThen, d.CoverageSoon)
	}
}

// part is the division with some of its roles and activities.
func part(t *rapid.T, of Input) Input {
	keep := func(roles []Role) []Role {
		return slices.DeleteFunc(slices.Clone(roles), func(Role) bool { return rapid.Bool().Draw(t, "ended") })
	}
	out := of
	out.Functions, out.Activities = keep(of.Functions), nil
	for _, a := range of.Activities {
		if rapid.IntRange(0, 4).Draw(t, "activity ended") > 0 {
			out.Activities = append(out.Activities, Activity{ID: a.ID, Type: a.Type, Roles: keep(a.Roles)})
		}
	}
	return out
}

// counted are the roles that count, each where it stands.
func counted(in Input) map[string]bool {
	out := map[string]bool{}
	for _, a := range append(slices.Clone(in.Activities), Activity{Roles: in.Functions}) {
		for _, r := range a.Roles {
			if r.Status != "PROPOSED" {
				out[fmt.Sprint(r.ID, " on ", a.ID)] = true
			}
		}
	}
	return out
}

func TestTheDiffLeadsFromTheEarlierDivisionToTheLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawInput(t)
		before, after := part(t, all), part(t, all)
		d := Compare(before, after)
		got := counted(before)
		end := func(id, activity network.ID) {
			key := fmt.Sprint(id, " on ", activity)
			if !got[key] {
				t.Fatalf("%s ended, but was not there", key)
			}
			delete(got, key)
		}
		begin := func(id, activity network.ID) {
			key := fmt.Sprint(id, " on ", activity)
			if got[key] {
				t.Fatalf("%s began, but was there", key)
			}
			got[key] = true
		}
		for _, p := range d.Ended {
			end(p.ID, p.Activity)
		}
		for _, m := range d.Moved {
			end(m.From.ID, m.Activity)
			begin(m.Into.ID, m.Activity)
			if m.From.Holder.ID == m.Into.Holder.ID || m.From.Responsibility != m.Into.Responsibility || m.From.Function != m.Into.Function {
				t.Fatalf("%+v is no move", m)
			}
		}
		for _, p := range d.Begun {
			begin(p.ID, p.Activity)
		}
		if want := counted(after); !maps.Equal(got, want) {
			t.Fatalf("the diff leads to %v, not to %v", got, want)
		}
	})
}

func TestTheDiffTheOtherWayIsTheDiffTurnedRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawInput(t)
		before, after := part(t, all), part(t, all)
		there, back := Compare(before, after), Compare(after, before)
		if len(there.Begun) != len(back.Ended) || len(there.Ended) != len(back.Begun) || len(there.Moved) != len(back.Moved) ||
			len(there.NewFindings) != len(back.GoneFindings) || !slices.Equal(there.ActivitiesNew, back.ActivitiesGone) || there.CoverageThen != back.CoverageSoon {
			t.Fatalf("%+v\n%+v", there, back)
		}
	})
}

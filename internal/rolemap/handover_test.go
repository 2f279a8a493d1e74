package rolemap

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

var april = network.MustDate("2024-04-01")

// leaving is somebody who leaves the desk of the board, with a role on the talks
// and a tie to the company.
func leaving(change func(*Leaving)) Leaving {
	in := Leaving{
		Person: "leaver", On: april,
		Posts:    []HeldPost{{Occupancy: "o", Post: "desk", Body: "board", Roles: []Placed{on("talk", role("r1", "desk", "RESPONSIBLE", "AGREED"))}}},
		Contacts: []Contact{{Tie: "t", Party: "company", Strength: 3}},
	}
	change(&in)
	return in
}

func others(seats ...Seat) func(*Leaving) {
	return func(in *Leaving) { in.Posts[0].Others = seats }
}

func colleague(c Colleague) func(*Leaving) {
	c.ID = "x"
	return func(in *Leaving) { in.Colleagues = []Colleague{c} }
}

func TestWhoCouldTakeOver(t *testing.T) {
	known := func(by ...network.ID) func(*Leaving) {
		return func(in *Leaving) {
			colleague(Colleague{})(in)
			in.Contacts[0].KnownBy = by
		}
	}
	everyRule(t, slices.Collect(maps.Keys(takeoverScale)), map[string]ruleCase[Leaving]{
		"SUCCESSOR":     {fires: leaving(others(held("x", "2024-04-01", ""))), not: leaving(others(held("x", "2024-05-02", "")))},
		"HELD_THE_POST": {fires: leaving(others(held("x", "2018", "2020"))), not: leaving(others(held("x", "2018", "2024-04-02")))},
		"SHARES_WORK":   {fires: leaving(colleague(Colleague{Activities: ids("talk")})), not: leaving(colleague(Colleague{Activities: ids("tour")}))},
		"SAME_BODY":     {fires: leaving(colleague(Colleague{Bodies: ids("board"), Posts: ids("chair")})), not: leaving(colleague(Colleague{Bodies: ids("school"), Posts: ids("chair")}))},
		"KNOWS_PARTIES": {fires: leaving(known("x")), not: leaving(known("board"))},
	}, func(in Leaving) []string {
		for _, to := range HandOver(in).Takeovers {
			if to.Person == "x" {
				return rulesOf(to.Reasons)
			}
		}
		return nil
	})
}

func TestHowMuchSpeaksForATakeover(t *testing.T) {
	parties := func(n int, by network.ID) []Contact {
		var out []Contact
		for i := range n {
			out = append(out, Contact{Tie: ids("t0", "t1", "t2", "t3", "t4", "t5")[i], Party: ids("p0", "p1", "p2", "p3", "p4", "p5")[i], KnownBy: []network.ID{by}})
		}
		return out
	}
	twoPosts := func(in *Leaving) { in.Posts = append(in.Posts, HeldPost{Post: "chair", Body: "board"}) }
	for _, c := range []struct {
		name   string
		change func(*Leaving)
		rule   string
		want   float64
		of     []network.ID
	}{
		{"takes both posts", func(in *Leaving) {
			twoPosts(in)
			in.Posts[0].Others, in.Posts[1].Others = []Seat{held("x", "2024-04-01", "")}, []Seat{held("x", "2024-04-01", "")}
		}, "SUCCESSOR", 60, ids("chair", "desk")},
		{"held both", func(in *Leaving) {
			twoPosts(in)
			in.Posts[0].Others, in.Posts[1].Others = []Seat{held("x", "2018", "2020")}, []Seat{held("x", "2020", "2022")}
		}, "HELD_THE_POST", 20, ids("chair", "desk")},
		{"shares one activity", colleague(Colleague{Activities: ids("talk", "other")}), "SHARES_WORK", 15, ids("talk")},
		{"shares two", func(in *Leaving) {
			in.Roles = []Placed{on("tour", role("r2", "leaver", "CONSULTED", "AGREED"))}
			colleague(Colleague{Activities: ids("tour", "talk")})(in)
		}, "SHARES_WORK", 20, ids("talk", "tour")},
		{"shares more than three", func(in *Leaving) {
			for _, a := range []string{"a", "b", "c", "d"} {
				in.Roles = append(in.Roles, on(a, role("r"+a, "leaver", "CONSULTED", "AGREED")))
			}
			colleague(Colleague{Activities: ids("a", "b", "c", "d")})(in)
		}, "SHARES_WORK", 25, ids("a", "b", "c", "d")},
		{"holds two posts in the house", colleague(Colleague{Bodies: ids("board", "school", "board"), Posts: ids("z", "y", "x")}), "SAME_BODY", 25, ids("x", "z")},
		{"knows two parties", func(in *Leaving) { in.Contacts = parties(2, "x"); colleague(Colleague{})(in) }, "KNOWS_PARTIES", 6, ids("p0", "p1")},
		{"knows more than five", func(in *Leaving) { in.Contacts = parties(6, "x"); colleague(Colleague{})(in) }, "KNOWS_PARTIES", 15, ids("p0", "p1", "p2", "p3", "p4", "p5")},
		{"two ties to one party are one", func(in *Leaving) {
			in.Contacts = []Contact{{Tie: "t1", Party: "p", KnownBy: ids("x")}, {Tie: "t2", Party: "p", KnownBy: ids("x")}}
			colleague(Colleague{})(in)
		}, "KNOWS_PARTIES", 3, ids("p")},
	} {
		found := HandOver(leaving(c.change)).Takeovers
		if len(found) != 1 {
			t.Errorf("%s: %+v", c.name, found)
			continue
		}
		if r := reasonOf(found[0].Reasons, c.rule); r.Points != c.want || !slices.Equal(r.Records, c.of) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

func TestWhatBecomesOfAPost(t *testing.T) {
	for _, c := range []struct {
		name      string
		seats     []Seat
		successor network.ID
		shared    bool
	}{
		{"nobody follows", nil, "", false},
		{"somebody begins on the day", []Seat{held("x", "2024-04-01", "")}, "x", false},
		{"30 days later", []Seat{held("x", "2024-05-01", "")}, "x", false},
		{"31 days later", []Seat{held("x", "2024-05-02", "")}, "", false},
		{"on the eve: then they share it", []Seat{held("x", "2024-03-31", "")}, "", true},
		{"in FY2024", []Seat{held("x", "FY2024", "")}, "x", false},
		{"another holds it on", []Seat{held("x", "2020", "")}, "", true},
		{"another leaves the same day", []Seat{held("x", "2020", "2024-04-01")}, "", false},
		{"another holds it on, a third begins", []Seat{held("x", "2020", ""), held("y", "2024-04-01", "")}, "y", true},
		{"the first of two who begin", []Seat{held("x", "2024-04-15", ""), held("y", "2024-04-02", "")}, "y", false},
		{"of two on one day the first by ID", []Seat{held("y", "2024-04-01", ""), held("x", "2024-04-01", "")}, "x", false},
		{"the leaver comes back", []Seat{held("leaver", "2024-04-01", "")}, "", false},
		{"the leaver's own seat", []Seat{held("leaver", "2020", "2024-04-01")}, "", false},
		{"somebody long ago", []Seat{held("x", "2010", "2015")}, "", false},
		{"begins on the day, and ends the day after", []Seat{held("x", "2024-04-01", "2024-04-02")}, "x", false},
	} {
		p := HandOver(leaving(others(c.seats...))).Posts[0]
		if p.Successor != c.successor || p.Shared != c.shared || p.Vacant() != (c.successor == "" && !c.shared) {
			t.Errorf("%s: successor %q, shared %t, vacant %t", c.name, p.Successor, p.Shared, p.Vacant())
		}
	}
}

func TestWhatALeaverTakesAwayComesFirst(t *testing.T) {
	h := HandOver(leaving(func(in *Leaving) {
		in.Posts = append(in.Posts, HeldPost{Post: "b"}, HeldPost{Post: "a"})
		in.Contacts = []Contact{{Tie: "known", Strength: 5, KnownBy: ids("y")}, {Tie: "weak", Strength: 1}, {Tie: "b", Strength: 4}, {Tie: "a", Strength: 4}, {Tie: "well-known", Strength: 5, KnownBy: ids("y", "z")}}
	}))
	var posts, ties []network.ID
	for _, p := range h.Posts {
		posts = append(posts, p.Post)
	}
	for _, c := range h.Contacts {
		ties = append(ties, c.Tie)
	}
	if !slices.Equal(posts, ids("desk", "a", "b")) || !slices.Equal(ties, ids("a", "b", "weak", "known", "well-known")) {
		t.Errorf("posts %v, ties %v", posts, ties)
	}
}

func TestTheLeaverNeverTakesOver(t *testing.T) {
	h := HandOver(leaving(func(in *Leaving) {
		in.Posts[0].Others = []Seat{held("leaver", "2010", "2015"), held("leaver", "2020", "2024-04-01")}
		in.Colleagues = []Colleague{{ID: "leaver", Bodies: ids("board"), Posts: ids("desk"), Activities: ids("talk")}}
	}))
	if len(h.Takeovers) != 0 {
		t.Errorf("%+v", h.Takeovers)
	}
}

func TestWhereNothingIsKnownNothingIsInCommon(t *testing.T) {
	h := HandOver(Leaving{Person: "leaver", On: april, Posts: []HeldPost{{Post: "desk"}}, Roles: []Placed{{Role: function("f", "leaver", "EXPERT")}},
		Colleagues: []Colleague{{ID: "x", Bodies: ids(""), Posts: ids("chair"), Activities: ids("")}}})
	if len(h.Takeovers) != 0 || len(h.Roles) != 1 {
		t.Errorf("%+v", h)
	}
	if h := HandOver(Leaving{Person: "leaver", On: april}); len(h.Posts)+len(h.Roles)+len(h.Contacts)+len(h.Takeovers) != 0 {
		t.Errorf("%+v", h)
	}
}

func drawLeaving(t *rapid.T) Leaving {
	roles := func(prefix string) []Placed {
		return numbered(rapid.IntRange(0, 3).Draw(t, "roles"), prefix, func(id network.ID) Placed { return drawPlaced(t, id) })
	}
	return Leaving{
		Person: "p1", On: april, Roles: roles("own"),
		Posts: numbered(rapid.IntRange(0, 3).Draw(t, "posts"), "post", func(id network.ID) HeldPost {
			return HeldPost{Occupancy: id + "o", Post: id, Body: drawID(t, "body", 2, "body"), Roles: roles(string(id)),
				Others: numbered(rapid.IntRange(0, 4).Draw(t, "seats"), string(id)+"s", func(seat network.ID) Seat {
					return Seat{ID: seat, Person: drawID(t, "p", 5, "person"), Span: drawSpan(t)}
				})}
		}),
		Contacts: numbered(rapid.IntRange(0, 4).Draw(t, "contacts"), "tie", func(id network.ID) Contact {
			return Contact{Tie: id, Party: drawID(t, "party", 3, "party"), Strength: rapid.IntRange(0, 5).Draw(t, "strength"), KnownBy: drawIDs(t, "p", 5, "known by")}
		}),
		Colleagues: numbered(rapid.IntRange(0, 4).Draw(t, "colleagues"), "c", func(id network.ID) Colleague {
			c := Colleague{ID: "p" + id[len(id)-1:], Activities: drawIDs(t, "activity", 4, "activities")}
			c.Bodies = drawIDs(t, "body", 3, "bodies")
			for _, b := range c.Bodies {
				c.Posts = append(c.Posts, b+"-post")
			}
			return c
		}),
	}
}

func TestTakeoversAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, to := range HandOver(drawLeaving(t)).Takeovers {
			checkScore(t, to.Score, to.Reasons)
		}
	})
}

func TestAHandoverDoesNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawLeaving, func(t *rapid.T, in Leaving) Leaving {
		in.Posts, in.Contacts, in.Colleagues = shuffled(t, in.Posts), shuffled(t, in.Contacts), shuffled(t, in.Colleagues)
		for i := range in.Posts {
			in.Posts[i].Others = shuffled(t, in.Posts[i].Others)
		}
		return in
	}, func(in Leaving) Handover {
		h := HandOver(in)
		for i := range h.Posts {
			h.Posts[i].Others = nil // handed through as given
		}
		return h
	})
}

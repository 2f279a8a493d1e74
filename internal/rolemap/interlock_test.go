package rolemap

import (
	"cmp"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhoSitsInSeveralBodies(t *testing.T) {
	seat := func(id, person, body, sender string) Seat {
		return Seat{ID: network.ID(id), Person: network.ID(person), Body: network.ID(body), OnBehalfOf: network.ID(sender)}
	}
	sitters, locks := Interlocks([]Seat{
		seat("s1", "satomi", "plan", "pta"), seat("s2", "satomi", "evaluation", ""),
		seat("s3", "etsuko", "board", ""), seat("s4", "etsuko", "board", ""), // two posts in one body are one
		seat("s5", "goro", "evaluation", "chamber"), seat("s6", "keiko", "plan", "chamber"),
		seat("s7", "noboru", "board", ""), seat("s8", "noboru", "plan", ""), seat("s9", "noboru", "evaluation", ""),
		seat("s0", "noboru", "", "chamber"), // in a body that must not be seen
	})
	var people []network.ID
	for _, s := range sitters {
		people = append(people, s.Person)
	}
	if !slices.Equal(people, ids("noboru", "satomi")) {
		t.Errorf("sitters %v", people)
	}
	var seats []network.ID
	for _, s := range sitters[0].Seats {
		seats = append(seats, s.ID)
	}
	if !slices.Equal(seats, ids("s7", "s9", "s8")) { // by body: board, evaluation, plan
		t.Errorf("seats %v", seats)
	}
	want := []Interlock{
		{A: "evaluation", B: "plan", People: ids("noboru", "satomi"), Behind: ids("chamber")},
		{A: "board", B: "evaluation", People: ids("noboru")},
		{A: "board", B: "plan", People: ids("noboru")},
	}
	if !reflect.DeepEqual(locks, want) {
		t.Errorf("%+v", locks)
	}
}

func TestBodiesMayShareOnlyWhomTheirMembersStandFor(t *testing.T) {
	_, locks := Interlocks([]Seat{{ID: "1", Person: "p", Body: "b", OnBehalfOf: "chamber"}, {ID: "2", Person: "q", Body: "a", OnBehalfOf: "chamber"}})
	if len(locks) != 1 || locks[0].A != "a" || len(locks[0].People) != 0 || !slices.Equal(locks[0].Behind, ids("chamber")) {
		t.Errorf("%+v", locks)
	}
	if sitters, locks := Interlocks(nil); len(sitters)+len(locks) != 0 {
		t.Errorf("no seat: %+v %+v", sitters, locks)
	}
}

func drawSeats(t *rapid.T) []Seat {
	return numbered(rapid.IntRange(0, 12).Draw(t, "seats"), "s", func(id network.ID) Seat {
		s := Seat{ID: id, Person: drawID(t, "p", 4, "person"), Body: drawID(t, "b", 4, "body")}
		if rapid.Bool().Draw(t, "sent") {
			s.OnBehalfOf = drawID(t, "o", 3, "sender")
		}
		if rapid.IntRange(0, 7).Draw(t, "unseen") == 0 {
			s.Body = ""
		}
		return s
	})
}

// every is what the question says, asked of every pair of bodies and everybody.
func everyInterlock(seats []Seat) []Interlock {
	sits := func(who func(Seat) network.ID, id, body network.ID) bool {
		return slices.ContainsFunc(seats, func(s Seat) bool { return who(s) == id && s.Body == body })
	}
	person, sender := func(s Seat) network.ID { return s.Person }, func(s Seat) network.ID { return s.OnBehalfOf }
	both := func(who func(Seat) network.ID, a, b network.ID) []network.ID {
		var out []network.ID
		for _, s := range seats {
			if id := who(s); id != "" && sits(who, id, a) && sits(who, id, b) {
				out = append(out, id)
			}
		}
		return inOrder(out)
	}
	var bodies []network.ID
	for _, s := range seats {
		if s.Body != "" {
			bodies = append(bodies, s.Body)
		}
	}
	bodies = inOrder(bodies)
	var out []Interlock
	for _, a := range bodies {
		for _, b := range bodies {
			if l := (Interlock{a, b, both(person, a, b), both(sender, a, b)}); a < b && len(l.People)+len(l.Behind) > 0 {
				out = append(out, l)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Interlock) int {
		return cmp.Or(len(b.People)-len(a.People), len(b.Behind)-len(a.Behind))
	})
	return out
}

func TestInterlocksAgainstEveryPairOfBodies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats := drawSeats(t)
		sitters, locks := Interlocks(seats)
		if want := everyInterlock(seats); !reflect.DeepEqual(locks, want) {
			t.Fatalf("%+v, want %+v", locks, want)
		}
		several := map[network.ID]int{}
		for _, p := range ids("p1", "p2", "p3", "p4") {
			bodies := map[network.ID]bool{}
			for _, s := range seats {
				if s.Person == p && s.Body != "" {
					bodies[s.Body] = true
				}
			}
			if len(bodies) > 1 {
				several[p] = len(bodies)
			}
		}
		if len(sitters) != len(several) {
			t.Fatalf("%d sitters, want %v", len(sitters), several)
		}
		for i, s := range sitters {
			if i > 0 && cmp.Or(several[s.Person]-several[sitters[i-1].Person], cmp.Compare(sitters[i-1].Person, s.Person)) > 0 || several[s.Person] == 0 {
				t.Fatalf("sitters out of order: %+v", sitters)
			}
		}
	})
}

func TestInterlocksDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawSeats, shuffled[Seat], func(seats []Seat) [2]any {
		sitters, locks := Interlocks(seats)
		return [2]any{sitters, locks}
	})
}

package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Seat is a post that a person holds: an occupancy.
type Seat struct {
	ID           network.ID
	Person, Post network.ID
	Body         network.ID // the organisation of the post; "" when not to be seen
	OnBehalfOf   network.ID // "" when for nobody else
	Span         network.Span
}

// Sitter is a person with seats in several bodies.
type Sitter struct {
	Person network.ID
	Seats  []Seat // by body, then ID
}

// Interlock is a pair of bodies that share people, or parties they are sent by.
type Interlock struct {
	A, B network.ID // A < B
	// People sit in both; Behind are represented in both, perhaps by different
	// people. Both in order of ID.
	People, Behind []network.ID
}

// Interlocks works out who sits in two or more bodies, those in most first, and
// which bodies are interlocked, those that share most people first, then most
// represented parties, then by ID.
func Interlocks(seats []Seat) ([]Sitter, []Interlock) {
	seats = slices.Clone(seats)
	slices.SortFunc(seats, func(a, b Seat) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Body, b.Body), cmp.Compare(a.ID, b.ID))
	})
	var sitters []Sitter
	people, behind := members{}, members{}
	for _, s := range seats {
		if s.Body == "" {
			continue
		}
		people.add(s.Body, s.Person)
		behind.add(s.Body, s.OnBehalfOf)
		if n := len(sitters); n == 0 || sitters[n-1].Person != s.Person {
			sitters = append(sitters, Sitter{Person: s.Person})
		}
		last := &sitters[len(sitters)-1]
		last.Seats = append(last.Seats, s)
	}
	sitters = slices.DeleteFunc(sitters, func(s Sitter) bool { return s.bodies() < 2 })
	slices.SortStableFunc(sitters, func(a, b Sitter) int { return cmp.Compare(b.bodies(), a.bodies()) })
	return sitters, pairs(people, behind)
}

// bodies counts the different bodies of the seats, which are in their order.
func (s Sitter) bodies() int {
	n := 0
	for i := range s.Seats {
		if i == 0 || s.Seats[i].Body != s.Seats[i-1].Body {
			n++
		}
	}
	return n
}

// members are the members of each body.
type members map[network.ID][]network.ID

func (m members) add(body, who network.ID) {
	if who != "" && !slices.Contains(m[body], who) {
		m[body] = append(m[body], who)
	}
}

func (m members) shared(a, b network.ID) []network.ID {
	var out []network.ID
	for _, who := range m[a] {
		if slices.Contains(m[b], who) {
			out = append(out, who)
		}
	}
	slices.Sort(out)
	return out
}

func pairs(people, behind members) []Interlock {
	bodies := make([]network.ID, 0, len(people))
	for b := range people {
		bodies = append(bodies, b)
	}
	slices.Sort(bodies)
	var out []Interlock
	for i, a := range bodies {
		for _, b := range bodies[i+1:] {
			l := Interlock{A: a, B: b, People: people.shared(a, b), Behind: behind.shared(a, b)}
			if len(l.People)+len(l.Behind) > 0 {
				out = append(out, l)
			}
		}
	}
	slices.SortFunc(out, func(a, b Interlock) int {
		return cmp.Or(cmp.Compare(len(b.People), len(a.People)), cmp.Compare(len(b.Behind), len(a.Behind)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

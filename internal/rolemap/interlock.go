package rolemap

import (
	"cmp"
	"maps"
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

// Interlocks works out who sits in two or more bodies, those in most first, then
// by ID, and which bodies are interlocked, those that share most people first,
// then most represented parties, then by ID. Seats in no body are left out.
func Interlocks(seats []Seat) ([]Sitter, []Interlock) {
	seats = slices.Clone(seats)
	slices.SortFunc(seats, func(a, b Seat) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Body, b.Body), cmp.Compare(a.ID, b.ID))
	})
	var sitters []Sitter
	people, behind := seatings{}, seatings{}
	for _, s := range seats {
		if s.Body == "" {
			continue
		}
		people.add(s.Person, s.Body)
		behind.add(s.OnBehalfOf, s.Body)
		if n := len(sitters); n == 0 || sitters[n-1].Person != s.Person {
			sitters = append(sitters, Sitter{Person: s.Person})
		}
		last := &sitters[len(sitters)-1]
		last.Seats = append(last.Seats, s)
	}
	sitters = slices.DeleteFunc(sitters, func(s Sitter) bool { return len(people[s.Person]) < 2 })
	slices.SortStableFunc(sitters, func(a, b Sitter) int { return cmp.Compare(len(people[b.Person]), len(people[a.Person])) })
	return sitters, pairs(people, behind)
}

// seatings are the bodies in which somebody sits or is represented.
type seatings map[network.ID][]network.ID

func (m seatings) add(who, body network.ID) {
	if who != "" && !slices.Contains(m[who], body) {
		m[who] = append(m[who], body)
	}
}

// pairs finds the bodies that share somebody, going through who they share and
// not through all pairs: most bodies have nobody in common.
func pairs(people, behind seatings) []Interlock {
	found := map[[2]network.ID]*Interlock{}
	people.pair(found, func(l *Interlock, who network.ID) { l.People = append(l.People, who) })
	behind.pair(found, func(l *Interlock, who network.ID) { l.Behind = append(l.Behind, who) })
	var out []Interlock
	for _, l := range found {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Interlock) int {
		return cmp.Or(cmp.Compare(len(b.People), len(a.People)), cmp.Compare(len(b.Behind), len(a.Behind)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

// pair notes everybody, in order of ID, with each pair of their bodies.
func (m seatings) pair(found map[[2]network.ID]*Interlock, note func(*Interlock, network.ID)) {
	for _, who := range slices.Sorted(maps.Keys(m)) {
		bodies := inOrder(m[who])
		for i, a := range bodies {
			for _, b := range bodies[i+1:] {
				l := found[[2]network.ID{a, b}]
				if l == nil {
					l = &Interlock{A: a, B: b}
					found[[2]network.ID{a, b}] = l
				}
				note(l, who)
			}
		}
	}
}

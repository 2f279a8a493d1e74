package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// HeldPost is a post the leaver holds, with the roles that hang on it.
type HeldPost struct {
	Occupancy, Post, Body network.ID
	OnBehalfOf            network.ID
	Span                  network.Span
	Roles                 []Placed
	Others                []Seat // everybody else who ever held it
}

// Contact is a tie of the leaver.
type Contact struct {
	Tie, Party network.ID
	Strength   int
	// KnownBy are the colleagues who have a tie to the party too.
	KnownBy []network.ID
}

// Colleague is somebody who might take over.
type Colleague struct {
	ID network.ID
	// Bodies are the organisations of the posts they hold, Posts these.
	Bodies, Posts []network.ID
	// Activities are those they carry, themselves or through a post.
	Activities []network.ID
}

// Leaving is a person on the eve of leaving.
type Leaving struct {
	Person     network.ID
	On         network.Date
	Posts      []HeldPost
	Roles      []Placed // held by the person, not by a post
	Contacts   []Contact
	Colleagues []Colleague
}

// PostHandover says what becomes of a post.
type PostHandover struct {
	HeldPost
	// Successor is who holds it from the day, or within a month; "" for nobody.
	Successor network.ID
	// Shared tells that others hold it besides the leaver.
	Shared bool
}

// Vacant tells that nobody holds the post after the leaver.
func (p PostHandover) Vacant() bool { return p.Successor == "" && !p.Shared }

// Takeover is somebody who could take over.
type Takeover struct {
	Person  network.ID
	Score   float64
	Reasons []Reason
}

// Handover is what a leaver takes away, and what stays.
type Handover struct {
	Posts    []PostHandover // those with roles first, then by ID
	Roles    []Placed
	Contacts []Contact // what only the leaver keeps first, then the strongest
	// Takeovers are ranked by score, then by ID.
	Takeovers []Takeover
}

// graceDays is how long after the day a successor may begin.
const graceDays = 31

// HandOver works out what hangs on the leaver. Somebody could take over by the
// points of:
//
//	SUCCESSOR      60  takes one of the posts
//	HELD_THE_POST  30  held one of the posts before
//	SHARES_WORK    20  carries one of the activities too, 5 for each further one, up to 30
//	SAME_BODY      15  holds a post in one of the organisations
//	KNOWS_PARTIES   3  for each party of the leaver they know too, up to 15
func HandOver(in Leaving) Handover {
	out := Handover{Roles: in.Roles}
	for _, p := range in.Posts {
		h := PostHandover{HeldPost: p}
		eve := in.On.AddDays(-1)
		until := network.DateRange{From: in.On, Until: in.On.AddDays(graceDays)}
		var first network.Date
		for _, o := range p.Others {
			if o.Person == in.Person {
				continue
			}
			switch start := o.Span.Start(); {
			case o.Span.Holds(eve) && o.Span.Holds(in.On):
				h.Shared = true
			case start > eve && o.Span.Overlaps(until) && (h.Successor == "" || start < first):
				h.Successor, first = o.Person, start
			}
		}
		out.Posts = append(out.Posts, h)
	}
	slices.SortFunc(out.Posts, func(a, b PostHandover) int {
		return cmp.Or(cmp.Compare(len(b.Roles), len(a.Roles)), cmp.Compare(a.Post, b.Post))
	})
	out.Contacts = slices.Clone(in.Contacts)
	slices.SortFunc(out.Contacts, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(min(1, len(a.KnownBy)), min(1, len(b.KnownBy))), cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Tie, b.Tie))
	})
	out.Takeovers = takeovers(in, out.Posts)
	return out
}

func takeovers(in Leaving, posts []PostHandover) []Takeover {
	all := map[network.ID]*Takeover{}
	say := func(who network.ID, rule string, points float64, text Text, records ...network.ID) {
		if who == in.Person || who == "" {
			return
		}
		if all[who] == nil {
			all[who] = &Takeover{Person: who}
		}
		all[who].Reasons = append(all[who].Reasons, Reason{rule, points, text, records})
	}
	bodies := map[network.ID]bool{}
	activities := map[network.ID]bool{}
	for _, r := range in.Roles {
		activities[r.Activity] = true
	}
	former := map[network.ID]bool{}
	for _, p := range posts {
		bodies[p.Body] = true
		for _, r := range p.Roles {
			activities[r.Activity] = true
		}
		say(p.Successor, "SUCCESSOR", 60, Text{"takes the post", "後任です"}, p.Post)
		for _, o := range p.Others {
			if o.Span.Stop() <= in.On && !former[o.Person] {
				former[o.Person] = true
				say(o.Person, "HELD_THE_POST", 30, Text{"held the post before", "以前この役職に就いていました"}, p.Post)
			}
		}
	}
	delete(bodies, "")
	delete(activities, "")
	for _, c := range in.Colleagues {
		var shared []network.ID
		for _, a := range c.Activities {
			if activities[a] {
				shared = append(shared, a)
			}
		}
		if n := len(shared); n > 0 {
			say(c.ID, "SHARES_WORK", float64(min(20+5*(n-1), 30)), Textf("carries %d of the same activities", "同じ業務を%d件担っています", n), shared...)
		}
		for i, b := range c.Bodies {
			if bodies[b] {
				say(c.ID, "SAME_BODY", 15, Text{"holds a post in the same organisation", "同じ組織の役職に就いています"}, c.Posts[i])
				break
			}
		}
		known := 0
		for _, k := range in.Contacts {
			known += count(slices.Contains(k.KnownBy, c.ID))
		}
		if known > 0 {
			say(c.ID, "KNOWS_PARTIES", float64(min(3*known, 15)), Textf("knows %d of the same parties", "同じ相手を%d件知っています", known))
		}
	}
	var out []Takeover
	for _, t := range all {
		t.Score = total(t.Reasons)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Takeover) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Person, b.Person))
	})
	return out
}

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
	Reasons []Reason // most points first
}

// Handover is what a leaver takes away, and what stays.
type Handover struct {
	Posts     []PostHandover // those with most roles first, then by ID
	Roles     []Placed       // as given
	Contacts  []Contact      // what only the leaver keeps first, then the strongest, then by ID
	Takeovers []Takeover     // by score, then by ID
}

// graceDays is how long after the day a successor may begin.
const graceDays = 31

// grace is the time in which a successor of a holder who leaves on the day must
// hold the post.
func grace(day network.Date) network.DateRange {
	return network.DateRange{From: day, Until: day.AddDays(graceDays)}
}

// takeoverScale gives the points of those who could take over, each rule once a
// person: SHARES_WORK counts activities, KNOWS_PARTIES parties. See
// docs/rankings.md.
var takeoverScale = map[string]scale{
	"SUCCESSOR":     {base: 60},
	"HELD_THE_POST": {base: 20},
	"SHARES_WORK":   {base: 10, each: 5, most: 25},
	"SAME_BODY":     {base: 25},
	"KNOWS_PARTIES": {each: 3, most: 15},
}

// HandOver works out what hangs on the leaver, and who could take over: by the
// sum of the reasons.
func HandOver(in Leaving) Handover {
	out := Handover{Roles: in.Roles, Contacts: slices.Clone(in.Contacts)}
	for _, p := range in.Posts {
		out.Posts = append(out.Posts, in.after(p))
	}
	slices.SortFunc(out.Posts, func(a, b PostHandover) int {
		return cmp.Or(cmp.Compare(len(b.Roles), len(a.Roles)), cmp.Compare(a.Post, b.Post), cmp.Compare(a.Occupancy, b.Occupancy))
	})
	slices.SortFunc(out.Contacts, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(min(1, len(a.KnownBy)), min(1, len(b.KnownBy))), cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Tie, b.Tie))
	})
	t := takeovers{in: in, by: map[network.ID]reasons{}}
	t.heirs(out.Posts)
	left := in.left()
	for _, c := range in.Colleagues {
		t.colleague(c, left)
	}
	out.Takeovers = t.ranked()
	return out
}

// after says what becomes of a post: of several who begin, the first, then by
// ID, is the successor.
func (in Leaving) after(p HeldPost) PostHandover {
	h := PostHandover{HeldPost: p}
	eve := in.On.AddDays(-1)
	var first network.Date
	for _, o := range p.Others {
		if o.Person == in.Person {
			continue
		}
		switch start := o.Span.Start(); {
		case o.Span.Holds(eve) && o.Span.Holds(in.On):
			h.Shared = true
		case start <= eve || !o.Span.Overlaps(grace(in.On)):
		case h.Successor == "" || cmp.Or(cmp.Compare(start, first), cmp.Compare(o.Person, h.Successor)) < 0:
			h.Successor, first = o.Person, start
		}
	}
	return h
}

// left is what the leaver leaves behind: their organisations, the activities of
// their roles, the parties they know.
type left struct {
	bodies, activities map[network.ID]bool
	parties            map[network.ID][]network.ID // by who knows them too
}

func (in Leaving) left() left {
	l := left{map[network.ID]bool{}, map[network.ID]bool{}, map[network.ID][]network.ID{}}
	roles := in.Roles
	for _, p := range in.Posts {
		l.bodies[p.Body] = p.Body != ""
		roles = slices.Concat(roles, p.Roles)
	}
	for _, r := range roles {
		l.activities[r.Activity] = r.Activity != ""
	}
	for _, c := range in.Contacts {
		for _, who := range c.KnownBy {
			l.parties[who] = append(l.parties[who], c.Party)
		}
	}
	return l
}

// takeovers collects what speaks for each person.
type takeovers struct {
	in Leaving
	by map[network.ID]reasons
}

// say enters what speaks for somebody, when there is a record of it.
func (t *takeovers) say(who network.ID, rule string, cases int, text Text, records []network.ID) {
	if who == t.in.Person || len(records) == 0 {
		return
	}
	found := t.by[who]
	found.add(rule, takeoverScale[rule].points(cases), text, records...)
	t.by[who] = found
}

// heirs are those who take the posts, and who held them before.
func (t *takeovers) heirs(posts []PostHandover) {
	next, former := map[network.ID][]network.ID{}, map[network.ID][]network.ID{}
	for _, p := range posts {
		if p.Successor != "" {
			next[p.Successor] = append(next[p.Successor], p.Post)
		}
		for _, o := range p.Others {
			if o.Span.Stop() <= t.in.On {
				former[o.Person] = append(former[o.Person], p.Post)
			}
		}
	}
	for who, records := range next {
		t.say(who, "SUCCESSOR", 0, Text{"takes the post", "後任です"}, records)
	}
	for who, records := range former {
		t.say(who, "HELD_THE_POST", 0, Text{"held the post before", "以前この役職に就いていました"}, records)
	}
}

// colleague notes what somebody has in common with the leaver.
func (t *takeovers) colleague(c Colleague, of left) {
	shared := inOrder(slices.DeleteFunc(slices.Clone(c.Activities), func(a network.ID) bool { return !of.activities[a] }))
	t.say(c.ID, "SHARES_WORK", len(shared), textOf(len(shared), "carries %d activity of theirs too", "carries %d activities of theirs too", "同じ業務を%d件担っています"), shared)
	var posts []network.ID
	for i, b := range c.Bodies {
		if of.bodies[b] {
			posts = append(posts, c.Posts[i])
		}
	}
	t.say(c.ID, "SAME_BODY", 0, Text{"holds a post in the same organisation", "同じ組織の役職に就いています"}, posts)
	known := inOrder(of.parties[c.ID])
	t.say(c.ID, "KNOWS_PARTIES", len(known), textOf(len(known), "knows %d party of theirs too", "knows %d parties of theirs too", "同じ相手を%d件知っています"), known)
}

func (t *takeovers) ranked() []Takeover {
	var out []Takeover
	for who, found := range t.by {
		out = append(out, Takeover{Person: who, Score: found.sum(), Reasons: found})
	}
	slices.SortFunc(out, func(a, b Takeover) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Person, b.Person))
	})
	return out
}

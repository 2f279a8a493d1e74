package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// WatchedPost is a post with everybody who holds, held or will hold it, and the
// roles that hang on it.
type WatchedPost struct {
	Post, Body network.ID
	Seats      []Seat
	Roles      []Placed
}

// SoleTie is a tie by which one person alone connects an organisation to a
// party: nobody else there, nor the organisation itself, has one.
type SoleTie struct {
	Tie, Person, Body, Party network.ID
	Strength                 int
}

// Registration is that of a career consultant.
type Registration struct {
	Person  network.ID
	Expires network.PartialDate
}

// Cut is a person without whom others are cut off from the rest.
type Cut struct {
	Person network.ID
	CutOff int // how many stakeholders
}

// RiskInput is what may break.
type RiskInput struct {
	On            network.Date
	Within        int // days to look ahead
	Posts         []WatchedPost
	PersonRoles   []Placed // held by people instead of posts
	BodyRoles     []Placed // held by organisations as such
	SoleTies      []SoleTie
	Registrations []Registration
	Cuts          []Cut
}

// RiskRule is a rule of [ContinuityRisks].
type RiskRule struct {
	Name                string
	Message, Suggestion Text
}

// RiskRules is every rule, in the order of ties.
var RiskRules = []RiskRule{
	{"VACANT_POST", Text{"A post with roles is vacant.", "役割のある役職が空席です。"}, Text{"Ask the organisation for a successor, or give its roles to another post.", "組織に後任を確認するか、役割を別の役職に移してください。"}},
	{"POST_ENDING", Text{"The holder of a post with roles leaves, and no successor is known.", "役割のある役職の担当者が替わりますが、後任が分かりません。"}, Text{"Ask who succeeds, and hand over before the day: see handover.", "後任を確認し、その日までに引き継ぎをしてください（handover で内容を確認できます）。"}},
	{"SINGLE_PERSON", Text{"Everything agreed on these activities rests on one person.", "これらの業務の合意された役割が、すべて一人にかかっています。"}, Text{"Find a second person who knows the work.", "仕事を知るもう一人を置いてください。"}},
	{"REGISTRATION_EXPIRES", Text{"The registration of a career consultant expires.", "キャリアコンサルタントの登録が期限を迎えます。"}, Text{"Ask whether it is being renewed.", "更新の予定を本人に確認してください。"}},
	{"CUT_POINT", Text{"Without this person others are cut off from the network.", "この人がいないと、ほかの関係者がネットワークから切り離されます。"}, Text{"Make a second connection.", "別のつながりをつくってください。"}},
	{"PERSON_HELD_ROLE", Text{"A role hangs on a person instead of a post.", "役割が、役職ではなく人についています。"}, Text{"Give the role to a post, so that it stays when the person leaves.", "人が替わっても続くように、役割を役職に移してください。"}},
	{"SEAT_ENDING", Text{"A term ends, and no successor is known.", "任期が終わりますが、後任が分かりません。"}, Text{"Ask the body that sends the member who comes next.", "選出母体に次の委員を確認してください。"}},
	{"SOLE_TIE", Text{"Only this person keeps the contact with a party.", "この相手とのつながりを保つのは、この人だけです。"}, Text{"Introduce a colleague to the party.", "同僚をその相手に紹介してください。"}},
	{"SUCCESSION_PLANNED", Text{"The holder of a post changes; the successor is known.", "役職の担当者が替わります。後任は決まっています。"}, Text{"Hand over: see handover.", "引き継ぎをしてください（handover で内容を確認できます）。"}},
}

// Risk is something that hangs on one person or one vacancy.
type Risk struct {
	Rule     *RiskRule
	Severity float64 // 0 to 100
	// Person, Post and Body are whom and what it is about; "" for none.
	Person, Post, Body network.ID
	Party              network.ID   // of a sole tie
	Tie                network.ID   // of a sole tie
	Roles              []network.ID // that would be left
	Activities         []network.ID
	On                 network.Date // the day it happens; 0: it holds now
}

// ContinuityRisks lists the risks: most severe first, then by rule, then by the
// IDs. The severity is, at most 100:
//
//	VACANT_POST           70 + 5 for each responsible or accountable role of the post
//	POST_ENDING           50 + 5 for each such role (up to 25) + up to 20 the sooner it is
//	SINGLE_PERSON         45 + 5 for each activity
//	REGISTRATION_EXPIRES  35 + up to 20 the sooner it is
//	CUT_POINT             30 + 5 for each stakeholder cut off
//	PERSON_HELD_ROLE      30 + 5 for each responsible or accountable role
//	SEAT_ENDING           25 + up to 20 the sooner it is
//	SOLE_TIE              20 + 4 × strength
//	SUCCESSION_PLANNED    10 + up to 10 the sooner it is
func ContinuityRisks(in RiskInput) []Risk {
	r := risks{in: in}
	for _, p := range in.Posts {
		r.post(p)
	}
	r.people()
	for _, t := range in.SoleTies {
		r.add("SOLE_TIE", 20+4*float64(t.Strength), Risk{Person: t.Person, Body: t.Body, Party: t.Party, Tie: t.Tie})
	}
	for _, g := range in.Registrations {
		if day := g.Expires.Earliest(); !g.Expires.IsZero() && day > network.MinDate && in.ahead(day) {
			r.add("REGISTRATION_EXPIRES", 35+in.soon(day, 20), Risk{Person: g.Person, On: day})
		}
	}
	for _, c := range in.Cuts {
		r.add("CUT_POINT", 30+5*float64(c.CutOff), Risk{Person: c.Person})
	}
	slices.SortFunc(r.out, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.order(), b.order()), cmp.Compare(a.Post, b.Post),
			cmp.Compare(a.Person, b.Person), cmp.Compare(a.Tie, b.Tie))
	})
	return r.out
}

type risks struct {
	in  RiskInput
	out []Risk
}

func (r *risks) add(rule string, severity float64, risk Risk) {
	i := slices.IndexFunc(RiskRules, func(x RiskRule) bool { return x.Name == rule })
	risk.Rule, risk.Severity = &RiskRules[i], min(severity, 100)
	r.out = append(r.out, risk)
}

func (r Risk) order() int {
	return slices.IndexFunc(RiskRules, func(x RiskRule) bool { return x.Name == r.Rule.Name })
}

// ahead tells whether the day lies within the days looked ahead.
func (in RiskInput) ahead(day network.Date) bool {
	return day > in.On && day <= in.On.AddDays(in.Within)
}

// soon is up to most points: all of them for tomorrow, none at the end.
func (in RiskInput) soon(day network.Date, most float64) float64 {
	return most * (1 - float64(day-in.On-1)/float64(max(in.Within, 1)))
}

func (r *risks) post(p WatchedPost) {
	roles, activities, carried := places(p.Roles)
	var holders []Seat
	for _, s := range p.Seats {
		if s.Span.Holds(r.in.On) {
			holders = append(holders, s)
		}
	}
	if len(holders) == 0 {
		if carried > 0 {
			r.add("VACANT_POST", 70+5*float64(carried), Risk{Post: p.Post, Body: p.Body, Roles: roles, Activities: activities})
		}
		return
	}
	for _, h := range holders {
		day := h.Span.Stop()
		if !r.in.ahead(day) || len(holders) > 1 && staysOn(holders, day) {
			continue
		}
		risk := Risk{Person: h.Person, Post: p.Post, Body: p.Body, Roles: roles, Activities: activities, On: day}
		switch {
		case succeeded(p.Seats, h, day):
			r.add("SUCCESSION_PLANNED", 10+r.in.soon(day, 10), risk)
		case len(p.Roles) > 0:
			r.add("POST_ENDING", 50+min(5*float64(carried), 25)+r.in.soon(day, 20), risk)
		default:
			r.add("SEAT_ENDING", 25+r.in.soon(day, 20), risk)
		}
	}
}

func staysOn(holders []Seat, day network.Date) bool {
	return slices.ContainsFunc(holders, func(s Seat) bool { return s.Span.Holds(day) })
}

// succeeded tells whether somebody holds the post within a month of the day; it
// may be the same person again.
func succeeded(seats []Seat, of Seat, day network.Date) bool {
	grace := network.DateRange{From: day, Until: day.AddDays(graceDays)}
	return slices.ContainsFunc(seats, func(s Seat) bool { return s.ID != of.ID && s.Span.Overlaps(grace) })
}

// places lists roles and activities, and counts those that carry.
func places(ps []Placed) (roles, activities []network.ID, carried int) {
	for _, p := range ps {
		roles = append(roles, p.ID)
		if p.Activity != "" && !slices.Contains(activities, p.Activity) {
			activities = append(activities, p.Activity)
		}
		carried += count(p.Carries())
	}
	return roles, activities, carried
}

// people looks at what rests on single people.
func (r *risks) people() {
	own := map[network.ID][]Placed{}
	var order []network.ID
	for _, p := range r.in.PersonRoles {
		if len(own[p.Holder.ID]) == 0 {
			order = append(order, p.Holder.ID)
		}
		own[p.Holder.ID] = append(own[p.Holder.ID], p)
	}
	for _, person := range order {
		roles, activities, carried := places(own[person])
		r.add("PERSON_HELD_ROLE", 30+5*float64(carried), Risk{Person: person, Roles: roles, Activities: activities})
	}
	r.single()
}

// single finds activities whose responsible and accountable roles all rest on
// one person, held directly or by posts that only they hold.
func (r *risks) single() {
	type carrier struct {
		people map[network.ID]bool
		others bool // an organisation, or a post with several holders
		roles  []network.ID
	}
	by := map[network.ID]*carrier{}
	var order []network.ID
	note := func(p Placed, who []network.ID) {
		if p.Activity == "" || !p.Carries() {
			return
		}
		c := by[p.Activity]
		if c == nil {
			c = &carrier{people: map[network.ID]bool{}}
			by[p.Activity] = c
			order = append(order, p.Activity)
		}
		c.roles = append(c.roles, p.ID)
		c.others = c.others || len(who) != 1
		for _, w := range who {
			c.people[w] = true
		}
	}
	for _, p := range r.in.PersonRoles {
		note(p, []network.ID{p.Holder.ID})
	}
	for _, p := range r.in.Posts {
		var holders []network.ID
		for _, s := range p.Seats {
			if s.Span.Holds(r.in.On) {
				holders = append(holders, s.Person)
			}
		}
		for _, role := range p.Roles {
			note(role, holders)
		}
	}
	for _, p := range r.in.BodyRoles {
		note(p, nil)
	}
	at := map[network.ID]int{}
	var found []Risk
	for _, a := range order {
		c := by[a]
		if c.others || len(c.people) != 1 {
			continue
		}
		for person := range c.people {
			i, known := at[person]
			if !known {
				i = len(found)
				at[person] = i
				found = append(found, Risk{Person: person})
			}
			found[i].Activities = append(found[i].Activities, a)
			found[i].Roles = append(found[i].Roles, c.roles...)
		}
	}
	for _, f := range found {
		r.add("SINGLE_PERSON", 45+5*float64(len(f.Activities)), f)
	}
}

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

	scale scale
}

// RiskRules is every rule, in the order of ties. Each counts, for its severity:
// VACANT_POST, POST_ENDING and PERSON_HELD_ROLE responsible and accountable
// roles, SINGLE_PERSON activities, CUT_POINT the stakeholders cut off, SOLE_TIE
// the strength.
var RiskRules = []RiskRule{
	{"VACANT_POST", Text{"A post with roles is vacant.", "役割のある役職が空席です。"}, Text{"Ask the organisation for a successor, or give its roles to another post.", "組織に後任を確認するか、役割を別の役職に移してください。"}, scale{base: 70, each: 5}},
	{"POST_ENDING", Text{"The holder of a post with roles leaves, and no successor is known.", "役割のある役職の担当者が替わりますが、後任が分かりません。"}, Text{"Ask who succeeds, and hand over before the day: see handover.", "後任を確認し、その日までに引き継ぎをしてください（handover で内容を確認できます）。"}, scale{base: 50, each: 5, most: 75, soon: 20}},
	{"SINGLE_PERSON", Text{"Everything agreed on these activities rests on one person.", "これらの業務の合意された役割が、すべて一人にかかっています。"}, Text{"Find a second person who knows the work.", "仕事を知るもう一人を置いてください。"}, scale{base: 45, each: 5}},
	{"REGISTRATION_EXPIRES", Text{"The registration of a career consultant expires.", "キャリアコンサルタントの登録が期限を迎えます。"}, Text{"Ask whether it is being renewed.", "更新の予定を本人に確認してください。"}, scale{base: 35, soon: 20}},
	{"CUT_POINT", Text{"Without this person others are cut off from the network.", "この人がいないと、ほかの関係者がネットワークから切り離されます。"}, Text{"Make a second connection.", "別のつながりをつくってください。"}, scale{base: 30, each: 5}},
	{"PERSON_HELD_ROLE", Text{"A role hangs on a person instead of a post.", "役割が、役職ではなく人についています。"}, Text{"Give the role to a post, so that it stays when the person leaves.", "人が替わっても続くように、役割を役職に移してください。"}, scale{base: 30, each: 5}},
	{"SEAT_ENDING", Text{"A term ends, and no successor is known.", "任期が終わりますが、後任が分かりません。"}, Text{"Ask the body that sends the member who comes next.", "選出母体に次の委員を確認してください。"}, scale{base: 25, soon: 20}},
	{"SOLE_TIE", Text{"Only this person keeps the contact with a party.", "この相手とのつながりを保つのは、この人だけです。"}, Text{"Introduce a colleague to the party.", "同僚をその相手に紹介してください。"}, scale{base: 20, each: 4}},
	{"SUCCESSION_PLANNED", Text{"The holder of a post changes; the successor is known.", "役職の担当者が替わります。後任は決まっています。"}, Text{"Hand over: see handover.", "引き継ぎをしてください（handover で内容を確認できます）。"}, scale{base: 10, soon: 10}},
}

// maxSeverity is the most that a risk can have.
const maxSeverity = 100

// Risk is something that hangs on one person or one vacancy.
type Risk struct {
	Rule     *RiskRule
	Severity float64 // 0 to 100
	// Person, Post and Body are whom and what it is about; "" for none.
	Person, Post, Body network.ID
	Party              network.ID   // of a sole tie
	Tie                network.ID   // of a sole tie
	Roles              []network.ID // that would be left, in order of ID
	Activities         []network.ID // in order of ID
	On                 network.Date // the day it happens; 0: it holds now
}

// ContinuityRisks lists the risks: most severe first, then by rule, then by the
// IDs. The severity is that of the rule's scale, at most 100: see
// docs/rankings.md.
func ContinuityRisks(in RiskInput) []Risk {
	r := risks{in: in}
	for _, p := range in.Posts {
		r.post(p)
	}
	r.personal()
	r.single()
	for _, t := range in.SoleTies {
		r.add("SOLE_TIE", t.Strength, Risk{Person: t.Person, Body: t.Body, Party: t.Party, Tie: t.Tie})
	}
	for _, g := range in.Registrations {
		// It still holds on its last day.
		if day := g.Expires.Earliest(); day > network.MinDate && (day == in.On || in.ahead(day)) {
			r.add("REGISTRATION_EXPIRES", 0, Risk{Person: g.Person, On: day})
		}
	}
	for _, c := range in.Cuts {
		r.add("CUT_POINT", c.CutOff, Risk{Person: c.Person})
	}
	slices.SortFunc(r.out, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(ruleIndex(a.Rule.Name), ruleIndex(b.Rule.Name)), cmp.Compare(a.Post, b.Post),
			cmp.Compare(a.Person, b.Person), cmp.Compare(a.Tie, b.Tie))
	})
	return r.out
}

type risks struct {
	in  RiskInput
	out []Risk
}

// add enters a risk; cases is how many the rule counts.
func (r *risks) add(rule string, cases int, risk Risk) {
	risk.Rule = &RiskRules[ruleIndex(rule)]
	severity := risk.Rule.scale.points(cases) + risk.Rule.scale.soon*r.in.nearly(risk.On)
	risk.Severity = hundredths(min(severity, maxSeverity))
	risk.Roles, risk.Activities = inOrder(risk.Roles), inOrder(risk.Activities)
	r.out = append(r.out, risk)
}

func ruleIndex(name string) int {
	return slices.IndexFunc(RiskRules, func(x RiskRule) bool { return x.Name == name })
}

// ahead tells whether the day lies within the days looked ahead. "No end" never
// comes.
func (in RiskInput) ahead(day network.Date) bool {
	return day > in.On && day <= in.On.AddDays(in.Within) && day < network.MaxDate
}

// nearly is 1 for today and tomorrow, and falls to next to 0 on the last day
// looked ahead to.
func (in RiskInput) nearly(day network.Date) float64 {
	return 1 - float64(max(day-in.On-1, 0))/float64(max(in.Within, 1))
}

func (r *risks) post(p WatchedPost) {
	risk := Risk{Post: p.Post, Body: p.Body}
	carried := risk.leaving(p.Roles)
	holders := p.holders(r.in.On)
	if len(holders) == 0 && len(p.Roles) > 0 {
		r.add("VACANT_POST", carried, risk)
	}
	for _, h := range holders {
		risk.Person, risk.On = h.Person, h.Span.Stop()
		switch {
		case !r.in.ahead(risk.On) || staysOn(holders, risk.On):
		case succeeded(p.Seats, h):
			r.add("SUCCESSION_PLANNED", 0, risk)
		case len(p.Roles) > 0:
			r.add("POST_ENDING", carried, risk)
		default:
			r.add("SEAT_ENDING", 0, risk)
		}
	}
}

// holders are the seats of the post that are held on the day.
func (p WatchedPost) holders(on network.Date) []Seat {
	var out []Seat
	for _, s := range p.Seats {
		if s.Span.Holds(on) {
			out = append(out, s)
		}
	}
	return out
}

func staysOn(holders []Seat, day network.Date) bool {
	return slices.ContainsFunc(holders, func(s Seat) bool { return s.Span.Holds(day) })
}

// succeeded tells whether somebody holds the post within a month of the end of a
// seat; it may be the same person again.
func succeeded(seats []Seat, of Seat) bool {
	return slices.ContainsFunc(seats, func(s Seat) bool { return s.ID != of.ID && s.Span.Overlaps(grace(of.Span.Stop())) })
}

// leaving notes the roles that would be left, and counts those that carry.
func (r *Risk) leaving(ps []Placed) (carried int) {
	for _, p := range ps {
		r.Roles = append(r.Roles, p.ID)
		if p.Activity != "" {
			r.Activities = append(r.Activities, p.Activity)
		}
		carried += count(p.Carries())
	}
	return carried
}

// personal finds the people who hold roles themselves.
func (r *risks) personal() {
	own := map[network.ID][]Placed{}
	for _, p := range r.in.PersonRoles {
		own[p.Holder.ID] = append(own[p.Holder.ID], p)
	}
	for person, roles := range own {
		risk := Risk{Person: person}
		carried := risk.leaving(roles)
		r.add("PERSON_HELD_ROLE", carried, risk)
	}
}

// single finds activities whose responsible and accountable roles all rest on
// one person, held directly or by posts that only they hold. A role of a vacant
// post rests on nobody.
func (r *risks) single() {
	found := map[network.ID]*Risk{}
	for activity, on := range r.resting() {
		people := inOrder(on.people)
		if len(people) != 1 {
			continue
		}
		risk := found[people[0]]
		if risk == nil {
			risk = &Risk{Person: people[0]}
			found[people[0]] = risk
		}
		risk.Activities = append(risk.Activities, activity)
		risk.Roles = append(risk.Roles, on.roles...)
	}
	for _, risk := range found {
		r.add("SINGLE_PERSON", len(risk.Activities), *risk)
	}
}

// resting is on whom the responsible and accountable roles of an activity rest.
type resting struct{ people, roles []network.ID }

// resting is by activity; those that an organisation as such carries too are
// left out.
func (r *risks) resting() map[network.ID]resting {
	by := map[network.ID]resting{}
	note := func(p Placed, person network.ID) {
		if p.Activity != "" && p.Carries() {
			was := by[p.Activity]
			by[p.Activity] = resting{append(was.people, person), append(was.roles, p.ID)}
		}
	}
	for _, p := range r.in.PersonRoles {
		note(p, p.Holder.ID)
	}
	for _, post := range r.in.Posts {
		for _, h := range post.holders(r.in.On) {
			for _, p := range post.Roles {
				note(p, h.Person)
			}
		}
	}
	for _, p := range r.in.BodyRoles {
		if p.Carries() {
			delete(by, p.Activity)
		}
	}
	return by
}

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
	Council    bool // it is a seat in a council
	Seats      []Seat
	Roles      []Placed
}

// Tenure is a role with the time it holds, and with that of its work.
type Tenure struct {
	Placed
	Initiative network.ID // of a function
	Span       network.Span
	// Over is the first day on which the activity or the initiative itself is no
	// more: what it then takes along needs no successor.
	Over network.Date
	// Whose it is: a person, a post with its organisation, or an organisation.
	Person, Post, Body network.ID
}

// Contract is a tie by which one party commissions or funds another.
type Contract struct {
	Tie, Giver network.ID
	// Who is paid: a person or an organisation.
	Person, Body network.ID
	Kind         string
	Span         network.Span
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
	Tenures       []Tenure // every role that counts and holds on some day of Reach
	Contracts     []Contract
	SoleTies      []SoleTie
	Registrations []Registration
	Cuts          []Cut
}

// Reach is from the day on to the last day on which a successor of somebody who
// leaves within the days looked ahead may begin.
func (in RiskInput) Reach() network.DateRange {
	return network.DateRange{From: in.On, Until: grace(in.On.AddDays(in.Within)).Until}
}

// RiskRule is a rule of [ContinuityRisks].
type RiskRule struct {
	Name                string
	Message, Suggestion Text

	scale scale
}

// RiskRules is every rule, in the order of ties. Each counts, for its severity:
// VACANT_POST, POST_ENDING, ROLE_ENDING and PERSON_HELD_ROLE responsible and
// accountable roles, SINGLE_PERSON activities, CUT_POINT the stakeholders cut off, SOLE_TIE
// the strength.
var RiskRules = []RiskRule{
	{"VACANT_POST", Text{"A post with roles is vacant.", "役割のある役職が空席です。"}, Text{"Ask the organisation for a successor, or give its roles to another post.", "組織に後任を確認するか、役割を別の役職に移してください。"}, scale{base: 70, each: 5}},
	{"POST_ENDING", Text{"The holder of a post with roles leaves, and no successor is known.", "役割のある役職の担当者が替わりますが、後任が分かりません。"}, Text{"Ask who succeeds, and hand over before the day: see handover.", "後任を確認し、その日までに引き継ぎをしてください（handover で内容を確認できます）。"}, scale{base: 50, each: 5, most: 75, soon: 20}},
	{"SINGLE_PERSON", Text{"Everything agreed on these activities rests on one person.", "これらの業務の合意された役割が、すべて一人にかかっています。"}, Text{"Find a second person who knows the work.", "同じ仕事が分かる人をもう一人つくってください。"}, scale{base: 45, each: 5}},
	{"SEAT_VACANT", Text{"A seat in a council is vacant.", "会議の席が空いています。"}, Text{"Ask the body that sends the member who comes next.", "選出母体に次の委員を確認してください。"}, scale{base: 40}},
	{"REGISTRATION_EXPIRES", Text{"The registration of a career consultant expires.", "キャリアコンサルタントの登録が期限を迎えます。"}, Text{"Ask whether it is being renewed.", "更新の予定を本人に確認してください。"}, scale{base: 35, soon: 20}},
	{"ROLE_ENDING", Text{"The term of a role ends, and nobody is known to take it over.", "役割の期間が終わりますが、引き継ぐ人が決まっていません。"}, Text{"Agree who goes on, or prolong the role.", "引き継ぐ人を決めるか、役割の期間を延ばしてください。"}, scale{base: 30, each: 10, soon: 20}},
	{"CONTRACT_ENDING", Text{"A commission or a grant ends.", "委託・助成の期間が終わります。"}, Text{"Ask whether it will be renewed, and what becomes of the work if not.", "更新の見込みと、更新されないときの進め方を確認してください。"}, scale{base: 30, soon: 15}},
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
	Party              network.ID   // of a sole tie; who commissions or funds
	Tie                network.ID   // of these
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
	for _, t := range in.Tenures {
		r.tenure(t)
	}
	for _, c := range in.Contracts {
		r.contract(c)
	}
	for _, t := range in.SoleTies {
		r.add("SOLE_TIE", t.Strength, Risk{Person: t.Person, Body: t.Body, Party: t.Party, Tie: t.Tie})
	}
	for _, g := range in.Registrations {
		if day := g.Expires.Earliest(); day > network.MinDate && in.ahead(day) {
			r.add("REGISTRATION_EXPIRES", 0, Risk{Person: g.Person, On: day})
		}
	}
	for _, c := range in.Cuts {
		r.add("CUT_POINT", c.CutOff, Risk{Person: c.Person})
	}
	slices.SortFunc(r.out, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(ruleIndex(a.Rule.Name), ruleIndex(b.Rule.Name)), cmp.Compare(a.Post, b.Post),
			cmp.Compare(a.Person, b.Person), cmp.Compare(a.Body, b.Body), cmp.Compare(a.Tie, b.Tie), slices.Compare(a.Roles, b.Roles))
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

// ahead tells whether the day is today, on which a registration still holds, or
// lies within the days looked ahead. "No end" never comes.
func (in RiskInput) ahead(day network.Date) bool {
	return day >= in.On && day <= in.On.AddDays(in.Within) && day < network.MaxDate
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
	if len(holders) == 0 && len(p.Roles) == 0 && p.Council {
		r.add("SEAT_VACANT", 0, risk)
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

// tenure finds a role that ends while its work goes on, and that nobody takes
// over: from the day, or within a month, nobody has the same responsibility on
// the activity, or the same function in the initiative.
func (r *risks) tenure(t Tenure) {
	day := t.Span.Stop()
	if !t.Span.Holds(r.in.On) || !r.in.ahead(day) || t.Over <= day {
		return
	}
	if slices.ContainsFunc(r.in.Tenures, func(o Tenure) bool { return o.ID != t.ID && o.same(t) && o.Span.Overlaps(grace(day)) }) {
		return
	}
	risk := Risk{Person: t.Person, Post: t.Post, Body: t.Body, On: day}
	carried := risk.leaving([]Placed{t.Placed})
	r.add("ROLE_ENDING", carried, risk)
}

// same tells of two roles in one place.
func (t Tenure) same(o Tenure) bool { return t.place() == o.place() && t.Initiative == o.Initiative }

// contract finds a tie that ends without another of the kind between the same
// parties.
func (r *risks) contract(c Contract) {
	day := c.Span.Stop()
	if !c.Span.Holds(r.in.On) || !r.in.ahead(day) {
		return
	}
	if slices.ContainsFunc(r.in.Contracts, func(o Contract) bool {
		return o.Tie != c.Tie && o.between() == c.between() && o.Span.Overlaps(grace(day))
	}) {
		return
	}
	r.add("CONTRACT_ENDING", 0, Risk{Person: c.Person, Body: c.Body, Party: c.Giver, Tie: c.Tie, On: day})
}

func (c Contract) between() [3]string {
	return [3]string{c.Kind, string(c.Giver), string(c.Person + c.Body)}
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
// post rests on nobody. The organisation is that of the posts, when it is one.
func (r *risks) single() {
	found, houses := map[network.ID]*Risk{}, map[network.ID][]network.ID{}
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
		houses[people[0]] = append(houses[people[0]], on.bodies...)
		risk.Activities = append(risk.Activities, activity)
		risk.Roles = append(risk.Roles, on.roles...)
	}
	for person, risk := range found {
		if of := inOrder(houses[person]); len(of) == 1 {
			risk.Body = of[0]
		}
		r.add("SINGLE_PERSON", len(risk.Activities), *risk)
	}
}

// resting is on whom the responsible and accountable roles of an activity rest.
type resting struct{ people, roles, bodies []network.ID }

// resting is by activity; those that an organisation as such carries too are
// left out.
func (r *risks) resting() map[network.ID]resting {
	by := map[network.ID]resting{}
	note := func(p Placed, person network.ID, bodies ...network.ID) {
		if p.Activity != "" && p.Carries() {
			was := by[p.Activity]
			by[p.Activity] = resting{append(was.people, person), append(was.roles, p.ID), append(was.bodies, bodies...)}
		}
	}
	for _, p := range r.in.PersonRoles {
		note(p, p.Holder.ID)
	}
	for _, post := range r.in.Posts {
		for _, h := range post.holders(r.in.On) {
			for _, p := range post.Roles {
				note(p, h.Person, post.Body)
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

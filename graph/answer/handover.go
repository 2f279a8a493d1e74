package answer

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Handover is what hangs on a person who leaves on a day, as it stands on the
// eve. It is an error for Q.AsOf not to be before the day.
func (q *Question) Handover(person network.ID, on network.Date) (*Answer, error) {
	if q.AsOf >= on {
		return nil, network.Errorf(network.InvalidDate, "asOf must be before the day of leaving").At("asOf")
	}
	a := q.query()
	found := a.ByID(leaverSel(), person)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if !found.First().Found() {
		return nil, notFound("person", "person")
	}
	return answer(revision, "Handover", handoverValues(found.First(), on, nil))
}

// leaverSel is what is read of somebody who leaves: their posts with the roles
// on them and everybody who ever held them, the people around, their ties.
func leaverSel() *ask.Sel {
	tie := ask.Of(network.TieRecord, "kind", "strength").Other(ask.Of(network.StakeholderInterface))
	contact := ask.Of(network.StakeholderInterface).
		Many("occupancies", ask.Of("Occupancy").One("post", ask.Of("Post").One("organization", ask.Of(network.StakeholderInterface))))
	role := func() *ask.Sel {
		return ask.Of("RoleAssignment", "responsibility", "function", "status").
			One("activity", ask.Of("Activity").Many("roles", roleSel()))
	}
	colleague := ask.Of(network.IndividualInterface).
		Many("ties", tie).
		Many("roles", ask.Of("RoleAssignment", "responsibility", "status").One("activity", ask.Of("Activity")))
	body := ask.Of(network.StakeholderInterface).
		Many("ties", tie).
		Many("posts", ask.Of("Post").
			Many("roles", ask.Of("RoleAssignment", "responsibility", "status").One("activity", ask.Of("Activity"))).
			Many("occupancies", ask.Of("Occupancy").One("person", colleague)))
	post := ask.Of("Post").
		One("organization", body).
		Many("roles", role()).
		Many("occupancies", occupancySel(), ask.Always())
	return ask.Of(network.IndividualInterface).
		Many("occupancies", ask.Of("Occupancy", "from", "until").One("post", post).One("onBehalfOf", ask.Of(network.OrganizationInterface))).
		Many("roles", role()).
		Many("ties", ask.Of(network.TieRecord, "kind", "strength").Other(contact)).
		Many("offers", ask.Of("Offer"), ask.By("from")).
		Many("needs", ask.Of("Need"), ask.By("from")).
		Many("hearings", ask.Of("Hearing"), ask.By("-date"))
}

// planned are moves that are not written yet: who takes which post.
type planned map[network.ID][]network.ID // by post

func handoverValues(row ask.Row, on network.Date, moves planned) map[string]any {
	in := leaving(row, on, moves)
	h := rolemap.HandOver(in)
	return map[string]any{
		"person": held(in.Person, network.IndividualInterface), "on": on.String(), "summary": localized(summary(h)),
		"posts": list(h.Posts, func(p rolemap.PostHandover) any {
			return object("HandoverPost", map[string]any{
				"post": held(p.Post, "Post"), "occupancy": held(p.Occupancy, "Occupancy"), "onBehalfOf": held(p.OnBehalfOf, network.OrganizationInterface),
				"roles": list(p.Roles, handoverRole), "successor": held(p.Successor, network.IndividualInterface), "shared": p.Shared, "vacant": p.Vacant(),
			})
		}),
		"roles": list(h.Roles, handoverRole),
		"ties": list(h.Contacts, func(c rolemap.Contact) any {
			return object("HandoverTie", map[string]any{
				"tie": held(c.Tie, network.TieRecord), "party": held(c.Party, network.StakeholderInterface),
				"onlyContact": len(c.KnownBy) == 0, "knownBy": holds(c.KnownBy, network.StakeholderInterface),
			})
		}),
		"offers": holds(row.IDs("offers"), "Offer"), "needs": holds(row.IDs("needs"), "Need"), "hearings": holds(row.IDs("hearings"), "Hearing"),
		"couldTakeOver": list(h.Takeovers, func(t rolemap.Takeover) any {
			return object("Takeover", map[string]any{"person": held(t.Person, network.IndividualInterface), "score": number(t.Score), "reasons": reasons(t.Reasons)})
		}),
	}
}

func handoverRole(p rolemap.Placed) any {
	return object("HandoverRole", map[string]any{"activity": held(p.Activity, "Activity"), "role": held(p.ID, "RoleAssignment")})
}

func summary(h rolemap.Handover) rolemap.Text {
	roles, vacant, only := len(h.Roles), 0, 0
	for _, p := range h.Posts {
		roles += len(p.Roles)
		if p.Vacant() {
			vacant++
		}
	}
	for _, c := range h.Contacts {
		if len(c.KnownBy) == 0 {
			only++
		}
	}
	return rolemap.Textf("%d posts (%d left vacant), %d roles, %d ties (%d that nobody else keeps)",
		"役職%d件（うち後任なし%d件）、役割%d件、つながり%d件（うちほかに知る人がいない%d件）", len(h.Posts), vacant, roles, len(h.Contacts), only)
}

func leaving(row ask.Row, on network.Date, moves planned) rolemap.Leaving {
	in := rolemap.Leaving{Person: row.ID(), On: on, Roles: placedRoles(row)}
	around := &surroundings{of: map[network.ID]*rolemap.Colleague{}, knows: map[network.ID][]network.ID{}, leaver: row.ID()}
	for _, o := range row.Many("occupancies") {
		post := o.One("post")
		if !post.Found() {
			continue
		}
		h := rolemap.HeldPost{Occupancy: o.ID(), Post: post.ID(), Body: post.One("organization").ID(), OnBehalfOf: o.One("onBehalfOf").ID(), Span: o.Span(), Roles: placedRoles(post)}
		for _, other := range post.Many("occupancies") {
			if p := other.One("person"); p.Found() {
				h.Others = append(h.Others, rolemap.Seat{ID: other.ID(), Person: p.ID(), Post: post.ID(), Span: other.Span()})
			}
		}
		for _, taker := range moves[post.ID()] {
			h.Others = append(h.Others, rolemap.Seat{Person: taker, Post: post.ID(), Span: network.Span{From: network.Day(on)}})
		}
		in.Posts = append(in.Posts, h)
		if body := post.One("organization"); body.Found() && body.Kind().Name != "Council" {
			around.house(body)
		}
	}
	around.sharing(row)
	for _, t := range row.Many("ties") {
		party := t.One("other")
		if !party.Found() || around.inside(party) {
			continue // the own house is not a contact to hand over
		}
		strength, _ := t.Int("strength")
		in.Contacts = append(in.Contacts, rolemap.Contact{Tie: t.ID(), Party: party.ID(), Strength: int(strength), KnownBy: around.whoKnows(party)})
	}
	in.Colleagues = around.colleagues()
	return in
}

func placedRoles(row ask.Row) []rolemap.Placed {
	var out []rolemap.Placed
	for _, r := range row.Many("roles") {
		role := rolemap.Role{ID: r.ID(), Responsibility: r.Str("responsibility"), Function: r.Str("function"), Status: r.Str("status")}
		if role.Counts() {
			out = append(out, rolemap.Placed{Role: role, Activity: r.One("activity").ID()})
		}
	}
	return out
}

// surroundings are the people and houses around a leaver.
type surroundings struct {
	leaver network.ID
	order  []network.ID
	of     map[network.ID]*rolemap.Colleague
	houses map[network.ID]bool
	knows  map[network.ID][]network.ID // by party: colleagues and houses tied to it
}

func (s *surroundings) person(id network.ID) *rolemap.Colleague {
	if s.of[id] == nil {
		s.of[id] = &rolemap.Colleague{ID: id}
		s.order = append(s.order, id)
	}
	return s.of[id]
}

func (s *surroundings) house(body ask.Row) {
	if s.houses[body.ID()] {
		return
	}
	if s.houses == nil {
		s.houses = map[network.ID]bool{}
	}
	s.houses[body.ID()] = true
	s.know(body)
	for _, post := range body.Many("posts") {
		for _, o := range post.Many("occupancies") {
			p := o.One("person")
			if !p.Found() || p.ID() == s.leaver {
				continue
			}
			c := s.person(p.ID())
			c.Bodies, c.Posts = append(c.Bodies, body.ID()), append(c.Posts, post.ID())
			s.carry(c, post.Many("roles"))
			s.carry(c, p.Many("roles"))
			s.know(p)
		}
	}
}

// inside tells of one of the houses, or of somebody with a post in one.
func (s *surroundings) inside(party ask.Row) bool {
	if s.houses[party.ID()] {
		return true
	}
	for _, b := range housesIn(party) {
		if s.houses[b] {
			return true
		}
	}
	return false
}

// housesIn are the organisations, other than councils, in which somebody holds a
// post.
func housesIn(person ask.Row) []network.ID {
	var out []network.ID
	for _, o := range person.Many("occupancies") {
		if b := o.One("post").One("organization"); b.Found() && b.Kind().Name != "Council" {
			out = append(out, b.ID())
		}
	}
	return out
}

// whoKnows are the colleagues and houses tied to a party or to its house.
func (s *surroundings) whoKnows(party ask.Row) []network.ID {
	out := slices.Clone(s.knows[party.ID()])
	for _, b := range housesIn(party) {
		for _, who := range s.knows[b] {
			if !slices.Contains(out, who) {
				out = append(out, who)
			}
		}
	}
	return out
}

// know notes whom a colleague or house is tied to.
func (s *surroundings) know(who ask.Row) {
	for _, t := range who.Many("ties") {
		party := t.One("other").ID()
		if party != "" && !slices.Contains(s.knows[party], who.ID()) {
			s.knows[party] = append(s.knows[party], who.ID())
		}
	}
}

func (s *surroundings) carry(c *rolemap.Colleague, roles []ask.Row) {
	for _, r := range roles {
		role := rolemap.Role{Responsibility: r.Str("responsibility"), Status: r.Str("status")}
		if a := r.One("activity").ID(); a != "" && role.Carries() && !slices.Contains(c.Activities, a) {
			c.Activities = append(c.Activities, a)
		}
	}
}

// sharing adds those who hold roles on the leaver's activities, in any house.
func (s *surroundings) sharing(row ask.Row) {
	roles := row.Many("roles")
	for _, o := range row.Many("occupancies") {
		roles = append(roles, o.One("post").Many("roles")...)
	}
	for _, r := range roles {
		activity := r.One("activity")
		for _, other := range activity.Many("roles") {
			role := rolemap.Role{Responsibility: other.Str("responsibility"), Status: other.Str("status")}
			holder := other.One("holder")
			if !role.Counts() || !holder.Found() {
				continue
			}
			people := []network.ID{}
			switch {
			case holder.Kind().Is(network.IndividualInterface):
				people = append(people, holder.ID())
			case holder.Kind().Name == "Post":
				for _, o := range holder.Many("occupancies") {
					people = append(people, o.One("person").ID())
				}
			}
			for _, p := range people {
				if p == "" || p == s.leaver {
					continue
				}
				if c := s.person(p); !slices.Contains(c.Activities, activity.ID()) {
					c.Activities = append(c.Activities, activity.ID())
				}
			}
		}
	}
}

func (s *surroundings) colleagues() []rolemap.Colleague {
	out := make([]rolemap.Colleague, len(s.order))
	for i, id := range s.order {
		out[i] = *s.of[id]
	}
	return out
}

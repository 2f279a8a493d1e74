package answer

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// leavers is what is read about people who leave: each kind of record once and
// flat, since deep statements are slow to plan for a database.
type leavers struct {
	people     map[network.ID]ask.Row
	houses     map[network.ID]ask.Row   // the organisations of their posts, without councils
	posts      map[network.ID][]ask.Row // of a house
	colleagues map[network.ID]ask.Row   // who holds a post in a house
	roles      map[network.ID][]ask.Row // on an activity of theirs
}

// leavers reads people who leave with the houses and people around them.
func (q *Question) leavers(ids ...network.ID) (*leavers, int64, error) {
	stakeholder := ask.Of(network.StakeholderInterface)
	role := ask.Of("RoleAssignment", "responsibility", "function", "status", "activity")
	tie := ask.Of(network.TieRecord, "strength").Other(stakeholder)
	post := ask.Of("Post").One("organization", stakeholder).Many("roles", role).Many("occupancies", occupancySel(), ask.Always())
	contact := ask.Of(network.StakeholderInterface).Many("occupancies", ask.Of("Occupancy").One("post", ask.Of("Post").One("organization", stakeholder)))

	a := q.query()
	people := a.ByID(ask.Of(network.IndividualInterface).
		Many("occupancies", ask.Of("Occupancy", "from", "until").One("post", post).One("onBehalfOf", ask.Of(network.OrganizationInterface))).
		Many("roles", role).
		Many("ties", ask.Of(network.TieRecord, "strength").Other(contact)).
		Many("offers", ask.Of("Offer"), ask.By("from")).
		Many("needs", ask.Of("Need"), ask.By("from")).
		Many("hearings", ask.Of("Hearing"), ask.By("-date")), ids...)

	held := members("Post", "occupancies", leadsTo("Occupancy", "person", store.HasID{IDs: ids}))
	house := store.And{store.Not{X: store.IsKind{Kinds: network.Concrete("Council")}}, members("School", "posts", held)}
	inHouse := leadsTo("Post", "organization", house)
	houses := a.Scan(ask.Of(network.StakeholderInterface).Many("ties", tie), ask.Where(house))
	posts := a.Scan(ask.Of("Post", "organization").Many("roles", role).Many("occupancies", ask.Of("Occupancy").One("person", ask.Of(network.IndividualInterface))), ask.Where(inHouse))
	colleagues := a.Scan(ask.Of(network.IndividualInterface).Many("ties", tie).Many("roles", role), ask.Where(members("Person", "occupancies", leadsTo("Occupancy", "post", inHouse))))

	theirs := store.Or{leadsTo("RoleAssignment", "holder", store.HasID{IDs: ids}), leadsTo("RoleAssignment", "holder", held)}
	roles := a.Scan(ask.Of("RoleAssignment", "responsibility", "function", "status", "activity").One("holder", holderSel()),
		ask.Where(leadsTo("RoleAssignment", "activity", members("Activity", "roles", theirs))))

	revision, err := q.run(a)
	if err != nil {
		return nil, 0, err
	}
	return &leavers{people: byID(people), houses: byID(houses), posts: by(posts, "organization"), colleagues: byID(colleagues), roles: by(roles, "activity")}, revision, nil
}

func byID(a *ask.Answer) map[network.ID]ask.Row {
	out := map[network.ID]ask.Row{}
	for _, r := range a.Rows() {
		out[r.ID()] = r
	}
	return out
}

func by(a *ask.Answer, field string) map[network.ID][]ask.Row {
	out := map[network.ID][]ask.Row{}
	for _, r := range a.Rows() {
		out[r.Ref(field)] = append(out[r.Ref(field)], r)
	}
	return out
}

// leaving is one of the people as rolemap sees them, with the posts that they
// leave.
func (l *leavers) leaving(row ask.Row, on network.Date, moves planned, leaves func(post network.ID, held network.Span) bool) rolemap.Leaving {
	in := rolemap.Leaving{Person: row.ID(), On: on, Roles: placedRoles(row)}
	around := &surroundings{leavers: l, of: map[network.ID]*rolemap.Colleague{}, houses: map[network.ID]bool{}, knows: map[network.ID][]network.ID{}, leaver: row.ID()}
	placed := slices.Clone(in.Roles)
	for _, o := range row.Many("occupancies") {
		post := o.One("post")
		if !post.Found() || !leaves(post.ID(), o.Span()) {
			continue
		}
		h := heldPost(o, post, on, moves)
		in.Posts = append(in.Posts, h)
		placed = append(placed, h.Roles...)
		around.house(post.One("organization").ID())
	}
	around.sharing(placed)
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

func heldPost(o, post ask.Row, on network.Date, moves planned) rolemap.HeldPost {
	h := rolemap.HeldPost{Occupancy: o.ID(), Post: post.ID(), Body: post.One("organization").ID(), OnBehalfOf: o.One("onBehalfOf").ID(), Span: o.Span(), Roles: placedRoles(post)}
	for _, other := range post.Many("occupancies") {
		span := other.Span()
		if moves.ended[other.ID()] {
			span.Until = network.Day(on)
		}
		if p := other.One("person"); p.Found() {
			h.Others = append(h.Others, rolemap.Seat{ID: other.ID(), Person: p.ID(), Post: post.ID(), Span: span})
		}
	}
	for _, taker := range moves.takers[post.ID()] {
		h.Others = append(h.Others, rolemap.Seat{Person: taker, Post: post.ID(), Span: network.Span{From: network.Day(on)}})
	}
	return h
}

func placedRoles(row ask.Row) []rolemap.Placed {
	var out []rolemap.Placed
	for _, r := range row.Many("roles") {
		if role := roleRow(r); role.Counts() {
			out = append(out, rolemap.Placed{Role: role, Activity: r.Ref("activity")})
		}
	}
	return out
}

func roleRow(r ask.Row) rolemap.Role {
	return rolemap.Role{ID: r.ID(), Responsibility: r.Str("responsibility"), Function: r.Str("function"), Status: r.Str("status")}
}

// surroundings are the people and houses around one leaver.
type surroundings struct {
	*leavers
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

// house brings in an organisation of the leaver's posts with its people.
func (s *surroundings) house(body network.ID) {
	house, is := s.leavers.houses[body]
	if !is || s.houses[body] {
		return
	}
	s.houses[body] = true
	s.know(house)
	for _, post := range s.posts[body] {
		for _, o := range post.Many("occupancies") {
			p := o.One("person")
			if !p.Found() || p.ID() == s.leaver {
				continue
			}
			c := s.person(p.ID())
			c.Bodies, c.Posts = append(c.Bodies, body), append(c.Posts, post.ID())
			s.carry(c, post.Many("roles"))
			if colleague := s.leavers.colleagues[p.ID()]; colleague.Found() {
				s.carry(c, colleague.Many("roles"))
				s.know(colleague)
			}
		}
	}
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

// inside tells of one of the houses, or of somebody with a post in one.
func (s *surroundings) inside(party ask.Row) bool {
	return s.houses[party.ID()] || slices.ContainsFunc(housesIn(party), func(b network.ID) bool { return s.houses[b] })
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

func (s *surroundings) carry(c *rolemap.Colleague, roles []ask.Row) {
	for _, r := range roles {
		if a := r.Ref("activity"); a != "" && roleRow(r).Carries() && !slices.Contains(c.Activities, a) {
			c.Activities = append(c.Activities, a)
		}
	}
}

// sharing adds those who hold roles on the leaver's activities, in any house.
func (s *surroundings) sharing(placed []rolemap.Placed) {
	for _, p := range placed {
		for _, r := range s.roles[p.Activity] {
			holder := r.One("holder")
			if !roleRow(r).Counts() || !holder.Found() {
				continue
			}
			for _, who := range peopleOf(holder) {
				if who == s.leaver {
					continue
				}
				if c := s.person(who); !slices.Contains(c.Activities, p.Activity) {
					c.Activities = append(c.Activities, p.Activity)
				}
			}
		}
	}
}

// peopleOf is the person that holds a role, or the holders of the post that does.
func peopleOf(holder ask.Row) []network.ID {
	var out []network.ID
	switch {
	case holder.Kind().Is(network.IndividualInterface):
		out = append(out, holder.ID())
	case holder.Kind().Name == "Post":
		for _, o := range holder.Many("occupancies") {
			if p := o.One("person"); p.Found() {
				out = append(out, p.ID())
			}
		}
	}
	return out
}

func (s *surroundings) colleagues() []rolemap.Colleague {
	out := make([]rolemap.Colleague, len(s.order))
	for i, id := range s.order {
		out[i] = *s.of[id]
	}
	return out
}

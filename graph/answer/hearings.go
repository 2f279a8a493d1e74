package answer

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// oldAfterYears is when a claim is old: nobody has said so for that long.
const oldAfterYears = 2

// DueHearings ranks the parties of an initiative, or of every one, that should
// be heard: never, not within the months (1 to 120), or with disputed or old
// claims about them.
func (q *Question) DueHearings(initiative network.ID, months, first int32) (*Answer, error) {
	if err := between("months", months, 1, 120); err != nil {
		return nil, err
	}
	a := q.query()
	parties := a.Scan(partySel(), ask.Where(concerned(initiative)))
	known := a.ByID(ask.Of("Initiative"), initiative)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if initiative != "" && !known.First().Found() {
		return nil, notFound("initiative", "initiative")
	}
	heard := make([]rolemap.HeardParty, len(parties.Rows()))
	contacts := map[network.ID][]network.ID{}
	for i, p := range parties.Rows() {
		heard[i] = q.heardParty(p)
		contacts[p.ID()] = contactsOf(p, q.AsOf)
	}
	due := rolemap.DueHearings(heard, q.AsOf, int(months))
	shown, err := firstOf(q, due, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "DueHearings", map[string]any{"totalCount": len(due), "results": list(shown, func(d rolemap.Due) any {
		var last any
		if d.Last != nil {
			last = held(d.Last.Hearing, "Hearing")
		}
		return object("DueHearing", map[string]any{
			"party": held(d.Party, network.StakeholderInterface), "lastHearing": last, "contacts": holds(contacts[d.Party], network.IndividualInterface),
			"score": number(d.Score), "reasons": reasons(d.Reasons),
		})
	})})
}

// concerned is the condition on stakeholders that can be heard (all but places)
// to be a party of the initiative or of any, or to hold a role in it, themselves
// or through a post.
func concerned(initiative network.ID) store.Expr {
	var is, inIt store.Expr
	if initiative != "" {
		is, inIt = store.HasID{IDs: []network.ID{initiative}}, roleIn(initiative)
	}
	return store.And{
		store.Not{X: store.IsKind{Kinds: network.Concrete("Facility")}},
		store.Or{members("School", "initiatives", is), members("School", "roles", inIt), members("School", "posts", members("Post", "roles", inIt))},
	}
}

// partySel is what is read of a party: the hearings it, or a holder of its posts,
// took part in, its roles, and what is claimed about it.
func partySel() *ask.Sel {
	hearing := ask.Of("Hearing", "date")
	claim := ask.Of("Claim", "status", "date")
	role := ask.Of("RoleAssignment", "responsibility", "status").Many("claims", claim)
	holder := ask.Of("Occupancy", "from", "until").One("person", ask.Of(network.IndividualInterface).Many("hearings", hearing))
	return ask.Of(network.StakeholderInterface).
		Many("hearings", hearing).Many("interviews", hearing).Many("claims", claim).Many("roles", role).
		Many("posts", ask.Of("Post").Many("roles", role).Many("occupancies", holder, ask.Always())).
		Many("ties", ask.Of(network.TieRecord, "status"))
}

func (q *Question) heardParty(p ask.Row) rolemap.HeardParty {
	h := rolemap.HeardParty{ID: p.ID()}
	q.hear(&h, p.Many("hearings"), network.Span{})
	q.hear(&h, p.Many("interviews"), network.Span{}) // who listens needs no hearing
	q.judge(&h, p.Many("claims"))
	roles := p.Many("roles")
	for _, post := range p.Many("posts") {
		roles = append(roles, post.Many("roles")...)
		for _, o := range post.Many("occupancies") {
			q.hear(&h, o.One("person").Many("hearings"), o.Span())
		}
	}
	for _, r := range roles {
		role := rolemap.Role{Responsibility: r.Str("responsibility"), Status: r.Str("status")}
		if role.Carries() {
			h.Carries++
		}
		if role.Status == "DISPUTED" {
			h.Disputed = append(h.Disputed, r.ID())
		}
		q.judge(&h, r.Many("claims"))
	}
	for _, t := range p.Many("ties") {
		if t.Str("status") == "DISPUTED" {
			h.Disputed = append(h.Disputed, t.ID())
		}
	}
	return h
}

// contactsOf is whom to turn to: who holds the posts of the party that have
// roles that count, else any of its posts; in order of ID. None of a person.
func contactsOf(party ask.Row, on network.Date) []network.ID {
	if party.Kind().Is(network.IndividualInterface) {
		return nil // their posts are those they hold
	}
	var inCharge, all []network.ID
	for _, post := range party.Many("posts") {
		holders := holdersOf(post, on)
		all = append(all, holders...)
		if slices.ContainsFunc(post.Many("roles"), func(r ask.Row) bool { return r.Str("status") != "PROPOSED" }) {
			inCharge = append(inCharge, holders...)
		}
	}
	if len(inCharge) == 0 {
		inCharge = all
	}
	slices.Sort(inCharge)
	return slices.Compact(inCharge)
}

// hear notes hearings up to the day; those of a holder while they held the post.
func (q *Question) hear(h *rolemap.HeardParty, hearings []ask.Row, while network.Span) {
	for _, x := range hearings {
		date := x.Date("date")
		day := date.Earliest()
		if day > q.AsOf || day > network.MinDate && !while.Holds(day) {
			continue
		}
		h.Heard = append(h.Heard, rolemap.Heard{Hearing: x.ID(), Date: date})
	}
}

// judge notes disputed claims, and the newest when it is old.
func (q *Question) judge(h *rolemap.HeardParty, claims []ask.Row) {
	var newest ask.Row
	for _, c := range claims {
		day := c.Date("date").Earliest()
		if day > q.AsOf {
			continue
		}
		if c.Str("status") == "DISPUTED" {
			h.Disputed = append(h.Disputed, c.ID())
		}
		if day > network.MinDate && (!newest.Found() || day > newest.Date("date").Earliest()) {
			newest = c
		}
	}
	if newest.Found() && newest.Date("date").Earliest() < q.AsOf.AddYears(-oldAfterYears) && !slices.Contains(h.Old, newest.ID()) {
		h.Old = append(h.Old, newest.ID())
	}
}

// TopicBalance holds what is needed against what is offered, by topic: of one
// topic with those below it, or of all; of stakeholders in an area, or of all.
func (q *Question) TopicBalance(topic, area network.ID) (*Answer, error) {
	var opts []ask.Option
	broader := network.MustKind("Topic").Field("broader")
	if topic != "" {
		opts = append(opts, ask.Where(store.Or{store.HasID{IDs: []network.ID{topic}}, store.Within{Field: broader, Up: broader, ID: topic}}))
	}
	want := func(kind string) []ask.Option {
		if area == "" {
			return nil
		}
		k := network.MustKind(kind)
		place := network.MustKind("School").Field("area")
		return []ask.Option{ask.Where(store.Has{Source: store.SourceOfField(k, k.Field("stakeholder")), Kinds: network.Concrete(network.StakeholderInterface),
			Where: store.Within{Field: place, Up: network.MustKind("Area").Field("parent"), ID: area}})}
	}
	owner := ask.Of(network.StakeholderInterface)
	a := q.query()
	found := a.Scan(ask.Of("Topic", "broader").
		Many("needs", ask.Of("Need").One("stakeholder", owner), want("Need")...).
		Many("offers", ask.Of("Offer").One("stakeholder", owner), want("Offer")...), append(opts, ask.By("name"))...)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	var topics []rolemap.Topic
	for _, t := range found.Rows() {
		topics = append(topics, rolemap.Topic{ID: t.ID(), Broader: t.Ref("broader"), Needs: ofSomebody(t.Many("needs")), Offers: ofSomebody(t.Many("offers"))})
	}
	return answer(revision, "TopicBalance", map[string]any{"rows": list(rolemap.TopicBalance(topics), func(b rolemap.Balance) any {
		return object("TopicBalanceRow", map[string]any{
			"topic": held(b.Topic, "Topic"), "unmet": b.Unmet, "needCount": len(b.Needs), "offerCount": len(b.Offers),
			"needs": holds(b.Needs, "Need"), "offers": holds(b.Offers, "Offer"), "nearOffers": holds(b.Near, "Offer"),
		})
	})})
}

// ofSomebody leaves out what belongs to a stakeholder that the viewer may not
// see.
func ofSomebody(rows []ask.Row) []network.ID {
	var out []network.ID
	for _, r := range rows {
		if r.One("stakeholder").Found() {
			out = append(out, r.ID())
		}
	}
	return out
}

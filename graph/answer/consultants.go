package answer

import (
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Wanted is what a consultant is wanted for.
type Wanted struct {
	Need   network.ID // of a record; the fields below then come from it
	Topics []network.ID
	Area   network.ID
	Client network.ID
	// On is the day; 0: asOf.
	On           network.Date
	Availability string
	Independence int32 // years
	Migrant      bool
}

// MatchConsultants ranks the career consultants who fit, and says who is left
// out and why.
func (q *Question) MatchConsultants(want Wanted, first int32) (*Answer, error) {
	if err := between("independenceYears", want.Independence, 0, 20); err != nil {
		return nil, err
	}
	if len(want.Topics) > 10 {
		return nil, network.Errorf(network.OutOfRange, "give at most 10 topics").At("input", "profile", "topics")
	}
	if want.Need != "" {
		if err := q.needOf(&want); err != nil {
			return nil, err
		}
	}
	if want.On == 0 {
		want.On = q.AsOf
	}
	a := q.query()
	topics := a.Scan(ask.Of("Topic", "broader"), nearTopics(want.Topics))
	area := a.ByID(areaSel(), want.Area)
	client := waysFrom(a, want.Client)
	opts := []ask.Option{}
	if len(want.Topics) > 0 {
		opts = append(opts, onTopics(want.Topics))
	}
	consultants := a.Scan(consultantSel(want), opts...)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if err := want.check(topics, area, client); err != nil {
		return nil, err
	}
	m := matching{q: q, want: want, fits: bestFits(topics.Rows(), want.Topics), place: lineage(area.First())}
	if client.First().Found() {
		if m.ways, err = q.findWays(client.First(), a.Found()); err != nil {
			return nil, err
		}
	}
	return m.answer(revision, consultants.Rows(), first)
}

// needOf reads what a need says: its topic, whose it is and where they are.
func (q *Question) needOf(want *Wanted) error {
	a := q.query()
	found := a.ByID(ask.Of("Need", "topic").One("stakeholder", ask.Of(network.StakeholderInterface).One("area", areaSel())), want.Need)
	if _, err := q.run(a); err != nil {
		return err
	}
	n := found.First()
	if !n.Found() || n.Ref("topic") == "" || !n.One("stakeholder").Found() {
		return network.Errorf(network.NotFound, "there is no need with this id").At("input", "need")
	}
	want.Topics, want.Client, want.Area = []network.ID{n.Ref("topic")}, n.One("stakeholder").ID(), municipality(n.One("stakeholder").One("area"))
	return nil
}

// check refuses IDs that lead to nothing.
func (w *Wanted) check(topics, area, client *ask.Answer) error {
	missing := func(field string, given bool, found bool) error {
		if given && !found {
			return network.Errorf(network.NotFound, "there is no such record").At("input", "profile", field)
		}
		return nil
	}
	known := map[network.ID]bool{}
	for _, t := range topics.Rows() {
		known[t.ID()] = true
	}
	for _, t := range w.Topics {
		if err := missing("topics", true, known[t]); err != nil {
			return err
		}
	}
	if err := missing("area", w.Area != "", area.First().Found()); err != nil {
		return err
	}
	return missing("client", w.Client != "", client.First().Found())
}

// nearTopics keeps the topics, those above and those below them.
func nearTopics(topics []network.ID) ask.Option {
	broader := network.MustKind("Topic").Field("broader")
	var any store.Or
	for _, t := range topics {
		any = append(any, store.Above{Up: broader, ID: t}, store.Within{Field: broader, Up: broader, ID: t})
	}
	return ask.Where(any)
}

// onTopics keeps the consultants with a specialty or an offer near the topics.
func onTopics(topics []network.ID) ask.Option {
	broader := network.MustKind("Topic").Field("broader")
	var near store.Or
	for _, t := range topics {
		near = append(near, store.Above{Up: broader, ID: t}, store.Within{Field: broader, Up: broader, ID: t})
	}
	consultant, offer := network.MustKind("CareerConsultant"), network.MustKind("Offer")
	topic := network.Concrete("Topic")
	return ask.Where(store.Or{
		store.Has{Source: store.SourceOfField(consultant, consultant.Field("specialties")), Kinds: topic, Where: near},
		store.Has{Source: store.SourceOf(consultant.Collection("offers")), Kinds: network.Concrete("Offer"),
			Where: store.Has{Source: store.SourceOfField(offer, offer.Field("topic")), Kinds: topic, Where: near}},
	})
}

// areaSel reads an area with those it lies in.
func areaSel() *ask.Sel {
	s := ask.Of("Area", "level")
	for range 3 {
		s = ask.Of("Area", "level").One("parent", s)
	}
	return s
}

// municipality is the area, or the one that a locality lies in: people say where
// they live and work by municipality.
func municipality(area ask.Row) network.ID {
	for area.Str("level") == "LOCALITY" && area.Has("parent") && area.One("parent").Found() {
		area = area.One("parent")
	}
	return area.ID()
}

// lineage is the area and those it lies in, from the smallest.
func lineage(area ask.Row) []network.ID {
	var out []network.ID
	for area.Found() {
		out = append(out, area.ID())
		if !area.Has("parent") {
			break
		}
		area = area.One("parent")
	}
	return out
}

func consultantSel(want Wanted) *ask.Sel {
	ends := network.MustKind(network.TieRecord)
	bound := store.And{
		store.Compare{Field: ends.Field("kind"), Op: store.IN, Value: []any{"EMPLOYS", "MEMBER_OF", "OPERATES"}},
		store.Or{store.Compare{Field: ends.Field("subject"), Op: store.EQ, Value: string(want.Client)}, store.Compare{Field: ends.Field("object"), Op: store.EQ, Value: string(want.Client)}},
	}
	return ask.Of("CareerConsultant", "registrationExpires", "availability").
		Many("specialties", ask.Of("Topic")).
		Many("offers", ask.Of("Offer", "description", "topic")).
		Many("regions", areaSel()).
		One("residence", areaSel()).One("origin", areaSel()).
		Many("occupancies", ask.Of("Occupancy", "from", "until").One("post", ask.Of("Post", "organization")), ask.Always()).
		Many("ties", ask.Of(network.TieRecord, "from", "until"), ask.Where(bound), ask.Always())
}

// bestFits is, for each topic near those asked for, the best way it lies to one
// of them.
func bestFits(rows []ask.Row, topics []network.ID) map[network.ID]rolemap.Fit {
	best := map[network.ID]rolemap.Fit{}
	up := map[network.ID]network.ID{}
	for _, r := range rows {
		up[r.ID()] = r.Ref("broader")
	}
	note := func(id network.ID, f rolemap.Fit) {
		if was, known := best[id]; !known || f < was {
			best[id] = f
		}
	}
	for _, t := range topics {
		note(t, rolemap.Exact)
		for at, n := up[t], 0; at != "" && n < len(rows); at, n = up[at], n+1 {
			note(at, rolemap.Broader)
		}
		for _, r := range rows {
			for at, n := r.Ref("broader"), 0; at != "" && n < len(rows); at, n = up[at], n+1 {
				if at == t {
					note(r.ID(), rolemap.Narrower)
				}
			}
		}
	}
	return best
}

// areaFit says how the areas somebody works in lie to a place.
func areaFit(regions []ask.Row, place []network.ID) rolemap.AreaFit {
	best := rolemap.Elsewhere
	for _, r := range regions {
		for i, p := range place {
			switch {
			case r.ID() != p:
			case i == 0:
				best = max(best, rolemap.SameArea)
			default:
				best = max(best, rolemap.CoversIt)
			}
		}
		if len(place) > 0 && inside(r, place[0]) {
			best = max(best, rolemap.PartOfIt)
		}
	}
	return best
}

func inside(area ask.Row, in network.ID) bool {
	for _, id := range lineage(area) {
		if id == in {
			return true
		}
	}
	return false
}

// matching is one run of the matching.
type matching struct {
	q     *Question
	want  Wanted
	fits  map[network.ID]rolemap.Fit
	place []network.ID
	ways  *ways
	paths map[network.ID]analysis.Path
}

func (m *matching) answer(revision int64, rows []ask.Row, first int32) (*Answer, error) {
	need := rolemap.Need{Topics: len(m.want.Topics) > 0, Area: m.want.Area != "", On: m.want.On, Independence: int(m.want.Independence), Availability: m.want.Availability, Migrant: m.want.Migrant}
	m.paths = map[network.ID]analysis.Path{}
	consultants := make([]rolemap.Consultant, len(rows))
	for i, r := range rows {
		consultants[i] = m.consultant(r)
	}
	matches, excluded := rolemap.MatchConsultants(need, consultants)
	shown, err := firstOf(m.q, matches, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "ConsultantMatches", map[string]any{
		"totalCount": len(matches), "on": m.want.On.String(),
		"results": list(shown, func(x rolemap.Match) any {
			return object("ConsultantMatch", map[string]any{"consultant": held(x.ID, "CareerConsultant"), "score": number(x.Score), "reasons": reasons(x.Reasons), "introduction": m.introduction(x.ID)})
		}),
		"excluded": list(excluded, func(x rolemap.Excluded) any {
			return object("ExcludedConsultant", map[string]any{"consultant": held(x.ID, "CareerConsultant"), "reason": remark(x.Reason)})
		}),
	})
}

func (m *matching) introduction(id network.ID) any {
	if m.ways == nil {
		return nil
	}
	return m.ways.introduction(m.paths[id])
}

func (m *matching) consultant(r ask.Row) rolemap.Consultant {
	c := rolemap.Consultant{ID: r.ID(), Expires: r.Date("registrationExpires"), Serves: areaFit(r.Many("regions"), m.place), Regions: len(r.Many("regions")) > 0, Availability: []string{r.Str("availability")}}
	for _, t := range r.Many("specialties") {
		if fit, near := m.fits[t.ID()]; near {
			c.Specialties = append(c.Specialties, rolemap.OnTopic{Record: t.ID(), Fit: fit})
		}
	}
	for _, o := range r.Many("offers") {
		if fit, near := m.fits[o.Ref("topic")]; near {
			c.Offers = append(c.Offers, rolemap.OnTopic{Record: o.ID(), Fit: fit})
			c.Availability = append(c.Availability, o.Str("description"))
		}
	}
	home, origin := lineage(r.One("residence")), lineage(r.One("origin"))
	if len(m.place) > 0 {
		c.Lives = inside(r.One("residence"), m.place[0])
		c.FromArea = inside(r.One("origin"), m.place[0])
	}
	c.Moved = len(home) > 0 && len(origin) > 0 && home[len(home)-1] != origin[len(origin)-1]
	c.Links = m.links(r)
	if m.ways != nil {
		c.Way, m.paths[r.ID()] = m.ways.to(r.ID())
	}
	return c
}

// links are what binds a consultant to the client.
func (m *matching) links(r ask.Row) []rolemap.Link {
	var out []rolemap.Link
	if m.want.Client == "" {
		return nil
	}
	for _, t := range r.Many("ties") {
		out = append(out, rolemap.Link{Record: t.ID(), Span: t.Span()})
	}
	for _, o := range r.Many("occupancies") {
		if o.One("post").Ref("organization") == m.want.Client {
			out = append(out, rolemap.Link{Record: o.ID(), Span: o.Span()})
		}
	}
	return out
}

// MatchClients ranks who could use a consultant: the stakeholders with an open
// need on their topics.
func (q *Question) MatchClients(consultant network.ID, independence, first int32) (*Answer, error) {
	if err := between("independenceYears", independence, 0, 20); err != nil {
		return nil, err
	}
	a := q.query()
	topics := a.Scan(ask.Of("Topic", "broader"))
	who := a.ByID(ask.Of("CareerConsultant").
		Many("specialties", ask.Of("Topic")).Many("offers", ask.Of("Offer", "topic")).Many("regions", areaSel()).
		Many("occupancies", ask.Of("Occupancy", "from", "until").One("post", ask.Of("Post", "organization")), ask.Always()).
		Many("ties", ask.Of(network.TieRecord, "kind", "from", "until").Other(ask.Of(network.StakeholderInterface)), ask.Always()), consultant)
	house := waysFrom(a, consultant)
	needs := a.Scan(ask.Of("Need", "topic").One("stakeholder", ask.Of(network.StakeholderInterface).One("area", areaSel())))
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if !who.First().Found() {
		return nil, notFound("consultant", "career consultant")
	}
	w, err := q.findWays(house.First(), a.Found())
	if err != nil {
		return nil, err
	}
	clients := rolemap.MatchClients(clientNeeds(who.First(), topics.Rows(), needs.Rows(), w), q.AsOf, int(independence))
	shown, err := firstOf(q, clients, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "ClientMatches", map[string]any{"totalCount": len(clients), "results": list(shown, func(c rolemap.Client) any {
		_, path := w.to(c.ID)
		return object("ClientMatch", map[string]any{"client": held(c.ID, network.StakeholderInterface), "score": number(c.Score), "reasons": reasons(c.Reasons), "introduction": w.introduction(path)})
	})})
}

func clientNeeds(who ask.Row, topics, needs []ask.Row, w *ways) []rolemap.ClientNeed {
	mine := who.IDs("specialties")
	for _, o := range who.Many("offers") {
		mine = append(mine, o.Ref("topic"))
	}
	links := map[network.ID][]rolemap.Link{}
	for _, t := range who.Many("ties") {
		switch t.Str("kind") {
		case "EMPLOYS", "MEMBER_OF", "OPERATES":
			links[t.One("other").ID()] = append(links[t.One("other").ID()], rolemap.Link{Record: t.ID(), Span: t.Span()})
		}
	}
	for _, o := range who.Many("occupancies") {
		body := o.One("post").Ref("organization")
		links[body] = append(links[body], rolemap.Link{Record: o.ID(), Span: o.Span()})
	}
	fitTo := map[network.ID]map[network.ID]rolemap.Fit{}
	var out []rolemap.ClientNeed
	for _, n := range needs {
		client, topic := n.One("stakeholder"), n.Ref("topic")
		if !client.Found() || topic == "" || client.ID() == who.ID() {
			continue
		}
		if fitTo[topic] == nil {
			fitTo[topic] = bestFits(topics, []network.ID{topic})
		}
		best, found := rolemap.Broader, false
		for _, t := range mine {
			if f, near := fitTo[topic][t]; near {
				best, found = min(best, f), true
			}
		}
		if !found {
			continue
		}
		x := rolemap.ClientNeed{Need: n.ID(), Client: client.ID(), Fit: best, Serves: areaFit(who.Many("regions"), lineage(client.One("area"))), Links: links[client.ID()]}
		x.Way, _ = w.to(client.ID())
		out = append(out, x)
	}
	return out
}

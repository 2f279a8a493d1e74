package answer

import (
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// WhoToAsk ranks whom a stakeholder can ask on a topic, with who introduces
// them.
func (q *Question) WhoToAsk(topic, asker network.ID, first int32) (*Answer, error) {
	a := q.query()
	topics := a.Scan(referralSel(), nearTopic(topic))
	from := a.ByID(houseSel(), asker)
	a.Network(around(asker))
	revision, err := q.run(a)
	switch {
	case err != nil:
		return nil, err
	case !from.First().Found():
		return nil, notFound("asker", "stakeholder")
	}
	fits := fitsOf(topics.Rows(), topic)
	if len(fits) == 0 {
		return nil, notFound("topic", "topic")
	}
	w, err := q.findWays(from.First(), a.Found())
	if err != nil {
		return nil, err
	}
	c := candidates{at: map[network.ID]int{}, asker: w.house}
	var needs []network.ID
	for _, t := range topics.Rows() {
		c.onTopic(t, fits[t.ID()])
		if fits[t.ID()] != rolemap.Broader {
			for _, n := range t.Many("needs") {
				if !w.house[n.One("stakeholder").ID()] {
					needs = append(needs, n.ID())
				}
			}
		}
	}
	paths := map[network.ID]analysis.Path{}
	for i := range c.list {
		x := &c.list[i]
		x.Way, paths[x.ID] = w.to(c.contacts[i]...)
	}
	ranked := rolemap.WhoToAsk(c.list)
	shown, err := firstOf(q, ranked, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "Referrals", map[string]any{
		"totalCount": len(ranked), "missing": remarks(rolemap.MissingOn(c.list, ranked)), "othersInNeed": holds(needs, "Need"),
		"results": list(shown, func(r rolemap.Referral) any {
			return object("Referral", map[string]any{
				"candidate": held(r.ID, network.RoleHolder), "holders": holds(c.holders[r.ID], network.IndividualInterface), "score": number(r.Score), "reasons": reasons(r.Reasons),
				"introduction": w.introduction(paths[r.ID]),
			})
		}),
	})
}

// nearTopic keeps a topic, those it is a part of and those that are parts of it.
func nearTopic(topic network.ID) ask.Option {
	broader := network.MustKind("Topic").Field("broader")
	return ask.Where(store.Or{store.Above{Up: broader, ID: topic}, store.Within{Field: broader, Up: broader, ID: topic}})
}

// fitsOf tells how each of the topics lies to the one asked about; nil when that
// is not among them.
func fitsOf(rows []ask.Row, topic network.ID) map[network.ID]rolemap.Fit {
	up := map[network.ID]network.ID{}
	found := false
	for _, r := range rows {
		up[r.ID()] = r.Ref("broader")
		found = found || r.ID() == topic
	}
	if !found {
		return nil
	}
	fits := map[network.ID]rolemap.Fit{}
	for _, r := range rows {
		fits[r.ID()] = rolemap.Narrower
	}
	fits[topic] = rolemap.Exact
	for at := up[topic]; at != ""; at = up[at] {
		if fits[at] == rolemap.Broader {
			break
		}
		fits[at] = rolemap.Broader
	}
	return fits
}

// referralSel is everything on a topic that speaks for asking somebody.
func referralSel() *ask.Sel {
	stakeholder := ask.Of(network.StakeholderInterface)
	holder := ask.Of(network.RoleHolder).
		One("organization", stakeholder).
		Many("occupancies", ask.Of("Occupancy").One("person", ask.Of(network.IndividualInterface)))
	role := ask.Of("RoleAssignment", "responsibility", "function", "status").One("holder", holder)
	activity := ask.Of("Activity", "activityType").Many("roles", role)
	bare := ask.Where(store.Not{X: store.Has{Source: store.SourceOfField(network.MustKind("Activity"), network.MustKind("Activity").Field("topics")),
		Kinds: network.Concrete("Topic")}})
	return ask.Of("Topic", "broader").
		Many("offers", ask.Of("Offer").One("stakeholder", stakeholder)).
		Many("needs", ask.Of("Need").One("stakeholder", stakeholder)).
		Many("activities", ask.Of("Activity", "activityType").One("initiative", ask.Of("Initiative", "stage")).Many("roles", role)).
		Many("initiatives", ask.Of("Initiative", "stage").Many("roles", role).Many("activities", activity, bare)).
		Many("specialists", ask.Of("CareerConsultant"))
}

// candidates collects evidence by stakeholder or post.
type candidates struct {
	asker    map[network.ID]bool
	at       map[network.ID]int
	list     []rolemap.Candidate
	contacts [][]network.ID // the stakeholders by whom the candidate is reached
	holders  map[network.ID][]network.ID
}

func (c *candidates) note(who ask.Row, e rolemap.Evidence) {
	if !who.Found() {
		return
	}
	id := who.ID()
	contacts, vacant := []network.ID{id}, false
	var holders []network.ID
	if who.Kind().Name == "Post" {
		for _, o := range who.Many("occupancies") {
			if p := o.One("person"); p.Found() {
				holders = append(holders, p.ID())
			}
		}
		vacant = len(holders) == 0
		contacts = append(append([]network.ID{}, holders...), who.One("organization").ID())
	}
	for _, x := range contacts {
		if c.asker[x] {
			return // one's own house needs no referral
		}
	}
	i, known := c.at[id]
	if !known {
		i = len(c.list)
		c.at[id] = i
		c.list = append(c.list, rolemap.Candidate{ID: id, Vacant: vacant})
		c.contacts = append(c.contacts, contacts)
		if holders != nil {
			if c.holders == nil {
				c.holders = map[network.ID][]network.ID{}
			}
			c.holders[id] = holders
		}
	}
	c.list[i].Evidence = append(c.list[i].Evidence, e)
}

func (c *candidates) onTopic(t ask.Row, fit rolemap.Fit) {
	for _, o := range t.Many("offers") {
		c.note(o.One("stakeholder"), rolemap.Evidence{Rule: "OFFERS", Fit: fit, Record: o.ID()})
	}
	for _, s := range t.Many("specialists") {
		c.note(s, rolemap.Evidence{Rule: "SPECIALTY", Fit: fit, Record: t.ID()})
	}
	for _, a := range t.Many("activities") {
		if !over(a.One("initiative")) {
			c.roles(a, fit)
		}
	}
	for _, i := range t.Many("initiatives") {
		if over(i) {
			continue
		}
		// What an initiative is about is coarser than what its work is about.
		c.roles(i, rolemap.Broader)
		for _, a := range i.Many("activities") {
			c.roles(a, rolemap.Broader)
		}
	}
}

// over tells of an initiative that stalled or ended: it is nobody's work now.
func over(initiative ask.Row) bool {
	stage := initiative.Str("stage")
	return stage == "STALLED" || stage == "ENDED"
}

// roles notes the holders of roles on an activity, or in an initiative.
func (c *candidates) roles(of ask.Row, fit rolemap.Fit) {
	work := ""
	if of.Kind().Name == "Activity" {
		if work = of.Str("activityType"); work == "" {
			work = "OTHER"
		}
	}
	for _, r := range of.Many("roles") {
		rule := r.Str("responsibility") + r.Str("function")
		if !rolemap.Refers(rule) {
			continue
		}
		c.note(r.One("holder"), rolemap.Evidence{Rule: rule, Fit: fit, Record: r.ID(), Work: work, Doubt: r.Str("status") != "AGREED"})
	}
}

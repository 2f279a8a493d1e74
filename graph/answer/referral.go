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
	near := nearTopic(topic)
	topics := a.Scan(ask.Of("Topic", "broader"), ask.Where(near))
	offers := a.Scan(ask.Of("Offer", "topic").One("stakeholder", ask.Of(network.StakeholderInterface)), ask.Where(leadsTo("Offer", "topic", near)))
	needs := a.Scan(ask.Of("Need", "topic").One("stakeholder", ask.Of(network.StakeholderInterface)), ask.Where(leadsTo("Need", "topic", near)))
	specialists := a.Scan(ask.Of("CareerConsultant").Many("specialties", ask.Of("Topic")), ask.Where(leadsTo("CareerConsultant", "specialties", near)))
	role := referringSel()
	activities := a.Scan(ask.Of("Activity", "activityType").Many("topics", ask.Of("Topic")).One("initiative", ask.Of("Initiative", "stage")).Many("roles", role),
		ask.Where(leadsTo("Activity", "topics", near)))
	initiatives := a.Scan(ask.Of("Initiative", "stage").Many("roles", role).
		Many("activities", ask.Of("Activity", "activityType").Many("roles", role), ask.Where(store.Not{X: leadsTo("Activity", "topics", nil)})),
		ask.Where(leadsTo("Initiative", "topics", near)))
	from := waysFrom(a, asker)
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
	c := candidates{at: map[network.ID]int{}, asker: w.house, fits: fits}
	c.offers(offers.Rows())
	c.specialists(specialists.Rows())
	c.activities(activities.Rows())
	c.initiatives(initiatives.Rows())
	var inNeed []network.ID
	for _, n := range needs.Rows() {
		if owner := n.One("stakeholder"); owner.Found() && !w.house[owner.ID()] && fits[n.Ref("topic")] != rolemap.Broader {
			inNeed = append(inNeed, n.ID())
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
		"totalCount": len(ranked), "missing": remarks(rolemap.MissingOn(c.list, ranked)), "othersInNeed": holds(inNeed, "Need"),
		"results": list(shown, func(r rolemap.Referral) any {
			return object("Referral", map[string]any{
				"candidate": held(r.ID, network.RoleHolder), "holders": holds(c.holders[r.ID], network.IndividualInterface), "score": number(r.Score), "reasons": reasons(r.Reasons),
				"introduction": w.introduction(paths[r.ID]),
			})
		}),
	})
}

// nearTopic is the condition on a topic to be the one, one it is a part of, or
// a part of it.
func nearTopic(topic network.ID) store.Expr {
	broader := network.MustKind("Topic").Field("broader")
	return store.Or{store.Above{Up: broader, ID: topic}, store.Within{Field: broader, Up: broader, ID: topic}}
}

// leadsTo is the condition that a field of the kind leads to a record for which
// another condition holds.
func leadsTo(kind, field string, where store.Expr) store.Expr {
	k := network.MustKind(kind)
	f := k.Field(field)
	var targets []*network.Kind
	for _, name := range f.Targets {
		targets = append(targets, network.MustKind(name))
	}
	return store.Has{Source: store.SourceOfField(k, f), Kinds: targets, Where: where}
}

// members is the condition that a list of the kind has a member for which another
// condition holds.
func members(kind, collection string, where store.Expr) store.Expr {
	c := network.MustKind(kind).Collection(collection)
	return store.Has{Source: store.SourceOf(c), Kinds: network.Concrete(c.Element), Where: where}
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

// referringSel is what is read of a role that may speak for asking its holder.
func referringSel() *ask.Sel {
	return ask.Of("RoleAssignment", "responsibility", "function", "status").
		One("holder", ask.Of(network.RoleHolder).
			One("organization", ask.Of(network.StakeholderInterface)).
			Many("occupancies", ask.Of("Occupancy").One("person", ask.Of(network.IndividualInterface))))
}

// candidates collects evidence by stakeholder or post.
type candidates struct {
	asker    map[network.ID]bool
	at       map[network.ID]int
	list     []rolemap.Candidate
	contacts [][]network.ID // the stakeholders by whom the candidate is reached
	holders  map[network.ID][]network.ID
	fits     map[network.ID]rolemap.Fit // of the topics near the one asked about
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

func (c *candidates) offers(rows []ask.Row) {
	for _, o := range rows {
		c.note(o.One("stakeholder"), rolemap.Evidence{Rule: "OFFERS", Fit: c.fits[o.Ref("topic")], Record: o.ID()})
	}
}

func (c *candidates) specialists(rows []ask.Row) {
	for _, s := range rows {
		for _, t := range s.IDs("specialties") {
			if fit, near := c.fits[t]; near {
				c.note(s, rolemap.Evidence{Rule: "SPECIALTY", Fit: fit, Record: t})
			}
		}
	}
}

// over tells of an initiative that stalled or ended: it is nobody's work now.
func over(initiative ask.Row) bool {
	stage := initiative.Str("stage")
	return stage == "STALLED" || stage == "ENDED"
}

// activities notes who holds roles on activities on the topic.
func (c *candidates) activities(rows []ask.Row) {
	for _, a := range rows {
		fit := rolemap.Broader
		for _, t := range a.IDs("topics") {
			if f, near := c.fits[t]; near {
				fit = min(fit, f)
			}
		}
		if !over(a.One("initiative")) {
			c.roles(a.Many("roles"), fit, workOf(a))
		}
	}
}

// initiatives notes who holds roles in initiatives on the topic, and on those of
// their activities that have no topic of their own. What an initiative is about
// is coarser than what its work is about: it counts as a broader topic.
func (c *candidates) initiatives(rows []ask.Row) {
	for _, i := range rows {
		if over(i) {
			continue
		}
		c.roles(i.Many("roles"), rolemap.Broader, "")
		for _, a := range i.Many("activities") {
			c.roles(a.Many("roles"), rolemap.Broader, workOf(a))
		}
	}
}

func workOf(activity ask.Row) string {
	if work := activity.Str("activityType"); work != "" {
		return work
	}
	return "OTHER"
}

func (c *candidates) roles(rows []ask.Row, fit rolemap.Fit, work string) {
	for _, r := range rows {
		rule := r.Str("responsibility") + r.Str("function")
		if rolemap.Refers(rule) {
			c.note(r.One("holder"), rolemap.Evidence{Rule: rule, Fit: fit, Record: r.ID(), Work: work, Doubt: r.Str("status") != "AGREED"})
		}
	}
}

package answer

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// ContinuityRisks is what hangs on single people or is about to change within
// the days (1 to 366): of one initiative, or of the whole map.
func (q *Question) ContinuityRisks(initiative network.ID, within, first int32) (*Answer, error) {
	if err := between("within", within, 1, 366); err != nil {
		return nil, err
	}
	in := rolemap.RiskInput{On: q.AsOf, Within: int(within)}
	reach := ask.During(in.Reach())
	a := q.query()
	var ofIt, seatIn, activityOf store.Expr
	if initiative != "" {
		ofIt, seatIn = roleIn(initiative), seatsOf(initiative)
		activityOf = leadsTo("Activity", "initiative", store.HasID{IDs: []network.ID{initiative}})
	}
	roles := a.Scan(ask.Of("RoleAssignment", "responsibility", "function", "status", "from", "until", "activity", "initiative").One("holder", watchedSel(network.RoleHolder)), ask.Where(ofIt), reach)
	known := a.ByID(ask.Of("Initiative", "from", "until"), initiative)
	initiatives := known
	activities := a.Scan(ask.Of("Activity", "from", "until", "initiative"), ask.Where(activityOf))
	consultants := a.Scan(ask.Of("CareerConsultant", "registrationExpires"), ask.Where(q.expiring(int(within))))
	posts := a.Scan(watchedSel("Post"), ask.Where(seatIn))
	var houses, contracts *ask.Answer
	if initiative == "" {
		initiatives = a.Scan(ask.Of("Initiative", "from", "until"))
		contracts = a.Scan(contractSel(), ask.Where(isContract()), reach)
		houses = a.Scan(ask.Of("Occupancy").One("person", ask.Of(network.IndividualInterface)).One("post", ask.Of("Post").One("organization", ask.Of(network.StakeholderInterface))))
		a.Network(&store.SubgraphQuery{})
	}
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if initiative != "" && !known.First().Found() {
		return nil, notFound("initiative", "initiative")
	}
	w := watch{in: &in, at: map[network.ID]int{}, on: q.AsOf, over: overs(initiatives.Rows(), activities.Rows())}
	w.roles(roles.Rows())
	w.posts(posts.Rows())
	if initiative == "" {
		in.Contracts = contractsOf(contracts.Rows())
		in.SoleTies = soleTies(housesOf(houses.Rows()), a.Found())
		if in.Cuts, err = cutPeople(a.Found()); err != nil {
			return nil, err
		}
	}
	for _, c := range consultants.Rows() {
		if initiative == "" || w.people[c.ID()] {
			in.Registrations = append(in.Registrations, rolemap.Registration{Person: c.ID(), Expires: c.Date("registrationExpires")})
		}
	}
	risks := rolemap.ContinuityRisks(in)
	shown, err := firstOf(q, risks, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "ContinuityRisks", map[string]any{"totalCount": len(risks), "risks": list(shown, riskValue)})
}

func riskValue(r rolemap.Risk) any {
	var on any
	if r.On != 0 {
		on = r.On.String()
	}
	return object("ContinuityRisk", map[string]any{
		"rule": r.Rule.Name, "severity": number(r.Severity), "message": localized(r.Rule.Message), "suggestion": localized(r.Rule.Suggestion),
		"person": held(r.Person, network.IndividualInterface), "post": held(r.Post, "Post"), "organization": held(r.Body, network.StakeholderInterface),
		"party": held(r.Party, network.StakeholderInterface), "tie": held(r.Tie, network.TieRecord),
		"roles": holds(r.Roles, "RoleAssignment"), "activities": holds(r.Activities, "Activity"), "on": on,
	})
}

func watchedSel(typeName string) *ask.Sel {
	return ask.Of(typeName, "from", "until").
		One("organization", ask.Of(network.StakeholderInterface, "from", "until")).
		Many("occupancies", occupancySel(), ask.Always())
}

// seatsOf is the condition on posts to be seats, without roles, in councils that
// are parties of the initiative or hold a role in it, themselves or through a
// post.
func seatsOf(initiative network.ID) store.Expr {
	counts := store.Compare{Field: network.MustKind("RoleAssignment").Field("status"), Op: store.NE, Value: "PROPOSED"}
	concerned := store.Or{members("Council", "initiatives", store.HasID{IDs: []network.ID{initiative}}), withRoleIn(initiative)}
	return store.And{
		leadsTo("Post", "organization", store.And{store.IsKind{Kinds: network.Concrete("Council")}, concerned}),
		store.Not{X: members("Post", "roles", counts)},
	}
}

func contractSel() *ask.Sel {
	end := ask.Of(network.StakeholderInterface)
	return ask.Of(network.TieRecord, "kind", "from", "until").One("subject", end).One("object", end)
}

func isContract() store.Expr {
	return store.Compare{Field: network.TieKindRecord().Field("kind"), Op: store.IN, Value: []any{"COMMISSIONS", "FUNDS"}}
}

func contractsOf(ties []ask.Row) []rolemap.Contract {
	var out []rolemap.Contract
	for _, t := range ties {
		paid := t.One("object")
		if !paid.Found() {
			continue
		}
		c := rolemap.Contract{Tie: t.ID(), Giver: t.One("subject").ID(), Kind: t.Str("kind"), Span: t.Span()}
		if paid.Kind().Is(network.IndividualInterface) {
			c.Person = paid.ID()
		} else {
			c.Body = paid.ID()
		}
		out = append(out, c)
	}
	return out
}

// overs is the first day on which each initiative and activity that holds is no
// more; an activity ends with its initiative.
func overs(initiatives, activities []ask.Row) map[network.ID]network.Date {
	out := map[network.ID]network.Date{}
	for _, i := range initiatives {
		out[i.ID()] = i.Span().Stop()
	}
	for _, a := range activities {
		out[a.ID()] = min(a.Span().Stop(), out[a.Ref("initiative")])
	}
	return out
}

func (q *Question) expiring(within int) store.Expr {
	f := network.MustKind("CareerConsultant").Field("registrationExpires")
	return store.And{store.Compare{Field: f, Op: store.GTE, Value: q.AsOf}, store.Compare{Field: f, Op: store.LTE, Value: q.AsOf.AddDays(within)}}
}

// watch puts roles with the post or person they hang on.
type watch struct {
	in     *rolemap.RiskInput
	at     map[network.ID]int
	people map[network.ID]bool
	over   map[network.ID]network.Date // by activity and initiative
	on     network.Date
}

func (w *watch) post(p ask.Row) *rolemap.WatchedPost {
	i, known := w.at[p.ID()]
	if !known {
		i = len(w.in.Posts)
		w.at[p.ID()] = i
		body := p.One("organization")
		x := rolemap.WatchedPost{Post: p.ID(), Body: body.ID(), Council: body.Found() && body.Kind().Name == "Council" && body.Span().Holds(w.on)}
		for _, o := range p.Many("occupancies") {
			if who := o.One("person"); who.Found() {
				x.Seats = append(x.Seats, rolemap.Seat{ID: o.ID(), Person: who.ID(), Post: p.ID(), Span: o.Span()})
			}
		}
		w.in.Posts = append(w.in.Posts, x)
	}
	return &w.in.Posts[i]
}

func (w *watch) posts(rows []ask.Row) {
	for _, p := range rows {
		w.post(p)
	}
}

func (w *watch) roles(rows []ask.Row) {
	w.people = map[network.ID]bool{}
	for _, r := range rows {
		h := r.One("holder")
		role := rolemap.Role{ID: r.ID(), Responsibility: r.Str("responsibility"), Function: r.Str("function"), Status: r.Str("status"), Holder: rolemap.Holder{ID: h.ID()}}
		if !role.Counts() {
			continue
		}
		p := rolemap.Placed{Role: role, Activity: r.Ref("activity")}
		w.tenure(r, h, p)
		if !h.Found() || !r.Span().Holds(w.on) {
			continue
		}
		switch k := h.Kind(); {
		case k.Name == "Post":
			x := w.post(h)
			x.Roles = append(x.Roles, p)
			for _, s := range x.Seats {
				w.people[s.Person] = w.people[s.Person] || s.Span.Holds(w.on)
			}
		case k.Is(network.IndividualInterface):
			w.people[h.ID()] = true
			if p.Carries() || p.Function != "" {
				w.in.PersonRoles = append(w.in.PersonRoles, p)
			}
		default:
			w.in.BodyRoles = append(w.in.BodyRoles, p)
		}
	}
}

// tenure notes when a role ends, and whose it is.
func (w *watch) tenure(r, holder ask.Row, p rolemap.Placed) {
	t := rolemap.Tenure{Placed: p, Initiative: r.Ref("initiative"), Span: r.Span(), Over: w.over[cmp.Or(p.Activity, r.Ref("initiative"))]}
	switch {
	case !holder.Found():
	case holder.Kind().Name == "Post":
		t.Post, t.Body = holder.ID(), holder.One("organization").ID()
	case holder.Kind().Is(network.IndividualInterface):
		t.Person = holder.ID()
	default:
		t.Body = holder.ID()
	}
	w.in.Tenures = append(w.in.Tenures, t)
}

// cutPeople are the people without whom others are cut off from the rest.
func cutPeople(g *store.Subgraph) ([]rolemap.Cut, error) {
	edges := make([]analysis.Edge, len(g.Ties))
	for i, t := range g.Ties {
		edges[i] = analysis.Edge{From: t.Subject, To: t.Object}
	}
	graph, err := analysis.NewGraph(len(g.Nodes), edges, false)
	if err != nil {
		return nil, err
	}
	points, _ := analysis.CutPoints(graph)
	var out []rolemap.Cut
	for _, p := range points {
		if n := g.Nodes[p.Node]; network.MustKind(n.Kind).Is(network.IndividualInterface) {
			out = append(out, rolemap.Cut{Person: n.ID, CutOff: p.CutOff})
		}
	}
	return out, nil
}

// structural are the kinds of tie that bind houses whoever works there.
var structural = []string{"PART_OF", "MEMBER_OF", "ESTABLISHED_BY", "EMPLOYS", "SUPERVISES", "OPERATES"}

// housesOf are the organisations, other than councils, in which people hold
// posts.
func housesOf(occupancies []ask.Row) map[network.ID][]network.ID {
	out := map[network.ID][]network.ID{}
	for _, o := range occupancies {
		person, body := o.One("person").ID(), o.One("post").One("organization")
		if person != "" && body.Found() && body.Kind().Name != "Council" && !slices.Contains(out[person], body.ID()) {
			out[person] = append(out[person], body.ID())
		}
	}
	return out
}

// soleTies finds the pairs of an organisation and another party that one person
// alone connects: all ties between the two houses are that person's.
func soleTies(houses map[network.ID][]network.ID, g *store.Subgraph) []rolemap.SoleTie {
	type pair struct{ body, other network.ID }
	type keeping struct {
		best    rolemap.SoleTie
		several bool
	}
	kept := map[pair]*keeping{}
	var order []pair
	house := func(i int32) []network.ID {
		if hs := houses[g.Nodes[i].ID]; len(hs) > 0 {
			return hs
		}
		return []network.ID{g.Nodes[i].ID}
	}
	note := func(t store.SubTie, from, to int32) {
		keeper := g.Nodes[from].ID
		isPerson := !slices.Contains(structural, t.Kind) && network.MustKind(g.Nodes[from].Kind).Is(network.IndividualInterface) && len(houses[keeper]) > 0
		for _, body := range house(from) {
			for _, other := range house(to) {
				if body == other {
					continue
				}
				p := pair{body, other}
				k := kept[p]
				if k == nil {
					k = &keeping{best: rolemap.SoleTie{Tie: t.ID, Person: keeper, Body: body, Party: g.Nodes[to].ID, Strength: int(t.Strength)}, several: !isPerson}
					kept[p] = k
					order = append(order, p)
					continue
				}
				k.several = k.several || k.best.Person != keeper || !isPerson
				if int(t.Strength) > k.best.Strength {
					k.best.Tie, k.best.Party, k.best.Strength = t.ID, g.Nodes[to].ID, int(t.Strength)
				}
			}
		}
	}
	for _, t := range g.Ties {
		note(t, t.Subject, t.Object)
		note(t, t.Object, t.Subject)
	}
	var out []rolemap.SoleTie
	listed := map[network.ID]bool{}
	for _, p := range order {
		// A tie of somebody with two houses is listed once.
		if k := kept[p]; !k.several && !listed[k.best.Tie] {
			listed[k.best.Tie] = true
			out = append(out, k.best)
		}
	}
	return out
}

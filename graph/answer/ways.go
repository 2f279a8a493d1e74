package answer

import (
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// around asks for the network within reach of a stakeholder over ties and posts,
// with what the warmth of a tie is judged by.
func around(center network.ID) *store.SubgraphQuery {
	return &store.SubgraphQuery{Centers: []network.ID{center}, Hops: rolemap.FarHops, Posts: true, TieFields: fieldsNamed(network.TieRecord, warmthNames)}
}

var warmthNames = []string{"lastContact", "status", "confidence", "doNotAsk"}

// houseSel is what is read of a stakeholder to know their own house: of a person
// the organisations of their posts, of an organisation the people in it.
func houseSel() *ask.Sel {
	house := ask.Of(network.StakeholderInterface)
	return ask.Of(network.StakeholderInterface).
		Many("occupancies", ask.Of("Occupancy").One("post", ask.Of("Post").One("organization", house))).
		Many("posts", ask.Of("Post").Many("occupancies", ask.Of("Occupancy").One("person", house)))
}

// ways is whom one stakeholder can be introduced to, and how.
type ways struct {
	on      network.Date
	net     *analysis.Net
	ids     []network.ID
	at      map[network.ID]int32
	ties    []analysis.Tie
	seats   map[network.ID]bool // the ties that are posts: IDs of occupancies
	house   map[network.ID]bool // the asker, their organisations or people
	reached *analysis.Reached
}

// waysFrom adds to a query what the ways from an asker are found by, beside the
// network.
func waysFrom(a *ask.Query, asker network.ID) *ask.Answer {
	a.Network(around(asker))
	return a.ByID(houseSel(), asker)
}

// findWays works out the cheapest introductions from the asker, who must be
// there, through the network around them.
func (q *Question) findWays(asker ask.Row, g *store.Subgraph) (*ways, error) {
	w := newWays(g, q.AsOf)
	w.house = houseOf(asker)
	var err error
	if w.net, err = analysis.NewNet(w.ids, w.ties, q.AsOf); err != nil {
		return nil, err
	}
	w.reached, err = analysis.Nearest(q.Ctx, w.net, []int32{w.node(asker.ID())}, rolemap.FarHops)
	return w, err
}

// newWays has the ties and posts of a network read with warmthNames.
func newWays(g *store.Subgraph, on network.Date) *ways {
	w := &ways{on: on, at: map[network.ID]int32{}, seats: map[network.ID]bool{}}
	for _, n := range g.Nodes {
		w.node(n.ID)
	}
	for _, t := range g.Ties {
		w.ties = append(w.ties, tieOf(t))
	}
	for _, s := range g.Seats {
		w.seats[s.ID] = true
		w.ties = append(w.ties, warmSeat(s, g.Nodes[s.Organization].Kind, on))
	}
	return w
}

func (w *ways) node(id network.ID) int32 {
	i, known := w.at[id]
	if !known {
		i = int32(len(w.ids))
		w.at[id] = i
		w.ids = append(w.ids, id)
	}
	return i
}

func tieOf(t store.SubTie) analysis.Tie {
	text := func(i int) string { s, _ := t.Values[i].(string); return s }
	doNotAsk, _ := t.Values[3].(bool)
	return analysis.Tie{ID: t.ID, Kind: t.Kind, A: t.Subject, B: t.Object, Strength: t.Strength,
		LastContact: ask.DateOf(t.Values[0]), Status: text(1), Confidence: text(2), DoNotAsk: doNotAsk}
}

// warmSeat is a post as a warm tie between its holder and its organisation: like
// employment, in a council like membership.
func warmSeat(s store.SubSeat, organization string, on network.Date) analysis.Tie {
	kind := "EMPLOYS"
	if organization == "Council" {
		kind = "MEMBER_OF"
	}
	return analysis.Tie{ID: s.ID, Kind: kind, A: s.Person, B: s.Organization, Strength: strengthOfPost, LastContact: network.Day(on), Status: "CONFIRMED", Confidence: "HIGH"}
}

// houseOf is a stakeholder read with houseSel, with their organisations or people.
func houseOf(who ask.Row) map[network.ID]bool {
	house := map[network.ID]bool{who.ID(): true}
	add := func(other ask.Row) {
		if other.Found() {
			house[other.ID()] = true
		}
	}
	for _, o := range who.Many("occupancies") {
		add(o.One("post").One("organization"))
	}
	for _, p := range who.Many("posts") {
		for _, o := range p.Many("occupancies") {
			add(o.One("person"))
		}
	}
	return house
}

// to is the way to the nearest of several nodes that stand for one candidate.
func (w *ways) to(nodes ...network.ID) (rolemap.Way, analysis.Path) {
	var best rolemap.Way
	var path analysis.Path
	for _, id := range nodes {
		i, in := w.at[id]
		if !in {
			continue
		}
		p, ok := w.reached.Path(i)
		if ok && (!best.Known || float64(p.Cost) < best.Cost) {
			best, path = rolemap.Way{Known: true, Cost: float64(p.Cost), Hops: len(p.Ties)}, p
		}
	}
	return best, path
}

// introduction lays a path out; null without one.
func (w *ways) introduction(p analysis.Path) any {
	if len(p.Ties) == 0 {
		return nil
	}
	hops := make([]any, len(p.Ties))
	for i, t := range p.Ties {
		tie := w.net.Tie(t)
		var record, seat network.ID
		if w.seats[tie.ID] {
			seat = tie.ID
		} else {
			record = tie.ID
		}
		warmth := analysis.WarmthOf(tie, w.on)
		hops[i] = object("IntroductionHop", map[string]any{
			"cost": int(warmth.Cost()), "warmth": warmthParts(tie, warmth, seat != ""),
			"from": held(w.ids[p.Nodes[i]], network.StakeholderInterface), "to": held(w.ids[p.Nodes[i+1]], network.StakeholderInterface),
			"tie": held(record, network.TieRecord), "occupancy": held(seat, "Occupancy"),
		})
	}
	return object("Introduction", map[string]any{"cost": number(float64(p.Cost)), "hops": hops})
}

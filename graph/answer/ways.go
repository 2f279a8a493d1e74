package answer

import (
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// around asks for the network within reach of a stakeholder, with what the
// warmth of a tie is judged by.
func around(center network.ID) *store.SubgraphQuery {
	return &store.SubgraphQuery{Centers: []network.ID{center}, Hops: rolemap.FarHops, TieFields: fieldsNamed(network.TieRecord, warmthNames)}
}

var warmthNames = []string{"lastContact", "status", "confidence", "doNotAsk"}

// houseSel is what is read of a stakeholder to know their own house: of a person
// the organisations of their posts, of an organisation the people in it; each
// with their ties, since one may ask along those too.
func houseSel() *ask.Sel {
	tie := ask.Of(network.TieRecord, "kind", "strength", "lastContact", "status", "confidence", "doNotAsk").Other(ask.Of(network.StakeholderInterface))
	house := ask.Of(network.StakeholderInterface).Many("ties", tie)
	return ask.Of(network.StakeholderInterface).
		Many("occupancies", seatedIn(house)).
		Many("posts", ask.Of("Post").Many("occupancies", ask.Of("Occupancy").One("person", house)))
}

// seatedIn leads from holding a post to the organisation that has it.
func seatedIn(organization *ask.Sel) *ask.Sel {
	return ask.Of("Occupancy").One("post", ask.Of("Post").One("organization", organization))
}

// ways is whom one stakeholder can be introduced to, and how.
type ways struct {
	on      network.Date
	net     *analysis.Net
	ids     []network.ID
	at      map[network.ID]int32
	ties    []analysis.Tie
	known   map[network.ID]bool // the ties that are there already
	seats   map[network.ID]bool // the ties that are posts: IDs of occupancies
	house   map[network.ID]bool // the asker, their organisations or people
	reached *analysis.Reached
}

// waysQuery is what the ways from an asker are found by, beside the network.
type waysQuery struct{ asker, seats *ask.Answer }

// waysFrom adds to a query what the ways from an asker are found by.
func waysFrom(a *ask.Query, asker network.ID) waysQuery {
	a.Network(around(asker))
	return waysQuery{a.ByID(houseSel(), asker), a.Scan(seatSel())}
}

// findWays works out the cheapest introductions from the asker, who must be
// there, through the network around them.
func (q *Question) findWays(read waysQuery, g *store.Subgraph) (*ways, error) {
	asker := read.asker.First()
	w := newWays(g, q.AsOf)
	w.house = w.add(asker)
	w.addSeats(read.seats.Rows())
	var err error
	if w.net, err = analysis.NewNet(w.ids, w.ties, q.AsOf); err != nil {
		return nil, err
	}
	w.reached, err = analysis.Nearest(q.Ctx, w.net, []int32{w.node(asker.ID())}, rolemap.FarHops)
	return w, err
}

// newWays has the ties of a network read with warmthNames.
func newWays(g *store.Subgraph, on network.Date) *ways {
	w := &ways{on: on, at: map[network.ID]int32{}, seats: map[network.ID]bool{}, known: map[network.ID]bool{}}
	for _, n := range g.Nodes {
		w.node(n.ID)
	}
	for _, t := range g.Ties {
		w.known[t.ID] = true
		w.ties = append(w.ties, tieOf(t.ID, t.Kind, t.Strength, t.Subject, t.Object, t.Values))
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

func tieOf(id network.ID, kind string, strength int8, a, b int32, values []any) analysis.Tie {
	text := func(i int) string { s, _ := values[i].(string); return s }
	doNotAsk, _ := values[3].(bool)
	return analysis.Tie{ID: id, Kind: kind, A: a, B: b, Strength: strength, LastContact: ask.DateOf(values[0]), Status: text(1), Confidence: text(2), DoNotAsk: doNotAsk}
}

// addSeats brings in the posts of others, read with seatSel.
func (w *ways) addSeats(rows []ask.Row) {
	for _, o := range rows {
		if x, whole := seatOf(o); whole {
			w.seat(x)
		}
	}
}

// add brings in the house of a stakeholder (read with houseSel), which it gives,
// and its ties.
func (w *ways) add(who ask.Row) map[network.ID]bool {
	house := map[network.ID]bool{who.ID(): true}
	seat := func(occupancy network.ID, holder, body, other ask.Row) {
		if !other.Found() {
			return
		}
		house[other.ID()] = true
		if x, whole := seatIn(occupancy, holder, body); whole {
			w.seat(x)
		}
		for _, t := range other.Many("ties") {
			party := t.One("other")
			if w.known[t.ID()] || !party.Found() {
				continue
			}
			w.known[t.ID()] = true
			strength, _ := t.Int("strength")
			w.ties = append(w.ties, analysis.Tie{ID: t.ID(), Kind: t.Str("kind"), A: w.node(other.ID()), B: w.node(party.ID()), Strength: int8(strength),
				LastContact: t.Date("lastContact"), Status: t.Str("status"), Confidence: t.Str("confidence"), DoNotAsk: t.Bool("doNotAsk")})
		}
	}
	for _, o := range who.Many("occupancies") {
		seat(o.ID(), who, o.One("post").One("organization"), o.One("post").One("organization"))
	}
	for _, p := range who.Many("posts") {
		for _, o := range p.Many("occupancies") {
			seat(o.ID(), o.One("person"), who, o.One("person"))
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

package answer

import (
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// seat is a post that somebody holds.
type seat struct {
	occupancy, holder, body network.ID
	council                 bool // the body is one
}

// seatOf reads a row of seatSel; false when the viewer does not see both ends.
func seatOf(o ask.Row) (*seat, bool) {
	return seatIn(o.ID(), o.One("person"), o.One("post").One("organization"))
}

func seatIn(occupancy network.ID, holder, body ask.Row) (*seat, bool) {
	if !holder.Found() || !body.Found() {
		return nil, false
	}
	return &seat{occupancy, holder.ID(), body.ID(), body.Kind().Name == "Council"}, true
}

// addSeatsAmong brings in the posts of those who are there in the organisations that
// are.
func (q *Question) addSeatsAmong(w *ways, there []store.SubNode) error {
	var people []network.ID
	for _, n := range there {
		if network.MustKind(n.Kind).Is(network.IndividualInterface) {
			people = append(people, n.ID)
		}
	}
	if len(people) == 0 {
		return nil
	}
	a := q.query()
	holders := a.ByID(ask.Of(network.IndividualInterface).Many("occupancies", seatedIn(ask.Of(network.StakeholderInterface))), people...)
	// Whether the map changed in between shows when the answer is laid out.
	if _, err := q.run(a); err != nil {
		return err
	}
	for _, holder := range holders.Rows() {
		for _, o := range holder.Many("occupancies") {
			x, whole := seatIn(o.ID(), holder, o.One("post").One("organization"))
			if !whole {
				continue
			}
			if _, body := w.at[x.body]; body {
				w.seat(x)
			}
		}
	}
	return nil
}

// seat brings in a post as a warm tie between its holder and its organisation:
// like employment, in a council like membership.
func (w *ways) seat(x *seat) {
	if w.seats[x.occupancy] {
		return
	}
	w.seats[x.occupancy] = true
	kind := "EMPLOYS"
	if x.council {
		kind = "MEMBER_OF"
	}
	w.ties = append(w.ties, analysis.Tie{ID: x.occupancy, Kind: kind, A: w.node(x.holder), B: w.node(x.body), Strength: strengthOfPost,
		LastContact: network.Day(w.on), Status: "CONFIRMED", Confidence: "HIGH"})
}

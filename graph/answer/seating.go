package answer

import (
	"context"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// seating is who holds posts where: what joins people and organisations beside
// the ties. It is not changed once made.
type seating struct {
	at map[network.ID][]*seat // by holder and by body, in order of ID
}

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

func newSeating(rows []ask.Row) *seating {
	s := &seating{at: map[network.ID][]*seat{}}
	for _, o := range rows {
		if x, whole := seatOf(o); whole {
			s.at[x.holder] = append(s.at[x.holder], x)
			s.at[x.body] = append(s.at[x.body], x)
		}
	}
	return s
}

// bytes is about what it takes.
func (s *seating) bytes() int64 { return int64(300 * len(s.at)) }

// seated runs a query and gives with it the seats of everybody at the same
// revision: those that were kept, or those that the query itself is made to read
// along. build makes the query anew for each attempt.
func (q *Question) seated(build func() *ask.Query) (*seating, int64, error) {
	key := keptKey{"seats", "", q.AsOf, q.Who.Viewer.Clearance()}
	for range seatedAttempts {
		a, ran := build(), false
		k, err := memo.Get(q.Ctx, q.Kept, key, func(ctx context.Context) (keptAt[*seating], int64, error) {
			ran = true
			rows := a.Scan(seatSel())
			ctx, ended := q.watch(ctx, key.what)
			revision, err := q.in(ctx).run(a)
			ended(err)
			if err != nil {
				return keptAt[*seating]{}, 0, err
			}
			s := newSeating(rows.Rows())
			return keptAt[*seating]{s, revision}, s.bytes(), nil
		})
		if err != nil || ran {
			return k.value, k.revision, err
		}
		revision, err := q.run(a)
		if err != nil || revision == k.revision {
			return k.value, revision, err
		}
		q.Kept.Forget(func(other, v any) bool {
			old, ok := v.(keptAt[*seating])
			return ok && other == any(key) && old.revision < revision
		})
	}
	return nil, 0, network.Errorf(network.Conflict, "the map kept changing while it was read; try again")
}

// seatedAttempts bounds how often a reading is begun again because of a write
// between what was kept and what was read.
const seatedAttempts = 5

// addSeatsBetween brings in the posts of those who are there in the organisations
// that are.
func (w *ways) addSeatsBetween(s *seating) {
	for _, id := range w.ids {
		for _, x := range s.at[id] {
			_, holder := w.at[x.holder]
			_, body := w.at[x.body]
			if holder && body {
				w.seat(x)
			}
		}
	}
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

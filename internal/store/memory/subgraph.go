package memory

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// network loads the stakeholders and ties that hold, the viewer sees and the
// query wants.
func (x *run) network(q *store.SubgraphQuery) *store.Subgraph {
	w := &walk{run: x, q: q, front: newFront(0), wanted: map[*rec]bool{}}
	out := &store.Subgraph{Revision: x.s.head}
	switch {
	case q.Centers == nil:
		w.everybody()
	case q.Toward != nil:
		w.between()
	default:
		w.front = w.around(q.Centers, q.Hops)
		for range q.Hops {
			w.step(w.front, nil)
		}
	}
	w.cut(out)
	w.fill(out)
	return out
}

// walk collects the nodes of a subgraph.
type walk struct {
	*run
	*front
	q      *store.SubgraphQuery
	wanted map[*rec]bool // ties on which there is a condition, looked at before
	// Of a network toward some: the walks from either side, and the ties that they
	// passed.
	a, b   *front
	passed []passed
}

// passed is a tie with the nodes between which a step was looked at.
type passed struct{ tie, from, to *rec }

// front is how far a walk of so many hops has come: nodes with their distance, those
// from last on found at the latest hop.
type front struct {
	nodes []*rec
	at    map[*rec]int
	last  int
	hops  int
}

func newFront(hops int) *front { return &front{at: map[*rec]int{}, hops: hops} }

// distance of a node, one more than the walk has hops when it is not reached.
func (f *front) distance(r *rec) int {
	if hop, near := f.at[r]; near {
		return hop
	}
	return f.hops + 1
}

func (f *front) add(r *rec, hop int) {
	f.at[r] = hop
	f.nodes = append(f.nodes, r)
}

// ties is how many the next step leads over.
func (f *front) ties() int {
	n := 0
	for _, r := range f.nodes[f.last:] {
		n += len(r.ties())
	}
	return n
}

func (w *walk) wantsNode(r *rec) bool {
	return w.sees(r) && w.holds(r, when{during: w.q.During}) && w.holdsFor(w.q.Nodes, member{r: r})
}

func (w *walk) wantsTie(t *rec) bool {
	if !w.sees(t) || !w.holds(t, when{during: w.q.During}) {
		return false
	}
	if w.q.Ties == nil {
		return true
	}
	wanted, known := w.wanted[t]
	if !known {
		wanted = w.holdsFor(w.q.Ties, member{r: t})
		w.wanted[t] = wanted
	}
	return wanted
}

func (w *walk) everybody() {
	for _, k := range network.Concrete(network.StakeholderInterface) {
		for _, r := range w.s.byKind[k.Index()] {
			if w.wantsNode(r) {
				w.add(r, 0)
			}
		}
	}
}

// between walks from either side, and keeps who is near enough to both. The last
// step with more ties before it comes last: it need not look at who is on one side
// only. Every tie on a way of so many steps is passed by one of the walks.
func (w *walk) between() {
	w.a, w.b = w.around(w.q.Centers, w.q.Hops), w.around(w.q.Toward, w.q.Back)
	first, second := w.a, w.b
	for _, f := range []*front{first, second} {
		for range f.hops - 1 {
			w.step(f, nil)
		}
	}
	if first.ties() > second.ties() {
		first, second = second, first
	}
	if first.hops > 0 {
		w.step(first, nil)
	}
	if second.hops > 0 {
		w.step(second, first.at)
	}
	for _, f := range []*front{first, second} {
		for _, r := range f.nodes {
			a, b := w.a.distance(r), w.b.distance(r)
			if _, in := w.at[r]; !in && a+b <= w.q.Between {
				w.add(r, min(a, b))
			}
		}
	}
}

// onWay tells whether a tie or a post between two nodes is wanted.
func (w *walk) onWay(x, y *rec) bool {
	return w.q.Toward == nil || w.q.OnWay(w.a.distance(x), w.b.distance(x), w.a.distance(y), w.b.distance(y))
}

// around begins a walk.
func (w *walk) around(centers []network.ID, hops int) *front {
	stakeholders := setOf(network.Concrete(network.StakeholderInterface))
	f := newFront(hops)
	for _, id := range centers {
		if r := w.s.byID[id]; r != nil && stakeholders.has(r.kind) {
			w.reach(f, r, 0)
		}
	}
	return f
}

// step takes a walk one hop further, with only to none but these.
func (w *walk) step(f *front, only map[*rec]int) {
	last := f.nodes[f.last:]
	f.last = len(f.nodes)
	for _, from := range last {
		if w.err != nil {
			return
		}
		next := f.at[from] + 1
		for _, t := range from.ties() {
			to := parties(member{t, from}, store.Other)[0]
			if to == nil || !among(only, to) || !w.wantsTie(t) {
				continue
			}
			if w.q.Toward != nil {
				w.passed = append(w.passed, passed{t, from, to})
			}
			if facesTo(t, from, w.q.Direction) {
				w.reach(f, to, next)
			}
		}
		if w.q.Posts {
			w.seats(from, func(_, to *rec) {
				if among(only, to) {
					w.reach(f, to, next)
				}
			})
		}
	}
}

func among(only map[*rec]int, r *rec) bool {
	if only == nil {
		return true
	}
	_, in := only[r]
	return in
}

func (w *walk) reach(f *front, r *rec, hop int) {
	if _, in := f.at[r]; !in && w.wantsNode(r) {
		f.add(r, hop)
	}
}

// seats gives the posts that somebody holds, each with its organisation, and those
// of an organisation, each with its holder.
func (w *walk) seats(of *rec, yield func(occupancy, other *rec)) {
	w.held(of, yield)
	w.over(store.PostIn.Back(), of, when{ever: true}, func(post *rec) {
		w.over(store.OfPost.Back(), post, when{during: w.q.During}, func(occupancy *rec) {
			w.over(store.HeldBy, occupancy, when{}, func(holder *rec) { yield(occupancy, holder) })
		})
	})
}

// held gives the posts that somebody holds, each with its organisation.
func (w *walk) held(by *rec, yield func(occupancy, organization *rec)) {
	w.over(store.HeldBy.Back(), by, when{during: w.q.During}, func(occupancy *rec) {
		w.over(store.OfPost, occupancy, when{}, func(post *rec) {
			w.over(store.PostIn, post, when{}, func(organization *rec) { yield(occupancy, organization) })
		})
	})
}

func (w *walk) over(h store.Hop, from *rec, at when, yield func(*rec)) {
	w.hop(h, ^kindSet(0), at, from, func(r *rec) bool {
		yield(r)
		return true
	})
}

func (w *walk) cut(out *store.Subgraph) {
	slices.SortFunc(w.nodes, func(a, b *rec) int {
		return cmp.Or(cmp.Compare(w.at[a], w.at[b]), cmp.Compare(a.id, b.id))
	})
	if w.q.Limit > 0 && len(w.nodes) > w.q.Limit {
		cut := make([]int, 0, len(w.nodes)-w.q.Limit)
		for _, r := range w.nodes[w.q.Limit:] {
			cut = append(cut, w.at[r])
		}
		out.CutOff(cut)
		w.nodes = w.nodes[:w.q.Limit]
	}
}

func (w *walk) fill(out *store.Subgraph) {
	place := make(map[*rec]int32, len(w.nodes))
	out.Nodes = make([]store.SubNode, len(w.nodes))
	for i, r := range w.nodes {
		place[r] = int32(i)
		out.Nodes[i] = store.SubNode{ID: r.id, Kind: r.kind.Name, Hop: w.at[r], Values: w.values(r, w.q.NodeFields)}
	}
	var ties []*rec
	if w.q.Toward != nil {
		ties = w.tiesPassed(place)
	} else {
		ties = w.tiesAmong(place)
	}
	slices.SortFunc(ties, func(a, b *rec) int { return cmp.Compare(a.id, b.id) })
	ties = slices.Compact(ties)
	out.Ties = make([]store.SubTie, len(ties))
	for i, t := range ties {
		n, _ := t.at(strength).(int64)
		out.Ties[i] = store.SubTie{
			ID: t.id, Kind: t.text(tieKinds), Strength: int8(n),
			Subject: place[t.end(0)], Object: place[t.end(1)], Values: w.values(t, w.q.TieFields),
		}
	}
	if w.q.Posts {
		out.Seats = w.seatsAmong(place)
	}
}

// tiesAmong are the ties between nodes.
func (w *walk) tiesAmong(place map[*rec]int32) []*rec {
	var most *rec // ties, of all nodes
	for _, r := range w.nodes {
		if most == nil || len(r.ties()) > len(most.ties()) {
			most = r
		}
	}
	var out []*rec
	for _, r := range w.nodes {
		if r == most {
			continue // the other ends have them too; nobody has one with themselves
		}
		for _, t := range r.ties() {
			other := t.end(1)
			if other == r {
				if other = t.end(0); other != most {
					continue
				}
			}
			if _, in := place[other]; in && w.wantsTie(t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// tiesPassed are those that the walks passed on ways between nodes; a tie may be
// among them twice.
func (w *walk) tiesPassed(place map[*rec]int32) []*rec {
	var out []*rec
	for _, p := range w.passed {
		_, from := place[p.from]
		_, to := place[p.to]
		if from && to && w.onWay(p.from, p.to) {
			out = append(out, p.tie)
		}
	}
	return out
}

// seatsAmong are the posts that nodes hold in others.
func (w *walk) seatsAmong(place map[*rec]int32) []store.SubSeat {
	var out []store.SubSeat
	for i, r := range w.nodes {
		w.held(r, func(occupancy, organization *rec) {
			if body, in := place[organization]; in && w.onWay(r, organization) {
				out = append(out, store.SubSeat{ID: occupancy.id, Person: int32(i), Organization: body, Values: w.values(occupancy, w.q.SeatFields)})
			}
		})
	}
	slices.SortFunc(out, func(a, b store.SubSeat) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// values are fields of a record as a row has them; nil when none are wanted.
func (x *run) values(r *rec, fields []*network.Field) []any {
	if len(fields) == 0 {
		return nil
	}
	out := make([]any, len(fields))
	for i, f := range fields {
		out[i] = x.shown(r, f)
	}
	return out
}

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
	w := &walk{run: x, q: q, hop: map[*rec]int{}, wanted: map[*rec]bool{}}
	switch {
	case q.Centers == nil:
		w.everybody()
	case q.Between > 0:
		w.between()
	default:
		w.around(q.Centers)
	}
	out := &store.Subgraph{Revision: x.s.head}
	w.cut(out)
	w.fill(out)
	return out
}

// walk collects the nodes of a subgraph.
type walk struct {
	*run
	q      *store.SubgraphQuery
	nodes  []*rec
	hop    map[*rec]int
	wanted map[*rec]bool // ties looked at before
}

func (w *walk) wantsNode(r *rec) bool {
	return w.sees(r) && w.holds(r, when{during: w.q.During}) && w.holdsFor(w.q.Nodes, member{r: r})
}

func (w *walk) wantsTie(t *rec) bool {
	wanted, known := w.wanted[t]
	if !known {
		wanted = w.sees(t) && w.holds(t, when{during: w.q.During}) && w.holdsFor(w.q.Ties, member{r: t})
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

func (w *walk) add(r *rec, hop int) {
	w.hop[r] = hop
	w.nodes = append(w.nodes, r)
}

// between walks from either center, and keeps who is near enough to both.
func (w *walk) between() {
	first, second := w.reached(w.q.Centers[:1]), w.reached(w.q.Centers[1:])
	far := func(from map[*rec]int, r *rec) int {
		if hop, near := from[r]; near {
			return hop
		}
		return w.q.Hops + 1
	}
	for _, near := range []map[*rec]int{first, second} {
		for r := range near {
			a, b := far(first, r), far(second, r)
			if _, in := w.hop[r]; !in && a+b <= w.q.Between {
				w.add(r, min(a, b))
			}
		}
	}
}

// reached are the distances of those around centers; the walk is as before.
func (w *walk) reached(centers []network.ID) map[*rec]int {
	w.around(centers)
	hop := w.hop
	w.nodes, w.hop = nil, map[*rec]int{}
	return hop
}

func (w *walk) around(centers []network.ID) {
	stakeholders := setOf(network.Concrete(network.StakeholderInterface))
	for _, id := range centers {
		r := w.s.byID[id]
		if r == nil || !stakeholders.has(r.kind) || !w.wantsNode(r) {
			continue
		}
		if _, in := w.hop[r]; !in {
			w.add(r, 0)
		}
	}
	for i := 0; i < len(w.nodes) && w.err == nil; i++ {
		from := w.nodes[i]
		next := w.hop[from] + 1
		if next > w.q.Hops {
			return
		}
		for _, t := range from.ties() {
			if !facesTo(t, from, w.q.Direction) || !w.wantsTie(t) {
				continue
			}
			for _, to := range parties(member{t, from}, store.Other) {
				if to != nil {
					w.reach(to, next)
				}
			}
		}
		for _, hops := range w.q.Also {
			w.follow(hops, stakeholders, when{during: w.q.During}, from, func(m member) bool {
				w.reach(m.r, next)
				return true
			})
		}
	}
}

func (w *walk) reach(r *rec, hop int) {
	if _, in := w.hop[r]; !in && w.wantsNode(r) {
		w.add(r, hop)
	}
}

func (w *walk) cut(out *store.Subgraph) {
	slices.SortFunc(w.nodes, func(a, b *rec) int {
		return cmp.Or(cmp.Compare(w.hop[a], w.hop[b]), cmp.Compare(a.id, b.id))
	})
	if w.q.Limit > 0 && len(w.nodes) > w.q.Limit {
		cut := make([]int, 0, len(w.nodes)-w.q.Limit)
		for _, r := range w.nodes[w.q.Limit:] {
			cut = append(cut, w.hop[r])
		}
		out.CutOff(cut)
		w.nodes = w.nodes[:w.q.Limit]
	}
}

func (w *walk) fill(out *store.Subgraph) {
	at := make(map[*rec]int32, len(w.nodes))
	out.Nodes = make([]store.SubNode, len(w.nodes))
	for i, r := range w.nodes {
		at[r] = int32(i)
		out.Nodes[i] = store.SubNode{ID: r.id, Kind: r.kind.Name, Hop: w.hop[r], Values: w.values(r, w.q.NodeFields)}
	}
	var ties []*rec
	for _, r := range w.nodes {
		for _, t := range r.ties() {
			if _, in := at[t.end(1)]; in && t.end(0) == r && w.wantsTie(t) {
				ties = append(ties, t)
			}
		}
	}
	slices.SortFunc(ties, func(a, b *rec) int { return cmp.Compare(a.id, b.id) })
	out.Ties = make([]store.SubTie, len(ties))
	for i, t := range ties {
		n, _ := t.at(strength).(int64)
		out.Ties[i] = store.SubTie{
			ID: t.id, Kind: t.text(tieKinds), Strength: int8(n),
			Subject: at[t.end(0)], Object: at[t.end(1)], Values: w.values(t, w.q.TieFields),
		}
	}
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

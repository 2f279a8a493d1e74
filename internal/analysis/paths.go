package analysis

import (
	"cmp"
	"context"
	"slices"
)

// Path is a way to ask somebody through others: Nodes[0] asks Nodes[1] along
// Ties[0], and so on. It never visits a node twice.
type Path struct {
	Nodes []int32 // from first to last
	Ties  []int32 // indices into the ties given to NewNet, one fewer than Nodes
	Cost  Cost    // the sum over Ties
}

// Reached is the answer of [Nearest].
type Reached struct {
	net    *Net
	labels []label
	best   []int32 // by inner node: its label, -1 when not reached
}

// label is a path that ends in node: the path of the label parent, one hop
// more. Parent is -1 at a source.
type label struct {
	node, parent, via int32
	key               pathKey
}

// Nearest finds for every node the cheapest way to be asked, of at most
// maxHops ties, from any of the nodes in from. Of equally cheap paths the one
// with fewer hops wins, then the one whose node IDs, read from the asker on,
// come first. The nodes in from are reached at cost 0 by a path without ties.
//
// maxHops is 1 to [MaxHops]. Time grows with maxHops × ties, and is far below
// that in practice. Errors: OUT_OF_RANGE, or the context's.
func Nearest(ctx context.Context, net *Net, from []int32, maxHops int) (*Reached, error) {
	maxHops, err := net.checkHops(maxHops)
	if err != nil {
		return nil, err
	}
	sources, err := net.inside("from", from)
	if err != nil {
		return nil, err
	}
	s := newSearch(ctx, net)
	for _, v := range sources {
		if s.best[v] < 0 {
			s.start(v, 0)
		}
	}
	if err := s.run(maxHops); err != nil {
		return nil, err
	}
	return &Reached{net: net, labels: s.labels, best: s.best}, nil
}

// Cost is what the cheapest path to a node costs; false when none was found.
func (r *Reached) Cost(node int32) (Cost, bool) {
	l := r.best[r.net.inner[node]]
	if l < 0 {
		return 0, false
	}
	return costOf(r.labels[l].key), true
}

// Path is the cheapest path to a node; false when none was found.
func (r *Reached) Path(node int32) (Path, bool) {
	l := r.best[r.net.inner[node]]
	if l < 0 {
		return Path{}, false
	}
	return r.net.path(r.labels, l), true
}

// Nodes lists the nodes reached, the cheapest first, then by hops, then by ID;
// the nodes one started from are among them.
func (r *Reached) Nodes() []int32 {
	var out []int32
	for v, l := range r.best {
		if l >= 0 {
			out = append(out, int32(v))
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.labels[r.best[a]].key, r.labels[r.best[b]].key), cmp.Compare(a, b))
	})
	for i, v := range out {
		out[i] = r.net.outer[v]
	}
	return out
}

// path follows the parents of a label back to its source.
func (n *Net) path(labels []label, l int32) Path {
	p := Path{Cost: costOf(labels[l].key)}
	for ; l >= 0; l = labels[l].parent {
		p.Nodes = append(p.Nodes, n.outer[labels[l].node])
		if labels[l].parent >= 0 {
			p.Ties = append(p.Ties, labels[l].via)
		}
	}
	slices.Reverse(p.Nodes)
	slices.Reverse(p.Ties)
	return p
}

// search grows paths hop by hop. A node may get a label in each layer, since a
// dearer path with fewer hops may still be the one that gets through within the
// limit; but only a label cheaper than all before it. Costs are positive, so
// the paths that win visit no node twice.
type search struct {
	net    *Net
	stop   stopper
	labels []label
	best   []int32 // the node's last, so cheapest, label of earlier layers
	now    []int32 // its label in the layer being made
	skip   []bool  // nodes that must not be entered; nil for none
	// prune leaves out labels that cannot become part of a path wanted; nil
	// keeps all.
	prune func(v int32, key pathKey, hops int) bool
}

func newSearch(ctx context.Context, net *Net) *search {
	s := &search{net: net, stop: stopper{ctx: ctx}, best: make([]int32, net.Len()), now: make([]int32, net.Len())}
	for v := range s.best {
		s.best[v], s.now[v] = -1, -1
	}
	return s
}

// reset forgets all paths. It takes time by what was found, not by the network.
func (s *search) reset() {
	for _, l := range s.labels {
		s.best[l.node] = -1
	}
	s.labels = s.labels[:0]
}

func (s *search) start(v int32, key pathKey) {
	s.best[v] = int32(len(s.labels))
	s.labels = append(s.labels, label{node: v, parent: -1, via: -1, key: key})
}

// run grows the labels started with by up to maxHops layers.
func (s *search) run(maxHops int) error {
	begin := 0
	for hop := 1; hop <= maxHops && begin < len(s.labels); hop++ {
		end := len(s.labels)
		for l := begin; l < end; l++ {
			row := s.net.row(s.labels[l].node)
			if err := s.stop.spend(1 + len(row)); err != nil {
				return err
			}
			for _, a := range row {
				s.extend(int32(l), a, hop)
			}
		}
		for l := end; l < len(s.labels); l++ {
			v := s.labels[l].node
			s.best[v], s.now[v] = int32(l), -1
		}
		begin = end
	}
	return nil
}

func (s *search) extend(from int32, a arc, hop int) {
	if s.skip != nil && s.skip[a.to] {
		return
	}
	key := s.labels[from].key + a.key
	if b := s.best[a.to]; b >= 0 && s.labels[b].key <= key {
		return
	}
	if s.prune != nil && s.prune(a.to, key, hop) {
		return
	}
	l := s.now[a.to]
	switch {
	case l < 0:
		s.now[a.to] = int32(len(s.labels))
		s.labels = append(s.labels, label{a.to, from, a.via, key})
	case key < s.labels[l].key || key == s.labels[l].key && s.before(from, s.labels[l].parent):
		s.labels[l] = label{a.to, from, a.via, key}
	}
}

// before tells whether path a comes before path b by node IDs. Both have the
// same number of hops.
func (s *search) before(a, b int32) bool {
	less := false
	for a != b && a >= 0 {
		x, y := s.labels[a], s.labels[b]
		if x.node != y.node {
			less = x.node < y.node
		}
		a, b = x.parent, y.parent
	}
	return less
}

package analysis

import "slices"

// spur is one step of [Best]: the best way from the last node of a fixed
// beginning to the target.
type spur struct {
	*yen
	node   int32   // where the beginning ends
	hops   int     // of the beginning
	key    pathKey // of the beginning
	banned []int32 // nodes that must not come next
}

// state is a node reached with a number of hops; key is that of the whole path.
type state struct {
	node int32
	hops int32
	key  pathKey
}

// find gives the nodes and ties after the beginning and the key of the whole;
// unreached when there is no way. The first pass finds the key of the best
// path, the second, among the paths of that key, the first by node IDs.
func (s *spur) find() (nodes, ties []int32, key pathKey, err error) {
	limit, err := s.cheapest()
	if err != nil || limit == unreached {
		return nil, nil, unreached, err
	}
	w := s.search
	w.reset()
	w.prune = func(v int32, key pathKey, hops int) bool {
		return !s.within(v, key, s.hops+hops, limit) || hops == 1 && slices.Contains(s.banned, v)
	}
	w.start(s.node, s.key)
	if err := w.run(s.maxHops - s.hops); err != nil {
		return nil, nil, unreached, err
	}
	for l := w.best[s.to]; w.labels[l].parent >= 0; l = w.labels[l].parent {
		nodes = append(nodes, w.labels[l].node)
		ties = append(ties, w.labels[l].via)
	}
	slices.Reverse(nodes)
	slices.Reverse(ties)
	return nodes, ties, limit, nil
}

// within tells whether a path of that key and so many hops that ends in v may
// still reach the target for limit or less.
func (s *spur) within(v int32, key pathKey, hops int, limit pathKey) bool {
	if hops > s.maxHops {
		return false
	}
	rest := s.left[s.maxHops-hops][v]
	return rest != unreached && key+rest <= limit
}

// cheapest is the key of the best path: A* over (node, hops), led by what is
// left from the node within the remaining hops, which is never too much.
func (s *spur) cheapest() (pathKey, error) {
	stop := stopper{ctx: s.ctx}
	var open minHeap[pathKey, state]
	known := map[state]pathKey{} // by node and hops, key 0
	begin := state{s.node, int32(s.hops), s.key}
	open.push(0, begin)
	for len(open) > 0 {
		_, at := open.pop()
		if at.node == s.to {
			return at.key, nil
		}
		if at != begin && known[state{at.node, at.hops, 0}] < at.key {
			continue
		}
		row := s.net.row(at.node)
		if err := stop.spend(1 + len(row)); err != nil {
			return unreached, err
		}
		for _, a := range row {
			next := state{a.to, at.hops + 1, at.key + a.key}
			if s.skip[a.to] || !s.within(a.to, next.key, int(next.hops), unreached-1) {
				continue
			}
			if at == begin && slices.Contains(s.banned, a.to) {
				continue
			}
			name := state{a.to, next.hops, 0}
			if old, ok := known[name]; ok && old <= next.key {
				continue
			}
			known[name] = next.key
			open.push(next.key+s.left[s.maxHops-int(next.hops)][a.to], next)
		}
	}
	return unreached, nil
}

package analysis

import (
	"cmp"
	"slices"
)

// CutPoint is a node without which its component falls apart.
type CutPoint struct {
	Node int32
	// Parts is how many pieces are left, at least 2; CutOff how many nodes are
	// not in the largest of them.
	Parts  int
	CutOff int
	// Lost is how many pairs of the others are connected now and not then.
	Lost int64
}

// Bridge is a single tie whose end separates its component.
type Bridge struct {
	A, B int32 // A < B
	// CutOff is how many nodes are on the smaller side.
	CutOff int
}

// CutPoints finds the articulation points and the bridges, each in order of
// nodes. It takes the undirected view. Two nodes joined by several ties are no
// bridge, since the end of one does not separate them.
//
// Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J.
// Comput. 1, 1972, without recursion. Linear in the network.
func CutPoints(g *Graph) ([]CutPoint, []Bridge) {
	t := &tarjan{
		rows: g.both, when: make([]int32, g.nodes), low: make([]int32, g.nodes),
		size: make([]int32, g.nodes), next: make([]int32, g.nodes), cuts: make([]cut, g.nodes),
	}
	for root := range int32(g.nodes) {
		if t.when[root] == 0 {
			t.component(root)
		}
	}
	slices.SortFunc(t.points, func(a, b CutPoint) int { return cmp.Compare(a.Node, b.Node) })
	slices.SortFunc(t.bridges, func(a, b Bridge) int {
		return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return t.points, t.bridges
}

// tarjan is a depth-first search. A subtree hangs on its parent p alone when
// none of it reaches above p.
type tarjan struct {
	rows    *rows
	when    []int32 // order of discovery, from 1
	low     []int32 // the earliest node reached from the subtree by one more arc
	size    []int32 // of the subtree
	next    []int32 // the arc to look at next
	cuts    []cut
	clock   int32
	points  []CutPoint
	bridges []Bridge
}

// cut adds up the subtrees that hang on a node alone.
type cut struct {
	parts, nodes, largest int32
	squares               int64 // sum of the squares of their sizes
}

func (c *cut) add(size int32) {
	c.parts++
	c.nodes += size
	c.largest = max(c.largest, size)
	c.squares += int64(size) * int64(size)
}

// component searches from root and then judges what it found, since only then
// the size of the whole is known.
func (t *tarjan) component(root int32) {
	type step struct{ node, parent, arc int32 }
	var found []step // in order of discovery
	t.enter(root)
	found = append(found, step{root, -1, -1})
	path := []step{{root, -1, -1}}
	for len(path) > 0 {
		at := path[len(path)-1]
		v := at.node
		if t.next[v] < t.rows.start[v+1] {
			arc := t.next[v]
			t.next[v]++
			switch u := t.rows.to[arc]; {
			case u == at.parent:
			case t.when[u] > 0:
				t.low[v] = min(t.low[v], t.when[u])
			default:
				t.enter(u)
				found = append(found, step{u, v, arc})
				path = append(path, step{u, v, arc})
			}
			continue
		}
		path = path[:len(path)-1]
		if p := at.parent; p >= 0 {
			t.size[p] += t.size[v]
			t.low[p] = min(t.low[p], t.low[v])
			if t.low[v] >= t.when[p] {
				t.cuts[p].add(t.size[v])
			}
		}
	}
	whole := t.size[root]
	for _, s := range found {
		t.judge(s.node, whole)
		if s.parent >= 0 && t.low[s.node] > t.when[s.parent] && t.rows.tiesOf(s.arc) == 1 {
			side := t.size[s.node]
			t.bridges = append(t.bridges, Bridge{min(s.node, s.parent), max(s.node, s.parent), int(min(side, whole-side))})
		}
	}
}

func (t *tarjan) enter(v int32) {
	t.clock++
	t.when[v], t.low[v], t.size[v], t.next[v] = t.clock, t.clock, 1, t.rows.start[v]
}

// judge makes a cut point of v when it holds together two pieces or more. What
// does not hang on v alone is one piece; there is none for the root.
func (t *tarjan) judge(v, whole int32) {
	c := t.cuts[v]
	if rest := whole - 1 - c.nodes; rest > 0 {
		c.add(rest)
	}
	if c.parts < 2 {
		return
	}
	others := int64(whole - 1)
	t.points = append(t.points, CutPoint{
		Node: v, Parts: int(c.parts), CutOff: int(others - int64(c.largest)), Lost: (others*others - c.squares) / 2,
	})
}

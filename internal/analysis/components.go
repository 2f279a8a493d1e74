package analysis

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Partition puts every node into one group: a component, a community, or a
// sector or area as the caller has it.
type Partition struct {
	Of     []int32 // the group of each node, 0 to Groups-1
	Groups int
}

// Sizes counts the nodes of each group.
func (p Partition) Sizes() []int {
	sizes := make([]int, p.Groups)
	for _, c := range p.Of {
		sizes[c]++
	}
	return sizes
}

// check is an error unless there is one group for each node: INVALID_VALUE for
// another length, OUT_OF_RANGE for a group there is not.
func (p Partition) check(nodes int) error {
	if len(p.Of) != nodes {
		return network.Errorf(network.InvalidValue, "%d groups are given for %d nodes", len(p.Of), nodes)
	}
	for v, c := range p.Of {
		if c < 0 || int(c) >= p.Groups {
			return network.Errorf(network.OutOfRange, "node %d is in group %d of %d", v, c, p.Groups)
		}
	}
	return nil
}

// bySize renumbers the groups: the largest first, equally large ones by their
// first node. Empty groups are dropped.
func bySize(of []int32, groups int) Partition {
	sizes, first := make([]int, groups), make([]int, groups)
	for v := len(of) - 1; v >= 0; v-- {
		sizes[of[v]]++
		first[of[v]] = v
	}
	order := make([]int32, 0, groups)
	for c := range groups {
		if sizes[c] > 0 {
			order = append(order, int32(c))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(first[a], first[b]))
	})
	name := make([]int32, groups)
	for i, c := range order {
		name[c] = int32(i)
	}
	out := Partition{Of: make([]int32, len(of)), Groups: len(order)}
	for v, c := range of {
		out.Of[v] = name[c]
	}
	return out
}

// Components are the sets of nodes that hang together whatever the direction
// of edges (weak components), the largest first, equally large ones by their
// first node. Linear in the network.
func Components(g *Graph) Partition { return componentsWithout(g, nil) }

// componentsWithout leaves out the nodes marked as gone; each is a group of its
// own then.
func componentsWithout(g *Graph, gone []bool) Partition {
	of := make([]int32, g.nodes)
	for v := range of {
		of[v] = -1
	}
	groups := 0
	var stack []int32
	for root := range int32(g.nodes) {
		if of[root] >= 0 {
			continue
		}
		of[root] = int32(groups)
		if gone == nil || !gone[root] {
			stack = append(stack[:0], root)
		}
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, u := range g.both.row(v) {
				if of[u] < 0 && (gone == nil || !gone[u]) {
					of[u] = int32(groups)
					stack = append(stack, u)
				}
			}
		}
		groups++
	}
	return bySize(of, groups)
}

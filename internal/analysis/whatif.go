package analysis

import (
	"cmp"
	"slices"
)

// Loss is what a network loses when some nodes leave. It takes the undirected
// view. Pairs are unordered pairs of nodes that stay.
type Loss struct {
	// Components and Largest count the components and the nodes of the largest
	// one, with all nodes and with those that stay.
	ComponentsBefore, ComponentsAfter int
	LargestBefore, LargestAfter       int
	// CutOff lists, in order, the nodes that stay but not in the largest piece
	// of the component they were in; of equally large pieces the one with the
	// first node counts.
	CutOff []int32
	// Pairs is how many pairs were connected, Lost how many no longer are.
	Pairs, Lost int64
	// Sectors are the pairs of sectors that lose connected pairs, in order.
	Sectors []SectorLoss
	// Contacts are the nodes that had a neighbour in a sector and have none
	// left there, in order of node and sector.
	Contacts []LostContact
}

// SectorLoss tells how many pairs of a node in sector A and one in sector B
// were connected and still are. A <= B.
type SectorLoss struct {
	A, B          int32
	Before, After int64
}

// Severed tells that no path is left between the two sectors.
func (s SectorLoss) Severed() bool { return s.After == 0 }

// LostContact is a node and a sector it loses its last neighbour in.
type LostContact struct{ Node, Sector int32 }

// WithoutNodes finds what is lost when the nodes in remove leave. Linear in the
// network, but for pairs of sectors. Errors: OUT_OF_RANGE, or those of the
// partition.
func WithoutNodes(g *Graph, remove []int32, sectors Partition) (*Loss, error) {
	if err := g.checkNodes(remove); err != nil {
		return nil, err
	}
	if err := sectors.check(g.nodes); err != nil {
		return nil, err
	}
	gone := make([]bool, g.nodes)
	for _, v := range remove {
		gone[v] = true
	}
	before, after := Components(g), componentsWithout(g, gone)
	out := &Loss{ComponentsBefore: before.Groups, ComponentsAfter: after.Groups}
	for _, leaves := range gone {
		if leaves {
			out.ComponentsAfter-- // where it is a group of its own
		}
	}
	out.LargestBefore, out.LargestAfter = largest(before, nil), largest(after, gone)
	out.CutOff = cutOff(before, after, gone)
	out.pairs(before, after, gone, sectors)
	out.contacts(g, gone, sectors)
	return out, nil
}

// largest counts the nodes of the largest group, those that are gone left out.
func largest(p Partition, gone []bool) int {
	sizes := make([]int, p.Groups)
	for v, c := range p.Of {
		if gone == nil || !gone[v] {
			sizes[c]++
		}
	}
	return slices.Max(append(sizes, 0))
}

func cutOff(before, after Partition, gone []bool) []int32 {
	sizes, main := after.Sizes(), make([]int32, before.Groups)
	for c := range main {
		main[c] = -1
	}
	for v, c := range before.Of {
		if piece := after.Of[v]; !gone[v] && (main[c] < 0 || sizes[piece] > sizes[main[c]]) {
			main[c] = piece
		}
	}
	var out []int32
	for v, c := range before.Of {
		if !gone[v] && after.Of[v] != main[c] {
			out = append(out, int32(v))
		}
	}
	return out
}

func (l *Loss) pairs(before, after Partition, gone []bool, sectors Partition) {
	was, is := connected(before, gone, sectors), connected(after, gone, sectors)
	for pair, n := range was {
		l.Pairs += n
		l.Lost += n - is[pair]
		if is[pair] < n {
			l.Sectors = append(l.Sectors, SectorLoss{pair[0], pair[1], n, is[pair]})
		}
	}
	slices.SortFunc(l.Sectors, func(a, b SectorLoss) int {
		return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
}

// connected counts the pairs of nodes in one group by their sectors.
func connected(p Partition, gone []bool, sectors Partition) map[[2]int32]int64 {
	type cell struct{ group, sector int32 }
	count := map[cell]int64{}
	for v, c := range p.Of {
		if !gone[v] {
			count[cell{c, sectors.Of[v]}]++
		}
	}
	cells := make([]cell, 0, len(count))
	for c := range count {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.sector, b.sector))
	})
	out := map[[2]int32]int64{}
	for i, a := range cells {
		n := count[a]
		if n > 1 {
			out[[2]int32{a.sector, a.sector}] += n * (n - 1) / 2
		}
		for _, b := range cells[i+1:] {
			if b.group != a.group {
				break
			}
			out[[2]int32{a.sector, b.sector}] += n * count[b]
		}
	}
	return out
}

func (l *Loss) contacts(g *Graph, gone []bool, sectors Partition) {
	left := make([]int32, sectors.Groups)
	for v := range int32(g.nodes) {
		if gone[v] {
			continue
		}
		var lost []int32 // sectors of neighbours that leave
		for _, u := range g.both.row(v) {
			if s := sectors.Of[u]; gone[u] {
				lost = append(lost, s)
			} else {
				left[s]++
			}
		}
		slices.Sort(lost)
		for _, s := range slices.Compact(lost) {
			if left[s] == 0 {
				l.Contacts = append(l.Contacts, LostContact{v, s})
			}
		}
		for _, u := range g.both.row(v) {
			left[sectors.Of[u]] = 0
		}
	}
}

package analysis

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Net is the ties one may ask along on a day, made ready for [Nearest] and
// [Best]: undirected, at most one tie between two nodes. It is never changed
// and may be used by several goroutines. It takes about 24 bytes a tie and 40 a
// node, besides what was given.
type Net struct {
	ties []Tie
	// Inside, nodes are numbered in order of their IDs, so that a tie-break by
	// ID is one by number. outer maps such a number to the caller's, inner back.
	outer, inner []int32
	rows         []int32 // of node v: arcs[rows[v]:rows[v+1]], ordered by to
	arcs         []arc
}

// arc is one way along a tie.
type arc struct {
	to  int32
	via int32 // index into ties
	key pathKey
}

// pathKey orders paths by cost, then by number of hops: cost<<hopBits | hops.
// Keys of parts add up.
type pathKey = int32

const (
	hopBits = 6
	// MaxHops is the longest path that can be asked for.
	MaxHops = 1<<hopBits - 1

	unreached pathKey = 1<<31 - 1
)

func keyOf(c Cost) pathKey  { return pathKey(c)<<hopBits | 1 }
func costOf(k pathKey) Cost { return Cost(k >> hopBits) }

// NewNet weighs the ties as of a day. ties holds those that hold on the day;
// their ends are indices into nodes. Left out are ties that must not be asked
// along and ties of a node to itself; of several ties between two nodes the
// warmest stays, of equally warm ones that with the smallest ID. The Net keeps
// ties, which must not be changed afterwards.
//
// Errors: OUT_OF_RANGE for an end that is no node, DUPLICATE for an ID that
// stands twice in nodes.
func NewNet(nodes []network.ID, ties []Tie, on network.Date) (*Net, error) {
	n := &Net{ties: ties, outer: make([]int32, len(nodes)), inner: make([]int32, len(nodes))}
	for i := range n.outer {
		n.outer[i] = int32(i)
	}
	slices.SortFunc(n.outer, func(a, b int32) int { return cmp.Compare(nodes[a], nodes[b]) })
	for i, v := range n.outer {
		n.inner[v] = int32(i)
		if i > 0 && nodes[v] == nodes[n.outer[i-1]] {
			return nil, network.Errorf(network.Duplicate, "the node %s is given twice", nodes[v])
		}
	}
	ends := make([][2]int32, len(ties))
	for i, t := range ties {
		if !n.has(t.A) || !n.has(t.B) {
			return nil, network.Errorf(network.OutOfRange, "the tie %s joins nodes %d and %d of %d", t.ID, t.A, t.B, len(nodes))
		}
		if !t.DoNotAsk && t.A != t.B {
			ends[i] = [2]int32{n.inner[t.A], n.inner[t.B]}
		}
	}
	n.fill(ends, on)
	return n, nil
}

// Len is the number of nodes.
func (n *Net) Len() int { return len(n.outer) }

// Tie is a tie by its index in what was given to [NewNet].
func (n *Net) Tie(index int32) Tie { return n.ties[index] }

func (n *Net) row(v int32) []arc { return n.arcs[n.rows[v]:n.rows[v+1]] }

func (n *Net) has(v int32) bool { return v >= 0 && int(v) < len(n.outer) }

// fill makes the rows: ties whose two ends are equal are left out.
func (n *Net) fill(ends [][2]int32, on network.Date) {
	n.rows = make([]int32, len(n.outer)+1)
	for _, e := range ends {
		if e[0] != e[1] {
			n.rows[e[0]+1]++
			n.rows[e[1]+1]++
		}
	}
	for v := range n.outer {
		n.rows[v+1] += n.rows[v]
	}
	n.arcs = make([]arc, n.rows[len(n.outer)])
	next := slices.Clone(n.rows[:len(n.outer)])
	for i, e := range ends {
		if e[0] == e[1] {
			continue
		}
		key := keyOf(WarmthOf(n.ties[i], on).Cost())
		n.arcs[next[e[0]]] = arc{e[1], int32(i), key}
		n.arcs[next[e[1]]] = arc{e[0], int32(i), key}
		next[e[0]]++
		next[e[1]]++
	}
	n.keepWarmest()
}

// keepWarmest sorts each row and drops all but the first arc to each node.
func (n *Net) keepWarmest() {
	kept := int32(0)
	for v := range n.outer {
		row := n.row(int32(v))
		slices.SortFunc(row, func(a, b arc) int {
			return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.key, b.key), cmp.Compare(n.ties[a.via].ID, n.ties[b.via].ID))
		})
		n.rows[v] = kept // row still names the old place
		for i, a := range row {
			if i == 0 || a.to != row[i-1].to {
				n.arcs[kept] = a
				kept++
			}
		}
	}
	n.rows[len(n.outer)] = kept
	n.arcs = n.arcs[:kept]
}

// inside turns the caller's node numbers into the inner ones.
func (n *Net) inside(what string, nodes []int32) ([]int32, error) {
	out := make([]int32, len(nodes))
	for i, v := range nodes {
		if !n.has(v) {
			return nil, network.Errorf(network.OutOfRange, "%s: there is no node %d of %d", what, v, len(n.outer))
		}
		out[i] = n.inner[v]
	}
	return out, nil
}

func (n *Net) checkHops(maxHops int) (int, error) {
	if maxHops < 1 || maxHops > MaxHops {
		return 0, network.Errorf(network.OutOfRange, "a path may have 1 to %d hops, not %d", MaxHops, maxHops)
	}
	return max(1, min(maxHops, len(n.outer)-1)), nil
}

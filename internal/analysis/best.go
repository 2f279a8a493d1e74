package analysis

import (
	"cmp"
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// MaxPaths is the greatest number of paths [Best] gives.
const MaxPaths = 1000

// Best finds the k best ways for from to ask to, of at most maxHops ties,
// through none of the nodes in avoid: simple paths, cheapest first, equally
// cheap ones with fewer hops first, then by node IDs read from the asker on.
// No two have the same set of intermediaries: of the orders in which the same
// people can be asked, only the best is given. Fewer than k when there are no
// more; nil when there is none.
//
// k is 1 to [MaxPaths], maxHops 1 to [MaxHops]. Errors: OUT_OF_RANGE,
// INVALID_VALUE when from is to or either is to be avoided, or the context's.
//
// The paths come from Lawler's variant of Yen's algorithm (J. Y. Yen,
// Management Science 17, 1971; E. L. Lawler, Management Science 18, 1972):
// polynomial in the network and in the number of paths looked at. Each step is
// an A* search led by the exact distance to the target.
func Best(ctx context.Context, net *Net, from, to int32, k, maxHops int, avoid []int32) ([]Path, error) {
	maxHops, err := net.checkHops(maxHops)
	if err != nil {
		return nil, err
	}
	if k < 1 || k > MaxPaths {
		return nil, network.Errorf(network.OutOfRange, "1 to %d paths can be asked for, not %d", MaxPaths, k)
	}
	if from == to {
		return nil, network.Errorf(network.InvalidValue, "the asker and the one to be asked are the same")
	}
	ends, err := net.inside("from, to", []int32{from, to})
	if err != nil {
		return nil, err
	}
	avoided, err := net.inside("avoid", avoid)
	if err != nil {
		return nil, err
	}
	y := &yen{net: net, ctx: ctx, from: ends[0], to: ends[1], maxHops: maxHops, skip: make([]bool, net.Len())}
	y.search = newSearch(ctx, net)
	y.search.skip = y.skip
	for _, v := range avoided {
		if v == y.from || v == y.to {
			return nil, network.Errorf(network.InvalidValue, "the asker and the one to be asked cannot be avoided")
		}
		y.skip[v] = true
	}
	return y.paths(k)
}

// yen looks for simple paths in order. A candidate stands for all paths that
// share its first nodes, up to and including nodes[turn], and leave that node
// for none of the nodes in banned; it is the best of them.
type yen struct {
	net        *Net
	ctx        context.Context
	from, to   int32
	maxHops    int
	skip       []bool
	search     *search     // used by one spur after the other
	left       [][]pathKey // left[h][v]: the best key from v to the target in at most h hops
	candidates []candidate
}

type candidate struct {
	key    pathKey
	nodes  []int32 // inner numbers
	ties   []int32
	turn   int
	banned []int32
}

func (y *yen) paths(k int) ([]Path, error) {
	if err := y.measure(); err != nil {
		return nil, err
	}
	if err := y.propose(candidate{nodes: []int32{y.from}}, 0, nil); err != nil {
		return nil, err
	}
	var out []Path
	seen := map[string]bool{}
	for len(out) < k && len(y.candidates) > 0 {
		c := y.take()
		if set := c.intermediaries(); !seen[set] {
			seen[set] = true
			out = append(out, y.net.outward(c))
		}
		if len(out) < k {
			if err := y.branch(c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// branch splits what c stands for, without c itself, by where a path leaves c.
func (y *yen) branch(c candidate) error {
	for turn := c.turn; turn < len(c.nodes)-1; turn++ {
		banned := []int32{c.nodes[turn+1]}
		if turn == c.turn {
			banned = append(banned, c.banned...)
		}
		if err := y.propose(c, turn, banned); err != nil {
			return err
		}
	}
	return nil
}

// propose finds the best path that begins like c up to turn and goes on to none
// of the banned nodes, and keeps it as a candidate, if there is one.
func (y *yen) propose(c candidate, turn int, banned []int32) error {
	spur := spur{yen: y, hops: turn, node: c.nodes[turn], banned: banned}
	for i := range turn {
		spur.key += y.net.keyBetween(c.nodes[i], c.nodes[i+1])
	}
	for _, v := range c.nodes[:turn+1] {
		y.skip[v] = true
	}
	nodes, ties, key, err := spur.find()
	for _, v := range c.nodes[:turn+1] {
		y.skip[v] = false
	}
	if err != nil || key == unreached {
		return err
	}
	y.candidates = append(y.candidates, candidate{
		key:    key,
		nodes:  slices.Concat(c.nodes[:turn+1], nodes),
		ties:   slices.Concat(c.ties[:turn], ties),
		turn:   turn,
		banned: banned,
	})
	return nil
}

// take removes the best candidate. There are few, so a scan will do.
func (y *yen) take() candidate {
	best := 0
	for i, c := range y.candidates {
		if cmp.Or(cmp.Compare(c.key, y.candidates[best].key), slices.Compare(c.nodes, y.candidates[best].nodes)) < 0 {
			best = i
		}
	}
	c := y.candidates[best]
	y.candidates = slices.Delete(y.candidates, best, best+1)
	return c
}

// intermediaries names the set of nodes between the ends.
func (c candidate) intermediaries() string {
	between := slices.Clone(c.nodes[1 : len(c.nodes)-1])
	slices.Sort(between)
	name := make([]byte, 0, 4*len(between))
	for _, v := range between {
		name = append(name, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	return string(name)
}

func (n *Net) outward(c candidate) Path {
	p := Path{Nodes: make([]int32, len(c.nodes)), Ties: c.ties, Cost: costOf(c.key)}
	for i, v := range c.nodes {
		p.Nodes[i] = n.outer[v]
	}
	return p
}

// keyBetween is the key of the arc between two neighbours.
func (n *Net) keyBetween(a, b int32) pathKey {
	row := n.row(a)
	i, _ := slices.BinarySearchFunc(row, b, func(x arc, to int32) int { return cmp.Compare(x.to, to) })
	return row[i].key
}

// measure fills left: layer by layer backwards from the target, around the
// nodes to avoid.
func (y *yen) measure() error {
	stop := stopper{ctx: y.ctx}
	first := make([]pathKey, y.net.Len())
	for v := range first {
		first[v] = unreached
	}
	first[y.to] = 0
	y.left = append(y.left, first)
	changed := []int32{y.to}
	for h := 1; h <= y.maxHops; h++ {
		before := y.left[h-1]
		if len(changed) == 0 { // more hops make nothing better from here on
			y.left = append(y.left, before)
			continue
		}
		after := slices.Clone(before)
		var next []int32
		for _, v := range changed {
			row := y.net.row(v)
			if err := stop.spend(1 + len(row)); err != nil {
				return err
			}
			for _, a := range row {
				key := before[v] + a.key
				if y.skip[a.to] || key >= after[a.to] {
					continue
				}
				if after[a.to] == before[a.to] {
					next = append(next, a.to)
				}
				after[a.to] = key
			}
		}
		y.left = append(y.left, after)
		changed = next
	}
	return nil
}

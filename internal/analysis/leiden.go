package analysis

import (
	"context"
	"math"
)

// leiden runs the method on a network and on the ever smaller networks of its
// communities.
type leiden struct {
	base   *crowd
	gamma  float64 // resolution / total strength
	least  float64 // a gain below this is rounding
	random *random
	stop   stopper

	// Per node or community of the network at hand:
	toward  []float64 // weight from one node to each community, 0 when not touched
	touched []int32   // room for all of them and one more
	total   []float64 // strength of each community
	cut     []float64 // weight from each community to the rest of the one around it
}

// crowd is a network whose nodes are sets of nodes. Edges inside a set do not
// matter for what is moved where, only the strength does.
type crowd struct {
	rows
	strength []float64
}

func newLeiden(ctx context.Context, r *rows, weight []float64, o CommunityOptions) *leiden {
	n := len(r.start) - 1
	l := &leiden{
		base:   &crowd{rows: rows{start: r.start, to: r.to, weight: weight}, strength: make([]float64, n)},
		random: newRandom(o.Seed), stop: stopper{ctx: ctx},
		toward: make([]float64, n), touched: make([]int32, 0, n+1), total: make([]float64, n), cut: make([]float64, n),
	}
	all := 0.0
	for v := range n {
		for _, w := range weight[r.start[v]:r.start[v+1]] {
			l.base.strength[v] += w
		}
		all += l.base.strength[v]
	}
	if all > 0 {
		l.gamma = o.Resolution / all
	}
	l.least = 1e-12 * all / float64(max(n, 1))
	return l
}

// round improves the communities of and tells whether it changed them.
func (l *leiden) round(of []int32) (bool, error) {
	c, now := l.base, of
	place := make([]int32, len(of)) // where each node is in the network at hand
	for v := range place {
		place[v] = int32(v)
	}
	changed := false
	for {
		moved, err := l.move(c, now)
		if err != nil {
			return false, err
		}
		changed = changed || moved
		groups := compact(now)
		if groups == len(now) {
			break
		}
		part, err := l.refine(c, now, groups)
		if err != nil {
			return false, err
		}
		parts := compact(part)
		if parts == len(now) {
			copy(part, now) // nothing to merge within communities: merge them whole
			parts = groups
		}
		next := make([]int32, parts)
		for v, p := range part {
			next[p] = now[v]
		}
		for v, p := range place {
			place[v] = part[p]
		}
		if c, err = l.shrink(c, part, parts); err != nil {
			return false, err
		}
		now = next
	}
	if changed {
		for v, p := range place {
			of[v] = now[p]
		}
	}
	return changed, nil
}

// compact renumbers the groups 0, 1, … in order of their first node and tells
// how many there are. The numbers given are below len(of).
func compact(of []int32) int {
	name := make([]int32, len(of)) // plus one, 0 for none yet
	groups := int32(0)
	for v, c := range of {
		if name[c] == 0 {
			groups++
			name[c] = groups
		}
		of[v] = name[c] - 1
	}
	return int(groups)
}

// shrink makes the network whose nodes are the parts.
func (l *leiden) shrink(c *crowd, part []int32, parts int) (*crowd, error) {
	out := &crowd{rows: rows{start: make([]int32, parts+1)}, strength: make([]float64, parts)}
	begin := make([]int32, parts+1)
	for v, p := range part {
		begin[p+1]++
		out.strength[p] += c.strength[v]
	}
	for p := range parts {
		begin[p+1] += begin[p]
	}
	members, next := make([]int32, len(part)), append([]int32(nil), begin[:parts]...)
	for v, p := range part {
		members[next[p]] = int32(v)
		next[p]++
	}
	for p := range int32(parts) {
		for _, v := range members[begin[p]:begin[p+1]] {
			if err := l.stop.spend(int(c.degree(v))); err != nil {
				return nil, err
			}
			l.gather(c, v, part)
		}
		for _, q := range l.touched {
			if q != p {
				out.to = append(out.to, q)
				out.weight = append(out.weight, l.toward[q])
			}
		}
		l.forget()
		out.start[p+1] = int32(len(out.to))
	}
	return out, nil
}

// gather adds up the weight from v to each group; forget ends that. A group is
// always written behind the list of those touched, which then grows or does
// not: a branch would be guessed wrong too often.
func (l *leiden) gather(c *crowd, v int32, group []int32) {
	row, weights := c.row(v), c.weights(v)
	toward, touched, count := l.toward, l.touched[:cap(l.touched)], len(l.touched)
	for i, u := range row {
		g := group[u]
		old := toward[g]
		touched[count] = g
		if math.Float64bits(old) == 0 {
			count++
		}
		toward[g] = old + weights[i]
	}
	l.touched = touched[:count]
}

func (l *leiden) forget() {
	for _, g := range l.touched {
		l.toward[g] = 0
	}
	l.touched = l.touched[:0]
}

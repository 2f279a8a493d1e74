package analysis

import "context"

// lengthPaths counts the shortest paths by length, that of an edge being
// 1/weight, from one node after another (Dijkstra).
type lengthPaths struct {
	forward, back *rows
	targets       ends
	stop          stopper
	length        []float64 // negative when not found
	done          []bool
	paths         []float64
	onward        []float64
	order         []int32 // by length
	open          minHeap[float64, int32]
}

// sameLength is how much two lengths may differ, relatively, and count as
// equal: sums of 1/3 and of 1/5 must not miss each other by rounding. It is the
// tolerance of igraph.
const sameLength = 1e-10

func newLengthPaths(ctx context.Context, forward, back *rows, targets []float64) *lengthPaths {
	n := len(forward.start) - 1
	p := &lengthPaths{
		targets: targets, forward: forward, back: back, stop: stopper{ctx: ctx}, length: make([]float64, n),
		done: make([]bool, n), paths: make([]float64, n), onward: make([]float64, n),
	}
	for v := range p.length {
		p.length[v] = -1
	}
	return p
}

// from adds the dependencies of one source to sum.
func (p *lengthPaths) from(source int32, sum []float64) error {
	err := p.count(source)
	if err == nil {
		p.collect(sum)
	}
	for _, v := range p.order {
		p.onward[v], p.done[v], p.length[v] = 0, false, -1
	}
	return err
}

func (p *lengthPaths) count(source int32) error {
	p.order, p.open = p.order[:0], p.open[:0]
	p.length[source], p.paths[source] = 0, 1
	p.open.push(0, source)
	for len(p.open) > 0 {
		_, v := p.open.pop()
		if p.done[v] {
			continue
		}
		p.done[v] = true
		p.order = append(p.order, v)
		row, weights := p.forward.row(v), p.forward.weights(v)
		if err := p.stop.spend(8 * (1 + len(row))); err != nil {
			return err
		}
		for i, u := range row {
			if !p.done[u] {
				p.relax(v, u, p.length[v]+1/weights[i])
			}
		}
	}
	return nil
}

func (p *lengthPaths) relax(v, u int32, length float64) {
	switch old := p.length[u]; {
	case old < 0 || length < old*(1-sameLength):
		p.length[u], p.paths[u] = length, p.paths[v]
		p.open.push(length, u)
	case length <= old*(1+sameLength):
		p.paths[u] += p.paths[v]
	}
}

// collect goes back from the farthest node; see hopPaths.collect.
func (p *lengthPaths) collect(sum []float64) {
	for i := len(p.order) - 1; i > 0; i-- {
		w := p.order[i]
		sum[w] += p.paths[w] * p.onward[w]
		share := p.targets.at(w)/p.paths[w] + p.onward[w]
		row, weights := p.back.row(w), p.back.weights(w)
		for j, v := range row {
			length := p.length[v] + 1/weights[j]
			if p.length[v] >= 0 && length <= p.length[w]*(1+sameLength) && length >= p.length[w]*(1-sameLength) {
				p.onward[v] += share
			}
		}
	}
}

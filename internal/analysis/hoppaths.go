package analysis

import "context"

// hopPaths counts the shortest paths by hops from one node after another.
//
// Two things make it fast. The edges between two levels of the search can be
// walked from either side: it takes the side with fewer, which saves most of
// the work in the last levels. And the inner loops add without asking whether
// the edge leads to the right level: what is read is 0 elsewhere, or what is
// written there is never read, since a wrong guess of the processor costs more
// than ten additions.
type hopPaths struct {
	forward, back *rows
	targets       ends
	stop          stopper
	found         []bool
	paths         []float64 // σ: how many shortest paths lead to the node
	give          []float64 // 0 except of one level, while that is read
	take          []float64 // sums; only those of one level mean something
	order         []int32   // the nodes found, by level
	levels        []level
	rest          []int32 // the nodes not yet found, once somebody asked
	listed        bool    // whether rest is kept
}

// ends has 1 for each node at which a path may end, 0 for the others; nil: all.
type ends []float64

func (e ends) at(v int32) float64 {
	if e == nil {
		return 1
	}
	return e[v]
}

// level is a stretch of order, and how many edges leave and enter it.
type level struct{ begin, end, outs, ins int }

func newHopPaths(ctx context.Context, forward, back *rows, targets []float64) *hopPaths {
	n := len(forward.start) - 1
	return &hopPaths{
		targets: targets, forward: forward, back: back, stop: stopper{ctx: ctx}, found: make([]bool, n),
		paths: make([]float64, n), give: make([]float64, n), take: make([]float64, n),
	}
}

// from adds the dependencies of one source to sum.
func (p *hopPaths) from(source int32, sum []float64) error {
	err := p.count(source)
	if err == nil {
		p.collect(sum)
	}
	for _, v := range p.order {
		p.found[v] = false
	}
	return err
}

// count finds the levels and the number of shortest paths to each node.
func (p *hopPaths) count(source int32) error {
	p.order, p.levels, p.listed = append(p.order[:0], source), p.levels[:0], false
	p.found[source], p.paths[source] = true, 1
	entering := len(p.back.to) // the nodes not yet found
	for begin := 0; begin < len(p.order); {
		now := level{begin: begin, end: len(p.order)}
		for _, v := range p.order[begin:] {
			now.outs += int(p.forward.degree(v))
			now.ins += int(p.back.degree(v))
		}
		if err := p.stop.spend(now.outs + now.end - begin); err != nil {
			return err
		}
		entering -= now.ins
		p.levels = append(p.levels, now)
		// An edge costs about half again as much in a push.
		if 2*(entering+p.unlisted()) < 3*now.outs {
			p.pull(now)
		} else {
			p.push(now)
		}
		begin = now.end
	}
	return nil
}

// unlisted is what going through the nodes not yet found costs besides edges.
func (p *hopPaths) unlisted() int {
	if p.listed {
		return len(p.rest)
	}
	return len(p.found)
}

// push finds the next level from the edges that leave this one.
func (p *hopPaths) push(now level) {
	found, take, order := p.found, p.take, p.order
	for _, v := range order[now.begin:now.end] {
		paths := p.paths[v]
		for _, u := range p.forward.row(v) {
			if !found[u] {
				found[u] = true
				take[u] = 0
				order = append(order, u)
			}
			take[u] += paths
		}
	}
	for _, u := range order[now.end:] {
		p.paths[u] = take[u]
	}
	p.order = order
}

// pull finds the next level from the edges that enter nodes not yet found.
func (p *hopPaths) pull(now level) {
	if !p.listed {
		p.listed = true
		p.rest = p.rest[:0]
		for v, found := range p.found {
			if !found {
				p.rest = append(p.rest, int32(v))
			}
		}
	}
	give, kept := p.give, p.rest[:0]
	for _, v := range p.order[now.begin:now.end] {
		give[v] = p.paths[v]
	}
	for _, u := range p.rest {
		if p.found[u] {
			continue // by a push meanwhile
		}
		paths := 0.0
		for _, v := range p.back.row(u) {
			paths += give[v]
		}
		if paths > 0 {
			p.found[u], p.paths[u] = true, paths
			p.order = append(p.order, u)
		} else {
			kept = append(kept, u)
		}
	}
	p.rest = kept
	for _, v := range p.order[now.begin:now.end] {
		give[v] = 0
	}
}

// collect goes back level by level and adds up the dependencies: δ(v) =
// σ(v) · Σ (1+δ(w))/σ(w) over the next nodes w on shortest paths, 0 in place of 1
// where no path may end. Once a level is done, paths holds (1+δ)/σ for it. The source itself gets nothing.
func (p *hopPaths) collect(sum []float64) {
	last := p.levels[len(p.levels)-1]
	for _, v := range p.order[last.begin:last.end] {
		p.paths[v] = p.targets.at(v) / p.paths[v]
	}
	for depth := len(p.levels) - 2; depth > 0; depth-- {
		now, next := p.levels[depth], p.levels[depth+1]
		if 2*now.outs <= 3*next.ins {
			p.gather(now, next)
		} else {
			p.scatter(now, next)
		}
		for _, v := range p.order[now.begin:now.end] {
			onward := p.take[v]
			sum[v] += p.paths[v] * onward
			p.paths[v] = p.targets.at(v)/p.paths[v] + onward
		}
	}
}

// gather sums up along the edges that leave the level.
func (p *hopPaths) gather(now, next level) {
	give := p.give
	for _, w := range p.order[next.begin:next.end] {
		give[w] = p.paths[w]
	}
	for _, v := range p.order[now.begin:now.end] {
		onward := 0.0
		for _, u := range p.forward.row(v) {
			onward += give[u]
		}
		p.take[v] = onward
	}
	for _, w := range p.order[next.begin:next.end] {
		give[w] = 0
	}
}

// scatter sums up along the edges that enter the next level.
func (p *hopPaths) scatter(now, next level) {
	take := p.take
	for _, v := range p.order[now.begin:now.end] {
		take[v] = 0
	}
	for _, w := range p.order[next.begin:next.end] {
		onward := p.paths[w]
		for _, v := range p.back.row(w) {
			take[v] += onward
		}
	}
}

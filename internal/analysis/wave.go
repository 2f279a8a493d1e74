package analysis

import (
	"context"
	"math/bits"
)

// waveWords is how many words of 64 searches run side by side. Four make a row
// of a node half a cache line and were fastest when measured.
const (
	waveWords = 4
	waveWidth = 64 * waveWords
)

// lanes has a bit for each search of a wave.
type lanes [waveWords]uint64

func (l *lanes) empty() bool { return l[0]|l[1]|l[2]|l[3] == 0 }

// wave is a breadth-first search from up to waveWidth nodes at once.
type wave struct {
	rows  *rows
	stop  stopper
	nodes []waveNode
	// front lists the nodes some search reached in the last round, next those
	// in this one.
	front, next []int32
}

type waveNode struct {
	seen lanes // the searches that have been here
	now  lanes // those that came in the last round
	soon lanes // those that come in this one
}

func newWave(ctx context.Context, r *rows) *wave {
	return &wave{rows: r, stop: stopper{ctx: ctx}, nodes: make([]waveNode, len(r.start)-1)}
}

// run searches from the sources up to maxHops (0 for no limit) and tells after
// each round how many nodes each search found in it.
func (w *wave) run(sources []int32, maxHops int, found func(hops int, found *[waveWidth]int32)) error {
	w.start(sources)
	var count laneCounter
	for hops := 1; maxHops == 0 || hops <= maxHops; hops++ {
		if err := w.round(); err != nil || len(w.front) == 0 {
			return err
		}
		for _, v := range w.front {
			count.add(&w.nodes[v].now)
		}
		found(hops, count.take())
	}
	return nil
}

// start begins a search from each source, at most waveWidth of them.
func (w *wave) start(sources []int32) {
	clear(w.nodes)
	w.front = w.front[:0]
	for i, v := range sources {
		x := &w.nodes[v]
		if x.now.empty() {
			w.front = append(w.front, v)
		}
		x.now[i/64] |= 1 << (i % 64)
		x.seen[i/64] |= 1 << (i % 64)
	}
}

// close keeps every search out of a node.
func (w *wave) close(v int32) {
	for i := range w.nodes[v].seen {
		w.nodes[v].seen[i] = ^uint64(0)
	}
}

// round goes one hop on. Afterwards front lists the nodes that searches came to
// in it, and their now says which; there are none when all is done.
func (w *wave) round() error {
	if err := w.spread(); err != nil {
		return err
	}
	for _, v := range w.next {
		x := &w.nodes[v]
		for i := range x.soon {
			x.seen[i] |= x.soon[i]
		}
		x.now, x.soon = x.soon, lanes{}
	}
	w.front, w.next = w.next, w.front
	return nil
}

// spread carries every search one hop on, to nodes it has not seen.
func (w *wave) spread() error {
	w.next = w.next[:0]
	for _, v := range w.front {
		now := w.nodes[v].now
		w.nodes[v].now = lanes{}
		row := w.rows.row(v)
		if err := w.stop.spend(len(row)); err != nil {
			return err
		}
		for _, u := range row {
			x := &w.nodes[u]
			a, b, c, d := now[0]&^x.seen[0], now[1]&^x.seen[1], now[2]&^x.seen[2], now[3]&^x.seen[3]
			if a|b|c|d == 0 {
				continue
			}
			if x.soon.empty() {
				w.next = append(w.next, u)
			}
			x.soon[0] |= a
			x.soon[1] |= b
			x.soon[2] |= c
			x.soon[3] |= d
		}
	}
	return nil
}

// laneCounter counts, for each lane, in how many of the masks added it is set.
// It holds the counts bit-sliced: plane k has bit k of each count. Two masks at
// a time go through a full adder, so the long way up the planes is rarely gone.
type laneCounter struct {
	planes  [32]lanes
	waiting lanes
	held    bool
	used    int
	counts  [waveWidth]int32
}

func (c *laneCounter) add(mask *lanes) {
	if !c.held {
		c.waiting, c.held = *mask, true
		return
	}
	c.held = false
	for i := range mask {
		a, b, ones := c.planes[0][i], c.waiting[i], mask[i]
		c.planes[0][i] = a ^ b ^ ones
		carry := a&b | (a^b)&ones
		for k := 1; carry != 0; k++ {
			p := c.planes[k][i]
			c.planes[k][i] = p ^ carry
			carry &= p
			c.used = max(c.used, k)
		}
	}
}

// take gives the counts and starts anew. They are good until the next take.
func (c *laneCounter) take() *[waveWidth]int32 {
	if c.held {
		c.add(&lanes{})
	}
	clear(c.counts[:])
	for k := range c.used + 1 {
		for i, word := range c.planes[k] {
			for ; word != 0; word &= word - 1 {
				c.counts[64*i+bits.TrailingZeros64(word)] += 1 << k
			}
		}
		c.planes[k] = lanes{}
	}
	c.used = 0
	return &c.counts
}

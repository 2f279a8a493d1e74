package limit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/musubi-map/musubi/internal/network"
)

// Gate lets so many in at a time, of one viewer and in all; others wait a little,
// in the order they came, or are turned away. All methods may be called at the
// same time.
type Gate struct {
	set        *Set
	own, total Key
	room       *semaphore.Weighted
	wait       time.Duration // 0: nobody may wait
	longest    int64         // how many may

	mu      sync.Mutex
	viewers map[key]*visitor
	waiting int64
}

// maxIdle is how many viewers are known before those who are away are forgotten.
const maxIdle = 1000

// visitor is a viewer; uses counts what is inside or waiting.
type visitor struct {
	room *semaphore.Weighted
	most int64
	uses int
}

// Who is a viewer as gates and rates know them: by name, or by the address of one
// who has none.
type Who struct {
	Name, Address string
	Role          network.Role
}

type key struct{ name, address string }

func (w Who) key() key {
	if w.Name != "" {
		return key{name: w.Name}
	}
	return key{address: w.Address}
}

// Flights is the gate of operations that run.
func (s *Set) Flights() *Gate {
	return s.gate(InFlight, InFlightTotal, s.Longest(WaitTime), s.Most(Waiting))
}

// OpenStreams is the gate of connections that stay open; nobody waits there.
func (s *Set) OpenStreams() *Gate { return s.gate(Streams, StreamsTotal, 0, 0) }

func (s *Set) gate(own, total Key, wait time.Duration, longest int64) *Gate {
	return &Gate{set: s, own: own, total: total, room: semaphore.NewWeighted(s.Most(total)), wait: wait, longest: longest, viewers: map[key]*visitor{}}
}

// Pass is what one who is inside holds. Its methods may be called more than once,
// and at the same time.
type Pass struct {
	gate       *Gate
	viewer     *visitor
	done, left atomic.Bool
}

// Done says that the work is done: others may work. The room of the viewer is kept.
func (p *Pass) Done() {
	if !p.done.Swap(true) {
		p.gate.room.Release(1)
	}
}

// Leave gives all room back.
func (p *Pass) Leave() {
	p.Done()
	if !p.left.Swap(true) {
		p.viewer.room.Release(1)
		p.gate.leave(p.viewer)
	}
}

// Enter lets one in, who must leave. The error is an [*Exceeded], or that of a
// context which ends while it waits.
func (g *Gate) Enter(ctx context.Context, who Who) (*Pass, error) {
	v := g.visit(who)
	if err := g.acquire(ctx, v.room, g.own, v.most); err != nil {
		g.leave(v)
		return nil, err
	}
	if err := g.acquire(ctx, g.room, g.total, g.set.Most(g.total)); err != nil {
		v.room.Release(1)
		g.leave(v)
		return nil, err
	}
	return &Pass{gate: g, viewer: v}, nil
}

func (g *Gate) visit(who Who) *visitor {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.viewers[who.key()]
	if v == nil {
		g.forget()
		most := g.set.Of(who.Role, g.own)
		v = &visitor{room: semaphore.NewWeighted(most), most: most}
		g.viewers[who.key()] = v
	}
	v.uses++
	return v
}

func (g *Gate) leave(v *visitor) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v.uses--
}

// forget drops those of whom nobody is inside once there are many; it needs mu.
func (g *Gate) forget() {
	if len(g.viewers) < maxIdle {
		return
	}
	for k, v := range g.viewers {
		if v.uses == 0 {
			delete(g.viewers, k)
		}
	}
}

// acquire takes room of one semaphore, and waits for it if it may.
func (g *Gate) acquire(ctx context.Context, room *semaphore.Weighted, k Key, allowed int64) error {
	if room.TryAcquire(1) {
		return nil
	}
	full := &Exceeded{Key: k, Allowed: allowed, RetryAfter: max(g.wait, time.Second)}
	if !g.queueUp() {
		if g.wait > 0 {
			full.Key, full.Allowed = Waiting, g.longest
		}
		return full
	}
	defer g.stepOut()
	waiting, cancel := context.WithTimeout(ctx, g.wait)
	defer cancel()
	if room.Acquire(waiting, 1) == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return full
}

func (g *Gate) queueUp() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wait == 0 || g.waiting >= g.longest {
		return false
	}
	g.waiting++
	return true
}

func (g *Gate) stepOut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting--
}

package neo4j

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// smallBatch is how many writes a batch may have that shares a transaction.
	smallBatch = 50
	// mostTogether bounds the batches of one transaction.
	mostTogether = 32
	// patience is how long a batch waits for a transaction that others are in: one
	// of them may have to wait for a lock.
	patience = 25 * time.Millisecond
	// togetherTime is how long a shared transaction may take: one of its batches may
	// have met a lock, which is not the others' business.
	togetherTime = time.Second
)

// queue lets batches that come while a transaction is under way go together in the
// next one. Commits come one after another, since each makes the next revision:
// alone, every batch would wait for the disk once for each before it.
type queue struct {
	mu      sync.Mutex
	waiting []*turn
	running int // transactions
}

// turn is a batch that waits. Whoever leads makes the transaction for all of its
// group.
type turn struct {
	ctx  context.Context
	a    *attempt
	lead chan struct{} // says that it may lead now
	done chan struct{} // closed by run when outcome is known
	outcome
}

func newTurn(ctx context.Context, a *attempt) *turn {
	return &turn{ctx: ctx, a: a, lead: make(chan struct{}, 1), done: make(chan struct{})}
}

// mayLead wakes it up; it may have been already.
func (t *turn) mayLead() {
	select {
	case t.lead <- struct{}{}:
	default:
	}
}

// take waits until the batch is in, or leads a group itself. A batch that has not
// begun when its time is over is not begun.
func (q *queue) take(t *turn, run func([]*turn)) (*store.Applied, error) {
	tired := time.NewTimer(patience)
	defer tired.Stop()
	over := t.ctx.Done()
	if q.wait(t) {
		t.mayLead()
	}
	for {
		select {
		case <-t.done:
			return t.applied, t.err
		case <-t.lead:
			q.leads(t, run)
		case <-tired.C:
			q.leads(t, run)
		case <-over:
			if q.leave(t) {
				return nil, failure(t.ctx, t.ctx.Err())
			}
			over = nil // it is in a transaction, which ends with its time
		}
	}
}

// wait tells whether nothing is under way.
func (q *queue) wait(t *turn) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, t)
	return q.running == 0
}

func (q *queue) leave(t *turn) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, t)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return i >= 0
}

// leads makes the transaction, unless the batch is in one already.
func (q *queue) leads(t *turn, run func([]*turn)) {
	group := q.group(t)
	if group == nil {
		return
	}
	defer q.end()
	run(group)
}

// group takes the batch and others that can go with it out of those that wait.
func (q *queue) group(t *turn) []*turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(q.waiting, t) {
		return nil
	}
	q.running++
	var group []*turn
	all := newMatters()
	left := q.waiting[:0]
	for _, other := range append([]*turn{t}, q.waiting...) {
		switch {
		case other == t && len(group) > 0: // it comes again
		case len(group) == 0 || len(group) < mostTogether && all.apartFrom(other.a):
			all.add(other.a)
			group = append(group, other)
		default:
			left = append(left, other)
		}
	}
	clear(q.waiting[len(left):])
	q.waiting = left
	return group
}

// end lets the first of those that wait lead, when nothing is under way.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running--
	if q.running == 0 && len(q.waiting) > 0 {
		q.waiting[0].mayLead()
	}
}

// together commits the batches of a group in one transaction. When that fails each
// goes alone: the fault may be another's. A batch that its checks refuse goes alone
// as well, after the others: what stands in its way may have gone with them.
func (s *Store) together(group []*turn) {
	alone := func(t *turn) {
		defer close(t.done)
		t.applied, t.err = s.alone(t.ctx, t.a)
	}
	if len(group) == 1 {
		alone(group[0])
		return
	}
	ctx, cancel := forAll(group)
	defer cancel()
	a := merged(group)
	if err := s.transact(ctx, a); err != nil {
		for _, t := range group {
			go alone(t) // it is waited for by who brought it
		}
		return
	}
	for i, t := range group {
		if a.parts[i].fault == nil {
			t.outcome = a.parts[i].outcome
			close(t.done)
		}
	}
	for i, t := range group {
		if a.parts[i].fault != nil {
			alone(t)
		}
	}
}

// forAll ends when the time of the first of a group is over, or that of what is
// shared. None of them can end it before: the others' batches are in it.
func forAll(group []*turn) (context.Context, context.CancelFunc) {
	until := time.Now().Add(togetherTime)
	for _, t := range group {
		if at, _ := t.ctx.Deadline(); at.Before(until) {
			until = at
		}
	}
	return context.WithDeadline(context.WithoutCancel(group[0].ctx), until)
}

// merged makes one attempt of those of a group.
func merged(group []*turn) *attempt {
	a := &attempt{at: map[network.ID]int{}}
	for _, t := range group {
		from := len(a.writes)
		p := &part{b: t.a.parts[0].b, from: from, to: from + len(t.a.writes), encodings: t.a.parts[0].encodings}
		a.parts = append(a.parts, p)
		a.writes = append(a.writes, t.a.writes...)
		a.kind = append(a.kind, t.a.kind...)
		a.next = append(a.next, t.a.next...)
		for id, i := range t.a.at {
			a.at[id] = from + i
		}
	}
	return a
}

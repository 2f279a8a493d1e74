package memory

import (
	"slices"

	"github.com/musubi-map/musubi/internal/store"
)

// collection answers one collection for its parent, as [store.Result] says.
func (x *run) collection(c *store.Collection, parent member) any {
	if c.Group != nil {
		return x.groups(c, parent)
	}
	if c.Single && len(c.Order) == 0 && c.After == nil && c.Before == nil && c.Source.Op != store.Search {
		return x.single(c, parent)
	}
	p := x.pagerFor(c)
	if !x.scanPage(c, p) {
		x.members(c, parent, func(m member) bool {
			p.add(m)
			return x.err == nil
		})
	}
	items := p.done()
	if c.Single {
		if len(items) == 0 {
			return nil
		}
		return x.rows(c, items[:1])[0]
	}
	answer := []any{[]any{}, nil, nil}
	if c.Rows {
		answer[0] = x.rows(c, items)
	}
	if c.Total {
		answer[1] = p.total
	}
	if c.Other {
		answer[2] = p.other
	}
	return answer
}

// single answers a collection of one by its first member by ID.
func (x *run) single(c *store.Collection, parent member) any {
	var first item
	x.members(c, parent, func(m member) bool {
		if first.r == nil || m.r.id < first.r.id {
			first.member = m
		}
		return x.err == nil
	})
	if first.r == nil || x.err != nil {
		return nil
	}
	return x.row(c, c.ShapeFor(first.r.kind), &first)
}

// members gives every member of the collection, whatever the page.
func (x *run) members(c *store.Collection, parent member, yield func(member) bool) {
	x.visit(&c.Source, setOf(c.Kinds), when{c.Ever, c.During}, parent, c.Filter, func(m member) bool {
		return !x.holdsFor(c.Filter, m) || yield(m)
	})
}

// pager keeps the rows of one page while the members go by.
type pager struct {
	x             *run
	c             *store.Collection
	seq           sequence
	need          int // rows wanted; 0: all
	after, before *place
	total         int64
	other         bool
	kept          []item
	keys          []any  // of the member at hand
	worst         *place // once need rows are kept: nothing beyond it matters
}

func (x *run) pagerFor(c *store.Collection) *pager {
	p := &pager{x: x, c: c, seq: sequence{c.Order, c.Source.Op == store.Search}, after: placeOf(c.After), before: placeOf(c.Before), keys: make([]any, len(c.Order))}
	switch {
	case c.Single:
		p.need = 1
	case c.Limit > 0 && c.More:
		p.need = c.Limit + 1
	case c.Limit > 0:
		p.need = c.Limit
	}
	return p
}

func (p *pager) add(m member) {
	p.total++
	it := item{member: m, keys: p.keys}
	for i, o := range p.c.Order {
		if it.keys[i] = m.r.orderKey(o.Field); p.x.withheld(m.r, o.Field) {
			it.keys[i] = nil
		}
	}
	if p.seq.ranked {
		it.rank = m.r.rank(p.c.Source.Text)
	}
	at := it.place()
	outside := false
	if p.after != nil && p.seq.compare(at, *p.after) <= 0 {
		outside = true
		p.other = p.other || !p.c.Backward
	}
	if p.before != nil && p.seq.compare(at, *p.before) >= 0 {
		outside = true
		p.other = p.other || p.c.Backward
	}
	if outside || !p.c.Rows && !p.c.Single {
		return
	}
	if p.worst != nil && p.inPageOrder(at, *p.worst) > 0 {
		return
	}
	it.keys = slices.Clone(it.keys)
	p.kept = append(p.kept, it)
	if p.need > 0 && len(p.kept) >= 4*p.need+64 {
		p.cut()
	}
}

// inPageOrder compares with what is wanted most first: the end of the list
// for a backward page.
func (p *pager) inPageOrder(a, b place) int {
	if p.c.Backward {
		return p.seq.compare(b, a)
	}
	return p.seq.compare(a, b)
}

// cut keeps the rows that are wanted of those seen so far.
func (p *pager) cut() {
	slices.SortFunc(p.kept, func(a, b item) int { return p.inPageOrder(a.place(), b.place()) })
	if p.need == 0 || len(p.kept) < p.need {
		return
	}
	clear(p.kept[p.need:])
	p.kept = p.kept[:p.need]
	worst := p.kept[p.need-1].place()
	p.worst = &worst
}

// done gives the rows in forward order.
func (p *pager) done() []item {
	p.cut()
	if p.c.Backward {
		slices.Reverse(p.kept)
	}
	return p.kept
}

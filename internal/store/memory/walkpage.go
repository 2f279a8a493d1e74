package memory

import (
	"github.com/tidwall/btree"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// scanPage fills the page of a collection of whatever there is: from what the
// filter finds, or else by walking through the records in the order of the page,
// which ends where the page does; false when neither is of use.
func (x *run) scanPage(c *store.Collection, p *pager) bool {
	if c.Source.Op != store.Scan || !c.Rows || c.Total || p.need == 0 || len(c.Order) > 0 && c.Order[0].Field.Withheld() {
		return false
	}
	some, narrow := x.candidates(c.Filter, setOf(c.Kinds))
	if !narrow {
		x.walkPage(c, p)
		return true
	}
	x.visitEach(some, setOf(c.Kinds), when{c.Ever, c.During}, func(m member) bool {
		if x.holdsFor(c.Filter, m) {
			p.add(m)
		}
		return x.err == nil
	})
	return true
}

// stroll walks through the records of several kinds in order.
type stroll struct {
	by    byField
	back  bool
	lists []walker // those that have not come to their end
}

// walker is a place in a list in order, of which one can ask once it is there.
type walker interface {
	First() bool
	Last() bool
	// Seek goes to the first that does not stand before the bound.
	Seek(standing) bool
	Next() bool
	Prev() bool
	Item() standing
}

var _ walker = (*btree.IterG[standing])(nil)

// walker is at no place of the list of a kind yet.
func (x *run) walker(k *network.Kind, order []store.Order) walker {
	if k == logKind {
		return &logWalk{x: x, by: byFirst(order)}
	}
	i := x.s.sorted.of(k.Index(), x.s.byKind[k.Index()], order).Iter()
	return &i
}

// strollFrom begins at the first record not before a bound, or going back at the
// last one before it; nil: at the end of the list that it goes away from.
func (x *run) strollFrom(c *store.Collection, bound *standing, back bool) *stroll {
	s := &stroll{by: byFirst(c.Order), back: back}
	for _, k := range c.Kinds {
		i := x.walker(k, c.Order)
		var on bool
		switch {
		case bound == nil && back:
			on = i.Last()
		case bound == nil:
			on = i.First()
		case !back:
			on = i.Seek(*bound)
		case i.Seek(*bound):
			on = i.Prev()
		default:
			on = i.Last()
		}
		if on {
			s.lists = append(s.lists, i)
		}
	}
	return s
}

// next is the next record; false at the end.
func (s *stroll) next() (standing, bool) {
	if len(s.lists) == 0 {
		return standing{}, false
	}
	best := 0
	out := s.lists[0].Item()
	for i, list := range s.lists[1:] {
		if item := list.Item(); s.by.less(item, out) != s.back {
			best, out = i+1, item
		}
	}
	on := false
	if s.back {
		on = s.lists[best].Prev()
	} else {
		on = s.lists[best].Next()
	}
	if !on {
		s.lists = append(s.lists[:best], s.lists[best+1:]...)
	}
	return out, true
}

// walkPage fills the page of a collection in order.
func (x *run) walkPage(c *store.Collection, p *pager) {
	near, far := p.after, p.before
	if c.Backward {
		near, far = far, near
	}
	whole := len(c.Order) < 2 // the list has the order to the last key
	s := x.strollFrom(c, boundOf(near, c.Backward, whole), c.Backward)
	var last any // the first key of the last row that was needed
	for full := false; x.err == nil; {
		at, on := s.next()
		if !on {
			break
		}
		if full && (whole || compareKeys(at.key, last, false) != 0) {
			break
		}
		if far != nil && beyond(at, far, s.by, c.Backward) {
			break
		}
		if m := (member{r: at.r}); x.takes(c, m) {
			p.add(m)
		}
		if !full && len(p.kept) >= p.need {
			full, last = true, at.key
		}
	}
	if c.Other && near != nil && !p.other {
		p.other = x.anyBefore(c, boundOf(near, c.Backward, whole))
	}
}

// takes tells whether a record is a member of a collection that is scanned.
func (x *run) takes(c *store.Collection, m member) bool {
	return x.sees(m.r) && x.holds(m.r, when{c.Ever, c.During}) && x.holdsFor(c.Filter, m)
}

// anyBefore looks for a member on the far side of the bound.
func (x *run) anyBefore(c *store.Collection, bound *standing) bool {
	s := x.strollFrom(c, bound, !c.Backward)
	for x.err == nil {
		at, on := s.next()
		if !on {
			return false
		}
		if x.takes(c, member{r: at.r}) {
			return true
		}
	}
	return false
}

// boundOf is where a page begins in a list by the first key: at the place itself
// when that is all of the order, else at the end of those with the key.
func boundOf(p *place, back, whole bool) *standing {
	if p == nil {
		return nil
	}
	b := &standing{r: &rec{id: p.id}}
	if len(p.keys) > 0 {
		b.key = p.keys[0]
	}
	if !whole {
		if b.r.id = ""; back {
			b.r.id = behindAll
		}
	}
	return b
}

// beyond tells whether a record stands past the other bound of a page by its
// first key.
func beyond(at standing, far *place, by byField, back bool) bool {
	if len(far.keys) == 0 {
		return false
	}
	c := compareKeys(at.key, far.keys[0], by.desc)
	return c != 0 && (c < 0) == back
}

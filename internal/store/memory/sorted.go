package memory

import (
	"cmp"
	"slices"
	"sync"

	"github.com/tidwall/btree"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// sorted keeps the records of a kind in the orders that pages were asked for in.
// A list is made when it is first asked for, under the read lock of the store,
// and kept up by every write.
type sorted struct {
	mu    sync.Mutex
	lists []map[byField]*btree.BTreeG[standing] // by kind
}

// byField is an order by one field, completed by the ID; no field: by ID alone.
type byField struct {
	field string
	typ   network.FieldType
	desc  bool
}

// standing is the place of a record in a list, or a bound: r has no more than an ID
// then.
type standing struct {
	key any
	r   *rec
}

// behindAll is above every ID.
const behindAll = "\xff"

func (o byField) less(a, b standing) bool {
	if c := compareKeys(a.key, b.key, o.desc); c != 0 {
		return c < 0
	}
	return a.r.id < b.r.id
}

// byFirst is the order by the first key.
func byFirst(order []store.Order) byField {
	if len(order) == 0 {
		return byField{}
	}
	f := order[0].Field
	return byField{f.Name, f.Type, order[0].Desc}
}

// standing is where the record stands in the order.
func (o byField) standing(r *rec) standing {
	s := standing{r: r}
	if f := r.kind.Field(o.field); f != nil && f.Type == o.typ {
		s.key = r.orderKey(f)
	}
	return s
}

// of is the list of a kind by a field, as the order of the collection names it.
func (s *sorted) of(kind int, records []*rec, order []store.Order) *btree.BTreeG[standing] {
	by := byFirst(order)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists[kind] == nil {
		s.lists[kind] = map[byField]*btree.BTreeG[standing]{}
	}
	list := s.lists[kind][by]
	if list == nil {
		list = btree.NewBTreeGOptions(by.less, btree.Options{NoLocks: true})
		for _, at := range by.inOrder(records) {
			list.Load(at)
		}
		s.lists[kind][by] = list
	}
	return list
}

// inOrder is where each record stands, in order.
func (o byField) inOrder(records []*rec) []standing {
	out := make([]standing, len(records))
	for i, r := range records {
		out[i] = o.standing(r)
	}
	slices.SortFunc(out, func(a, b standing) int {
		return cmp.Or(compareKeys(a.key, b.key, o.desc), cmp.Compare(a.r.id, b.r.id))
	})
	return out
}

// enter and leave keep the lists up; the writer has the store to itself.
func (s *sorted) enter(r *rec) {
	for by, list := range s.lists[r.kind.Index()] {
		list.Set(by.standing(r))
	}
}

func (s *sorted) leave(r *rec) {
	for by, list := range s.lists[r.kind.Index()] {
		list.Delete(by.standing(r))
	}
}

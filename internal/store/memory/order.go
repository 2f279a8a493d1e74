package memory

import (
	"cmp"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// item is a member with the keys it is ordered by.
type item struct {
	member
	rank int64
	keys []any
}

// order compares two values of one type; false when the types differ.
func order(a, b any) (int, bool) {
	switch a := a.(type) {
	case string:
		switch b := b.(type) {
		case string:
			return cmp.Compare(a, b), true
		case network.ID:
			return cmp.Compare(a, string(b)), true
		}
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b), true
		}
	case network.Date:
		if b, ok := b.(network.Date); ok {
			return cmp.Compare(a, b), true
		}
	case bool:
		if b, ok := b.(bool); ok {
			return cmp.Compare(number(a), number(b)), true
		}
	}
	return 0, false
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orderKey is what a record is ordered by in a field: the present value, nil
// for none.
func (r *rec) orderKey(f *network.Field) any {
	if f.Name == "name" {
		return r.sortKey()
	}
	own := r.field(f)
	if own == nil {
		return nil
	}
	key := r.key(own)
	if b, ok := key.(bool); ok {
		return number(b)
	}
	return key
}

// place is a position in an order: an item, or a cursor.
type place struct {
	rank int64
	keys []any
	id   network.ID
}

func (it *item) place() place { return place{it.rank, it.keys, it.r.id} }

func placeOf(c *store.Cursor) *place {
	if c == nil {
		return nil
	}
	return &place{c.Rank, c.Keys, c.ID}
}

// sequence compares places of one collection.
type sequence struct {
	order  []store.Order
	ranked bool
}

func (q sequence) compare(a, b place) int {
	if q.ranked && a.rank != b.rank {
		return cmp.Compare(a.rank, b.rank)
	}
	for i, o := range q.order {
		if c := compareKeys(a.keys[i], b.keys[i], o.Desc); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.id, b.id)
}

// compareKeys puts nil last in either direction.
func compareKeys(a, b any, desc bool) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	c, _ := order(a, b)
	if desc {
		return -c
	}
	return c
}

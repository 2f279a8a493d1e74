package graph

import (
	"strconv"
	"unicode/utf8"

	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// values holds the variables of an operation against the limits of a role.
type values struct {
	set   *limit.Set
	role  network.Role
	lists limit.Key // the limit of lists: rows for a mutation
}

// check gives the first fault; its place is written from the inside out, and
// names no key of the client's.
func (c values) check(v any, depth int64) *limit.Exceeded {
	switch x := v.(type) {
	case string:
		return c.text(x)
	case []any:
		if err := c.nested(c.lists, len(x), depth); err != nil {
			return err
		}
		for i, item := range x {
			if err := c.check(item, depth+1); err != nil {
				err.At = append(err.At, strconv.Itoa(i))
				return err
			}
		}
	case map[string]any:
		if err := c.nested(limit.List, len(x), depth); err != nil {
			return err
		}
		for _, item := range x {
			if err := c.check(item, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c values) nested(k limit.Key, size int, depth int64) *limit.Exceeded {
	switch {
	case int64(size) > c.set.Of(c.role, k):
		return c.set.Exceed(c.role, k, int64(size))
	case depth > c.set.Of(c.role, limit.JSONDepth):
		return c.set.Exceed(c.role, limit.JSONDepth, 0)
	}
	return nil
}

func (c values) text(s string) *limit.Exceeded {
	allowed := c.set.Of(c.role, limit.StringLength)
	if int64(len(s)) <= allowed {
		return nil
	}
	if n := int64(utf8.RuneCountInString(s)); n > allowed {
		return c.set.Exceed(c.role, limit.StringLength, n)
	}
	return nil
}

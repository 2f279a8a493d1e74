package exchange

import (
	"fmt"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// naming gives nodes and ties IDs for a format in which no two of them, node or
// tie, may have the same, and in which IDs lack some characters. IDs that fit
// stay. It holds one string for each ID that does not.
type naming struct {
	nodes, ties map[int32]string // by position; none: its own ID
}

func newNaming(n *Network, without string) *naming {
	s := &naming{map[int32]string{}, map[int32]string{}}
	taken := make(map[string]bool, len(n.Nodes)+len(n.Ties))
	fits := func(id network.ID) bool { return !strings.ContainsAny(string(id), without) && !taken[string(id)] }
	var changed []record
	for i := range n.Nodes {
		taken[string(n.Nodes[i].ID)] = true
	}
	for i := range n.Nodes {
		if strings.ContainsAny(string(n.Nodes[i].ID), without) {
			changed = append(changed, record{n, i, false})
		}
	}
	for i := range n.Ties {
		if id := n.Ties[i].ID; fits(id) {
			taken[string(id)] = true
		} else {
			changed = append(changed, record{n, i, true})
		}
	}
	for _, r := range changed {
		s.change(r, without, taken)
	}
	return s
}

// change puts hyphens in place of the characters, and a number at the end until
// nothing else has the ID.
func (s *naming) change(r record, without string, taken map[string]bool) {
	plain := strings.Map(func(c rune) rune {
		if strings.ContainsRune(without, c) {
			return '-'
		}
		return c
	}, string(r.id()))
	id := plain
	for i := 2; taken[id]; i++ {
		id = fmt.Sprintf("%s-%d", plain, i)
	}
	taken[id] = true
	if r.tie {
		s.ties[int32(r.i)] = id
	} else {
		s.nodes[int32(r.i)] = id
	}
}

// columns are the ID and, where it was changed, the right one.
func (s *naming) columns() []column {
	return []column{
		textColumn("id", func(r record) string {
			if id, changed := s.changed(r); changed {
				return id
			}
			return string(r.id())
		}),
		textColumn("recordId", func(r record) string {
			if _, changed := s.changed(r); changed {
				return string(r.id())
			}
			return ""
		}),
	}
}

func (s *naming) changed(r record) (string, bool) {
	names := s.nodes
	if r.tie {
		names = s.ties
	}
	id, changed := names[int32(r.i)]
	return id, changed
}

// end is an end of a tie by its new ID.
func (s *naming) end(name string, at func(record) int32) column {
	return textColumn(name, func(r record) string {
		if id, changed := s.nodes[at(r)]; changed {
			return id
		}
		return string(r.n.Nodes[at(r)].ID)
	})
}

package exchange

import (
	"iter"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Network is a part of the map at one revision, as other tools want it: bare
// nodes and ties with values. Every writer takes it, every reader gives it.
//
// A value is a string, int64, float64, bool, network.PartialDate or []string,
// by the type of its attribute; nil where there is none. The empty string and
// the empty list are none too.
type Network struct {
	// Revision is that of the map when it was read; 0: not said.
	Revision int64
	// AsOf is the day it is told of; zero: not said. With AllTime it has what
	// holds on any day, and AsOf is that of the names only.
	AsOf    network.PartialDate
	AllTime bool
	// The attributes say what stands at which place of Values.
	NodeAttributes, TieAttributes []Attribute
	Nodes                         []Node
	Ties                          []Tie
}

// Node is a stakeholder. Kind is one of the registry unless the file came from
// elsewhere; it may then be "".
type Node struct {
	ID          network.ID
	Kind, Label string
	Span        network.Span
	Values      []any
}

// Tie is an edge; Subject and Object are positions in Nodes. A mutual one has no
// direction. Several may join the same two nodes, and one a node with itself.
type Tie struct {
	ID              network.ID
	Kind            string
	Subject, Object int32
	Mutual          bool
	Span            network.Span
	Values          []any
}

// Attribute is a value that nodes or ties may have.
type Attribute struct {
	Name string
	Type AttributeType
}

// AttributeType says what the values of an attribute are.
type AttributeType uint8

// The types, each with the Go type of its values.
const (
	TextValue    AttributeType = iota + 1 // string
	IntegerValue                          // int64
	RealValue                             // float64, finite
	BooleanValue                          // bool
	DateValue                             // network.PartialDate, not zero
	ListValue                             // []string without empty ones
)

// DropUnused takes out the attributes for which nothing has a value, so that a
// file has no empty columns.
func (n *Network) DropUnused() {
	n.NodeAttributes = dropUnused(n.NodeAttributes, len(n.Nodes), func(i int) *[]any { return &n.Nodes[i].Values })
	n.TieAttributes = dropUnused(n.TieAttributes, len(n.Ties), func(i int) *[]any { return &n.Ties[i].Values })
}

func dropUnused(attributes []Attribute, count int, values func(int) *[]any) []Attribute {
	used := make([]bool, len(attributes))
	for i := range count {
		for slot, v := range *values(i) {
			used[slot] = used[slot] || present(v) != nil
		}
	}
	var kept []Attribute
	for slot, a := range attributes {
		if used[slot] {
			kept = append(kept, a)
		}
	}
	if len(kept) == len(attributes) {
		return attributes
	}
	for i := range count {
		all := *values(i)
		var out []any
		if len(kept) > 0 {
			out = all[:0]
		}
		for slot, v := range all {
			if used[slot] {
				out = append(out, v)
			}
		}
		clear(all[len(out):])
		*values(i) = out
	}
	return kept
}

// NotPublic counts the nodes and ties that not everybody may see.
func (n *Network) NotPublic() int {
	count := 0
	counter := func(attributes []Attribute) func([]any) {
		slot := slotNamed(attributes, "visibility")
		return func(values []any) {
			if slot >= 0 && values[slot] != nil && values[slot] != network.Public.String() {
				count++
			}
		}
	}
	node, tie := counter(n.NodeAttributes), counter(n.TieAttributes)
	for i := range n.Nodes {
		node(n.Nodes[i].Values)
	}
	for i := range n.Ties {
		tie(n.Ties[i].Values)
	}
	return count
}

// Personal names the personal fields of each node and tie that have a value, sorted.
func (n *Network) Personal() iter.Seq2[network.ID, []string] {
	return func(yield func(network.ID, []string) bool) {
		nodes, ties := personalAmong(NodeFields(true)), personalAmong(TieFields(true))
		for _, x := range n.Nodes {
			if names := filled(n.NodeAttributes, x.Values, nodes); names != nil && !yield(x.ID, names) {
				return
			}
		}
		for _, x := range n.Ties {
			if names := filled(n.TieAttributes, x.Values, ties); names != nil && !yield(x.ID, names) {
				return
			}
		}
	}
}

func personalAmong(fields []*network.Field) map[string]bool {
	out := map[string]bool{}
	for _, f := range fields {
		if f.Personal {
			out[f.Name] = true
		}
	}
	return out
}

// filled names those attributes among the names that have a value.
func filled(attributes []Attribute, values []any, among map[string]bool) (names []string) {
	for slot, a := range attributes {
		if among[a.Name] && present(values[slot]) != nil {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	return names
}

// present is v, or nil for what counts as none.
func present(v any) any {
	switch x := v.(type) {
	case string:
		if x == "" {
			return nil
		}
	case []string:
		if len(x) == 0 {
			return nil
		}
	case network.PartialDate:
		if x.IsZero() {
			return nil
		}
	}
	return v
}

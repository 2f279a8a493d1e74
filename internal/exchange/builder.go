package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// builder makes a Network of what a reader finds, in any order. What it is given
// is a map of names to values as a file has them (see valueOf), under the names
// of the columns in record.go. It empties the maps.
type builder struct {
	n           Network
	nodes, ties table
	at          map[string]int32 // by the name that ties use
	ends        [][2]string      // of each tie
	allMutual   bool             // ties without a direction have none
}

func newBuilder() *builder {
	return &builder{nodes: table{known: knownNode}, ties: table{known: knownTie}, at: map[string]int32{}}
}

// about takes what is said of the network as a whole.
func (b *builder) about(m map[string]any) error {
	revision, err := valueOf(IntegerValue, m["revision"])
	if err != nil {
		return err.At("revision")
	}
	b.n.Revision, _ = revision.(int64)
	asOf, err := valueOf(DateValue, m["asOf"])
	if err != nil {
		return err.At("asOf")
	}
	b.n.AsOf, _ = asOf.(network.PartialDate)
	allTime, err := valueOf(BooleanValue, m["allTime"])
	if err != nil {
		return err.At("allTime")
	}
	b.n.AllTime, _ = allTime.(bool)
	return nil
}

// addNode adds a node; key is what ties call it, "" for its ID.
func (b *builder) addNode(key string, m map[string]any) error {
	var node Node
	err := b.addTo(m, "nodes", len(b.n.Nodes), &b.nodes, func() (err *network.Error) {
		id, kind, err := identity(m, key)
		if err != nil {
			return err
		}
		node.ID, node.Kind = network.ID(id), kind
		if node.Label, err = first(m, "label", "name"); err != nil {
			return err
		}
		if node.Label == "" {
			node.Label = id
		}
		drop(m, "name", node.Label)
		if k := network.KindOf(kind); k != nil {
			drop(m, "sector", k.JA)
		}
		node.Span, err = span(m)
		return err
	})
	if err != nil {
		return err
	}
	key = cmp.Or(key, string(node.ID))
	if _, there := b.at[key]; there {
		return network.Errorf(network.Duplicate, "there are two of this id").At("nodes", key)
	}
	b.at[key] = int32(len(b.n.Nodes))
	b.n.Nodes = append(b.n.Nodes, node)
	return nil
}

// addTie adds a tie; key is its ID unless the map has one.
func (b *builder) addTie(key string, m map[string]any) error {
	var t Tie
	var ends [2]string
	err := b.addTo(m, "ties", len(b.n.Ties), &b.ties, func() (err *network.Error) {
		id, kind, err := identity(m, key)
		if err != nil {
			return err
		}
		label, err := first(m, "label")
		if err != nil {
			return err
		}
		t.ID, t.Kind = network.ID(id), cmp.Or(kind, label)
		if k := network.TieKindOf(kind); label != t.Kind && (k == nil || label != k.JA) {
			m["label"] = label
		}
		for i, name := range []string{"source", "target"} {
			if ends[i], err = first(m, name); err != nil {
				return err
			}
		}
		if t.Mutual, err = b.mutual(m, t.Kind); err != nil {
			return err
		}
		dropWeight(m)
		t.Span, err = span(m)
		return err
	})
	if err != nil {
		return err
	}
	b.n.Ties = append(b.n.Ties, t)
	b.ends = append(b.ends, ends)
	return nil
}

// addTo reads the parts of a record, then takes what is left as its values.
func (b *builder) addTo(m map[string]any, what string, row int, t *table, parts func() *network.Error) error {
	err := parts()
	if err == nil {
		err = t.add(m)
	}
	if err != nil {
		return err.At(what, fmt.Sprint(row+1))
	}
	return nil
}

// identity gives the ID and the kind.
func identity(m map[string]any, key string) (id, kind string, err *network.Error) {
	if id, err = first(m, "recordId", "id"); err != nil {
		return "", "", err
	}
	delete(m, "id")
	kind, err = first(m, "kind", "type")
	return cmp.Or(id, key), kind, err
}

func (b *builder) mutual(m map[string]any, kind string) (bool, *network.Error) {
	s, err := first(m, "direction")
	if err != nil {
		return false, err
	}
	switch strings.ToLower(s) {
	case "":
		k := network.TieKindOf(kind)
		return b.allMutual || k != nil && k.Mutual, nil
	case directed:
		return false, nil
	case mutual, "undirected":
		return true, nil
	}
	return false, network.Errorf(network.InvalidValue, "it is no direction; use directed, mutual or undirected").At("direction")
}

// first takes the first text there is under one of the names out of the map.
func first(m map[string]any, names ...string) (string, *network.Error) {
	for _, name := range names {
		v, err := valueOf(TextValue, m[name])
		if err != nil {
			return "", err.At(name)
		}
		if s, _ := v.(string); s != "" {
			delete(m, name)
			return s, nil
		}
	}
	return "", nil
}

// drop takes out what only repeats what is known.
func drop(m map[string]any, name, known string) {
	if m[name] == known {
		delete(m, name)
	}
}

func span(m map[string]any) (s network.Span, err *network.Error) {
	for _, end := range []struct {
		name string
		into *network.PartialDate
	}{{"start", &s.From}, {"end", &s.Until}} {
		v, err := valueOf(DateValue, m[end.name])
		if err != nil {
			return s, err.At(end.name)
		}
		*end.into, _ = v.(network.PartialDate)
		delete(m, end.name)
	}
	s.Until = network.InclusiveEnd(s.Until)
	return s, nil
}

// network joins what was read, and checks it.
func (b *builder) network() (*Network, error) {
	for i, ends := range b.ends {
		t := &b.n.Ties[i]
		for j, into := range []*int32{&t.Subject, &t.Object} {
			at, there := b.at[ends[j]]
			if !there {
				return nil, network.Errorf(network.NotFound, "an end of the tie is not among the nodes").At("ties", fmt.Sprint(i+1))
			}
			*into = at
		}
	}
	b.nameTies()
	var err *network.Error
	if b.n.NodeAttributes, err = b.nodes.finish(func(i int, v []any) { b.n.Nodes[i].Values = v }); err != nil {
		return nil, err.At("nodes")
	}
	if b.n.TieAttributes, err = b.ties.finish(func(i int, v []any) { b.n.Ties[i].Values = v }); err != nil {
		return nil, err.At("ties")
	}
	if err := b.n.Check(); err != nil {
		return nil, err
	}
	return &b.n, nil
}

// nameTies gives ties without an ID one.
func (b *builder) nameTies() {
	taken := map[network.ID]bool{}
	for i := range b.n.Ties {
		taken[b.n.Ties[i].ID] = true
	}
	next := 1
	for i := range b.n.Ties {
		t := &b.n.Ties[i]
		for ; t.ID == ""; next++ {
			if id := network.ID(fmt.Sprintf("tie-%d", next)); !taken[id] {
				t.ID = id
			}
		}
	}
}

func sortedNames(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

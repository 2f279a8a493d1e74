package exchange

import (
	"math"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// Check is nil when the network can be written, in any format; every writer and
// reader calls it. The error names the record and the attribute, not the value.
func (n *Network) Check() error {
	if err := checkAttributes(n.NodeAttributes, knownNode); err != nil {
		return err.At("nodes")
	}
	if err := checkAttributes(n.TieAttributes, knownTie); err != nil {
		return err.At("ties")
	}
	ids := make(map[network.ID]bool, max(len(n.Nodes), len(n.Ties)))
	for i := range n.Nodes {
		if err := n.checkNode(&n.Nodes[i], ids); err != nil {
			return err.At("nodes", string(n.Nodes[i].ID))
		}
	}
	clear(ids)
	for i := range n.Ties {
		if err := n.checkTie(&n.Ties[i], ids); err != nil {
			return err.At("ties", string(n.Ties[i].ID))
		}
	}
	return nil
}

func checkAttributes(attributes []Attribute, k known) *network.Error {
	if len(attributes) > maxColumns {
		return network.Errorf(network.TooLarge, "there are %d attributes; at most %d are carried", len(attributes), maxColumns)
	}
	seen := map[string]bool{}
	for _, a := range attributes {
		lower := strings.ToLower(a.Name)
		switch {
		case a.Name == "" || checkText(a.Name) != nil:
			return network.Errorf(network.InvalidValue, "an attribute has no name, or one with control characters")
		case attributeName(a.Name) != a.Name:
			return network.Errorf(network.InvalidValue, "the formats use the name themselves").At(a.Name)
		case seen[lower]:
			return network.Errorf(network.Duplicate, "there are two attributes of this name").At(a.Name)
		case a.Type < TextValue || a.Type > ListValue || k[a.Name].typ != 0 && k[a.Name].typ != a.Type, !weighs(a):
			return network.Errorf(network.InvalidValue, "it has not the type that goes with its name").At(a.Name)
		}
		seen[lower] = true
	}
	return nil
}

func (n *Network) checkNode(node *Node, ids map[network.ID]bool) *network.Error {
	if node.Label == "" {
		return network.Errorf(network.Required, "a node has a label").At("label")
	}
	if err := checkText(node.Label); err != nil {
		return err.At("label")
	}
	return checkRecord(node.ID, ids, node.Kind, node.Span, n.NodeAttributes, node.Values)
}

func (n *Network) checkTie(t *Tie, ids map[network.ID]bool) *network.Error {
	if last := int32(len(n.Nodes)); t.Subject < 0 || t.Object < 0 || t.Subject >= last || t.Object >= last {
		return network.Errorf(network.NotFound, "an end of the tie is not among the nodes")
	}
	return checkRecord(t.ID, ids, t.Kind, t.Span, n.TieAttributes, t.Values)
}

// checkRecord adds id to those there are.
func checkRecord(id network.ID, ids map[network.ID]bool, kind string, span network.Span, attributes []Attribute, values []any) *network.Error {
	switch {
	case id == "" || strings.ContainsAny(string(id), "\n\t") || checkText(string(id)) != nil:
		return network.Errorf(network.InvalidValue, "it has no id, or one with control characters")
	case ids[id]:
		return network.Errorf(network.Duplicate, "there are two of this id")
	case len(values) != len(attributes):
		return network.Errorf(network.InvalidValue, "it has %d values for %d attributes", len(values), len(attributes))
	}
	ids[id] = true
	if err := checkText(kind); err != nil {
		return err.At("kind")
	}
	if err := span.Check(); err != nil {
		return err.At("end")
	}
	for slot, v := range values {
		if err := checkValue(attributes[slot].Type, v); err != nil {
			return err.At(attributes[slot].Name)
		}
	}
	return nil
}

func checkValue(t AttributeType, v any) *network.Error {
	ok := false
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if err := checkText(v); err != nil {
			return err
		}
		ok = t == TextValue
	case int64:
		ok = t == IntegerValue
	case float64:
		ok = t == RealValue && !math.IsNaN(v) && !math.IsInf(v, 0)
	case bool:
		ok = t == BooleanValue
	case network.PartialDate:
		ok = t == DateValue
	case []string:
		for _, s := range v {
			if err := checkText(s); err != nil {
				return err
			}
		}
		ok = t == ListValue && !slices.Contains(v, "")
	}
	if !ok {
		return network.Errorf(network.InvalidValue, "it is not a value of the attribute's type")
	}
	return nil
}

// checkText refuses what the map refuses, and what XML cannot hold, so that a
// network that one format can carry goes into all of them.
func checkText(s string) *network.Error {
	if strings.ContainsAny(s, "\r\uFFFE\uFFFF") {
		return network.Errorf(network.InvalidValue, "the text has a character that files cannot hold (a carriage return, U+FFFE or U+FFFF)")
	}
	_, err := network.CleanText(s, math.MaxInt)
	if err == nil {
		return nil
	}
	return network.Errorf(network.CodeOf(err), "%s", err.Error())
}

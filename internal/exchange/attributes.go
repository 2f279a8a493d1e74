package exchange

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// NodeFields are the fields of stakeholders that a network carries, in the order
// of the registry; personal ones only if asked for. References are carried as
// the names of what they lead to. The histories of names are not carried.
func NodeFields(personal bool) []*network.Field {
	return carried(network.Concrete(network.StakeholderInterface), personal)
}

// TieFields are those of ties.
func TieFields(personal bool) []*network.Field {
	return carried([]*network.Kind{network.TieKindRecord()}, personal)
}

// structural fields have a place of their own in a Node or a Tie.
var structural = []string{"name", "from", "until", "kind", "subject", "object"}

func carried(kinds []*network.Kind, personal bool) []*network.Field {
	var out []*network.Field
	for _, k := range kinds {
		for _, f := range k.Fields {
			known := slices.ContainsFunc(out, func(o *network.Field) bool { return o.Name == f.Name })
			if known || f.System || f.Personal && !personal || typeOf(f) == 0 || slices.Contains(structural, f.Name) {
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

// AttributeOf is how a field of the registry is carried.
func AttributeOf(f *network.Field) Attribute { return Attribute{f.Name, typeOf(f)} }

// typeOf is 0 for what is not carried.
func typeOf(f *network.Field) AttributeType {
	switch f.Type {
	case network.String, network.Text, network.EnumValue, network.Code, network.Ref:
		return TextValue
	case network.Int:
		return IntegerValue
	case network.Bool:
		return BooleanValue
	case network.Dated:
		return DateValue
	case network.Strings, network.Refs:
		return ListValue
	}
	return 0
}

// known are the attributes of the registry. An attribute of such a name has
// their type whatever a file says, and they stand first, in this order.
type known map[string]struct {
	typ  AttributeType
	rank int
}

var knownNode, knownTie = knownFrom(NodeFields(true)), knownFrom(TieFields(true))

func knownFrom(fields []*network.Field) known {
	out := known{}
	for i, f := range fields {
		k := out[f.Name]
		k.typ, k.rank = typeOf(f), i
		out[f.Name] = k
	}
	return out
}

// compare puts the attributes of the registry first, the others by name.
func (k known) compare(a, b Attribute) int {
	x, inX := k[a.Name]
	y, inY := k[b.Name]
	switch {
	case inX && inY:
		return x.rank - y.rank
	case inX:
		return -1
	case inY:
		return 1
	case a.Name < b.Name:
		return -1
	}
	return 1
}

// reserved names have a meaning of their own in one of the formats; no
// attribute has one, in any case of letters.
var reserved = []string{
	"id", "label", "name", "kind", "type", "sector", "start", "end", "source", "target", "from", "to", "key",
	"direction", "recordid", "reverseof", "tags", "spells", "parents", "pid", "viz",
}

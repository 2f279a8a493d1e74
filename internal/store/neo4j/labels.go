package neo4j

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// The labels that are not names of kinds or interfaces.
const (
	recordLabel = "Record"
	changeLabel = "_Change"
)

var (
	// nodeKinds are the kinds of records that are nodes, without the log.
	nodeKinds []*network.Kind
	// namedKinds is how many of them carry a name.
	namedKinds int
	// allTieTypes lists every tie kind for a pattern: an untyped one could not
	// use the index on the ids of ties.
	allTieTypes string
	// mutualTypes is a list literal.
	mutualTypes string
	// linkTypes are the relationship types of Ref and Refs fields.
	linkTypes []string
)

func init() {
	for _, k := range network.Kinds() {
		if k.Name == network.TieRecord || k.Log {
			continue
		}
		nodeKinds = append(nodeKinds, k)
		if k.Named() {
			namedKinds++
		}
		for _, f := range k.LeadingFields() {
			if f.Rel != "" && !slices.Contains(linkTypes, f.Rel) {
				linkTypes = append(linkTypes, f.Rel)
			}
		}
	}
	slices.Sort(linkTypes)
	var all, mutual []string
	for _, t := range network.TieKinds() {
		all = append(all, t.Name)
		if t.Mutual {
			mutual = append(mutual, "'"+t.Name+"'")
		}
	}
	allTieTypes = strings.Join(all, "|")
	mutualTypes = "[" + strings.Join(mutual, ", ") + "]"
}

// ownLabels are the labels of a record of the kind beside Record.
func ownLabels(k *network.Kind) []any {
	var out []any
	for _, i := range k.Interfaces {
		if i != network.NodeInterface {
			out = append(out, i)
		}
	}
	return append(out, k.Name)
}

func labelOf(k *network.Kind) string {
	if k.Log {
		return changeLabel
	}
	return k.Name
}

// labels is the shortest label expression for exactly these kinds.
func labels(kinds []*network.Kind) string {
	if same(kinds, nodeKinds) {
		return recordLabel
	}
	for _, i := range []string{network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface} {
		if same(kinds, network.Concrete(i)) {
			return i
		}
	}
	var out []string
	for _, k := range kinds {
		out = append(out, labelOf(k))
	}
	return strings.Join(out, "|")
}

// roots are the labels under which ids are unique.
func roots(kinds []*network.Kind) string {
	logs := slices.ContainsFunc(kinds, func(k *network.Kind) bool { return k.Log })
	switch {
	case !logs:
		return recordLabel
	case len(kinds) == 1:
		return changeLabel
	}
	return recordLabel + "|" + changeLabel
}

// isAll tells whether the kinds are all that carry their root labels.
func isAll(kinds []*network.Kind) bool {
	var ks []*network.Kind
	for _, k := range kinds {
		if !k.Log {
			ks = append(ks, k)
		}
	}
	return len(ks) == 0 || same(ks, nodeKinds)
}

func hasLabel(v string, kinds []*network.Kind) string {
	if len(kinds) == 0 {
		return "false"
	}
	return v + ":" + labels(kinds)
}

func same(a, b []*network.Kind) bool { return len(a) == len(b) && covers(a, b) }

// covers tells whether every one of b is among a.
func covers(a, b []*network.Kind) bool {
	for _, k := range b {
		if !slices.Contains(a, k) {
			return false
		}
	}
	return true
}

// kind is the name of the record's kind.
func (s scope) kind() string {
	if len(s.kinds) == 1 {
		return "'" + s.kinds[0].Name + "'"
	}
	return s.v + ".kind"
}

// isKind is the condition that the record is of one of the kinds.
func (s scope) isKind(kinds []*network.Kind) string {
	var ks []*network.Kind
	for _, k := range kinds {
		if slices.Contains(s.kinds, k) {
			ks = append(ks, k)
		}
	}
	switch {
	case len(ks) == 0:
		return "false"
	case len(ks) == len(s.kinds):
		return "true"
	}
	return hasLabel(s.v, ks)
}

// facing is how a tie points from the stakeholder it was reached from.
func (s scope) facing() string {
	if !s.tie || s.from == "" {
		return "null"
	}
	return "CASE WHEN type(" + s.v + ") IN " + mutualTypes + " THEN 'MUTUAL' WHEN startNode(" + s.v + ") = " + s.from + " THEN 'OUT' ELSE 'IN' END"
}

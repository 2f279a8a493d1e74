package exchange

import (
	"encoding/json"
	"slices"
)

// Gephi lays out and counts by a weight. Ours is the strength of the tie, but an
// attribute named weight, from a file of another program, goes before it.
const (
	weightName   = "weight"
	strengthName = "strength"
)

// weighs tells whether an attribute of that name holds numbers, as it must.
func weighs(a Attribute) bool {
	return a.Name != weightName || a.Type == IntegerValue || a.Type == RealValue
}

// weightOf gives the weight of a tie, nil when nothing is known of it.
func weightOf(n *Network) func(record) any {
	slots := []int{slotNamed(n.TieAttributes, weightName), slotNamed(n.TieAttributes, strengthName)}
	return func(r record) any {
		for _, slot := range slots {
			if slot >= 0 && r.values()[slot] != nil {
				return r.values()[slot]
			}
		}
		return nil
	}
}

func slotNamed(attributes []Attribute, name string) int {
	return slices.IndexFunc(attributes, func(a Attribute) bool { return a.Name == name })
}

// without drops columns for which the format has a place of its own.
func without(columns []column, names ...string) []column {
	return slices.DeleteFunc(columns, func(c column) bool { return slices.Contains(names, c.Name) })
}

// readWeight takes the weight of an edge from its own place in the format.
func readWeight(m map[string]any, weight string) {
	if weight != "" && m[weightName] == nil {
		m[weightName] = json.Number(weight)
	}
}

// dropWeight takes out a weight that only repeats the strength, be it 3 or 3.0.
func dropWeight(m map[string]any) {
	if m[weightName] == nil || m[strengthName] == nil {
		return
	}
	weight, err := valueOf(RealValue, m[weightName])
	strength, err2 := valueOf(RealValue, m[strengthName])
	if err == nil && err2 == nil && weight == strength {
		delete(m, weightName)
	}
}

package neo4j

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// seesAll is the condition that the viewer may know of a node of one of the kinds:
// of a statement and a log entry by what they are about, too.
func (c *compiler) seesAll(n string, kinds []*network.Kind) string {
	conds := []string{c.sees(n)}
	if conds[0] == "" {
		return ""
	}
	for _, k := range kinds {
		about := ""
		switch {
		case k.Log:
			about = c.seesEntry(n)
		case k.Name == network.ClaimRecord:
			about = c.seesStatement(n)
		default:
			continue
		}
		if len(kinds) > 1 {
			about = "(NOT " + hasLabel(n, []*network.Kind{k}) + " OR " + about + ")"
		}
		conds = append(conds, about)
	}
	return allOf(conds)
}

// seesOf is seesAll for statements and entries that were reached from the record
// they are about, which is seen.
func (c *compiler) seesOf(n string, k *network.Kind, from scope) string {
	if k.Name != network.ClaimRecord || from.mayBe(network.ClaimRecord) {
		return c.seesAll(n, []*network.Kind{k})
	}
	return allOf([]string{c.sees(n), c.notPersonal(n)})
}

// seesStatement is the condition for what a node :Claim is about. One statement
// about another is for administrators.
func (c *compiler) seesStatement(n string) string {
	x := c.fresh("x")
	return bracketed(allOf([]string{c.notPersonal(n), c.seesID(n+".record", x, "NOT "+x+":"+network.ClaimRecord)}))
}

// notPersonal is the condition that a statement is not about a field that the
// viewer may not read.
func (c *compiler) notPersonal(n string) string {
	if c.viewer.ReadsPersonal() {
		return ""
	}
	return "NOT coalesce(" + n + ".field IN " + c.param(network.PersonalNames()) + ", false)"
}

// seesEntry is the condition for the record of a log entry, as it is now, and for
// what the entry must not be known without.
func (c *compiler) seesEntry(n string) string {
	x, p := c.fresh("x"), c.fresh("p")
	conds := []string{c.seesID(n+".record", x, c.seenNode(x))}
	if !c.viewer.ReadsPersonal() {
		conds = append(conds, n+"."+personalProperty+" IS NULL")
	}
	party := c.fresh("x")
	conds = append(conds, "("+n+"."+partiesProperty+" IS NULL OR all("+p+" IN "+n+"."+partiesProperty+" WHERE "+c.seesID(p, party, c.seenNode(party))+"))")
	return bracketed(allOf(conds))
}

// seesID is the condition that the viewer sees the record with an ID, node or
// tie; node is one more about the node, whose variable is x.
func (c *compiler) seesID(id, x, node string) string {
	if c.sees(x) == "" {
		return "true"
	}
	r, s, o := c.fresh("r"), c.fresh("s"), c.fresh("o")
	return "(EXISTS { MATCH (" + x + ":" + recordLabel + " {id: " + id + "}) WHERE " + allOf([]string{c.sees(x), node}) +
		" } OR EXISTS { MATCH (" + s + ")-[" + r + ":" + allTieTypes + "]->(" + o + ") WHERE " + r + ".id = " + id + " AND " +
		allOf([]string{c.sees(r), c.sees(s), c.sees(o)}) + " })"
}

// state is the record before or after a log entry, with what it leads to that the
// viewer does not see.
func (c *compiler) state(f *network.Field, s scope) string {
	prop := s.v + "." + f.Name
	hidden := "[]"
	if c.sees(s.v) != "" {
		id, x := c.fresh("i"), c.fresh("x")
		hidden = "[" + id + " IN coalesce(" + s.v + "." + refsProperty + ", []) WHERE NOT " + c.seesID(id, x, c.seenNode(x)) + "]"
	}
	return "CASE WHEN " + prop + " IS NULL THEN null ELSE [" + prop + ", " + hidden + "] END"
}

// seenNode is what seesID needs to know of a node that may be a statement.
func (c *compiler) seenNode(x string) string {
	return "(NOT " + x + ":" + network.ClaimRecord + " OR " + c.seesStatement(x) + ")"
}

// leadingTo is the ID in a RecordID field, null where the viewer does not see the
// record. What a statement or an entry is about is seen with it.
func (c *compiler) leadingTo(f *network.Field, s scope) string {
	v := c.value(f, s)
	if c.sees(s.v) == "" || !slices.ContainsFunc(s.kinds, func(k *network.Kind) bool { return k.Kept && k.Field(f.Name) != nil }) {
		return v
	}
	x := c.fresh("x")
	return "CASE WHEN " + c.seesID(s.v+"."+f.Name, x, c.seenNode(x)) + " THEN " + v + " END"
}

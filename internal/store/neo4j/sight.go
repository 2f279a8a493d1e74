package neo4j

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// seesAll is the condition that the viewer may know of a node of one of the kinds:
// of a statement and a log entry by what they are about, too.
func (c *compiler) seesAll(n string, kinds []*network.Kind) string {
	conds := []string{c.sees(n)}
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

// seesLogged is seesAll for the log as it is kept: whoever sees every record reads
// all of it, what was withheld since included.
func (c *compiler) seesLogged(n string) string {
	if c.sees(n) == "" {
		return ""
	}
	return c.seesAll(n, []*network.Kind{network.MustKind(network.ChangeRecord)})
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
	return bracketed(allOf([]string{c.notPersonal(n), c.seesID(n+".record", x, noStatement(x))}))
}

// notPersonal is the condition that a statement is not about a field that the
// viewer may not read, or nobody may.
func (c *compiler) notPersonal(n string) string {
	personal := "coalesce(" + n + ".field IN " + c.param(network.PersonalNames()) + ", false)"
	if !c.viewer.ReadsPersonal() {
		return "NOT " + personal
	}
	return "NOT (" + personal + " AND " + c.shutAt(n+".record") + ")"
}

// seesEntry is the condition for the record of a log entry, as it is now, and for
// what the entry must not be known without: what a statement is about stands among
// its parties.
func (c *compiler) seesEntry(n string) string {
	p := c.fresh("p")
	parties := n + "." + partiesProperty
	personal := n + "." + personalProperty + " IS NULL"
	if c.viewer.ReadsPersonal() {
		personal = "(" + personal + " OR none(" + p + " IN " + parties + " WHERE " + c.shutAt(p) + "))"
	}
	if c.sees(n) == "" {
		return personal
	}
	x, y := c.fresh("x"), c.fresh("x")
	return bracketed(allOf([]string{c.seesID(n+".record", x, "(NOT "+x+":"+network.ClaimRecord+" OR "+c.notPersonal(x)+")"), personal,
		"(" + parties + " IS NULL AND NOT " + hasParties(n) + " OR all(" + p + " IN " + parties + " WHERE " + c.seesID(p, y, noStatement(y)) + "))"}))
}

// hasParties is the condition that a log entry is of a kind that has parties: one
// without them is of a server of an older model, and told to nobody who does not
// see every record.
func hasParties(n string) string {
	return "coalesce(" + n + "." + beforeKindProperty + ", " + n + ".recordKind) IN ['" + network.TieRecord + "', '" + network.ClaimRecord + "']"
}

// shut is the condition that consent to the use of the personal fields of a node
// has ended, by the day of the server.
func shut(n string) string {
	return "coalesce(" + n + "." + consentEnds + " <= date({timezone: 'Asia/Tokyo'}), false)"
}

// shutAt is shut for the record with an ID.
func (c *compiler) shutAt(id string) string {
	x := c.fresh("x")
	return "EXISTS { MATCH (" + x + ":" + recordLabel + " {id: " + id + "}) WHERE " + shut(x) + " }"
}

// withheld is the condition that nobody may read a field, "" when that cannot be.
func withheld(f *network.Field, s scope) string {
	if s.tie || !f.Withheld() || !slices.ContainsFunc(s.kinds, func(k *network.Kind) bool { return k.Is(network.IndividualInterface) || k.Kept }) {
		return ""
	}
	return shut(s.v)
}

func notWithheld(f *network.Field, s scope) string {
	if cond := withheld(f, s); cond != "" {
		return "NOT " + cond
	}
	return ""
}

// seesID is the condition that the viewer sees the record with an ID, node or
// tie; node is one more about the node, whose variable is x.
func (c *compiler) seesID(id, x, node string) string {
	if c.sees(x) == "" {
		return ""
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
		hidden = "[" + id + " IN coalesce(" + s.v + "." + refsProperty + ", []) WHERE NOT " + c.seesID(id, x, noStatement(x)) + "]"
	}
	return "CASE WHEN " + prop + " IS NULL THEN null ELSE [" + prop + ", " + hidden + ", " + c.shutAt(s.v+".record") + "] END"
}

// noStatement is the condition that a node is no statement: what leads to one is for
// administrators.
func noStatement(x string) string { return "NOT " + x + ":" + network.ClaimRecord }

// leadingTo is the ID in a RecordID field, null where the viewer does not see the
// record. What a statement or an entry is about is seen with it.
func (c *compiler) leadingTo(f *network.Field, s scope) string {
	v := c.value(f, s)
	if c.sees(s.v) == "" || !slices.ContainsFunc(s.kinds, func(k *network.Kind) bool { return k.Kept && k.Field(f.Name) != nil }) {
		return v
	}
	x := c.fresh("x")
	return "CASE WHEN " + c.seesID(s.v+"."+f.Name, x, noStatement(x)) + " THEN " + v + " END"
}

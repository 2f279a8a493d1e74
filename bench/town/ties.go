package town

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// outward is how many ties lead to another municipality.
const outward = 0.06

// end is one end of a tie.
type end struct {
	id   network.ID
	part part
}

// pair is a tie that there is: a municipality has none twice.
type pair struct {
	kind string
	a, b network.ID
}

// ties streams the ties that come with the order of things, then as many free
// ones as are left.
func (b *builder) ties() {
	t := &tying{builder: b, seen: map[pair]bool{}}
	t.given()
	for t.n < b.count[tie] && !b.stopped {
		t.free()
	}
}

type tying struct {
	*builder
	n    int
	seen map[pair]bool
}

// given are the ties of which there is one by rule.
func (t *tying) given() {
	government := end{t.id(government, 0), government}
	for n := range t.count[section] {
		t.tie("PART_OF", end{t.id(section, n), section}, government)
	}
	for n := range t.count[school] {
		s := end{t.id(school, n), school}
		t.tie("ESTABLISHED_BY", s, government)
		t.tie("SUPERVISES", end{t.id(board, 0), board}, s)
	}
	for n := range t.count[company] {
		if t.chance(0.3) {
			t.tie("MEMBER_OF", end{t.id(company, n), company}, end{t.id(chamber, 0), chamber})
		}
	}
	for n := range t.count[person] {
		id, p := t.party(t.organization())
		t.tie("EMPLOYS", end{id, p}, end{t.id(person, n), person})
	}
}

// free is a tie between somebody who has many and somebody who has a few.
func (t *tying) free() {
	a, b := t.somebody(t.layout, 3), t.somebody(t.layout, 2)
	if t.index > 0 && t.chance(outward) {
		// An earlier municipality: what a tie leads to comes before it.
		b = t.somebody(&t.towns[t.skewed(t.index, 2)], 3)
	}
	if t.chance(0.5) {
		a, b = b, a
	}
	if a.id != b.id {
		t.tie(t.kindBetween(a.part, b.part), a, b)
	}
}

// somebody draws a stakeholder; the greater the power, the more often the same
// few, who are of all parts.
func (t *tying) somebody(l *layout, power int) end {
	const scatter = 1_000_003 // a prime above the number of stakeholders of any municipality
	n := l.stakeholders()
	id, p := l.party(int(uint64(t.skewed(n, power)) * scatter % uint64(n)))
	return end{id, p}
}

// Kinds of free ties, the frequent ones several times.
var (
	amongPeople        = []string{"KNOWS", "KNOWS", "KNOWS", "KNOWS", "COLLABORATES_WITH", "CONSULTS", "ADVISES"}
	amongOrganizations = []string{"COLLABORATES_WITH", "COLLABORATES_WITH", "COLLABORATES_WITH", "SUPPORTS", "COMMISSIONS", "FUNDS", "REFERS_TO", "HOSTS"}
	toPeople           = []string{"KNOWS", "KNOWS", "SUPPORTS", "HOSTS", "CONSULTS", "COLLABORATES_WITH"}
	toOrganizations    = []string{"KNOWS", "KNOWS", "SUPPORTS", "ADVISES", "COLLABORATES_WITH"}
	terms              = []string{"COMMISSIONS", "FUNDS", "HOSTS", "SUPPORTS"} // end at times
)

// isPerson tells people from organisations and facilities.
func isPerson(p part) bool { return p == person || p == consultant }

func (t *tying) kindBetween(a, b part) string {
	switch {
	case isPerson(a) && isPerson(b):
		return pick(t.r, amongPeople)
	case isPerson(a) || a == facility: // a facility commissions nothing
		return pick(t.r, toOrganizations)
	case isPerson(b):
		return pick(t.r, toPeople)
	}
	return pick(t.r, amongOrganizations)
}

func (t *tying) tie(kind string, from, to end) {
	p := pair{kind, from.id, to.id}
	if network.TieKindOf(kind).Mutual && to.id < from.id {
		p.a, p.b = p.b, p.a
	}
	if t.seen[p] || t.n >= t.count[tie] {
		return
	}
	t.seen[p] = true
	fields := map[string]any{"kind": kind, "subject": from.id, "object": to.id, "strength": int64(5 - t.skewed(5, 2)), "from": some(t.r, 2008, lastYear-3)}
	if t.chance(0.6) {
		fields["lastContact"] = some(t.r, lastYear-3, lastYear)
	}
	if t.chance(0.25) && slices.Contains(terms, kind) {
		fields["until"] = april(lastYear - t.r.IntN(3))
	}
	if t.chance(0.5) {
		fields["status"] = pick(t.r, []string{"CONFIRMED", "CONFIRMED", "REPORTED", "DISPUTED"})
	}
	if t.chance(0.02) {
		fields["doNotAsk"] = true
	}
	if t.chance(0.03) {
		fields["visibility"] = "COORDINATORS"
	}
	t.add(tie, t.n, network.TieRecord, fields)
	t.n++
}

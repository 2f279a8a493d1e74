package town

import "github.com/musubi-map/musubi/internal/network"

// The parts of a municipality in the order in which they are streamed, but for
// ties, which come last.
type part int

const (
	area part = iota
	government
	chamber
	board
	section
	school
	company
	council
	nonProfit
	facility
	person
	consultant
	post
	occupancy
	initiative
	activity
	role
	need
	offer
	tie
	parts
)

// kindOf is the kind of the stakeholders of a part.
var kindOf = map[part]string{
	government: "OtherOrganization", chamber: "OtherOrganization", board: "CityDepartment", section: "CityDepartment", school: "School",
	company: "Company", council: "Council", nonProfit: "OtherOrganization", facility: "Facility", person: "Person", consultant: "CareerConsultant",
}

// What there is of some parts for each of others.
const (
	postsEach       = 2 // of each section and school
	seats           = 6 // of each council
	activitiesEach  = 6 // of each initiative
	rolesEach       = 22
	occupanciesEach = 2 // of each post: the holder before, the holder now
)

// layout says how many records of each part a municipality has, and where their
// numbers begin.
type layout struct {
	first uint64
	count [parts]int
	from  [parts + 1]int // first number of the part, from the beginning of the municipality
}

func layOut(s *shares, i int, first uint64) layout {
	l := layout{first: first}
	for p, nation := range map[part]int{section: sections, school: schools, company: companies, council: councils, nonProfit: nonProfits, facility: facilities,
		person: people, consultant: consultants, initiative: initiatives, need: wants, offer: wants, tie: ties} {
		l.count[p] = s.of(nation, i)
	}
	l.count[area], l.count[government], l.count[chamber], l.count[board] = 1, 1, 1, 1
	l.count[post] = postsEach*(l.count[section]+l.count[school]) + seats*l.count[council]
	l.count[occupancy] = occupanciesEach * l.count[post]
	l.count[activity] = activitiesEach * l.count[initiative]
	l.count[role] = rolesEach * l.count[initiative]
	for p := range parts {
		l.from[p+1] = l.from[p] + l.count[p]
	}
	return l
}

func (l *layout) size() uint64 { return uint64(l.from[parts]) }

// id is the ID of the nth record of a part.
func (l *layout) id(p part, n int) network.ID { return idAt(l.first + uint64(l.from[p]+n)) }

// stakeholders is how many parties the municipality has.
func (l *layout) stakeholders() int { return l.from[consultant+1] - l.from[government] }

// party is one of them: its ID, and the part it belongs to.
func (l *layout) party(n int) (network.ID, part) {
	n += l.from[government]
	p := government
	for n >= l.from[p+1] {
		p++
	}
	return idAt(l.first + uint64(n)), p
}

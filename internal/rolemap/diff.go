package rolemap

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Placed is a role with the activity it is on, "" for a function.
type Placed struct {
	Role
	Activity network.ID
}

// Moved is a responsibility or function that passed from one holder to another.
type Moved struct {
	Activity   network.ID
	Is         string // the responsibility or function
	From, Into Role
}

// Diff is what changed in the division between two days. Roles that do not
// count are left out.
type Diff struct {
	Begun, Ended               []Placed
	Moved                      []Moved // neither in Begun nor in Ended
	ActivitiesNew              []network.ID
	ActivitiesGone             []network.ID
	NewFindings, GoneFindings  []Finding
	CoverageThen, CoverageSoon Coverage
}

// Compare holds the division as it was against the one that came after. A role
// that ended is Moved when exactly one began in the same place with the same
// responsibility, and the other way round, and that one has another holder.
func Compare(before, after Input) Diff {
	was, is := placed(before), placed(after)
	var d Diff
	for _, p := range is {
		if !has(was, p.ID) {
			d.Begun = append(d.Begun, p)
		}
	}
	for _, p := range was {
		if !has(is, p.ID) {
			d.Ended = append(d.Ended, p)
		}
	}
	d.pairMoved()
	d.ActivitiesNew = missingFrom(before, after)
	d.ActivitiesGone = missingFrom(after, before)
	a, b := Build(before), Build(after)
	d.CoverageThen, d.CoverageSoon = a.Coverage, b.Coverage
	d.NewFindings, d.GoneFindings = beyond(b, a), beyond(a, b)
	return d
}

func placed(in Input) []Placed {
	var out []Placed
	each(in, func(activity network.ID, r Role) { out = append(out, Placed{r, activity}) })
	return out
}

func has(ps []Placed, id network.ID) bool {
	return slices.ContainsFunc(ps, func(p Placed) bool { return p.ID == id })
}

// place is where a role stands and what it is.
func (p Placed) place() [2]string {
	return [2]string{string(p.Activity), p.Responsibility + p.Function}
}

// pairMoved takes what passed to another holder out of Begun and Ended.
func (d *Diff) pairMoved() {
	begun, ended := byPlace(d.Begun), byPlace(d.Ended)
	moved := func(p Placed) bool {
		was, is := ended[p.place()], begun[p.place()]
		return len(was) == 1 && len(is) == 1 && was[0].Holder.ID != is[0].Holder.ID
	}
	for _, p := range d.Ended {
		if moved(p) {
			d.Moved = append(d.Moved, Moved{p.Activity, p.Responsibility + p.Function, p.Role, begun[p.place()][0].Role})
		}
	}
	d.Ended = slices.DeleteFunc(d.Ended, moved)
	d.Begun = slices.DeleteFunc(d.Begun, moved)
}

func byPlace(ps []Placed) map[[2]string][]Placed {
	out := map[[2]string][]Placed{}
	for _, p := range ps {
		out[p.place()] = append(out[p.place()], p)
	}
	return out
}

// missingFrom lists the activities of b that a lacks.
func missingFrom(a, b Input) []network.ID {
	var out []network.ID
	for _, x := range b.Activities {
		if !slices.ContainsFunc(a.Activities, func(y Activity) bool { return y.ID == x.ID }) {
			out = append(out, x.ID)
		}
	}
	return out
}

// beyond lists the findings of a that b does not have.
func beyond(a, b Map) []Finding {
	var out []Finding
	for _, f := range a.Findings() {
		if !slices.ContainsFunc(b.Findings(), f.same) {
			out = append(out, f)
		}
	}
	return out
}

// same tells whether two findings are about the same thing. A finding of one
// role is about that role; one of several is about the activity, and which roles
// they are may differ.
func (f Finding) same(g Finding) bool {
	return f.Rule == g.Rule && f.Activity == g.Activity && f.Function == g.Function && f.Party == g.Party &&
		(len(f.Roles) != 1 || slices.Equal(f.Roles, g.Roles))
}

// Findings lists gaps, overlaps and conflicts.
func (m Map) Findings() []Finding { return slices.Concat(m.Gaps, m.Overlaps, m.Conflicts) }

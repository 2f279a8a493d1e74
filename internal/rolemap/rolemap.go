// Package rolemap works out who does what and what hangs on whom: the role map
// of an initiative, whom to ask, what breaks when somebody is transferred, which
// parties are due to be heard. It is pure: it is given records as of a day and
// answers the same on every store.
//
// Whatever is ranked is ranked by a documented score, ties by ID, and every
// entry carries the [Reason]s that made its score.
package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Holder is what holds a role: a stakeholder or a post.
type Holder struct {
	ID   network.ID
	Kind string
	// Body is the party the role counts for: the holder itself, or the
	// organisation of the post. Empty when the viewer may not see it.
	Body network.ID
	// Vacant tells of a post that nobody holds; Expired of one that has ended.
	Vacant, Expired bool
	// Staff is how many people work there; nil when not known.
	Staff *int64
}

// Role is a role assignment that holds on the day.
type Role struct {
	ID             network.ID
	Holder         Holder
	Responsibility string // of an activity, else ""
	Function       string // in the initiative, else ""
	Status         string // of RoleStatusEnum
}

// Counts tells whether the role is part of the division as it stands. A
// proposal is shown, but closes no gap and makes no overlap.
func (r Role) Counts() bool { return r.Status != "PROPOSED" }

// Carries tells of a responsible or accountable role that counts.
func (r Role) Carries() bool {
	return r.Counts() && (r.Responsibility == "RESPONSIBLE" || r.Responsibility == "ACCOUNTABLE")
}

// Unheld tells of a post that nobody holds, or that has ended.
func (h Holder) Unheld() bool { return h.Vacant || h.Expired }

// shaky tells of a responsible or accountable role that nobody fills, or about
// which the parties disagree.
func (r Role) shaky() bool { return r.Carries() && (r.Holder.Unheld() || r.Status == "DISPUTED") }

// Activity is one row: its roles in order of ID.
type Activity struct {
	ID    network.ID
	Type  string // of ActivityTypeEnum, or ""
	Roles []Role
}

// Input is the initiative as of a day.
type Input struct {
	InitiativeType string
	Activities     []Activity // in the order of the map
	Functions      []Role
	Parties        []network.ID
}

// WithProposals is the initiative as it would be if every proposal were agreed.
func (in Input) WithProposals() Input {
	agree := func(roles []Role) []Role {
		out := slices.Clone(roles)
		for i := range out {
			if out[i].Status == "PROPOSED" {
				out[i].Status = "AGREED"
			}
		}
		return out
	}
	out := in
	out.Functions = agree(in.Functions)
	out.Activities = slices.Clone(in.Activities)
	for i := range out.Activities {
		out.Activities[i].Roles = agree(in.Activities[i].Roles)
	}
	return out
}

// Finding is what a rule found: the rule, and the record it is about.
type Finding struct {
	Rule     *Rule
	Activity network.ID   // "" when it is about the initiative as a whole
	Function string       // the function that is missing
	Party    network.ID   // the party without a role
	Roles    []network.ID // the roles concerned

	text Text // in place of the message of the rule
}

// Message says what was found.
func (f Finding) Message() Text {
	if f.text != (Text{}) {
		return f.text
	}
	return f.Rule.Message
}

// Load is what one holder carries.
type Load struct {
	Holder                   Holder
	Responsible, Accountable int
}

// Coverage counts the activities that are in order.
type Coverage struct {
	Activities      int
	WithResponsible int // at least one R
	WithAccountable int // exactly one A
	Complete        int // both
	Sound           int // both, none of a vacant post, none disputed
}

// Share is Complete over Activities, in 0…1; false when there are none.
func (c Coverage) Share() (float64, bool) { return c.of(c.Complete) }

// SoundShare is Sound over Activities, in 0…1; false when there are none.
func (c Coverage) SoundShare() (float64, bool) { return c.of(c.Sound) }

func (c Coverage) of(n int) (float64, bool) {
	return float64(n) / float64(max(c.Activities, 1)), c.Activities > 0
}

// Map is the answer.
type Map struct {
	Gaps, Overlaps, Conflicts []Finding // by rule, then in the order of the map
	Load                      []Load    // heaviest first, then by ID
	Coverage                  Coverage
}

// Build applies the rules.
func Build(in Input) Map {
	var m Map
	for i := range Rules {
		rule := &Rules[i]
		for _, f := range rule.find(in) {
			f.Rule = rule
			switch rule.Class {
			case Gap:
				m.Gaps = append(m.Gaps, f)
			case Overlap:
				m.Overlaps = append(m.Overlaps, f)
			case Conflict:
				m.Conflicts = append(m.Conflicts, f)
			}
		}
	}
	m.Load, m.Coverage = load(in), coverage(in)
	return m
}

// load is by holder; who may not be seen is left out, for those roles may be of
// different ones.
func load(in Input) []Load {
	at := map[network.ID]int{}
	var out []Load
	for _, a := range in.Activities {
		for _, r := range a.Roles {
			if !r.Carries() || r.Holder.ID == "" {
				continue
			}
			i, known := at[r.Holder.ID]
			if !known {
				i = len(out)
				at[r.Holder.ID] = i
				out = append(out, Load{Holder: r.Holder})
			}
			if r.Responsibility == "RESPONSIBLE" {
				out[i].Responsible++
			} else {
				out[i].Accountable++
			}
		}
	}
	slices.SortFunc(out, func(a, b Load) int {
		return cmp.Or(cmp.Compare(b.Responsible+b.Accountable, a.Responsible+a.Accountable), cmp.Compare(a.Holder.ID, b.Holder.ID))
	})
	return out
}

func coverage(in Input) Coverage {
	c := Coverage{Activities: len(in.Activities)}
	for _, a := range in.Activities {
		r, one := len(a.with("RESPONSIBLE")) > 0, len(a.with("ACCOUNTABLE")) == 1
		c.WithResponsible += count(r)
		c.WithAccountable += count(one)
		c.Complete += count(r && one)
		c.Sound += count(r && one && !slices.ContainsFunc(a.Roles, Role.shaky))
	}
	return c
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// filled tells whether somebody is there for a responsibility: one role at least
// that counts and is not of a vacant post.
func (a Activity) filled(responsibility string) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool {
		return r.Counts() && r.Responsibility == responsibility && !r.Holder.Unheld()
	})
}

// with lists the roles on the activity that count, of one responsibility.
func (a Activity) with(responsibility string) []network.ID {
	var out []network.ID
	for _, r := range a.Roles {
		if r.Counts() && r.Responsibility == responsibility {
			out = append(out, r.ID)
		}
	}
	return out
}

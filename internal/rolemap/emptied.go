package rolemap

import "github.com/musubi-map/musubi/internal/network"

// Borne is a role with the people and bodies it rests on.
type Borne struct {
	Placed
	// Initiative is that of the activity, or that the function is in.
	Initiative network.ID
	// People hold the post that has the role, on the day; none for a role that a
	// stakeholder holds itself.
	People []network.ID
}

// stands tells whether the role is filled when some stakeholders are gone.
func (b Borne) stands(gone map[network.ID]bool) bool {
	switch {
	case gone[b.Holder.Body], gone[b.Holder.ID], b.Holder.Expired:
		return false
	case b.Holder.Kind != "Post":
		return true
	}
	for _, p := range b.People {
		if !gone[p] {
			return true
		}
	}
	return false
}

// duty is what several roles may fill: one responsibility on an activity, or a
// function in an initiative.
func (b Borne) duty() [3]string {
	return [3]string{string(b.Activity), string(b.Initiative), b.Responsibility + b.Function}
}

// Emptied are the roles that stand now and not without some stakeholders, where
// nobody else fills the same duty: responsible and accountable roles on
// activities and functions in initiatives, proposals left out. In the order
// given.
func Emptied(roles []Borne, gone map[network.ID]bool) []Borne {
	filled := map[[3]string]bool{}
	for _, r := range roles {
		if r.Counts() && r.stands(gone) {
			filled[r.duty()] = true
		}
	}
	var out []Borne
	for _, r := range roles {
		if (r.Carries() || r.Counts() && r.Function != "") && r.stands(nil) && !filled[r.duty()] {
			out = append(out, r)
		}
	}
	return out
}

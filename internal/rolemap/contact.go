package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Appearance is a party in one initiative: the roles that count for it, and
// whether it is listed as a party.
type Appearance struct {
	Initiative network.ID
	Party      bool
	Roles      []Role
}

// ContactPoint is a party that appears in several initiatives.
type ContactPoint struct {
	Party       network.ID
	Appearances []Appearance // in the order of the initiatives
}

// Named is an initiative with its ID.
type Named struct {
	ID network.ID
	Input
}

// ContactPoints lists the parties, without those in except, that appear in at
// least two of the initiatives, whether as a party or by a role: those in most
// initiatives first, then those with most roles, then by ID. A role of a post
// counts for its organisation.
func ContactPoints(initiatives []Named, except ...network.ID) []ContactPoint {
	at := map[network.ID]int{}
	var points []ContactPoint
	appear := func(party, initiative network.ID) *Appearance {
		i, known := at[party]
		if !known {
			i = len(points)
			at[party] = i
			points = append(points, ContactPoint{Party: party})
		}
		as := &points[i].Appearances
		if n := len(*as); n == 0 || (*as)[n-1].Initiative != initiative {
			*as = append(*as, Appearance{Initiative: initiative})
		}
		return &(*as)[len(*as)-1]
	}
	for _, in := range initiatives {
		for _, p := range in.Parties {
			appear(p, in.ID).Party = true
		}
		each(in.Input, func(_ network.ID, r Role) {
			if r.Holder.Body != "" {
				a := appear(r.Holder.Body, in.ID)
				a.Roles = append(a.Roles, r)
			}
		})
	}
	points = slices.DeleteFunc(points, func(p ContactPoint) bool {
		return len(p.Appearances) < 2 || slices.Contains(except, p.Party)
	})
	slices.SortFunc(points, func(a, b ContactPoint) int {
		return cmp.Or(cmp.Compare(len(b.Appearances), len(a.Appearances)), cmp.Compare(b.roles(), a.roles()), cmp.Compare(a.Party, b.Party))
	})
	return points
}

func (p ContactPoint) roles() int {
	n := 0
	for _, a := range p.Appearances {
		n += len(a.Roles)
	}
	return n
}

package answer

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Handover is what hangs on a person who leaves on a day, as it stands on the
// eve. It is an error for Q.AsOf not to be before the day.
func (q *Question) Handover(person network.ID, on network.Date) (*Answer, error) {
	if q.AsOf >= on {
		return nil, network.Errorf(network.InvalidDate, "asOf must be before the day of leaving").At("asOf")
	}
	l, revision, err := q.leavers(person)
	if err != nil {
		return nil, err
	}
	row := l.people[person]
	if !row.Found() {
		return nil, notFound("person", "person")
	}
	everything := func(network.ID, network.Span) bool { return true }
	return answer(revision, "Handover", l.values(row, on, planned{}, everything))
}

// planned is a transfer that may not be written yet.
type planned struct {
	takers map[network.ID][]network.ID // by post
	ended  map[network.ID]bool         // occupancies that end
}

// values lays out what hangs on one of the people.
func (l *leavers) values(row ask.Row, on network.Date, moves planned, leaves func(network.ID, network.Span) bool) map[string]any {
	in := l.leaving(row, on, moves, leaves)
	h := rolemap.HandOver(in)
	return map[string]any{
		"person": held(in.Person, network.IndividualInterface), "on": on.String(), "summary": localized(summary(h)),
		"posts": list(h.Posts, func(p rolemap.PostHandover) any {
			return object("HandoverPost", map[string]any{
				"post": held(p.Post, "Post"), "occupancy": held(p.Occupancy, "Occupancy"), "onBehalfOf": held(p.OnBehalfOf, network.OrganizationInterface),
				"roles": list(p.Roles, handoverRole), "successor": held(p.Successor, network.IndividualInterface), "shared": p.Shared, "vacant": p.Vacant(),
			})
		}),
		"roles": list(h.Roles, handoverRole),
		"ties": list(h.Contacts, func(c rolemap.Contact) any {
			return object("HandoverTie", map[string]any{
				"tie": held(c.Tie, network.TieRecord), "party": held(c.Party, network.StakeholderInterface),
				"onlyContact": len(c.KnownBy) == 0, "knownBy": holds(c.KnownBy, network.StakeholderInterface),
			})
		}),
		"offers": holds(row.IDs("offers"), "Offer"), "needs": holds(row.IDs("needs"), "Need"), "hearings": holds(row.IDs("hearings"), "Hearing"),
		"couldTakeOver": list(h.Takeovers, func(t rolemap.Takeover) any {
			return object("Takeover", map[string]any{"person": held(t.Person, network.IndividualInterface), "score": number(t.Score), "reasons": reasons(t.Reasons)})
		}),
	}
}

func handoverRole(p rolemap.Placed) any {
	return object("HandoverRole", map[string]any{"activity": held(p.Activity, "Activity"), "role": held(p.ID, "RoleAssignment")})
}

func summary(h rolemap.Handover) rolemap.Text {
	roles, vacant, only := len(h.Roles), 0, 0
	for _, p := range h.Posts {
		roles += len(p.Roles)
		if p.Vacant() {
			vacant++
		}
	}
	for _, c := range h.Contacts {
		if len(c.KnownBy) == 0 {
			only++
		}
	}
	return rolemap.Textf("%d posts (%d left vacant), %d roles, %d ties (%d that nobody else keeps)",
		"役職%d件（うち後任なし%d件）、役割%d件、つながり%d件（うち本人だけのもの%d件）", len(h.Posts), vacant, roles, len(h.Contacts), only)
}

package answer

import (
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// Transferred lays out what a transfer did, or would do: the handover of each
// leaver as of the eve, and the posts left vacant. Q.AsOf is the eve.
func (q *Question) Transferred(on network.Date, t *edit.Transferred, dryRun bool) (map[string]any, error) {
	l, _, err := q.leavers(t.Leavers...)
	if err != nil {
		return nil, err
	}
	moves := planned(t.Takers)
	// Besides what is left in the transfer, what ends that day anyway.
	left := func(post network.ID, held network.Span) bool {
		return slices.Contains(t.Left, post) || held.Stop() <= on
	}
	var handovers, vacancies []any
	seen := map[network.ID]bool{}
	for _, id := range t.Leavers {
		if seen[id] || !l.people[id].Found() {
			continue
		}
		seen[id] = true
		h := l.values(l.people[id], on, moves, left)
		h["revision"] = plan.FormatRevision(t.Revision)
		handovers = append(handovers, object("Handover", h))
		for _, p := range h["posts"].([]any) {
			if v := p.(plan.Computed).Values; v["vacant"] == true {
				vacancies = append(vacancies, object("TransferVacancy", map[string]any{"post": v["post"], "roles": v["roles"]}))
			}
		}
	}
	begun := holds(t.Begun, "Occupancy")
	values := map[string]any{"dryRun": dryRun, "ended": holds(t.Ended, "Occupancy"), "begun": begun, "handovers": anys(handovers), "vacancies": anys(vacancies)}
	if dryRun {
		values["begun"] = []any{}
	} else {
		values["revision"] = plan.FormatRevision(t.Revision)
	}
	return values, nil
}

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
	l, revision, err := q.leavers(t.Leavers...)
	if err != nil {
		return nil, err
	}
	values := map[string]any{"dryRun": dryRun, "ended": holds(t.Ended, "Occupancy"), "begun": []any{}}
	if !dryRun {
		revision = t.Revision
		values["begun"], values["revision"] = holds(t.Begun, "Occupancy"), plan.FormatRevision(revision)
	}
	moves := planned{takers: t.Takers, ended: map[network.ID]bool{}}
	for _, o := range t.Ended {
		moves.ended[o] = true
	}
	var handovers, vacancies []any
	vacant := map[any]bool{}
	for i, id := range t.Leavers {
		if slices.Contains(t.Leavers[:i], id) || !l.people[id].Found() {
			continue
		}
		h := l.values(l.people[id], on, moves, leftBy(id, on, t))
		posts := h["posts"].([]any)
		if len(posts) == 0 {
			continue
		}
		h["revision"] = plan.FormatRevision(revision)
		handovers = append(handovers, object("Handover", h))
		for _, p := range posts {
			if v := p.(plan.Computed).Values; v["vacant"] == true && !vacant[v["post"]] {
				vacant[v["post"]] = true
				vacancies = append(vacancies, object("TransferVacancy", map[string]any{"post": v["post"], "roles": v["roles"]}))
			}
		}
	}
	values["handovers"], values["vacancies"] = anys(handovers), anys(vacancies)
	return values, nil
}

// leftBy tells which posts a person leaves for good: in the transfer, or because
// they end that day anyway. Who takes the same post again begins another term.
func leftBy(person network.ID, on network.Date, t *edit.Transferred) func(network.ID, network.Span) bool {
	left := map[network.ID]bool{}
	for i, who := range t.Leavers {
		left[t.Left[i]] = left[t.Left[i]] || who == person
	}
	return func(post network.ID, held network.Span) bool {
		return (left[post] || held.Stop() <= on) && !slices.Contains(t.Takers[post], person)
	}
}

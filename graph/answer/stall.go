package answer

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// maxPredecessors bounds how far back a chain of predecessors is read.
const maxPredecessors = 3

// StallCheck holds the causes that stalled the predecessors of an initiative
// against the initiative as it is. Null when there is no such initiative.
func (q *Question) StallCheck(initiative network.ID) (*Answer, error) {
	sel := divisionSel().One("predecessor", predecessorSel(maxPredecessors))
	a := q.query()
	found := a.ByID(sel, initiative)
	bodies := a.Scan(burdenSel(), ask.Where(withRoleIn(initiative)), ask.By("name"))
	revision, err := q.run(a)
	if err != nil || !found.First().Found() {
		return &Answer{Revision: revision}, err
	}
	in := rolemap.StallInput{Stage: found.First().Str("stage"), Division: division(found.First(), q.AsOf), Burdens: burdens(bodies.Rows())}
	var stalled []any
	for p := found.First().One("predecessor"); p.Found(); p = p.One("predecessor") {
		if s, ok := stalledOf(p); ok {
			in.Predecessors = append(in.Predecessors, s)
			stalled = append(stalled, stalledValue(p, s))
		}
		if !p.Has("predecessor") {
			break
		}
	}
	checks := rolemap.CheckStall(in)
	again := 0
	for _, c := range checks {
		if len(c.Stalled) > 0 && c.Verdict == rolemap.Holds {
			again++
		}
	}
	return answer(revision, "StallCheck", map[string]any{
		"initiative": held(initiative, "Initiative"), "predecessors": anys(stalled), "causesThatHoldAgain": again,
		"causes": list(checks, func(c rolemap.CauseCheck) any {
			var suggestion any
			if c.Suggestion != (rolemap.Text{}) {
				suggestion = localized(c.Suggestion)
			}
			return object("StallCauseCheck", map[string]any{
				"cause": c.Cause, "label": network.StallCauseEnum.Label(c.Cause), "stalled": holds(c.Stalled, "Initiative"),
				"verdict": string(c.Verdict), "reasons": remarks(c.Reasons), "suggestion": suggestion,
			})
		}),
	})
}

func predecessorSel(depth int) *ask.Sel {
	role := ask.Of("RoleAssignment", "function", "responsibility")
	s := ask.Of("Initiative", "stages").
		Many("roles", role, ask.Always()).
		Many("activities", ask.Of("Activity").Many("roles", role, ask.Always()), ask.Always(), ask.By("position"))
	if depth > 1 {
		s.One("predecessor", predecessorSel(depth-1))
	}
	return s
}

// burdenSel is what an organisation carries over all initiatives, itself and
// through its posts.
func burdenSel() *ask.Sel {
	carried := ask.Of("RoleAssignment")
	return ask.Of(network.OrganizationInterface, "staff").
		Count("roles", carried, ask.Where(carries())).
		Many("posts", ask.Of("Post").Count("roles", carried, ask.Where(carries())))
}

// withRoleIn is the condition on organisations to hold a role that counts in the
// initiative, themselves or through a post.
func withRoleIn(initiative network.ID) store.Expr {
	counts := store.Compare{Field: network.MustKind("RoleAssignment").Field("status"), Op: store.NE, Value: "PROPOSED"}
	held := store.And{counts, roleIn(initiative)}
	return store.Or{members("School", "roles", held), members("School", "posts", members("Post", "roles", held))}
}

// roleIn is the condition on roles to be in the initiative, or on an activity of
// it.
func roleIn(initiative network.ID) store.Expr {
	is := store.HasID{IDs: []network.ID{initiative}}
	return store.Or{leadsTo("RoleAssignment", "initiative", is), leadsTo("RoleAssignment", "activity", leadsTo("Activity", "initiative", is))}
}

func burdens(bodies []ask.Row) []rolemap.Burden {
	var out []rolemap.Burden
	for _, body := range bodies {
		b := rolemap.Burden{Body: body.ID(), Carries: body.Count("roles")}
		for _, p := range body.Many("posts") {
			b.Carries += p.Count("roles")
		}
		if n, ok := body.Int("staff"); ok {
			b.Staff = &n
		}
		out = append(out, b)
	}
	return out
}

// stalledOf is false for a predecessor that never stalled.
func stalledOf(p ask.Row) (rolemap.Stalled, bool) {
	for _, s := range p.History("stages") {
		if s.Value == "STALLED" {
			return rolemap.Stalled{Initiative: p.ID(), Causes: strings.FieldsFunc(s.Extra, func(r rune) bool { return r == '|' })}, true
		}
	}
	return rolemap.Stalled{}, false
}

func stalledValue(p ask.Row, s rolemap.Stalled) any {
	before := ""
	for _, stage := range p.History("stages") {
		if stage.Value == "STALLED" {
			break
		}
		before = stage.Value
	}
	var meant []any
	for _, r := range p.Many("roles") {
		if r.Str("function") == "IMPLEMENTER" {
			meant = append(meant, held(r.ID(), "RoleAssignment"))
		}
	}
	for _, a := range p.Many("activities") {
		for _, r := range a.Many("roles") {
			if r.Str("responsibility") == "RESPONSIBLE" {
				meant = append(meant, held(r.ID(), "RoleAssignment"))
			}
		}
	}
	return object("StalledPredecessor", map[string]any{
		"initiative": held(p.ID(), "Initiative"), "stageBefore": orNil(before), "causes": anys(s.Causes), "meantToRun": anys(meant),
	})
}

package answer

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// What is read of the division of roles; opts say when roles and activities must
// hold.

func roleSel(opts ...ask.Option) *ask.Sel {
	return ask.Of("RoleAssignment", "responsibility", "function", "status", "from", "until").One("holder", holderSel(opts...))
}

func holderSel(opts ...ask.Option) *ask.Sel {
	return ask.Of(network.RoleHolder, "staff", "from", "until").
		One("organization", ask.Of(network.StakeholderInterface)).
		Many("occupancies", occupancySel(), opts...)
}

func occupancySel() *ask.Sel {
	return ask.Of("Occupancy", "from", "until").One("person", ask.Of(network.IndividualInterface))
}

func activitySel(opts ...ask.Option) *ask.Sel {
	return ask.Of("Activity", "activityType", "from", "until").Many("roles", roleSel(opts...), opts...)
}

func divisionSel(opts ...ask.Option) *ask.Sel {
	return ask.Of("Initiative", "initiativeType", "stage").
		Many("activities", activitySel(opts...), append([]ask.Option{ask.By("position", "name")}, opts...)...).
		Many("roles", roleSel(opts...), opts...).
		Many("parties", ask.Of(network.StakeholderInterface, "from", "until"), ask.By("name"))
}

// division reads an initiative as of a day. Its records may have been read for a
// longer time: those that do not hold on the day are left out.
func division(row ask.Row, on network.Date) rolemap.Input {
	in := rolemap.Input{InitiativeType: row.Str("initiativeType"), Functions: rolesOf(row, on)}
	for _, p := range row.Many("parties") {
		if p.Span().Holds(on) { // the list has no time of its own
			in.Parties = append(in.Parties, p.ID())
		}
	}
	for _, a := range row.Many("activities") {
		if a.Span().Holds(on) {
			in.Activities = append(in.Activities, rolemap.Activity{ID: a.ID(), Type: a.Str("activityType"), Roles: rolesOf(a, on)})
		}
	}
	return in
}

func rolesOf(row ask.Row, on network.Date) []rolemap.Role {
	var out []rolemap.Role
	for _, r := range row.Many("roles") {
		if r.Span().Holds(on) {
			out = append(out, roleOf(r, on))
		}
	}
	return out
}

func roleOf(r ask.Row, on network.Date) rolemap.Role {
	return rolemap.Role{ID: r.ID(), Responsibility: r.Str("responsibility"), Function: r.Str("function"), Status: r.Str("status"), Holder: holderOf(r.One("holder"), on)}
}

func holderOf(h ask.Row, on network.Date) rolemap.Holder {
	if !h.Found() {
		return rolemap.Holder{}
	}
	out := rolemap.Holder{ID: h.ID(), Kind: h.Kind().Name, Body: h.ID()}
	if out.Kind == "Post" {
		out.Body = h.One("organization").ID()
		out.Expired = !h.Span().Holds(on)
		out.Vacant = len(holdersOf(h, on)) == 0
	}
	if n, ok := h.Int("staff"); ok {
		out.Staff = &n
	}
	return out
}

// holdersOf are the people that hold a post on the day.
func holdersOf(post ask.Row, on network.Date) []network.ID {
	var out []network.ID
	for _, o := range post.Many("occupancies") {
		if p := o.One("person"); p.Found() && o.Span().Holds(on) {
			out = append(out, p.ID())
		}
	}
	return out
}

// carries is the condition of responsible and accountable roles that count.
func carries() store.Expr {
	role := network.MustKind("RoleAssignment")
	return store.And{
		store.Compare{Field: role.Field("responsibility"), Op: store.IN, Value: []any{"RESPONSIBLE", "ACCOUNTABLE"}},
		store.Compare{Field: role.Field("status"), Op: store.NE, Value: "PROPOSED"},
	}
}

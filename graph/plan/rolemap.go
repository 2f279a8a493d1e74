package plan

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
)

// RoleMapPlan loads what the role map of an initiative is worked out from; read
// its answer with RoleMapInput.
func RoleMapPlan(who Asker, asOf network.Date, initiative network.ID) *store.Plan {
	kind := network.MustKind("Initiative")
	root := one(network.Concrete("Initiative"), store.Source{Op: store.ByID, IDs: []network.ID{initiative}},
		value(kind, "initiativeType"),
		child(all("Activity", kind.Collection("activities"), named("Activity"), id, child(all("RoleAssignment", network.MustKind("Activity").Collection("roles"), nil, roleColumns()...)))),
		child(all("RoleAssignment", kind.Collection("roles"), nil, roleColumns()...)),
		child(&store.Collection{Source: store.Source{Op: store.Follow, Hops: []store.Hop{{Kind: kind, Field: kind.Field("parties")}}}, Kinds: network.Concrete(network.StakeholderInterface),
			Order: named("Person"), Rows: true, Shapes: []store.Shape{{Kinds: network.Concrete(network.StakeholderInterface), Columns: []store.Column{id}}}}),
	)
	return &store.Plan{Viewer: who.Viewer, AsOf: asOf, Roots: []*store.Collection{root}}
}

var id = store.Column{Builtin: store.RecordID}

func value(k *network.Kind, name string) store.Column { return store.Column{Field: k.Field(name)} }

func child(c *store.Collection) store.Column { return store.Column{Child: c} }

func one(kinds []*network.Kind, src store.Source, columns ...store.Column) *store.Collection {
	return &store.Collection{Source: src, Kinds: kinds, Ever: true, Single: true, Rows: true, Shapes: []store.Shape{{Kinds: kinds, Columns: columns}}}
}

func all(kind string, c *network.Collection, order []store.Order, columns ...store.Column) *store.Collection {
	kinds := network.Concrete(kind)
	return &store.Collection{Source: collectionSource(c), Kinds: kinds, Order: order, Rows: true, Shapes: []store.Shape{{Kinds: kinds, Columns: columns}}}
}

// named is the default order of a kind.
func named(kind string) []store.Order {
	o, _ := order(network.Concrete(kind), nil)
	return o
}

// roleColumns: id, responsibility, function, status, holder (a stakeholder: id,
// staff; a post: id, until, organisation, holders).
func roleColumns() []store.Column {
	role, post := network.MustKind("RoleAssignment"), network.MustKind("Post")
	holders := network.Concrete(network.RoleHolder)
	var bodies, others []*network.Kind
	for _, k := range holders {
		switch {
		case k.Is(network.OrganizationInterface):
			bodies = append(bodies, k)
		case k != post:
			others = append(others, k)
		}
	}
	stakeholders := append(append([]*network.Kind{}, bodies...), network.MustKind("Facility"))
	holder := &store.Collection{Source: source(role, role.Field("holder")), Kinds: holders, Ever: true, Single: true, Rows: true, Shapes: []store.Shape{
		{Kinds: bodies, Columns: []store.Column{id, value(bodies[0], "staff")}},
		{Kinds: others, Columns: []store.Column{id}},
		{Kinds: []*network.Kind{post}, Columns: []store.Column{id, value(post, "from"), value(post, "until"),
			child(one(stakeholders, source(post, post.Field("organization")), id)),
			child(&store.Collection{Source: collectionSource(post.Collection("holders")), Kinds: network.Concrete(network.IndividualInterface), Total: true})}},
	}}
	return []store.Column{id, value(role, "responsibility"), value(role, "function"), value(role, "status"), child(holder)}
}

// RoleMapInput reads the answer to RoleMapPlan; false when there is no such
// initiative.
func RoleMapInput(r *store.Result, asOf network.Date) (rolemap.Input, bool) {
	row, ok := r.Values[0].([]any)
	if !ok || row == nil {
		return rolemap.Input{}, false
	}
	in := rolemap.Input{InitiativeType: str(row[1]), Functions: rolesIn(row[3], asOf)}
	for _, a := range rowsIn(row[2]) {
		in.Activities = append(in.Activities, rolemap.Activity{ID: network.ID(str(a[1])), Roles: rolesIn(a[2], asOf)})
	}
	for _, p := range rowsIn(row[4]) {
		in.Parties = append(in.Parties, network.ID(str(p[1])))
	}
	return in, true
}

func rolesIn(list any, asOf network.Date) []rolemap.Role {
	var out []rolemap.Role
	for _, row := range rowsIn(list) {
		r := rolemap.Role{ID: network.ID(str(row[1])), Responsibility: str(row[2]), Function: str(row[3]), Status: str(row[4])}
		if h, ok := row[5].([]any); ok && h != nil {
			r.Holder = holderIn(h, asOf)
		}
		out = append(out, r)
	}
	return out
}

func holderIn(row []any, asOf network.Date) rolemap.Holder {
	h := rolemap.Holder{ID: network.ID(str(row[1])), Kind: str(row[0])}
	h.Body = h.ID
	switch {
	case h.Kind == "Post":
		h.Expired = !network.Span{From: dateOf(row[2]), Until: dateOf(row[3])}.Holds(asOf)
		h.Body = ""
		if body, ok := row[4].([]any); ok && body != nil {
			h.Body = network.ID(str(body[1]))
		}
		total, _ := row[5].([]any)[1].(int64)
		h.Vacant = total == 0
	case len(row) > 2:
		if n, ok := row[2].(int64); ok {
			h.Staff = &n
		}
	}
	return h
}

func rowsIn(list any) [][]any {
	rows, _ := list.([]any)[0].([]any)
	out := make([][]any, len(rows))
	for i, r := range rows {
		out[i] = r.([]any)
	}
	return out
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

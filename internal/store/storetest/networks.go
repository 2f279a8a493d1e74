package storetest

import (
	"context"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func fieldsOf(paths ...string) []*network.Field {
	out := make([]*network.Field, len(paths))
	for i, p := range paths {
		out[i] = field(p)
	}
	return out
}

// valuesOf are those of each node, tie and seat, by ID.
func valuesOf(g *store.Subgraph) map[network.ID][]any {
	out := map[network.ID][]any{}
	for _, n := range g.Nodes {
		out[n.ID] = n.Values
	}
	for _, t := range g.Ties {
		out[t.ID] = t.Values
	}
	for _, s := range g.Seats {
		out[s.ID] = s.Values
	}
	return out
}

func testNetworkValues(t *testing.T, r reader) {
	nodes := fieldsOf("Stakeholder.name", "Stakeholder.nameKana", "Stakeholder.area", "School.schoolCode", "Organization.staff", "Person.residence", "Stakeholder.contact")
	more := fieldsOf("Stakeholder.from", "Stakeholder.aliases", "Stakeholder.names", "Stakeholder.visibility", "CareerConsultant.registrationExpires", "CareerConsultant.registrationNumber")
	ties := fieldsOf("Tie.lastContact", "Tie.doNotAsk", "Tie.status", "Tie.confidence", "Tie.from", "Tie.until", "Tie.kind", "Tie.visibility", "Tie.subject", "Stakeholder.name")
	admin, viewer := r.as(network.RoleAdmin), r.as(network.RoleViewer)
	for _, c := range []struct {
		name string
		r    reader
		q    store.SubgraphQuery
		id   network.ID
		want []any
	}{
		{"a school", admin, store.SubgraphQuery{NodeFields: nodes}, "s-east", []any{"東小学校", "ひがししょうがっこう", "area-city", "B120221500026", 30, nil, nil}},
		{"a person", admin, store.SubgraphQuery{NodeFields: nodes}, "p-hana", []any{"架空花子", "かくうはなこ", nil, nil, nil, "area-inn", "hana@example.org"}},
		{"a person, for who may not read personal fields", viewer, store.SubgraphQuery{NodeFields: nodes}, "p-hana", []any{"架空花子", "かくうはなこ", nil, nil, nil, nil, nil}},
		{"a reference to a hidden record", r.as(network.RoleCoordinator), store.SubgraphQuery{NodeFields: fieldsOf("Person.origin")}, "p-taro", []any{nil}},
		{"a reference to a record that is hidden from others", admin, store.SubgraphQuery{NodeFields: fieldsOf("Person.origin")}, "p-taro", []any{"area-secret"}},
		{"a department under its name now", admin, store.SubgraphQuery{NodeFields: nodes}, "d-learn", []any{"学び推進課", "まなびすいしんか", "area-city", nil, 8, nil, "内線 100"}},
		{"a department under its name then", admin.on("2020-06-01"), store.SubgraphQuery{NodeFields: nodes}, "d-learn", []any{"教務課", "きょうむか", "area-city", nil, 8, nil, "内線 100"}},
		{"found at some hop", admin.on("2020-06-01"), store.SubgraphQuery{Centers: []network.ID{"s-inn"}, Hops: 2, NodeFields: nodes}, "s-inn", []any{"宿場中学校", "しゅくばちゅうがっこう", "area-inn", nil, 12, nil, nil}},
		{"every type of field", admin, store.SubgraphQuery{NodeFields: more}, "d-learn", []any{nil, []any{"学推"},
			[]any{[]any{"教務課", "きょうむか", "", "2010-04-01", "2023-04-01"}, []any{"学び推進課", "まなびすいしんか", "", "2023-04-01", ""}}, nil, nil, nil}},
		{"dates as they were given", admin, store.SubgraphQuery{NodeFields: more}, "c-salt", []any{"FY2000", nil, nil, nil, nil, nil}},
		{"a visibility that was given", admin, store.SubgraphQuery{NodeFields: more}, "c-members", []any{nil, nil, nil, "MEMBERS", nil, nil}},
		{"fields of one kind", admin, store.SubgraphQuery{NodeFields: more}, "p-jun", []any{nil, nil, nil, nil, "2026-03-31", "21012345"}},
		{"fields of one kind, one personal", viewer, store.SubgraphQuery{NodeFields: more}, "p-jun", []any{nil, nil, nil, nil, "2026-03-31", nil}},
		{"a tie", admin, store.SubgraphQuery{TieFields: ties}, "t-collab", []any{"2024-01", nil, "CONFIRMED", nil, "2022-02-01", nil, "COLLABORATES_WITH", nil, "s-east", nil}},
		{"a tie of unknown begin, found at a hop", viewer, store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 1, TieFields: ties}, "t-support",
			[]any{nil, true, nil, nil, "unknown", nil, "SUPPORTS", nil, "c-salt", nil}},
		{"a hidden tie", admin, store.SubgraphQuery{TieFields: ties}, "t-hidden", []any{nil, nil, nil, nil, nil, nil, "FUNDS", "COORDINATORS", "c-salt", nil}},
		{"a seat", admin, store.SubgraphQuery{Posts: true, SeatFields: fieldsOf("Occupancy.from", "Occupancy.onBehalfOf", "Occupancy.status")}, "occ-1", []any{"2022-04-01", "c-salt", "CONFIRMED"}},
		{"a seat on behalf of somebody hidden, found at a hop", viewer, store.SubgraphQuery{Centers: []network.ID{"p-hana"}, Hops: 1, Posts: true, SeatFields: fieldsOf("Occupancy.from", "Occupancy.onBehalfOf")},
			"occ-2", []any{"2023-04", nil}},
		{"no values asked for", admin, store.SubgraphQuery{}, "t-collab", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := c.r.network(t, &c.q)
			got, there := valuesOf(g)[c.id]
			if !there {
				t.Fatalf("no %s", c.id)
			}
			checkTypes(t, got)
			same(t, got, c.want)
		})
	}
	t.Run("AFieldOfSeveralRecordsIsRefused", func(t *testing.T) {
		p := r.plan()
		p.Network = &store.SubgraphQuery{NodeFields: fieldsOf("Stakeholder.topics")}
		_, err := r.s.Fetch(context.Background(), p)
		same(t, network.CodeOf(err), network.InvalidValue)
	})
	t.Run("BesideRoots", func(t *testing.T) { networkBesideRoots(t, r) })
}

// networkBesideRoots reads rows, groups and a network in one plan.
func networkBesideRoots(t *testing.T, r reader) {
	p := r.plan(scan("School").order("name").page(2).total().take("id", ties(network.In, "SUPERVISES").take("id")), scan("Company").by(""), byID("topic-edu"))
	alone := r.network(t, &store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 2, NodeFields: fieldsOf("School.name")})
	rows, err := r.s.Fetch(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	p.Network = &store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 2, NodeFields: fieldsOf("School.name")}
	both, err := r.s.Fetch(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	same(t, both.Network, alone)
	same(t, both.Values, rows.Values)
	if rows.Network != nil {
		t.Error("a network that nobody asked for")
	}
	same(t, len(both.Values), 3)
}

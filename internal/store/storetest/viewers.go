package storetest

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// seen is a question with the answer for a viewer, a coordinator and an admin.
type seen struct {
	name                       string
	q                          func() *query
	viewer, coordinator, admin []string
}

func testViewers(t *testing.T, r reader) {
	seesSets(t, r, []seen{
		{"stakeholders", func() *query { return scan("Company", "School") },
			left("c-career", "c-salt", "s-bare", "s-deep", "s-east", "s-inn"),
			left("c-career", "c-members", "c-salt", "s-bare", "s-deep", "s-east", "s-hidden", "s-inn"),
			left("c-admin", "c-career", "c-members", "c-salt", "s-bare", "s-deep", "s-east", "s-hidden", "s-inn")},
		{"records by ID", func() *query { return byID("s-hidden", "c-admin", "occ-4", "s-east") },
			left("s-east"), left("occ-4", "s-east", "s-hidden"), left("c-admin", "occ-4", "s-east", "s-hidden")},
		{"a filter through a hidden tie", func() *query { return scan("Company").where(some(ties(network.Both, "FUNDS"), nil)) },
			nil, left("c-salt"), left("c-salt")},
		{"a filter through a hidden party", func() *query {
			return scan("School").where(some(ties(network.Both), some(party(store.Other), eq("Stakeholder.name", "限定商事"))))
		},
			nil, nil, left("s-inn")},
		{"a filter through a hidden reference", func() *query {
			return scan("Area").where(some(along("Area.parent"), eq("Area.name", "非公開地区")))
		},
			nil, nil, left("area-deep")},
		{"every through a hidden occupancy", func() *query {
			return scan("Person").where(store.And{hasID("p-taro"), none(reached("Individual", "posts"), nil)})
		},
			left("p-taro"), nil, nil},
		{"a filter through a hidden need", func() *query {
			return scan("School").where(some(reached("School", "needs"), eq("Need.topic", "topic-career")))
		},
			left("s-east"), left("s-east"), left("s-east", "s-inn")},
		{"a filter through a hidden claim", func() *query { return scan("Tie").where(some(reached("Tie", "claims"), eq("Claim.value", "1"))) },
			nil, nil, left("t-collab")},
		{"a filter through a hidden one of several", func() *query {
			return scan("Initiative").where(some(along("Initiative.parties"), eq("Stakeholder.name", "限定商事")))
		},
			nil, nil, left("i-salon")},
		{"an area above a hidden one", func() *query {
			return scan("School").where(store.And{hasID("s-deep", "s-inn"), store.Within{Field: field("School.area"), Up: field("Area.parent"), ID: "area-city"}})
		},
			left("s-inn"), left("s-inn"), left("s-deep", "s-inn")},
		{"what is above an area in a hidden one", func() *query {
			return scan("Area").where(store.Above{Up: field("Area.parent"), ID: "area-deep"})
		},
			left("area-deep"), left("area-deep"), left("area-city", "area-deep", "area-pref", "area-secret")},
		{"a reference to a hidden record", func() *query { return scan("Area").where(eq("Area.parent", "area-secret")) },
			nil, nil, left("area-deep")},
		{"no reference but to a hidden record", func() *query {
			return scan("Area").where(store.And{isNull("Area.parent", true), eq("Area.level", "LOCALITY")})
		},
			left("area-deep"), left("area-deep"), nil},
		{"a hidden one of several references", func() *query { return scan("Initiative").where(eq("Initiative.parties", "c-admin")) },
			nil, nil, left("i-salon")},
		{"a hidden area asked for", func() *query {
			return scan("School").where(store.Within{Field: field("School.area"), Up: field("Area.parent"), ID: "area-secret"})
		},
			nil, nil, left("s-deep")},
	})
	seesNested(t, r)
	t.Run("HowManyDoesEachCount", func(t *testing.T) {
		for role, want := range map[network.Role]int{network.RoleViewer: 2, network.RoleAnalyst: 3, network.RoleCoordinator: 3, network.RoleAdmin: 4} {
			q := scan("Company").page(1).total()
			q.Rows = false
			same(t, r.as(role).list(t, q).total, want)
		}
	})
	t.Run("DoHiddenRowsMovePages", func(t *testing.T) {
		r := r.as(network.RoleViewer)
		all := r.ids(t, scan("Stakeholder").order("name"))
		r.walk(t, func() *query { return scan("Stakeholder").order("name") }, all, 3)
		r.walkBack(t, func() *query { return scan("Stakeholder").order("name") }, all, 3)
	})
}

func seesSets(t *testing.T, r reader, cs []seen) {
	for _, c := range cs {
		t.Run(c.name, func(t *testing.T) {
			for role, want := range map[network.Role][]string{network.RoleViewer: c.viewer, network.RoleCoordinator: c.coordinator, network.RoleAdmin: c.admin} {
				t.Run(role.String(), func(t *testing.T) { r.as(role).wantSet(t, c.q(), want...) })
			}
		})
	}
}

func seesNested(t *testing.T, r reader) {
	for _, c := range []struct {
		name                       string
		q                          func() *query
		viewer, coordinator, admin any
	}{
		{"ties of a school", func() *query {
			return byID("s-east").on("School", ties(network.In, "FUNDS", "SUPPORTS").order("kind").total().take("id"))
		},
			rowOf("School", []any{[]any{rowOf("Tie", "t-support")}, 1, nil}),
			rowOf("School", []any{[]any{rowOf("Tie", "t-hidden"), rowOf("Tie", "t-support")}, 2, nil}),
			rowOf("School", []any{[]any{rowOf("Tie", "t-hidden"), rowOf("Tie", "t-support")}, 2, nil})},
		{"a hidden reference", func() *query { return byID("area-deep").on("Area", along("Area.parent").take("name")) },
			rowOf("Area", nil), rowOf("Area", nil), rowOf("Area", rowOf("Area", "非公開地区"))},
		{"a hidden reference as a column", func() *query { return byID("area-deep").on("Area", "parent") },
			rowOf("Area", nil), rowOf("Area", nil), rowOf("Area", "area-secret")},
		{"hidden members of a list", func() *query {
			return byID("i-salon").on("Initiative", along("Initiative.parties").total().take("id"))
		},
			rowOf("Initiative", []any{[]any{rowOf("Company", "c-career"), rowOf("Person", "p-hana"), rowOf("School", "s-east")}, 3, nil}),
			rowOf("Initiative", []any{[]any{rowOf("Company", "c-career"), rowOf("Person", "p-hana"), rowOf("School", "s-east")}, 3, nil}),
			rowOf("Initiative", []any{[]any{rowOf("Company", "c-admin"), rowOf("Company", "c-career"), rowOf("Person", "p-hana"), rowOf("School", "s-east")}, 4, nil})},
		{"posts through a hidden occupancy", func() *query { return byID("p-taro").on("Person", reached("Person", "posts").take("id")) },
			rowOf("Person", rowsOf()), rowOf("Person", rowsOf(rowOf("Post", "post-head"))), rowOf("Person", rowsOf(rowOf("Post", "post-head")))},
		{"on whose behalf, hidden", func() *query { return byID("occ-2").on("Occupancy", along("Occupancy.onBehalfOf").take("id")) },
			rowOf("Occupancy", nil), rowOf("Occupancy", nil), rowOf("Occupancy", rowOf("Company", "c-admin"))},
		{"claims", func() *query {
			return byID("t-collab").on("Tie", reached("Tie", "claims").order("-date").total().take("id"))
		},
			rowOf("Tie", []any{[]any{rowOf("Claim", "cl-five"), rowOf("Claim", "cl-two")}, 2, nil}),
			rowOf("Tie", []any{[]any{rowOf("Claim", "cl-five"), rowOf("Claim", "cl-two")}, 2, nil}),
			rowOf("Tie", []any{[]any{rowOf("Claim", "cl-five"), rowOf("Claim", "cl-two"), rowOf("Claim", "cl-hidden")}, 3, nil})},
	} {
		t.Run(c.name, func(t *testing.T) {
			for role, want := range map[network.Role]any{network.RoleViewer: c.viewer, network.RoleCoordinator: c.coordinator, network.RoleAdmin: c.admin} {
				t.Run(role.String(), func(t *testing.T) { r.as(role).wantValue(t, c.q(), rowsOf(want)) })
			}
		})
	}
	t.Run("IsATieSeenByWhoDoesNotSeeBothEnds", func(t *testing.T) {
		q := func() *query { return byID("s-inn").on("School", ties(network.In).total().take("id")) }
		r.as(network.RoleCoordinator).wantValue(t, q(), rowsOf(rowOf("School", []any{[]any{}, 0, nil})))
		r.wantValue(t, q(), rowsOf(rowOf("School", []any{[]any{rowOf("Tie", "t-admin")}, 1, nil})))
		r.as(network.RoleCoordinator).wantList(t, byID("t-admin"))
		r.as(network.RoleCoordinator).wantSet(t, scan("School").where(some(ties(network.Both, "SUPPORTS"), eq("Tie.strength", int64(5)))))
	})
}

func testPersonal(t *testing.T, r reader) {
	t.Run("WhoReadsPersonalFields", func(t *testing.T) {
		q := func() *query {
			return byID("p-hana", "p-jun").on("Person", "name", "contact", along("Person.residence").take("id")).on("CareerConsultant", "registrationNumber")
		}
		hidden := rowsOf(rowOf("Person", "架空花子", nil, nil), rowOf("CareerConsultant", nil))
		r.as(network.RoleViewer).wantValue(t, q(), hidden)
		r.as(network.RoleAnalyst).wantValue(t, q(), hidden)
		open := rowsOf(rowOf("Person", "架空花子", "hana@example.org", rowOf("Area", "area-inn")), rowOf("CareerConsultant", "21012345"))
		r.as(network.RoleCoordinator).wantValue(t, q(), open)
		r.as(network.RoleAdmin).wantValue(t, q(), open)
	})
	contact := eq("Person.contact", "hana@example.org")
	lives := store.Within{Field: field("Person.residence"), Up: field("Area.parent"), ID: "area-inn"}
	for _, c := range []struct {
		name string
		q    func() *query
		open int // rows for those who may
	}{
		{"filter", func() *query { return scan("Person").where(contact) }, 1},
		{"filter for absence", func() *query { return scan("Person").where(isNull("Person.contact", false)) }, 1},
		{"filter inside not and or", func() *query { return scan("Person").where(not(store.Or{not(contact)})) }, 1},
		{"nested filter", func() *query {
			return scan("School").where(some(ties(network.Both), some(party(store.Other), contact)))
		}, 1},
		{"filter by residence", func() *query { return scan("Person").where(lives) }, 1},
		{"filter along residence", func() *query { return scan("Person").where(some(along("Person.residence"), nil)) }, 2},
		{"order", func() *query { return scan("CareerConsultant").order("registrationNumber") }, 1},
		{"group", func() *query { return scan("Individual").where(hasID("p-hana", "p-taro")).by("residence") }, -1},
		{"filter in a nested list", func() *query {
			return byID("post-chair").on("Post", reached("Post", "holders").where(contact).take("id"))
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.as(network.RoleViewer).wantCode(t, c.q(), network.Forbidden)
			r.as(network.RoleAnalyst).wantCode(t, c.q(), network.Forbidden)
			if c.open >= 0 {
				if got := len(r.as(network.RoleCoordinator).ids(t, c.q())); got != c.open {
					t.Errorf("a coordinator gets %d rows, want %d", got, c.open)
				}
				return
			}
			same(t, r.as(network.RoleCoordinator).counts(t, c.q()), map[string]int64{"area-inn": 1, "area-city": 1})
		})
	}
}

package storetest

import (
	"context"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testLoad(t *testing.T, r reader) {
	for _, c := range []struct {
		name string
		key  store.Key
		role network.Role
		want string
	}{
		{"by ID", store.Key{ID: "s-east"}, network.RoleViewer, "s-east"},
		{"a tie by ID", store.Key{ID: "t-part"}, network.RoleViewer, "t-part"},
		{"by a code", store.Key{Kind: "School", Field: "schoolCode", Value: "B120221500026"}, network.RoleViewer, "s-east"},
		{"by import key", store.Key{Kind: "School", Field: "importKey", Value: "row-1"}, network.RoleViewer, "s-east"},
		{"by import key of another kind", store.Key{Kind: "Company", Field: "importKey", Value: "row-1"}, network.RoleAdmin, ""},
		{"by name", store.Key{Kind: "Topic", Field: "name", Value: "教育"}, network.RoleViewer, "topic-edu"},
		{"by the name of an ended record", store.Key{Kind: "School", Field: "name", Value: "閉校小学校"}, network.RoleViewer, "s-closed"},
		{"by name of another kind", store.Key{Kind: "School", Field: "name", Value: "教育"}, network.RoleAdmin, ""},
		{"an unknown ID", store.Key{ID: "nobody"}, network.RoleAdmin, ""},
		{"a hidden record", store.Key{ID: "s-hidden"}, network.RoleAnalyst, ""},
		{"a hidden record by name", store.Key{Kind: "School", Field: "name", Value: "秘密学校"}, network.RoleAnalyst, ""},
		{"a hidden record by who may", store.Key{ID: "s-hidden"}, network.RoleCoordinator, "s-hidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := r.s.Load(context.Background(), network.Viewer{Role: c.role}, []store.Key{c.key, {ID: "nobody"}})
			if err != nil || len(got) != 2 || got[1] != nil {
				t.Fatalf("%v, %v", got, err)
			}
			id := network.ID("")
			if got[0] != nil {
				id = got[0].ID
			}
			if string(id) != c.want {
				t.Errorf("got %q, want %q", id, c.want)
			}
		})
	}
}

func testLists(t *testing.T, r reader) {
	t.Run("WhichRecordsOfAKindHold", func(t *testing.T) {
		r.wantList(t, scan("School"), "s-bare", "s-deep", "s-east", "s-hidden", "s-inn")
	})
	t.Run("WhichOfAnInterface", func(t *testing.T) {
		r.wantList(t, scan("Individual"), "p-hana", "p-hidden", "p-jun", "p-taro")
	})
	t.Run("WhichOfSomeKinds", func(t *testing.T) {
		r.wantList(t, scan("Council", "Area", "Facility"), "area-city", "area-deep", "area-inn", "area-pref", "area-secret", "hub", "k-eval")
	})
	t.Run("WhichHaveTheseIDs", func(t *testing.T) {
		r.wantList(t, byID("t-ended", "s-closed", "nobody", "occ-1", "area-city", "s-closed"), "area-city", "occ-1", "s-closed", "t-ended")
	})
	t.Run("DoesByIDKeepToItsKinds", func(t *testing.T) {
		q := list(store.Source{Op: store.ByID, IDs: []network.ID{"s-east", "c-salt"}}, "Company")
		q.Ever = true
		r.wantList(t, q, "c-salt")
	})
	t.Run("IsOnlyWhatIsAskedComputed", func(t *testing.T) {
		q := scan("School").total()
		q.Rows = false
		p := r.value(t, q).([]any)
		same(t, p[1:], []any{5, nil})
	})
	t.Run("CanOneRootBeARecord", func(t *testing.T) {
		one := byID("s-east")
		one.Single = true
		r.wantValue(t, one.take("id"), rowOf("School", "s-east"))
		gone := byID("nobody")
		gone.Single = true
		r.wantValue(t, gone.take("id"), nil)
	})
	t.Run("DoSeveralRootsShareAPlan", func(t *testing.T) {
		res, err := r.s.Fetch(context.Background(), r.plan(scan("Council"), scan("Facility"), scan("School").total().page(1)))
		if err != nil {
			t.Fatal(err)
		}
		same(t, res.Values[:2], []any{rowsOf(rowOf("Council", "k-eval")), rowsOf(rowOf("Facility", "hub"))})
		same(t, asPage(t, res.Values[2]).total, 5)
	})
}

func testShapes(t *testing.T, r reader) {
	t.Run("DoesEachKindHaveItsColumns", func(t *testing.T) {
		r.wantValue(t, byID("c-salt", "p-hana", "s-east", "topic-edu").
			on("School", "level", "staff", "schoolCode", "aliases", "from", "until").on("Individual", "id", "qualifications").on("Company", "industry", "from"),
			rowsOf(rowOf("Company", "小売", "FY2000"), rowOf("Person", "p-hana", []any{"社会保険労務士", "図書館司書"}),
				rowOf("School", "ELEMENTARY", 30, "B120221500026", []any{"東小", "East School"}, "1950-04-01", nil), rowOf("Topic")))
	})
	t.Run("DoShapesOfSeveralKindsReadCommonFields", func(t *testing.T) {
		r.wantValue(t, scan("Council", "Facility", "Person").where(not(eq("Stakeholder.name", "非公開次郎"))).order("name").take("name", along("Stakeholder.area").take("name")),
			rowsOf(rowOf("Person", "架空太郎", nil), rowOf("Person", "架空花子", nil), rowOf("Council", "評価委員会", nil), rowOf("Facility", "結びの家", rowOf("Area", "宿場"))))
	})
	t.Run("AreBoolsTextsAndClaimsGiven", func(t *testing.T) {
		r.wantValue(t, byID("cl-east", "e-camp", "h-east").on("Claim", "record", "field").on("Event", "online", "attendance", "date").on("Hearing", "summary"),
			rowsOf(rowOf("Claim", "s-east", nil), rowOf("Event", false, nil, "2023"), rowOf("Hearing", "講師が足りない。\n来年度も続けたい。")))
	})
	t.Run("DoListsNestThreeDeep", func(t *testing.T) { nestedThree(t, r) })
	t.Run("AreSeveralReferencesAList", func(t *testing.T) {
		r.wantValue(t, byID("p-jun", "p-taro").on("CareerConsultant", along("CareerConsultant.specialties").order("name").take("id")).on("Person", along("Person.topics").take("id").total()),
			rowsOf(rowOf("CareerConsultant", rowsOf(rowOf("Topic", "topic-career"), rowOf("Topic", "topic-work"))), rowOf("Person", []any{[]any{}, 0, nil})))
	})
	t.Run("AreNestedListsPagedEach", func(t *testing.T) {
		q := scan("Initiative").order("name").take("id", reached("Initiative", "activities").order("position", "name").page(1).total().take("name"))
		p := r.list(t, q)
		same(t, p.rows, []any{
			rowOf("Initiative", "i-salon", []any{[]any{rowOf("Activity", "会場運営"), rowOf("Activity", "広報")}, 3, nil}),
			rowOf("Initiative", "i-old", []any{[]any{}, 0, nil})})
	})
	t.Run("CanACollectionStandTwice", func(t *testing.T) {
		r.wantValue(t, byID("i-salon").on("Initiative", reached("Initiative", "activities").where(eq("Activity.position", int64(1))).take("id"), reached("Initiative", "activities").where(eq("Activity.position", int64(2))).take("id")),
			rowsOf(rowOf("Initiative", rowsOf(rowOf("Activity", "a-host")), rowsOf(rowOf("Activity", "a-news")))))
	})
}

func nestedThree(t *testing.T, r reader) {
	holder := along("RoleAssignment.holder").on("Company", "name").on("Post", "name", reached("Post", "holders").take("name"))
	roles := reached("Activity", "roles").order("from").take("responsibility", holder)
	q := byID("i-salon").on("Initiative", "name", reached("Initiative", "activities").where(hasID("a-host")).order("position").take("name", roles))
	r.wantValue(t, q, rowsOf(rowOf("Initiative", "語り場サロン", rowsOf(rowOf("Activity", "会場運営", rowsOf(
		rowOf("RoleAssignment", "ACCOUNTABLE", rowOf("Post", "委員長", rowsOf(rowOf("Person", "架空花子")))),
		rowOf("RoleAssignment", "RESPONSIBLE", rowOf("Company", "㈱キャリアラボ"))))))))
}

func testTies(t *testing.T, r reader) {
	east := func(q *query) *query { return byID("s-east").on("School", q) }
	only := func(t *testing.T, q *query, ids ...string) {
		t.Helper()
		rows := []any{}
		for _, id := range ids {
			rows = append(rows, rowOf("Tie", id))
		}
		r.wantValue(t, east(q.take("id")), rowsOf(rowOf("School", rowsOf(rows...))))
	}
	t.Run("WhichTiesHasASchool", func(t *testing.T) {
		only(t, ties(network.Both).order("-strength"), "t-collab", "t-collab2", "t-support", "t-hidden", "t-members", "t-super", "t-unsure")
	})
	t.Run("WhichLeadOut", func(t *testing.T) { only(t, ties(network.Out), "t-collab", "t-collab2", "t-members", "t-unsure") })
	t.Run("WhichLeadIn", func(t *testing.T) {
		only(t, ties(network.In), "t-collab", "t-collab2", "t-hidden", "t-super", "t-support")
	})
	t.Run("WhichOfSomeKinds", func(t *testing.T) {
		only(t, ties(network.Both, "SUPPORTS", "CONSULTS"), "t-support", "t-unsure")
		only(t, ties(network.Out, "SUPPORTS", "COLLABORATES_WITH"), "t-collab", "t-collab2")
	})
	t.Run("HowDoTheyFaceAndWhoIsThere", func(t *testing.T) {
		q := ties(network.Both, "COLLABORATES_WITH", "CONSULTS", "SUPPORTS").order("-strength", "kind").take("kind", "facing", party(store.Other).take("id"), party(store.Subject).take("id"), party(store.Object).take("id"))
		c, s, j, salt := rowOf("Company", "c-career"), rowOf("School", "s-east"), rowOf("CareerConsultant", "p-jun"), rowOf("Company", "c-salt")
		p := asPage(t, r.list(t, east(q)).rows[0][1])
		if len(p.rows) != 4 {
			t.Fatalf("%d ties", len(p.rows))
		}
		same(t, p.rows[0], rowOf("Tie", "COLLABORATES_WITH", "MUTUAL", c, s, c))
		same(t, p.rows[3], rowOf("Tie", "CONSULTS", "OUT", j, s, j))
		for _, row := range p.rows[1:3] {
			want := rowOf("Tie", "COLLABORATES_WITH", "MUTUAL", c, c, s)
			if row[1] == "SUPPORTS" {
				want = rowOf("Tie", "SUPPORTS", "IN", salt, salt, s)
			}
			same(t, row, want)
		}
	})
	t.Run("WhereDoesThePartyLeadOnTo", func(t *testing.T) {
		q := ties(network.In, "SUPERVISES").take(party(store.Other).on("CityDepartment", "name", ties(network.In, "PART_OF").take(party(store.Other).take("name"))))
		r.wantValue(t, east(q), rowsOf(rowOf("School", rowsOf(rowOf("Tie", rowOf("CityDepartment", "教育委員会", rowsOf(rowOf("Tie", rowOf("CityDepartment", "学び推進課")))))))))
	})
	t.Run("WhatIsTheListOfAllTies", func(t *testing.T) {
		r.wantList(t, scan("Tie").order("-strength", "kind").where(cmp("Tie.strength", store.GTE, int64(4))), "t-collab", "t-admin", "t-inn")
		r.wantValue(t, byID("t-ended").take("until", party(store.Subject).take("id"), along("Tie.object").take("id")),
			rowsOf(rowOf("Tie", "2023-04-01", rowOf("CareerConsultant", "p-jun"), rowOf("School", "s-east"))))
	})
	t.Run("WhatDoClaimsSayAboutATie", func(t *testing.T) {
		claims := reached("Tie", "claims").order("date").take("value", "status", along("Claim.source").take("name"))
		r.as(network.RoleViewer).wantValue(t, byID("t-collab").take(claims), rowsOf(rowOf("Tie", rowsOf(
			rowOf("Claim", "2", "DISPUTED", rowOf("Source", "会社のページ")), rowOf("Claim", "5", "CONFIRMED", rowOf("Source", "聞き取り記録"))))))
	})
	t.Run("IsAPostHeldTwiceListedOnce", func(t *testing.T) {
		r.wantValue(t, byID("p-hana").on("Person", reached("Person", "posts").total().take("id"), reached("Person", "occupancies").order("from").take("id", along("Occupancy.onBehalfOf").take("id"))),
			rowsOf(rowOf("Person", []any{[]any{rowOf("Post", "post-chair")}, 1, nil},
				rowsOf(rowOf("Occupancy", "occ-1", rowOf("Company", "c-salt")), rowOf("Occupancy", "occ-2", rowOf("Company", "c-admin"))))))
	})
}

package storetest

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testTime(t *testing.T, r reader) {
	t.Run("WhichSchoolsHoldOnADay", func(t *testing.T) {
		always := []string{"s-bare", "s-deep", "s-hidden"}
		for _, c := range []struct {
			day  string
			more []string
		}{
			{"1949-12-31", []string{"s-closed"}},
			{"1950-04-01", []string{"s-closed", "s-east"}},
			{"2009-12-31", []string{"s-closed", "s-east"}},
			{"2010-01-01", []string{"s-closed", "s-east", "s-inn"}},
			{"2023-03-31", []string{"s-closed", "s-east", "s-inn"}},
			{"2023-04-01", []string{"s-east", "s-inn"}},
			{"2025-04-01", []string{"s-east", "s-inn", "s-future"}},
		} {
			t.Run(c.day, func(t *testing.T) {
				r.on(c.day).wantSet(t, scan("School"), append(append([]string{}, always...), c.more...)...)
			})
		}
	})
	t.Run("WhichTiesHold", func(t *testing.T) {
		of := func(q *query) *query { return q.where(some(party(store.Other), hasID("s-east"))) }
		r.on("2019-01-01").wantSet(t, of(scan("Tie")), "t-hidden", "t-members", "t-super", "t-support", "t-unsure")
		r.on("2023-01-01").wantSet(t, of(scan("Tie")), "t-collab", "t-collab2", "t-ended", "t-hidden", "t-members", "t-super", "t-support", "t-unsure")
		r.on("2025-04-01").wantSet(t, of(scan("Tie")), "t-collab", "t-collab2", "t-future", "t-hidden", "t-members", "t-super", "t-support", "t-unsure")
	})
	t.Run("DoesACoarseEndHoldThroughItsPeriod", func(t *testing.T) {
		roles := func() *query { return scan("RoleAssignment").where(hasID("r-past", "r-desk")) }
		r.on("2023-12-31").wantSet(t, roles(), "r-past", "r-desk")
		r.on("2024-01-01").wantSet(t, roles(), "r-desk")
		r.on("2022-03-31").wantSet(t, roles(), "r-past")
	})
	t.Run("DoesDuringStepOutOfTheDay", func(t *testing.T) {
		r.wantSet(t, scan("School").within("", ""), "s-bare", "s-closed", "s-deep", "s-east", "s-future", "s-hidden", "s-inn")
		r.wantSet(t, scan("School").within("2024-04-01", "2025-04-01"), "s-bare", "s-deep", "s-east", "s-hidden", "s-inn")
		r.wantSet(t, scan("School").within("2023-03-31", "2023-04-01"), "s-bare", "s-closed", "s-deep", "s-east", "s-hidden", "s-inn")
		r.wantSet(t, scan("School").within("2023-04-01", "2023-04-01"))
	})
	t.Run("DoesDuringHoldForItsListOnly", func(t *testing.T) {
		q := byID("post-chair").on("Post", reached("Post", "occupancies").order("from").within("", "").take("id"), reached("Post", "occupancies").order("from").take("id"))
		r.wantValue(t, q, rowsOf(rowOf("Post", rowsOf(rowOf("Occupancy", "occ-3"), rowOf("Occupancy", "occ-1"), rowOf("Occupancy", "occ-2")), rowsOf(rowOf("Occupancy", "occ-1"), rowOf("Occupancy", "occ-2")))))
		old := byID("s-east").on("School", ties(network.In, "ADVISES", "HOSTS").within("", "").order("from").take("id"))
		r.wantValue(t, old, rowsOf(rowOf("School", rowsOf(rowOf("Tie", "t-ended"), rowOf("Tie", "t-future")))))
	})
	t.Run("WhoHeldThePostThen", func(t *testing.T) {
		q := func() *query { return byID("post-chair").on("Post", reached("Post", "holders").take("id")) }
		r.on("2022-03-31").wantValue(t, q(), rowsOf(rowOf("Post", rowsOf(rowOf("Person", "p-taro")))))
		r.on("2022-04-01").wantValue(t, q(), rowsOf(rowOf("Post", rowsOf(rowOf("Person", "p-hana")))))
	})
	t.Run("IsAnEndedRecordReachedByReference", func(t *testing.T) {
		r.on("2009-01-01").wantValue(t, byID("n-inn").on("Need", along("Need.stakeholder").take("id")), rowsOf(rowOf("Need", rowOf("School", "s-inn"))))
	})
	t.Run("WhatWasItCalled", func(t *testing.T) { names(t, r) })
	t.Run("WhichStageWasItIn", func(t *testing.T) { stages(t, r) })
}

func names(t *testing.T, r reader) {
	for _, c := range []struct{ day, name, kana string }{
		{"2009-12-31", "学び推進課", "まなびすいしんか"}, // before the history began: the present name
		{"2010-04-01", "教務課", "きょうむか"},
		{"2023-03-31", "教務課", "きょうむか"},
		{"2023-04-01", "学び推進課", "まなびすいしんか"},
	} {
		t.Run(c.day, func(t *testing.T) {
			r := r.on(c.day)
			r.wantValue(t, byID("d-learn").on("Stakeholder", "name", "nameKana"), rowsOf(rowOf("CityDepartment", c.name, c.kana)))
			r.wantList(t, scan("CityDepartment").where(eq("CityDepartment.name", c.name)), "d-learn")
			r.wantList(t, scan("CityDepartment").where(store.And{cmp("CityDepartment.nameKana", store.StartsWith, c.kana[:6]), hasID("d-learn")}), "d-learn")
		})
	}
	t.Run("Order", func(t *testing.T) {
		// きょうむか would come before しゅくば; lists keep the present order.
		r.on("2015-01-01").wantList(t, scan("Stakeholder").where(hasID("d-learn", "s-inn")).order("name"), "s-inn", "d-learn")
	})
}

func stages(t *testing.T, r reader) {
	for _, c := range []struct{ day, stage string }{
		{"2020-01-01", "IDEA"}, {"2021-04-01", "PROOF_OF_CONCEPT"}, {"2022-01-31", "PROOF_OF_CONCEPT"}, {"2022-02-01", "RUNNING"},
	} {
		t.Run(c.day, func(t *testing.T) {
			r := r.on(c.day)
			r.wantValue(t, byID("i-salon").on("Initiative", "stage"), rowsOf(rowOf("Initiative", c.stage)))
			r.wantSet(t, scan("Initiative").where(eq("Initiative.stage", c.stage)), "i-salon")
			r.wantSet(t, scan("Initiative").where(cmp("Initiative.stage", store.NE, c.stage)), "i-old")
		})
	}
}

package storetest

import (
	"fmt"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// counts reads a grouping as "value|value": count.
func (r reader) counts(t testing.TB, q *query) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	groups, _ := r.value(t, q).([]any)
	for _, g := range groups {
		parts := g.([]any)
		values, labels := parts[0].([]any), parts[1].([]any)
		if len(values) != len(q.Group) || len(labels) != len(q.Group) {
			t.Errorf("%d values and %d labels for %d dimensions", len(values), len(labels), len(q.Group))
		}
		key := ""
		for i, v := range values {
			if i > 0 {
				key += "|"
			}
			if v == nil {
				v = "-"
			}
			key += fmt.Sprint(v)
		}
		if _, twice := out[key]; twice {
			t.Errorf("the group %s stands twice", key)
		}
		out[key] = parts[2].(int64)
	}
	return out
}

func testGroups(t *testing.T, r reader) {
	for _, c := range []struct {
		name string
		q    func() *query
		want map[string]int64
	}{
		{"by kind", func() *query { return scan("Individual", "Council").by("") }, map[string]int64{"Person": 3, "CareerConsultant": 1, "Council": 1}},
		{"by enum", func() *query { return scan("School").by("level") }, map[string]int64{"ELEMENTARY": 1, "JUNIOR_HIGH": 1, "HIGH": 2, "-": 1}},
		{"by reference", func() *query { return scan("School").by("area") }, map[string]int64{"area-city": 2, "area-inn": 1, "area-deep": 1, "-": 1}},
		{"by several references", func() *query {
			return scan("School", "CareerConsultant").where(hasID("s-east", "p-jun", "s-bare")).by("topics")
		}, map[string]int64{"topic-career": 1, "topic-work": 1, "-": 2}},
		{"by two", func() *query { return scan("School").by("level", "area") }, map[string]int64{"ELEMENTARY|area-city": 1, "JUNIOR_HIGH|area-inn": 1, "HIGH|area-deep": 1, "HIGH|area-city": 1, "-|-": 1}},
		{"by kind and reference", func() *query { return scan("Company", "Facility").by("", "area") }, map[string]int64{"Company|area-city": 2, "Company|area-inn": 1, "Company|-": 1, "Facility|area-inn": 1}},
		{"with a filter", func() *query { return scan("School").where(isNull("School.area", false)).by("establisher") }, map[string]int64{"PUBLIC": 2, "PRIVATE": 1, "-": 1}},
		{"ties by kind", func() *query { return scan("Tie").where(cmp("Tie.strength", store.GTE, int64(3))).by("kind") }, map[string]int64{"COLLABORATES_WITH": 2, "SUPPORTS": 2, "CONSULTS": 1}},
		{"ties by the kinds of their parties", func() *query {
			return scan("Tie").where(hasID("t-part", "t-collab", "t-support", "t-super")).by("subject.", "object.")
		},
			map[string]int64{"CityDepartment|CityDepartment": 1, "School|Company": 1, "Company|School": 1, "CityDepartment|School": 1}},
		{"ties by the area of a party", func() *query { return scan("Tie").where(hasID("t-super", "t-inn")).by("kind", "subject.area") }, map[string]int64{"SUPERVISES|-": 1, "CONSULTS|area-inn": 1}},
		{"others have no parties", func() *query { return scan("School").where(hasID("s-inn")).by("", "subject.") }, map[string]int64{"School|-": 1}},
		{"by municipality", func() *query { return scan("School").by("area").rising("MUNICIPALITY") }, map[string]int64{"area-city": 4, "-": 1}},
		{"by prefecture, of ties and their parties", func() *query {
			return scan("Tie").where(hasID("t-super", "t-inn")).by("kind", "subject.area").rising("PREFECTURE")
		}, map[string]int64{"SUPERVISES|-": 1, "CONSULTS|area-pref": 1}},
		{"by a level that there is not above", func() *query { return scan("School").where(hasID("s-inn")).by("area").rising("DISTRICT") }, map[string]int64{"area-inn": 1}},
		{"of nothing", func() *query { return scan("School").where(hasID()).by("level") }, map[string]int64{}},
		{"by reference, of nothing that can be", func() *query { return scan("School").where(store.Or{}).by("area", "topics") }, map[string]int64{}},
		{"by reference, of what is not and is", func() *query {
			return scan("School").where(store.And{not(store.And{}), isNull("School.area", true)}).by("area")
		}, map[string]int64{}},
		{"by reference, of nothing on no day", func() *query { return scan("School").within("2024-01-01", "2024-01-01").by("area") }, map[string]int64{}},
		{"ties by their ends, of nothing that can be", func() *query { return scan("Tie").where(store.Or{}).by("subject", "kind") }, map[string]int64{}},
		{"ties and nodes, where only nodes can be", func() *query { return scan("Tie", "Topic").where(some(along("Topic.broader"), nil)).by("") }, map[string]int64{"Topic": 1}},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, r.counts(t, c.q()), c.want) })
	}
	t.Run("a reference is labelled with its name", func(t *testing.T) {
		r.wantValue(t, scan("School").where(hasID("s-inn")).by("area"), []any{[]any{[]any{"area-inn"}, []any{"宿場"}, 1}})
	})
	t.Run("by the stage then", func(t *testing.T) {
		q := func() *query { return scan("Initiative").by("stage") }
		same(t, r.counts(t, q()), map[string]int64{"RUNNING": 1, "STALLED": 1})
		same(t, r.on("2021-05-01").counts(t, q()), map[string]int64{"PROOF_OF_CONCEPT": 1, "STALLED": 1})
	})
	t.Run("by fiscal year", func(t *testing.T) {
		// 2019 may be two fiscal years: it counts as one of them in every engine.
		q := scan("Tie").where(hasID("t-part", "t-collab", "t-support", "t-super")).by("from")
		same(t, r.counts(t, q), map[string]int64{"2021": 1, "2023": 1, "-": 2})
	})
	t.Run("by the fiscal year of the last day", func(t *testing.T) {
		// until is exclusive: what no longer held on 2023-04-01 ended in the fiscal year 2022.
		same(t, r.counts(t, scan("Tie").where(hasID("t-ended", "t-unsure", "t-inn")).within("", "").by("until")), map[string]int64{"2022": 1, "-": 2})
		same(t, r.counts(t, scan("Occupancy").where(hasID("occ-3")).within("", "").by("from", "until")), map[string]int64{"2020|2021": 1})
	})
	t.Run("InWhichPeriodsTheyHold", func(t *testing.T) {
		q := func() *query { return scan("Tie").where(hasID("t-ended", "t-collab", "t-part")).within("", "") }
		same(t, r.counts(t, q().in("2021-04-01", "2023-03-31", "2023-04-01", "2022-04-01..2023-04-01", "2023-01-01..2023-01-01")), map[string]int64{"0": 1, "1": 2, "2": 2, "3": 2})
		same(t, r.counts(t, q().by("kind").in("2023-03-31", "2023-04-01")), map[string]int64{"ADVISES|0": 1, "COLLABORATES_WITH|0": 1, "COLLABORATES_WITH|1": 1, "PART_OF|1": 1})
		same(t, r.counts(t, q().in()), map[string]int64{})
		// What has no valid time holds in every period.
		same(t, r.counts(t, scan("Topic", "Tie").where(hasID("topic-edu", "t-ended")).within("", "").in("2023-01-01", "2024-01-01")), map[string]int64{"0": 2, "1": 1})
	})
	t.Run("nested", func(t *testing.T) {
		q := byID("s-inn").on("School", ties(network.Both).by("kind"))
		groups := r.list(t, q).rows[0][1].([]any)
		if len(groups) != 2 {
			t.Errorf("groups %s", asJSON(groups))
		}
	})
	t.Run("nested, of nothing that can be", func(t *testing.T) {
		q := byID("s-inn").on("School", ties(network.Both).where(store.Or{}).by("subject"), reached("School", "roles").within("2024-01-01", "2024-01-01").by("activity"))
		r.wantValue(t, q, rowsOf(rowOf("School", []any{}, []any{})))
	})
	t.Run("WhatDoesAViewerCount", func(t *testing.T) {
		r := r.as(network.RoleViewer)
		same(t, r.counts(t, scan("School").by("level")), map[string]int64{"ELEMENTARY": 1, "JUNIOR_HIGH": 1, "HIGH": 1, "-": 1})
		// The way up does not lead over a hidden area.
		same(t, r.counts(t, scan("School").by("area").rising("MUNICIPALITY")), map[string]int64{"area-city": 2, "area-deep": 1, "-": 1})
		// A hidden area must not show as the area of a group.
		same(t, r.counts(t, scan("Area").where(hasID("area-deep", "area-inn")).by("parent")), map[string]int64{"area-city": 1, "-": 1})
	})
}

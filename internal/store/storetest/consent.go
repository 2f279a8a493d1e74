package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// agreed is a map of people whose consent holds, ran out and was taken back, in the
// order of their numbers. Who was not asked is read as before.
func agreed(t testing.TB, open func(testing.TB) store.Store) store.Store {
	consent := func(number string, more fields) fields {
		f := fields{"name": "架空 " + number + "（架空）", "registrationNumber": number, "contact": "inn", "residence": "inn", "origin": "inn", "consentPurpose": "講師の紹介", "consentGiven": "2020-04-01"}
		for name, v := range more {
			f[name] = v
		}
		return f
	}
	s := opened(t, open, rec("Area", "inn", fields{"name": "宿場", "level": "LOCALITY"}), rec("Source", "source", fields{"name": "聞き取り", "sourceType": "HEARING"}),
		rec("CareerConsultant", "back", consent("21000001", fields{"consentWithdrawn": "2030-04-01"})),
		rec("CareerConsultant", "ended", consent("21000002", fields{"consentUntil": "2024-01"})),
		rec("CareerConsultant", "holds", consent("21000003", fields{"consentUntil": "9990-01-01"})),
		rec("CareerConsultant", "unasked", fields{"name": "架空 四（架空）", "registrationNumber": "21000004", "contact": "inn", "residence": "inn", "origin": "inn"}),
		rec("Claim", "c-back", fields{"record": "back", "field": "contact", "value": "inn", "source": "source"}),
		rec("Claim", "c-holds", fields{"record": "holds", "field": "contact", "value": "inn", "source": "source"}),
		rec("Claim", "c-name", fields{"record": "back", "field": "name", "value": "架空", "source": "source"}),
		rec("CareerConsultant", "gone", consent("21000005", nil)))
	now := rec("CareerConsultant", "gone", consent("21000005", fields{"consentWithdrawn": "2024-01-01"}))
	apply(t, s, batch(store.Write{Action: store.Update, IfVersion: 1, After: now}))
	apply(t, s, batch(store.Write{Action: store.Withdraw, IfVersion: 2, After: rec("Withdrawn", "gone", fields{"wasKind": "CareerConsultant", "was": marshalled(t, now)})}))
	return s
}

// testConsent asks whether what an ended consent hides is hidden from all, in every way
// to it, and kept.
func testConsent(t *testing.T, open func(testing.TB) store.Store) {
	s := agreed(t, open)
	people := func() *query { return scan("CareerConsultant") }
	for _, role := range []network.Role{network.RoleCoordinator, network.RoleAdmin} {
		r := reader{s: s, viewer: network.Viewer{Role: role}, asOf: today}
		t.Run(role.String(), func(t *testing.T) {
			r.conditions(t, people, []condition{
				{"a filter by number", eq("CareerConsultant.registrationNumber", "21000001"), nil},
				{"a filter by another's", eq("CareerConsultant.registrationNumber", "21000003"), left("holds")},
				{"a part of the contact", store.Compare{Field: field("CareerConsultant.contact"), Op: store.Contains, Value: "in"}, left("holds", "unasked")},
				{"a contact or none", isNull("CareerConsultant.contact", true), left("back", "ended")},
				{"what is not", not(eq("CareerConsultant.contact", "inn")), left("back", "ended")},
				{"a residence", eq("CareerConsultant.residence", "inn"), left("holds", "unasked")},
				{"no residence", isNull("CareerConsultant.residence", true), left("back", "ended")},
				{"a residence in an area", store.Within{Field: field("CareerConsultant.residence"), Up: field("Area.parent"), ID: "inn"}, left("holds", "unasked")},
				{"a way by the residence", some(along("CareerConsultant.residence"), nil), left("holds", "unasked")},
				{"the purpose", eq("CareerConsultant.consentPurpose", "講師の紹介"), left("back", "ended", "holds")},
			})
			t.Run("WhatIsShown", func(t *testing.T) {
				shown := []any{"registrationNumber", "contact", "residence", "consentPurpose", along("CareerConsultant.origin").take("id")}
				r.wantValue(t, byID("ended").on("CareerConsultant", shown...), rowsOf(rowOf("CareerConsultant", nil, nil, nil, "講師の紹介", nil)))
				r.wantValue(t, byID("holds").on("CareerConsultant", shown...), rowsOf(rowOf("CareerConsultant", "21000003", "inn", "inn", "講師の紹介", rowOf("Area", "inn"))))
				r.wantValue(t, byID("gone").on("Withdrawn", "wasKind", "was"), rowsOf(rowOf("Withdrawn", "CareerConsultant", nil)))
			})
			t.Run("WhereDoesItStandInAnOrder", func(t *testing.T) {
				r.wantList(t, people().order("-registrationNumber"), "unasked", "holds", "back", "ended")
				r.walk(t, func() *query { return people().order("-registrationNumber") }, []string{"unasked", "holds", "back", "ended"}, 1)
			})
			t.Run("WhereIsItCounted", func(t *testing.T) {
				same(t, r.counts(t, scan("Individual").by("residence")), map[string]int64{"inn": 2, "-": 2})
			})
			t.Run("WhichStatementsAreSeen", func(t *testing.T) {
				r.wantSet(t, scan("Claim"), "c-holds", "c-name")
				r.wantSet(t, scan("Claim").where(some(along("Claim.source"), nil)), "c-holds", "c-name")
				r.wantValue(t, byID("back").on("CareerConsultant", reached("CareerConsultant", "claims").take("id")), rowsOf(rowOf("CareerConsultant", rowsOf(rowOf("Claim", "c-name")))))
			})
			t.Run("WhatDoesTheLogTell", func(t *testing.T) {
				p := r.list(t, scan(network.ChangeRecord).where(eq("Change.revision", int64(1))).take("record", "after"))
				told := map[string]bool{}
				for _, row := range p.rows {
					told[row[1].(string)] = row[2].([]any)[2].(bool)
				}
				same(t, told, map[string]bool{"inn": false, "source": false, "back": true, "ended": true, "holds": false, "unasked": false, "c-holds": false, "c-name": false, "gone": true})
			})
			t.Run("IsItKept", func(t *testing.T) {
				got, err := s.Load(context.Background(), r.viewer, []store.Key{{ID: "back"}})
				if err != nil || got[0].Str("contact") != "inn" {
					t.Errorf("%+v, %v", got, err)
				}
				if all := logOf(t, s, network.Admin("backup"), 0); !slices.ContainsFunc(all, func(c *store.Change) bool { return c.Record == "c-back" }) {
					t.Error("a backup would lack what is withheld")
				}
			})
		})
	}
}

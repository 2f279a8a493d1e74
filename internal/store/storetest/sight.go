package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// told is a map whose log tells more than some may know: a company that was hidden
// after it had entered into ties, a tie and a statement that were taken back.
func told(t testing.TB, open func(testing.TB) store.Store) store.Store {
	s := opened(t, open,
		rec("Company", "open", fields{"name": "公開社", "contact": "0263"}), rec("Company", "shut", fields{"name": "後で秘密"}), rec("Company", "inner", fields{"name": "会員社", "visibility": "MEMBERS"}),
		rec("Person", "who", fields{"name": "架空花子（架空）", "contact": "hana@example.org"}), rec("Source", "source", fields{"name": "聞き取り", "sourceType": "HEARING"}),
		tie("t-shut", "KNOWS", "open", "shut", nil), tie("t-open", "KNOWS", "open", "who", nil), tie("t-back", "KNOWS", "shut", "who", nil),
		rec("Initiative", "plan", fields{"name": "構想", "parties": []string{"open", "shut", "inner"}}),
		rec("Claim", "c-open", fields{"record": "open", "field": "name", "value": "公開社", "source": "source"}),
		rec("Claim", "c-shut", fields{"record": "shut", "field": "name", "value": "後で秘密", "source": "source"}),
		rec("Claim", "c-tie", fields{"record": "t-shut", "value": "知り合い", "source": "source"}),
		rec("Claim", "c-contact", fields{"record": "who", "field": "contact", "value": "hana@example.org", "source": "source"}))
	back := tie("t-back", "KNOWS", "shut", "who", nil)
	apply(t, s, batch(update(1, rec("Company", "shut", fields{"name": "後で秘密", "visibility": "RESTRICTED"})),
		update(1, rec("Initiative", "plan", fields{"name": "構想二", "parties": []string{"open", "shut", "inner"}})),
		store.Write{Action: store.Withdraw, IfVersion: 1, After: rec("Withdrawn", "t-back", fields{"wasKind": "Tie", "was": marshalled(t, back), "into": "shut"})}))
	return s
}

func marshalled(t testing.TB, r *network.Record) string {
	t.Helper()
	data, err := r.MarshalFields()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// testSight asks whether what is hidden can be known by what is said about it.
func testSight(t *testing.T, open func(testing.TB) store.Store) { Sight(t, told(t, open)) }

// Sight asks it of a store that holds the map of this test, whichever program has
// written it.
func Sight(t *testing.T, s store.Store) {
	as := func(role network.Role) reader { return reader{s: s, viewer: network.Viewer{Role: role}, asOf: today} }
	public := []string{"open", "who", "source", "t-open", "plan", "plan", "c-open"}
	members := append(slices.Clone(public), "inner")
	coordinators := append(slices.Clone(members), "c-contact")
	for role, want := range map[network.Role][]string{
		network.RoleViewer: public, network.RoleAnalyst: members, network.RoleCoordinator: coordinators,
		network.RoleAdmin: append(slices.Clone(coordinators), "shut", "shut", "t-shut", "t-back", "t-back", "c-shut", "c-tie"),
	} {
		t.Run(role.String(), func(t *testing.T) {
			r := as(role)
			slices.Sort(want)
			t.Run("WhoseEntriesAreTold", func(t *testing.T) {
				var got []string
				for _, c := range logOf(t, s, r.viewer, 0) {
					got = append(got, string(c.Record))
				}
				slices.Sort(got)
				same(t, got, want)
			})
			t.Run("DoesAListTellTheSame", func(t *testing.T) {
				p := r.list(t, scan(network.ChangeRecord).total().take("record"))
				var got []string
				for _, row := range p.rows {
					got = append(got, row[1].(string))
				}
				slices.Sort(got)
				same(t, got, want)
				same(t, p.total, len(want))
			})
			t.Run("WhichStatementsAreSeen", func(t *testing.T) {
				r.wantSet(t, scan("Claim"), claimsOf(want)...)
				r.wantValue(t, byID("source").on("Source", counted(reached("Source", "statements"))), rowsOf(rowOf("Source", []any{[]any{}, len(claimsOf(want)), nil})))
				r.wantSet(t, byID("c-open", "c-shut", "c-tie", "c-contact"), claimsOf(want)...)
			})
			t.Run("WhatIsLoaded", func(t *testing.T) {
				got, err := s.Load(context.Background(), r.viewer, []store.Key{{ID: "c-open"}, {ID: "c-shut"}, {ID: "c-tie"}, {ID: "c-contact"}, {ID: store.ChangeID(1, 1)}})
				if err != nil {
					t.Fatal(err)
				}
				for i, id := range []string{"c-open", "c-shut", "c-tie", "c-contact", "shut"} {
					if seen := slices.Contains(want, id); (got[i] != nil) != seen {
						t.Errorf("%s: loaded %v, seen %v", id, got[i] != nil, seen)
					}
				}
			})
		})
	}
	t.Run("WhatAnEntryLeadsTo", func(t *testing.T) {
		for role, hidden := range map[network.Role][]any{network.RoleViewer: {"inner", "shut"}, network.RoleAnalyst: {"shut"}, network.RoleCoordinator: {"shut"}, network.RoleAdmin: {}} {
			p := as(role).list(t, scan(network.ChangeRecord).where(store.And{eq("Change.record", "plan"), eq("Change.action", "UPDATE")}).take("after"))
			got := p.rows[0][1].([]any)[1].([]any)
			slices.SortFunc(got, func(a, b any) int { return compareText(a, b) })
			same(t, got, hidden)
		}
	})
	t.Run("WhereToAWithdrawnRecordLeads", func(t *testing.T) {
		q := func() *query { return byID("t-back").on("Withdrawn", "into", "wasKind", "was") }
		as(network.RoleCoordinator).wantValue(t, q(), rowsOf(rowOf("Withdrawn", nil, "Tie", nil)))
		as(network.RoleAdmin).wantValue(t, q(), rowsOf(rowOf("Withdrawn", "shut", "Tie", marshalled(t, tie("t-back", "KNOWS", "shut", "who", nil)))))
	})
	t.Run("IsAFilterThroughTheLogBlindToo", func(t *testing.T) {
		q := func() *query { return scan("Claim").where(some(reached("Claim", "changes"), nil)) }
		as(network.RoleViewer).wantSet(t, q(), "c-open")
		as(network.RoleAdmin).wantSet(t, q(), "c-open", "c-shut", "c-tie", "c-contact")
	})
}

// counted asks for the total only.
func counted(q *query) *query {
	q.total().Rows = false
	return q
}

func compareText(a, b any) int { return strings.Compare(a.(string), b.(string)) }

func claimsOf(ids []string) (out []string) {
	for _, id := range ids {
		if id[:2] == "c-" {
			out = append(out, id)
		}
	}
	return out
}

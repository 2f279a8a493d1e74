package storetest

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func testNestedFilters(t *testing.T, r reader) {
	tied := ties
	t.Run("Ties", func(t *testing.T) {
		strong := cmp("Tie.strength", store.GTE, int64(4))
		r.conditions(t, func() *query { return scan("School") }, []condition{
			{"some tie", some(tied(network.Both), nil), left("s-east", "s-inn")},
			{"no tie", none(tied(network.Both), nil), left("s-bare", "s-deep", "s-hidden")},
			{"some strong tie", some(tied(network.Both), strong), left("s-east", "s-inn")},
			{"every tie strong, or none at all", every(tied(network.Both), strong), left("s-bare", "s-deep", "s-hidden", "s-inn")},
			{"no strong tie", none(tied(network.Both), strong), left("s-bare", "s-deep", "s-hidden")},
			{"a tie out of a kind", some(tied(network.Out, "CONSULTS"), nil), left("s-east", "s-inn")},
			{"a tie in of a kind", some(tied(network.In, "CONSULTS"), nil), nil},
			{"an ended tie does not count", some(tied(network.Both, "ADVISES"), nil), nil},
			{"not some", not(some(tied(network.Both), nil)), left("s-bare", "s-deep", "s-hidden")},
			{"the other party by kind", some(tied(network.Both), some(party(store.Other), store.IsKind{Kinds: kindsOf("Individual")})), left("s-east", "s-inn")},
			{"the other party by ID", some(tied(network.Both), some(party(store.Other), hasID("s-east"))), nil},
			{"every other party", every(tied(network.Out), every(party(store.Other), store.IsKind{Kinds: kindsOf("Individual")})), left("s-bare", "s-deep", "s-hidden", "s-inn")},
			{"two ties out: to a person who knows somebody", some(tied(network.Both), some(party(store.Other), some(tied(network.Both, "KNOWS"), some(party(store.Other), hasID("p-taro"))))), left("s-inn")},
			{"needs on a topic", some(reached("School", "needs"), some(along("Need.topic"), some(along("Topic.broader"), hasID("topic-edu")))), left("s-east", "s-inn")},
			{"topics", every(along("School.topics"), hasID("topic-career")), left("s-bare", "s-deep", "s-hidden", "s-inn")},
		})
	})
	t.Run("Posts", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Individual") }, []condition{
			{"holds a post", some(reached("Individual", "posts"), nil), left("p-hana", "p-taro")},
			{"holds a post of a council", some(reached("Individual", "posts"), some(along("Post.organization"), store.IsKind{Kinds: kindsOf("Council")})), left("p-hana")},
			{"sits for a company", some(reached("Individual", "occupancies"), some(along("Occupancy.onBehalfOf"), hasID("c-salt"))), left("p-hana")},
			{"every seat for a company", every(reached("Individual", "occupancies"), some(along("Occupancy.onBehalfOf"), nil)), left("p-hana", "p-hidden", "p-jun")},
		})
		r.on("2021-01-01").wantSet(t, scan("Person").where(some(reached("Individual", "posts"), hasID("post-chair"))), "p-taro")
	})
	t.Run("EitherPartyOfATie", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Tie") }, []condition{
			{"some", some(party(store.Other), hasID("p-hana")), left("t-inn", "t-knows")},
			{"every", every(party(store.Other), store.IsKind{Kinds: kindsOf("Person")}), left("t-knows")},
			{"none", store.And{none(party(store.Other), store.IsKind{Kinds: kindsOf("School")}), cmp("Tie.strength", store.Null, false)}, left("t-knows")},
			{"subject", some(party(store.Subject), hasID("s-inn")), left("t-inn")},
			{"object", some(party(store.Object), hasID("s-inn")), left("t-admin")},
			{"a party with a post", some(party(store.Other), some(reached("Individual", "posts"), hasID("post-chair"))), left("t-inn", "t-knows")},
		})
	})
	t.Run("Roles", func(t *testing.T) {
		r.wantSet(t, scan("Activity").where(none(reached("Activity", "roles"), eq("RoleAssignment.responsibility", "ACCOUNTABLE"))), "a-loose", "a-news")
		r.wantSet(t, scan("RoleAssignment").where(some(along("RoleAssignment.holder"), store.IsKind{Kinds: kindsOf("Post")})), "r-chair")
	})
	t.Run("InsideANestedList", func(t *testing.T) {
		q := byID("s-east").on("School", ties(network.Both).where(some(party(store.Other), store.IsKind{Kinds: kindsOf("Company")})).order("-strength").total().take("id"))
		r.wantValue(t, q, rowsOf(rowOf("School", []any{[]any{rowOf("Tie", "t-collab"), rowOf("Tie", "t-collab2"), rowOf("Tie", "t-support"), rowOf("Tie", "t-hidden"), rowOf("Tie", "t-members")}, 5, nil})))
	})
	t.Run("OtherIsTheOneNotComeFrom", func(t *testing.T) {
		q := byID("s-east").on("School", ties(network.Both).where(some(party(store.Other), hasID("s-east"))).take("id"))
		r.wantValue(t, q, rowsOf(rowOf("School", rowsOf())))
	})
}

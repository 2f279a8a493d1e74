package graph_test

import (
	"strings"
	"testing"
)

func TestMergeAndUnmerge(t *testing.T) {
	a, id := town(t)
	twin := a.create("otherOrganization", row{"name": "特定非営利活動法人ＭＥＧＵＲＵ", "organizationType": "NON_PROFIT", "description": "別の説明"})
	a.relate(row{"kind": "SUPPORTS", "subject": twin, "object": id["school"]})
	a.is(`{"duplicateCandidates":{"totalCount":1,"results":[{"keep":{"name":"NPO法人MEGURU"},"duplicate":{"name":"特定非営利活動法人ＭＥＧＵＲＵ"},"reasons":[{"rule":"SAME_NAME","message":"their names are the same but for spelling"}]}]}}`,
		`{ duplicateCandidates { totalCount results { keep { name } duplicate { name } reasons { rule message(language: EN) } } } }`, nil)
	merge := `mutation($keep: ID!, $dup: [ID!]!, $dry: Boolean!) { mergeStakeholders(keep: $keep, duplicates: $dup, dryRun: $dry) {
		record { name aliases } moved conflicts { field kept other } revision userErrors { code path } } }`
	vars := map[string]any{"keep": id["npo"], "dup": []any{twin}, "dry": true}
	a.is(`{"mergeStakeholders":{"record":{"name":"NPO法人MEGURU","aliases":["MEGURU"]},"moved":1,"conflicts":[],"revision":null,"userErrors":[]}}`, merge, vars)
	vars["dry"] = false
	if got := a.data(merge, vars); !strings.HasPrefix(got, `{"mergeStakeholders":{"record":{"name":"NPO法人MEGURU","aliases":["MEGURU","特定非営利活動法人ＭＥＧＵＲＵ"]},"moved":1,"conflicts":[],"revision":"r`) {
		t.Error(got)
	}
	// The old id stands for the kept record, wherever a stakeholder is named.
	for query, want := range map[string]string{
		`query($id: ID!, $s: ID!) { node(id: $id) { ... on OtherOrganization { name } } nodes(ids: [$s, $id]) { __typename } }`:           `{"node":{"name":"NPO法人MEGURU"},"nodes":[{"__typename":"School"},{"__typename":"OtherOrganization"}]}`,
		`query($id: ID!, $s: ID!) { stakeholder(id: $id) { name } introductions(asker: $s, target: $id) { missing { __typename } } }`:     `{"stakeholder":{"name":"NPO法人MEGURU"},"introductions":{"missing":[`,
		`query($id: ID!, $s: ID!) { neighborhood(centers: [$id], hops: 1, limit: 1) { nodes { node { name } } } x: node(id: $s) { id } }`: `{"neighborhood":{"nodes":[{"node":{"name":"NPO法人MEGURU"}}]}`,
		`query($id: ID!, $s: ID!) { whatIf(remove: [$id]) { removed { name } } x: node(id: $s) { id } }`:                                  `{"whatIf":{"removed":[{"name":"NPO法人MEGURU"}]}`,
		`query($id: ID!, $s: ID!) { changes(of: $id) { nodes { action } } x: node(id: $s) { id } }`:                                       `{"changes":{"nodes":[{"action":"CREATE"},{"action":"WITHDRAW"}]}`,
	} {
		if got := a.data(query, map[string]any{"id": twin, "s": id["school"]}); !strings.HasPrefix(got, want) {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	a.is(`{"unmergeStakeholders":{"record":{"name":"NPO法人MEGURU"},"duplicates":["`+twin+`"],"moved":1,"userErrors":[]}}`,
		`mutation($id: ID!) { unmergeStakeholders(id: $id) { record { name } duplicates moved userErrors { code } } }`, map[string]any{"id": twin})
	a.is(`{"node":{"name":"特定非営利活動法人ＭＥＧＵＲＵ"}}`, `query($id: ID!) { node(id: $id) { ... on Stakeholder { name } } }`, map[string]any{"id": twin})
	a.is(`{"unmergeStakeholders":{"record":null,"userErrors":[{"code":"INVALID_VALUE","path":["id"]}]}}`,
		`mutation($id: ID!) { unmergeStakeholders(id: $id) { record { name } userErrors { code path } } }`, map[string]any{"id": twin})
}

func TestRevertChanges(t *testing.T) {
	a := embedded(t)
	a.data(upsertMutation, map[string]any{"rows": townRows()})
	revert := `mutation($r: String!) { revertChanges(revision: $r) { restored withdrawn records { __typename } revision userErrors { code path } } }`
	a.is(`{"revertChanges":{"restored":0,"withdrawn":4,"records":[],"revision":"r2","userErrors":[]}}`, revert, map[string]any{"r": "r1"})
	a.is(`{"stakeholders":{"totalCount":0}}`, `{ stakeholders { totalCount } }`, nil)
	if got := a.data(revert, map[string]any{"r": "r2"}); !strings.HasPrefix(got, `{"revertChanges":{"restored":4,"withdrawn":0,"records":[{`) {
		t.Error(got)
	}
	for r, code := range map[string]string{"r99": "NOT_FOUND", "ninety": "INVALID_VALUE"} {
		a.is(`{"revertChanges":{"restored":0,"withdrawn":0,"records":[],"revision":null,"userErrors":[{"code":"`+code+`","path":["revision"]}]}}`, revert, map[string]any{"r": r})
	}
}

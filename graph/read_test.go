package graph_test

import (
	"strings"
	"testing"
)

// town is a small map made through the API.
func town(t testing.TB) (*api, map[string]string) {
	a := embedded(t)
	id := map[string]string{}
	id["area"] = a.create("area", map[string]any{"name": "塩尻市", "level": "MUNICIPALITY", "areaCode": "202151"})
	id["part"] = a.create("area", map[string]any{"name": "奈良井宿", "level": "LOCALITY", "parent": id["area"]})
	id["school"] = a.create("school", map[string]any{"name": "広陵中学校", "nameKana": "こうりょうちゅうがっこう", "level": "JUNIOR_HIGH", "area": id["area"]})
	id["company"] = a.create("company", map[string]any{"name": "すぎのこ製作所（架空）", "nameKana": "すぎのこせいさくしょ", "area": id["part"], "staff": 12})
	id["npo"] = a.create("otherOrganization", map[string]any{"name": "NPO法人MEGURU", "nameKana": "めぐる", "organizationType": "NON_PROFIT", "aliases": []string{"MEGURU"}})
	id["teacher"] = a.create("person", map[string]any{"name": "架空 花子（架空）", "residence": id["area"]})
	id["post"] = a.create("post", map[string]any{"name": "キャリア教育主任", "organization": id["school"]})
	id["held"] = a.create("occupancy", map[string]any{"person": id["teacher"], "post": id["post"], "from": "2022-04-01", "until": "2024-04-01"})
	a.relate(map[string]any{"kind": "COLLABORATES_WITH", "subject": id["npo"], "object": id["school"], "strength": 4, "from": "2022-02"})
	a.relate(map[string]any{"kind": "SUPPORTS", "subject": id["npo"], "object": id["company"], "strength": 3, "from": "FY2021", "until": "2023-04-01"})
	id["initiative"] = a.create("initiative", map[string]any{"name": "共創共学プラットフォーム", "parties": []string{id["school"], id["company"], id["npo"]},
		"stages": []any{map[string]any{"stage": "IDEA", "from": "2022", "until": "2023-04-01"}, map[string]any{"stage": "PREPARATION", "from": "2023-04-01"}}})
	id["activity"] = a.create("activity", map[string]any{"name": "職業人講話", "initiative": id["initiative"], "position": 1})
	id["role"] = a.create("roleAssignment", map[string]any{"holder": id["post"], "activity": id["activity"], "responsibility": "RESPONSIBLE"})
	a.create("roleAssignment", map[string]any{"holder": id["npo"], "initiative": id["initiative"], "function": "SECRETARIAT"})
	return a, id
}

func TestNestedReadsFollowTheSelection(t *testing.T) {
	a, id := town(t)
	a.is(`{"s":{"__typename":"School","name":"広陵中学校","area":{"name":"塩尻市"},"level":"JUNIOR_HIGH","ties":{"totalCount":1,"edges":[{"direction":"MUTUAL","tie":{"kind":"COLLABORATES_WITH","from":{"label":"2022年2月"}},"node":{"name":"NPO法人MEGURU"}}]},"posts":{"nodes":[{"name":"キャリア教育主任","holders":{"nodes":[{"name":"架空 花子（架空）"}]}}]}}}`,
		`query($id: ID!) { s: stakeholder(id: $id) { __typename name area { name } ... on School { level } ...T ... on Company { industry } ... on Organization { posts { nodes { name holders { nodes { name } } } } } } }
		 fragment T on Stakeholder { ties { totalCount edges { direction tie { kind from { label } } node { name } } } }`, map[string]any{"id": id["school"]})
}

func TestAsOfHoldsBelowTheRoot(t *testing.T) {
	a, id := town(t)
	q := `query($id: ID!, $d: Date) { initiative(id: $id, asOf: $d) { stage stages(during: {}) { stage from { date precision } } } stakeholders(asOf: $d, filter: {ties: {some: {kind: {eq: SUPPORTS}}}}) { nodes { name } } }`
	a.is(`{"initiative":{"stage":"PREPARATION","stages":[{"stage":"IDEA","from":{"date":"2022-01-01","precision":"YEAR"}},{"stage":"PREPARATION","from":{"date":"2023-04-01","precision":"DAY"}}]},"stakeholders":{"nodes":[]}}`, q, map[string]any{"id": id["initiative"]})
	a.is(`{"initiative":{"stage":"IDEA","stages":[{"stage":"IDEA","from":{"date":"2022-01-01","precision":"YEAR"}},{"stage":"PREPARATION","from":{"date":"2023-04-01","precision":"DAY"}}]},"stakeholders":{"nodes":[{"name":"すぎのこ製作所（架空）"},{"name":"NPO法人MEGURU"}]}}`, q, map[string]any{"id": id["initiative"], "d": "2022-06-01"})
}

func TestFiltersNestThroughAreasTiesPostsAndRoles(t *testing.T) {
	a, id := town(t)
	a.is(`{"stakeholders":{"nodes":[{"name":"広陵中学校"},{"name":"すぎのこ製作所（架空）"}]}}`,
		`query($a: ID!) { stakeholders(filter: {area: {within: $a}}) { nodes { name } } }`, map[string]any{"a": id["area"]})
	a.is(`{"people":{"nodes":[{"name":"架空 花子（架空）"}]}}`,
		`{ people(filter: {posts: {some: {organization: {kind: {eq: SCHOOL}}, roles: {some: {responsibility: {eq: RESPONSIBLE}, activity: {initiative: {text: "プラットフォーム"}}}}}}}) { nodes { name } } }`, nil)
	a.is(`{"ties":{"nodes":[{"kind":"COLLABORATES_WITH"}]}}`,
		`{ ties(filter: {party: {kind: {eq: SCHOOL}}, not: {strength: {lt: 4}}}) { nodes { kind } } }`, nil)
}

func TestWhichTiesPoint(t *testing.T) {
	a, id := town(t)
	both := `{"kind":"SUPPORTS","direction":"DIRECTED"},{"kind":"COLLABORATES_WITH","direction":"MUTUAL"}`
	for filter, want := range map[string]string{
		"": both, `{in: [DIRECTED, MUTUAL]}`: both, `{}`: both, `{in: []}`: "",
		`{eq: MUTUAL}`: `{"kind":"COLLABORATES_WITH","direction":"MUTUAL"}`,
		`{ne: MUTUAL}`: `{"kind":"SUPPORTS","direction":"DIRECTED"}`,
	} {
		if filter != "" {
			filter = "filter: {direction: " + filter + "}, "
		}
		a.is(`{"ties":{"nodes":[`+want+`]}}`, `{ ties(`+filter+`during: {}, orderBy: {field: STRENGTH}) { nodes { kind direction } } }`, nil)
	}
	a.is(`{"neighborhood":{"ties":[{"direction":"MUTUAL"}]}}`, `query($id: ID!) { neighborhood(centers: [$id]) { ties { direction } } }`, map[string]any{"id": id["npo"]})
}

func TestPagesWalkBothWays(t *testing.T) {
	a, _ := town(t)
	q := `query($after: String, $before: String, $first: Int, $last: Int) { stakeholders(orderBy: {field: NAME}, first: $first, last: $last, after: $after, before: $before) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	first := a.data(q, map[string]any{"first": 2})
	if !strings.Contains(first, `"nodes":[{"name":"広陵中学校"},{"name":"すぎのこ製作所（架空）"}]`) || !strings.Contains(first, `"hasNextPage":true,"hasPreviousPage":false`) {
		t.Fatal(first)
	}
	cursor := strings.Split(strings.Split(first, `"endCursor":"`)[1], `"`)[0]
	second := a.data(q, map[string]any{"first": 2, "after": cursor})
	if !strings.Contains(second, `"nodes":[{"name":"NPO法人MEGURU"},{"name":"架空 花子（架空）"}]`) || !strings.Contains(second, `"hasNextPage":false,"hasPreviousPage":true`) {
		t.Fatal(second)
	}
	back := a.data(q, map[string]any{"last": 1, "before": cursor})
	if !strings.Contains(back, `"nodes":[{"name":"広陵中学校"}]`) || !strings.Contains(back, `"hasNextPage":true,"hasPreviousPage":false`) {
		t.Fatal(back)
	}
}

func TestSearchShowsWhatMatched(t *testing.T) {
	a, _ := town(t)
	for _, text := range []string{"めぐる", "ﾒｸﾞﾙ", "meguru", "ＭＥＧＵＲＵ"} {
		a.is(`{"search":{"totalCount":1,"nodes":[{"name":"NPO法人MEGURU","kind":"OTHER_ORGANIZATION","record":{"__typename":"OtherOrganization"}}]}}`,
			`query($t: String!) { search(text: $t) { totalCount nodes { name kind record { __typename } } } }`, map[string]any{"t": text})
	}
	a.is(`{"search":{"nodes":[{"matched":"塩尻市"}]}}`, `{ search(text: "塩") { nodes { matched } } }`, nil)
}

func TestRoleMapNamesItsFindings(t *testing.T) {
	a, id := town(t)
	a.is(`{"roleMap":{"initiative":{"name":"共創共学プラットフォーム"},"activities":[{"activity":{"name":"職業人講話"},"responsible":[{"vacant":false,"holder":{"__typename":"Post","name":"キャリア教育主任"}}],"accountable":[]}],"gaps":[{"rule":"NO_ACCOUNTABLE","party":null,"activity":{"name":"職業人講話"}},{"rule":"MISSING_FUNCTION","party":null,"activity":null},{"rule":"PARTY_WITHOUT_ROLE","party":{"name":"すぎのこ製作所（架空）"},"activity":null}],"conflicts":[],"coverage":{"share":0}}}`,
		`query($id: ID!) { roleMap(initiative: $id) { initiative { name } activities { activity { name } responsible { vacant holder { __typename ... on Post { name } ... on Stakeholder { name } } } accountable { vacant } } gaps { rule party { name } activity { name } } conflicts { rule } coverage { share } } }`, map[string]any{"id": id["initiative"]})
	got := a.data(`query($id: ID!) { roleMap(initiative: $id, asOf: "2024-06-01") { gaps { rule message(language: EN) roles { id } } } }`, map[string]any{"id": id["initiative"]})
	if !strings.Contains(got, `{"rule":"VACANT_POST","message":"The role hangs on a post that nobody holds, or that has ended.","roles":[{"id":"`+id["role"]+`"}]}`) {
		t.Error(got)
	}
}

func TestNeighborhoodCountsAndChanges(t *testing.T) {
	a, id := town(t)
	a.is(`{"neighborhood":{"truncated":false,"nodes":[{"hop":0,"node":{"name":"広陵中学校"}},{"hop":1,"node":{"name":"NPO法人MEGURU"}}],"ties":[{"kind":"COLLABORATES_WITH"}]}}`,
		`query($id: ID!) { neighborhood(centers: [$id], hops: 2) { truncated nodes { hop node { name } } ties { kind } } }`, map[string]any{"id": id["school"]})
	a.is(`{"stakeholderCounts":{"rows":[{"count":1,"keys":[{"value":"COMPANY","label":"企業"}]},{"count":1,"keys":[{"value":"SCHOOL","label":"学校"}]}]}}`,
		`query($a: ID!) { stakeholderCounts(groupBy: [KIND], filter: {area: {within: $a}}) { rows { count keys { value label } } } }`, map[string]any{"a": id["area"]})
	a.is(`{"changes":{"nodes":[{"action":"CREATE","revision":3,"actor":"test","before":null}]},"node":{"changes":{"totalCount":1}}}`,
		`query($id: ID!) { changes(of: $id) { nodes { action revision actor before } } node(id: $id) { ... on School { changes { totalCount } } } }`, map[string]any{"id": id["school"]})
	a.is(`{"nodes":[{"name":"塩尻市"},null,{"name":"広陵中学校"}]}`,
		`query($ids: [ID!]!) { nodes(ids: $ids) { ... on Area { name } ... on School { name } } }`, map[string]any{"ids": []string{id["area"], "nothing", id["school"]}})
}

func TestDoesAnAliasMeanWhatItsKindSays(t *testing.T) {
	a, id := town(t)
	a.is(`{"nodes":[{"n":"広陵中学校"},{"n":"めぐる"}]}`,
		`query($ids: [ID!]!) { nodes(ids: $ids) { ... on School { n: name } ... on OtherOrganization { n: nameKana } } }`,
		map[string]any{"ids": []string{id["school"], id["npo"]}})
}

func TestMayOneValueStandForAList(t *testing.T) {
	a, id := town(t)
	a.is(`{"nodes":[{"id":"`+id["school"]+`"}]}`, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": id["school"]})
	a.is(`{"stakeholders":{"totalCount":1}}`, `query($f: StakeholderFilter) { stakeholders(filter: $f) { totalCount } }`,
		map[string]any{"f": map[string]any{"kind": map[string]any{"in": "SCHOOL"}}})
	a.is(`{"stakeholderCounts":{"rows":[{"count":1},{"count":1},{"count":1},{"count":1}]}}`, `query($g: [StakeholderDimension!]!) { stakeholderCounts(groupBy: $g) { rows { count } } }`, map[string]any{"g": "KIND"})
	a.is(`{"schools":{"nodes":[{"name":"広陵中学校"}]}}`, `query($o: [SchoolOrder!]) { schools(orderBy: $o) { nodes { name } } }`, map[string]any{"o": map[string]any{"field": "NAME"}})
}

package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

const transferMutation = `mutation($moves: [PersonnelMove!]!, $dry: Boolean!) { transferPersonnel(effective: "2024-04-01", moves: $moves, dryRun: $dry, reason: "定期異動") {
	dryRun revision ended { person { name } until { date } } begun { person { name } post { name } from { date } onBehalfOf { name } status }
	handovers { person { name } on posts { post { name } successor { name } vacant roles { activity { name } role { responsibility } } } couldTakeOver { person { name } } }
	vacancies { post { name } roles { activity { name } } } userErrors { code path } } }`

// staffed is the town with a head teacher who is to move on.
func staffed(t *testing.T) (*api, map[string]string) {
	a, id := town(t)
	id["next"] = a.create("person", map[string]any{"name": "架空 次郎（架空）"})
	id["head"] = a.create("post", map[string]any{"name": "教頭", "organization": id["school"]})
	id["seat"] = a.create("occupancy", map[string]any{"person": id["next"], "post": id["head"], "from": "2020-04-01"})
	return a, id
}

func TestTransferPersonnel(t *testing.T) {
	a, id := staffed(t)
	moves := map[string]any{"dry": true, "moves": []any{
		map[string]any{"person": id["teacher"], "from": id["post"]},
		map[string]any{"person": id["next"], "from": id["head"], "to": id["post"], "onBehalfOf": id["npo"]}}}
	before := a.head()
	consequences := `"handovers":[` +
		`{"person":{"name":"架空 花子（架空）"},"on":"2024-04-01","posts":[{"post":{"name":"キャリア教育主任"},"successor":{"name":"架空 次郎（架空）"},"vacant":false,"roles":[{"activity":{"name":"職業人講話"},"role":{"responsibility":"RESPONSIBLE"}}]}],"couldTakeOver":[{"person":{"name":"架空 次郎（架空）"}}]},` +
		`{"person":{"name":"架空 次郎（架空）"},"on":"2024-04-01","posts":[{"post":{"name":"教頭"},"successor":null,"vacant":true,"roles":[]}],"couldTakeOver":[{"person":{"name":"架空 花子（架空）"}}]}],` +
		`"vacancies":[{"post":{"name":"教頭"},"roles":[]}],"userErrors":[]}}`
	a.is(`{"transferPersonnel":{"dryRun":true,"revision":null,"ended":[{"person":{"name":"架空 花子（架空）"},"until":{"date":"2024-04-01"}},{"person":{"name":"架空 次郎（架空）"},"until":null}],"begun":[],`+consequences,
		transferMutation, moves)
	if after := a.head(); after != before {
		t.Errorf("a dry run wrote: %s, then %s", before, after)
	}
	moves["dry"] = false
	a.is(`{"transferPersonnel":{"dryRun":false,"revision":"r18","ended":[{"person":{"name":"架空 花子（架空）"},"until":{"date":"2024-04-01"}},{"person":{"name":"架空 次郎（架空）"},"until":{"date":"2024-04-01"}}],`+
		`"begun":[{"person":{"name":"架空 次郎（架空）"},"post":{"name":"キャリア教育主任"},"from":{"date":"2024-04-01"},"onBehalfOf":{"name":"NPO法人MEGURU"},"status":"CONFIRMED"}],`+consequences,
		transferMutation, moves)
	a.is(`{"eve":{"posts":{"nodes":[{"name":"キャリア教育主任","holders":{"nodes":[{"name":"架空 花子（架空）"}]}},{"name":"教頭","holders":{"nodes":[{"name":"架空 次郎（架空）"}]}}]}},`+
		`"day":{"posts":{"nodes":[{"name":"キャリア教育主任","holders":{"nodes":[{"name":"架空 次郎（架空）"}]}},{"name":"教頭","holders":{"nodes":[]}}]}}}`,
		`query($s: ID!) { eve: stakeholder(id: $s, asOf: "2024-03-31") { ...P } day: stakeholder(id: $s, asOf: "2024-04-01") { ...P } }
		 fragment P on School { posts { nodes { name holders { nodes { name } } } } }`, map[string]any{"s": id["school"]})
	a.is(`{"changes":{"nodes":[{"reason":"定期異動","action":"END"},{"reason":"定期異動","action":"CREATE"}]}}`, `{ changes(since: "r17") { nodes { reason action } } }`, nil)
}

func TestFaultsOfTheVerbsAreUserErrorsAndWriteNothing(t *testing.T) {
	a, id := staffed(t)
	use := strings.NewReplacer("$teacher", `"`+id["teacher"]+`"`, "$next", `"`+id["next"]+`"`, "$post", `"`+id["post"]+`"`, "$head", `"`+id["head"]+`"`,
		"$school", `"`+id["school"]+`"`, "$npo", `"`+id["npo"]+`"`, "$initiative", `"`+id["initiative"]+`"`, "$role", `"`+id["role"]+`"`)
	before := a.head()
	for _, c := range []struct{ name, mutation, errors string }{
		{"no such day", `transferPersonnel(effective: "2024-02-30", moves: [])`, `INVALID_DATE effective`},
		{"no move", `transferPersonnel(effective: "2024-04-01", moves: [])`, `OUT_OF_RANGE moves`},
		{"a post that is not held", `transferPersonnel(effective: "2024-04-01", moves: [{person: $teacher, from: $post}, {person: $next, from: $post}])`, `NOT_FOUND moves.1.from`},
		{"one move, and no list", `transferPersonnel(effective: "2024-04-01", moves: {person: $teacher, to: $head})`, `CONFLICT moves.0.to`},
		{"several at fault, tried out", `transferPersonnel(effective: "2024-04-01", dryRun: true, moves: [{person: $school}, {person: $next, to: "x", onBehalfOf: $npo}])`,
			`NOT_FOUND moves.0.person, REQUIRED moves.0.from, NOT_FOUND moves.1.to`},
		{"held for a person", `transferPersonnel(effective: "2024-04-01", moves: [{person: $teacher, from: $post, to: $post, onBehalfOf: $next}])`, `INVALID_VALUE moves.0.onBehalfOf`},
		{"a hearing at fault", `recordHearing(input: {hearing: {name: " ", date: "2024-01-20", participants: [$teacher, "x"]}})`, `REQUIRED input.hearing.name`},
		{"nobody heard", `recordHearing(input: {hearing: {name: "聞き取り", date: "2024-01-20", participants: [$teacher, "x"]}})`, `NOT_FOUND input.hearing.participants.1`},
		{"claims at fault", `recordHearing(input: {hearing: {name: "聞き取り", date: "2024-01-20"}, claims: [{record: $role, field: "status"}, {record: "x"}, {record: $role, field: "staff"}]})`,
			`NOT_FOUND input.claims.1.record, UNKNOWN_FIELD input.claims.2.field`},
		{"stalled for no cause", `advanceInitiative(id: $initiative, stage: STALLED, on: "2024-01-10")`, `REQUIRED causes`},
		{"causes of another stage", `advanceInitiative(id: $initiative, stage: RUNNING, on: "2024-01-10", causes: [NO_PLAN])`, `INVALID_VALUE causes`},
		{"before the last stage", `advanceInitiative(id: $initiative, stage: RUNNING, on: "2023-01-10")`, `INVALID_DATE on`},
		{"no date", `advanceInitiative(id: $initiative, stage: RUNNING, on: "soon")`, `INVALID_DATE on`},
		{"no initiative", `advanceInitiative(id: $school, stage: RUNNING, on: "2024-01-10")`, `INVALID_VALUE id`},
		{"an old version", `advanceInitiative(id: $initiative, stage: RUNNING, on: "2024-01-10", ifVersion: 9)`, `CONFLICT ifVersion`},
		{"renamed to nothing", `reorganize(input: {rename: {organization: $school, name: " ", on: "2024-04-01"}})`, `REQUIRED input.rename.name`},
		{"renamed some day", `reorganize(input: {rename: {organization: $school, name: "x", on: "unknown"}})`, `REQUIRED input.rename.on`},
		{"renamed on no day", `reorganize(input: {rename: {organization: $school, name: "x", on: "2024-02-30"}})`, `INVALID_DATE input.rename.on`},
		{"a person renamed", `reorganize(input: {rename: {organization: $teacher, name: "x", on: "2024-04-01"}})`, `NOT_FOUND input.rename.organization`},
		{"merged into nothing", `reorganize(input: {merge: {originals: [$school], on: "2024-04-01"}})`, `REQUIRED input.merge.into`},
		{"merged into two", `reorganize(input: {merge: {originals: [$school], into: $npo, create: {council: {name: "x"}}, on: "2024-04-01"}})`, `INVALID_VALUE input.merge.create`},
		{"merged into itself", `reorganize(input: {merge: {originals: [$npo, $school], into: $school, on: "2024-04-01"}})`, `DUPLICATE input.merge.originals.1`},
		{"merged into a person", `reorganize(input: {merge: {originals: [$school], create: {person: {name: "x"}}, on: "2024-04-01"}})`, `INVALID_VALUE input.merge.create.person`},
		{"merged into a school of a wrong code", `reorganize(input: {merge: {originals: [$school], create: {school: {name: "x", schoolCode: "B120221500027"}}, on: "2024-04-01"}})`, `INVALID_CODE input.merge.create.school.schoolCode`},
		{"split into one", `reorganize(input: {split: {original: $school, into: [{school: {name: "x"}}], on: "2024-04-01"}})`, `OUT_OF_RANGE input.split.into`},
		{"an heir of none", `reorganize(input: {split: {original: $school, into: [{school: {name: "x"}}, {school: {name: "y"}}], heir: 2, on: "2024-04-01"}})`, `OUT_OF_RANGE input.split.heir`},
		{"split, the second at fault", `reorganize(input: {split: {original: $school, into: [{school: {name: "x"}}, {school: {name: "y", staff: -1}}], on: "2024-04-01"}})`, `OUT_OF_RANGE input.split.into.1.school.staff`},
	} {
		if got := a.faults("mutation { w: "+use.Replace(c.mutation)+" { revision userErrors { code path message } } }", nil); got != c.errors {
			t.Errorf("%s: %s, want %s", c.name, got, c.errors)
		}
	}
	// A variable is not held to exactly one by validation.
	for _, input := range []any{map[string]any{}, map[string]any{"rename": nil}} {
		if got := a.post(`mutation($i: ReorganizeInput!) { w: reorganize(input: $i) { userErrors { code path } } }`, map[string]any{"i": input}); !strings.Contains(got, `"errors"`) && !strings.Contains(got, `{"code":"INVALID_VALUE","path":["input"]}`) {
			t.Errorf("%v: %s", input, got)
		}
	}
	a.viewer = network.Viewer{Role: network.RoleAnalyst, Actor: "analyst"}
	for _, m := range []string{`transferPersonnel(effective: "2024-04-01", moves: [{person: $teacher, from: $post}], dryRun: true)`,
		`recordHearing(input: {hearing: {name: "x", date: "2024-01-20"}})`, `advanceInitiative(id: $initiative, stage: RUNNING, on: "2024-01-10")`,
		`reorganize(input: {rename: {organization: $school, name: "x", on: "2024-04-01"}})`} {
		if got := a.faults("mutation { w: "+use.Replace(m)+" { revision userErrors { code path message } } }", nil); got != "FORBIDDEN" {
			t.Errorf("%s: %s", m, got)
		}
	}
	if a.viewer = network.Admin("test"); a.head() != before {
		t.Error("something was written")
	}
}

// faults sends a write under the alias w and shows its userErrors as "CODE path".
func (a *api) faults(query string, variables map[string]any) string {
	a.t.Helper()
	var answer struct {
		W struct {
			Revision   *string
			UserErrors []struct {
				Code, Message string
				Path          []string
			}
		}
	}
	text := a.data(query, variables)
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.W.Revision != nil {
		a.t.Fatal(text)
	}
	var out []string
	for _, e := range answer.W.UserErrors {
		out = append(out, strings.TrimSpace(e.Code+" "+strings.Join(e.Path, ".")))
		if e.Message == "" {
			a.t.Errorf("no message: %s", text)
		}
	}
	return strings.Join(out, ", ")
}

func TestRecordHearingAndItsClaimsAreRead(t *testing.T) {
	a, id := staffed(t)
	q := `mutation($i: RecordHearingInput!) { recordHearing(input: $i, reason: "秋のヒアリング") { revision hearing { name date { label } participants { nodes { name } } initiative { name } }
		source { name sourceType hearing { name } } claims { field value saidBy confidence status date { date } visibility source { name } } userErrors { code } } }`
	a.is(`{"recordHearing":{"revision":"r18","hearing":{"name":"広陵中での聞き取り","date":{"label":"2024年1月20日"},"participants":{"nodes":[{"name":"架空 花子（架空）"}]},"initiative":{"name":"共創共学プラットフォーム"}},`+
		`"source":{"name":"広陵中での聞き取りの記録","sourceType":"HEARING","hearing":{"name":"広陵中での聞き取り"}},"claims":[`+
		`{"field":"until","value":"3月末で異動","saidBy":"教頭","confidence":"MEDIUM","status":"REPORTED","date":{"date":"2024-01-20"},"visibility":"MEMBERS","source":{"name":"広陵中での聞き取りの記録"}},`+
		`{"field":null,"value":"窓口のみ","saidBy":null,"confidence":null,"status":"DISPUTED","date":{"date":"2024-01-20"},"visibility":"COORDINATORS","source":{"name":"広陵中での聞き取りの記録"}}],"userErrors":[]}}`,
		q, map[string]any{"i": map[string]any{
			"hearing": map[string]any{"name": "広陵中での聞き取り", "date": "令和6年1月20日", "participants": id["teacher"], "initiative": id["initiative"], "visibility": "MEMBERS"},
			"claims": []any{map[string]any{"record": id["held"], "field": "until", "value": "3月末で異動", "saidBy": "教頭", "confidence": "MEDIUM", "status": "REPORTED"},
				map[string]any{"record": id["role"], "value": "窓口のみ", "status": "DISPUTED", "visibility": "COORDINATORS"}}}})
	a.is(`{"held":{"claims":{"nodes":[{"value":"3月末で異動"}]}},"role":{"claims":{"nodes":[{"value":"窓口のみ"}]}}}`,
		`query($h: ID!, $r: ID!) { held: node(id: $h) { ... on Occupancy { claims { nodes { value } } } } role: node(id: $r) { ... on RoleAssignment { claims { nodes { value } } } } }`,
		map[string]any{"h": id["held"], "r": id["role"]})
	// One claim alone is a list of one.
	got := a.data(`mutation($s: ID!) { recordHearing(input: {hearing: {name: "x", date: "2024"}, claims: {record: $s}}) { claims { id } userErrors { code path } } }`, map[string]any{"s": id["school"]})
	if strings.Count(got, `"id"`) != 1 {
		t.Error(got)
	}
}

func TestAdvanceInitiative(t *testing.T) {
	a, id := town(t)
	stages := `stage stages(during: {}) { stage causes note from { date } until { date } }`
	a.is(`{"advanceInitiative":{"revision":"r15","record":{"stage":"STALLED","stages":[{"stage":"IDEA","causes":[],"note":null,"from":{"date":"2022-01-01"},"until":{"date":"2023-04-01"}},`+
		`{"stage":"PREPARATION","causes":[],"note":null,"from":{"date":"2023-04-01"},"until":{"date":"2024-01-10"}},{"stage":"STALLED","causes":["STAFF_SHORT","NO_BUDGET"],"note":"担当課の人員","from":{"date":"2024-01-10"},"until":null}]},"userErrors":[]}}`,
		`mutation($id: ID!) { advanceInitiative(id: $id, stage: STALLED, on: "2024-01-10", causes: [STAFF_SHORT, NO_BUDGET], note: "担当課の人員", ifVersion: 1) { revision record { ... on Initiative { `+stages+` } } userErrors { code path } } }`,
		map[string]any{"id": id["initiative"]})
	a.is(`{"before":{"stage":"PREPARATION"},"after":{"stage":"STALLED"}}`,
		`query($id: ID!) { before: initiative(id: $id, asOf: "2024-01-09") { stage } after: initiative(id: $id, asOf: "2024-01-10") { stage } }`, map[string]any{"id": id["initiative"]})
}

const reorganizeMutation = `mutation($i: ReorganizeInput!) { reorganize(input: $i, reason: "機構改革") { revision carriedOver
	reorganization { reorganizationType date { date } note originals { nodes { name } } results { nodes { name } } } results { __typename name from { date } } userErrors { code path message } } }`

func TestReorganizeRenames(t *testing.T) {
	a, id := town(t)
	a.is(`{"reorganize":{"revision":"r15","carriedOver":0,"reorganization":{"reorganizationType":"RENAME","date":{"date":"2023-04-01"},"note":"略称に","originals":{"nodes":[{"name":"MEGURU"}]},"results":{"nodes":[{"name":"MEGURU"}]}},"results":[{"__typename":"OtherOrganization","name":"MEGURU","from":null}],"userErrors":[]}}`,
		reorganizeMutation, map[string]any{"i": map[string]any{"rename": map[string]any{"organization": id["npo"], "name": "MEGURU", "nameKana": "めぐる", "on": "2023-04-01", "note": "略称に"}}})
	a.is(`{"before":{"name":"NPO法人MEGURU"},"after":{"name":"MEGURU"},"search":{"nodes":[{"name":"MEGURU","matched":"NPO法人MEGURU"}]}}`,
		`query($id: ID!) { before: stakeholder(id: $id, asOf: "2023-03-31") { name } after: stakeholder(id: $id, asOf: "2023-04-01") { name } search(text: "NPO法人") { nodes { name matched } } }`, map[string]any{"id": id["npo"]})
}

func TestReorganizeMergesAndTheOldIDLeadsOn(t *testing.T) {
	a, id := town(t)
	a.is(`{"reorganize":{"revision":"r15","carriedOver":4,"reorganization":{"reorganizationType":"REPLACEMENT","date":{"date":"2024-01-01"},"note":null,"originals":{"nodes":[{"name":"広陵中学校"}]},"results":{"nodes":[{"name":"広陵学園"}]}},"results":[{"__typename":"School","name":"広陵学園","from":{"date":"2024-01-01"}}],"userErrors":[]}}`,
		reorganizeMutation, map[string]any{"i": map[string]any{"merge": map[string]any{"originals": []any{id["school"]}, "create": map[string]any{"school": map[string]any{"name": "広陵学園"}}, "on": "2024-01-01"}}})
	a.is(`{"old":{"name":"広陵中学校","until":{"date":"2024-01-01"},"reorganizations":{"nodes":[{"results":{"nodes":[{"name":"広陵学園","ties":{"nodes":[{"name":"NPO法人MEGURU"}]},"posts":{"nodes":[{"name":"キャリア教育主任","holders":{"nodes":[{"name":"架空 花子（架空）"}]},"roles":{"nodes":[{"responsibility":"RESPONSIBLE"}]}}]}}]}}]}},"schools":{"nodes":[{"name":"広陵学園"}]},"then":{"nodes":[{"name":"広陵中学校"}]},"search":{"nodes":[{"name":"広陵中学校"},{"name":"広陵学園"}]}}`,
		`query($id: ID!) { old: node(id: $id) { ... on School { name until { date } reorganizations(first: 2) { nodes { results(first: 5) { nodes { name ... on School { ties { nodes { name } } posts { nodes { name holders { nodes { name } } roles { nodes { responsibility } } } } } } } } } } }
		 schools { nodes { name } } then: schools(asOf: "2023-12-31") { nodes { name } } search(text: "広陵") { nodes { name } } }`, map[string]any{"id": id["school"]})
}

func TestReorganizeSplits(t *testing.T) {
	a, id := town(t)
	a.is(`{"reorganize":{"revision":"r15","carriedOver":4,"reorganization":{"reorganizationType":"SPLIT","date":{"date":"2024-01-01"},"note":null,"originals":{"nodes":[{"name":"広陵中学校"}]},"results":{"nodes":[{"name":"北中"},{"name":"南中"}]}},"results":[{"__typename":"School","name":"北中","from":{"date":"2024-01-01"}},{"__typename":"School","name":"南中","from":{"date":"2024-04-01"}}],"userErrors":[]}}`,
		reorganizeMutation, map[string]any{"i": map[string]any{"split": map[string]any{"original": id["school"], "into": []any{
			map[string]any{"school": map[string]any{"name": "北中"}}, map[string]any{"school": map[string]any{"name": "南中", "from": "2024-04-01"}}}, "heir": 0, "on": "2024-01-01"}}})
	// A list of parties has no time: who was one stays in it.
	a.is(`{"initiative":{"parties":{"nodes":[{"name":"広陵中学校"},{"name":"すぎのこ製作所（架空）"},{"name":"NPO法人MEGURU"},{"name":"北中"}]}}}`,
		`query($id: ID!) { initiative(id: $id) { parties { nodes { name } } } }`, map[string]any{"id": id["initiative"]})
}

func TestIsAMutationSentTwiceDoneOnce(t *testing.T) {
	a := embedded(t)
	const create = `mutation($name: String!, $key: String, $input: CreateInput!) { create(input: $input, idempotencyKey: $key, reason: $name) { record { id ... on Topic { name } } revision userErrors { code path } } }`
	send := func(name, key string) string {
		return a.data(create, map[string]any{"name": "r", "key": key, "input": map[string]any{"topic": map[string]any{"name": name}}})
	}
	first := send("一", "k1")
	if again := send("一", "k1"); again != first {
		t.Errorf("first %s\nagain %s", first, again)
	}
	if other := send("二", "k1"); !strings.Contains(other, `{"record":null,"revision":null,"userErrors":[{"code":"INVALID_VALUE","path":["idempotencyKey"]}]}`) {
		t.Error(other)
	}
	if other := send("一", "k2"); other == first || !strings.Contains(other, `"revision":"r2"`) {
		t.Error(other)
	}
	if head := a.head(); !strings.Contains(head, `"totalCount":2}`) {
		t.Errorf("head %s", head)
	}
}

func TestIsARegistrationNamedOnItsLastDay(t *testing.T) {
	a := embedded(t)
	a.create("careerConsultant", map[string]any{"name": "架空 花子（架空）", "registrationNumber": "99990001", "registrationExpires": "2024-02-01"})
	for day, want := range map[string]string{"2024-02-01": `[{"rule":"REGISTRATION_EXPIRES"}]`, "2024-02-02": `[]`} {
		a.is(`{"continuityRisks":{"risks":`+want+`}}`, `query($d: Date!) { continuityRisks(within: 30, asOf: $d) { risks { rule } } }`, map[string]any{"d": day})
	}
}

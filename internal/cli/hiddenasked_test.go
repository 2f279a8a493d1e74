package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// otherWays are the questions that are asked by hand, by way; a root field that
// none of them and none of [schemaWays] asks fails the test. Behind $ stand open
// records, behind # hidden ones.
var otherWays = map[string][]string{
	"select": {`{ node(id: "#c") { id } }`, `{ stakeholder(id: "#c") { id name } }`, `{ initiative(id: "#i") { id name } }`},
	"search": {
		`{ search(text: "zq3", first: 100) { totalCount nodes { name matched kind record { id } } } }`, `{ search(text: "zq0", first: 100) { totalCount nodes { name matched kind record { id } } } }`,
		`{ search(text: "zp", first: 100) { totalCount } }`, `{ search(text: "zshut", first: 100) { totalCount } }`,
		`{ stakeholders(first: 100, filter: {text: "zq3"}) { totalCount } }`, `{ schools(first: 100, filter: {text: "zq1"}) { totalCount nodes { name } } }`,
	},
	"path interiors": {
		`{ areas(first: 100, filter: {within: "$a"}) { totalCount nodes { name } } }`, `{ stakeholders(first: 100, filter: {area: {within: "$a"}}) { totalCount nodes { name } } }`,
		`{ introductions(asker: "#c", target: "$c") { results { cost } } }`, `{ introductions(asker: "$c", target: "$s", first: 20, maxHops: 8) { results { cost hops { from { name } to { name } } } missing { rule } } }`,
		`{ neighborhood(centers: ["$c", "#c"], hops: 4, limit: 500) { nodes { hop node { name } } ties { id } cutOff { hop stakeholders } truncated } }`, `{ neighborhood(centers: ["#c"]) { truncated } }`,
	},
	"metrics": {
		`{ network(filter: {within: "$a"}) { summary { stakeholders ties pairs } } }`, `{ whatIf(remove: ["#c"]) { pairs lostPairs } }`, `{ dependence(on: "#c", dates: ["2023-01-01"]) { points { share } } }`,
		`{ rolesOf(holder: "#c") { staff } }`, `{ contactPoints(of: "#c") { initiatives { name } } }`, `{ roleMap(initiative: "#i") { coverage { share } } }`, `{ whoToAsk(topic: "#t", asker: "$k") { totalCount } }`,
		`{ stallCheck(initiative: "#i") { causesThatHoldAgain } }`, `{ handover(person: "#p", on: "2024-04-01") { summary } }`, `{ topicBalance(topic: "#t", area: "#a") { rows { topic { name } } } }`,
	},
	"diffs": {`{ roleMapDiff(initiative: "#i", before: "2020-01-01", after: "2024-02-01") { newFindings { rule } } }`},
	"change log": {
		`{ changes(first: 100) { totalCount nodes { record recordKind action actor reason before after } } }`, `{ changes(last: 100) { nodes { record action before after } } }`,
		`{ changes(of: "#c") { totalCount nodes { after } } }`, `{ changes(of: "$p") { totalCount nodes { after } } }`, `{ changes(of: "zq0-person-0consentuntil") { totalCount nodes { after } } }`,
	},
	"error texts": {
		`mutation { create(input: {claim: {record: "#c", source: "$o", value: "x"}}) { record { id } userErrors { code path message } } }`,
		`mutation { create(input: {post: {name: "x", organization: "#c"}}) { record { id } userErrors { code path message } } }`,
		`mutation { update(id: "#c", input: {company: {name: "x"}}) { record { id } userErrors { code path message } } }`,
		`mutation { update(id: "$s", input: {school: {area: "#a"}}) { record { id } userErrors { code path message } } }`,
		`mutation { end(id: "#c", on: "2024-01-01") { record { id } userErrors { code path message } } }`,
		`mutation { restore(id: "#c") { record { id } userErrors { code path message } } }`,
		`mutation { upsertMany(dryRun: true, rows: [{id: "#c", record: {company: {name: "x"}}}]) { rows { action record { id } changes { field before after } } userErrors { code path message } } }`,
		`mutation { mergeStakeholders(keep: "$c", duplicates: ["#c"], dryRun: true) { moved conflicts { kept other } userErrors { code path message } } }`,
		`mutation { unmergeStakeholders(id: "#c") { moved userErrors { code path message } } }`,
		`mutation { revertChanges(revision: "r1", dryRun: true) { restored withdrawn userErrors { code path message } } }`,
		`mutation { erasePerson(id: "#p", dryRun: true) { records { id ... on Stakeholder { name } } mentions { id } userErrors { code path message } } }`,
		`mutation { relate(input: {kind: KNOWS, subject: "$p", object: "#c"}) { record { id } userErrors { code path message } } }`,
		`mutation { updateTie(id: "zq3-tie-knows-0", input: {strength: 1}) { record { id } userErrors { code path message } } }`,
		`mutation { updateTie(id: "zq3-tie-knows-1", input: {strength: 1}) { record { id } userErrors { code path message } } }`,
		`mutation { endTie(id: "zq3-tie-knows-2", on: "2024-01-01") { record { id } userErrors { code path message } } }`,
		`mutation { assignRole(input: {holder: "#c", initiative: "$i", function: FUNDER}) { record { id } userErrors { code path message } } }`,
		`mutation { transferPersonnel(effective: "2024-04-01", dryRun: true, moves: [{person: "#p", to: "#q"}]) { begun { id } userErrors { code path message } } }`,
		`mutation { recordHearing(input: {hearing: {name: "x", date: "2024-01-01", participants: ["#c"]}}) { hearing { id } userErrors { code path message } } }`,
		`mutation { advanceInitiative(id: "#i", stage: RUNNING, on: "2024-01-01") { record { id } userErrors { code path message } } }`,
		`mutation { reorganize(input: {rename: {organization: "#c", name: "x", on: "2024-01-01"}}) { userErrors { code path message } } }`,
		`mutation { endRole(id: "zq3-roleassignment-1", on: "2024-01-01") { record { id } userErrors { code path message } } }`,
	},
	"subscriptions": {
		`subscription { changes(since: "r0") { action actor reason kind recordId record { id } before after } }`, `subscription { changes(since: "r0", filter: {about: ["#c", "$p", "zlast"]}) { recordId after } }`,
		`subscription { roleMapChanged(initiative: "$i", since: "r0") { roleMap { coverage { share } activities { activity { name } responsible { role { id } } } } } }`,
	},
}

// notAsked are root fields that tell nothing of the map.
var notAsked = []string{"viewer"}

var (
	placeholder = regexp.MustCompile(`[$#][a-z]\b`)
	kindOf      = map[string]string{"i": "Initiative", "o": "Source", "t": "Topic", "k": "Person", "a": "Area", "c": "Company", "e": "OtherOrganization", "z": "CareerConsultant", "p": "Person", "s": "School", "q": "Post"}
)

// about puts records of the map for $ and # in a question.
func about(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(at string) string {
		level, variant := 0, toPublic
		if at[0] == '#' {
			level = 3
		}
		if at[1] == 'a' {
			variant = bare
		}
		return string(hiddenID(kindOf[at[1:]], level, variant))
	})
}

// byHand are the questions of [otherWays], and those of the test of what the
// computed answers know.
func (a *asking) byHand() {
	for way, texts := range otherWays {
		for i, text := range texts {
			a.add(way, text, about(text), i < 1 && way != "subscriptions")
		}
	}
	for _, q := range computedQuestions {
		text := "{ " + strings.NewReplacer("$d", `"`+sampleToday+`"`, "$o", "$e").Replace(q.query) + " }"
		if strings.Contains(text, "...H") {
			text += holderFragment
		}
		way := "metrics"
		switch {
		case strings.Contains(q.name, "Diff"):
			way = "diffs"
		case slices.Contains([]string{"introductions", "neighborhood", "neighborhood of some", "coverage", "whoToAsk"}, q.name):
			way = "path interiors"
		}
		a.add(way, q.name, about(placeholder.ReplaceAllString(text, `"$0"`)), q.name == "introductions")
	}
}

// missing are the root fields of the schema that nothing asks.
func (a *asking) missing() (out []string) {
	asked := map[*ast.FieldDefinition]bool{}
	roots := map[ast.Operation]*ast.Definition{ast.Query: a.schema.Query, ast.Mutation: a.schema.Mutation, ast.Subscription: a.schema.Subscription}
	for _, q := range a.out {
		doc, err := parser.ParseQuery(&ast.Source{Input: q.text})
		if err != nil {
			a.t.Fatalf("%s: %v", q.text, err)
		}
		for _, selected := range doc.Operations[0].SelectionSet {
			asked[roots[doc.Operations[0].Operation].Fields.ForName(selected.(*ast.Field).Name)] = true
		}
	}
	for _, root := range roots {
		for _, f := range root.Fields {
			if !asked[f] && !strings.HasPrefix(f.Name, "__") && !slices.Contains(notAsked, f.Name) {
				out = append(out, root.Name+"."+f.Name)
			}
		}
	}
	return out
}

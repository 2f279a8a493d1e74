package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// statementsFor says how many statements a query of the IDs may cost: one for
// each root field that is a list or an object, at most two for a computed one.
var statementsFor = []struct {
	name, query string
	most        int64
}{
	{"an object three levels deep, with aliases of different arguments and fragments", `query($school: ID!) {
		stakeholder(id: $school) { ...Tied strong: ties(first: 1, filter: {strength: {gte: 4}}) { nodes { name area { name parent { name } } } } ... on School { posts { nodes { name holders(first: 2) { totalCount nodes { name } } roles { nodes { activity { name initiative { name } } } } } } } }
	} fragment Tied on Stakeholder { weak: ties(first: 2, orderBy: {field: STRENGTH}) { totalCount edges { cursor tie { strength claims { nodes { source { name } } } } node { name ... on Organization { members(first: 2) { nodes { name } } } } } pageInfo { hasNextPage hasPreviousPage } } }`, 1},
	{"a list with a nested filter", `{ people(filter: {posts: {some: {organization: {kind: {eq: CITY_DEPARTMENT}}}}}, first: 3) { totalCount revision nodes { name posts { nodes { organization { name posts(first: 1) { nodes { name } } } } } } } }`, 1},
	{"two lists", `{ schools { nodes { name } } companies(first: 1) { nodes { ties { totalCount } } } }`, 2},
	{"search", `{ search(text: "キャリア", first: 3) { totalCount nodes { matched record { ... on Stakeholder { area { name } } } } } }`, 1},
	{"the edge list", `{ ties(first: 3) { nodes { subject { name } object { name area { name } } changes { nodes { action } } } } }`, 1},
	{"nodes of several kinds", `query($school: ID!, $initiative: ID!) { nodes(ids: [$school, $initiative]) { ... on Stakeholder { name } ... on Initiative { activities { nodes { roles { totalCount } } } } } }`, 1},
	{"counts", `{ stakeholderCounts(groupBy: [KIND, AREA]) { rows { count } } }`, 1},
	{"the log", `{ changes(first: 2) { nodes { action } } }`, 1},
	{"the role map", `query($initiative: ID!) { roleMap(initiative: $initiative) { initiative { name } activities { activity { name } responsible { holder { ... on Stakeholder { name area { name } } } role { claims { nodes { source { name } } } } } } gaps { party { name ties(first: 1) { nodes { name } } } } } }`, 2},
	{"a role map diff", `query($initiative: ID!) { roleMapDiff(initiative: $initiative, before: "2023-03-01", after: "2024-02-01") { begun { entry { holder { ... on Stakeholder { name } } } } } }`, 2},
	{"coverage over time", `{ roleCoverage(dates: ["2023-04-01", "2024-02-01"]) { rows { initiative { name } points { coverage { share } } } } }`, 2},
	{"the roles of one", `query($school: ID!) { rolesOf(holder: $school) { initiatives { initiative { name } roles { activity { name } } } } }`, 2},
	{"points of contact", `query($school: ID!) { contactPoints(of: $school) { points { party { name } } } }`, 2},
	{"interlocks", `{ interlocks { people { person { name } } } }`, 2},
	{"whom to ask", `query($topic: ID!, $school: ID!) { whoToAsk(topic: $topic, asker: $school) { results { candidate { ... on Stakeholder { name } } introduction { hops { to { name } } } } } }`, 2},
	{"consultants by profile", `query($topic: ID!, $school: ID!) { matchConsultants(input: {profile: {topics: [$topic], client: $school}}) { results { consultant { name } } } }`, 2},
	{"consultants by a need, which is read first", `query($need: ID!) { matchConsultants(input: {need: $need}) { results { consultant { name } } } }`, 3},
	{"clients", `query($consultant: ID!) { matchClients(consultant: $consultant) { results { client { name } } } }`, 2},
	{"risks", `{ continuityRisks { risks { person { name } post { name } } } }`, 2},
	{"a handover", `query($person: ID!) { handover(person: $person, on: "2024-04-01") { posts { post { name } } couldTakeOver { person { name } } } }`, 2},
	{"a stall check", `query($initiative: ID!) { stallCheck(initiative: $initiative) { causes { cause reasons { records { ... on Activity { name } } } } } }`, 2},
	{"due hearings", `query($initiative: ID!) { dueHearings(initiative: $initiative) { results { party { name } } } }`, 2},
	{"topic balance", `{ topicBalance { rows { topic { name } needs { description } } } }`, 2},
	{"ties counted by sectors and years", `{ tieCounts(groupBy: [SECTOR_PAIR, FROM_FISCAL_YEAR, UNTIL_FISCAL_YEAR], during: {}) { rows { count keys { value } } } }`, 1},
	{"the network", `{ network { summary { stakeholders diameter } centrality(measures: [BETWEENNESS, PAGERANK]) { rows { stakeholder { name area { name } } values { value } } } communities(by: AFFILIATION) { communities { members { name posts: ties(first: 1) { totalCount } } } } cutpoints { points { stakeholder { name } cutOff { name } } } bridges { bridges { tie { claims { nodes { source { name } } } } near { name } } } } }`, 2},
	{"the same network from what was kept", `{ network { summary { stakeholders } centrality(measures: [CLOSENESS]) { rows { stakeholder { name } } } brokerage(by: AFFILIATION) { rows { stakeholder { name } } } } }`, 1},
	{"a part of the network", `query($school: ID!) { network(filter: {minStrength: 3, posts: true, stakeholders: {ties: {some: {party: {id: {eq: $school}}}}}}, direction: DIRECTED) { mixing(by: MUNICIPALITY) { cells { from { label } pairs } } components { components { members { name } } } } }`, 2},
	{"introductions, some over posts", `query($school: ID!, $person: ID!) { introductions(asker: $school, target: $person) { results { hops { to { name } tie { claims { totalCount } } occupancy { post { name } } } } } }`, 2},
	{"what if", `query($school: ID!) { whatIf(remove: [$school]) { cutOff { name } lostContacts { stakeholder { name } } emptiedRoles { activity { name initiative { name } } } } }`, 2},
	{"coverage in hops", `{ coverage(of: {kind: {eq: SCHOOL}}, by: {kind: {eq: COMPANY}}) { uncovered { stakeholder { name } path { name } } } }`, 2},
	{"a network diff", `{ networkDiff(before: "2022-04-01", after: "2024-02-01") { tiesBegun { subject { name } } tiesEnded { object { name } } summaryBefore { density } summaryAfter { density } } }`, 2},
	{"suggested ties", `{ suggestedTies { results { a { name } b { name } reasons { records { ... on Need { topic { name } } } } } } }`, 2},
	{"dependence over time", `query($school: ID!) { dependence(on: $school, dates: ["2021-02-01", "2022-02-01", "2023-02-01", "2024-02-01"]) { on { name } points { share } } }`, 2},
	{"duplicates", `{ duplicateCandidates { results { keep { name area { name } } duplicate { name } reasons { records { ... on Stakeholder { name } } } } } }`, 2},
	{"a neighborhood", `query($school: ID!) { neighborhood(centers: [$school], hops: 2, limit: 30) { nodes { node { name area { name } } } ties { kind subject { name } } } }`, 2},
}

func TestRootFieldsCostOneStatementWhateverTheDepth(t *testing.T) {
	s := openNeo4j(t).(*neo4j.Store)
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true, Limits: limit.With("time", "10m"), // a cold server plans for long
		Viewer: func(context.Context) network.Viewer { return network.Admin("open") }})
	variables := sampleVariables(t, h)
	for _, c := range statementsFor {
		t.Run(c.name, func(t *testing.T) {
			before := s.Statements()
			answer := post(h, c.query, variables)
			if got := s.Statements() - before; got > c.most || got == 0 {
				t.Errorf("%d statements, want 1 to %d", got, c.most)
			}
			if bytes.Contains(answer, []byte(`"errors"`)) {
				t.Errorf("%.500s", answer)
			}
		})
	}
}

// sampleVariables are the variables of the queries above.
func sampleVariables(t *testing.T, h http.Handler) []byte {
	t.Helper()
	var found struct {
		Data struct {
			Schools, Initiatives, Topics, People, Consultants struct{ Nodes []struct{ ID string } }
			Companies                                         struct {
				Nodes []struct {
					Needs struct{ Nodes []struct{ ID string } }
				}
			}
		}
	}
	ids := post(h, `{ schools(filter: {text: "広陵"}) { nodes { id } } initiatives(filter: {text: "共創共学プラットフォーム"}) { nodes { id } }
		topics(filter: {text: "社会人と話す授業"}) { nodes { id } } people(filter: {text: "大輔"}) { nodes { id } } consultants: careerConsultants(first: 1) { nodes { id } } companies(filter: {text: "アルプス精機"}) { nodes { needs { nodes { id } } } } }`, nil)
	if err := json.Unmarshal(ids, &found); err != nil || len(found.Data.Schools.Nodes) == 0 || len(found.Data.Initiatives.Nodes) == 0 {
		t.Fatalf("%s", ids)
	}
	d := found.Data
	variables, _ := json.Marshal(map[string]string{"school": d.Schools.Nodes[0].ID, "initiative": d.Initiatives.Nodes[0].ID, "topic": d.Topics.Nodes[0].ID,
		"person": d.People.Nodes[0].ID, "consultant": d.Consultants.Nodes[0].ID, "need": d.Companies.Nodes[0].Needs.Nodes[0].ID})
	return variables
}

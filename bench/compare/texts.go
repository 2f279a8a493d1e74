package main

import "strings"

// text is a workload in the words of each side. A side without words cannot do it;
// why says why not. The scalars of an answer come in the same order from all sides.
type text struct {
	name                                     string
	ours, neo4jGraphQL, postgraphile, cypher string
	why                                      map[string]string
	// row is how many scalars a row has where the order of the rows does not
	// matter; 0: it does.
	row    int
	writes bool
}

// path is the workload's name in an address.
func (t text) path() string { return strings.ReplaceAll(t.name, " ", "-") }

// words are those for a side.
func (t text) words(side string) string {
	if side == ourStatement && !t.writes {
		return t.ours
	}
	return map[string]string{embedded: t.ours, onNeo4j: t.ours, bare: t.cypher, neo4jGraphQL: t.neo4jGraphQL, postgraphile: t.postgraphile}[side]
}

// Everything that is compared is PUBLIC to whoever asks and holds today, so that
// peers, who know neither visibility nor time, give the same rows without asking for
// either. Ours check both, and so may not be spared anything.
var texts = append(readTexts, answerTexts...)

const (
	best5 = `(first: 5, sort: [{edge: {strength: DESC}}, {edge: {id: ASC}}])`
	best3 = `(first: 3, sort: [{edge: {strength: DESC}}, {edge: {id: ASC}}])`
	best2 = `(first: 2, sort: [{edge: {strength: DESC}}, {edge: {id: ASC}}])`
	with  = `condition: {kind: "COLLABORATES_WITH"}, orderBy: [STRENGTH_DESC, TIE_ASC]`
	ties  = `ties(filter: {kind: {eq: COLLABORATES_WITH}}, first: `
)

var readTexts = []text{
	{
		name:         "point read",
		ours:         `query($id: ID!) { stakeholder(id: $id) { name nameKana ... on Company { industry staff } } }`,
		neo4jGraphQL: `query($id: ID!) { companies(where: {id: {eq: $id}}) { name nameKana industry staff } }`,
		postgraphile: `query($id: String!) { stakeholderByRid(rid: $id) { name nameKana industry staff } }`,
		cypher:       `MATCH (n:Record {id: $id}) RETURN [n.name, n.nameKana, n.industry, n.staff] AS row`,
	},
	{
		name:         "neighbours page",
		ours:         `query($party: ID!) { stakeholder(id: $party) { name ` + ties + `20) { edges { tie { strength } node { name } } } } }`,
		neo4jGraphQL: `query($party: ID!) { parties(where: {id: {eq: $party}}) { name collaboratorsConnection(first: 20, sort: [{edge: {strength: DESC}}, {edge: {id: ASC}}]) { edges { properties { strength } node { name } } } } }`,
		postgraphile: `query($party: String!) { stakeholderByRid(rid: $party) { name tieEndsByStakeholder(first: 20, ` + with + `) { nodes { strength stakeholderByOther { name } } } } }`,
		cypher:       `MATCH (n:Record {id: $party}) RETURN [n.name, COLLECT { MATCH (n)-[r:COLLABORATES_WITH]-(o) WITH r, o ORDER BY r.strength DESC, r.id LIMIT 20 RETURN [r.strength, o.name] }] AS row`,
	},
	{
		name:         "two levels",
		ours:         `query($party: ID!) { stakeholder(id: $party) { name ` + ties + `5) { edges { tie { strength } node { name ` + ties + `3) { edges { node { name } } } } } } } }`,
		neo4jGraphQL: `query($party: ID!) { parties(where: {id: {eq: $party}}) { name collaboratorsConnection` + best5 + ` { edges { properties { strength } node { name collaboratorsConnection` + best3 + ` { edges { node { name } } } } } } } }`,
		postgraphile: `query($party: String!) { stakeholderByRid(rid: $party) { name tieEndsByStakeholder(first: 5, ` + with + `) { nodes { strength stakeholderByOther { name tieEndsByStakeholder(first: 3, ` + with + `) { nodes { stakeholderByOther { name } } } } } } } }`,
		cypher: `MATCH (n:Record {id: $party}) RETURN [n.name, COLLECT { MATCH (n)-[r:COLLABORATES_WITH]-(o) WITH r, o ORDER BY r.strength DESC, r.id LIMIT 5
RETURN [r.strength, o.name, COLLECT { MATCH (o)-[s:COLLABORATES_WITH]-(p) WITH s, p ORDER BY s.strength DESC, s.id LIMIT 3 RETURN p.name }] }] AS row`,
	},
	{
		name: "three levels",
		ours: `query($party: ID!) { stakeholder(id: $party) { name ` + ties + `5) { edges { tie { strength } node { name ` + ties + `3) { edges { node { name ` + ties + `2) { edges { node { name } } } } } } } } } } }`,
		neo4jGraphQL: `query($party: ID!) { parties(where: {id: {eq: $party}}) { name collaboratorsConnection` + best5 + ` { edges { properties { strength } node { name collaboratorsConnection` + best3 +
			` { edges { node { name collaboratorsConnection` + best2 + ` { edges { node { name } } } } } } } } } } }`,
		postgraphile: `query($party: String!) { stakeholderByRid(rid: $party) { name tieEndsByStakeholder(first: 5, ` + with + `) { nodes { strength stakeholderByOther { name tieEndsByStakeholder(first: 3, ` + with +
			`) { nodes { stakeholderByOther { name tieEndsByStakeholder(first: 2, ` + with + `) { nodes { stakeholderByOther { name } } } } } } } } } } }`,
		cypher: `MATCH (n:Record {id: $party}) RETURN [n.name, COLLECT { MATCH (n)-[r:COLLABORATES_WITH]-(o) WITH r, o ORDER BY r.strength DESC, r.id LIMIT 5
RETURN [r.strength, o.name, COLLECT { MATCH (o)-[s:COLLABORATES_WITH]-(p) WITH s, p ORDER BY s.strength DESC, s.id LIMIT 3
RETURN [p.name, COLLECT { MATCH (p)-[t:COLLABORATES_WITH]-(q) WITH t, q ORDER BY t.strength DESC, t.id LIMIT 2 RETURN q.name }] }] }] AS row`,
	},
	{
		name:         "nested filter",
		ours:         `query($staff: Int!, $topic: String!) { companies(filter: {staff: {gte: $staff}, needs: {some: {topic: {name: {eq: $topic}}}}}, first: 20) { nodes { name staff } } }`,
		neo4jGraphQL: `query($staff: Int!, $topic: String!) { companies(where: {staff: {gte: $staff}, needs: {some: {topic: {some: {name: {eq: $topic}}}}}}, limit: 20, sort: [{sortKey: ASC}, {id: ASC}]) { name staff } }`,
		postgraphile: `query($staff: Int!, $topic: String!) { allStakeholders(filter: {kind: {equalTo: "Company"}, staff: {greaterThanOrEqualTo: $staff}, needsByStakeholder: {some: {topicByTopic: {name: {equalTo: $topic}}}}}, first: 20, orderBy: [SORT_KEY_ASC, RID_ASC]) { nodes { name staff } } }`,
		cypher: `RETURN COLLECT { MATCH (n:Company) WHERE n.staff >= $staff AND EXISTS { (n)<-[:OF_STAKEHOLDER]-(:Need)-[:ON_TOPIC]->(:Topic {name: $topic}) }
WITH n ORDER BY n.sortKey, n.id LIMIT 20 RETURN [n.name, n.staff] } AS row`,
	},
	{
		name:         "deep page",
		ours:         `query($cursor: String!) { companies(first: 20, after: $cursor) { nodes { name industry } } }`,
		neo4jGraphQL: `query($offset: Int!) { companies(offset: $offset, limit: 20, sort: [{sortKey: ASC}, {id: ASC}]) { name industry } }`,
		postgraphile: `query($offset: Int!) { allStakeholders(condition: {kind: "Company"}, offset: $offset, first: 20, orderBy: [SORT_KEY_ASC, RID_ASC]) { nodes { name industry } } }`,
		cypher: `RETURN COLLECT { MATCH (n:Company) WHERE n.sortKey >= $sortKey AND (n.sortKey > $sortKey OR n.id > $last)
WITH n ORDER BY n.sortKey, n.id LIMIT 20 RETURN [n.name, n.industry] } AS row`,
	},
	{
		name:         "search",
		ours:         `query($term: String!) { search(text: $term, kinds: [COMPANY], first: 10) { nodes { name } } }`,
		neo4jGraphQL: `query($term: String!) { companies(where: {searchKey: {contains: $term}}, limit: 10, sort: [{sortKey: ASC}, {id: ASC}]) { name } }`,
		postgraphile: `query($term: String!) { allStakeholders(filter: {kind: {equalTo: "Company"}, searchKey: {includes: $term}}, first: 10, orderBy: [SORT_KEY_ASC, RID_ASC]) { nodes { name } } }`,
		cypher:       `RETURN COLLECT { MATCH (n:Company) WHERE n.searchKey CONTAINS $term WITH n ORDER BY n.sortKey, n.id LIMIT 10 RETURN n.name } AS row`,
	},
	{
		name:         "group by",
		ours:         `{ stakeholderCounts(groupBy: [AREA], filter: {kind: {eq: COMPANY}}) { rows { keys { value } count } } }`,
		postgraphile: `{ allStakeholderCounts(condition: {kind: "Company"}) { nodes { area count } } }`,
		cypher:       `RETURN COLLECT { MATCH (n:Company)-[:LOCATED_IN]->(a) WITH a.id AS area, count(*) AS companies RETURN [area, companies] } AS row`,
		why:          map[string]string{neo4jGraphQL: "it groups by nothing"},
		row:          2,
	},
}

var answerTexts = []text{
	{
		name: "role map",
		ours: `query($initiative: ID!) { roleMap(initiative: $initiative) { activities { activity { name } responsible { holder { ... on Stakeholder { name } ... on Post { name } } } accountable { holder { ... on Stakeholder { name } ... on Post { name } } } } gaps { rule } coverage { share } } }`,
		why:  onlyOurs,
	},
	{
		name: "introductions",
		ours: `query($asker: ID!, $target: ID!) { introductions(asker: $asker, target: $target, first: 3) { results { cost hops { to { name } } } } }`,
		why:  onlyOurs,
	},
	{
		name:         "single write",
		ours:         `mutation($id: ID!, $staff: Int!) { update(id: $id, input: {company: {staff: $staff}}) { record { ... on Company { name staff } } userErrors { message } } }`,
		neo4jGraphQL: `mutation($id: ID!, $staff: Int!) { updateCompanies(where: {id: {eq: $id}}, update: {staff: {set: $staff}}) { companies { name staff } } }`,
		postgraphile: `mutation($id: String!, $staff: Int!) { updateStakeholderByRid(input: {rid: $id, stakeholderPatch: {staff: $staff}}) { stakeholder { name staff } } }`,
		cypher:       `MATCH (n:Record {id: $id}) SET n.staff = toInteger($staff) RETURN [n.name, n.staff] AS row`,
		writes:       true,
	},
	{
		name:         "batched write",
		ours:         `mutation($rows: [UpsertRow!]!) { upsertMany(rows: $rows) { created userErrors { message } } }`,
		neo4jGraphQL: `mutation($nodes: [CompanyCreateInput!]!) { createCompanies(input: $nodes) { info { nodesCreated } } }`,
		cypher:       `UNWIND $nodes AS node CREATE (n:Record:Stakeholder:Organization:Company) SET n = node RETURN count(n) AS row`,
		why:          map[string]string{postgraphile: "it writes one row at a time"},
		writes:       true,
	},
}

var onlyOurs = map[string]string{bare: "it takes more than a query", neo4jGraphQL: "it takes more than a query", postgraphile: "it takes more than a query"}

package graph_test

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// strip is a map in which one go-between holds two schools and two companies
// together, and knows a consultant who knows nobody else:
//
//	east ─ npo ─ works ─ press      west ─ npo      jun ─ npo
//
// A teacher holds a post at east; east and west worked together until 2023.
func strip(t testing.TB) (*api, map[string]string) {
	a := embedded(t)
	id := map[string]string{}
	id["city"] = a.create("area", map[string]any{"name": "塩尻市", "level": "MUNICIPALITY"})
	id["inn"] = a.create("area", map[string]any{"name": "奈良井宿", "level": "LOCALITY", "parent": id["city"]})
	id["east"] = a.create("school", map[string]any{"name": "東小", "area": id["inn"]})
	id["west"] = a.create("school", map[string]any{"name": "西小", "area": id["city"]})
	id["npo"] = a.create("otherOrganization", map[string]any{"name": "結びの会（架空）", "organizationType": "NON_PROFIT"})
	id["works"] = a.create("company", map[string]any{"name": "製作所（架空）", "area": id["city"]})
	id["press"] = a.create("company", map[string]any{"name": "印刷（架空）"})
	id["jun"] = a.create("careerConsultant", map[string]any{"name": "架空 順", "registrationNumber": "21012345"})
	id["teacher"] = a.create("person", map[string]any{"name": "架空 先生"})
	id["post"] = a.create("post", map[string]any{"name": "担当", "organization": id["east"]})
	id["seat"] = a.create("occupancy", map[string]any{"person": id["teacher"], "post": id["post"], "from": "2022-04-01"})
	tie := func(kind, subject, object string, more map[string]any) {
		fields := map[string]any{"kind": kind, "subject": id[subject], "object": id[object], "strength": 4, "from": "2022-04-01"}
		for k, v := range more {
			fields[k] = v
		}
		a.relate(fields)
	}
	tie("CONSULTS", "east", "npo", nil)
	tie("CONSULTS", "west", "npo", map[string]any{"strength": 2})
	tie("SUPPORTS", "npo", "works", nil)
	tie("SUPPORTS", "npo", "works", map[string]any{"kind": "COLLABORATES_WITH", "from": "2023-04-01"})
	tie("COLLABORATES_WITH", "works", "press", map[string]any{"doNotAsk": true})
	tie("KNOWS", "jun", "npo", map[string]any{"strength": 1})
	tie("COLLABORATES_WITH", "east", "west", map[string]any{"until": "2023-04-01"})
	return a, id
}

func TestTheNetworkInNumbers(t *testing.T) {
	a, _ := strip(t)
	a.is(`{"network":{"summary":{"stakeholders":7,"ties":6,"posts":0,"pairs":5,"components":2,"largestComponent":6,"isolated":1,"diameter":3,"degeneracy":1},"centrality":{"orderBy":"BETWEENNESS","rows":[{"rank":1,"stakeholder":{"name":"結びの会（架空）"},"values":[{"value":0.6},{"value":4}]},{"rank":2,"stakeholder":{"name":"製作所（架空）"},"values":[{"value":0.2666666667},{"value":2}]}]}}}`,
		`{ network { summary { stakeholders ties posts pairs components largestComponent isolated diameter degeneracy } centrality(measures: [BETWEENNESS, DEGREE], first: 2) { orderBy rows { rank stakeholder { name } values { value } } } } }`, nil)
	// Between schools and companies the NPO stands on four of four paths, the works
	// on two; with posts the teacher is tied to the school.
	a.is(`{"network":{"summary":{"ties":7,"posts":1,"isolated":0},"b":{"algorithms":[{"parameters":{"by":"KIND","from":"SCHOOL","to":"COMPANY"}}],"rows":[{"values":[{"value":1}]},{"values":[{"value":0.5}]}]},"s":{"rows":[{"sector":{"value":"NON_PROFIT","label":"非営利団体","en":"Non profit"},"liaison":2,"total":2}]}}}`,
		`{ network(filter: {posts: true}) { summary { ties posts isolated } b: centrality(measures: [BETWEENNESS], between: {from: "SCHOOL", to: "COMPANY"}, first: 2) { algorithms { parameters } rows { values { value } } }
		s: brokerage(by: ORGANIZATION_TYPE, role: LIAISON, between: {from: "SCHOOL", to: "COMPANY"}) { rows { sector { value label en: label(language: EN) } liaison total } } } }`, nil)
}

func TestDirectionAndWeightCountWhenAskedFor(t *testing.T) {
	a, id := strip(t)
	a.is(`{"network":{"direction":"DIRECTED","weighting":"STRENGTH","filter":{"tieKinds":["CONSULTS","SUPPORTS"]},"summary":{"pairs":3,"reciprocity":0},"centrality":{"algorithms":[{"direction":"DIRECTED","weighting":"NONE"},{"direction":"UNDIRECTED","weighting":"STRENGTH"},{"direction":"DIRECTED","weighting":"STRENGTH"}],"rows":[{"rank":1,"values":[{"value":2},{"value":10},{"value":4}]}]}}}`,
		`query($of: [ID!]) { network(filter: {tieKinds: [CONSULTS, SUPPORTS]}, direction: DIRECTED, weighting: STRENGTH) { direction weighting filter summary { pairs reciprocity } centrality(measures: [IN_DEGREE, STRENGTH, OUT_STRENGTH], of: $of) { algorithms { direction weighting } rows { rank values { value } } } } }`,
		map[string]any{"of": []string{id["npo"]}})
}

func TestWhatFallsApart(t *testing.T) {
	a, _ := strip(t)
	a.is(`{"network":{"cutpoints":{"totalCount":2,"points":[{"stakeholder":{"name":"結びの会（架空）"},"parts":4,"cutOffCount":3},{"stakeholder":{"name":"製作所（架空）"},"parts":2,"cutOffCount":1}]},"bridges":{"totalCount":4}},"mutual":{"bridges":{"bridges":[{"near":{"name":"製作所（架空）"},"far":{"name":"結びの会（架空）"},"tie":{"doNotAsk":null},"cutOffCount":1,"cutOff":[{"name":"結びの会（架空）"}]}]},"components":{"count":5,"components":[{"size":3,"pairs":2,"diameter":2,"sectors":[{"sector":{"label":"地域の記載なし"},"stakeholders":2,"share":0.6666666667},{"sector":{"label":"塩尻市"},"stakeholders":1,"share":0.3333333333}]}]}}}`,
		`{ network { cutpoints { totalCount points { stakeholder { name } parts cutOffCount } } bridges { totalCount } }
		mutual: network(filter: {minStrength: 4, ties: {kind: {in: [COLLABORATES_WITH]}}}) { bridges(first: 1) { bridges { near { name } far { name } tie { doNotAsk } cutOffCount cutOff { name } } } components(first: 1) { count components { size pairs diameter sectors(by: MUNICIPALITY) { sector { label } stakeholders share } } } } }`, nil)
}

func TestWaysToBeIntroduced(t *testing.T) {
	a, id := strip(t)
	query := `query($a: ID!, $t: ID!, $avoid: [ID!]!) { introductions(asker: $a, target: $t, avoid: $avoid) { results { cost hops { from { name } occupancy { id } cost warmth { part points } } } missing { rule } } }`
	ask := func(from, to string, avoid ...string) string {
		ids := []string{}
		for _, x := range avoid {
			ids = append(ids, id[x])
		}
		return a.data(query, map[string]any{"a": id[from], "t": id[to], "avoid": ids})
	}
	if got := ask("teacher", "works"); !strings.Contains(got, `"cost":120,"hops":[{"from":{"name":"架空 先生"},"occupancy":{"id":"`+id["seat"]+`"},"cost":28`) || strings.Count(got, `"cost":120`) != 1 {
		t.Error(got)
	}
	for _, c := range []struct{ from, to, avoid, want string }{
		{"works", "press", "", `"results":[],"missing":[{"rule":"DIRECT_TIE_NOT_TO_BE_ASKED"}]`},
		{"npo", "press", "", `"results":[],"missing":[{"rule":"ONLY_TIES_NOT_TO_BE_ASKED"}]`},
		{"east", "works", "npo", `"results":[],"missing":[{"rule":"ONLY_THROUGH_AVOIDED"}]`},
	} {
		var avoid []string
		if c.avoid != "" {
			avoid = []string{c.avoid}
		}
		if got := ask(c.from, c.to, avoid...); !strings.Contains(got, c.want) {
			t.Errorf("%s → %s: %s", c.from, c.to, got)
		}
	}
}

func TestWithoutTheGoBetween(t *testing.T) {
	a, id := strip(t)
	initiative := a.create("initiative", map[string]any{"name": "構想"})
	activity := a.create("activity", map[string]any{"name": "授業", "initiative": initiative})
	a.create("roleAssignment", map[string]any{"holder": id["npo"], "activity": activity, "responsibility": "RESPONSIBLE", "status": "AGREED"})
	a.create("roleAssignment", map[string]any{"holder": id["post"], "activity": activity, "responsibility": "ACCOUNTABLE", "status": "AGREED"})
	a.is(`{"whatIf":{"removed":[{"name":"結びの会（架空）"}],"componentsBefore":2,"componentsAfter":5,"largestBefore":6,"largestAfter":2,"pairs":10,"lostPairs":9,"lostPaths":[{"a":{"value":"SCHOOL"},"b":{"value":"COMPANY"},"before":4,"after":0,"severed":true}],"lostContactCount":4,"school":0,"emptiedRoles":[{"activity":{"name":"授業"},"role":{"responsibility":"RESPONSIBLE"},"post":null}]}}`,
		`query($npo: ID!) { whatIf(remove: [$npo]) { removed { name } componentsBefore componentsAfter largestBefore largestAfter pairs lostPairs lostPaths(first: 1) { a { value } b { value } before after severed } lostContactCount school: lostContactCount(sector: "COUNCIL") emptiedRoles { activity { name } role { responsibility } post { name } } } }`,
		map[string]any{"npo": id["npo"]})
	a.is(`{"whatIf":{"emptiedRoles":[{"role":{"responsibility":"ACCOUNTABLE"},"post":{"name":"担当"}}],"removed":[{"name":"東小"},{"name":"架空 先生"}]}}`,
		`query($east: ID!) { whatIf(remove: [$east], withPeople: true) { emptiedRoles { role { responsibility } post { name } } removed { name } } }`, map[string]any{"east": id["east"]})
}

func TestWhoIsNear(t *testing.T) {
	a, _ := strip(t)
	a.is(`{"coverage":{"count":2,"covered":2,"share":1,"distances":[{"hops":2,"stakeholders":2}]},"near":{"covered":0,"uncovered":[{"hops":2,"nearest":{"name":"製作所（架空）"},"path":[{"name":"東小"},{"name":"結びの会（架空）"},{"name":"製作所（架空）"}]}]},"none":{"count":0,"share":1},"far":{"uncovered":[{"hops":null,"nearest":null,"path":[]}]}}`,
		`{ coverage(of: {kind: {eq: SCHOOL}}, by: {kind: {eq: COMPANY}}) { count covered share distances { hops stakeholders } }
		near: coverage(of: {text: "東小"}, by: {kind: {eq: COMPANY}}, hops: 1) { covered uncovered { hops nearest { name } path { name } } }
		none: coverage(of: {text: "だれもいない"}, by: {}) { count share }
		far: coverage(of: {text: "先生"}, by: {kind: {eq: COMPANY}}) { uncovered { hops nearest { name } path { name } } } }`, nil)
}

func TestTheNetworkOverTime(t *testing.T) {
	a, id := strip(t)
	a.is(`{"networkDiff":{"before":"2022-02-01","after":"2022-06-01","counts":{"tiesBegun":6,"tiesEnded":0},"summaryBefore":{"ties":0},"summaryAfter":{"ties":6}},"later":{"counts":{"tiesBegun":1,"tiesEnded":1},"tiesEnded":[{"kind":"COLLABORATES_WITH"}],"sectors":[{"a":{"value":"SCHOOL"},"b":{"value":"SCHOOL"},"begun":0,"ended":1},{"a":{"value":"COMPANY"},"b":{"value":"OTHER_ORGANIZATION"},"begun":1,"ended":0}]},"dependence":{"points":[{"date":"2022-02-01","present":true,"contacts":0,"pairs":0,"lost":0,"share":0},{"date":"2022-06-01","present":true,"contacts":4,"pairs":10,"lost":8,"share":0.8},{"date":"2024-02-01","present":true,"contacts":4,"pairs":10,"lost":9,"share":0.9}]}}`,
		`query($npo: ID!) { networkDiff(before: "2022-02-01", after: "2022-06-01") { before after counts { tiesBegun tiesEnded } summaryBefore { ties } summaryAfter { ties } }
		later: networkDiff(before: "2022-06-01", after: "2024-02-01") { counts { tiesBegun tiesEnded } tiesEnded { kind } sectors { a { value } b { value } begun ended } }
		dependence(on: $npo, dates: ["2022-02-01", "2022-06-01", "2024-02-01"]) { points { date present contacts pairs lost share } } }`, map[string]any{"npo": id["npo"]})
}

func TestPostsAsTiesOverTime(t *testing.T) {
	a, id := strip(t)
	q := `query($before: Date!, $after: Date!, $posts: Boolean) { networkDiff(before: $before, after: $after, filter: {posts: $posts, kinds: [PERSON, SCHOOL]}) {
		counts { tiesBegun tiesEnded postsBegun postsEnded } tiesBegun { kind } postsBegun { person { name } post { name } } postsEnded { post { name } } sectors { a { value } b { value } begun ended } } }`
	entering := map[string]any{"before": "2022-02-01", "after": "2022-06-01", "posts": true}
	a.is(`{"networkDiff":{"counts":{"tiesBegun":1,"tiesEnded":0,"postsBegun":1,"postsEnded":0},"tiesBegun":[{"kind":"COLLABORATES_WITH"}],"postsBegun":[{"person":{"name":"架空 先生"},"post":{"name":"担当"}}],"postsEnded":[],"sectors":[{"a":{"value":"SCHOOL"},"b":{"value":"SCHOOL"},"begun":1,"ended":0},{"a":{"value":"SCHOOL"},"b":{"value":"PERSON"},"begun":1,"ended":0}]}}`, q, entering)
	entering["posts"] = false
	a.is(`{"networkDiff":{"counts":{"tiesBegun":1,"tiesEnded":0,"postsBegun":0,"postsEnded":0},"tiesBegun":[{"kind":"COLLABORATES_WITH"}],"postsBegun":[],"postsEnded":[],"sectors":[{"a":{"value":"SCHOOL"},"b":{"value":"SCHOOL"},"begun":1,"ended":0}]}}`, q, entering)

	// On 1 October 2023 the teacher becomes head of the same school: still tied to it.
	a.data(`mutation($id: ID!) { end(id: $id, on: "2023-10-01") { revision } }`, map[string]any{"id": id["seat"]})
	head := a.create("post", map[string]any{"name": "校長", "organization": id["east"]})
	seat := a.create("occupancy", map[string]any{"person": id["teacher"], "post": head, "from": "2023-10-01"})
	none := `{"networkDiff":{"counts":{"tiesBegun":0,"tiesEnded":0,"postsBegun":0,"postsEnded":0},"tiesBegun":[],"postsBegun":[],"postsEnded":[],"sectors":[]}}`
	promoted := map[string]any{"before": "2023-06-01", "after": "2023-12-01", "posts": true}
	a.is(none, q, promoted)
	a.data(`mutation($id: ID!) { end(id: $id, on: "2023-11-01") { revision } }`, map[string]any{"id": seat})
	a.is(strings.NewReplacer(`"postsEnded":0`, `"postsEnded":1`, `"postsEnded":[]`, `"postsEnded":[{"post":{"name":"担当"}}]`, `"sectors":[]`, `"sectors":[{"a":{"value":"SCHOOL"},"b":{"value":"PERSON"},"begun":0,"ended":1}]`).Replace(none), q, promoted)
}

// The tie between two organisations that both ends are near to by posts only.
func TestIntroductionsLeadOverTiesThatPostsLeadTo(t *testing.T) {
	a := embedded(t)
	person := func(name string) string { return a.create("person", map[string]any{"name": name}) }
	holds := func(who, body string) {
		post := a.create("post", map[string]any{"name": "担当", "organization": body})
		a.create("occupancy", map[string]any{"person": who, "post": post, "from": "2022-04-01"})
	}
	asker, near, far, target := person("架空 一"), person("架空 二"), person("架空 三"), person("架空 四")
	school, company := a.create("school", map[string]any{"name": "東小"}), a.create("company", map[string]any{"name": "製作所（架空）"})
	a.relate(map[string]any{"kind": "KNOWS", "subject": asker, "object": near})
	holds(near, school)
	a.relate(map[string]any{"kind": "COLLABORATES_WITH", "subject": school, "object": company})
	holds(far, company)
	a.relate(map[string]any{"kind": "KNOWS", "subject": far, "object": target})
	a.is(`{"introductions":{"results":[{"hops":[{"to":{"name":"架空 二"}},{"to":{"name":"東小"}},{"to":{"name":"製作所（架空）"}},{"to":{"name":"架空 三"}},{"to":{"name":"架空 四"}}]}],"missing":[]},"short":{"results":[],"missing":[{"rule":"NO_WAY"}]}}`,
		`query($a: ID!, $t: ID!) { introductions(asker: $a, target: $t, maxHops: 5) { results { hops { to { name } } } missing { rule } } short: introductions(asker: $a, target: $t, maxHops: 4) { results { cost } missing { rule } } }`,
		map[string]any{"a": asker, "t": target})
}

func TestTiesCounted(t *testing.T) {
	a, _ := strip(t)
	a.is(`{"tieCounts":{"rows":[{"keys":[{"dimension":"SECTOR_PAIR","value":"SCHOOL-OTHER_ORGANIZATION","label":"学校とその他の組織"},{"dimension":"STRENGTH","value":"2","label":"強さ2"}],"count":1},{"keys":[{"dimension":"SECTOR_PAIR","value":"SCHOOL-OTHER_ORGANIZATION","label":"学校とその他の組織"},{"dimension":"STRENGTH","value":"4","label":"強さ4"}],"count":1}]},"years":{"rows":[{"keys":[{"value":"2022","label":"令和4年度"},{"value":"2022","label":"令和4年度"}],"count":1},{"keys":[{"value":"2022","label":"令和4年度"},{"value":null,"label":null}],"count":5},{"keys":[{"value":"2023","label":"令和5年度"},{"value":null,"label":null}],"count":1}]},"pairs":{"rows":[{"keys":[{"value":"COMPANY-OTHER_ORGANIZATION","label":"企業とその他の組織"}],"count":2}]}}`,
		`{ tieCounts(groupBy: [SECTOR_PAIR, STRENGTH], filter: {kind: {eq: CONSULTS}}) { rows { keys { dimension value label } count } }
		years: tieCounts(groupBy: [FROM_FISCAL_YEAR, UNTIL_FISCAL_YEAR], during: {}) { rows { keys { value label } count } }
		pairs: tieCounts(groupBy: [SECTOR_PAIR], filter: {subject: {kind: {eq: OTHER_ORGANIZATION}}}) { rows { keys { value label } count } } }`, nil)
}

func TestANeighborhoodSaysWhatItLeftOut(t *testing.T) {
	a, id := strip(t)
	a.is(`{"neighborhood":{"nodes":[{"hop":0,"node":{"name":"結びの会（架空）"}},{"hop":1,"node":{"__typename":"School"}}],"truncated":true,"cutOff":[{"hop":1,"stakeholders":1,"reason":"LIMIT","message":"1歩先の関係者1件を省きました。上限は全体で2件です。"}]},"out":{"nodes":[{"node":{"name":"結びの会（架空）"}},{"node":{"name":"製作所（架空）"}}],"ties":[{"kind":"SUPPORTS"},{"kind":"COLLABORATES_WITH"}],"cutOff":[]}}`,
		`query($npo: ID!) { neighborhood(centers: [$npo], kinds: [SCHOOL], limit: 2) { nodes { hop node { ... on School { __typename } ... on OtherOrganization { name } } } truncated cutOff { hop stakeholders reason message } }
		out: neighborhood(centers: [$npo], direction: OUT, minStrength: 2) { nodes { node { name } } ties { kind } cutOff { hop } } }`, map[string]any{"npo": id["npo"]})
}

func TestOnlyWhatIsSelectedIsComputed(t *testing.T) {
	a, kept, _ := keeping(t, memory.New(memory.Options{}))
	a.create("school", map[string]any{"name": "東小"})
	for _, c := range []struct {
		query string
		works int64
	}{
		{`{ network { revision } }`, 2}, // the network and its graph
		{`{ network { direction communities { modularity } } }`, 2},
		{`{ network { a: centrality(measures: [PAGERANK]) { totalCount } b: centrality(measures: [PAGERANK], first: 1) { rows { rank } } communities(seed: 1) { count } } }`, 1},
	} {
		before := kept.Stats().Begun
		a.data(c.query, nil)
		if got := kept.Stats().Begun - before; got != c.works {
			t.Errorf("%s: %d works, want %d", c.query, got, c.works)
		}
	}
}

func TestWhatIsRefusedOfTheNetwork(t *testing.T) {
	a, id := strip(t)
	for query, want := range map[string]string{
		`{ network(filter: {kinds: [SCHOOL, TOPIC]}) { revision } }`:                                                              `"argument":["filter","kinds","1"],"code":"INVALID_VALUE"`,
		`{ network { centrality(measures: []) { totalCount } } }`:                                                                 `"argument":["centrality","measures"],"code":"OUT_OF_RANGE"`,
		`{ network { centrality(measures: [DEGREE], first: 501) { totalCount } } }`:                                               `"argument":["centrality","first"],"code":"OUT_OF_RANGE"`,
		`{ network { centrality(measures: [DEGREE], of: ["nobody"]) { totalCount } } }`:                                           `"argument":["centrality","of","0"],"code":"NOT_FOUND"`,
		`{ network { centrality(measures: [BETWEENNESS], pivots: 0) { totalCount } } }`:                                           `"code":"OUT_OF_RANGE"`,
		`{ network { centrality(measures: [BETWEENNESS], pivots: 5, between: {from: "SCHOOL", to: "COMPANY"}) { totalCount } } }`: `"code":"INVALID_VALUE"`,
		`{ network { brokerage(between: {from: "school", to: "COMPANY"}) { totalCount } } }`:                                      `"argument":["brokerage","between","from"],"code":"INVALID_VALUE"`,
		`{ network { communities(resolution: 0) { count } } }`:                                                                    `"argument":["communities","resolution"],"code":"OUT_OF_RANGE"`,
		`{ introductions(asker: "` + id["east"] + `", target: "` + id["east"] + `") { revision } }`:                               `"argument":["target"],"code":"INVALID_VALUE"`,
		`{ introductions(asker: "` + id["east"] + `", target: "` + id["post"] + `") { revision } }`:                               `"argument":["target"],"code":"NOT_FOUND"`,
		`{ introductions(asker: "` + id["east"] + `", target: "` + id["npo"] + `", maxHops: 9) { revision } }`:                    `"argument":["maxHops"],"code":"OUT_OF_RANGE"`,
		`{ introductions(asker: "` + id["east"] + `", target: "` + id["npo"] + `", avoid: ["` + id["npo"] + `"]) { revision } }`:  `"argument":["avoid","0"],"code":"INVALID_VALUE"`,
		`{ whatIf(remove: []) { pairs } }`:                                                                                        `"argument":["remove"],"code":"OUT_OF_RANGE"`,
		`{ whatIf(remove: ["nobody"]) { pairs } }`:                                                                                `"argument":["remove","0"],"code":"NOT_FOUND"`,
		`{ coverage(of: {}, by: {}, hops: 0) { count } }`:                                                                         `"argument":["hops"],"code":"OUT_OF_RANGE"`,
		`{ networkDiff(before: "2024-02-01", after: "2023-02-01") { revision } }`:                                                 `"argument":["before"],"code":"INVALID_VALUE"`,
		`{ dependence(on: "nobody", dates: ["2024-02-01"]) { revision } }`:                                                        `"argument":["on"],"code":"NOT_FOUND"`,
		`{ dependence(on: "` + id["npo"] + `", dates: ["2024-02-01", "1 April"]) { revision } }`:                                  `"argument":["dates","1"],"code":"INVALID_DATE"`,
		`{ tieCounts(groupBy: [KIND, KIND]) { revision } }`:                                                                       `"argument":["groupBy","1"],"code":"INVALID_VALUE"`,
		`{ neighborhood(centers: ["` + id["npo"] + `"], kinds: [TOPIC]) { revision } }`:                                           `"argument":["kinds","0"],"code":"INVALID_VALUE"`,
		`{ network(filter: {stakeholders: {contact: {eq: "x"}}}) { revision } }`:                                                  `"code":"FORBIDDEN"`,
	} {
		a.viewer.Role = 3
		if strings.Contains(query, "contact") {
			a.viewer.Role = 0
		}
		if got := a.post(query, nil); !strings.Contains(got, want) {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// Every measure of the schema is computed and says how.
func TestEveryMeasureIsComputed(t *testing.T) {
	a, id := strip(t)
	for _, m := range model.AllCentralityMeasure {
		got := a.data(`query($m: CentralityMeasure!, $of: [ID!]) { network(direction: DIRECTED, weighting: STRENGTH) { centrality(measures: [$m], of: $of) { algorithms { name source version } rows { values { value } } } } }`,
			map[string]any{"m": m.String(), "of": []string{id["npo"]}})
		if strings.Contains(got, `"value":null`) || strings.Contains(got, `"name":""`) || strings.Contains(got, `"value":0}`) {
			t.Errorf("%s: %s", m, got)
		}
	}
}

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// The computed answers are held against a map from which everything they must
// not know was taken out by brute force: what did not hold on the day, what the
// viewer may not see. The answer to the same question must stay the same.

// computedQuestions ask for every computed field. Those that look at other days
// than the one asked for (who held a post before, whose term ends soon) are not
// told of dates by the oracle of time.
var computedQuestions = []struct {
	name, query string
	otherDays   bool
}{
	{"roleMap", `roleMap(initiative: $i, asOf: $d) { initiative { name } activities { activity { name } responsible { vacant holder { ...H } } accountable { holder { ...H } } consulted { holder { ...H } } informed { role { id } } } functions { label entries { holder { ...H } } } gaps { rule party { name } activity { name } } overlaps { rule roles { id } } conflicts { rule roles { id } } load { holder { ...H } responsible accountable staff } coverage { complete share } }`, false},
	{"rolesOf", `rolesOf(holder: $o, asOf: $d) { initiatives { initiative { name } isParty roles { activity { name } role { id } through { name } vacant } } responsible accountable consulted informed staff }`, false},
	{"contactPoints", `contactPoints(of: $o, asOf: $d) { initiatives { name } points { party { name } appearances { initiative { name } isParty roles { id } } } }`, false},
	{"interlocks", `interlocks(asOf: $d) { people { person { name } seats { id } } bodies { a { name } b { name } people { name } senders { name } } }`, false},
	{"topicBalance", `topicBalance(area: $a, asOf: $d) { rows { topic { name } needCount offerCount unmet needs { id } offers { id } nearOffers { id } } }`, false},
	{"stallCheck", `stallCheck(initiative: $i, asOf: $d) { causesThatHoldAgain causes { cause verdict reasons { rule records { ... on Stakeholder { name } ... on Activity { name } } } } }`, true},
	{"whoToAsk", `whoToAsk(topic: $t, asker: $k, first: 50, asOf: $d) { totalCount results { candidate { ...H } holders { name } score reasons { rule points records { __typename } } introduction { cost hops { from { name } to { name } tie { id } } } } missing { rule } othersInNeed { id } }`, false},
	{"matchConsultants", `matchConsultants(input: {profile: {topics: [$t], area: $a, client: $c}}, independenceYears: 0, availability: "平日", purpose: MIGRANT_SUPPORT, first: 50, asOf: $d) { totalCount results { consultant { name } score reasons { rule points } introduction { cost } } excluded { consultant { name } reason { rule } } }`, false},
	{"matchClients", `matchClients(consultant: $z, independenceYears: 0, first: 50, asOf: $d) { totalCount results { client { name } score reasons { rule points } } }`, false},
	{"dueHearings", `dueHearings(initiative: $i, first: 100, asOf: $d) { totalCount results { party { name } score lastHearing { name } reasons { rule points } } }`, true},
	{"handover", `handover(person: $p, on: "2024-04-01", asOf: $d) { summary posts { post { name } vacant shared successor { name } roles { role { id } } } roles { role { id } } ties { party { name } onlyContact knownBy { name } } offers { id } needs { id } hearings { id } couldTakeOver { person { name } score reasons { rule points } } }`, true},
	{"continuityRisks", `continuityRisks(within: 90, first: 100, asOf: $d) { totalCount risks { rule severity person { name } post { name } organization { name } party { name } tie { id } roles { id } activities { id } on } }`, true},
	{"neighborhood", `neighborhood(centers: [$o], hops: 2, asOf: $d) { nodes { hop node { name } } ties { id } truncated }`, false},
	{"neighborhood of some", `neighborhood(centers: [$o], hops: 3, kinds: [SCHOOL, COMPANY, PERSON], minStrength: 2, direction: OUT, limit: 9, asOf: $d) { nodes { hop node { name } } ties { id } cutOff { hop stakeholders } }`, false},
	{"introductions", `introductions(asker: $k, target: $c, first: 5, asOf: $d) { results { cost hops { from { name } to { name } tie { id } occupancy { id } cost warmth { part points message } } } missing { rule records { __typename } } }`, false},
	{"network", `network(asOf: $d) { summary { stakeholders ties pairs density meanDegree components largestComponent isolated diameter meanPath degeneracy }
		centrality(measures: [BETWEENNESS, DEGREE, STRENGTH, CLOSENESS, HARMONIC, EIGENVECTOR, PAGERANK, REACH_2, CORENESS, CONSTRAINT, EFFECTIVE_SIZE], first: 50) { totalCount rows { rank stakeholder { name } values { value } } }
		communities(by: ORGANIZATION_TYPE) { count modularity ei communities { size ei members { name } sectors { sector { value label } stakeholders } innerPairs outerPairs } }
		brokerage { totalCount rows { rank stakeholder { name } coordinator itinerant gatekeeper representative liaison } } mixing(by: MUNICIPALITY) { ei assortativity sectors { sector { value label } stakeholders ei } cells { pairs strength } }
		cutpoints { totalCount points { stakeholder { name } parts lostPairs cutOff { name } } } bridges { totalCount bridges { near { name } far { name } tie { id } cutOff { name } } } components { count components { size members { name } sectors { stakeholders } } } }`, false},
	{"network of a part", `network(filter: {kinds: [SCHOOL, COMPANY, PERSON, CAREER_CONSULTANT, OTHER_ORGANIZATION], minStrength: 2, within: $a, posts: true, ties: {status: {ne: DISPUTED}}, stakeholders: {not: {ties: {some: {doNotAsk: {eq: true}}}}}}, direction: DIRECTED, weighting: STRENGTH, asOf: $d) {
		summary { stakeholders ties posts pairs reciprocity } centrality(measures: [IN_DEGREE, OUT_STRENGTH, PAGERANK, BETWEENNESS], orderBy: PAGERANK, first: 30) { rows { rank stakeholder { name } values { value } } } brokerage(by: AFFILIATION, role: GATEKEEPER) { rows { rank stakeholder { name } sector { value } gatekeeper } } mixing(by: AFFILIATION) { cells { from { value } to { value } pairs } } bridges { bridges { tie { id } occupancy { id } cutOffCount } } }`, false},
	{"whatIf", `whatIf(remove: [$o, $p], withPeople: true, by: AFFILIATION, asOf: $d) { removed { name } componentsBefore componentsAfter cutOff { name } pairs lostPairs lostPaths { a { value } b { value } before after } lostContacts(first: 99) { stakeholder { name } sector { value } through { name } } emptiedRoles { role { id } activity { name } initiative { name } post { name } } }`, false},
	{"coverage", `coverage(of: {kind: {eq: SCHOOL}}, by: {kind: {eq: COMPANY}, offers: {some: {}}}, asOf: $d) { count covered uncovered { stakeholder { name } hops nearest { name } path { name } } distances { hops stakeholders } }`, false},
	{"suggestedTies", `suggestedTies(first: 50, asOf: $d) { totalCount results { a { name } b { name } score reasons { rule points records { ... on Stakeholder { name } ... on Need { id } ... on Offer { id } } } } }`, false},
	{"tieCounts", `tieCounts(groupBy: [SECTOR_PAIR, KIND, STATUS, SUBJECT_AREA], asOf: $d) { rows { count keys { value label } } }`, false},
	{"tieCounts over time", `tieCounts(groupBy: [FROM_FISCAL_YEAR, UNTIL_FISCAL_YEAR], during: {}, asOf: $d) { rows { count keys { value label } } }`, true},
	{"networkDiff", `networkDiff(before: "2020-06-01", after: $d) { counts { stakeholdersBegun stakeholdersEnded tiesBegun tiesEnded tiesChanged } tiesBegun(first: 99) { id } tiesEnded(first: 99) { id } stakeholdersBegun { name } sectors { a { value } begun ended } summaryBefore { ties pairs } summaryAfter { ties pairs } }`, true},
	{"dependence", `dependence(on: $o, dates: ["2021-01-01", "2024-01-01"], filter: {posts: true}, asOf: $d) { points { present stakeholders ties contacts pairs lost longer share } }`, true},
	{"roleMapDiff", `roleMapDiff(initiative: $i, before: "2022-06-01", after: $d) { begun { activity { name } entry { holder { ...H } } } ended { entry { role { id } } } moved { from { role { id } } into { role { id } } } coverageBefore { share } coverageAfter { share } newFindings { rule } resolvedFindings { rule } }`, true},
	{"duplicateCandidates", `duplicateCandidates(first: 99, asOf: $d) { totalCount results { keep { name } duplicate { name } score reasons { rule points } } }`, true},
	{"roleCoverage", `roleCoverage(dates: ["2022-06-01", "2024-02-01"], asOf: $d) { rows { initiative { name } points { coverage { complete share } } } }`, true},
}

const holderFragment = ` fragment H on RoleHolder { ... on Stakeholder { name } ... on Post { name organization { name } } }`

// subjects are the records asked about, by variable: keys of the sample.
var subjects = map[string]string{"i": "init-platform", "o": "org-meguru", "t": "topic-working-adults", "k": "p-daisuke", "a": "area-shiojiri", "c": "co-alps", "z": "p-suzu", "p": "p-daisuke"}

// oracle is a map with random dates and visibility, to be taken apart.
type oracle struct {
	t       *testing.T
	r       *rand.Rand
	records []*network.Record
	vars    map[string]any
}

func newOracle(t *testing.T, seed uint64) *oracle {
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	o := &oracle{t: t, r: rand.New(rand.NewPCG(seed, 7)), vars: map[string]any{}}
	q := ask.New(network.Admin("oracle"), network.MustDate(sampleToday))
	all := q.Scan(ask.Of(network.NodeInterface, "importKey"), ask.Always())
	if _, err := q.Run(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	var keys []store.Key
	for _, row := range all.Rows() {
		if row.Kind().Log {
			continue
		}
		keys = append(keys, store.Key{ID: row.ID()})
		for v, key := range subjects {
			if row.Str("importKey") == key {
				o.vars[v] = string(row.ID())
			}
		}
	}
	found, err := s.Load(t.Context(), network.Admin("oracle"), keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		o.records = append(o.records, o.shaken(r))
	}
	return o
}

// subject tells whether the record is asked about.
func (o *oracle) subject(id network.ID) bool {
	for _, v := range o.vars {
		if v == string(id) {
			return true
		}
	}
	return false
}

// dates are as people know them: to the day, the month, the fiscal year, or not.
func (o *oracle) date() network.PartialDate {
	day := network.MustDate("2020-01-01").AddDays(o.r.IntN(1800))
	switch o.r.IntN(8) {
	case 0:
		return network.MonthOf(day.Year(), day.Month())
	case 1:
		return network.InFiscalYear(day.FiscalYear())
	case 2:
		return network.UnknownDate()
	}
	return network.Day(day)
}

// shaken gives a record other dates, some entered long after they were true, and
// now and then another visibility.
func (o *oracle) shaken(was *network.Record) *network.Record {
	r := was.Clone()
	if network.KindOf(r.Kind).Span && !o.subject(r.ID) && o.r.IntN(2) == 0 {
		for _, name := range []string{"from", "until"} {
			delete(r.Fields, name)
			if o.r.IntN(3) > 0 {
				r.Fields[name] = o.date()
			}
		}
		if r.Span().Check() != nil {
			delete(r.Fields, "until")
		}
	}
	if o.r.IntN(12) == 0 && !o.subject(r.ID) {
		r.Fields["visibility"] = network.Visibility(o.r.IntN(4)).String()
	}
	return r
}

// pruned leaves out what leads to records that are not there: references, and
// ties and claims as a whole.
func pruned(records []*network.Record) []*network.Record {
	there := map[network.ID]bool{}
	for _, r := range records {
		there[r.ID] = true
	}
	var out []*network.Record
	for _, was := range records {
		r, gone := was.Clone(), false
		for _, f := range network.KindOf(r.Kind).Fields {
			switch x := r.Fields[f.Name].(type) {
			case network.ID:
				if !there[x] {
					gone = gone || r.Kind == network.TieRecord || f.Type == network.RecordID
					delete(r.Fields, f.Name)
				}
			case []network.ID:
				if r.Fields[f.Name] = slices.DeleteFunc(slices.Clone(x), func(id network.ID) bool { return !there[id] }); len(r.Fields[f.Name].([]network.ID)) == 0 {
					delete(r.Fields, f.Name)
				}
			}
		}
		if !gone {
			out = append(out, r)
		}
	}
	if len(out) < len(records) {
		return pruned(out)
	}
	return out
}

// load puts records into a store.
func (o *oracle) load(records []*network.Record) store.Store {
	s := memory.New(memory.Options{})
	if _, err := s.Apply(o.t.Context(), o.creation(records)); err != nil {
		o.t.Fatal(err)
	}
	return s
}

// creation enters records.
func (o *oracle) creation(records []*network.Record) *store.Batch {
	records = pruned(records)
	writes := make([]store.Write, len(records))
	for i, r := range records {
		c := r.Clone()
		c.Version = 0
		writes[i] = store.Write{Action: store.Create, After: c}
	}
	return &store.Batch{Actor: "oracle", At: time.Unix(0, 0), Writes: writes}
}

func (o *oracle) ask(s store.Store, v network.Viewer, query string, day network.Date) string {
	h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
		Viewer: func(context.Context) network.Viewer { return v }})
	vars := maps.Clone(o.vars)
	vars["d"] = day.String()
	var declared []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if strings.Contains(query, "$"+name) {
			kind := "ID!"
			if name == "d" {
				kind = "Date!"
			}
			declared = append(declared, "$"+name+": "+kind)
		} else {
			delete(vars, name)
		}
	}
	if strings.Contains(query, "...H") {
		query = "{ " + query + " }" + holderFragment
	} else {
		query = "{ " + query + " }"
	}
	data, _ := json.Marshal(vars)
	if len(declared) > 0 {
		query = "query(" + strings.Join(declared, ", ") + ") " + query
	}
	out := post(h, query, data)
	if bytes.Contains(out, []byte(`"errors"`)) {
		o.t.Fatalf("%s\n%.600s", query, out)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, out, "", " "); err != nil {
		o.t.Fatal(err)
	}
	return pretty.String()
}

func (o *oracle) same(name, a, b string) {
	o.t.Helper()
	if a == b {
		return
	}
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			o.t.Errorf("%s: the answers differ from line %d:\n whole map: %s\n what it may know: %s", name, i, strings.Join(x[max(0, i-3):min(len(x), i+6)], " "), strings.Join(y[min(max(0, i-3), len(y)):min(len(y), i+6)], " "))
			return
		}
	}
	o.t.Errorf("%s: the second answer goes on: %s", name, strings.Join(y[len(x):min(len(y), len(x)+5)], " "))
}

// onlyWhatHolds leaves out what does not hold on the day and what was not yet
// said, gives names and stages their value of the day, and forgets the dates.
// What others point to stays: a role may hang on a post that has ended.
func (o *oracle) onlyWhatHolds(day network.Date) []*network.Record {
	pointedAt := map[string]bool{"Post": true, "Initiative": true, "Activity": true}
	var out []*network.Record
	for _, was := range o.records {
		r := was.Clone()
		k := network.KindOf(r.Kind)
		stays := pointedAt[r.Kind] || k.Is(network.StakeholderInterface)
		if k.Span && !r.Span().Holds(day) && !stays {
			continue
		}
		if d := r.Date("date"); (r.Kind == "Hearing" || r.Kind == "Claim") && d.Earliest() > day {
			continue
		}
		if k.Span && r.Span().Holds(day) {
			delete(r.Fields, "from")
			delete(r.Fields, "until")
		}
		for _, f := range k.Fields {
			h, _ := r.Fields[f.Name].([]network.DatedValue)
			if f.Type != network.HistoryList || f.Name == "stages" && r.Kind == "Initiative" && h != nil && network.HistoryAt(h, day) == nil {
				continue
			}
			if now := network.HistoryAt(h, day); now != nil {
				for _, g := range k.Fields {
					if g.History == f.Name && g.HistoryPart == 0 {
						r.Fields[g.Name] = now.Value
					}
				}
				delete(r.Fields, f.Name)
			}
		}
		out = append(out, r)
	}
	return out
}

func TestComputedAnswersKnowTheDayOnly(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := newOracle(t, seed)
			whole := o.load(o.records)
			for range 3 {
				day := network.MustDate("2020-06-01").AddDays(o.r.IntN(1600))
				then := o.load(o.onlyWhatHolds(day))
				for _, q := range computedQuestions {
					if !q.otherDays {
						o.same(q.name+" on "+day.String(), o.ask(whole, network.Admin("a"), q.query, day), o.ask(then, network.Admin("a"), q.query, day))
					}
				}
			}
		})
	}
}

// onlyWhatIsSeen leaves out the records that the viewer may not see, what leads
// to them, and personal fields they may not read.
func (o *oracle) onlyWhatIsSeen(v network.Viewer) []*network.Record {
	var out []*network.Record
	for _, was := range o.records {
		if !v.Sees(was.Visibility()) || network.AboutPersonal(was) && !v.ReadsPersonal() {
			continue
		}
		r := was.Clone()
		for _, f := range network.KindOf(r.Kind).Fields {
			if f.Personal && !v.ReadsPersonal() {
				delete(r.Fields, f.Name)
			}
		}
		out = append(out, r)
	}
	return out
}

// saidQuestions ask for what is said about records: the log, statements.
var saidQuestions = []string{
	`changes(first: 100) { totalCount nodes { record recordKind action reason after } }`,
	`changes(last: 100) { nodes { record action before after } }`,
	`stakeholders(first: 60, asOf: $d) { nodes { id changes(first: 3) { totalCount nodes { action after } } claims(first: 6) { totalCount nodes { field value source { name statements(first: 5) { totalCount nodes { id value changes(first: 2) { totalCount nodes { after } } } } } } } } }`,
	`ties(first: 100, asOf: $d) { nodes { id changes(first: 3) { totalCount nodes { action after } } claims(first: 3) { totalCount nodes { value } } } }`,
	`initiatives(first: 30, asOf: $d) { nodes { id changes(first: 3) { nodes { after } } activities(first: 9) { nodes { id changes(first: 2) { nodes { after } } roles(first: 5) { nodes { id changes(first: 2) { nodes { after } } claims(first: 3) { totalCount } } } } } } }`,
	`stakeholders(first: 100, filter: {claims: {some: {value: {contains: "a"}}}}, asOf: $d) { totalCount }`,
	`stakeholders(first: 100, filter: {changes: {some: {action: {eq: CREATE}}}}, asOf: $d) { totalCount nodes { id } }`,
}

func TestIsWhatIsHiddenToldByWhatIsSaid(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := newOracle(t, seed+200)
			o.records = append(o.records, o.statements()...)
			whole, day := o.load(o.records), network.MustDate(sampleToday)
			for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator} {
				v := network.Viewer{Role: role, Actor: "a"}
				seen := o.load(o.onlyWhatIsSeen(v))
				for _, q := range saidQuestions {
					o.same(q+" for "+role.String(), o.ask(whole, v, q, day), o.ask(seen, v, q, day))
				}
			}
		})
	}
}

// statements are some more about records of every kind, hidden ones and personal
// fields among them.
func (o *oracle) statements() (out []*network.Record) {
	var source network.ID
	for _, r := range o.records {
		if r.Kind == "Source" && r.Visibility() == network.Public {
			source = r.ID
		}
	}
	for _, r := range o.records {
		if r.Kind == network.ClaimRecord || o.r.IntN(3) > 0 {
			continue
		}
		fields := network.KindOf(r.Kind).Fields
		out = append(out, &network.Record{ID: network.NewID(), Kind: network.ClaimRecord, Fields: map[string]any{
			"record": r.ID, "field": fields[o.r.IntN(len(fields))].Name, "value": "a", "source": source, "visibility": network.Public.String()}})
	}
	return out
}

func TestComputedAnswersKnowWhatTheViewerSeesOnly(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := newOracle(t, seed+100)
			whole := o.load(o.records)
			for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator} {
				v := network.Viewer{Role: role, Actor: "a"}
				seen := o.load(o.onlyWhatIsSeen(v))
				for range 2 {
					day := network.MustDate("2022-06-01").AddDays(o.r.IntN(660))
					for _, q := range computedQuestions {
						o.same(fmt.Sprintf("%s for %s on %s", q.name, role, day), o.ask(whole, v, q.query, day), o.ask(seen, v, q.query, day))
					}
				}
			}
		})
	}
}

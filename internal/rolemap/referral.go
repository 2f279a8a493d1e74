package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Fit says how a record's topic lies to the one asked about.
type Fit uint8

// The fits, from best.
const (
	Exact    Fit = iota // the topic itself
	Narrower            // a part of it
	Broader             // a topic that it is a part of
)

// weight is what the points of evidence on such a topic are multiplied with.
func (f Fit) weight() float64 {
	return [...]float64{1, 0.8, 0.35}[f]
}

// Evidence is one record that speaks for asking a candidate.
type Evidence struct {
	Rule   string // a key of referralPoints
	Fit    Fit
	Record network.ID
	// Work is the type of the activity, "" when it is not about one.
	Work string
	// Doubt tells of a record that is disputed or only proposed: it counts half.
	Doubt bool
}

// Candidate is a stakeholder or a post that something speaks for.
type Candidate struct {
	ID       network.ID
	Evidence []Evidence
	Way      Way
	// Vacant tells of a post that nobody holds: it cannot be asked.
	Vacant bool
}

// workWeight says how much a type of work makes who does it the one to ask. Who
// applies needs help rather than gives it.
var workWeight = map[string]float64{
	"": 1, "CONSULTATION": 1.25, "DELIVERY": 1, "RECRUITMENT": 1, "OTHER": 0.8, "HEARING": 0.8, "COMMUNICATION": 0.7,
	"SCREENING": 0.6, "DECISION": 0.5, "EVALUATION": 0.5, "PLANNING": 0.5, "BUDGETING": 0.4, "SUCCESSION": 0.5, "REPORTING": 0.4, "APPLICATION": 0,
}

// further is what the second, third, … kind of evidence counts beside the best:
// one clear responsibility weighs more than many loose ones.
var further = [...]float64{1, 0.25, 0.1, 0.05}

// referralPoints are the points each kind of evidence is worth, once a
// candidate: the rules of docs/rankings.md.
var referralPoints = map[string]struct {
	points float64
	text   Text
}{
	"ACCOUNTABLE": {38, Text{"answers for an activity on this topic", "この分野の業務の説明責任（A）を担っています"}},
	"RESPONSIBLE": {46, Text{"carries out an activity on this topic", "この分野の業務の実行責任（R）を担っています"}},
	"CONSULTED":   {14, Text{"is consulted on an activity on this topic", "この分野の業務の協業先（C）です"}},
	"SECRETARIAT": {20, Text{"is the secretariat of an initiative on this topic", "この分野の事業の事務局です"}},
	"IMPLEMENTER": {20, Text{"carries an initiative on this topic", "この分野の事業の実施主体です"}},
	"MEDIATOR":    {18, Text{"goes between the parties of an initiative on this topic", "この分野の事業の仲介役です"}},
	"SCREENER":    {14, Text{"screens applications in an initiative on this topic", "この分野の事業の審査をしています"}},
	"EXPERT":      {18, Text{"is an expert of an initiative on this topic", "この分野の事業の専門家です"}},
	"PARTNER":     {8, Text{"takes part in an initiative on this topic", "この分野の事業の連携先です"}},
	"OFFERS":      {36, Text{"offers something on this topic", "この分野で「できること」を出しています"}},
	"SPECIALTY":   {28, Text{"is a consultant whose specialty this is", "この分野を専門とするキャリアコンサルタントです"}},
}

// nearPoints is what a candidate without distance would earn.
const nearPoints = 40

// Referral is a candidate with the reasons of its score.
type Referral struct {
	Candidate
	Score   float64
	Reasons []Reason // most points first
}

// WhoToAsk ranks the candidates: by score, then by ID. The score is the sum of
// the reasons: for each rule the points of its best evidence (its points × the
// fit of the topic × the weight of the work, half when in doubt), the best rule
// in full, the second 0.25, the third 0.1, others 0.05 of it; and up to 40 for
// nearness. Vacant posts are left out, and so is who has no evidence above 0.
//
// A tie from the asker that brings a candidate nearer never lowers its rank. Of
// a post that is reached through several stakeholders this holds for a tie to
// the nearest of them: one to another is first of all that one's.
func WhoToAsk(candidates []Candidate) []Referral {
	var out []Referral
	for _, c := range candidates {
		found := evidenceReasons(c.Evidence)
		if c.Vacant || len(found) == 0 {
			continue
		}
		found.near(c.Way, nearPoints)
		out = append(out, Referral{Candidate: c, Score: found.sum(), Reasons: found})
	}
	slices.SortFunc(out, func(a, b Referral) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// points of one record, before it is counted beside others.
func (e Evidence) points() float64 {
	points := referralPoints[e.Rule].points * e.Fit.weight() * workWeight[e.Work]
	if e.Doubt {
		points /= 2
	}
	return hundredths(points)
}

// evidenceReasons has one reason for each rule with the points of its best
// record: the best rule first, then by name; of its records those worth at least
// half as much, the best first, then by ID. What is worth nothing is left out.
func evidenceReasons(evidence []Evidence) reasons {
	evidence = slices.DeleteFunc(slices.Clone(evidence), func(e Evidence) bool { return e.points() == 0 })
	slices.SortFunc(evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.points(), a.points()), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Record, b.Record))
	})
	var out reasons
	best := map[string]float64{}
	for _, e := range evidence {
		if best[e.Rule] = max(best[e.Rule], e.points()); 2*e.points() < best[e.Rule] {
			continue // next to the best it explains nothing
		}
		i := slices.IndexFunc(out, func(r Reason) bool { return r.Rule == e.Rule })
		if i < 0 {
			i = len(out)
			out.add(e.Rule, e.points()*further[min(i, len(further)-1)], referralPoints[e.Rule].text)
		}
		if !slices.Contains(out[i].Records, e.Record) {
			out[i].Records = append(out[i].Records, e.Record)
		}
	}
	return out
}

// MissingOn says what is not there, when whom to ask is a hard question: no
// agreed role, no offer, no specialist on the topic itself or a part of it, only
// a vacant post, nobody within reach.
func MissingOn(candidates []Candidate, ranked []Referral) []Reason {
	var role, offer, specialist bool
	var vacant []network.ID
	for _, c := range candidates {
		for _, e := range c.Evidence {
			switch {
			case e.Fit == Broader:
			case e.Rule == "OFFERS":
				offer = true
			case e.Rule == "SPECIALTY":
				specialist = true
			case e.Doubt || e.Rule != "RESPONSIBLE" && e.Rule != "ACCOUNTABLE":
			case c.Vacant:
				vacant = append(vacant, c.ID)
			default:
				role = true
			}
		}
	}
	reachable := slices.ContainsFunc(ranked, func(r Referral) bool { return r.Way.Known })
	var out reasons
	add := func(missing bool, rule, en, ja string, records ...network.ID) {
		if missing {
			out.add(rule, 0, Text{en, ja}, records...)
		}
	}
	add(!role, "NO_RESPONSIBILITY", "Nobody has an agreed responsibility on this topic.", "この分野で、合意された役割（R・A）を持つ関係者がいません。")
	add(len(vacant) > 0, "VACANT_POST", "A post that is responsible is vacant.", "担当の役職が空席です。", vacant...)
	add(!offer, "NO_OFFER", "Nobody offers anything on this topic.", "この分野で「できること」を出している関係者がいません。")
	add(!specialist, "NO_SPECIALIST", "No consultant has this specialty.", "この分野を専門とするキャリアコンサルタントがいません。")
	add(len(ranked) > 0 && !reachable, "NO_INTRODUCTION", "Nobody can be reached by an introduction: no tie leads to them.", "だれにも紹介のつながりがありません。")
	return out
}

// Refers tells whether a responsibility or function speaks for asking its
// holder.
func Refers(rule string) bool {
	_, ok := referralPoints[rule]
	return ok && rule != "OFFERS" && rule != "SPECIALTY"
}

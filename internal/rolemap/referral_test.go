package rolemap

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// saying is a candidate for whom records of the rules speak, on the topic itself.
func saying(id string, rules ...string) Candidate {
	c := Candidate{ID: network.ID(id)}
	for _, r := range rules {
		c.Evidence = append(c.Evidence, Evidence{Rule: r, Record: network.ID(id + "-" + r)})
	}
	return c
}

func namesOf(rs []Referral) []string {
	var out []string
	for _, r := range rs {
		out = append(out, string(r.ID))
	}
	return out
}

func TestWhatSpeaksForAskingSomebody(t *testing.T) {
	cases := map[string]ruleCase[Candidate]{}
	for rule := range referralPoints {
		other := "OFFERS"
		if rule == other {
			other = "SPECIALTY"
		}
		cases[rule] = ruleCase[Candidate]{fires: saying("x", rule), not: saying("x", other)}
	}
	direct, nobody := saying("x", "OFFERS"), saying("x", "OFFERS")
	direct.Way = Way{Known: true, Cost: 20, Hops: 1}
	cases["NEAR"] = ruleCase[Candidate]{fires: direct, not: nobody}
	cases["NO_INTRODUCTION"] = ruleCase[Candidate]{fires: nobody, not: direct}
	rules := slices.Concat(slices.Collect(maps.Keys(referralPoints)), []string{"NEAR", "NO_INTRODUCTION"})
	everyRule(t, rules, cases, func(c Candidate) []string { return rulesOf(WhoToAsk([]Candidate{c})[0].Reasons) })
}

func TestHowMuchARecordSpeaksForAskingSomebody(t *testing.T) {
	for _, c := range []struct {
		name     string
		evidence Evidence
		want     float64
	}{
		{"on the topic itself", Evidence{Rule: "OFFERS"}, 36},
		{"on a part of it", Evidence{Rule: "OFFERS", Fit: Narrower}, 28.8},
		{"on a topic it is a part of", Evidence{Rule: "OFFERS", Fit: Broader}, 12.6},
		{"in doubt", Evidence{Rule: "RESPONSIBLE", Doubt: true}, 23},
		{"responsible for a desk that answers", Evidence{Rule: "RESPONSIBLE", Work: "CONSULTATION"}, 57.5},
		{"responsible for the reports", Evidence{Rule: "RESPONSIBLE", Work: "REPORTING"}, 18.4},
		{"all of it together", Evidence{Rule: "ACCOUNTABLE", Fit: Narrower, Work: "SCREENING", Doubt: true}, 9.12},
		{"who applies needs help", Evidence{Rule: "RESPONSIBLE", Work: "APPLICATION"}, 0},
		{"who is informed only", Evidence{Rule: "INFORMED"}, 0},
	} {
		if got := c.evidence.points(); got != c.want {
			t.Errorf("%s: %v points, want %v", c.name, got, c.want)
		}
	}
}

func TestEveryTypeOfWorkHasAWeight(t *testing.T) {
	for _, v := range network.ActivityTypeEnum.Values {
		if _, has := workWeight[v.Value]; !has {
			t.Errorf("%s has none", v.Value)
		}
	}
	if n := len(network.ActivityTypeEnum.Values) + 1; len(workWeight) != n { // and "": no activity
		t.Errorf("%d weights for %d types", len(workWeight), n)
	}
}

func TestWhoRefersAndWhoDoesNot(t *testing.T) {
	for rule, want := range map[string]bool{"RESPONSIBLE": true, "SECRETARIAT": true, "PARTNER": true, "INFORMED": false, "OFFERS": false, "SPECIALTY": false, "": false} {
		if Refers(rule) != want {
			t.Errorf("Refers(%q) is %t", rule, !want)
		}
	}
	for _, e := range []*network.Enum{network.ResponsibilityEnum, network.FunctionEnum} {
		for _, v := range e.Values {
			if v.Value != "INFORMED" && !Refers(v.Value) {
				t.Errorf("%s does not refer to its holder", v.Value)
			}
		}
	}
}

func TestOneClearResponsibilityWeighsMoreThanManyLooseOnes(t *testing.T) {
	ranked := WhoToAsk([]Candidate{
		saying("many", "CONSULTED", "PARTNER", "EXPERT", "MEDIATOR", "SCREENER"),
		saying("one", "RESPONSIBLE"),
	})
	if got := namesOf(ranked); !slices.Equal(got, []string{"one", "many"}) {
		t.Fatalf("ranked %v", got)
	}
	// The best in full, then 0.25, 0.1 and 0.05 of the others; equal ones by name.
	want := []Reason{{Rule: "EXPERT", Points: 18}, {Rule: "MEDIATOR", Points: 4.5}, {Rule: "CONSULTED", Points: 1.4}, {Rule: "SCREENER", Points: 0.7}, {Rule: "PARTNER", Points: 0.4}, {Rule: "NO_INTRODUCTION"}}
	for i, r := range ranked[1].Reasons {
		if r.Rule != want[i].Rule || r.Points != want[i].Points {
			t.Errorf("reason %d is %s with %v, want %s with %v", i, r.Rule, r.Points, want[i].Rule, want[i].Points)
		}
	}
	if ranked[1].Score != 25 {
		t.Errorf("score %v", ranked[1].Score)
	}
}

func TestSeveralRecordsOfARuleCountOnceTheBestIsNamedFirst(t *testing.T) {
	c := Candidate{ID: "x", Evidence: []Evidence{
		{Rule: "RESPONSIBLE", Record: "b", Fit: Narrower},
		{Rule: "RESPONSIBLE", Record: "z"},
		{Rule: "RESPONSIBLE", Record: "a", Fit: Narrower},
		{Rule: "RESPONSIBLE", Record: "z", Fit: Narrower},
		{Rule: "RESPONSIBLE", Record: "far", Fit: Broader}, // worth less than half of the best: it explains nothing
	}}
	r := WhoToAsk([]Candidate{c})[0].Reasons[0]
	if r.Points != 46 || !slices.Equal(r.Records, ids("z", "a", "b")) {
		t.Errorf("%+v", r)
	}
}

func TestWhoIsNotAReferral(t *testing.T) {
	vacant := saying("vacant", "RESPONSIBLE")
	vacant.Vacant = true
	applicant := Candidate{ID: "applicant", Evidence: []Evidence{{Rule: "RESPONSIBLE", Work: "APPLICATION"}}}
	near := Candidate{ID: "near", Way: Way{Known: true, Cost: 20, Hops: 1}}
	if got := WhoToAsk([]Candidate{vacant, applicant, near}); len(got) != 0 {
		t.Errorf("ranked %v", namesOf(got))
	}
	if got := WhoToAsk(nil); len(got) != 0 {
		t.Errorf("nobody: ranked %v", namesOf(got))
	}
}

func TestEqualReferralsComeInOrderOfID(t *testing.T) {
	if got := namesOf(WhoToAsk([]Candidate{saying("b", "OFFERS"), saying("c", "OFFERS"), saying("a", "OFFERS")})); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("ranked %v", got)
	}
}

func TestWhatIsSaidAboutTheWay(t *testing.T) {
	for _, c := range []struct {
		way    Way
		rule   string
		points float64
		text   string
	}{
		{Way{}, "NO_INTRODUCTION", 0, "nobody on the map can introduce you"},
		{Way{Known: true}, "NEAR", 40, "is of your own house"},
		{Way{Known: true, Cost: 20, Hops: 1}, "NEAR", 22.5, "you are tied to them"},
		{Way{Known: true, Cost: 48, Hops: 2}, "NEAR", 6.4, "can be reached through 1 other"},
		{Way{Known: true, Cost: 79, Hops: 3}, "NEAR", 0.01, "can be reached through 2 others"},
		{Way{Known: true, Cost: FarCost, Hops: 4}, "NEAR", 0, "can be reached through 3 others"},
		{Way{Known: true, Cost: 90, Hops: 1}, "NEAR", 0, "you are tied to them"},
	} {
		var rs reasons
		rs.near(c.way, nearPoints)
		if r := rs[0]; r.Rule != c.rule || r.Points != c.points || r.Text.EN != c.text {
			t.Errorf("%+v: %+v", c.way, r)
		}
	}
}

func TestWhatIsMissingOnATopic(t *testing.T) {
	in := func(c Candidate, change func(*Candidate)) []Candidate {
		change(&c)
		return []Candidate{c}
	}
	same := func(*Candidate) {}
	everyRule(t, []string{"NO_RESPONSIBILITY", "VACANT_POST", "NO_OFFER", "NO_SPECIALIST", "NO_INTRODUCTION"}, map[string]ruleCase[[]Candidate]{
		"NO_RESPONSIBILITY": {fires: in(saying("x", "ACCOUNTABLE"), func(c *Candidate) { c.Evidence[0].Doubt = true }), not: in(saying("x", "ACCOUNTABLE"), same)},
		"VACANT_POST":       {fires: in(saying("x", "RESPONSIBLE"), func(c *Candidate) { c.Vacant = true }), not: in(saying("x", "CONSULTED"), func(c *Candidate) { c.Vacant = true })},
		"NO_OFFER":          {fires: in(saying("x", "OFFERS"), func(c *Candidate) { c.Evidence[0].Fit = Broader }), not: in(saying("x", "OFFERS"), func(c *Candidate) { c.Evidence[0].Fit = Narrower })},
		"NO_SPECIALIST":     {fires: in(saying("x", "OFFERS"), same), not: in(saying("x", "SPECIALTY"), same)},
		"NO_INTRODUCTION":   {fires: in(saying("x", "OFFERS"), same), not: in(saying("x", "OFFERS"), func(c *Candidate) { c.Way.Known = true })},
	}, func(cs []Candidate) []string { return rulesOf(MissingOn(cs, WhoToAsk(cs))) })
}

func TestWhereNobodyIsThereAllButTheWayIsMissing(t *testing.T) {
	if got, want := rulesOf(MissingOn(nil, nil)), []string{"NO_RESPONSIBILITY", "NO_OFFER", "NO_SPECIALIST"}; !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}

func TestAVacantPostThatIsOnlyProposedIsNoVacancy(t *testing.T) {
	c := saying("post", "RESPONSIBLE")
	c.Vacant, c.Evidence[0].Doubt = true, true
	if r := reasonOf(MissingOn([]Candidate{c}, nil), "VACANT_POST"); r.Rule != "" {
		t.Errorf("%+v", r)
	}
}

func drawCandidate(t *rapid.T, id network.ID) Candidate {
	c := Candidate{ID: id, Vacant: rapid.IntRange(0, 5).Draw(t, "vacant") == 0}
	for _, rule := range rapid.SliceOfN(rapid.SampledFrom([]string{"RESPONSIBLE", "ACCOUNTABLE", "EXPERT", "MEDIATOR", "OFFERS", "SPECIALTY", "INFORMED"}), 0, 6).Draw(t, "rules") {
		c.Evidence = append(c.Evidence, Evidence{
			Rule: rule, Fit: Fit(rapid.IntRange(0, 2).Draw(t, "fit")), Record: drawID(t, "record", 4, "record"),
			Work: rapid.SampledFrom([]string{"", "CONSULTATION", "OTHER", "APPLICATION"}).Draw(t, "work"), Doubt: rapid.Bool().Draw(t, "doubt"),
		})
	}
	if rapid.Bool().Draw(t, "known") {
		hops := rapid.IntRange(1, FarHops).Draw(t, "hops")
		c.Way = Way{Known: true, Hops: hops, Cost: float64(rapid.IntRange(20*hops, 90).Draw(t, "cost"))}
	}
	return c
}

func drawCandidates(t *rapid.T) []Candidate {
	return numbered(rapid.IntRange(0, 6).Draw(t, "candidates"), "c", func(id network.ID) Candidate { return drawCandidate(t, id) })
}

func TestReferralsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range WhoToAsk(drawCandidates(t)) {
			checkScore(t, r.Score, r.Reasons)
		}
	})
}

func TestReferralsDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	type answer struct {
		ID      network.ID
		Score   float64
		Reasons []Reason
	}
	sameInAnyOrder(t, drawCandidates,
		func(t *rapid.T, cs []Candidate) []Candidate {
			cs = shuffled(t, cs)
			for i := range cs {
				cs[i].Evidence = shuffled(t, cs[i].Evidence)
			}
			return cs
		},
		func(cs []Candidate) any {
			var out []answer
			ranked := WhoToAsk(cs)
			for _, r := range ranked {
				out = append(out, answer{r.ID, r.Score, r.Reasons})
			}
			return [2]any{out, MissingOn(cs, ranked)}
		})
}

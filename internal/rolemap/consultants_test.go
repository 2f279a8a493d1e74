package rolemap

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// wish is a need for a consultant and the one who might meet it.
type wish struct {
	need Need
	c    Consultant
}

// wanted is a wish on the topic, in the area, on the day, that the consultant
// meets; changed as the case wants it.
func wanted(change func(*wish)) wish {
	w := wish{
		need: Need{Topics: true, Area: true, On: today, Independence: 3},
		c: Consultant{ID: "x", Specialties: []OnTopic{{Record: "topic"}}, Serves: SameArea, Regions: true,
			Expires: network.MustPartialDate("2026-03-31"), Way: Way{Known: true, Cost: 20, Hops: 1}},
	}
	change(&w)
	return w
}

func same(*wish) {}

func TestWhatSpeaksForAConsultant(t *testing.T) {
	serves := func(fit AreaFit) wish {
		return wanted(func(w *wish) { w.c.Serves, w.c.Regions = fit, fit != Elsewhere })
	}
	says := func(text string) wish {
		return wanted(func(w *wish) { w.need.Availability, w.c.Availability = "平日", []string{text} })
	}
	cases := map[string]ruleCase[wish]{
		"SPECIALTY":            {fires: wanted(same), not: wanted(func(w *wish) { w.c.Offers, w.c.Specialties = w.c.Specialties, nil })},
		"OFFERS":               {fires: wanted(func(w *wish) { w.c.Offers = []OnTopic{{Record: "offer"}} }), not: wanted(same)},
		"SERVES_AREA":          {fires: wanted(same), not: wanted(func(w *wish) { w.need.Area = false })},
		"SERVES_AROUND":        {fires: serves(CoversIt), not: serves(SameArea)},
		"SERVES_PART":          {fires: serves(PartOfIt), not: serves(CoversIt)},
		"OTHER_AREA":           {fires: serves(Elsewhere), not: serves(PartOfIt)},
		"LIVES_THERE":          {fires: wanted(func(w *wish) { w.c.Lives = true }), not: wanted(func(w *wish) { w.c.Lives, w.need.Area = true, false })},
		"FROM_AREA":            {fires: wanted(func(w *wish) { w.c.FromArea = true }), not: wanted(func(w *wish) { w.c.FromArea, w.c.Lives = true, true })},
		"AVAILABLE":            {fires: says("平日（月6日まで）"), not: says("オンライン")},
		"MOVED":                {fires: wanted(func(w *wish) { w.c.Moved, w.need.Migrant = true, true }), not: wanted(func(w *wish) { w.c.Moved = true })},
		"LICENCE_EXPIRES_SOON": {fires: wanted(func(w *wish) { w.c.Expires = network.MustPartialDate("2024-05-01") }), not: wanted(func(w *wish) { w.c.Expires = network.MustPartialDate("2024-05-02") })},
		"NEAR":                 {fires: wanted(same), not: wanted(func(w *wish) { w.c.Way = Way{} })},
	}
	everyRule(t, slices.Collect(maps.Keys(matchPoints)), cases, func(w wish) []string {
		matches, excluded := MatchConsultants(w.need, []Consultant{w.c})
		if len(matches) != 1 || len(excluded) != 0 {
			t.Fatalf("%+v: matches %+v, excluded %+v", w, matches, excluded)
		}
		return rulesOf(matches[0].Reasons)
	})
}

func TestWhoMustNotBeAsked(t *testing.T) {
	bound := func(from, until string) wish {
		return wanted(func(w *wish) { w.c.Links = []Link{{"link", span(from, until)}} })
	}
	expires := func(day string) wish {
		return wanted(func(w *wish) { w.c.Expires = network.MustPartialDate(day) })
	}
	says := func(text string) wish { return wanted(func(w *wish) { w.c.Availability = []string{text} }) }
	everyRule(t, []string{"LICENCE_EXPIRED", "NOT_INDEPENDENT", "NOT_IN_AREA", "NOT_AVAILABLE"}, map[string]ruleCase[wish]{
		"LICENCE_EXPIRED": {fires: expires("2024-01-31"), not: expires("2024-02-01")},
		"NOT_INDEPENDENT": {fires: bound("2015-04-01", "2021-02-02"), not: bound("2015-04-01", "2021-02-01")},
		"NOT_IN_AREA":     {fires: wanted(func(w *wish) { w.c.Serves = Elsewhere }), not: wanted(func(w *wish) { w.c.Serves, w.c.Regions = Elsewhere, false })},
		"NOT_AVAILABLE":   {fires: says("2月は不可"), not: says("3月は不可")},
	}, func(w wish) []string {
		_, excluded := MatchConsultants(w.need, []Consultant{w.c})
		if len(excluded) == 0 {
			return nil
		}
		return []string{excluded[0].Reason.Rule}
	})
}

func TestUntilWhenALicenceHolds(t *testing.T) {
	for _, c := range []struct{ expires, want string }{
		{"", ""}, // not known, or not to be read
		{"unknown", ""},
		{"2024-01-31", "LICENCE_EXPIRED"},
		{"2024-02-01", "LICENCE_EXPIRES_SOON"}, // its last day
		{"2024-01", "LICENCE_EXPIRED"},
		{"2024-02", "LICENCE_EXPIRES_SOON"}, // some day of the month
		{"FY2023", "LICENCE_EXPIRES_SOON"},
		{"FY2024", "LICENCE_EXPIRES_SOON"}, // it may be April
		{"2024-05-02", ""},
	} {
		w := wanted(func(w *wish) { w.c.Expires = network.MustPartialDate(c.expires) })
		matches, excluded := MatchConsultants(w.need, []Consultant{w.c})
		got := ""
		if len(excluded) > 0 {
			got = excluded[0].Reason.Rule
		} else {
			got = reasonOf(matches[0].Reasons, "LICENCE_EXPIRES_SOON").Rule
		}
		if got != c.want {
			t.Errorf("expires %q: %q, want %q", c.expires, got, c.want)
		}
	}
}

func TestHowLongALinkBinds(t *testing.T) {
	for _, c := range []struct {
		name, from, until string
		years             int
		want              bool
	}{
		{"employed now", "2019-04-01", "", 3, true},
		{"employed now, without a distance", "2019-04-01", "", 0, true},
		{"left today", "2019-04-01", "2024-02-01", 0, false},
		{"left today, a year of distance", "2019-04-01", "2024-02-01", 1, true},
		{"begins today", "2024-02-01", "", 3, true},
		{"begins tomorrow", "2024-02-02", "", 3, false},
		{"left in a year not known better", "2015", "2021", 3, true},
		{"left in an earlier one", "2015", "2020", 3, false},
		{"left in FY2020, which ran until March 2021", "2015", "FY2020", 3, true},
		{"from ever", "", "", 3, true},
		{"the end is not known", "unknown", "unknown", 3, true},
	} {
		if got := len(binding([]Link{{"l", span(c.from, c.until)}}, today, c.years)) > 0; got != c.want {
			t.Errorf("%s: binds %t", c.name, got)
		}
	}
}

func TestEveryLinkThatBindsIsNamed(t *testing.T) {
	w := wanted(func(w *wish) {
		w.c.Links = []Link{{"b", span("2019", "")}, {"old", span("2001", "2003")}, {"a", span("2022", "2023")}}
	})
	_, excluded := MatchConsultants(w.need, []Consultant{w.c})
	if len(excluded) != 1 || !slices.Equal(excluded[0].Reason.Records, ids("a", "b")) {
		t.Errorf("%+v", excluded)
	}
}

func TestOnlyTheBestTopicCounts(t *testing.T) {
	w := wanted(func(w *wish) { w.c.Specialties = []OnTopic{{"up", Broader}, {"b", Narrower}, {"a", Narrower}} })
	matches, _ := MatchConsultants(w.need, []Consultant{w.c})
	r := reasonOf(matches[0].Reasons, "SPECIALTY")
	if r.Points != 25.6 || !slices.Equal(r.Records, ids("a")) || r.Text.EN != "a part of it is their specialty" {
		t.Errorf("%+v", r)
	}
}

func TestWhoIsOnNoneOfTheTopicsIsNotMentioned(t *testing.T) {
	w := wanted(func(w *wish) { w.c.Specialties, w.c.Expires = nil, network.MustPartialDate("2020") })
	if matches, excluded := MatchConsultants(w.need, []Consultant{w.c}); len(matches)+len(excluded) != 0 {
		t.Errorf("matches %v, excluded %v", matches, excluded)
	}
	w.need.Topics = false
	if _, excluded := MatchConsultants(w.need, []Consultant{w.c}); len(excluded) != 1 {
		t.Error("without topics everybody is looked at")
	}
	if matches, excluded := MatchConsultants(w.need, nil); len(matches)+len(excluded) != 0 {
		t.Errorf("nobody: matches %v, excluded %v", matches, excluded)
	}
}

func TestSeveralPlacesSayWhenSomebodyIsFree(t *testing.T) {
	for _, c := range []struct {
		name   string
		said   []string
		wanted string
		fit    AvailabilityFit
		points float64
	}{
		{"nothing is said", nil, "平日", NotSaid, 0},
		{"nothing is wanted", []string{"土日"}, "", NotSaid, 0},
		{"one says yes", []string{"オンライン", "平日"}, "平日", Free, 10},
		{"yes outdoes other days", []string{"土日", "平日"}, "平日", Free, 10},
		{"the same the other way round", []string{"平日", "土日"}, "平日", Free, 10},
		{"other days only", []string{"土日", "オンライン"}, "平日", NotFree, 0},
		{"a plain no counts", []string{"平日", "2月は休み"}, "平日", NotFree, 0},
		{"inside only", []string{"平日", "社内のみ"}, "", NotFree, 0},
		{"on some days a month", []string{"平日", "月6日まで。"}, "平日", Free, 5},
	} {
		w := wanted(func(w *wish) { w.need.Availability, w.c.Availability = c.wanted, c.said })
		if got := w.c.free(w.need); got != c.fit {
			t.Errorf("%s: %d, want %d", c.name, got, c.fit)
			continue
		}
		matches, excluded := MatchConsultants(w.need, []Consultant{w.c})
		if (c.fit == NotFree) != (len(excluded) == 1) {
			t.Errorf("%s: excluded %v", c.name, excluded)
		}
		if len(matches) == 1 && reasonOf(matches[0].Reasons, "AVAILABLE").Points != c.points {
			t.Errorf("%s: %+v", c.name, matches[0].Reasons)
		}
	}
}

func TestEqualConsultantsComeInOrderOfID(t *testing.T) {
	w := wanted(same)
	var all []Consultant
	for _, id := range ids("c", "a", "b") {
		w.c.ID = id
		all = append(all, w.c)
	}
	for _, id := range ids("z", "y") {
		w.c.ID, w.c.Serves = id, Elsewhere
		all = append(all, w.c)
	}
	matches, excluded := MatchConsultants(w.need, all)
	if len(matches) != 3 || matches[0].ID != "a" || matches[2].ID != "c" || len(excluded) != 2 || excluded[0].ID != "y" {
		t.Errorf("matches %v, excluded %v", matches, excluded)
	}
}

func drawOnTopics(t *rapid.T, label string) []OnTopic {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) OnTopic {
		return OnTopic{drawID(t, "topic", 4, "topic"), Fit(rapid.IntRange(0, 2).Draw(t, "fit"))}
	}), 0, 3).Draw(t, label)
}

func drawLinks(t *rapid.T) []Link {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Link { return Link{drawID(t, "link", 9, "link"), drawSpan(t)} }), 0, 2).Draw(t, "links")
}

func drawWishes(t *rapid.T) (Need, []Consultant) {
	need := Need{Topics: rapid.Bool().Draw(t, "topics"), Area: rapid.Bool().Draw(t, "area"), On: today, Independence: rapid.IntRange(0, 3).Draw(t, "years"),
		Availability: rapid.SampledFrom([]string{"", "平日", "土日"}).Draw(t, "wanted"), Migrant: rapid.Bool().Draw(t, "migrant")}
	return need, numbered(rapid.IntRange(0, 5).Draw(t, "consultants"), "c", func(id network.ID) Consultant {
		return Consultant{ID: id, Specialties: drawOnTopics(t, "specialties"), Offers: drawOnTopics(t, "offers"), Serves: AreaFit(rapid.IntRange(0, 3).Draw(t, "serves")),
			Regions: rapid.Bool().Draw(t, "regions"), Lives: rapid.Bool().Draw(t, "lives"), Moved: rapid.Bool().Draw(t, "moved"), FromArea: rapid.Bool().Draw(t, "origin"),
			Expires: drawDate(t, "expires"), Availability: rapid.SliceOfN(rapid.SampledFrom([]string{"平日", "土日", "オンライン", "月6日まで", "2月は不可"}), 0, 2).Draw(t, "said"),
			Links: drawLinks(t), Way: drawCandidate(t, "").Way}
	})
}

func TestMatchesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		need, consultants := drawWishes(t)
		matches, excluded := MatchConsultants(need, consultants)
		for _, m := range matches {
			checkScore(t, m.Score, m.Reasons)
		}
		if len(matches)+len(excluded) > len(consultants) {
			t.Fatalf("%d matches and %d excluded of %d", len(matches), len(excluded), len(consultants))
		}
	})
}

func TestMatchesDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	type input struct {
		need        Need
		consultants []Consultant
	}
	sameInAnyOrder(t,
		func(t *rapid.T) input { n, cs := drawWishes(t); return input{n, cs} },
		func(t *rapid.T, in input) input {
			in.consultants = shuffled(t, in.consultants)
			for i := range in.consultants {
				c := &in.consultants[i]
				c.Specialties, c.Offers, c.Links, c.Availability = shuffled(t, c.Specialties), shuffled(t, c.Offers), shuffled(t, c.Links), shuffled(t, c.Availability)
			}
			return in
		},
		func(in input) any {
			matches, excluded := MatchConsultants(in.need, in.consultants)
			out := []any{excluded}
			for _, m := range matches {
				out = append(out, m.ID, m.Score, m.Reasons)
			}
			return out
		})
}

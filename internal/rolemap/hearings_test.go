package rolemap

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// party was last heard on the day; "" for never.
func party(heard string) HeardParty {
	p := HeardParty{ID: "school"}
	if heard != "" {
		p.Heard = []Heard{{"hearing", network.MustPartialDate(heard)}}
	}
	return p
}

func TestWhyAPartyShouldBeHeard(t *testing.T) {
	with := func(p HeardParty, change func(*HeardParty)) HeardParty {
		change(&p)
		return p
	}
	everyRule(t, slices.Collect(maps.Keys(hearingScale)), map[string]ruleCase[HeardParty]{
		"NEVER_HEARD": {fires: party(""), not: party("2016")},
		"NOT_LATELY":  {fires: party("2023-02-01"), not: party("2023-02-02")},
		"DISPUTED":    {fires: with(party("2024-01-31"), func(p *HeardParty) { p.Disputed = ids("role") }), not: party("2020")},
		"OLD_CLAIMS":  {fires: with(party("2024-01-31"), func(p *HeardParty) { p.Old = ids("claim") }), not: party("2020")},
		// What a party carries makes it more pressing, not due.
		"CARRIES": {fires: with(party(""), func(p *HeardParty) { p.Carries = 1 }), not: with(party("2024-01-31"), func(p *HeardParty) { p.Carries = 9 })},
	}, func(p HeardParty) []string {
		due := DueHearings([]HeardParty{p}, today, 12)
		if len(due) == 0 {
			return nil
		}
		return rulesOf(due[0].Reasons)
	})
}

func TestHowPressingAHearingIs(t *testing.T) {
	for _, c := range []struct {
		name   string
		heard  string
		change func(*HeardParty)
		want   float64 // 0: not due
	}{
		{"never heard", "", nil, 50},
		{"heard today", "2024-02-01", nil, 0},
		{"a day less than 12 months ago", "2023-02-02", nil, 0},
		{"12 months ago", "2023-02-01", nil, 20},
		{"a day more", "2023-01-31", nil, 20},
		{"13 months ago", "2023-01-01", nil, 21},
		{"31 months ago", "2021-07-01", nil, 39},
		{"32 months ago", "2021-06-01", nil, 40},
		{"longer ago: no more than that", "1999-04-01", nil, 40},
		{"in a month of last year: from its first day", "2023-02", nil, 20},
		{"in a fiscal year: from 1 April", "FY2022", nil, 30},
		{"nobody knows when", "unknown", nil, 20},
		{"something disputed", "2024-01-31", func(p *HeardParty) { p.Disputed = ids("a") }, 15},
		{"two", "2024-01-31", func(p *HeardParty) { p.Disputed = ids("a", "b") }, 30},
		{"three count as two", "2024-01-31", func(p *HeardParty) { p.Disputed = ids("a", "b", "c") }, 30},
		{"one named twice is one", "2024-01-31", func(p *HeardParty) { p.Disputed = ids("a", "a") }, 15},
		{"an old claim", "2024-01-31", func(p *HeardParty) { p.Old = ids("a") }, 5},
		{"three count as two", "2024-01-31", func(p *HeardParty) { p.Old = ids("a", "b", "c") }, 10},
		{"never heard, with three roles", "", func(p *HeardParty) { p.Carries = 3 }, 65},
		{"never heard, with more than four", "", func(p *HeardParty) { p.Carries = 9 }, 70},
	} {
		p := party(c.heard)
		if c.change != nil {
			c.change(&p)
		}
		got := 0.0
		for _, d := range DueHearings([]HeardParty{p}, today, 12) {
			got = d.Score
		}
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhichHearingWasTheLast(t *testing.T) {
	for _, c := range []struct {
		name string
		days []string
		want network.ID
	}{
		{"the latest", []string{"2023-01-01", "2023-06-01", "2022-01-01"}, "h1"},
		{"of two on one day the first by ID", []string{"2022-01-01", "2023-06-01", "2023-06-01"}, "h1"},
		{"of unknown date when there is no other", []string{"unknown", "unknown"}, "h0"},
		{"a known date rather than an unknown", []string{"unknown", "1999"}, "h1"},
	} {
		var p HeardParty
		for i, day := range c.days {
			p.Heard = append(p.Heard, Heard{network.ID([]string{"h0", "h1", "h2"}[i]), network.MustPartialDate(day)})
		}
		if due := DueHearings([]HeardParty{p}, today, 1); due[0].Last.Hearing != c.want {
			t.Errorf("%s: %s, want %s", c.name, due[0].Last.Hearing, c.want)
		}
	}
}

func TestEquallyPressingHearingsComeInOrderOfID(t *testing.T) {
	due := DueHearings([]HeardParty{{ID: "c"}, {ID: "a"}, {ID: "b", Carries: 1}}, today, 12)
	if len(due) != 3 || due[0].Party != "b" || due[1].Party != "a" || due[2].Party != "c" || due[1].Last != nil {
		t.Errorf("%+v", due)
	}
	if got := DueHearings(nil, today, 12); len(got) != 0 {
		t.Errorf("no party: %+v", got)
	}
}

func TestMonthsBetween(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"2024-02-01", "2024-02-01", 0}, {"2024-01-02", "2024-02-01", 0}, {"2024-01-01", "2024-02-01", 1}, {"2023-02-28", "2024-02-29", 12},
		{"2024-01-31", "2024-02-28", 0}, {"2024-01-31", "2024-02-29", 1}, {"2024-02-02", "2024-02-01", 0}, {"2025-01-01", "2024-02-01", 0},
		{"2023-12-31", "9999-12-31", 95712}, {"0001-01-01", "9999-12-31", 119987},
	} {
		if got := monthsBetween(network.MustDate(c.a), network.MustDate(c.b)); got != c.want {
			t.Errorf("%s to %s: %d months, want %d", c.a, c.b, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := today.AddDays(rapid.IntRange(-3000, 0).Draw(t, "a"))
		n := monthsBetween(a, today)
		if a.AddMonths(n) > today || a.AddMonths(n+1) <= today {
			t.Fatalf("%s to %s: %d months", a, today, n)
		}
	})
}

func drawParties(t *rapid.T) []HeardParty {
	return numbered(rapid.IntRange(0, 5).Draw(t, "parties"), "p", func(id network.ID) HeardParty {
		return HeardParty{ID: id, Carries: rapid.IntRange(0, 6).Draw(t, "carries"), Disputed: drawIDs(t, "role", 3, "disputed"), Old: drawIDs(t, "claim", 3, "old"),
			Heard: numbered(rapid.IntRange(0, 3).Draw(t, "hearings"), "h", func(h network.ID) Heard { return Heard{h, drawDate(t, "date")} })}
	})
}

func TestDueHearingsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, d := range DueHearings(drawParties(t), today, 12) {
			checkScore(t, d.Score, d.Reasons)
		}
	})
}

func TestDueHearingsDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawParties, func(t *rapid.T, ps []HeardParty) []HeardParty {
		ps = shuffled(t, ps)
		for i := range ps {
			ps[i].Heard, ps[i].Disputed, ps[i].Old = shuffled(t, ps[i].Heard), shuffled(t, ps[i].Disputed), shuffled(t, ps[i].Old)
		}
		return ps
	}, func(ps []HeardParty) []Due { return DueHearings(ps, today, 12) })
}

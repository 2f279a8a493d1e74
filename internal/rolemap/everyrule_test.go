package rolemap

import (
	"math"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

var today = network.MustDate("2024-02-01")

// ruleCase is an input on which a rule fires, and one alike on which it does not.
type ruleCase[In any] struct{ fires, not In }

// everyRule fails for a rule without a case, for one that does not fire on its
// case, and for one that fires on the other.
func everyRule[In any](t *testing.T, rules []string, cases map[string]ruleCase[In], fired func(In) []string) {
	t.Helper()
	for _, rule := range rules {
		c, has := cases[rule]
		if !has {
			t.Errorf("%s has no case", rule)
			continue
		}
		if got := fired(c.fires); !slices.Contains(got, rule) {
			t.Errorf("%s does not fire on its case: %v", rule, got)
		}
		if got := fired(c.not); slices.Contains(got, rule) {
			t.Errorf("%s fires where it must not: %v", rule, got)
		}
	}
	for rule := range cases {
		if !slices.Contains(rules, rule) {
			t.Errorf("there is no rule %s", rule)
		}
	}
}

func rulesOf(rs []Reason) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.Rule)
	}
	return out
}

// reasonOf is the reason of a rule; the zero Reason when it did not fire.
func reasonOf(rs []Reason, rule string) Reason {
	for _, r := range rs {
		if r.Rule == rule {
			return r
		}
	}
	return Reason{}
}

// checkScore fails unless the reasons explain the score: they add up to it as
// they are shown, most points first, a rule once, in both languages.
func checkScore(t interface{ Errorf(string, ...any) }, score float64, rs []Reason) {
	sum, rules := 0, map[string]bool{}
	for i, r := range rs {
		shown := math.Round(r.Points * 100)
		if shown/100 != r.Points {
			t.Errorf("%s: %v points are not whole hundredths", r.Rule, r.Points)
		}
		sum += int(shown)
		if i > 0 && r.Points > rs[i-1].Points {
			t.Errorf("%s with %v points stands after %s with %v", r.Rule, r.Points, rs[i-1].Rule, rs[i-1].Points)
		}
		if rules[r.Rule] || r.Text.EN == "" || r.Text.JA == "" {
			t.Errorf("%s: given twice, or without a text: %+v", r.Rule, r)
		}
		rules[r.Rule] = true
	}
	if score != float64(sum)/100 {
		t.Errorf("the score is %v, the reasons add up to %v", score, float64(sum)/100)
	}
}

func ids(names ...string) []network.ID {
	var out []network.ID
	for _, n := range names {
		out = append(out, network.ID(n))
	}
	return out
}

// span reads the two ends as "2023-04-01…2024-04-01"; either may be missing.
func span(from, until string) network.Span {
	return network.Span{From: network.MustPartialDate(from), Until: network.MustPartialDate(until)}
}

func TestPointsOfAScale(t *testing.T) {
	for _, c := range []struct {
		scale scale
		cases int
		want  float64
	}{
		{scale{base: 50}, 0, 50},
		{scale{base: 50}, 3, 50},
		{scale{base: 20, each: 1, most: 40}, 0, 20},
		{scale{base: 20, each: 1, most: 40}, 19, 39},
		{scale{base: 20, each: 1, most: 40}, 20, 40},
		{scale{base: 20, each: 1, most: 40}, 21, 40},
		{scale{base: 70, each: 5}, 9, 115},
	} {
		if got := c.scale.points(c.cases); got != c.want {
			t.Errorf("%+v of %d: %v, want %v", c.scale, c.cases, got, c.want)
		}
	}
}

func TestRecordsOfAReasonStandInOrderEachOnce(t *testing.T) {
	given := ids("c", "a", "c", "b")
	var rs reasons
	rs.add("RULE", 1.006, Text{"en", "ja"}, given...)
	if want := ids("a", "b", "c"); !slices.Equal(rs[0].Records, want) || rs[0].Points != 1.01 {
		t.Errorf("%+v", rs[0])
	}
	if !slices.Equal(given, ids("c", "a", "c", "b")) {
		t.Errorf("what was given is now %v", given)
	}
}

package analysis

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func TestEveryKindOfTieHasACost(t *testing.T) {
	for _, k := range network.TieKinds() {
		if _, ok := costOfKind[k.Name]; !ok {
			t.Errorf("%s has no cost; add it to costOfKind and docs/analysis-formulas.md", k.Name)
		}
	}
	for name := range costOfKind {
		if network.TieKindOf(name) == nil {
			t.Errorf("%s is no kind of tie", name)
		}
	}
}

// Each row is warmer than the next, all else equal.
func TestWarmerTiesCostLess(t *testing.T) {
	set := map[string]struct {
		change func(*Tie, string)
		order  []string
	}{
		"strength":   {func(t *Tie, v string) { t.Strength = int8(v[0] - '0') }, []string{"5", "4", "3", "2", "1"}},
		"kind":       {func(t *Tie, v string) { t.Kind = v }, []string{"KNOWS", "COLLABORATES_WITH", "SUPPORTS", "COMMISSIONS", "FUNDS", "MEMBER_OF", "PART_OF", "ESTABLISHED_BY"}},
		"contact":    {func(t *Tie, v string) { t.LastContact = network.MustPartialDate(v) }, []string{"2024-01-31", "2023-06", "2022-04", "2021-04", "2019-04", "2010"}},
		"status":     {func(t *Tie, v string) { t.Status = v }, []string{"CONFIRMED", "REPORTED", "DISPUTED"}},
		"confidence": {func(t *Tie, v string) { t.Confidence = v }, []string{"HIGH", "MEDIUM", "LOW"}},
	}
	for name, c := range set {
		before := Cost(0)
		for _, v := range c.order {
			tie := Tie{Kind: "ADVISES", Strength: 3, LastContact: network.YearOf(2022), Status: "REPORTED", Confidence: "MEDIUM"}
			c.change(&tie, v)
			cost := WarmthOf(tie, today).Cost()
			if cost <= before {
				t.Errorf("%s %s costs %d, the warmer one %d", name, v, cost, before)
			}
			before = cost
		}
	}
}

func TestOlderContactNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(-4000, 400)
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		cost := func(days int) Cost {
			return WarmthOf(Tie{Kind: "KNOWS", LastContact: network.Day(today.AddDays(days))}, today).Cost()
		}
		if a <= b && cost(a) < cost(b) {
			t.Fatalf("%d days: %d, %d days: %d", a, cost(a), b, cost(b))
		}
	})
}

func TestCostIsBounded(t *testing.T) {
	warmest := Tie{Kind: "KNOWS", Strength: 5, LastContact: network.Day(today), Status: "CONFIRMED", Confidence: "HIGH"}
	coldest := Tie{Kind: "ESTABLISHED_BY", Strength: 1, LastContact: network.YearOf(1990), Status: "DISPUTED", Confidence: "LOW"}
	if got := WarmthOf(warmest, today).Cost(); got != MinCost {
		t.Errorf("the warmest tie costs %d, want %d", got, MinCost)
	}
	if got := WarmthOf(coldest, today).Cost(); got != MaxCost {
		t.Errorf("the coldest tie costs %d, want %d", got, MaxCost)
	}
	later := network.Day(today.AddDays(300))
	if got := WarmthOf(Tie{Kind: "NEW", Strength: 9, LastContact: later}, today); got != (Warmth{costAsking, costUnknownKind, 0, 0, 6}) {
		t.Errorf("unknown kind, contact after the day: %+v", got)
	}
}

package rolemap

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Text is a sentence in English and in Japanese.
type Text struct{ EN, JA string }

// Textf fills the same values into both languages.
func Textf(en, ja string, args ...any) Text {
	return Text{fmt.Sprintf(en, args...), fmt.Sprintf(ja, args...)}
}

// textOf fills in a number, and what else is given, with an English sentence of
// its own for 1.
func textOf(n int, one, en, ja string, more ...any) Text {
	if n == 1 {
		en = one
	}
	return Textf(en, ja, append([]any{n}, more...)...)
}

// Reason is one part of a score: what speaks for or against, how much, and the
// records that show it. Points are whole hundredths.
type Reason struct {
	Rule    string // machine-readable, as OFFERS or NEVER_HEARD
	Points  float64
	Text    Text
	Records []network.ID
}

// reasons are the parts of a score in the making.
type reasons []Reason

// add enters a reason: its points to the hundredth, its records in order of ID.
func (rs *reasons) add(rule string, points float64, text Text, records ...network.ID) {
	*rs = append(*rs, Reason{rule, hundredths(points), text, inOrder(records)})
}

// sum puts the reasons with most points first, equal ones as they were added,
// and gives the score.
func (rs reasons) sum() float64 {
	slices.SortStableFunc(rs, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	sum := 0.0
	for _, r := range rs {
		sum += r.Points
	}
	return hundredths(sum)
}

// hundredths rounds to what is shown: the parts of a score add up to it as they
// are read, and scores that read the same are the same.
func hundredths(points float64) float64 { return math.Round(points*100) / 100 }

// inOrder is a list of IDs in their order, each once; what was given stays.
func inOrder(ids []network.ID) []network.ID {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// scale says how many points a rule gives. The scales stand in docs/rankings.md.
type scale struct {
	base float64 // when the rule fires
	each float64 // for every case it counts
	most float64 // of base and each together; 0: no bound
	soon float64 // more, the sooner it happens
}

// points are those of so many cases, without those of soon.
func (s scale) points(cases int) float64 {
	sum := s.base + s.each*float64(cases)
	if s.most > 0 {
		sum = min(sum, s.most)
	}
	return sum
}

package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Pair is two stakeholders, in order of ID.
type Pair struct{ A, B network.ID }

// PairOf puts two in order.
func PairOf(a, b network.ID) Pair {
	if b < a {
		a, b = b, a
	}
	return Pair{a, b}
}

// Common is two stakeholders with contacts in common, and the score of these
// (Adamic and Adar: the fewer others a contact knows, the more it says).
type Common struct {
	Pair
	Score    float64
	Contacts []network.ID // those that say most first
}

// Meets is a need of one and an offer of another that fits it.
type Meets struct {
	Pair
	Need, Offer network.ID
	Fit         Fit
}

// SuggestedTie is a tie that is not there and might well be.
type SuggestedTie struct {
	Pair
	Score   float64
	Reasons []Reason // most points first
}

// suggestedPoints are the points of the rules of docs/rankings.md: for a score of
// 1 of the contacts in common, and for a need that is met exactly.
var suggestedPoints = map[string]float64{"COMMON_CONTACTS": 12, "NEED_MEETS_OFFER": 40}

const (
	commonMost   = 40
	shownRecords = 5
)

// SuggestTies puts together what speaks for each pair: up to 40 points for
// contacts in common, 40 for a need that an offer meets (× the fit of the topic;
// the second such need counts 0.25, the third 0.1, others 0.05 of it). By score,
// then by ID.
func SuggestTies(common []Common, meets []Meets) []SuggestedTie {
	at := map[Pair]int{}
	var out []SuggestedTie
	note := func(p Pair, r Reason) {
		i, known := at[p]
		if !known {
			i = len(out)
			at[p] = i
			out = append(out, SuggestedTie{Pair: p})
		}
		r.Points = hundredths(r.Points)
		out[i].Reasons = append(out[i].Reasons, r)
	}
	for _, c := range common {
		n := len(c.Contacts)
		note(c.Pair, Reason{Rule: "COMMON_CONTACTS", Points: min(suggestedPoints["COMMON_CONTACTS"]*c.Score, commonMost), Records: c.Contacts[:min(n, shownRecords)],
			Text: textOf(n, "they have %d contact in common", "they have %d contacts in common", "共通のつながりが%d件あります")})
	}
	for p, list := range meetsBy(meets) {
		note(p, meetsReason(list))
	}
	for i := range out {
		s := &out[i]
		s.Score = reasons(s.Reasons).sum()
	}
	slices.SortFunc(out, func(a, b SuggestedTie) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

// meetsBy keeps of each need the offer of the pair that fits best.
func meetsBy(meets []Meets) map[Pair][]Meets {
	out := map[Pair][]Meets{}
	for _, m := range meets {
		list := out[m.Pair]
		i := slices.IndexFunc(list, func(o Meets) bool { return o.Need == m.Need })
		switch {
		case i < 0:
			out[m.Pair] = append(list, m)
		case m.Fit < list[i].Fit || m.Fit == list[i].Fit && m.Offer < list[i].Offer:
			list[i] = m
		}
	}
	return out
}

func meetsReason(list []Meets) Reason {
	slices.SortFunc(list, func(a, b Meets) int { return cmp.Or(cmp.Compare(a.Fit, b.Fit), cmp.Compare(a.Need, b.Need)) })
	r := Reason{Rule: "NEED_MEETS_OFFER", Text: Text{"one offers what the other needs", "一方のお困りごとに、もう一方のできることが合います"}}
	if list[0].Fit != Exact {
		r.Text = Text{"one offers something close to what the other needs", "一方のお困りごとに近いことを、もう一方ができます"}
	}
	for i, m := range list {
		r.Points += suggestedPoints["NEED_MEETS_OFFER"] * m.Fit.weight() * further[min(i, len(further)-1)]
		if len(r.Records)+2 > 2*shownRecords {
			continue
		}
		for _, id := range []network.ID{m.Need, m.Offer} {
			if !slices.Contains(r.Records, id) {
				r.Records = append(r.Records, id)
			}
		}
	}
	return r
}

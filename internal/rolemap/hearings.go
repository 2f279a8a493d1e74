package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Heard is a hearing a party, or somebody who held a post in it, took part in.
type Heard struct {
	Hearing network.ID
	Date    network.PartialDate
}

// HeardParty is a party with what speaks for hearing it.
type HeardParty struct {
	ID    network.ID
	Heard []Heard // held on the day or before
	// Carries counts its responsible and accountable roles.
	Carries  int
	Disputed []network.ID // disputed roles of it, and claims about it
	Old      []network.ID // the newest claim of each record about it that is old
}

// Due is a party that should be heard.
type Due struct {
	Party   network.ID
	Last    *Heard // nil: never
	Score   float64
	Reasons []Reason // most points first
}

// hearingScale gives the points of DueHearings: NOT_LATELY counts the months over,
// DISPUTED and OLD_CLAIMS records, CARRIES responsible and accountable roles. See
// docs/rankings.md.
var hearingScale = map[string]scale{
	"NEVER_HEARD": {base: 50},
	"NOT_LATELY":  {base: 20, each: 1, most: 40},
	"DISPUTED":    {each: 15, most: 30},
	"OLD_CLAIMS":  {each: 5, most: 10},
	"CARRIES":     {each: 5, most: 20},
}

// DueHearings ranks the parties that should be heard: by score, then by ID. A
// party is due when it was never heard, or last as many months ago or more, when
// something about it is disputed or when the claims about it are old. The score
// is the sum of the reasons; what a party carries counts only when it is due.
func DueHearings(parties []HeardParty, on network.Date, months int) []Due {
	var out []Due
	for _, p := range parties {
		found := p.reasons(on, months)
		if len(found) == 0 {
			continue
		}
		if n := p.Carries; n > 0 {
			found.add("CARRIES", hearingScale["CARRIES"].points(n), textOf(n, "carries %d responsible or accountable role over all initiatives", "carries %d responsible and accountable roles over all initiatives", "全事業で実行責任・説明責任を%d件担っています"))
		}
		out = append(out, Due{Party: p.ID, Last: p.last(), Score: found.sum(), Reasons: found})
	}
	slices.SortFunc(out, func(a, b Due) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Party, b.Party))
	})
	return out
}

// reasons are why the party is due.
func (p HeardParty) reasons(on network.Date, months int) reasons {
	var out reasons
	say := func(rule string, cases int, text Text, records ...network.ID) {
		out.add(rule, hearingScale[rule].points(cases), text, records...)
	}
	switch last := p.last(); {
	case last == nil:
		say("NEVER_HEARD", 0, Text{"was never heard", "一度もヒアリングしていません"})
	case last.Date.Earliest() == network.MinDate:
		say("NOT_LATELY", 0, Text{"it is not known when it was heard", "ヒアリングの時期が分かりません"}, last.Hearing)
	default:
		if ago := monthsBetween(last.Date.Earliest(), on); ago >= months {
			say("NOT_LATELY", ago-months, textOf(ago, "was last heard %d month ago", "was last heard %d months ago", "最後のヒアリングから%dか月たっています"), last.Hearing)
		}
	}
	if records := inOrder(p.Disputed); len(records) > 0 {
		say("DISPUTED", len(records), textOf(len(records), "disputed: %d record", "disputed: %d records", "異論のある記録が%d件あります"), records...)
	}
	if records := inOrder(p.Old); len(records) > 0 {
		say("OLD_CLAIMS", len(records), Textf("old claims: %d", "古くなった根拠が%d件あります", len(records)), records...)
	}
	return out
}

// last is the latest hearing; one of unknown date counts when there is no other.
func (p HeardParty) last() *Heard {
	var last *Heard
	for i := range p.Heard {
		h := &p.Heard[i]
		if last == nil || h.Date.Earliest() > last.Date.Earliest() ||
			h.Date.Earliest() == last.Date.Earliest() && h.Hearing < last.Hearing {
			last = h
		}
	}
	return last
}

// monthsBetween counts the whole months from a to b; 0 when b comes before a.
func monthsBetween(a, b network.Date) int {
	n := (b.Year()-a.Year())*12 + b.Month() - a.Month()
	if a.AddMonths(n) > b {
		n--
	}
	return max(n, 0)
}

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
	Reasons []Reason
}

// DueHearings ranks the parties that should be heard: by score, then by ID. A
// party is due when it was never heard, not within the months, when something
// about it is disputed or when the claims about it are old. The score is the
// sum of:
//
//	NEVER_HEARD  50
//	NOT_LATELY   20, and 1 for each month over, up to 20
//	DISPUTED     15 for each record, up to 30
//	OLD_CLAIMS   5 for each, up to 10
//	CARRIES      5 for each responsible or accountable role, up to 20
func DueHearings(parties []HeardParty, on network.Date, months int) []Due {
	var out []Due
	for _, p := range parties {
		d := Due{Party: p.ID, Last: p.last()}
		switch {
		case d.Last == nil:
			d.say("NEVER_HEARD", 50, Text{"was never heard", "一度もヒアリングしていません"}, nil)
		case d.Last.Date.Precision() == network.PrecisionUnknown:
			d.say("NOT_LATELY", 20, Text{"it is not known when it was heard", "ヒアリングの時期が分かりません"}, []network.ID{d.Last.Hearing})
		default:
			if over := monthsBetween(d.Last.Date.Earliest(), on) - months; over >= 0 {
				d.say("NOT_LATELY", 20+float64(min(over, 20)), Textf("was last heard %d months ago", "最後のヒアリングから%dか月たっています", over+months), []network.ID{d.Last.Hearing})
			}
		}
		if n := len(p.Disputed); n > 0 {
			d.say("DISPUTED", float64(min(15*n, 30)), Textf("disputed: %d records", "異論のある記録が%d件あります", n), p.Disputed)
		}
		if n := len(p.Old); n > 0 {
			d.say("OLD_CLAIMS", float64(min(5*n, 10)), Textf("old claims: %d", "古くなった根拠が%d件あります", n), p.Old)
		}
		if len(d.Reasons) == 0 {
			continue
		}
		if p.Carries > 0 {
			d.say("CARRIES", float64(min(5*p.Carries, 20)), Textf("carries %d responsible and accountable roles", "実行責任・説明責任を%d件担っています", p.Carries), nil)
		}
		d.Score = total(d.Reasons)
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Due) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Party, b.Party))
	})
	return out
}

func (d *Due) say(rule string, points float64, text Text, records []network.ID) {
	d.Reasons = append(d.Reasons, Reason{rule, points, text, records})
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

// monthsBetween counts the whole months from a to b.
func monthsBetween(a, b network.Date) int {
	n := 0
	for d := a.AddMonths(1); d <= b; d = a.AddMonths(n + 1) {
		n++
	}
	return n
}

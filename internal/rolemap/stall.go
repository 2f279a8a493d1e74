package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Stalled is a predecessor that came to a halt, with the causes recorded.
type Stalled struct {
	Initiative network.ID
	Causes     []string // of StallCauseEnum
}

// Burden is what one organisation carries over all initiatives, itself and
// through its posts: responsible and accountable roles that count.
type Burden struct {
	Body    network.ID
	Carries int
	Staff   *int64 // nil when not known
}

// StallInput is an initiative, those it takes up again, and what the
// organisations in it carry.
type StallInput struct {
	Predecessors []Stalled
	Division     Input
	Burdens      []Burden
}

// Verdict says whether a cause holds.
type Verdict string

// The verdicts.
const (
	Holds   Verdict = "HOLDS"
	Absent  Verdict = "DOES_NOT_HOLD"
	Unknown Verdict = "UNKNOWN"
)

// CauseCheck is one cause held against the data of today.
type CauseCheck struct {
	Cause      string
	Stalled    []network.ID // the predecessors it stalled
	Verdict    Verdict
	Reasons    []Reason
	Suggestion Text // empty when the cause does not hold
}

// CheckStall holds each cause of StallCauseEnum against the initiative: those
// that stalled a predecessor first.
//
//   - NO_IMPLEMENTER: no agreed implementer; one that is proposed or disputed is
//     named;
//   - STAFF_SHORT: an organisation with a role in it carries more responsible
//     and accountable roles than it has staff; unknown when of none that carries
//     any the staff is known;
//   - NO_BUDGET, NO_PLAN: no activity of type BUDGETING, PLANNING that has a
//     responsible and exactly one accountable, as the coverage counts them.
func CheckStall(in StallInput) []CauseCheck {
	var out []CauseCheck
	for _, cause := range network.StallCauseEnum.Values {
		c := CauseCheck{Cause: cause.Value}
		for _, p := range in.Predecessors {
			if slices.Contains(p.Causes, cause.Value) {
				c.Stalled = append(c.Stalled, p.Initiative)
			}
		}
		switch cause.Value {
		case "NO_IMPLEMENTER":
			c.implementer(in.Division)
		case "STAFF_SHORT":
			c.staff(in.Burdens)
		case "NO_BUDGET":
			c.covered(in.Division, "BUDGETING", Text{"Find the money: agree who asks for the budget and who answers for it, in time for the next one.", "予算の要求をだれが担い（R）、だれが責任を持つか（A）を、次の予算要求までに決めてください。"})
		case "NO_PLAN":
			c.covered(in.Division, "PLANNING", Text{"Agree who writes the implementation plan and who answers for it.", "実施計画をだれがつくり（R）、だれが責任を持つか（A）を決めてください。"})
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b CauseCheck) int { return min(1, len(b.Stalled)) - min(1, len(a.Stalled)) })
	return out
}

func (c *CauseCheck) implementer(in Input) {
	var agreed, disputed, proposed []network.ID
	for _, r := range in.Functions {
		switch {
		case r.Function != "IMPLEMENTER":
		case r.Status == "PROPOSED":
			proposed = append(proposed, r.ID)
		case r.Status == "DISPUTED":
			disputed = append(disputed, r.ID)
		default:
			agreed = append(agreed, r.ID)
		}
	}
	if len(agreed) > 0 {
		c.Verdict = Absent
		c.say("IMPLEMENTER_AGREED", Text{"an implementer is agreed", "実施主体が合意されています"}, agreed...)
		return
	}
	c.Verdict = Holds
	c.say("NO_IMPLEMENTER", Text{"nobody is agreed as implementer", "合意された実施主体がいません"})
	if len(disputed) > 0 {
		c.say("IMPLEMENTER_DISPUTED", Text{"one is disputed", "異論が出ています"}, disputed...)
	}
	if len(proposed) > 0 {
		c.say("IMPLEMENTER_PROPOSED", Text{"one is proposed only", "提案の段階です"}, proposed...)
	}
	c.Suggestion = Text{"Decide which party carries the initiative.", "どの関係者が実施主体になるかを決めてください。"}
}

// staff names the organisations that carry too much, those with most roles over
// their staff first, then by ID.
func (c *CauseCheck) staff(burdens []Burden) {
	burdens = slices.DeleteFunc(slices.Clone(burdens), func(b Burden) bool { return b.Staff == nil || b.Carries == 0 })
	slices.SortFunc(burdens, func(a, b Burden) int { return cmp.Or(cmp.Compare(b.over(), a.over()), cmp.Compare(a.Body, b.Body)) })
	for _, b := range burdens {
		if b.over() > 0 {
			c.Verdict = Holds
			c.Suggestion = Text{"Take roles off this organisation, or find it staff.", "この組織の役割を減らすか、人員を確保してください。"}
			c.say("OVERLOADED", Textf("carries %d responsible and accountable roles with a staff of %d", "人員%[2]d人で、実行責任と説明責任を合わせて%[1]d件担っています", b.Carries, *b.Staff), b.Body)
		}
	}
	switch {
	case c.Verdict == Holds:
	case len(burdens) > 0:
		c.Verdict = Absent
		c.say("STAFF_SUFFICES", Text{"no organisation whose staff is known carries more roles than it has people", "人員が分かっている組織で、人員より多い役割を担うところはありません"})
	default:
		c.Verdict = Unknown
		c.say("STAFF_UNKNOWN", Text{"of no organisation that is responsible or accountable for anything the staff is known", "実行責任・説明責任を担う組織の人員が分かりません"})
	}
}

// over is how many roles there are more than people; the staff must be known.
func (b Burden) over() int64 { return int64(b.Carries) - *b.Staff }

// covered looks for an activity of the type that is in order.
func (c *CauseCheck) covered(in Input, activityType string, suggestion Text) {
	var open []network.ID
	for _, a := range in.Activities {
		if a.Type != activityType {
			continue
		}
		if len(a.with("RESPONSIBLE")) > 0 && len(a.with("ACCOUNTABLE")) == 1 {
			c.Verdict = Absent
			c.say("COVERED", Text{"the activity has a responsible and an accountable", "この業務には実行責任（R）と説明責任（A）がいます"}, a.ID)
			return
		}
		open = append(open, a.ID)
	}
	c.Verdict, c.Suggestion = Holds, suggestion
	if len(open) == 0 {
		c.say("NO_ACTIVITY", Text{"no activity is for it", "これを担う業務がありません"})
		return
	}
	c.say("NOT_COVERED", Text{"the activity has no agreed responsible or not exactly one accountable", "この業務には、合意された実行責任（R）がいないか、説明責任（A）が一者ではありません"}, open...)
}

func (c *CauseCheck) say(rule string, text Text, records ...network.ID) {
	c.Reasons = append(c.Reasons, Reason{Rule: rule, Text: text, Records: inOrder(records)})
}

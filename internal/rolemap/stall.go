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
	Stage        string // of StageEnum, as of the day; "" when not known
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
//     responsible and exactly one accountable, as the coverage counts them, of
//     posts that somebody holds; unknown when there is no such activity and the
//     initiative is running already.
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
			c.covered(in, "BUDGETING", Text{"Find the money: agree who asks for the budget and who answers for it, in time for the next one.", "予算の要求をだれが担い（R）、だれが責任を持つか（A）を、次の予算要求までに決めてください。"})
		case "NO_PLAN":
			c.covered(in, "PLANNING", Text{"Agree who writes the implementation plan and who answers for it.", "実施計画をだれがつくり（R）、だれが責任を持つか（A）を決めてください。"})
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
			c.say("OVERLOADED", textOf(b.Carries, "carries %d responsible or accountable role over all initiatives with a staff of %d", "carries %d responsible and accountable roles over all initiatives with a staff of %d",
				"人員%[2]d人で、全事業の実行責任と説明責任を合わせて%[1]d件担っています", *b.Staff), b.Body)
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

// covered looks for an activity of the type that is in order: a responsible and
// exactly one accountable, neither of a vacant post.
func (c *CauseCheck) covered(in StallInput, activityType string, suggestion Text) {
	var of int
	var open, vacantR, vacantA []network.ID
	for _, a := range in.Division.Activities {
		if a.Type != activityType {
			continue
		}
		of++
		responsible, accountable := a.with("RESPONSIBLE"), a.with("ACCOUNTABLE")
		complete, r, one := len(responsible) > 0 && len(accountable) == 1, a.filled("RESPONSIBLE"), a.filled("ACCOUNTABLE")
		switch {
		case complete && r && one:
			c.Verdict = Absent
			c.say("COVERED", Text{"the activity has a responsible and an accountable", "この業務には実行責任者（R）と説明責任者（A）がいます"}, a.ID)
			return
		case !complete:
			open = append(open, a.ID)
		}
		if !r {
			vacantR = append(vacantR, responsible...)
		}
		if !one {
			vacantA = append(vacantA, accountable...)
		}
	}
	running := in.Stage == "RUNNING" || in.Stage == "SELF_SUSTAINING"
	switch {
	case of == 0 && running:
		c.Verdict = Unknown
		c.say("NO_ACTIVITY", Text{"no activity is for it", "これを担う業務がありません"})
		c.say("RUNNING", Text{"it is running already, so that alone tells nothing", "すでに動いている事業なので、それだけでは判断できません"})
		return
	case of == 0:
		c.say("NO_ACTIVITY", Text{"no activity is for it", "これを担う業務がありません"})
	}
	c.Verdict, c.Suggestion = Holds, suggestion
	if len(open) > 0 {
		c.say("NOT_COVERED", Text{"the activity has no agreed responsible or not exactly one accountable", "この業務には、合意された実行責任者（R）がいないか、説明責任者（A）が一者に決まっていません"}, open...)
	}
	if len(vacantR) > 0 {
		c.say("RESPONSIBLE_VACANT", Text{"the post that is responsible is vacant or has ended", "実行責任者（R）の役職が空席か、廃止されています"}, vacantR...)
	}
	if len(vacantA) > 0 {
		c.say("ACCOUNTABLE_VACANT", Text{"the post that is accountable is vacant or has ended", "説明責任者（A）の役職が空席か、廃止されています"}, vacantA...)
	}
}

func (c *CauseCheck) say(rule string, text Text, records ...network.ID) {
	c.Reasons = append(c.Reasons, Reason{Rule: rule, Text: text, Records: inOrder(records)})
}

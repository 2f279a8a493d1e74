package rolemap

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Class says what sort of finding a rule makes.
type Class uint8

// The classes.
const (
	Gap Class = iota
	Overlap
	Conflict
)

// Rule is one rule of the role map.
type Rule struct {
	Name  string
	Class Class
	// Message says what was found, Suggestion what to do about it.
	Message, Suggestion Text

	find func(Input) []Finding
}

// Rules is every rule, in the order in which findings are listed.
var Rules = []Rule{
	{"NO_RESPONSIBLE", Gap, Text{"Nobody is responsible for this activity.", "この業務の実行責任者（R）がいません。"},
		Text{"Agree with one of the consulted parties, or with a party that offers something on the topic, to carry it out.", "協業先や、この分野で「できること」のある関係者に、実行を引き受けてもらえるか相談してください。"}, without("RESPONSIBLE")},
	{"NO_ACCOUNTABLE", Gap, Text{"Nobody is accountable for this activity.", "この業務の説明責任者（A）がいません。"},
		Text{"Name one party that answers for the result.", "結果に責任を持つ関係者を一つに決めてください。"}, without("ACCOUNTABLE")},
	{"VACANT_POST", Gap, Text{"The role hangs on a post that nobody holds, or that has ended.", "役割を担う役職が空席か、廃止されています。"},
		Text{"Ask the organisation who takes over, or give the role to another post.", "組織に後任を確認するか、役割を別の役職に移してください。"}, vacantPosts},
	{"MISSING_FUNCTION", Gap, Text{"The initiative has nobody in this function.", "この事業にこの立場の関係者がいません。"},
		Text{"Decide which party takes the function.", "どの関係者がこの立場を担うか決めてください。"}, missingFunctions},
	{"PARTY_WITHOUT_ROLE", Gap, Text{"A party of the initiative has no role in it.", "事業の関係者ですが、役割がありません。"},
		Text{"Hear the party: give it a role, or take it off the list of parties.", "ヒアリングをして役割を決めるか、関係者から外してください。"}, partiesWithoutRole},
	{"SEVERAL_RESPONSIBLE", Overlap, Text{"Two or more are responsible for this activity.", "この業務の実行責任者（R）が複数います。"},
		Text{"Split the activity, or make all but one consulted.", "業務を分けるか、一者以外を協業先（C）にしてください。"}, several("RESPONSIBLE")},
	{"SEVERAL_ACCOUNTABLE", Conflict, Text{"Two or more are accountable for this activity.", "この業務の説明責任者（A）が複数います。"},
		Text{"Agree on the one that answers for the result.", "説明責任者を一つに決めてください。"}, several("ACCOUNTABLE")},
	{"DISPUTED_ROLE", Conflict, Text{"A party disputes this role.", "この役割には異論があります。"},
		Text{"Hear the parties and record what they agree on.", "当事者にヒアリングし、合意した内容を記録してください。"}, disputed},
}

// RequiredFunctions lists the functions an initiative of the type must have
// filled: an implementer and a secretariat; a grant also a screener.
func RequiredFunctions(initiativeType string) []string {
	if initiativeType == "GRANT" {
		return []string{"IMPLEMENTER", "SECRETARIAT", "SCREENER"}
	}
	return []string{"IMPLEMENTER", "SECRETARIAT"}
}

func without(responsibility string) func(Input) []Finding {
	return func(in Input) []Finding {
		var out []Finding
		for _, a := range in.Activities {
			if len(a.with(responsibility)) == 0 {
				out = append(out, Finding{Activity: a.ID})
			}
		}
		return out
	}
}

func several(responsibility string) func(Input) []Finding {
	return func(in Input) []Finding {
		var out []Finding
		for _, a := range in.Activities {
			if roles := a.with(responsibility); len(roles) > 1 {
				out = append(out, Finding{Activity: a.ID, Roles: roles})
			}
		}
		return out
	}
}

// each calls f with every role that counts and the activity it is on.
func each(in Input, f func(network.ID, Role)) {
	for _, a := range in.Activities {
		for _, r := range a.Roles {
			if r.Counts() {
				f(a.ID, r)
			}
		}
	}
	for _, r := range in.Functions {
		if r.Counts() {
			f("", r)
		}
	}
}

func vacantPosts(in Input) []Finding {
	var out []Finding
	each(in, func(activity network.ID, r Role) {
		if r.Holder.Unheld() {
			out = append(out, Finding{Activity: activity, Function: r.Function, Roles: []network.ID{r.ID}})
		}
	})
	return out
}

func disputed(in Input) []Finding {
	var out []Finding
	each(in, func(activity network.ID, r Role) {
		if r.Status == "DISPUTED" {
			out = append(out, Finding{Activity: activity, Function: r.Function, Roles: []network.ID{r.ID}})
		}
	})
	return out
}

// missingText says which function is missing.
var missingText = map[string]Text{
	"IMPLEMENTER": {"The initiative has no implementer.", "実施主体がいません。"},
	"SECRETARIAT": {"The initiative has no secretariat.", "事務局がいません。"},
	"SCREENER":    {"The initiative has nobody who screens applications.", "審査の担当がいません。"},
}

func missingFunctions(in Input) []Finding {
	var out []Finding
	for _, f := range RequiredFunctions(in.InitiativeType) {
		if !slices.ContainsFunc(in.Functions, func(r Role) bool { return r.Counts() && r.Function == f }) {
			out = append(out, Finding{Function: f, text: missingText[f]})
		}
	}
	return out
}

func partiesWithoutRole(in Input) []Finding {
	has := map[network.ID]bool{}
	each(in, func(_ network.ID, r Role) { has[r.Holder.ID], has[r.Holder.Body] = true, true })
	var out []Finding
	for _, p := range in.Parties {
		if !has[p] {
			out = append(out, Finding{Party: p})
		}
	}
	return out
}

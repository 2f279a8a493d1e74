package storetest

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// condition is a filter and who is left.
type condition struct {
	name string
	expr store.Expr
	want []string
}

func left(ids ...string) []string { return ids }

func (r reader) conditions(t *testing.T, from func() *query, cs []condition) {
	for _, c := range cs {
		t.Run(c.name, func(t *testing.T) { r.wantSet(t, from().where(c.expr), c.want...) })
	}
}

func testFilters(t *testing.T, r reader) {
	t.Run("School", func(t *testing.T) { r.conditions(t, func() *query { return scan("School") }, schoolConditions()) })
	t.Run("Tie", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Tie").within("", "") }, tieConditions())
	})
	t.Run("Event", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Event") }, []condition{
			{"a flag set", eq("Event.online", true), left("e-forum")},
			{"a flag not set", eq("Event.online", false), left("e-camp")},
			{"another flag", cmp("Event.online", store.NE, true), left("e-camp")},
			{"flags in", cmp("Event.online", store.IN, []any{true, false}), left("e-forum", "e-camp")},
			{"a year begins before a month of it", cmp("Event.date", store.LT, network.MustDate("2023-01-02")), left("e-camp")},
			{"a day by day", eq("Event.date", network.MustDate("2024-03-10")), left("e-forum")},
		})
	})
	t.Run("Named", func(t *testing.T) {
		named := store.Named{Names: []string{network.Fold("(株)きゃりあ研究所"), network.Fold("(株)きゃりあラボ")}}
		r.wantSet(t, scan("Stakeholder").where(named), "c-career")
		r.wantSet(t, scan("Tie").within("", "").where(named))
		r.wantSet(t, scan("Node").where(store.And{eq("Company.importKey", "nowhere"), named}))
	})
	t.Run("Area", func(t *testing.T) {
		up := field("Area.parent")
		within := func(path string, id network.ID) store.Expr { return store.Within{Field: field(path), Up: up, ID: id} }
		r.conditions(t, func() *query { return scan("Stakeholder") }, []condition{
			{"in the prefecture", store.And{within("Stakeholder.area", "area-pref"), store.IsKind{Kinds: kindsOf("School")}}, left("s-deep", "s-east", "s-hidden", "s-inn")},
			{"in the city", store.And{within("Stakeholder.area", "area-city"), store.IsKind{Kinds: kindsOf("Company", "Facility")}}, left("c-admin", "c-career", "c-salt", "hub")},
			{"in the inn town", within("Stakeholder.area", "area-inn"), left("c-salt", "hub", "s-inn")},
			{"in no area there is", within("Stakeholder.area", "nowhere"), nil},
		})
		r.wantSet(t, scan("CareerConsultant").where(within("CareerConsultant.regions", "area-inn")), "p-jun")
		r.conditions(t, func() *query { return scan("Area") }, []condition{
			{"above the inn town", store.Above{Up: up, ID: "area-inn"}, left("area-city", "area-inn", "area-pref")},
			{"above the prefecture", store.Above{Up: up, ID: "area-pref"}, left("area-pref")},
			{"above what is above nothing seen", store.Above{Up: up, ID: "nowhere"}, nil},
			{"not above", not(store.Above{Up: up, ID: "area-city"}), left("area-deep", "area-inn", "area-secret")},
		})
		r.wantSet(t, scan("CareerConsultant").where(within("CareerConsultant.regions", "area-secret")))
	})
	t.Run("Strings", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Person") }, []condition{
			{"an element", eq("Person.qualifications", "図書館司書"), left("p-hana")},
			{"another element", cmp("Person.qualifications", store.NE, "図書館司書"), left("p-hana")},
			{"an element in", cmp("Person.qualifications", store.IN, []any{"x", "図書館司書"}), left("p-hana")},
			{"part of an element", cmp("Person.qualifications", store.Contains, "司書"), left("p-hana")},
			{"the beginning of one", cmp("Person.qualifications", store.StartsWith, "司書"), nil},
			{"none given", isNull("Person.qualifications", true), left("p-hidden", "p-taro")},
		})
	})
	t.Run("References", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("School", "CareerConsultant") }, []condition{
			{"one", eq("Stakeholder.area", "area-inn"), left("s-inn")},
			{"one of", cmp("Stakeholder.area", store.IN, []any{"area-inn", "area-deep"}), left("s-inn", "s-deep")},
			{"another", cmp("Stakeholder.area", store.NE, "area-city"), left("s-inn", "s-deep")},
			{"none", isNull("Stakeholder.area", true), left("s-bare")},
			{"one of several", eq("CareerConsultant.specialties", "topic-work"), left("p-jun")},
			{"several or none", isNull("Stakeholder.topics", false), left("s-east")},
		})
		r.wantSet(t, scan("Claim").where(eq("Claim.record", "s-east")), "cl-east")
	})
	t.Run("Kinds", func(t *testing.T) {
		r.conditions(t, func() *query { return scan("Stakeholder") }, []condition{
			{"of a kind", store.IsKind{Kinds: kindsOf("Council", "Facility")}, left("k-eval", "hub")},
			{"of no kind", store.IsKind{}, nil},
			{"with an ID", hasID("s-east", "nobody", "topic-edu"), left("s-east")},
			{"with no ID", hasID(), nil},
			{"in a field of another kind", store.And{eq("Company.industry", "教育")}, left("c-career")},
		})
	})
}

func schoolConditions() []condition {
	str := func(op store.Op, v any) store.Expr { return cmp("School.name", op, v) }
	staff := func(op store.Op, v any) store.Expr { return cmp("School.staff", op, v) }
	level := func(op store.Op, v any) store.Expr { return cmp("School.level", op, v) }
	all := left("s-bare", "s-deep", "s-east", "s-hidden", "s-inn")
	return []condition{
		{"no condition", nil, all},
		{"empty and", store.And{}, all},
		{"empty or", store.Or{}, nil},
		{"not of empty or", not(store.Or{}), all},
		{"name is", str(store.EQ, "東小学校"), left("s-east")},
		{"name is not", str(store.NE, "東小学校"), left("s-bare", "s-deep", "s-hidden", "s-inn")},
		{"name in", str(store.IN, []any{"東小学校", "奥地高校", "x"}), left("s-deep", "s-east")},
		{"name in nothing", str(store.IN, []any{}), nil},
		{"name contains", str(store.Contains, "学校"), left("s-bare", "s-east", "s-hidden", "s-inn")},
		{"name starts with", str(store.StartsWith, "宿"), left("s-inn")},
		{"name contains everything", str(store.Contains, ""), all},
		{"kana in katakana", cmp("School.nameKana", store.Contains, "ミツガッコウ"), left("s-hidden")},
		{"code is", eq("School.schoolCode", "B120221500026"), left("s-east")},
		{"code starts with", cmp("School.schoolCode", store.StartsWith, "b12"), left("s-east")},
		{"enum is", level(store.EQ, "HIGH"), left("s-deep", "s-hidden")},
		{"enum is not", level(store.NE, "HIGH"), left("s-east", "s-inn")},
		{"enum in", level(store.IN, []any{"HIGH", "JUNIOR_HIGH"}), left("s-deep", "s-hidden", "s-inn")},
		{"not enum is", not(level(store.EQ, "HIGH")), left("s-bare", "s-east", "s-inn")},
		{"not enum is not", not(level(store.NE, "HIGH")), left("s-bare", "s-deep", "s-hidden")},
		{"enum absent", level(store.Null, true), left("s-bare")},
		{"enum present", level(store.Null, false), left("s-deep", "s-east", "s-hidden", "s-inn")},
		{"number is", staff(store.EQ, int64(30)), left("s-deep", "s-east")},
		{"number is not", staff(store.NE, int64(30)), left("s-inn")},
		{"number in", staff(store.IN, []any{int64(12), int64(5)}), left("s-inn")},
		{"number below", staff(store.LT, int64(30)), left("s-inn")},
		{"number at most", staff(store.LTE, int64(30)), left("s-deep", "s-east", "s-inn")},
		{"number above", staff(store.GT, int64(12)), left("s-deep", "s-east")},
		{"number at least", staff(store.GTE, int64(12)), left("s-deep", "s-east", "s-inn")},
		{"not number at least", not(staff(store.GTE, int64(13))), left("s-bare", "s-hidden", "s-inn")},
		{"number absent", staff(store.Null, true), left("s-bare", "s-hidden")},
		{"text in an alias", store.Text{Terms: network.FoldTerms("ｅａｓｔ")}, left("s-east")},
		{"text across two names", store.Text{Terms: network.FoldTerms("東 east")}, left("s-east")},
		{"named as folded", store.Named{Names: []string{network.Fold("東小学校"), "無い"}}, left("s-east")},
		{"named by a part", store.Named{Names: []string{network.Fold("東小")}}, nil},
		{"not named so", store.Not{X: store.Named{Names: []string{network.Fold("東小学校"), network.Fold("宿場中学校"), network.Fold("無印学校"), network.Fold("閉校小学校")}}}, left("s-deep", "s-hidden")},
		{"a code or another", cmp("School.schoolCode", store.IN, []any{"B120221500026", "x"}), left("s-east")},
		{"text of one name only", store.Text{Terms: []string{network.Fold("東小学校ひがし")}}, nil},
		{"and of two", store.And{level(store.EQ, "HIGH"), staff(store.EQ, int64(30))}, left("s-deep")},
		{"or of two", store.Or{level(store.EQ, "JUNIOR_HIGH"), staff(store.EQ, int64(30))}, left("s-deep", "s-east", "s-inn")},
		{"not of and", not(store.And{level(store.EQ, "HIGH"), staff(store.EQ, int64(30))}), left("s-bare", "s-east", "s-hidden", "s-inn")},
		{"not of not", not(not(level(store.EQ, "HIGH"))), left("s-deep", "s-hidden")},
		{"visibility", eq("School.visibility", "COORDINATORS"), left("s-hidden")},
	}
}

func tieConditions() []condition {
	day := network.MustDate
	from := func(op store.Op, d string) store.Expr { return cmp("Tie.from", op, day(d)) }
	until := func(op store.Op, d string) store.Expr { return cmp("Tie.until", op, day(d)) }
	dated := left("t-collab", "t-collab2", "t-ended", "t-future", "t-part", "t-unsure")
	return []condition{
		{"kind in", cmp("Tie.kind", store.IN, []any{"HOSTS", "KNOWS"}), left("t-future", "t-knows")},
		{"flag", eq("Tie.doNotAsk", true), left("t-support")},
		{"from a day on", from(store.GTE, "2023-01-01"), left("t-collab2", "t-future", "t-part")},
		{"from after a day", from(store.GT, "2023-01-01"), left("t-future", "t-part")},
		{"from before", from(store.LT, "2020-04-01"), left("t-unsure")},
		{"from at most", from(store.LTE, "2020-04-01"), left("t-ended", "t-unsure")},
		{"from is the first day of a year", from(store.EQ, "2019-01-01"), left("t-unsure")},
		{"from is another", from(store.NE, "2019-01-01"), left("t-collab", "t-collab2", "t-ended", "t-future", "t-part")},
		{"from in", cmp("Tie.from", store.IN, []any{day("2022-02-01"), day("2025-04-01")}), left("t-collab", "t-future")},
		{"unknown from is absent", store.And{cmp("Tie.from", store.Null, true), hasID("t-support", "t-collab", "t-super")}, left("t-support", "t-super")},
		{"from present", cmp("Tie.from", store.Null, false), dated},
		{"until is", until(store.EQ, "2023-04-01"), left("t-ended")},
		{"until before", until(store.LT, "2023-04-02"), left("t-ended")},
		{"unknown until is absent", store.And{cmp("Tie.until", store.Null, true), hasID("t-unsure", "t-ended")}, left("t-unsure")},
		{"last contact in a month", cmp("Tie.lastContact", store.EQ, day("2024-01-01")), left("t-collab")},
	}
}

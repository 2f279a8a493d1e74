package network

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// lines shows faults as "CODE path", one each.
func faultList(errs Errors) string {
	var out []string
	for _, e := range errs {
		out = append(out, string(e.Code)+" "+strings.Join(e.Path, "."))
	}
	return strings.Join(out, ", ")
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	tie := func(extra map[string]any) map[string]any {
		f := map[string]any{"kind": "FUNDS", "subject": ID("a"), "object": ID("b")}
		for k, v := range extra {
			f[k] = v
		}
		return f
	}
	type fields = map[string]any
	for _, tc := range []struct {
		name, kind string
		fields     fields
		want       string
	}{
		{"nothing wrong", "School", fields{"name": "塩尻東小学校"}, ""},
		{"unknown field", "School", fields{"name": "x", "colour": "red"}, "UNKNOWN_FIELD colour"},
		{"required missing", "School", fields{}, "REQUIRED name"},
		{"required blank", "School", fields{"name": " \t"}, "REQUIRED name"},
		{"log record", "Change", fields{}, "FORBIDDEN "},
		{"enum", "School", fields{"name": "x", "level": "BIG"}, "INVALID_VALUE level"},
		{"visibility", "School", fields{"name": "x", "visibility": "SECRET"}, "INVALID_VALUE visibility"},
		{"code", "School", fields{"name": "x", "schoolCode": "B120221500027"}, "INVALID_CODE schoolCode"},
		{"number too large", "Tie", tie(fields{"strength": int64(6)}), "OUT_OF_RANGE strength"},
		{"number too small", "Tie", tie(fields{"strength": int64(0)}), "OUT_OF_RANGE strength"},
		{"number of a wrong type", "Tie", tie(fields{"strength": "5"}), "INVALID_VALUE strength"},
		{"bool of a wrong type", "Tie", tie(fields{"doNotAsk": int64(1)}), "INVALID_VALUE doNotAsk"},
		{"date of a wrong type", "Tie", tie(fields{"lastContact": "2022"}), "INVALID_VALUE lastContact"},
		{"line break", "School", fields{"name": "x\ny"}, "INVALID_VALUE name"},
		{"long line", "School", fields{"name": strings.Repeat("学", 501)}, "OUT_OF_RANGE name"},
		{"long text", "School", fields{"name": "x", "description": strings.Repeat("学", 10_001)}, "OUT_OF_RANGE description"},
		{"direction mark", "School", fields{"name": "x\u202ey"}, "INVALID_VALUE name"},
		{"element of a list", "School", fields{"name": "x", "aliases": []string{"a", "b\nc"}}, "INVALID_VALUE aliases.1"},
		{"long list", "School", fields{"name": "x", "aliases": make([]string, 1001)}, "OUT_OF_RANGE aliases"},
		{"shape of an id", "School", fields{"name": "x", "area": ID("a b")}, "NOT_FOUND area"},
		{"shape of ids", "School", fields{"name": "x", "topics": []ID{"a", "b!"}}, "NOT_FOUND topics.1"},
		{"end before start", "School", fields{"name": "x", "from": MustPartialDate("2022"), "until": MustPartialDate("2021")}, "INVALID_DATE until"},
		{"end on the start", "School", fields{"name": "x", "from": MustPartialDate("2022-04-01"), "until": MustPartialDate("2022-04-01")}, "INVALID_DATE until"},
		{"history span", "School", fields{"name": "x", "names": []DatedValue{{Value: "y", Span: Span{MustPartialDate("2022"), MustPartialDate("2021")}}}}, "INVALID_DATE names.0.until"},
		{"history without name", "School", fields{"name": "x", "names": []DatedValue{{Extra: "y"}}}, "REQUIRED names.0.name"},
		{"stage", "Initiative", fields{"name": "x", "stages": []DatedValue{{Value: "DONE"}}}, "INVALID_VALUE stages.0.stage"},
		{"cause", "Initiative", fields{"name": "x", "stages": []DatedValue{{Value: "STALLED", Extra: "NO_LUCK"}}}, "INVALID_VALUE stages.0.causes"},
		{"cause of a stage that has none", "Initiative", fields{"name": "x", "stages": []DatedValue{{Value: "RUNNING", Extra: "NO_BUDGET"}}}, "INVALID_VALUE stages.0.causes"},
		{"itself", "Topic", fields{"name": "x", "broader": ID("self")}, "INVALID_VALUE broader"},
		{"consultant without number", "CareerConsultant", fields{"name": "x"}, "REQUIRED registrationNumber"},
		{"tie kind", "Tie", tie(fields{"kind": "LIKES"}), "INVALID_VALUE kind"},
		{"tie to itself", "Tie", tie(fields{"object": ID("a")}), "INVALID_VALUE object"},
		{"role on both", "RoleAssignment", fields{"holder": ID("h"), "activity": ID("a"), "initiative": ID("i"), "function": "EXPERT"}, "INVALID_VALUE activity"},
		{"role on nothing", "RoleAssignment", fields{"holder": ID("h"), "responsibility": "RESPONSIBLE"}, "INVALID_VALUE activity"},
		{"role without responsibility", "RoleAssignment", fields{"holder": ID("h"), "activity": ID("a")}, "REQUIRED responsibility"},
		{"role without function", "RoleAssignment", fields{"holder": ID("h"), "initiative": ID("a"), "responsibility": "INFORMED"}, "REQUIRED function, INVALID_VALUE responsibility"},
		{"role that is right", "RoleAssignment", fields{"holder": ID("h"), "initiative": ID("a"), "function": "EXPERT"}, ""},
		{"level against the code", "School", fields{"name": "x", "schoolCode": "B120221500026", "level": "HIGH", "establisher": "PRIVATE"}, "INVALID_VALUE level, INVALID_VALUE establisher"},
		{"level as in the code", "School", fields{"name": "x", "schoolCode": "B120221500026", "level": "ELEMENTARY", "establisher": "PUBLIC"}, ""},
		{"address of a script", "Company", fields{"name": "x", "website": "javascript:alert(1)"}, "INVALID_VALUE website"},
		{"address of a source", "Source", fields{"name": "x", "sourceType": "WEB_PAGE", "url": "example.org"}, "INVALID_VALUE url"},
		{"hearing of a web page", "Source", fields{"name": "x", "sourceType": "WEB_PAGE", "hearing": ID("h")}, "INVALID_VALUE hearing"},
		{"everything at once", "Source", fields{"b": 1, "a": 1, "url": "x"}, "UNKNOWN_FIELD a, UNKNOWN_FIELD b, REQUIRED name, REQUIRED sourceType, INVALID_VALUE url"},
	} {
		r := &Record{ID: "self", Kind: tc.kind, Fields: tc.fields}
		if got := faultList(MustKind(tc.kind).Check(r)); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestCheckPutsValuesInOrder(t *testing.T) {
	aliases := []string{" 東小 ", "", "東小", "ひがし"}
	names := []DatedValue{
		{Value: " 新 ", Span: Span{From: MustPartialDate("2020-04-01")}},
		{Value: "旧", Span: Span{Until: MustPartialDate("2020-04-01")}},
	}
	r := &Record{Kind: "School", Fields: map[string]any{
		"name": " 塩尻東小学校\r\n", "nameKana": "", "schoolCode": "ｂ１-20-2-2150002-6", "aliases": aliases, "names": names,
		"topics": []ID{"t1", "t2", "t1"}, "from": PartialDate{}, "area": ID(""), "website": nil, "qualifications": nil,
	}}
	delete(r.Fields, "qualifications")
	if errs := MustKind("School").Check(r); errs != nil {
		t.Fatal(errs)
	}
	want := map[string]any{
		"name": "塩尻東小学校", "schoolCode": "B120221500026", "aliases": []string{"東小", "ひがし"}, "topics": []ID{"t1", "t2"},
		"names": []DatedValue{
			{Value: "旧", Span: Span{Until: MustPartialDate("2020-04-01")}},
			{Value: "新", Span: Span{From: MustPartialDate("2020-04-01")}},
		},
	}
	if !reflect.DeepEqual(r.Fields, want) {
		t.Errorf("%v\nwant %v", r.Fields, want)
	}
	if aliases[0] != " 東小 " || names[0].Value != " 新 " {
		t.Error("the caller's slices were changed")
	}
	before := fmt.Sprint(r.Fields)
	if errs := MustKind("School").Check(r); errs != nil || fmt.Sprint(r.Fields) != before {
		t.Errorf("a second check changed the record: %v, %v", r.Fields, errs)
	}
}

func TestCheckJoinsCauses(t *testing.T) {
	r := &Record{Kind: "Initiative", Fields: map[string]any{"name": "構想", "stages": []DatedValue{{Value: "STALLED", Extra: "STAFF_SHORT|NO_BUDGET|STAFF_SHORT|"}}}}
	errs := MustKind("Initiative").Check(r)
	if got := r.Fields["stages"].([]DatedValue)[0].Extra; errs != nil || got != "STAFF_SHORT|NO_BUDGET" {
		t.Error(got, errs)
	}
}

func TestEveryRuleNamesAKind(t *testing.T) {
	for _, r := range rules {
		if len(Concrete(r.kind)) == 0 {
			t.Errorf("rule for %s, which is no kind", r.kind)
		}
	}
	for _, level := range schoolLevels {
		if !SchoolLevelEnum.Has(level) {
			t.Errorf("no school level %s", level)
		}
	}
}

package network

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestParseInput(t *testing.T) {
	type m = map[string]any
	type level string
	for _, tc := range []struct {
		name, kind string
		raw, want  m
		errs       string
	}{
		{"text", "School", m{"name": "x", "level": level("HIGH")}, m{"name": "x", "level": "HIGH"}, ""},
		{"text of a wrong type", "School", m{"name": 1, "nameKana": json.Number("1")}, m{}, "INVALID_VALUE name, INVALID_VALUE nameKana"},
		{"int64", "Company", m{"staff": int64(3)}, m{"staff": int64(3)}, ""},
		{"int", "Company", m{"staff": 3}, m{"staff": int64(3)}, ""},
		{"int32", "Company", m{"staff": int32(3)}, m{"staff": int64(3)}, ""},
		{"json.Number", "Company", m{"staff": json.Number("3")}, m{"staff": int64(3)}, ""},
		{"integral float", "Company", m{"staff": 3.0}, m{"staff": int64(3)}, ""},
		{"fraction", "Company", m{"staff": 3.5}, m{}, "INVALID_VALUE staff"},
		{"huge float", "Company", m{"staff": 1e300}, m{}, "INVALID_VALUE staff"},
		{"fraction as json.Number", "Company", m{"staff": json.Number("3.5")}, m{}, "INVALID_VALUE staff"},
		{"bool", "Tie", m{"doNotAsk": false}, m{"doNotAsk": false}, ""},
		{"no bool", "Tie", m{"doNotAsk": "no"}, m{}, "INVALID_VALUE doNotAsk"},
		{"date", "Tie", m{"from": "令和4年度", "until": MustDate("2024-04-01")}, m{"from": MustPartialDate("FY2022"), "until": MustPartialDate("2024-04-01")}, ""},
		{"no date", "Tie", m{"from": "soon", "until": 2024}, m{}, "INVALID_DATE from, INVALID_VALUE until"},
		{"id", "School", m{"area": "a1"}, m{"area": ID("a1")}, ""},
		{"typed id", "School", m{"area": ID("a1")}, m{"area": ID("a1")}, ""},
		{"no id", "School", m{"area": "a 1"}, m{}, "NOT_FOUND area"},
		{"ids", "School", m{"topics": []any{"t1", ID("t2")}}, m{"topics": []ID{"t1", "t2"}}, ""},
		{"ids as strings", "School", m{"topics": []string{"t1"}}, m{"topics": []ID{"t1"}}, ""},
		{"one id for a list", "School", m{"topics": "t1"}, m{"topics": []ID{"t1"}}, ""},
		{"a wrong id", "School", m{"topics": []any{"t1", 2, "?"}}, m{}, "INVALID_VALUE topics.1, NOT_FOUND topics.2"},
		{"strings", "School", m{"aliases": []any{"a", "b"}}, m{"aliases": []string{"a", "b"}}, ""},
		{"null among strings", "School", m{"aliases": []any{"a", nil}}, m{}, "INVALID_VALUE aliases.1"},
		{"too many", "School", m{"aliases": make([]any, 1001)}, m{}, "OUT_OF_RANGE aliases"},
		{"unknown and null", "School", m{"colour": "red", "area": nil}, m{}, "UNKNOWN_FIELD colour"},
		{"names", "School", m{"names": []any{m{"name": "旧", "nameKana": "きゅう", "from": nil, "until": "2020-04-01"}}},
			m{"names": []DatedValue{{Value: "旧", Extra: "きゅう", Span: Span{Until: MustPartialDate("2020-04-01")}}}}, ""},
		{"names gone wrong", "School", m{"names": []any{m{"name": 1, "stage": "x", "from": "x"}, "y"}}, m{}, "INVALID_VALUE names.1, INVALID_DATE names.0.from, INVALID_VALUE names.0.name, UNKNOWN_FIELD names.0.stage"},
		{"an entry gone wrong", "School", m{"names": []any{m{"name": 1, "stage": "x", "from": "x"}}}, m{}, "INVALID_DATE names.0.from, INVALID_VALUE names.0.name, UNKNOWN_FIELD names.0.stage"},
		{"stages", "Initiative", m{"stages": []any{m{"stage": "STALLED", "causes": []any{"NO_PLAN", "NO_BUDGET"}, "note": "n", "from": "2018"}}},
			m{"stages": []DatedValue{{Value: "STALLED", Extra: "NO_PLAN|NO_BUDGET", Note: "n", Span: Span{From: MustPartialDate("2018")}}}}, ""},
		{"a cause with a bar", "Initiative", m{"stages": []any{m{"stage": "STALLED", "causes": []any{"A|B"}}}}, m{}, "INVALID_VALUE stages.0.causes.0"},
	} {
		got, cleared, errs := ParseInput(MustKind(tc.kind), tc.raw, false)
		if faults := faultList(errs); faults != tc.errs || !reflect.DeepEqual(got, tc.want) || cleared != nil {
			t.Errorf("%s: %v, cleared %v, %s\nwant %v, %s", tc.name, got, cleared, faults, tc.want, tc.errs)
		}
	}
}

func TestNullClearsInAPartialInput(t *testing.T) {
	fields, cleared, errs := ParseInput(MustKind("School"), map[string]any{"name": "x", "area": nil, "until": nil, "oops": nil}, true)
	if len(fields) != 1 || strings.Join(cleared, " ") != "area until" || faultList(errs) != "UNKNOWN_FIELD oops" {
		t.Error(fields, cleared, errs)
	}
}

// FuzzParseInput: whatever JSON comes, it is parsed to values that Check takes
// or refuses, and what Check took it takes again unchanged.
func FuzzParseInput(f *testing.F) {
	f.Add("School", `{"name":"x","schoolCode":"B120221500026","aliases":["a",""],"names":[{"name":"y","until":"2020"}]}`)
	f.Add("Initiative", `{"name":"x","stages":[{"stage":"STALLED","causes":["NO_PLAN"],"from":"2018"}],"targetFiscalYear":2027}`)
	f.Add("Tie", `{"kind":"FUNDS","subject":"a","object":"b","strength":5,"doNotAsk":true,"from":"R5.4"}`)
	f.Fuzz(func(t *testing.T, kind, data string) {
		k := KindOf(kind)
		var raw map[string]any
		if k == nil || json.Unmarshal([]byte(data), &raw) != nil {
			return
		}
		fields, _, errs := ParseInput(k, raw, false)
		r := &Record{ID: "self", Kind: kind, Fields: fields}
		if len(errs) > 0 || len(k.Check(r)) > 0 {
			return
		}
		before := r.Clone()
		if errs := k.Check(r); len(errs) > 0 || !reflect.DeepEqual(before.Fields, r.Fields) {
			t.Errorf("%v\nwas %v: %v", r.Fields, before.Fields, errs)
		}
	})
}

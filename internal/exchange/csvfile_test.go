package exchange

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func read(t *testing.T, text string) []Row {
	t.Helper()
	rows, faults := ReadCSV("f.csv", strings.NewReader(text))
	for _, f := range faults {
		t.Error(f)
	}
	return rows
}

func TestReadNodes(t *testing.T) {
	rows := read(t, "\uFEFFID,Type,Label,Name Kana,学校コード,level,TAGS,Area,Aliases,Start,End,Names,Visibility,Staff\r\n"+
		"org-higashi,School,塩尻東小学校,しおじりひがし,ｂ１-20-2-2150002-6,小学校,キャリア教育|t2,202151,東小| ひがし|,1949,2024-03-31,旧名称(きゅう)[..2015-03]|新名称[2015-04..],members,\"1,200\"\r\n"+
		",,,,,,,,,,,,,\r\n"+
		"\r\n"+
		",市役所の部署,\"学校教育課\n\",,,,,,-,,,,,\r\n")
	day := network.MustPartialDate
	if len(rows) != 2 {
		t.Fatal(rows)
	}
	want := map[string]any{
		"name": "塩尻東小学校", "nameKana": "しおじりひがし", "schoolCode": "B120221500026", "level": "ELEMENTARY",
		"aliases": []string{"東小", "ひがし"}, "from": day("1949"), "until": day("2024-04-01"), "visibility": "MEMBERS", "staff": int64(1200),
		"names": []network.DatedValue{
			{Value: "旧名称", Extra: "きゅう", Span: network.Span{Until: day("2015-03")}},
			{Value: "新名称", Span: network.Span{From: day("2015-04")}},
		},
	}
	if r := rows[0]; !reflect.DeepEqual(r.Fields, want) || r.Kind != "School" || r.Key != "org-higashi" || r.Origin.Line != 2 {
		t.Errorf("%+v", r)
	}
	if want := map[string][]string{"topics": {"キャリア教育", "t2"}, "area": {"202151"}}; !reflect.DeepEqual(rows[0].Refs, want) {
		t.Error(rows[0].Refs)
	}
	if r := rows[1]; r.Kind != "CityDepartment" || r.Fields["name"] != "学校教育課" || r.Key != "" || !slices.Equal(r.Clear, []string{"aliases"}) || r.Origin.Line != 5 {
		t.Errorf("%+v", r)
	}
	if o := rows[0].Origin; o.Column("topics") != "TAGS" || o.Column("schoolCode") != "学校コード" || o.Column("importKey") != "ID" || o.Column("contact") != "" {
		t.Error(o)
	}
}

func TestReadConnections(t *testing.T) {
	rows := read(t, "From,To,Type,Strength,Start,End,Last Contact,Confidence,Status,Do Not Ask,Visibility,Description\n"+
		"b,a,Collaborates With,5,2022,FY2023,2024-01,High,確認済み,no,,一緒に\n"+
		"b,a,資金提供,,2022,,,,,はい,,\n")
	day := network.MustPartialDate
	want := map[string]any{"kind": "COLLABORATES_WITH", "strength": int64(5), "from": day("2022"), "until": day("FY2023"),
		"lastContact": day("2024-01"), "confidence": "HIGH", "status": "CONFIRMED", "doNotAsk": false, "description": "一緒に"}
	if r := rows[0]; r.Kind != "Tie" || r.Key != "a|COLLABORATES_WITH|b|2022" || !reflect.DeepEqual(r.Fields, want) || r.Refs["subject"][0] != "b" || r.Refs["object"][0] != "a" {
		t.Errorf("%+v", r)
	}
	if r := rows[1]; r.Key != "b|FUNDS|a|2022" || r.Fields["doNotAsk"] != true {
		t.Errorf("%+v", r)
	}
}

func TestReadOtherKinds(t *testing.T) {
	rows := read(t, "Type,Label,Person,Post,Start,Holder,Activity,Responsibility,Record,Field,Source,Stages,Target Fiscal Year,On Behalf Of\n"+
		"Occupancy,,p1,post1,2022-04,,,,,,,,,chamber\n"+
		"Role Assignment,,,,,post1,act1,実行責任,,,,,,\n"+
		"根拠,,,,,,,,tie-1,strength,s1,,,\n"+
		"事業・構想,構想,,,,,,,,,,準備・検証[2022-10..2023-03]|STALLED(staff_short + 予算化できず)[2023-04-01..2024-03-31] 人事異動,令和9年度,\n")
	for i, key := range []string{"Occupancy|p1|post1|2022-04", "RoleAssignment|post1|RESPONSIBLE|act1|||", "Claim|tie-1|strength|s1|", ""} {
		if rows[i].Key != key {
			t.Errorf("row %d: key %q, want %q", i, rows[i].Key, key)
		}
	}
	if got := rows[2].Refs["record"]; !slices.Equal(got, []string{"tie-1"}) {
		t.Error(got)
	}
	day := network.MustPartialDate
	want := []network.DatedValue{
		{Value: "PREPARATION", Span: network.Span{From: day("2022-10"), Until: day("2023-03")}},
		{Value: "STALLED", Extra: "STAFF_SHORT|NO_BUDGET", Note: "人事異動", Span: network.Span{From: day("2023-04-01"), Until: day("2024-04-01")}},
	}
	if r := rows[3]; !reflect.DeepEqual(r.Fields["stages"], want) || r.Fields["targetFiscalYear"] != int64(2027) {
		t.Errorf("%+v", r.Fields)
	}
}

func TestFaultsSayWhereAndNotWhat(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"empty", "", "0  REQUIRED"},
		{"no type", "ID,Label\na,b\n", "1  REQUIRED"},
		{"unknown column", "Type,Label,Colour\nSchool,x,red\n", "1 Colour UNKNOWN_FIELD"},
		{"from in a nodes file", "Type,Label,From\nSchool,x,2022\n", "1 From UNKNOWN_FIELD"},
		{"column twice", "Type,Label,label\nSchool,x,y\n", "1 label DUPLICATE"},
		{"node column among connections", "From,To,Type,School Code\n", "1 School Code UNKNOWN_FIELD"},
		{"no Type", "Type,Label\n,x\n", "2 Type REQUIRED"},
		{"wrong Type", "Type,Label\nSecret,x\n", "2 Type INVALID_VALUE"},
		{"tie among nodes", "Type,Label\nTie,x\n", "2 Type INVALID_VALUE"},
		{"log record", "Type,Label\nChange,x\n", "2 Type INVALID_VALUE"},
		{"field of another kind", "Type,Label,School Code\nCompany,x,Secret\n", "2 School Code UNKNOWN_FIELD"},
		{"ID with underscore", "ID,Type,Label\nSecret_a,School,x\n", "2 ID INVALID_VALUE"},
		{"ID with full stop", "ID,Type,Label\nSecret.a,School,x\n", "2 ID INVALID_VALUE"},
		{"long ID", "ID,Type,Label\n" + strings.Repeat("a", 201) + ",School,x\n", "2 ID INVALID_VALUE"},
		{"code", "Type,Label,School Code\nSchool,x,Secret\n", "2 School Code INVALID_CODE"},
		{"date", "Type,Label,Start\nSchool,x,Secret\n", "2 Start INVALID_DATE"},
		{"enum", "Type,Label,Level\nSchool,x,Secret\n", "2 Level INVALID_VALUE"},
		{"number", "Type,Label,Staff\nCompany,x,Secret\n", "2 Staff INVALID_VALUE"},
		{"number out of range", "From,To,Type,Strength\na,b,KNOWS,6\n", "2 Strength OUT_OF_RANGE"},
		{"fiscal year", "Type,Label,Target Fiscal Year\nInitiative,x,Secret\n", "2 Target Fiscal Year INVALID_DATE"},
		{"yes or no", "From,To,Type,Do Not Ask\na,b,KNOWS,Secret\n", "2 Do Not Ask INVALID_VALUE"},
		{"tie kind", "From,To,Type\na,b,Secret\n", "2 Type INVALID_VALUE"},
		{"line break", "Type,Label\nSchool,\"Secret\na\"\n", "2 Label INVALID_VALUE"},
		{"surplus cell", "Type,Label\nSchool,x,Secret\n", "2  UNKNOWN_FIELD"},
		{"history", "Type,Label,Names\nSchool,x,Secret\n", "2 Names INVALID_VALUE"},
		{"history date", "Type,Label,Names\nSchool,x,Secret[a..]\n", "2 Names INVALID_DATE"},
		{"history span", "Type,Label,Names\nSchool,x,Secret[2022..2021]\n", "2 Names INVALID_DATE"},
		{"text after a name", "Type,Label,Names\nSchool,x,a[2022..]Secret\n", "2 Names INVALID_VALUE"},
		{"stage", "Type,Label,Stages\nInitiative,x,Secret[2022..]\n", "2 Stages INVALID_VALUE"},
		{"cause", "Type,Label,Stages\nInitiative,x,STALLED(Secret)[2022..]\n", "2 Stages INVALID_VALUE"},
		{"cause of a stage that has none", "Type,Label,Stages\nInitiative,x,RUNNING(NO_PLAN)[2022..]\n", "2 Stages INVALID_VALUE"},
		{"quotation mark", "Type,Label\nSchool,x\nSchool,\"Secret\n", "3  INVALID_VALUE"},
		{"encoding", "Type,Label\nSchool,\x8f\xac\n", "0  INVALID_VALUE"},
		{"several", "Type,Label,Start,End\nSchool,x,Secret,\nSchool,y,,\nSecret,z,,\n", "2 Start INVALID_DATE, 4 Type INVALID_VALUE"},
	} {
		_, faults := ReadCSV("f.csv", strings.NewReader(tc.text))
		var got []string
		for _, f := range faults {
			got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Column, f.Err.Code))
			if strings.Contains(f.Error(), "Secret") {
				t.Errorf("%s: shows the value: %v", tc.name, f)
			}
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, s, tc.want)
		}
	}
}

func TestNamesMayHaveParentheses(t *testing.T) {
	f := network.MustKind("School").Field("names")
	for text, want := range map[string]string{
		"会社(旧称)[2022..]": "会社(旧称) ", "会社（旧称）[2022..]": "会社（旧称） ", "会社(かいしゃ)[2022..]": "会社 かいしゃ", "会社 (カイシャ) [2022..]": "会社 カイシャ",
	} {
		v, err := parseCell(f, text)
		if err != nil {
			t.Fatal(err)
		}
		if e := v.([]network.DatedValue)[0]; e.Value+" "+e.Extra != want {
			t.Errorf("%s: %q %q", text, e.Value, e.Extra)
		}
	}
}

func TestFaultOfALaterCheck(t *testing.T) {
	rows := read(t, "Type,Label\nSchool,x\n")
	for field, want := range map[string]string{"name": "f.csv:2: Label: wrong", "area": "f.csv:2: area: wrong"} {
		if got := rows[0].Origin.Fault(network.Errorf(network.NotFound, "wrong").At(field)).Error(); got != want {
			t.Error(got)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("\uFEFFID,Type,Label,Names,Start,End\r\na,School,x,旧(きゅう)[2015..2019-03],2022-02-01,2024-03-31\r\n")
	f.Add("From,To,Type,Strength,Start\na,b,KNOWS,5,R5.4\n")
	f.Add("Type,Label,Stages,Tags\n事業・構想,x,STALLED(NO_PLAN+NO_BUDGET)[2018..] \"n\",a|b\n")
	f.Add("Type,Holder,Activity,Responsibility,Do Not Ask,Attendance\nRoleAssignment,a,b,RESPONSIBLE,,\"1,0\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _ := ReadCSV("f", strings.NewReader(text))
		for _, r := range rows {
			k := network.KindOf(r.Kind)
			if k == nil || strings.ContainsAny(r.Key, "_.") && !strings.Contains(r.Key, "|") {
				t.Fatalf("%+v", r)
			}
			for name, v := range r.Fields {
				clean, errs := k.Field(name).Check(v)
				if len(errs) > 0 || !reflect.DeepEqual(clean, v) {
					t.Fatalf("%s: %v is not as it is stored: %v, %v", name, v, clean, errs)
				}
			}
		}
	})
}

package graph_test

import (
	"strings"
	"testing"
)

func TestHowManyThereAreOverTime(t *testing.T) {
	a, id := town(t)
	// Each kind of tie has a row for each day, none on a day is 0, and twice the same day is one.
	a.is(`{"tieCounts":{"rows":[{"keys":[{"dimension":"KIND","value":"SUPPORTS","label":"支援"},{"dimension":"DATE","value":"2021-04-01","label":"2021年4月1日"}],"count":1},{"keys":[{"dimension":"KIND","value":"SUPPORTS","label":"支援"},{"dimension":"DATE","value":"2022-02-01","label":"2022年2月1日"}],"count":1},{"keys":[{"dimension":"KIND","value":"SUPPORTS","label":"支援"},{"dimension":"DATE","value":"2023-04-01","label":"2023年4月1日"}],"count":0},{"keys":[{"dimension":"KIND","value":"COLLABORATES_WITH","label":"連携"},{"dimension":"DATE","value":"2021-04-01","label":"2021年4月1日"}],"count":0},{"keys":[{"dimension":"KIND","value":"COLLABORATES_WITH","label":"連携"},{"dimension":"DATE","value":"2022-02-01","label":"2022年2月1日"}],"count":1},{"keys":[{"dimension":"KIND","value":"COLLABORATES_WITH","label":"連携"},{"dimension":"DATE","value":"2023-04-01","label":"2023年4月1日"}],"count":1}]}}`,
		`{ tieCounts(groupBy: [KIND, DATE], dates: ["2023-04-01", "2021-04-01", "2022-02-01", "2021-04-01"]) { rows { keys { dimension value label } count } } }`, nil)
	// A tie that ended on the first day of a fiscal year held in none of its days.
	a.is(`{"tieCounts":{"rows":[{"keys":[{"value":"2020","label":"令和2年度"}],"count":0},{"keys":[{"value":"2021","label":"令和3年度"}],"count":2},{"keys":[{"value":"2022","label":"令和4年度"}],"count":2},{"keys":[{"value":"2023","label":"令和5年度"}],"count":1}]}}`,
		`{ tieCounts(groupBy: [FISCAL_YEAR], fiscalYears: [2020, 2021, 2022, 2023]) { rows { keys { value label } count } } }`, nil)
	a.is(`{"nobody":{"rows":[{"count":0},{"count":0}]},"noRow":{"rows":[]}}`,
		`{ nobody: stakeholderCounts(groupBy: [DATE], dates: ["2023-04-01", "2024-04-01"], filter: {text: "だれもいない"}) { rows { count } }
		noRow: stakeholderCounts(groupBy: [DATE, KIND], dates: ["2023-04-01"], filter: {text: "だれもいない"}) { rows { count } } }`, nil)
	end := a.data(`mutation($id: ID!) { end(id: $id, on: "2023-10-01") { userErrors { message } } }`, map[string]any{"id": id["company"]})
	if !strings.Contains(end, `"userErrors":[]`) {
		t.Fatal(end)
	}
	a.is(`{"all":{"rows":[{"keys":[{"label":"その他の組織"},{"label":null}],"count":1},{"keys":[{"label":"人"},{"label":null}],"count":1},{"keys":[{"label":"企業"},{"label":"令和5年度"}],"count":1},{"keys":[{"label":"学校"},{"label":null}],"count":1}]},"now":{"rows":[{"count":3}]}}`,
		`{ all: stakeholderCounts(groupBy: [KIND, UNTIL_FISCAL_YEAR], during: {}) { rows { keys { label } count } } now: stakeholderCounts(groupBy: [FROM_FISCAL_YEAR]) { rows { count } } }`, nil)
}

func TestCountsByLevelOfArea(t *testing.T) {
	a, id := town(t)
	city := `{"value":"` + id["area"] + `","label":"塩尻市"}`
	a.is(`{"stakeholderCounts":{"rows":[{"keys":[`+city+`],"count":2},{"keys":[{"value":null,"label":null}],"count":2}]},"none":{"rows":[{"keys":[{"label":null}],"count":2},{"keys":[{"label":"塩尻市"}],"count":1},{"keys":[{"label":"奈良井宿"}],"count":1}]}}`,
		`{ stakeholderCounts(groupBy: [MUNICIPALITY]) { rows { keys { value label } count } } none: stakeholderCounts(groupBy: [PREFECTURE]) { rows { keys { label } count } } }`, nil)
	a.is(`{"tieCounts":{"rows":[{"keys":[{"value":null,"label":null},`+city+`],"count":2}]}}`,
		`{ tieCounts(groupBy: [SUBJECT_MUNICIPALITY, OBJECT_MUNICIPALITY], during: {}) { rows { keys { value label } count } } }`, nil)
}

func TestWhichCountsAreRefused(t *testing.T) {
	a, _ := town(t)
	for args, want := range map[string]string{
		`groupBy: []`:                            "1 to 4 dimensions",
		`groupBy: [KIND, KIND]`:                  "given twice",
		`groupBy: [DATE]`:                        "give both or neither",
		`groupBy: [KIND], dates: ["2023-04-01"]`: "give both or neither",
		`groupBy: [KIND], fiscalYears: [2023]`:   "give both or neither",
		`groupBy: [DATE, FISCAL_YEAR], dates: ["2023-04-01"], fiscalYears: [2023]`: "not by both",
		`groupBy: [DATE], dates: []`:                                            "1 to 60",
		`groupBy: [DATE], dates: ["2023-04-01"], during: {}`:                    "leave out during",
		`groupBy: [DATE], dates: ["2023-04-31"]`:                                "2023-04-31",
		`groupBy: [FISCAL_YEAR], fiscalYears: [0]`:                              "1 to 9998",
		`groupBy: [DATE], dates: [` + strings.Repeat(`"2023-04-01",`, 61) + `]`: "1 to 60",
	} {
		for _, field := range []string{"stakeholderCounts", "tieCounts"} {
			if got := a.post(`{ `+field+`(`+args+`) { rows { count } } }`, nil); !strings.Contains(got, want) {
				t.Errorf("%s(%.80s): %s, want %s", field, args, got, want)
			}
		}
	}
}

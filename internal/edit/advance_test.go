package edit

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// stageOn is the stage of an initiative as of a day, as a reader sees it.
func (f *fixture) stageOn(id network.ID, day string) string {
	f.t.Helper()
	q := ask.New(network.Admin("test"), network.MustDate(day))
	found := q.ByID(ask.Of("Initiative", "stage"), id)
	if _, err := q.Run(f.ctx, f.Store); err != nil {
		f.t.Fatal(err)
	}
	return found.First().Str("stage")
}

func TestAdvance(t *testing.T) {
	day := network.MustPartialDate
	for _, tc := range []struct {
		name    string
		was     m
		stage   string
		on      string
		causes  []string
		present string // on 2024-02-01
		history string
		asOf    string // day:stage
	}{
		{"the stage before ends", m{"stages": []any{m{"stage": "IDEA", "from": "2022", "until": "2023-04-01"}, m{"stage": "PREPARATION", "from": "2023-04-01"}}}, "PROOF_OF_CONCEPT", "2024-01-10", nil, "PROOF_OF_CONCEPT",
			"IDEA()[2022..2023-04-01]PREPARATION()[2023-04-01..2024-01-10]PROOF_OF_CONCEPT()[2024-01-10..]", "2022-06-01:IDEA 2024-01-09:PREPARATION 2024-01-10:PROOF_OF_CONCEPT"},
		{"one given without a history", m{"stage": "IDEA"}, "PREPARATION", "2023-04-01", nil, "PREPARATION",
			"IDEA()[..2023-04-01]PREPARATION()[2023-04-01..]", "2023-03-31:IDEA 2023-04-01:PREPARATION"},
		{"the first", m{}, "IDEA", "2023-04-01", nil, "IDEA", "IDEA()[2023-04-01..]", "2023-03-31: 2023-04-01:IDEA"},
		{"from a later day on", m{"stage": "PREPARATION"}, "RUNNING", "2024-04-01", nil, "PREPARATION",
			"PREPARATION()[..2024-04-01]RUNNING()[2024-04-01..]", "2024-03-31:PREPARATION 2024-04-01:RUNNING"},
		{"stalled", m{"stages": []any{m{"stage": "PREPARATION", "from": "2018"}}}, "STALLED", "2020-04-01", []string{"STAFF_SHORT", "NO_BUDGET"}, "STALLED",
			"PREPARATION()[2018..2020-04-01]STALLED(STAFF_SHORT|NO_BUDGET)[2020-04-01..]", "2020-03-31:PREPARATION 2020-04-01:STALLED"},
		{"taken up again", m{"stages": []any{m{"stage": "STALLED", "causes": []any{"NO_PLAN"}, "from": "2020"}}}, "PREPARATION", "2023-01", nil, "PREPARATION",
			"STALLED(NO_PLAN)[2020..2023-01]PREPARATION()[2023-01..]", "2022-12-31:STALLED 2023-01-01:PREPARATION"},
		{"after a pause", m{"stages": []any{m{"stage": "IDEA", "from": "2020", "until": "2021-04-01"}}}, "PREPARATION", "2023-04-01", nil, "PREPARATION",
			"IDEA()[2020..2021-04-01]PREPARATION()[2023-04-01..]", "2021-03-31:IDEA 2022-06-01: 2023-04-01:PREPARATION"},
		{"when the end was known", m{"stages": []any{m{"stage": "IDEA", "from": "2020", "until": "2023-04-01"}}}, "PREPARATION", "2023-04-01", nil, "PREPARATION",
			"IDEA()[2020..2023-04-01]PREPARATION()[2023-04-01..]", "2023-03-31:IDEA 2023-04-01:PREPARATION"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			tc.was["name"] = "架空構想"
			id := f.create("Initiative", tc.was)
			out, err := f.Advance(f.ctx, f.in, id, tc.stage, day(tc.on), tc.causes, " 会議で決定 ", nil)
			if err != nil || out.Version != 2 || out.Revision != f.head() {
				t.Fatal(out, err)
			}
			r := f.record(id)
			if r.Str("stage") != tc.present || history(r, "stages") != tc.history {
				t.Errorf("%s, %s\nwant %s, %s", r.Str("stage"), history(r, "stages"), tc.present, tc.history)
			}
			if list := r.Fields["stages"].([]network.DatedValue); list[len(list)-1].Note != "会議で決定" {
				t.Errorf("%+v", list)
			}
			for pair := range strings.FieldsSeq(tc.asOf) {
				on, want, _ := strings.Cut(pair, ":")
				if got := f.stageOn(id, on); got != want {
					t.Errorf("on %s %q, want %q", on, got, want)
				}
			}
		})
	}
}

func TestFaultsOfAdvancing(t *testing.T) {
	f := newFixture(t)
	stages := []any{m{"stage": "IDEA", "from": "2022"}, m{"stage": "PREPARATION", "from": "2023-04-01"}}
	id := f.create("Initiative", m{"name": "架空構想", "stages": stages})
	given := f.create("Initiative", m{"name": "架空構想その二", "stage": "IDEA"})
	ended := f.create("Initiative", m{"name": "架空構想その三", "stages": []any{m{"stage": "IDEA", "from": "2022", "until": "2024-01-10"}}})
	company := f.create("Company", m{"name": "会社"})
	old, head := int64(7), f.head()
	for _, tc := range []struct {
		name   string
		id     network.ID
		stage  string
		on     string
		causes []string
		note   string
		ver    *int64
		want   string
	}{
		{"no day", id, "RUNNING", "", nil, "", nil, "REQUIRED on"},
		{"a day nobody knows", id, "RUNNING", "unknown", nil, "", nil, "REQUIRED on"},
		{"stalled for no cause", id, "STALLED", "2024-01-10", nil, "", nil, "REQUIRED causes"},
		{"causes of another stage", id, "RUNNING", "2024-01-10", []string{"NO_PLAN"}, "", nil, "INVALID_VALUE causes"},
		{"no such cause", id, "STALLED", "2024-01-10", []string{"NO_PLAN", "RAIN"}, "", nil, "INVALID_VALUE causes.1"},
		{"two causes in one", id, "STALLED", "2024-01-10", []string{"NO_PLAN|NO_BUDGET"}, "", nil, "INVALID_VALUE causes.0"},
		{"no such stage", id, "FLYING", "2024-01-10", nil, "", nil, "INVALID_VALUE stage"},
		{"before the last", id, "RUNNING", "2023-03-31", nil, "", nil, "INVALID_DATE on"},
		{"on the day of the last", id, "RUNNING", "2023-04-01", nil, "", nil, "INVALID_DATE on"},
		{"the year of the last", id, "RUNNING", "2023", nil, "", nil, "INVALID_DATE on"},
		{"the same stage", id, "PREPARATION", "2024-01-10", nil, "", nil, "INVALID_VALUE stage"},
		{"the stage given alone", given, "IDEA", "2024-01-10", nil, "", nil, "INVALID_VALUE stage"},
		{"the stage that ends that day", ended, "IDEA", "2024-01-10", nil, "", nil, "INVALID_VALUE stage"},
		{"a long note", id, "RUNNING", "2024-01-10", nil, strings.Repeat("長", network.MaxText+1), nil, "OUT_OF_RANGE note"},
		{"an old version", id, "RUNNING", "2024-01-10", nil, "", &old, "CONFLICT ifVersion"},
		{"no initiative", company, "RUNNING", "2024-01-10", nil, "", nil, "INVALID_VALUE id"},
		{"nothing", "nowhere", "RUNNING", "2024-01-10", nil, "", nil, "NOT_FOUND id"},
	} {
		on, _ := network.ParsePartialDate(tc.on)
		_, err := f.Advance(f.ctx, f.in, tc.id, tc.stage, on, tc.causes, tc.note, tc.ver)
		f.wants(tc.name, err, tc.want)
	}
	_, err := f.Advance(f.ctx, Intent{}, id, "RUNNING", network.MustPartialDate("2024-01-10"), nil, "", nil)
	f.wants("viewer", err, "FORBIDDEN")
	if f.head() != head {
		t.Error("something was written")
	}
	one := int64(1)
	if _, err := f.Advance(f.ctx, f.in, id, "RUNNING", network.MustPartialDate("2024-01-10"), nil, "", &one); err != nil {
		t.Error("the version it has:", err)
	}
}

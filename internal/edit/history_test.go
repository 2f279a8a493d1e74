package edit

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// history shows names or stages as "value(extra)[from..until]", one a line.
func history(r *network.Record, field string) (out string) {
	list, _ := r.Fields[field].([]network.DatedValue)
	for _, e := range list {
		out += e.Value + "(" + e.Extra + ")[" + e.Span.From.Text() + ".." + e.Span.Until.Text() + "]"
	}
	return out
}

func TestRename(t *testing.T) {
	f := newFixture(t)
	id := f.create("CityDepartment", m{"name": "産業振興事業部", "nameKana": "さんぎょうしんこうじぎょうぶ"})
	rename := func(name, kana, on string) error {
		d, _ := network.ParsePartialDate(on)
		_, err := f.RenameOrganization(f.ctx, f.in, id, name, kana, d, "")
		return err
	}
	for _, tc := range []struct{ what, name, kana, on, fault, present, history string }{
		{"first", "商工部", "しょうこうぶ", "2015-04-01", "", "商工部", "産業振興事業部(さんぎょうしんこうじぎょうぶ)[..2015-04-01]商工部(しょうこうぶ)[2015-04-01..]"},
		{"second", "商工観光部", "", "2020", "", "商工観光部", "産業振興事業部(さんぎょうしんこうじぎょうぶ)[..2015-04-01]商工部(しょうこうぶ)[2015-04-01..2020]商工観光部()[2020..]"},
		{"before the last", "x", "", "2019", "INVALID_DATE input.rename.on", "商工観光部", ""},
		{"no day", "x", "", "", "REQUIRED input.rename.on", "商工観光部", ""},
		{"unknown day", "x", "", "unknown", "REQUIRED input.rename.on", "商工観光部", ""},
		{"no name", " ", "", "2022", "REQUIRED input.rename.name", "商工観光部", ""},
		{"in future", "新部", "", "2025-04-01", "", "商工観光部", "産業振興事業部(さんぎょうしんこうじぎょうぶ)[..2015-04-01]商工部(しょうこうぶ)[2015-04-01..2020]商工観光部()[2020..2025-04-01]新部()[2025-04-01..]"},
	} {
		f.wants(tc.what, rename(tc.name, tc.kana, tc.on), tc.fault)
		r := f.record(id)
		if r.Str("name") != tc.present || tc.history != "" && history(r, "names") != tc.history {
			t.Errorf("%s: %s %s", tc.what, r.Str("name"), history(r, "names"))
		}
	}
	source := f.create("Source", m{"name": "資料", "sourceType": "DOCUMENT"})
	_, err := f.RenameOrganization(f.ctx, f.in, source, "x", "", network.MustPartialDate("2022"), "")
	f.wants("no organisation", err, "NOT_FOUND input.rename.organization")
}

func TestRenameAfterFormerNamesOnly(t *testing.T) {
	f := newFixture(t)
	id := f.create("School", m{"name": "今", "names": []any{m{"name": "昔", "until": "2000-04-01"}}})
	if _, err := f.RenameOrganization(f.ctx, f.in, id, "次", "", network.MustPartialDate("2023-04-01"), ""); err != nil {
		t.Fatal(err)
	}
	if got := history(f.record(id), "names"); got != "昔()[..2000-04-01]今()[2000-04-01..2023-04-01]次()[2023-04-01..]" {
		t.Error(got)
	}
}

func TestNameAndHistoryStayAtOne(t *testing.T) {
	f := newFixture(t)
	names := []any{m{"name": "旧", "until": "2020-04-01"}, m{"name": "新", "from": "2020-04-01"}}
	id := f.create("School", m{"names": names, "nameKana": "しん"})
	if r := f.record(id); r.Str("name") != "新" || history(r, "names") != "旧()[..2020-04-01]新(しん)[2020-04-01..]" {
		t.Error(r.Str("name"), history(r, "names"))
	}
	if _, err := f.Update(f.ctx, f.in, id, "", m{"name": "真"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := history(f.record(id), "names"); got != "旧()[..2020-04-01]真(しん)[2020-04-01..]" {
		t.Error("a correction leaves the history behind:", got)
	}
	if _, err := f.Update(f.ctx, f.in, id, "", m{"nameKana": nil}, nil); err != nil {
		t.Fatal(err)
	}
	if got := history(f.record(id), "names"); got != "旧()[..2020-04-01]真()[2020-04-01..]" {
		t.Error(got)
	}
}

func TestStageIsThatOfTheHistory(t *testing.T) {
	f := newFixture(t)
	stages := []any{m{"stage": "STALLED", "causes": []any{"NO_PLAN"}, "from": "2018"}}
	id := f.create("Initiative", m{"name": "構想", "stages": stages})
	if got := f.record(id).Str("stage"); got != "STALLED" {
		t.Error(got)
	}
	if _, err := f.Update(f.ctx, f.in, id, "", m{"stage": "RUNNING"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := history(f.record(id), "stages"); got != "RUNNING()[2018..]" {
		t.Error(got)
	}
}

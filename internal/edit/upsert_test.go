package edit

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

type refs = map[string][]string

// town is a small import with references in every way.
func town() []Row {
	day := network.MustPartialDate
	return []Row{
		{Kind: "Tie", Key: "city|FUNDS|広陵中学校|", Fields: m{"kind": "FUNDS", "strength": int64(3), "from": day("2022")}, Refs: refs{"subject": {"city"}, "object": {"広陵中学校"}}},
		{Kind: "Tie", Key: "koryo|KNOWS|city|", Fields: m{"kind": "KNOWS"}, Refs: refs{"subject": {"koryo"}, "object": {"city"}}},
		{Kind: "School", Key: "koryo", Fields: m{"name": "広陵中学校", "schoolCode": "c120221500042"}, Refs: refs{"area": {"202151"}, "topics": {"career", "キャリア教育"}}},
		{Kind: "OtherOrganization", Key: "city", Fields: m{"name": "塩尻市", "organizationType": "LOCAL_GOVERNMENT"}},
		{Kind: "Area", Key: "shiojiri", Fields: m{"name": "塩尻市", "level": "MUNICIPALITY", "areaCode": "202151"}},
		{Kind: "Topic", Key: "career", Fields: m{"name": "キャリア教育"}},
		{Kind: "Source", Key: "page", Fields: m{"name": "市のページ", "sourceType": "WEB_PAGE"}},
		{Kind: "Claim", Key: "c1", Fields: m{"field": "strength"}, Refs: refs{"record": {"city|FUNDS|広陵中学校|"}, "source": {"page"}}},
		{Kind: "Initiative", Key: "concept", Fields: m{"name": "構想", "stages": []network.DatedValue{{Value: "STALLED", Extra: "NO_PLAN", Span: network.Span{From: day("2018")}}}}},
		{Kind: "RoleAssignment", Key: "r1", Fields: m{"function": "PARTNER"}, Refs: refs{"holder": {"koryo"}, "initiative": {"構想"}}},
	}
}

func (f *fixture) upsert(rows []Row, dryRun bool) *Report {
	f.t.Helper()
	report, err := f.Upsert(f.ctx, f.in, rows, UpsertOptions{DryRun: dryRun, Missing: true})
	if err != nil {
		if report != nil {
			for _, e := range report.Errors {
				f.t.Error(e.Row, e)
			}
		}
		f.t.Fatal(err)
	}
	return report
}

func (r *Report) counts() string {
	return fmt.Sprintf("%d created, %d updated, %d unchanged, %d missing, revision %d", r.Created, r.Updated, r.Unchanged, len(r.Missing), r.Revision)
}

func (f *fixture) wantsCounts(name string, r *Report, want string) {
	f.t.Helper()
	if got := r.counts(); got != want {
		f.t.Errorf("%s: %s, want %s", name, got, want)
	}
	if f.head() != r.Revision {
		f.t.Errorf("%s: the store is at %d", name, f.head())
	}
}

func TestASecondImportWritesNothing(t *testing.T) {
	f := newFixture(t)
	f.wantsCounts("dry run", f.upsert(town(), true), "10 created, 0 updated, 0 unchanged, 0 missing, revision 0")
	first := f.upsert(town(), false)
	f.wantsCounts("first", first, "10 created, 0 updated, 0 unchanged, 0 missing, revision 1")
	second := f.upsert(town(), false)
	f.wantsCounts("second", second, "0 created, 0 updated, 10 unchanged, 0 missing, revision 1")
	if fmt.Sprint(first.IDs) != fmt.Sprint(second.IDs) {
		t.Error(first.IDs, second.IDs)
	}
	school := f.record(first.IDs[2])
	if school.Str("importKey") != "koryo" || school.Str("area") != string(first.IDs[4]) || len(school.Fields["topics"].([]network.ID)) != 1 {
		t.Error(school)
	}
	if f.record(first.IDs[8]).Str("stage") != "STALLED" || f.record(first.IDs[9]).Str("status") != "AGREED" {
		t.Error("defaults")
	}
	// The same file elsewhere gives the same IDs.
	if elsewhere := newFixture(t).upsert(town(), false); fmt.Sprint(elsewhere.IDs) != fmt.Sprint(first.IDs) {
		t.Error(elsewhere.IDs)
	}
}

func TestAnImportChangesWhatTheFileSays(t *testing.T) {
	f := newFixture(t)
	f.upsert(town(), false)
	rows := town()[2:7]
	rows[0].Fields = m{"name": "塩尻市立広陵中学校"}
	rows[0].Refs, rows[0].Clear = nil, []string{"topics"}
	r := f.upsert(rows, false)
	f.wantsCounts("a name corrected", r, "0 created, 1 updated, 4 unchanged, 0 missing, revision 2")
	school := f.record(r.IDs[0])
	if school.Str("name") != "塩尻市立広陵中学校" || school.Str("schoolCode") == "" || school.Fields["topics"] != nil || school.Fields["area"] == nil {
		t.Error(school)
	}
}

func TestRowsThatAreGoneAreReportedAndNotEnded(t *testing.T) {
	f := newFixture(t)
	ids := f.upsert(town(), false).IDs
	f.create("Tie", m{"kind": "KNOWS", "subject": string(ids[2]), "object": string(ids[3])}) // not imported
	r := f.upsert(town()[1:], false)
	f.wantsCounts("a tie gone", r, "0 created, 0 updated, 9 unchanged, 1 missing, revision 2")
	if got := fmt.Sprint(r.Missing); got != fmt.Sprint([]Missing{{ids[0], "Tie", "city|FUNDS|広陵中学校|"}}) {
		t.Error(got)
	}
	if !f.record(ids[0]).Date("until").IsZero() {
		t.Error("it was ended")
	}
}

func TestHowARowFindsItsRecord(t *testing.T) {
	f := newFixture(t)
	byHand := f.create("School", m{"name": "広陵中", "schoolCode": "C120221500042"})
	f.create("Person", m{"name": "架空 太郎"})
	twin2 := f.create("Person", m{"name": "架空 太郎"})
	imported := f.upsert([]Row{{Kind: "Person", Key: "hanako", Fields: m{"name": "架空 花子"}}}, false).IDs[0]
	for _, tc := range []struct {
		name string
		row  Row
		want network.ID // "": a new one
		err  string
	}{
		{"key", Row{Kind: "Person", Key: "hanako", Fields: m{"name": "架空 はな子"}}, imported, ""},
		{"key of another kind", Row{Kind: "Company", Key: "hanako", Fields: m{"name": "花子商店"}}, "", ""},
		{"code", Row{Kind: "School", Key: "k", Fields: m{"name": "広陵中学校", "schoolCode": "C1-2022150004-2"}}, byHand, ""},
		{"id", Row{Kind: "School", Key: string(byHand)}, byHand, ""},
		{"kind and name", Row{Kind: "School", Fields: m{"name": "広陵中"}}, byHand, ""},
		{"name in another width", Row{Kind: "Person", Fields: m{"name": "架空　花子"}}, imported, ""},
		{"name of another kind", Row{Kind: "Company", Fields: m{"name": "広陵中"}}, "", ""},
		{"name of two", Row{Kind: "Person", Fields: m{"name": "架空 太郎"}}, "", "INVALID_VALUE name"},
		{"name of another row of a file", Row{Kind: "Person", Key: "hanako-2", Fields: m{"name": "架空 花子"}}, "", ""},
		{"id of a twin", Row{Kind: "Person", Key: string(twin2), Fields: m{"name": "架空 太郎"}}, twin2, ""},
	} {
		report, err := f.Upsert(f.ctx, f.in, []Row{tc.row}, UpsertOptions{DryRun: true})
		switch {
		case tc.err != "":
			if err == nil || faults(report.Errors[0]) != tc.err {
				t.Errorf("%s: %v", tc.name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", tc.name, report.Errors[0])
		case tc.want == "" && report.Created != 1, tc.want != "" && report.IDs[0] != tc.want:
			t.Errorf("%s: %v %s", tc.name, report.IDs, report.counts())
		}
	}
}

func TestFaultsOfRows(t *testing.T) {
	f := newFixture(t)
	f.upsert(town(), false)
	f.create("School", m{"name": "よその学校", "schoolCode": "B120221500026"})
	f.create("Company", m{"name": "同名"})
	f.create("Company", m{"name": "同名"})
	school := func(key string, fields m) Row {
		all := m{"name": key}
		maps.Copy(all, fields)
		return Row{Kind: "School", Key: key, Fields: all}
	}
	for _, tc := range []struct {
		name string
		rows []Row
		want string // "row CODE path"
	}{
		{"kind", []Row{{Kind: "Castle"}, {Kind: "Change"}}, "0 INVALID_VALUE kind, 1 INVALID_VALUE kind"},
		{"key twice", []Row{school("a", nil), school("a", nil)}, "1 DUPLICATE importKey"},
		{"same record twice", []Row{{Kind: "School", Fields: m{"name": "a"}}, {Kind: "School", Fields: m{"name": "a"}}}, "1 DUPLICATE"},
		{"code twice", []Row{school("a", m{"schoolCode": "B120220200272"}), school("b", m{"schoolCode": "B120220200272"})}, "1 DUPLICATE"},
		{"code of another record", []Row{school("koryo", m{"schoolCode": "B120221500026"})}, "0 DUPLICATE schoolCode"},
		{"value", []Row{school("a", m{"colour": "red", "name": ""})}, "0 UNKNOWN_FIELD colour, 0 REQUIRED name"},
		{"reference to nothing", []Row{{Kind: "School", Key: "a", Fields: m{"name": "a"}, Refs: refs{"area": {"nowhere"}, "topics": {"career", "x"}}}}, "0 NOT_FOUND area, 0 NOT_FOUND topics.1"},
		{"reference to another kind", []Row{{Kind: "School", Key: "a", Fields: m{"name": "a"}, Refs: refs{"area": {"good"}}}}, "0 INVALID_VALUE area"},
		{"ambiguous reference", []Row{{Kind: "Tie", Key: "t", Fields: m{"kind": "FUNDS"}, Refs: refs{"subject": {"city"}, "object": {"同名"}}}}, "0 INVALID_VALUE object"},
		{"two where one is taken", []Row{{Kind: "School", Key: "a", Fields: m{"name": "a"}, Refs: refs{"area": {"202151", "shiojiri"}}}}, "0 INVALID_VALUE area"},
		{"visibility cleared", []Row{{Kind: "School", Key: "a", Fields: m{"name": "a"}, Clear: []string{"visibility"}}}, "0 REQUIRED visibility"},
		{"no reference", []Row{{Kind: "School", Key: "a", Fields: m{"name": "a"}, Refs: refs{"name": {"a"}}}}, "0 UNKNOWN_FIELD name"},
		{"tie that is not allowed", []Row{{Kind: "Person", Key: "p", Fields: m{"name": "p"}}, {Kind: "Tie", Key: "t", Fields: m{"kind": "EMPLOYS"}, Refs: refs{"subject": {"p"}, "object": {"city"}}}}, "1 TIE_NOT_ALLOWED kind"},
		{"other end of a tie", []Row{{Kind: "Tie", Key: "city|FUNDS|広陵中学校|", Refs: refs{"object": {"よその学校"}}}}, "0 INVALID_VALUE object"},
		{"areas in a circle", []Row{
			{Kind: "Area", Key: "a", Fields: m{"name": "a", "level": "DISTRICT"}, Refs: refs{"parent": {"b"}}},
			{Kind: "Area", Key: "b", Fields: m{"name": "b", "level": "DISTRICT"}, Refs: refs{"parent": {"a"}}},
		}, "0 INVALID_VALUE parent, 1 INVALID_VALUE parent"},
	} {
		head := f.head()
		report, err := f.Upsert(f.ctx, f.in, append(tc.rows, school("good", nil)), UpsertOptions{})
		if err == nil {
			t.Errorf("%s: no fault, %s", tc.name, report.counts())
			continue
		}
		var got []string
		for _, e := range report.Errors {
			got = append(got, fmt.Sprintf("%d %s", e.Row, faults(e.Err)))
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, s, tc.want)
		}
		if f.head() != head {
			t.Errorf("%s: something was written", tc.name)
		}
	}
	_, err := f.Upsert(f.ctx, Intent{}, town(), UpsertOptions{})
	f.wants("viewer", err, "FORBIDDEN")
}

func TestAMutualTieTheOtherWayRoundIsTheSame(t *testing.T) {
	f := newFixture(t)
	f.upsert(town(), false)
	rows := town()
	rows[1].Refs = refs{"subject": {"city"}, "object": {"koryo"}}
	f.wantsCounts("turned round", f.upsert(rows, false), "0 created, 0 updated, 10 unchanged, 0 missing, revision 1")
}

func TestARecordWhoseKeyWasChangedIsNotTakenForTheRow(t *testing.T) {
	f := newFixture(t)
	id := f.upsert([]Row{{Kind: "Company", Key: "a", Fields: m{"name": "甲"}}}, false).IDs[0]
	if _, err := f.Update(f.ctx, f.in, id, "", m{"importKey": "b"}, nil); err != nil {
		t.Fatal(err)
	}
	rows := []Row{
		{Kind: "Company", Key: "a", Fields: m{"name": "乙"}},
		{Kind: "Tie", Key: "t", Fields: m{"kind": "KNOWS"}, Refs: refs{"subject": {"a"}, "object": {"b"}}},
	}
	r := f.upsert(rows, false)
	if r.IDs[0] == id || r.Created != 2 || f.record(r.IDs[1]).Str("subject") != string(r.IDs[0]) {
		t.Error(r.IDs, r.counts())
	}
	f.wantsCounts("again", f.upsert(rows, false), "0 created, 0 updated, 2 unchanged, 1 missing, revision 3")
}

// TestLabelBesideHistory: where Label and Names disagree, every run has to come
// to the same.
func TestLabelBesideHistory(t *testing.T) {
	f := newFixture(t)
	rows := []Row{{Kind: "Company", Key: "a", Fields: m{"name": "甲", "nameKana": "こう", "names": []network.DatedValue{{Value: "乙", Span: network.Span{From: network.MustPartialDate("2020")}}}}}}
	id := f.upsert(rows, false).IDs[0]
	f.wantsCounts("again", f.upsert(rows, false), "0 created, 0 updated, 1 unchanged, 0 missing, revision 1")
	if got := f.record(id).Str("name"); got != "乙" {
		t.Error(got)
	}
}

// meddler lets somebody else write just before the first Apply.
type meddler struct {
	store.Store
	once func()
}

func (s *meddler) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if once := s.once; once != nil {
		s.once = nil
		once()
	}
	return s.Store.Apply(ctx, b)
}

func TestAnImportIsTriedAgainWhenSomebodyElseWrites(t *testing.T) {
	f := newFixture(t)
	ids := f.upsert(town(), false).IDs
	other := *f
	other.Editor = &Editor{Store: f.Store, Clock: f.Clock}
	f.Store = &meddler{f.Store, func() {
		if _, err := other.Update(f.ctx, f.in, ids[2], "", m{"description": "説明"}, nil); err != nil {
			t.Error(err)
		}
	}}
	rows := town()
	rows[2].Fields["level"] = "JUNIOR_HIGH"
	f.wantsCounts("tried again", f.upsert(rows, false), "0 created, 1 updated, 9 unchanged, 0 missing, revision 3")
	if r := f.record(ids[2]); r.Str("description") != "説明" || r.Str("level") != "JUNIOR_HIGH" {
		t.Error(r)
	}
}

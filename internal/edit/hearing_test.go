package edit

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// heard is a map to hear about: a tie, a role, an occupancy and who was heard.
func heard(f *fixture) map[string]string {
	id := map[string]string{}
	id["school"] = string(f.create("School", m{"name": "架空中学校"}))
	id["npo"] = string(f.create("OtherOrganization", m{"name": "架空NPO", "organizationType": "NON_PROFIT"}))
	id["teacher"] = string(f.create("Person", m{"name": "架空 花子"}))
	id["post"] = string(f.create("Post", m{"name": "主任", "organization": id["school"]}))
	id["seat"] = string(f.create("Occupancy", m{"person": id["teacher"], "post": id["post"]}))
	id["work"] = string(f.create("Initiative", m{"name": "架空構想"}))
	id["role"] = string(f.create("RoleAssignment", m{"holder": id["post"], "initiative": id["work"], "function": "PARTNER"}))
	id["tie"] = string(f.create("Tie", m{"kind": "SUPPORTS", "subject": id["npo"], "object": id["school"]}))
	return id
}

func TestRecordHearing(t *testing.T) {
	f := newFixture(t)
	id := heard(f)
	head := f.head()
	out, err := f.RecordHearing(f.ctx, f.in,
		m{"name": "架空中学校での聞き取り", "date": "2024-01-20", "participants": []any{id["teacher"]}, "initiative": id["work"], "visibility": "MEMBERS"},
		[]map[string]any{
			{"record": id["tie"], "field": "strength", "value": "5", "saidBy": "教頭", "confidence": "HIGH", "status": "CONFIRMED"},
			{"record": id["role"], "value": "窓口のみ", "status": "DISPUTED", "note": "要確認"},
			{"record": id["seat"], "field": "until", "value": "2024年3月末で異動", "visibility": "COORDINATORS"},
			{"record": id["school"], "field": "staff", "value": "31"},
		})
	if err != nil || out.Revision != f.head() || len(out.Claims) != 4 {
		t.Fatal(out, err)
	}
	if got := f.since(head); got != "CREATE Claim, CREATE Claim, CREATE Claim, CREATE Claim, CREATE Hearing, CREATE Source" {
		t.Error(got)
	}
	source := f.record(out.Source)
	if source.Str("name") != "架空中学校での聞き取りの記録" || source.Str("sourceType") != "HEARING" || source.Str("hearing") != string(out.Hearing) {
		t.Error(source)
	}
	if h := f.record(out.Hearing); h.Str("initiative") != id["work"] || len(h.Fields["participants"].([]network.ID)) != 1 {
		t.Error(h)
	}
	show := func(r *network.Record) string {
		return strings.Join([]string{r.Date("date").Text(), r.Str("visibility"), r.Str("field"), r.Str("value"), r.Str("status"), r.Str("saidBy"), r.Str("note")}, "|")
	}
	if got := show(source); got != "2024-01-20|MEMBERS|||||" {
		t.Error(got)
	}
	for i, want := range []struct{ about, says string }{
		{"tie", "2024-01-20|MEMBERS|strength|5|CONFIRMED|教頭|"},
		{"role", "2024-01-20|MEMBERS||窓口のみ|DISPUTED||要確認"},
		{"seat", "2024-01-20|COORDINATORS|until|2024年3月末で異動|||"},
		{"school", "2024-01-20|MEMBERS|staff|31|||"},
	} {
		r := f.record(out.Claims[i])
		if r.Str("record") != id[want.about] || r.Str("source") != string(out.Source) || show(r) != want.says {
			t.Errorf("claim %d: %s, want %s", i, show(r), want.says)
		}
	}
}

func TestAHearingWithoutClaims(t *testing.T) {
	f := newFixture(t)
	long := strings.Repeat("長", network.MaxString)
	out, err := f.RecordHearing(f.ctx, f.in, m{"name": long, "date": "FY2023"}, nil)
	if err != nil || len(out.Claims) != 0 {
		t.Fatal(out, err)
	}
	source := f.record(out.Source)
	if source.Date("date").Text() != "FY2023" || source.Str("visibility") != "PUBLIC" || source.Str("name") != long[:len(long)-len("の記録")]+"の記録" {
		t.Error(source)
	}
}

func TestFaultsOfAHearing(t *testing.T) {
	f := newFixture(t)
	id := heard(f)
	good := m{"name": "聞き取り", "date": "2024-01-20"}
	about := func(record, field string) map[string]any { return m{"record": record, "field": field} }
	head := f.head()
	for _, tc := range []struct {
		name    string
		hearing m
		claims  []map[string]any
		want    string
	}{
		{"no name", m{"date": "2024-01-20"}, nil, "REQUIRED input.hearing.name"},
		{"no date", m{"name": "x"}, nil, "REQUIRED input.hearing.date"},
		{"no such field", m{"name": "x", "date": "2024-01-20", "mood": "good"}, nil, "UNKNOWN_FIELD input.hearing.mood"},
		{"no date that is", m{"name": "x", "date": "2024-02-30"}, nil, "INVALID_DATE input.hearing.date"},
		{"nobody there", m{"name": "x", "date": "2024-01-20", "participants": []any{id["teacher"], "nobody"}}, nil, "NOT_FOUND input.hearing.participants.1"},
		{"not to be read again", m{"name": "x", "date": "2024-01-20", "visibility": "RESTRICTED"}, []map[string]any{about(id["tie"], "strength")}, "FORBIDDEN input.hearing.visibility"},
		{"about nothing", good, []map[string]any{about(id["tie"], "strength"), about("nowhere", "")}, "NOT_FOUND input.claims.1.record"},
		{"about no record", good, []map[string]any{{"value": "x"}}, "REQUIRED input.claims.0.record"},
		{"a field that a tie has not", good, []map[string]any{about(id["tie"], "staff")}, "UNKNOWN_FIELD input.claims.0.field"},
		{"a field that a role has not", good, []map[string]any{about(id["role"], "stage")}, "UNKNOWN_FIELD input.claims.0.field"},
		{"a field that an occupancy has not", good, []map[string]any{about(id["seat"], "name")}, "UNKNOWN_FIELD input.claims.0.field"},
		{"no such status", good, []map[string]any{{"record": id["tie"], "status": "TRUE"}}, "INVALID_VALUE input.claims.0.status"},
		{"no such field of a claim", good, []map[string]any{{"record": id["tie"], "loud": true}}, "UNKNOWN_FIELD input.claims.0.loud"},
		{"a claim not to be read again", good, []map[string]any{{"record": id["tie"], "visibility": "RESTRICTED"}}, "FORBIDDEN input.claims.0.visibility"},
		{"hearing and claims", m{"name": "x"}, []map[string]any{{"record": id["tie"], "loud": true}, about(id["tie"], ""), {"record": 1}},
			"REQUIRED input.hearing.date, UNKNOWN_FIELD input.claims.0.loud, INVALID_VALUE input.claims.2.record"},
		{"two claims", good, []map[string]any{about(id["tie"], "staff"), about("nowhere", "")}, "UNKNOWN_FIELD input.claims.0.field, NOT_FOUND input.claims.1.record"},
	} {
		out, err := f.RecordHearing(f.ctx, f.in, tc.hearing, tc.claims)
		f.wants(tc.name, err, tc.want)
		if out != nil || f.head() != head {
			t.Fatalf("%s: something was written: %+v", tc.name, out)
		}
	}
	_, err := f.RecordHearing(f.ctx, Intent{Viewer: network.Viewer{Role: network.RoleAnalyst}}, good, nil)
	f.wants("viewer", err, "FORBIDDEN")
}

// What a coordinator may not see is not there to be claimed about.
func TestAClaimAboutWhatOneMayNotSee(t *testing.T) {
	f := newFixture(t)
	secret, err := f.Create(f.ctx, Intent{Viewer: network.Admin("a")}, "Company", m{"name": "非公開", "visibility": "RESTRICTED"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.RecordHearing(f.ctx, f.in, m{"name": "x", "date": "2024-01-20"}, []map[string]any{{"record": string(secret.ID)}})
	f.wants("hidden", err, "NOT_FOUND input.claims.0.record")
}

package edit

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// twins is a firm entered twice, with things that lead to either.
func twins(t *testing.T) (*fixture, map[string]network.ID) {
	f := newFixture(t)
	id := map[string]network.ID{}
	add := func(key, kind string, raw m) { id[key] = f.create(kind, raw) }
	add("topic", "Topic", m{"name": "職業人講話"})
	add("a", "Company", m{"name": "株式会社架空製作所", "industry": "製造", "staff": 30, "aliases": []any{"架空製"}, "topics": []any{string(id["topic"])}})
	add("b", "Company", m{"name": "㈱架空製作所", "nameKana": "かくうせいさくしょ", "corporateNumber": "3000020202151", "staff": 25, "aliases": []any{"KS"}, "importKey": "org-b", "website": "https://example.org"})
	add("school", "School", m{"name": "架空中学校"})
	add("person", "Person", m{"name": "架空 花子"})
	tie := func(key, subject, object string, more m) {
		raw := m{"kind": "SUPPORTS", "subject": string(id[subject]), "object": string(id[object])}
		for k, v := range more {
			raw[k] = v
		}
		add(key, "Tie", raw)
	}
	tie("ta", "a", "school", m{"from": "2020-04"})
	tie("tb", "b", "school", m{"from": "2021-04"})
	tie("inner", "a", "b", nil)
	add("post", "Post", m{"name": "採用担当", "organization": string(id["b"])})
	add("seat", "Occupancy", m{"person": string(id["person"]), "post": string(id["post"])})
	add("need", "Need", m{"stakeholder": string(id["b"]), "topic": string(id["topic"])})
	add("source", "Source", m{"name": "名簿", "sourceType": "DOCUMENT"})
	add("claim", "Claim", m{"record": string(id["b"]), "source": string(id["source"]), "field": "staff", "value": "25"})
	add("work", "Initiative", m{"name": "架空構想", "parties": []any{string(id["b"]), string(id["school"])}})
	return f, id
}

// everything is every record of the map that is not withdrawn, as text.
func (f *fixture) everything() []string {
	f.t.Helper()
	last := map[network.ID]*network.Record{}
	for c, err := range f.Store.Changes(f.ctx, network.Admin(""), 0) {
		if err != nil {
			f.t.Fatal(err)
		}
		last[c.Record] = c.After
	}
	var out []string
	for id, r := range last {
		if now := f.record(id); !reflect.DeepEqual(now.Fields, r.Fields) || now.Kind != r.Kind {
			f.t.Errorf("%s is not as the log says", id)
		}
		if r.Kind != network.WithdrawnRecord {
			data, err := r.MarshalFields()
			if err != nil {
				f.t.Fatal(err)
			}
			out = append(out, fmt.Sprint(id, r.Kind, string(data)))
		}
	}
	slices.Sort(out)
	return out
}

func TestMergeStakeholders(t *testing.T) {
	f, id := twins(t)
	before := f.everything()
	head := f.head()
	dry, err := f.MergeStakeholders(f.ctx, f.in, id["a"], []network.ID{id["b"]}, true)
	if err != nil || f.head() != head || dry.Moved != 6 {
		t.Fatalf("dry run: %+v, %v, head %d", dry, err, f.head())
	}
	out, err := f.MergeStakeholders(f.ctx, f.in, id["a"], []network.ID{id["b"]}, false)
	if err != nil || out.Revision != head+1 || out.Moved != 6 || out.Kept != id["a"] {
		t.Fatalf("%+v, %v", out, err)
	}
	if len(out.Conflicts) != 1 || out.Conflicts[0].Field != "staff" {
		t.Errorf("conflicts %+v", out.Conflicts)
	}
	kept := f.record(id["a"])
	if kept.Str("corporateNumber") != "3000020202151" || kept.Fields["staff"] != int64(30) || kept.Str("website") != "https://example.org" ||
		!reflect.DeepEqual(kept.Fields["aliases"], []string{"架空製", "KS", "㈱架空製作所"}) {
		t.Errorf("kept %+v", kept.Fields)
	}
	a := string(id["a"])
	for key, field := range map[string]string{"tb": "subject", "post": "organization", "need": "stakeholder", "claim": "record"} {
		if got := f.record(id[key]); got.Str(field) != a {
			t.Errorf("%s still leads to %s", key, got.Str(field))
		}
	}
	if parties := f.record(id["work"]).Fields["parties"]; !reflect.DeepEqual(parties, []network.ID{id["a"], id["school"]}) {
		t.Errorf("parties %v", parties)
	}
	for _, key := range []string{"b", "inner"} {
		if r := f.record(id[key]); r.Kind != network.WithdrawnRecord {
			t.Errorf("%s is a %s", key, r.Kind)
		}
	}
	// What was entered since stays with the kept one.
	f.create("Offer", m{"stakeholder": a, "topic": string(id["topic"])})
	if _, err := f.Update(f.ctx, f.in, id["a"], "", m{"industry": "精密機械", "aliases": []any{"架空製", "KS", "㈱架空製作所", "架空"}}, nil); err != nil {
		t.Fatal(err)
	}
	back, err := f.Unmerge(f.ctx, f.in, id["b"])
	if err != nil || back.Kept != id["a"] || !slices.Equal(back.Duplicates, []network.ID{id["b"]}) {
		t.Fatalf("%+v, %v", back, err)
	}
	kept = f.record(id["a"])
	if !reflect.DeepEqual(kept.Fields["aliases"], []string{"架空製", "架空"}) || kept.Str("industry") != "精密機械" || kept.Fields["corporateNumber"] != nil {
		t.Errorf("kept after all %+v", kept.Fields)
	}
	// But for that, all is as it was.
	if _, err := f.Update(f.ctx, f.in, id["a"], "", m{"industry": "製造", "aliases": []any{"架空製"}}, nil); err != nil {
		t.Fatal(err)
	}
	after := slices.DeleteFunc(f.everything(), func(s string) bool { return strings.Contains(s, "Offer{") })
	if !slices.Equal(after, before) {
		t.Errorf("after\n%s\nbefore\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
}

func TestWhatCannotBeMerged(t *testing.T) {
	f, id := twins(t)
	consultant := f.create("CareerConsultant", m{"name": "架空 花子", "registrationNumber": "99990001"})
	hidden := f.create("Company", m{"name": "秘密商事", "visibility": "COORDINATORS"})
	for _, c := range []struct {
		name string
		keep network.ID
		dups []network.ID
		want string
	}{
		{"nothing", id["a"], nil, "OUT_OF_RANGE duplicates"},
		{"itself", id["a"], []network.ID{id["a"]}, "DUPLICATE duplicates.0"},
		{"one twice", id["a"], []network.ID{id["b"], id["b"]}, "DUPLICATE duplicates.1"},
		{"nobody", "nobody", []network.ID{id["b"]}, "NOT_FOUND keep"},
		{"a topic", id["a"], []network.ID{id["topic"]}, "NOT_FOUND duplicates.0"},
		{"a person into a firm", id["a"], []network.ID{id["person"]}, "INVALID_VALUE duplicates.0"},
		{"a consultant into a person", id["person"], []network.ID{consultant}, "INVALID_VALUE duplicates.0"},
		{"a person into a consultant", consultant, []network.ID{id["person"]}, ""},
		{"what was merged", id["a"], []network.ID{id["person"]}, "NOT_FOUND duplicates.0"},
	} {
		_, err := f.MergeStakeholders(f.ctx, f.in, c.keep, c.dups, false)
		f.wants(c.name, err, c.want)
	}
	_, err := f.Update(f.ctx, f.in, id["person"], "", m{"nameKana": "かくうはなこ"}, nil)
	f.wants("a change of what was merged", err, "NOT_FOUND id")
	_, err = f.Create(f.ctx, f.in, "Need", m{"stakeholder": string(id["person"]), "topic": string(id["topic"])})
	f.wants("a reference to what was merged", err, "NOT_FOUND input.stakeholder")
	analyst := f.in
	analyst.Viewer.Role = network.RoleAnalyst
	_, err = f.MergeStakeholders(f.ctx, analyst, id["a"], []network.ID{hidden}, false)
	f.wants("an analyst", err, "FORBIDDEN")
	_, err = f.Unmerge(f.ctx, f.in, id["a"])
	f.wants("what was not merged", err, "INVALID_VALUE id")
}

// What leads to a hidden duplicate must not be seen because it leads elsewhere
// now, and what the viewer cannot see is moved without a word.
func TestIsNothingSeenThatWasHidden(t *testing.T) {
	f, id := twins(t)
	hidden := f.create("Company", m{"name": "㈱架空製作所", "industry": "秘密", "contact": "内線", "visibility": "COORDINATORS"})
	bond := f.create("Tie", m{"kind": "KNOWS", "subject": string(hidden), "object": string(id["school"])})
	admin := f.in
	admin.Viewer.Role = network.RoleAdmin
	secret, err := f.Create(f.ctx, admin, "Tie", m{"kind": "FUNDS", "subject": string(hidden), "object": string(id["school"]), "visibility": "RESTRICTED"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.MergeStakeholders(f.ctx, f.in, id["a"], []network.ID{hidden}, false)
	if err != nil || out.Moved != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if kept := f.record(id["a"]); kept.Fields["contact"] != nil || len(kept.Fields["aliases"].([]string)) != 1 {
		t.Errorf("kept %+v", kept.Fields)
	}
	if v := f.record(bond).Visibility(); v != network.Coordinators {
		t.Errorf("the tie is read by %s", v)
	}
	if r := f.record(secret.ID); r.Str("subject") != string(id["a"]) || r.Visibility() != network.Restricted {
		t.Errorf("the hidden tie: %+v", r.Fields)
	}
	if _, err := f.Unmerge(f.ctx, f.in, hidden); err != nil {
		t.Fatal(err)
	}
	if r := f.record(secret.ID); r.Str("subject") != string(hidden) || f.record(bond).Visibility() != network.Public {
		t.Errorf("the hidden tie afterwards: %+v", r.Fields)
	}
}

func TestMergesInAChain(t *testing.T) {
	f, id := twins(t)
	c := f.create("Company", m{"name": "架空製作所本社"})
	for _, pair := range [][2]network.ID{{id["a"], id["b"]}, {c, id["a"]}} {
		if _, err := f.MergeStakeholders(f.ctx, f.in, pair[0], []network.ID{pair[1]}, false); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Unmerge(f.ctx, f.in, id["b"])
	f.wants("the first of two", err, "CONFLICT id")
	for _, x := range []network.ID{id["a"], id["b"]} {
		if _, err := f.Unmerge(f.ctx, f.in, x); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.record(id["tb"]).Str("subject"); got != string(id["b"]) {
		t.Errorf("the tie leads from %s", got)
	}
}

// A file that is imported again finds what its rows were merged into.
func TestDoesAnImportFindWhatWasMerged(t *testing.T) {
	f, id := twins(t)
	if _, err := f.MergeStakeholders(f.ctx, f.in, id["a"], []network.ID{id["b"]}, false); err != nil {
		t.Fatal(err)
	}
	report := f.upsert([]Row{
		{Kind: "Company", Key: "org-b", Fields: m{"website": "https://example.com"}},
		{Kind: "Offer", Key: "o", Refs: refs{"stakeholder": {"org-b"}, "topic": {"職業人講話"}}},
		{Kind: "Need", Key: "n", Refs: refs{"stakeholder": {string(id["b"])}, "topic": {"職業人講話"}}},
	}, false)
	if report.IDs[0] != id["a"] || f.record(id["a"]).Str("website") != "https://example.com" {
		t.Errorf("%+v", report)
	}
	for _, i := range []int{1, 2} {
		if got := f.record(report.IDs[i]).Str("stakeholder"); got != string(id["a"]) {
			t.Errorf("row %d leads to %s", i, got)
		}
	}
}

func TestRevert(t *testing.T) {
	f := newFixture(t)
	f.create("OtherOrganization", m{"name": "塩尻市", "organizationType": "LOCAL_GOVERNMENT", "importKey": "city", "contact": "前"})
	before := f.everything()
	rows := town()
	rows[3].Fields = m{"contact": "後"}
	first := f.upsert(rows, false)
	imported := f.everything()
	dry, err := f.Revert(f.ctx, f.in, first.Revision, true)
	if err != nil || len(dry.Withdrawn) != 9 || len(dry.Restored) != 1 || f.head() != first.Revision {
		t.Fatalf("%+v, %v", dry, err)
	}
	undone, err := f.Revert(f.ctx, f.in, first.Revision, false)
	if err != nil || !slices.Equal(f.everything(), before) {
		t.Fatalf("%+v, %v\n%v", undone, err, f.everything())
	}
	// Taking it back does it again, and so does the import.
	again, err := f.Revert(f.ctx, f.in, undone.Revision, false)
	if err != nil || !slices.Equal(f.everything(), imported) {
		t.Fatalf("%+v, %v\n%v", again, err, f.everything())
	}
	if _, err := f.Revert(f.ctx, f.in, again.Revision, false); err != nil {
		t.Fatal(err)
	}
	report := f.upsert(rows, false)
	f.wantsCounts("the import again", report, "9 created, 1 updated, 0 unchanged, 0 missing, revision 6")
	if !slices.Equal(f.everything(), imported) {
		t.Errorf("%v", f.everything())
	}
}

func TestWhatCannotBeTakenBack(t *testing.T) {
	f := newFixture(t)
	first := f.upsert(town(), false)
	school := first.IDs[2]
	_, err := f.Revert(f.ctx, f.in, 99, false)
	f.wants("no such revision", err, "NOT_FOUND revision")
	f.create("Need", m{"stakeholder": string(school), "topic": string(first.IDs[5])})
	head := f.head()
	_, err = f.Revert(f.ctx, f.in, first.Revision, false)
	f.wants("it is referred to", err, "CONFLICT revision")
	out, err := f.Update(f.ctx, f.in, school, "", m{"staff": 12}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = f.Update(f.ctx, f.in, school, "", m{"website": "https://example.org"}, nil); err != nil {
		t.Fatal(err)
	}
	_, err = f.Revert(f.ctx, f.in, first.Revision, false)
	f.wants("it was changed", err, "CONFLICT revision")
	// Another field was changed since: that one stays.
	if _, err = f.Revert(f.ctx, f.in, out.Revision, false); err != nil {
		t.Fatal(err)
	}
	if r := f.record(school); r.Fields["staff"] != nil || r.Str("website") == "" {
		t.Errorf("%+v", r.Fields)
	}
	hidden, err := f.Create(f.ctx, Intent{Viewer: network.Admin("a")}, "Topic", m{"name": "秘密", "visibility": "RESTRICTED"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Revert(f.ctx, f.in, hidden.Revision, false)
	f.wants("a revision that is hidden", err, "NOT_FOUND revision")
	if head >= f.head() {
		t.Error("nothing was written at all")
	}
}

func TestIsATiesEndTakenBack(t *testing.T) {
	f, id := twins(t)
	ended, err := f.EndTie(f.ctx, f.in, id["ta"], network.MustPartialDate("2024-01"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Revert(f.ctx, f.in, ended.Revision, false); err != nil || !f.record(id["ta"]).Date("until").IsZero() {
		t.Error(err)
	}
	var last *store.Change
	for c := range f.Store.Changes(f.ctx, network.Admin(""), ended.Revision) {
		last = c
	}
	if last.Action != store.Update || last.Reason != f.in.Reason {
		t.Errorf("%+v", last)
	}
}

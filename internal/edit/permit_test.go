package edit

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// ownTown has a school with an editor of its own, and everything else twice: once
// as the school's, once as somebody else's.
type ownTown struct {
	*fixture
	ids           map[string]network.ID
	editor, admin Intent
}

func newOwnTown(t *testing.T) *ownTown {
	w := &ownTown{fixture: newFixture(t), ids: map[string]network.ID{}}
	w.admin = Intent{Viewer: network.Admin("a")}
	for _, r := range []struct {
		name, kind string
		raw        m
	}{
		{"ours", "School", m{"name": "広陵中", "contact": "0263"}}, {"theirs", "Company", m{"name": "会社"}},
		{"person", "Person", m{"name": "架空 花子"}}, {"topic", "Topic", m{"name": "題"}}, {"initiative", "Initiative", m{"name": "事業"}},
	} {
		w.ids[r.name] = w.create(r.kind, r.raw)
	}
	for _, whose := range []string{"ours", "theirs"} {
		w.ids["post of "+whose] = w.create("Post", m{"name": "担当", "organization": string(w.ids[whose])})
	}
	hidden, err := w.Create(w.ctx, w.admin, "Post", m{"name": "隠れた担当", "organization": string(w.ids["ours"]), "visibility": "COORDINATORS"})
	if err != nil {
		t.Fatal(err)
	}
	w.ids["hidden"] = hidden.ID
	w.editor = Intent{Viewer: network.Viewer{Role: network.RoleViewer, Actor: "e1", Organizations: []network.ID{w.ids["ours"]}}}
	return w
}

func (w *ownTown) id(name string) string { return string(w.ids[name]) }

// inputs make a record of each kind that is entered: first the school's own where
// there is such a thing, then somebody else's.
func (w *ownTown) inputs() map[string][2]m {
	ours, theirs, person := w.id("ours"), w.id("theirs"), w.id("person")
	both := func(raw m) [2]m { return [2]m{nil, raw} }
	each := func(own, other m) [2]m { return [2]m{own, other} }
	return map[string][2]m{
		"School": both(m{"name": "別の学校"}), "CityDepartment": both(m{"name": "課"}), "Company": both(m{"name": "別の会社"}),
		"Council": both(m{"name": "協議会"}), "OtherOrganization": both(m{"name": "団体", "organizationType": "OTHER"}), "Facility": both(m{"name": "施設"}),
		"Person": both(m{"name": "架空 太郎"}), "CareerConsultant": both(m{"name": "架空 次郎", "registrationNumber": "21012345"}),
		"Post":           each(m{"name": "主任", "organization": ours}, m{"name": "主任", "organization": theirs}),
		"Occupancy":      each(m{"person": person, "post": w.id("post of ours")}, m{"person": person, "post": w.id("post of theirs"), "onBehalfOf": ours}),
		"RoleAssignment": each(m{"holder": w.id("post of ours"), "initiative": w.id("initiative"), "function": "PARTNER"}, m{"holder": theirs, "initiative": w.id("initiative"), "function": "PARTNER"}),
		"Need":           each(m{"stakeholder": ours, "topic": w.id("topic")}, m{"stakeholder": theirs, "topic": w.id("topic")}),
		"Offer":          each(m{"stakeholder": ours, "topic": w.id("topic")}, m{"stakeholder": person, "topic": w.id("topic")}),
		"Tie":            each(m{"kind": "SUPPORTS", "subject": theirs, "object": ours}, m{"kind": "KNOWS", "subject": theirs, "object": person}),
		"Initiative":     both(m{"name": "別の事業"}), "Activity": both(m{"name": "業務", "initiative": w.id("initiative")}),
		"Topic": both(m{"name": "別の題"}), "Hearing": both(m{"name": "聞き取り", "date": "2024-01-01", "participants": []any{ours}}),
		"Reorganization": both(m{"reorganizationType": "RENAME", "date": "2024-01-01", "originals": []any{ours}}),
		"Event":          both(m{"name": "会", "date": "2024-01-01", "organizers": []any{ours}}),
		"Area":           both(m{"name": "塩尻", "level": "LOCALITY"}), "Source": both(m{"name": "資料", "sourceType": "DOCUMENT"}),
		"Claim": both(m{"record": ours, "source": w.id("source"), "field": "name"}),
	}
}

// Every kind of record, by its own editors and by others.
func TestWhichRecordsMayAnEditorEnter(t *testing.T) {
	w := newOwnTown(t)
	w.ids["source"] = w.create("Source", m{"name": "出典", "sourceType": "DOCUMENT"})
	inputs := w.inputs()
	for _, k := range network.Kinds() {
		in, listed := inputs[k.Name]
		if k.Entered() != listed {
			t.Errorf("%s is not in the table", k.Name)
			continue
		}
		if !k.Entered() {
			continue
		}
		for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst} {
			editor := w.editor
			editor.Viewer.Role = role
			stranger := Intent{Viewer: network.Viewer{Role: role, Actor: "s"}}
			head := w.head()
			_, err := w.Create(w.ctx, stranger, k.Name, in[1])
			w.wants(k.Name+" by "+role.String(), err, "FORBIDDEN")
			_, err = w.Create(w.ctx, editor, k.Name, in[1])
			w.wants("other's "+k.Name, err, "FORBIDDEN input")
			if w.head() != head {
				t.Fatalf("%s: something was written", k.Name)
			}
			if in[0] == nil {
				continue
			}
			_, err = w.Create(w.ctx, editor, k.Name, in[0])
			w.wants("own "+k.Name, err, "")
		}
		if _, err := w.Create(w.ctx, w.in, k.Name, in[1]); err != nil {
			t.Errorf("%s by a coordinator: %v", k.Name, err)
		}
	}
}

func TestWhatMayAnEditorChange(t *testing.T) {
	w := newOwnTown(t)
	tie := w.create("Tie", m{"kind": "SUPPORTS", "subject": w.id("theirs"), "object": w.id("ours")})
	update := func(in Intent, id network.ID, raw m) error {
		_, err := w.Update(w.ctx, in, id, "", raw, nil)
		return err
	}
	day := network.Day(network.MustDate("2024-04-01"))
	w.wants("its own record", update(w.editor, w.ids["ours"], m{"description": "学校"}), "")
	w.wants("its post", update(w.editor, w.ids["post of ours"], m{"description": "担当"}), "")
	w.wants("its tie", update(w.editor, tie, m{"strength": 3}), "")
	_, err := w.EndTie(w.ctx, w.editor, tie, day, nil)
	w.wants("the end of its tie", err, "")
	_, err = w.Restore(w.ctx, w.editor, tie, nil)
	w.wants("the end taken back", err, "")
	head := w.head()
	w.wants("another's record", update(w.editor, w.ids["theirs"], m{"description": "x"}), "FORBIDDEN id")
	w.wants("another's post", update(w.editor, w.ids["post of theirs"], m{"description": "x"}), "FORBIDDEN id")
	w.wants("nothing of another's record", update(w.editor, w.ids["theirs"], m{}), "FORBIDDEN id")
	_, err = w.Advance(w.ctx, w.editor, w.ids["initiative"], "RUNNING", day, nil, "", nil)
	w.wants("an initiative", err, "FORBIDDEN id")
	w.wants("a field it cannot read", update(w.editor, w.ids["ours"], m{"contact": "0264"}), "FORBIDDEN input.contact")
	w.wants("a field it cannot read, cleared", update(w.editor, w.ids["ours"], m{"contact": nil}), "FORBIDDEN input.contact")
	w.wants("hidden from itself", update(w.editor, w.ids["ours"], m{"visibility": "MEMBERS"}), "FORBIDDEN input.visibility")
	w.wants("a hidden post of its own", update(w.editor, w.ids["hidden"], m{"description": "x"}), "NOT_FOUND id")
	w.wants("nothing at all", update(w.editor, "nothing", m{"description": "x"}), "NOT_FOUND id")
	for _, id := range []network.ID{w.ids["ours"], w.ids["hidden"], "nothing"} {
		w.wants("by a viewer", update(Intent{Viewer: network.Viewer{Actor: "v"}}, id, m{"description": "x"}), "FORBIDDEN")
	}
	if w.head() != head {
		t.Error("something was written")
	}
	w.wants("a coordinator's RESTRICTED record", update(w.in, w.ids["ours"], m{"visibility": "RESTRICTED"}), "FORBIDDEN input.visibility")
	w.wants("an administrator's", update(w.admin, w.ids["ours"], m{"visibility": "RESTRICTED"}), "")
	w.wants("what it cannot see any more", update(w.editor, w.ids["ours"], m{"description": "x"}), "NOT_FOUND id")
}

// Verbs that reach beyond one organisation are for coordinators.
func TestWhichVerbsAreClosedToEditors(t *testing.T) {
	w := newOwnTown(t)
	other := w.create("School", m{"name": "広陵中学校"})
	head := w.head()
	day := network.Day(network.MustDate("2024-04-01"))
	for name, try := range map[string]func(Intent) error{
		"merge": func(in Intent) error {
			_, err := w.MergeStakeholders(w.ctx, in, w.ids["ours"], []network.ID{other}, true)
			return err
		},
		"unmerge": func(in Intent) error { _, err := w.Unmerge(w.ctx, in, w.ids["ours"]); return err },
		"revert":  func(in Intent) error { _, err := w.Revert(w.ctx, in, 1, true); return err },
		"reorganize": func(in Intent) error {
			_, err := w.RenameOrganization(w.ctx, in, w.ids["ours"], "新", "", day, "")
			return err
		},
		"hearing": func(in Intent) error {
			_, err := w.RecordHearing(w.ctx, in, m{"name": "x", "date": "2024-01-01"}, nil)
			return err
		},
	} {
		w.wants(name, try(w.editor), "FORBIDDEN")
		w.wants(name+" by a viewer", try(Intent{Viewer: network.Viewer{}}), "FORBIDDEN")
		if got := faults(try(w.in)); got == "FORBIDDEN" {
			t.Errorf("%s is closed to coordinators", name)
		}
	}
	if got := w.head(); got > head+2 { // a coordinator's rename and hearing
		t.Errorf("revision %d after %d", got, head)
	}
}

func TestWhichRowsMayAnEditorUpsert(t *testing.T) {
	w := newOwnTown(t)
	rows := []Row{
		ParseRow("Need", "", m{"importKey": "n1", "stakeholder": "広陵中", "topic": "題"}),
		ParseRow("Need", "", m{"importKey": "n2", "stakeholder": "会社", "topic": "題"}),
		ParseRow("School", "", m{"name": "広陵中", "website": "https://example.org"}),
		ParseRow("School", "", m{"name": "広陵中学校"}),
		ParseRow("RoleAssignment", "", m{"importKey": "r1", "holder": w.id("post of ours"), "initiative": "事業", "function": "PARTNER"}),
	}
	const want = "FORBIDDEN, FORBIDDEN"
	for _, o := range []UpsertOptions{{DryRun: true}, {}, {ByRow: true}} {
		head := w.head()
		report, err := w.Upsert(w.ctx, w.editor, rows, o)
		if report == nil {
			t.Fatal(err)
		}
		var all network.Errors
		for _, e := range report.Errors {
			if all = append(all, e.Err); e.Row != 1 && e.Row != 3 {
				t.Errorf("%+v: row %d is at fault: %v", o, e.Row, e.Err)
			}
		}
		w.wants("the rows", all, want)
		if report.Before[1] != nil || report.After[1] != nil {
			t.Error("a row that is refused is shown")
		}
		if wrote := w.head() != head; wrote != o.ByRow {
			t.Errorf("%+v: written: %v", o, wrote)
		}
	}
	_, err := w.Upsert(w.ctx, Intent{Viewer: network.Viewer{}}, rows, UpsertOptions{DryRun: true})
	w.wants("by a viewer", err, "FORBIDDEN")
}

// A row that was taken back does not come again by somebody else's hand.
func TestMayAnEditorBringBackWhatWasTakenBack(t *testing.T) {
	w := newOwnTown(t)
	row := ParseRow("Need", "", m{"importKey": "n1", "stakeholder": "広陵中", "topic": "題"})
	done, err := w.Upsert(w.ctx, w.in, []Row{row}, UpsertOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Revert(w.ctx, w.in, done.Revision, false); err != nil {
		t.Fatal(err)
	}
	report, _ := w.Upsert(w.ctx, w.editor, []Row{row}, UpsertOptions{})
	if report == nil || len(report.Errors) != 1 || report.Errors[0].Err.Code != network.Forbidden {
		t.Errorf("%+v", report)
	}
}

func TestWhichTransfersMayAnEditorMake(t *testing.T) {
	w := newOwnTown(t)
	day := network.MustDate("2024-04-01")
	for _, dryRun := range []bool{true, false} {
		head := w.head()
		_, err := w.Transfer(w.ctx, w.editor, day, []Move{{Person: w.ids["person"], To: w.ids["post of theirs"]}}, dryRun)
		w.wants("into another's post", err, "FORBIDDEN moves.0")
		_, err = w.Transfer(w.ctx, w.editor, day, []Move{{Person: w.ids["person"], To: w.ids["hidden"]}}, dryRun)
		w.wants("into a hidden post", err, "NOT_FOUND moves.0.to")
		if w.head() != head {
			t.Error("something was written")
		}
		_, err = w.Transfer(w.ctx, w.editor, day, []Move{{Person: w.ids["person"], To: w.ids["post of ours"]}}, dryRun)
		w.wants("into its own post", err, "")
	}
}

// Should a verb be opened and forget to ask permit, it writes nothing.
func TestIsAWriteThatNobodyPermittedRefused(t *testing.T) {
	w := newOwnTown(t)
	r := &network.Record{ID: network.NewID(), Kind: "Need", Fields: m{"stakeholder": w.ids["ours"], "topic": w.ids["topic"]}}
	_, err := w.apply(w.ctx, w.editor.forEditors(), &Outcome{}, store.Write{Action: store.Create, After: r})
	w.wants("unasked", err, "FORBIDDEN")
}

package edit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const canary = "CANARY7F3A"

// remembered is a town in which a person is known by many things, each with the canary, and
// others are spoken of beside them.
func remembered(t *testing.T) (*fixture, map[string]network.ID) {
	f := newFixture(t)
	id := map[string]network.ID{}
	add := func(key, kind string, raw m) { id[key] = f.create(kind, raw) }
	say := func(what string) string { return canary + what }
	add("topic", "Topic", m{"name": "職業人講話"})
	add("school", "School", m{"name": "架空中学校"})
	add("person", "CareerConsultant", m{"name": say(" 花子"), "registrationNumber": "21012345", "contact": say("@example.org"), "importKey": say("key")})
	add("twin", "Person", m{"name": say(" 重複"), "contact": say("重複の連絡先")})
	add("other", "Person", m{"name": "架空 太郎（架空）"})
	add("tie", "Tie", m{"kind": "SUPPORTS", "subject": string(id["person"]), "object": string(id["school"]), "description": say("支援")})
	add("undone", "Tie", m{"kind": "KNOWS", "subject": string(id["other"]), "object": string(id["person"]), "description": say("取り消した関係")})
	add("post", "Post", m{"name": "講師", "organization": string(id["school"])})
	add("seat", "Occupancy", m{"person": string(id["person"]), "post": string(id["post"]), "note": say("備考")})
	add("need", "Need", m{"stakeholder": string(id["person"]), "topic": string(id["topic"]), "description": say("困りごと")})
	add("alone", "Hearing", m{"name": say("との面談"), "date": "2024-01-10", "participants": []any{string(id["person"])}, "summary": say("の話")})
	add("record", "Source", m{"name": say("の記録"), "sourceType": "HEARING", "hearing": string(id["alone"])})
	add("round", "Hearing", m{"name": "座談会", "date": "2024-01-11", "participants": []any{string(id["person"]), string(id["other"])}, "summary": say("花子さんと太郎さん")})
	add("claim", "Claim", m{"record": string(id["person"]), "source": string(id["record"]), "field": "contact", "value": say("@example.com")})
	add("said", "Claim", m{"record": string(id["tie"]), "source": string(id["record"]), "value": say("と聞いた")})
	add("about", "Claim", m{"record": string(id["school"]), "source": string(id["record"]), "field": "name", "value": "架空中"})
	f.in.Reason = say("のため")
	if _, err := f.MergeStakeholders(f.ctx, f.in, id["person"], []network.ID{id["twin"]}, false); err != nil {
		t.Fatal(err)
	}
	head, _ := f.Store.Head(f.ctx)
	for c, err := range f.Store.Changes(f.ctx, network.Admin(""), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Record == id["undone"] && c.Action == store.Create {
			if _, err := f.Revert(f.ctx, f.in, c.Revision, false); err != nil {
				t.Fatal(err, head)
			}
			break
		}
	}
	f.in.Reason, f.in.Viewer.Role = "", network.RoleAdmin
	return f, id
}

// saying are the records of which the log, or the record itself, says the canary.
func (f *fixture) saying() (out []network.ID) {
	f.t.Helper()
	for c, err := range f.Store.Changes(f.ctx, network.Admin(""), 0) {
		if err != nil {
			f.t.Fatal(err)
		}
		said := c.Reason
		for _, r := range []*network.Record{c.Before, c.After, f.record(c.Record)} {
			if r != nil {
				said += fmt.Sprint(r.Fields)
			}
		}
		if strings.Contains(said, canary) && !slices.Contains(out, c.Record) {
			out = append(out, c.Record)
		}
	}
	return out
}

func namesOfIDs(id map[string]network.ID, list []network.ID) (out []string) {
	for name, v := range id {
		if slices.Contains(list, v) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func TestWhatGoesWithAPerson(t *testing.T) {
	f, id := remembered(t)
	all := []string{"alone", "claim", "need", "person", "record", "said", "seat", "tie", "twin", "undone"}
	if got := namesOfIDs(id, f.saying()); !slices.Equal(got, append(append([]string{}, "alone", "claim", "need", "person", "record", "round", "said", "seat", "tie", "twin"), "undone")) {
		t.Fatalf("before: %v", got)
	}
	told := 0
	f.Erased = func(list []store.Erasure) error { told = len(list); return nil }
	before, _ := f.Store.Head(f.ctx)
	dry, err := f.ErasePerson(f.ctx, f.in, id["person"], nil, "本人の請求", true)
	if err != nil || dry.Records[0] != id["person"] || told != 0 {
		t.Fatalf("%+v, %v", dry, err)
	}
	if got := namesOfIDs(id, dry.Records); !slices.Equal(got, all) {
		t.Errorf("would go: %v", got)
	}
	if got := namesOfIDs(id, dry.Mentions); !slices.Equal(got, []string{"round"}) {
		t.Errorf("mentioned in %v", got)
	}
	if head, _ := f.Store.Head(f.ctx); head != before {
		t.Error("the dry run wrote")
	}
	done, err := f.ErasePerson(f.ctx, f.in, id["person"], nil, "本人の請求", false)
	if err != nil || !done.Scrubbed || told != len(all) || done.Revision != before+1 {
		t.Fatalf("%+v, %v, told of %d", done, err, told)
	}
	if got := namesOfIDs(id, f.saying()); !slices.Equal(got, []string{"round"}) {
		t.Errorf("after: %v", got)
	}
	if r := f.record(id["about"]); r.Str("value") != "架空中" {
		t.Error("what was said of others is gone")
	}
	if again, err := f.ErasePerson(f.ctx, f.in, id["person"], nil, "本人の請求", false); err != nil || again.Revision != done.Revision {
		t.Errorf("again: %+v, %v", again, err)
	}
	if _, err := f.ErasePerson(f.ctx, f.in, id["person"], []network.ID{id["round"]}, "本人の請求", false); err != nil || len(f.saying()) != 0 {
		t.Errorf("with the hearing: %v, %v", err, namesOfIDs(id, f.saying()))
	}
}

func TestIsNothingEnteredAboutWhoWasErased(t *testing.T) {
	f, id := remembered(t)
	if _, err := f.ErasePerson(f.ctx, f.in, id["person"], nil, "本人の請求", false); err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"update": func() error {
			_, err := f.Update(f.ctx, f.in, id["person"], "", m{"description": "x"}, nil)
			return err
		},
		"a new tie": func() error {
			_, err := f.Relate(f.ctx, f.in, m{"kind": "KNOWS", "subject": string(id["other"]), "object": string(id["person"])})
			return err
		},
		"a statement": func() error {
			_, err := f.Create(f.ctx, f.in, "Claim", m{"record": string(id["person"]), "source": string(id["record"]), "value": "x"})
			return err
		},
		"merged into": func() error {
			_, err := f.MergeStakeholders(f.ctx, f.in, id["person"], []network.ID{id["other"]}, false)
			return err
		},
		"merged": func() error {
			_, err := f.MergeStakeholders(f.ctx, f.in, id["other"], []network.ID{id["person"]}, false)
			return err
		},
		"an erased one is no other kind": func() error {
			_, err := f.ErasePerson(f.ctx, f.in, id["other"], []network.ID{id["school"]}, "本人の請求", false)
			return err
		},
	} {
		if err := do(); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.End(f.ctx, f.in, id["person"], network.MustPartialDate("2024-04-01"), nil); err != nil {
		t.Errorf("its place cannot end: %v", err)
	}
	if _, err := f.EndTie(f.ctx, f.in, id["tie"], network.MustPartialDate("2024-04-01"), nil); err != nil {
		t.Errorf("its ties cannot end: %v", err)
	}
}

func TestWhomMayWhoErase(t *testing.T) {
	f, id := remembered(t)
	for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator} {
		in := f.in
		in.Viewer.Role = role
		for _, of := range []network.ID{id["person"], "0000000000000000000000000a"} {
			if _, err := f.ErasePerson(f.ctx, in, of, nil, "", false); network.CodeOf(err) != network.Forbidden {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
	for _, of := range []network.ID{id["school"], id["tie"], id["undone"], id["twin"], "0000000000000000000000000a"} {
		if _, err := f.ErasePerson(f.ctx, f.in, of, nil, "", false); network.CodeOf(err) != network.NotFound {
			t.Errorf("%v: %v", namesOfIDs(id, []network.ID{of}), err)
		}
	}
}

func TestIsAnErasedPersonImportedAgain(t *testing.T) {
	for name, do := range map[string]func(f *fixture, id network.ID) (network.ID, error){
		"as they were": func(_ *fixture, id network.ID) (network.ID, error) { return id, nil },
		"merged": func(f *fixture, id network.ID) (network.ID, error) {
			keep := f.create("Person", m{"name": canary + "二人目"})
			_, err := f.MergeStakeholders(f.ctx, f.in, keep, []network.ID{id}, false)
			return keep, err
		},
		"taken back": func(f *fixture, id network.ID) (network.ID, error) {
			_, err := f.Revert(f.ctx, f.in, f.head(), false)
			return id, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := remembered(t)
			rows := []Row{{Kind: "Person", Key: "hanako", Fields: m{"name": canary + "花子"}}}
			person, err := do(f, f.upsert(rows, false).IDs[0])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.ErasePerson(f.ctx, f.in, person, nil, "本人の請求", false); err != nil {
				t.Fatal(err)
			}
			before := f.head()
			report, err := f.Upsert(f.ctx, f.in, rows, UpsertOptions{})
			if err == nil || f.head() != before || len(report.Errors) != 1 || report.Errors[0].Err.Code != network.InvalidValue {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

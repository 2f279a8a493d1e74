package edit

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

type m = map[string]any

// fixture is an editor on an empty store on 2024-02-01.
type fixture struct {
	*Editor
	t   *testing.T
	ctx context.Context
	in  Intent
}

func newFixture(t *testing.T) *fixture {
	return &fixture{
		Editor: &Editor{Store: memory.New(memory.Options{}), Clock: network.FixedClock(time.Date(2024, 2, 1, 12, 0, 0, 0, network.Tokyo))},
		t:      t, ctx: t.Context(), in: Intent{Viewer: network.Viewer{Role: network.RoleCoordinator, Actor: "c1"}, Reason: "test"},
	}
}

func (f *fixture) create(kind string, raw m) network.ID {
	f.t.Helper()
	out, err := f.Create(f.ctx, f.in, kind, raw)
	if err != nil {
		f.t.Fatal(kind, raw, err)
	}
	return out.ID
}

func (f *fixture) record(id network.ID) *network.Record {
	f.t.Helper()
	found, err := f.Store.Load(f.ctx, network.Admin("test"), []store.Key{{ID: id}})
	if err != nil || found[0] == nil {
		f.t.Fatal(id, found, err)
	}
	return found[0]
}

func (f *fixture) head() int64 {
	f.t.Helper()
	head, err := f.Store.Head(f.ctx)
	if err != nil {
		f.t.Fatal(err)
	}
	return head
}

// faults shows an error as "CODE path" of each fault.
func faults(err error) string {
	var list network.Errors
	var single *network.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &list):
	case errors.As(err, &single):
		list = network.Errors{single}
	default:
		return err.Error()
	}
	var out []string
	for _, e := range list {
		out = append(out, strings.TrimSpace(string(e.Code)+" "+strings.Join(e.Path, ".")))
	}
	return strings.Join(out, ", ")
}

func (f *fixture) wants(name string, err error, want string) {
	f.t.Helper()
	if got := faults(err); got != want {
		f.t.Errorf("%s: %q, want %q (%v)", name, got, want, err)
	}
}

func TestCreateGivesDefaults(t *testing.T) {
	f := newFixture(t)
	org := f.create("Company", m{"name": "会社"})
	work := f.create("Initiative", m{"name": "事業"})
	role := f.record(f.create("RoleAssignment", m{"holder": string(org), "initiative": string(work), "function": "PARTNER"}))
	if role.Str("status") != "AGREED" || role.Str("visibility") != "PUBLIC" || role.Version != 1 {
		t.Error(role)
	}
}

func TestCreateRefuses(t *testing.T) {
	f := newFixture(t)
	org := string(f.create("Company", m{"name": "会社", "corporateNumber": "3000020202151"}))
	person := string(f.create("Person", m{"name": "架空 花子"}))
	topic := string(f.create("Topic", m{"name": "キャリア"}))
	secret, err := f.Create(f.ctx, Intent{Viewer: network.Admin("a")}, "Company", m{"name": "秘密", "visibility": "RESTRICTED"})
	if err != nil {
		t.Fatal(err)
	}
	source := string(f.create("Source", m{"name": "資料", "sourceType": "DOCUMENT"}))
	head := f.head()
	for _, tc := range []struct {
		name, kind string
		raw        m
		want       string
	}{
		{"kind", "Castle", m{}, "INVALID_VALUE input"},
		{"log record", "Change", m{}, "INVALID_VALUE input"},
		{"field", "Company", m{"name": "x", "colour": "red"}, "UNKNOWN_FIELD input.colour"},
		{"required", "Company", m{}, "REQUIRED input.name"},
		{"type", "Company", m{"name": 1}, "INVALID_VALUE input.name"},
		{"taken code", "Company", m{"name": "x", "corporateNumber": "3000020202151"}, "DUPLICATE input.corporateNumber"},
		{"no such record", "Company", m{"name": "x", "area": "nowhere"}, "NOT_FOUND input.area"},
		{"invisible record", "Tie", m{"kind": "FUNDS", "subject": org, "object": string(secret.ID)}, "NOT_FOUND input.object"},
		{"record of another kind", "Company", m{"name": "x", "topics": []any{topic, org}}, "INVALID_VALUE input.topics.1"},
		{"tie that is not allowed", "Tie", m{"kind": "EMPLOYS", "subject": person, "object": org}, "TIE_NOT_ALLOWED input.kind"},
		{"visibility one cannot read", "Company", m{"name": "x", "visibility": "RESTRICTED"}, "FORBIDDEN input.visibility"},
		{"claim about nothing", "Claim", m{"record": "nowhere", "source": source}, "NOT_FOUND input.record"},
		{"claim about a field that is not", "Claim", m{"record": org, "source": source, "field": "operator"}, "UNKNOWN_FIELD input.field"},
	} {
		_, err := f.Create(f.ctx, f.in, tc.kind, tc.raw)
		f.wants(tc.name, err, tc.want)
	}
	for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst} {
		_, err := f.Create(f.ctx, Intent{Viewer: network.Viewer{Role: role}}, "Company", m{"name": "x"})
		f.wants(role.String(), err, "FORBIDDEN")
	}
	_, err = f.Create(f.ctx, Intent{Viewer: f.in.Viewer, Reason: strings.Repeat("長", 501)}, "Company", m{"name": "x"})
	f.wants("long reason", err, "OUT_OF_RANGE reason")
	if f.head() != head {
		t.Error("something was written")
	}
}

func TestUpdate(t *testing.T) {
	f := newFixture(t)
	id := f.create("Company", m{"name": "会社", "description": "説明", "staff": 3})
	out, err := f.Update(f.ctx, f.in, id, "Stakeholder", m{"staff": 4, "description": nil}, nil)
	if err != nil || out.Version != 2 || out.Revision != 2 {
		t.Fatal(out, err)
	}
	r := f.record(id)
	if r.Fields["staff"] != int64(4) || r.Fields["description"] != nil || r.Str("name") != "会社" {
		t.Error(r)
	}
	out, err = f.Update(f.ctx, f.in, id, "", m{"staff": 4}, nil)
	if err != nil || out.Version != 2 || f.head() != 2 {
		t.Error("a change that changes nothing was written", out, err)
	}
	two, old := int64(2), int64(1)
	post := f.create("Post", m{"name": "課長", "organization": string(id)})
	for _, tc := range []struct {
		name string
		id   network.ID
		kind string
		raw  m
		ver  *int64
		want string
	}{
		{"no such record", "nowhere", "", m{}, nil, "NOT_FOUND id"},
		{"another kind", id, "School", m{}, nil, "INVALID_VALUE id"},
		{"old version", id, "", m{"staff": 5}, &old, "CONFLICT ifVersion"},
		{"field fixed at creation", post, "", m{"organization": string(post)}, nil, "INVALID_VALUE input.organization"},
		{"field fixed at creation, as it is", post, "", m{"organization": string(id)}, nil, ""},
		{"required field", id, "", m{"name": nil}, nil, "REQUIRED input.name"},
		{"visibility", id, "", m{"visibility": nil}, nil, "REQUIRED input.visibility"},
		{"two faults", id, "", m{"x": 1, "staff": "many"}, nil, "INVALID_VALUE input.staff, UNKNOWN_FIELD input.x"},
		{"value", id, "", m{"staff": -1}, nil, "OUT_OF_RANGE input.staff"},
		{"right version", id, "", m{"staff": 5}, &two, ""},
	} {
		_, err := f.Update(f.ctx, f.in, tc.id, tc.kind, tc.raw, tc.ver)
		f.wants(tc.name, err, tc.want)
	}
}

func TestReferencesMustNotGoRound(t *testing.T) {
	f := newFixture(t)
	a := f.create("Topic", m{"name": "a"})
	b := f.create("Topic", m{"name": "b", "broader": string(a)})
	c := f.create("Topic", m{"name": "c", "broader": string(b)})
	_, err := f.Update(f.ctx, f.in, a, "", m{"broader": string(c)}, nil)
	f.wants("a circle", err, "INVALID_VALUE input.broader")
	_, err = f.Update(f.ctx, f.in, a, "", m{"broader": string(a)}, nil)
	f.wants("itself", err, "INVALID_VALUE input.broader")
}

func TestEndAndRestore(t *testing.T) {
	f := newFixture(t)
	a, b := f.create("Company", m{"name": "a"}), f.create("Company", m{"name": "b"})
	out, err := f.Relate(f.ctx, f.in, m{"kind": "FUNDS", "subject": string(a), "object": string(b), "from": "2022-04-01"})
	if err != nil {
		t.Fatal(err)
	}
	tie, day := out.ID, network.MustPartialDate
	topic := f.create("Topic", m{"name": "t"})
	for _, tc := range []struct {
		name string
		id   network.ID
		on   network.PartialDate
		want string
	}{
		{"before it began", tie, day("2022-03-31"), "INVALID_DATE on"},
		{"on the day it began", tie, day("2022-04-01"), "INVALID_DATE on"},
		{"no day", tie, network.PartialDate{}, "REQUIRED on"},
		{"no valid time", topic, day("2022-04-02"), "INVALID_VALUE id"},
		{"not there", "nowhere", day("2022-04-02"), "NOT_FOUND id"},
		{"as it should", tie, day("2024-01-01"), ""},
		{"again", tie, day("2024-01-01"), ""},
	} {
		_, err := f.End(f.ctx, f.in, tc.id, tc.on, nil)
		f.wants(tc.name, err, tc.want)
	}
	if r := f.record(tie); r.Date("until") != day("2024-01-01") || r.Version != 2 {
		t.Error(r)
	}
	_, err = f.EndTie(f.ctx, f.in, a, day("2024-01-01"), nil)
	f.wants("a company is no tie", err, "INVALID_VALUE id")
	if _, err := f.Restore(f.ctx, f.in, tie, nil); err != nil || !f.record(tie).Date("until").IsZero() {
		t.Error(err)
	}
	var actions []string
	for c, err := range f.Store.Changes(f.ctx, network.Admin("a"), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Record == tie {
			actions = append(actions, string(c.Action))
		}
	}
	if got := strings.Join(actions, " "); got != "CREATE END RESTORE" {
		t.Error(got)
	}
}

func TestWritesAtTheSameTimeAllCount(t *testing.T) {
	f := newFixture(t)
	id := f.create("Company", m{"name": "会社"})
	var wg sync.WaitGroup
	for _, field := range []string{"description", "industry", "contact", "nameKana"} {
		wg.Go(func() {
			if _, err := f.Update(f.ctx, f.in, id, "", m{field: "x"}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r := f.record(id); r.Version != 5 || len(r.Fields) != 6 {
		t.Error(r)
	}
}

func TestAssignRoleBeginsTodayAndNotTwice(t *testing.T) {
	f := newFixture(t)
	holder := f.create("Company", m{"name": "すぎのこ製作所（架空）"})
	activity := f.create("Activity", m{"name": "講師を探す", "initiative": string(f.create("Initiative", m{"name": "構想"}))})
	today := network.MustDate("2024-02-01")
	role := func(more m) m {
		raw := m{"holder": string(holder), "activity": string(activity), "responsibility": "RESPONSIBLE"}
		for k, v := range more {
			raw[k] = v
		}
		return raw
	}
	out, err := f.AssignRole(f.ctx, f.in, role(nil), today)
	if err != nil || f.record(out.ID).Date("from").Text() != "2024-02-01" {
		t.Fatalf("%v %v", out, err)
	}
	for _, c := range []struct {
		what  string
		raw   m
		fault string
	}{
		{"the same again", role(nil), "DUPLICATE input.holder"},
		{"the same, begun before", role(m{"from": "2020-04-01"}), "DUPLICATE input.holder"},
		{"the same, over before it began", role(m{"from": "2020-04-01", "until": "2021-04-01"}), ""},
		{"another responsibility", role(m{"responsibility": "ACCOUNTABLE"}), ""},
		{"no holder", m{"activity": string(activity), "responsibility": "RESPONSIBLE"}, "REQUIRED input.holder"},
	} {
		_, err := f.AssignRole(f.ctx, f.in, c.raw, today)
		f.wants(c.what, err, c.fault)
	}
}

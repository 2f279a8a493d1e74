package edit

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

var april = network.MustDate("2024-04-01")

// office is a school with posts 1 to 4 and people 甲 to 丁 around it.
type office struct {
	*fixture
	id map[string]network.ID
}

var officePosts = []string{"1", "2", "3", "4"}

// newOffice seats people: "甲 1 2022-04-01 2024-04-01" holds post 1 from and
// until; the until, or both, may be left out.
func newOffice(t *testing.T, seats ...string) *office {
	o := &office{newFixture(t), map[string]network.ID{}}
	o.id["校"] = o.create("School", m{"name": "架空中学校"})
	o.id["会"] = o.create("OtherOrganization", m{"name": "架空PTA", "organizationType": "ASSOCIATION"})
	for _, p := range officePosts {
		o.id[p] = o.create("Post", m{"name": "役職" + p, "organization": string(o.id["校"])})
	}
	o.id["廃止"] = o.create("Post", m{"name": "廃止", "organization": string(o.id["校"]), "until": "2024-04-01"})
	o.id["新設"] = o.create("Post", m{"name": "新設", "organization": string(o.id["校"]), "from": "2024-04-02"})
	for _, p := range []string{"甲", "乙", "丙", "丁"} {
		o.id[p] = o.create("Person", m{"name": "架空 " + p})
	}
	o.id["故人"] = o.create("Person", m{"name": "架空 故人", "until": "2024-03-01"})
	for i, s := range seats {
		w := append(strings.Fields(s), "", "")
		raw := m{"person": string(o.id[w[0]]), "post": string(o.id[w[1]]), "status": "REPORTED"}
		for j, field := range []string{"from", "until"} {
			if w[2+j] != "" {
				raw[field] = w[2+j]
			}
		}
		o.id[fmt.Sprint("seat", i)] = o.create("Occupancy", raw)
	}
	return o
}

// moves reads "甲 1 2 会": 甲 leaves 1 and takes 2 on behalf of 会; - is none.
// What is no name of the office is taken for an id.
func (o *office) moves(texts ...string) []Move {
	var out []Move
	for _, text := range texts {
		w := append(strings.Fields(text), "-", "-", "-")
		id := func(i int) network.ID {
			if w[i] == "-" {
				return ""
			}
			if id, ok := o.id[w[i]]; ok {
				return id
			}
			return network.ID(w[i])
		}
		out = append(out, Move{Person: id(0), From: id(1), To: id(2), OnBehalfOf: id(3)})
	}
	return out
}

func (o *office) name(id network.ID) string {
	for name, x := range o.id {
		if x == id {
			return name
		}
	}
	return string(id)
}

// seats shows who holds which post on a day: "1:甲 2:乙丙".
func (o *office) seats(on network.Date) string {
	o.t.Helper()
	q := ask.New(network.Admin("test"), on)
	posts := q.Scan(ask.Of("Post").Many("occupancies", ask.Of("Occupancy", "person")))
	if _, err := q.Run(o.ctx, o.Store); err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, p := range posts.Rows() {
		var who []string
		for _, s := range p.Many("occupancies") {
			who = append(who, o.name(s.Ref("person")))
		}
		if slices.Sort(who); len(who) > 0 {
			out = append(out, o.name(p.ID())+":"+strings.Join(who, ""))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// since lists the changes after a revision as "CREATE Occupancy", sorted, and
// checks that all of them were made in one.
func (f *fixture) since(revision int64) string {
	f.t.Helper()
	var out []string
	for c, err := range f.Store.Changes(f.ctx, network.Admin("a"), revision) {
		if err != nil {
			f.t.Fatal(err)
		}
		if c.Revision != revision+1 || c.Actor != f.in.Viewer.Actor || c.Reason != f.in.Reason {
			f.t.Errorf("%+v is not of the one batch", c)
		}
		out = append(out, string(c.Action)+" "+c.Kind)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestTransfer(t *testing.T) {
	for _, tc := range []struct {
		name         string
		seats, moves []string
		want         string // who holds what on the day
		log          string // what is written
		leavers      string
	}{
		{"leaves", []string{"甲 1", "乙 2"}, []string{"甲 1 -"}, "2:乙", "END Occupancy", "甲"},
		{"takes", []string{"甲 1"}, []string{"乙 - 2"}, "1:甲 2:乙", "CREATE Occupancy", ""},
		{"leaves and takes", []string{"甲 1"}, []string{"甲 1 2"}, "2:甲", "CREATE Occupancy, END Occupancy", "甲"},
		{"two change places", []string{"甲 1", "乙 2"}, []string{"甲 1 2", "乙 2 1"}, "1:乙 2:甲", "CREATE Occupancy, CREATE Occupancy, END Occupancy, END Occupancy", "甲 乙"},
		{"three in a chain, the last one first", []string{"甲 1", "乙 2", "丙 3"}, []string{"甲 1 2", "乙 2 3", "丙 3 -"}, "2:甲 3:乙",
			"CREATE Occupancy, CREATE Occupancy, END Occupancy, END Occupancy, END Occupancy", "甲 乙 丙"},
		{"three in a circle", []string{"甲 1", "乙 2", "丙 3"}, []string{"丙 3 1", "甲 1 2", "乙 2 3"}, "1:丙 2:甲 3:乙",
			"CREATE Occupancy, CREATE Occupancy, CREATE Occupancy, END Occupancy, END Occupancy, END Occupancy", "丙 甲 乙"},
		{"one of two posts", []string{"甲 1", "甲 2"}, []string{"甲 2 3"}, "1:甲 3:甲", "CREATE Occupancy, END Occupancy", "甲"},
		{"two posts at once", []string{"甲 1", "甲 2"}, []string{"甲 1 -", "甲 2 3"}, "3:甲", "CREATE Occupancy, END Occupancy, END Occupancy", "甲 甲"},
		{"another term in the same post", []string{"甲 1"}, []string{"甲 1 1"}, "1:甲", "CREATE Occupancy, END Occupancy", "甲"},
		{"an end known in advance", []string{"甲 1 2022-04-01 2024-04-01"}, []string{"甲 1 -"}, "", "", "甲"},
		{"an end meant for later", []string{"甲 1 2022-04-01 2025-04-01"}, []string{"甲 1 -"}, "", "END Occupancy", "甲"},
		{"an end on some day of the year", []string{"甲 1 2022 FY2023"}, []string{"甲 1 -"}, "", "END Occupancy", "甲"},
		{"the predecessor's end known in advance", []string{"甲 1 2022-04-01 2024-04-01"}, []string{"乙 - 1"}, "1:乙", "CREATE Occupancy", ""},
		{"a beginning known in advance", []string{"甲 1", "乙 1 2024-04-01"}, []string{"甲 1 -", "乙 - 1"}, "1:乙", "END Occupancy, UPDATE Occupancy", "甲"},
		{"a beginning known to the fiscal year", []string{"乙 1 FY2024"}, []string{"乙 - 1"}, "1:乙", "UPDATE Occupancy", ""},
		{"held by two records", []string{"甲 1 2022-04-01", "甲 1 2022"}, []string{"甲 1 -"}, "", "END Occupancy, END Occupancy", "甲"},
		{"who holds it later is not asked", []string{"乙 1 2025-04-01"}, []string{"甲 - 1"}, "1:甲", "CREATE Occupancy", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := newOffice(t, tc.seats...)
			moves, head, before := o.moves(tc.moves...), o.head(), o.seats(april.AddDays(-1))
			dry, err := o.Transfer(o.ctx, o.in, april, moves, true)
			if err != nil || dry.Revision != 0 || o.head() != head {
				t.Fatal("dry run:", dry, err)
			}
			out, err := o.Transfer(o.ctx, o.in, april, moves, false)
			if err != nil || out.Revision != o.head() {
				t.Fatal(out, err)
			}
			if got := o.seats(april); got != tc.want {
				t.Errorf("on the day %q, want %q", got, tc.want)
			}
			if got := o.seats(april.AddDays(-1)); got != before {
				t.Errorf("on the eve %q, before %q", got, before)
			}
			if got := o.since(head); got != tc.log {
				t.Errorf("written: %q, want %q", got, tc.log)
			}
			if got := strings.Join(o.names(out.Leavers), " "); got != tc.leavers {
				t.Errorf("leavers %q, want %q", got, tc.leavers)
			}
			if !slices.Equal(dry.Ended, out.Ended) || !slices.Equal(dry.Leavers, out.Leavers) || !slices.Equal(dry.Left, out.Left) || !reflect.DeepEqual(dry.Takers, out.Takers) || len(dry.Begun) != len(out.Begun) {
				t.Errorf("the dry run said %+v, then came %+v", dry, out)
			}
		})
	}
}

func (o *office) names(ids []network.ID) (out []string) {
	for _, id := range ids {
		out = append(out, o.name(id))
	}
	return out
}

func TestWhatATransferSays(t *testing.T) {
	o := newOffice(t, "甲 1", "乙 2 2024-04-01")
	moves := o.moves("甲 1 3 会", "乙 - 2 会", "丙 - 4")
	moves[0].Note, moves[1].Note = "公募", "内示どおり"
	out, err := o.Transfer(o.ctx, o.in, april, moves, false)
	if err != nil || len(out.Begun) != 3 || len(out.Ended) != 1 || out.Ended[0] != o.id["seat0"] || out.Begun[1] != o.id["seat1"] {
		t.Fatal(out, err)
	}
	for i, want := range []string{"2024-04-01 CONFIRMED 会 公募", "2024-04-01 CONFIRMED 会 内示どおり", "2024-04-01 CONFIRMED  "} {
		r := o.record(out.Begun[i])
		if got := strings.Join([]string{r.Date("from").Text(), r.Str("status"), o.name(network.ID(r.Str("onBehalfOf"))), r.Str("note")}, " "); got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
	if got := fmt.Sprint(o.names(out.Left), len(out.Takers), o.names(out.Takers[o.id["3"]])); got != "[1] 3 [甲]" {
		t.Error(got)
	}
	// Who only leaves keeps the note with what ends, below what is noted there.
	leave := o.moves("甲 3 -")
	leave[0].Note = "退職"
	if out, err = o.Transfer(o.ctx, o.in, april.AddYears(1), leave, false); err != nil {
		t.Fatal(err)
	}
	if r := o.record(out.Ended[0]); r.Str("note") != "公募\n退職" || r.Date("until").Text() != "2025-04-01" {
		t.Error(r)
	}
}

func TestFaultsOfATransfer(t *testing.T) {
	o := newOffice(t, "甲 1", "乙 2", "丙 3 2022-04-01 2024-03-01", "丁 4 2024-04-01", "甲 廃止")
	secret, err := o.Create(o.ctx, Intent{Viewer: network.Admin("a")}, "Post", m{"name": "非公開", "organization": string(o.id["校"]), "visibility": "RESTRICTED"})
	if err != nil {
		t.Fatal(err)
	}
	o.id["非公開"] = secret.ID
	head := o.head()
	for _, tc := range []struct {
		name  string
		moves []string
		want  string
	}{
		{"somebody else's post", []string{"甲 2 -"}, "NOT_FOUND moves.0.from"},
		{"a post held before", []string{"丙 3 -"}, "NOT_FOUND moves.0.from"},
		{"a post held from the day on only", []string{"丁 4 -"}, "NOT_FOUND moves.0.from"},
		{"the holder stays", []string{"乙 - 1"}, "CONFLICT moves.0.to"},
		{"the holder comes on the day", []string{"丙 - 4"}, "CONFLICT moves.0.to"},
		{"two take one post", []string{"甲 1 3", "乙 2 3"}, "CONFLICT moves.1.to"},
		{"the same move twice", []string{"甲 1 3", "甲 1 3"}, "DUPLICATE moves.1.from, DUPLICATE moves.1.to"},
		{"a planned beginning twice", []string{"丁 - 4", "丁 - 4"}, "DUPLICATE moves.1.to"},
		{"the post one holds", []string{"甲 - 1"}, "DUPLICATE moves.0.to"},
		{"nobody moves", []string{"甲 - -"}, "REQUIRED moves.0.from"},
		{"nobody there", []string{"nobody 1 2", "甲 nowhere -", "甲 - nowhere", "甲 1 3 nobody"}, "NOT_FOUND moves.0.person, NOT_FOUND moves.1.from, NOT_FOUND moves.2.to"},
		{"no body to hold it for", []string{"甲 1 3 nobody"}, "NOT_FOUND moves.0.onBehalfOf"},
		{"no body to confirm it for", []string{"丁 - 4 nobody"}, "NOT_FOUND moves.0.onBehalfOf"},
		{"held for a person", []string{"甲 1 3 乙"}, "INVALID_VALUE moves.0.onBehalfOf"},
		{"held for a body, and not taken", []string{"甲 1 - 会"}, "INVALID_VALUE moves.0.onBehalfOf"},
		{"kinds", []string{"校 1 -", "甲 乙 -", "甲 - 校"}, "NOT_FOUND moves.0.person, NOT_FOUND moves.1.from, NOT_FOUND moves.2.to"},
		{"a post one may not see", []string{"甲 1 非公開"}, "NOT_FOUND moves.0.to"},
		{"a post that is gone", []string{"乙 2 廃止"}, "INVALID_DATE moves.0.to"},
		{"a post that is not there yet", []string{"乙 2 新設"}, "INVALID_DATE moves.0.to"},
		{"somebody who is gone", []string{"故人 - 3"}, "INVALID_DATE moves.0.person"},
		{"in the order of the moves", []string{"乙 - 1", "丙 3 -", "丁 - -"}, "CONFLICT moves.0.to, NOT_FOUND moves.1.from, REQUIRED moves.2.from"},
		{"one among many", []string{"甲 1 2", "乙 2 1", "丙 1 -"}, "NOT_FOUND moves.2.from"},
		{"none", nil, "OUT_OF_RANGE moves"},
		{"too many", slices.Repeat([]string{"甲 1 2"}, 1001), "OUT_OF_RANGE moves"},
	} {
		for _, dryRun := range []bool{true, false} {
			out, err := o.Transfer(o.ctx, o.in, april, o.moves(tc.moves...), dryRun)
			o.wants(tc.name, err, tc.want)
			if out != nil || o.head() != head {
				t.Fatalf("%s: something was written: %+v", tc.name, out)
			}
		}
	}
	long := o.moves("甲 1 3")
	long[0].Note = strings.Repeat("長", network.MaxText+1)
	_, err = o.Transfer(o.ctx, o.in, april, long, false)
	o.wants("long note", err, "OUT_OF_RANGE moves.0.note")
	for _, role := range []network.Role{network.RoleViewer, network.RoleAnalyst} {
		_, err := o.Transfer(o.ctx, Intent{Viewer: network.Viewer{Role: role}}, april, o.moves("甲 1 -"), false)
		o.wants(role.String(), err, "FORBIDDEN")
	}
	if o.head() != head {
		t.Error("something was written")
	}
}

func TestATransferIsTriedAgainWhenSomebodyElseWrites(t *testing.T) {
	o := newOffice(t, "甲 1")
	elsewhere := &Editor{Store: o.Store, Clock: o.Clock}
	o.Store = &meddler{o.Store, func() {
		if _, err := elsewhere.Update(o.ctx, o.in, o.id["seat0"], "", m{"note": "辞令"}, nil); err != nil {
			t.Error(err)
		}
	}}
	if _, err := o.Transfer(o.ctx, o.in, april, o.moves("甲 1 2"), false); err != nil {
		t.Fatal(err)
	}
	if r := o.record(o.id["seat0"]); r.Str("note") != "辞令" || r.Date("until").Text() != "2024-04-01" {
		t.Error(r)
	}
	// What the other wrote may make the transfer wrong.
	o = newOffice(t, "甲 1")
	elsewhere = &Editor{Store: o.Store, Clock: o.Clock}
	o.Store = &meddler{o.Store, func() {
		if _, err := elsewhere.End(o.ctx, o.in, o.id["seat0"], network.MustPartialDate("2024-03-01"), nil); err != nil {
			t.Error(err)
		}
	}}
	_, err := o.Transfer(o.ctx, o.in, april, o.moves("甲 1 2"), false)
	o.wants("ended meanwhile", err, "NOT_FOUND moves.0.from")
	if got := o.seats(april); got != "" {
		t.Error(got)
	}
}

// counting counts what is asked of a store.
type counting struct {
	store.Store
	calls int
}

func (s *counting) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	s.calls++
	return s.Store.Fetch(ctx, p)
}

// A post that is taken stays so: asking eight times does not free it.
func TestAFaultyTransferIsReadOnce(t *testing.T) {
	o := newOffice(t, "甲 1")
	s := &counting{Store: o.Store}
	o.Store = s
	_, err := o.Transfer(o.ctx, o.in, april, o.moves("乙 - 1"), false)
	o.wants("taken", err, "CONFLICT moves.0.to")
	if s.calls != 1 {
		t.Errorf("read %d times", s.calls)
	}
}

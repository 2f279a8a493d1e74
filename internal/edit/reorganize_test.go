package edit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// around is what a reorganisation of 甲課 and 乙課 does not touch.
var around = []string{"部", "学校", "会社", "協議会", "協議会の委員 post"}

func TestMerge(t *testing.T) {
	day := network.MustPartialDate("2024-04-01")
	into := func(name string) []string {
		return append(slices.Clone(around), "丙課", // the existing one holds on, whether it is the new one or not
			name+"の甲課長 post", name+"の乙係 post", name+"の甲課長 花子", name+"の乙係 次郎 "+name, "協議会の委員 花子 "+name,
			name+" PART_OF 部", name+" SUPPORTS 会社", "学校 CONSULTS "+name,
			name+" SECRETARIAT", name+"の甲課長 RESPONSIBLE", name+" need", name+" offer")
	}
	for _, tc := range []struct {
		name, becomes string
		merger        func(c *city) Merger
		more          []string
		carried       int
		log           string
	}{
		{"into an existing one", "丙課", func(c *city) Merger { return Merger{Into: c.id["丙課"]} }, nil, 15, ""},
		{"into a new one", "新課", func(*city) Merger {
			return Merger{New: NewRecord{"CityDepartment", m{"name": "新課"}, []string{"input", "merge", "create", "cityDepartment"}}}
		}, []string{"新課", "新課 COLLABORATES_WITH 丙課"}, 16, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCity(t)
			days := []string{"2019-06-01", "2021-06-01", "2024-03-31"}
			var before [][]string
			for _, d := range days {
				before = append(before, c.picture(d))
			}
			head := c.head()
			merger := tc.merger(c)
			merger.Originals = []network.ID{c.id["甲課"], c.id["乙課"]}
			out, err := c.Merge(c.ctx, c.in, merger, day, "組織再編")
			if err != nil || out.Revision != head+1 || c.head() != head+1 {
				t.Fatal(out, err)
			}
			c.since(head)
			c.shows("2024-04-01", append(into(tc.becomes), tc.more...)...)
			later := slices.DeleteFunc(append(into(tc.becomes), tc.more...), func(s string) bool { return s == tc.becomes+"の乙係 次郎 "+tc.becomes })
			c.shows("2025-06-01", append(later, tc.becomes+"の甲課長 次郎", tc.becomes+"の甲新職 post", tc.becomes+" FUNDS 学校",
				"乙課 ADVISES 甲課")...) // it was to begin later and fits nowhere
			for i, d := range days {
				c.shows(d, before[i]...)
			}
			if out.CarriedOver != tc.carried {
				t.Errorf("%d carried over, want %d", out.CarriedOver, tc.carried)
			}
			event := c.record(out.Event)
			if event.Str("reorganizationType") != "MERGER" || event.Date("date") != day || event.Str("note") != "組織再編" ||
				!slices.Equal(event.Fields["originals"].([]network.ID), merger.Originals) || !slices.Equal(event.Fields["results"].([]network.ID), out.Results) {
				t.Error(event)
			}
			parties := c.record(c.id["構想"]).Fields["parties"].([]network.ID)
			if !slices.Equal(parties, []network.ID{c.id["甲課"], c.id["学校"], out.Results[0]}) {
				t.Error(parties)
			}
			if parties = c.record(c.id["計画"]).Fields["parties"].([]network.ID); len(parties) != 3 || parties[2] != out.Results[0] {
				t.Error("twice a party, once added:", parties)
			}
			c.becameOf("甲課", out)
			if r := c.record(c.id["花子甲課長"]); r.Str("importKey") != "hanako" || r.Date("until") != day {
				t.Error("the old record keeps its key:", r)
			}
		})
	}
}

// becameOf checks that the old id is still there and leads to what it became.
func (c *city) becameOf(name string, out *Reorganized) {
	c.t.Helper()
	q := ask.New(network.Admin("test"), network.MustDate("2024-06-01"))
	found := q.ByID(ask.Of(network.OrganizationInterface, "name").Many("reorganizations", ask.Of("Reorganization").Many("results", ask.Of(network.OrganizationInterface))), c.id[name])
	origins := q.ByID(ask.Of(network.OrganizationInterface).Many("origins", ask.Of("Reorganization")), out.Results...)
	if _, err := q.Run(c.ctx, c.Store); err != nil {
		c.t.Fatal(err)
	}
	events := found.First().Many("reorganizations")
	want := slices.Sorted(slices.Values(out.Results))
	if len(events) != 1 || events[0].ID() != out.Event || !slices.Equal(slices.Sorted(slices.Values(events[0].IDs("results"))), want) {
		c.t.Errorf("%s became %v", name, events)
	}
	for _, r := range origins.Rows() {
		if ids := r.IDs("origins"); len(ids) != 1 || ids[0] != out.Event {
			c.t.Errorf("%s comes from %v", r.ID(), ids)
		}
	}
}

func TestReplacementOfOne(t *testing.T) {
	c := newCity(t)
	out, err := c.Merge(c.ctx, c.in, Merger{Originals: []network.ID{c.id["甲課"]}, Into: c.id["丙課"]}, network.MustPartialDate("2024-04-01"), "")
	if err != nil {
		t.Fatal(err)
	}
	if r := c.record(out.Event); r.Str("reorganizationType") != "REPLACEMENT" || r.Fields["note"] != nil {
		t.Error(r)
	}
	// 乙課 worked with both: one of the two ties is enough.
	c.shows("2024-04-01", append(slices.Clone(around), "乙課", "丙課", "丙課の甲課長 post", "乙課の乙係 post", "丙課の甲課長 花子", "乙課の乙係 次郎 丙課", "協議会の委員 花子 丙課",
		"丙課 PART_OF 部", "乙課 PART_OF 部", "丙課 SUPPORTS 会社", "学校 CONSULTS 乙課", "乙課 COLLABORATES_WITH 丙課", "丙課 SECRETARIAT", "丙課の甲課長 RESPONSIBLE", "丙課 need", "乙課 offer")...)
}

func TestWhatTwoHadAlikeGoesOnOnce(t *testing.T) {
	c := newCity(t)
	for _, section := range []string{"甲課", "乙課", "丙課"} {
		post := c.create("Post", m{"name": "課長", "organization": c.of(section), "from": "2020"})
		c.create("Occupancy", m{"person": c.of("花子"), "post": string(post)})
		c.create("RoleAssignment", m{"holder": c.of(section), "activity": c.of("相談"), "responsibility": "RESPONSIBLE", "from": "2021"})
		c.create("RoleAssignment", m{"holder": c.of(section), "activity": c.of("相談"), "responsibility": "INFORMED", "note": section})
		c.create("Tie", m{"kind": "FUNDS", "subject": c.of(section), "object": c.of("会社"), "description": section})
	}
	if _, err := c.Merge(c.ctx, c.in, Merger{Originals: []network.ID{c.id["甲課"], c.id["乙課"]}, Into: c.id["丙課"]}, network.MustPartialDate("2024-04-01"), ""); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, line := range c.picture("2024-04-01") {
		count[line]++
	}
	for line, want := range map[string]int{"丙課の課長 post": 3, "丙課の課長 花子": 3, "丙課 RESPONSIBLE": 1, "丙課 INFORMED": 3, "丙課 FUNDS 会社": 3} {
		if count[line] != want {
			t.Errorf("%s: %d times, want %d", line, count[line], want)
		}
	}
}

func TestSplit(t *testing.T) {
	kinds := []NewRecord{
		{"CityDepartment", m{"name": "北課"}, []string{"input", "split", "into", "0", "cityDepartment"}},
		{"Council", m{"name": "南会", "from": "2024-05-01"}, []string{"input", "split", "into", "1", "council"}},
	}
	rest := []string{"乙課", "丙課", "乙課の乙係 post", "乙課 PART_OF 部", "学校 CONSULTS 乙課", "乙課 COLLABORATES_WITH 丙課", "乙課 offer", "北課"}
	for _, tc := range []struct {
		name    string
		heir    int
		want    []string
		carried int
	}{
		{"with an heir", 0, []string{"北課の甲課長 post", "北課の甲課長 花子", "乙課の乙係 次郎 北課", "協議会の委員 花子 北課", "北課 PART_OF 部", "北課 SUPPORTS 会社",
			"北課 COLLABORATES_WITH 乙課", "北課 SECRETARIAT", "北課の甲課長 RESPONSIBLE", "北課 need"}, 14},
		{"without an heir", -1, nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCity(t)
			eve := c.picture("2024-03-31")
			head := c.head()
			out, err := c.Split(c.ctx, c.in, Split{Original: c.id["甲課"], New: kinds, Heir: tc.heir}, network.MustPartialDate("2024-04-01"), "")
			if err != nil || out.Revision != head+1 || len(out.Results) != 2 {
				t.Fatal(out, err)
			}
			c.since(head)
			c.shows("2024-04-01", slices.Concat(around, rest, tc.want)...)
			c.shows("2024-05-01", slices.Concat(around, rest, tc.want, []string{"南会"})...)
			c.shows("2024-03-31", eve...)
			if out.CarriedOver != tc.carried {
				t.Errorf("%d carried over, want %d", out.CarriedOver, tc.carried)
			}
			if r := c.record(out.Event); r.Str("reorganizationType") != "SPLIT" || fmt.Sprint(r.Fields["originals"]) != fmt.Sprint([]network.ID{c.id["甲課"]}) {
				t.Error(r)
			}
			c.becameOf("甲課", out)
		})
	}
}

// Every kind of organisation may stand where another may, so far: a tie kind that
// is narrower must not stop a merger.
func TestTiesThatMayNotJoinTheNewKindEnd(t *testing.T) {
	c := newCity(t)
	supports := network.TieKindOf("SUPPORTS")
	was := supports.Subjects
	defer func() { supports.Subjects = was }()
	supports.Subjects = slices.DeleteFunc(slices.Clone(was), func(kind string) bool { return kind == "Council" })
	out, err := c.Merge(c.ctx, c.in, Merger{Originals: []network.ID{c.id["甲課"]}, Into: c.id["協議会"]}, network.MustPartialDate("2024-04-01"), "")
	if err != nil {
		t.Fatal(err)
	}
	got := c.picture("2024-04-01")
	if slices.Contains(got, "協議会 SUPPORTS 会社") || slices.Contains(got, "甲課 SUPPORTS 会社") || !slices.Contains(got, "協議会 PART_OF 部") {
		t.Error(got, out)
	}
}

// The viewer need not see everything that what is carried points to.
func TestWhatOneMayNotSeeIsCarriedUnseen(t *testing.T) {
	c := newCity(t)
	admin := Intent{Viewer: network.Admin("a")}
	must := func(kind string, raw m) network.ID {
		out, err := c.Create(c.ctx, admin, kind, raw)
		if err != nil {
			t.Fatal(err)
		}
		return out.ID
	}
	hidden := must("Person", m{"name": "非公開", "visibility": "RESTRICTED"})
	seat := must("Occupancy", m{"person": string(hidden), "post": c.of("甲課長")})
	tie := must("Tie", m{"kind": "KNOWS", "subject": string(hidden), "object": c.of("甲課")})
	_, err := c.Merge(c.ctx, c.in, Merger{Originals: []network.ID{c.id["甲課"]}, Into: c.id["丙課"]}, network.MustPartialDate("2024-04-01"), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.picture("2024-04-01"); !slices.Contains(got, "丙課の甲課長 非公開") {
		t.Error(got)
	}
	if c.record(seat).Date("until").IsZero() || !c.record(tie).Date("until").IsZero() {
		t.Error("the seat is seen and goes on, the tie is not and stays")
	}
}

func TestRenamedIsFoundByEitherName(t *testing.T) {
	f := newFixture(t)
	id := f.create("CityDepartment", m{"name": "産業振興事業部", "nameKana": "さんぎょうしんこうじぎょうぶ"})
	head := f.head()
	out, err := f.RenameOrganization(f.ctx, f.in, id, "商工観光部", "しょうこうかんこうぶ", network.MustPartialDate("2023-04-01"), "機構改革")
	if err != nil || out.Revision != head+1 || !slices.Equal(out.Results, []network.ID{id}) {
		t.Fatal(out, err)
	}
	if got := f.since(head); got != "CREATE Reorganization, UPDATE CityDepartment" {
		t.Error(got)
	}
	if r := f.record(out.Event); r.Str("reorganizationType") != "RENAME" || r.Str("note") != "機構改革" || !slices.Equal(r.Fields["originals"].([]network.ID), out.Results) {
		t.Error(r)
	}
	f.shows("2023-03-31", "産業振興事業部")
	f.shows("2023-04-01", "商工観光部")
	k := []*network.Kind{network.MustKind("CityDepartment")}
	for _, text := range []string{"産業振興事業部", "さんぎょうしんこう", "商工観光部"} {
		folded := network.Fold(text)
		plan := &store.Plan{Viewer: network.Admin("test"), AsOf: network.MustDate("2024-02-01"), Roots: []*store.Collection{{
			Source: store.Source{Op: store.Search, Terms: []string{folded}, Text: folded}, Kinds: k, Rows: true, Shapes: []store.Shape{{Kinds: k, Columns: []store.Column{{Builtin: store.RecordID}}}}}}}
		result, err := f.Store.Fetch(f.ctx, plan)
		if err != nil || fmt.Sprint(result.Values[0].([]any)[0]) != fmt.Sprintf("[[CityDepartment %s]]", id) {
			t.Errorf("%s finds %v, %v", text, result, err)
		}
	}
	c := &city{f, map[string]network.ID{"部": id}}
	c.becameOf("部", out)
}

func TestFaultsOfReorganizing(t *testing.T) {
	c := newCity(t)
	ids := func(names ...string) (out []network.ID) {
		for _, n := range names {
			if id, ok := c.id[n]; ok {
				out = append(out, id)
			} else {
				out = append(out, network.ID(n))
			}
		}
		return out
	}
	day := network.MustPartialDate("2024-04-01")
	record := func(kind string, raw m) NewRecord { return NewRecord{kind, raw, []string{"input", "new"}} }
	north, south := record("CityDepartment", m{"name": "北課"}), record("CityDepartment", m{"name": "南課"})
	rename := func(name, to string, on network.PartialDate) func() error {
		return func() error {
			_, err := c.RenameOrganization(c.ctx, c.in, ids(name)[0], to, "", on, "")
			return err
		}
	}
	merge := func(in Merger, on network.PartialDate) func() error {
		return func() error { _, err := c.Merge(c.ctx, c.in, in, on, ""); return err }
	}
	split := func(in Split) func() error {
		return func() error { _, err := c.Split(c.ctx, c.in, in, day, ""); return err }
	}
	head := c.head()
	for _, tc := range []struct {
		name string
		do   func() error
		want string
	}{
		{"rename: the name it has", rename("甲課", "甲課", day), "INVALID_VALUE input.rename.name"},
		{"rename: nothing", rename("nothing", "x", day), "NOT_FOUND input.rename.organization"},
		{"rename: a person", rename("花子", "x", day), "NOT_FOUND input.rename.organization"},
		{"rename: after the end", rename("旧課", "x", day), "INVALID_DATE input.rename.on"},
		{"rename: long name", rename("甲課", strings.Repeat("長", 501), day), "OUT_OF_RANGE input.rename.name"},
		{"merge: no day", merge(Merger{Originals: ids("甲課"), Into: c.id["丙課"]}, network.PartialDate{}), "REQUIRED input.merge.on"},
		{"merge: unknown day", merge(Merger{Originals: ids("甲課"), Into: c.id["丙課"]}, network.UnknownDate()), "REQUIRED input.merge.on"},
		{"merge: none", merge(Merger{Into: c.id["丙課"]}, day), "OUT_OF_RANGE input.merge.originals"},
		{"merge: too many", merge(Merger{Originals: make([]network.ID, 51), Into: c.id["丙課"]}, day), "OUT_OF_RANGE input.merge.originals"},
		{"merge: one twice", merge(Merger{Originals: ids("甲課", "乙課", "甲課"), Into: c.id["丙課"]}, day), "DUPLICATE input.merge.originals.2"},
		{"merge: into itself", merge(Merger{Originals: ids("甲課", "丙課"), Into: c.id["丙課"]}, day), "DUPLICATE input.merge.originals.1"},
		{"merge: nothing", merge(Merger{Originals: ids("甲課", "nothing"), Into: c.id["丙課"]}, day), "NOT_FOUND input.merge.originals.1"},
		{"merge: a person", merge(Merger{Originals: ids("花子"), Into: c.id["丙課"]}, day), "NOT_FOUND input.merge.originals.0"},
		{"merge: what is over", merge(Merger{Originals: ids("旧課"), Into: c.id["丙課"]}, day), "INVALID_DATE input.merge.originals.0"},
		{"merge: into what is over", merge(Merger{Originals: ids("甲課"), Into: c.id["旧課"]}, day), "INVALID_DATE input.merge.into"},
		{"merge: into nothing", merge(Merger{Originals: ids("甲課"), Into: "nothing"}, day), "NOT_FOUND input.merge.into"},
		{"merge: into a post", merge(Merger{Originals: ids("甲課"), Into: c.id["委員"]}, day), "NOT_FOUND input.merge.into"},
		{"merge: into a new person", merge(Merger{Originals: ids("甲課"), New: record("Person", m{"name": "x"})}, day), "INVALID_VALUE input.new"},
		{"merge: into neither", merge(Merger{Originals: ids("甲課")}, day), "INVALID_VALUE"},
		{"merge: new one at fault", merge(Merger{Originals: ids("甲課"), New: record("School", m{"name": "x", "colour": 1})}, day), "UNKNOWN_FIELD input.new.colour"},
		{"merge: new one without a name", merge(Merger{Originals: ids("甲課"), New: record("School", m{})}, day), "REQUIRED input.new.name"},
		{"split: into one", split(Split{Original: c.id["甲課"], New: []NewRecord{north}, Heir: -1}), "OUT_OF_RANGE input.split.into"},
		{"split: into many", split(Split{Original: c.id["甲課"], New: slices.Repeat([]NewRecord{north}, 21), Heir: -1}), "OUT_OF_RANGE input.split.into"},
		{"split: heir of none", split(Split{Original: c.id["甲課"], New: []NewRecord{north, south}, Heir: 2}), "OUT_OF_RANGE input.split.heir"},
		{"split: heir before the first", split(Split{Original: c.id["甲課"], New: []NewRecord{north, south}, Heir: -2}), "OUT_OF_RANGE input.split.heir"},
		{"split: nothing", split(Split{Original: "nothing", New: []NewRecord{north, south}, Heir: -1}), "NOT_FOUND input.split.original"},
		{"split: what is over", split(Split{Original: c.id["旧課"], New: []NewRecord{north, south}, Heir: -1}), "INVALID_DATE input.split.original"},
		{"split: both at fault", split(Split{Original: c.id["甲課"], New: []NewRecord{record("Topic", m{"name": "x"}), record("School", m{"x": 1})}, Heir: -1}), "INVALID_VALUE input.new, UNKNOWN_FIELD input.new.x"},
	} {
		c.wants(tc.name, tc.do(), tc.want)
	}
	c.in = Intent{Viewer: network.Viewer{Role: network.RoleAnalyst}}
	c.wants("viewer", rename("甲課", "x", day)(), "FORBIDDEN")
	if c.head() != head {
		t.Error("something was written")
	}
}

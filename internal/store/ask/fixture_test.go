package ask_test

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
	"github.com/musubi-map/musubi/internal/store/memory"
)

var (
	today = network.MustDate("2024-02-01")
	admin = network.Admin("test")
)

type fields = map[string]any

func record(kind, id string, f fields) *network.Record {
	return &network.Record{ID: network.ID(id), Kind: kind, Fields: f}
}

func day(s string) network.PartialDate { return network.MustPartialDate(s) }

func ids(names ...string) []network.ID {
	var out []network.ID
	for _, n := range names {
		out = append(out, network.ID(n))
	}
	return out
}

// small is an invented map: a board with a section, a school, a company, two
// people, an initiative with its roles.
func small(t testing.TB) store.Store {
	t.Helper()
	s := memory.New(memory.Options{})
	b := &store.Batch{Actor: "test"}
	for _, r := range []*network.Record{
		record("Topic", "careers", fields{"name": "キャリア教育"}),
		record("CityDepartment", "board", fields{"name": "教育委員会", "staff": int64(50), "aliases": []string{"教委", "Board"}}),
		record("CityDepartment", "section", fields{"name": "学び推進課", "names": []network.DatedValue{
			{Value: "教務課", Extra: "きょうむか", Span: network.Span{From: day("2010-04-01"), Until: day("2023-04-01")}},
			{Value: "学び推進課", Extra: "まなびすいしんか", Note: "改称", Span: network.Span{From: day("2023-04-01")}},
		}}),
		record("School", "school", fields{"name": "東小学校", "level": "ELEMENTARY", "staff": int64(30), "topics": ids("careers")}),
		record("Company", "company", fields{"name": "塩屋商店"}),
		record("Company", "secret", fields{"name": "限定商事", "visibility": "RESTRICTED"}),
		record("Person", "hana", fields{"name": "架空花子（架空）"}),
		record("CareerConsultant", "jun", fields{"name": "架空順（架空）", "registrationNumber": "21012345", "registrationExpires": day("FY2025"), "specialties": ids("careers")}),
		record("Post", "head", fields{"name": "課長", "organization": network.ID("section")}),
		record("Post", "chair", fields{"name": "議長", "organization": network.ID("secret")}),
		record("Occupancy", "past", fields{"person": network.ID("jun"), "post": network.ID("head"), "from": day("2020-04-01"), "until": day("2022-04-01")}),
		record("Occupancy", "now", fields{"person": network.ID("hana"), "post": network.ID("head"), "from": day("2022-04-01"), "onBehalfOf": network.ID("board")}),
		record("Occupancy", "next", fields{"person": network.ID("jun"), "post": network.ID("head"), "from": day("2024-04-01")}),
		record("Initiative", "salon", fields{"name": "語り場", "parties": ids("school", "hana", "secret", "company")}),
		record("Activity", "host", fields{"name": "会場", "initiative": network.ID("salon"), "position": int64(2)}),
		record("Activity", "news", fields{"name": "広報", "initiative": network.ID("salon"), "position": int64(1)}),
		record("RoleAssignment", "r-post", fields{"holder": network.ID("head"), "activity": network.ID("host"), "responsibility": "RESPONSIBLE", "status": "AGREED"}),
		record("RoleAssignment", "r-school", fields{"holder": network.ID("school"), "activity": network.ID("host"), "responsibility": "ACCOUNTABLE", "status": "PROPOSED"}),
		record("RoleAssignment", "r-hana", fields{"holder": network.ID("hana"), "activity": network.ID("host"), "responsibility": "CONSULTED", "status": "AGREED"}),
		record("Event", "forum", fields{"name": "集い", "date": day("2024-03"), "online": true}),
		record("Tie", "t-knows", fields{"kind": "KNOWS", "subject": network.ID("hana"), "object": network.ID("jun"), "strength": int64(4), "lastContact": day("2024-01")}),
		record("Tie", "t-support", fields{"kind": "SUPPORTS", "subject": network.ID("company"), "object": network.ID("school"), "strength": int64(2), "doNotAsk": true}),
		record("Tie", "t-ended", fields{"kind": "ADVISES", "subject": network.ID("jun"), "object": network.ID("school"), "until": day("2023-04-01")}),
		record("Tie", "t-part", fields{"kind": "PART_OF", "subject": network.ID("section"), "object": network.ID("board")}),
	} {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
	}
	if _, err := s.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return s
}

// scan reads one selection.
func scan(t testing.TB, s *ask.Sel, opts ...ask.Option) []ask.Row {
	t.Helper()
	q := ask.New(admin, today)
	a := q.Scan(s, opts...)
	run(t, q)
	return a.Rows()
}

// byID reads one record.
func byID(t testing.TB, s *ask.Sel, id network.ID) ask.Row {
	t.Helper()
	q := ask.New(admin, today)
	a := q.ByID(s, id)
	run(t, q)
	return a.First()
}

func run(t testing.TB, q *ask.Query) {
	t.Helper()
	if _, err := q.Run(t.Context(), small(t)); err != nil {
		t.Fatal(err)
	}
}

// listed are the IDs of rows, in their order.
func listed(rows []ask.Row) string {
	var out []string
	for _, r := range rows {
		out = append(out, string(r.ID()))
	}
	return strings.Join(out, " ")
}

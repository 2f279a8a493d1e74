// Package verifytest makes a small map with every sort of history, for tests of
// what keeps, copies and verifies maps.
package verifytest

import (
	"context"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Revision is the one that [Fill] leaves a store at.
const Revision = 8

type fields = map[string]any

func day(text string) network.PartialDate { return network.MustPartialDate(text) }

func rec(kind string, id network.ID, f fields) *network.Record {
	return &network.Record{ID: id, Kind: kind, Fields: f}
}

// Fill commits the map to an empty store: records with every type of field,
// dates of every precision, all actions, records that change their kind or are
// withdrawn, parallel ties, receipts of writes and of writes that changed nothing.
func Fill(ctx context.Context, s store.Store) error {
	for i, b := range batches() {
		b.At = time.Date(2024, 2, 1, 3, i, 0, 1000*i, time.UTC)
		if _, err := s.Apply(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func batches() []*store.Batch {
	school := fields{"name": "架空小学校", "nameKana": "かくうしょうがっこう", "schoolCode": "B120221500026", "level": "ELEMENTARY", "importKey": "school-1",
		"area": network.ID("area"), "topics": []network.ID{"career", "work"}, "aliases": []string{"架空小", "Kakū"}, "staff": int64(30), "from": day("FY1950"),
		"names": []network.DatedValue{{Value: "架空尋常小学校", Extra: "かくうじんじょう", Span: network.Span{Until: day("1947-04")}},
			{Value: "架空小学校", Extra: "かくうしょうがっこう", Span: network.Span{From: day("1947-04")}}}}
	renamed := fields{"name": "架空学園", "nameKana": "かくうがくえん", "schoolCode": "B120221500026", "importKey": "school-1", "area": network.ID("area"),
		"topics": []network.ID{"work"}, "staff": int64(0), "website": "https://school.example", "visibility": "PUBLIC"}
	person := fields{"name": "架空 花子（架空）", "nameKana": "かくう はなこ", "contact": "hanako@school.example", "visibility": "MEMBERS"}
	licensed := fields{"name": "架空 花子（架空）", "nameKana": "かくう はなこ", "registrationNumber": "21012345", "specialties": []network.ID{"career"}, "visibility": "COORDINATORS"}
	tie := func(from, until string) fields {
		f := fields{"kind": "SUPPORTS", "subject": network.ID("company"), "object": network.ID("school"), "strength": int64(3), "doNotAsk": true, "from": day(from)}
		if until != "" {
			f["until"] = day(until)
		}
		return f
	}
	create := func(rs ...*network.Record) (out []store.Write) {
		for _, r := range rs {
			out = append(out, store.Write{Action: store.Create, After: r})
		}
		return out
	}
	receipt := func(key string) *store.Receipt {
		return &store.Receipt{Key: key, Fingerprint: "print of " + key, Outcome: `{"of":"` + key + `"}`}
	}
	return []*store.Batch{
		{Actor: "先", Receipt: receipt("before anything")},
		{Actor: "a1", Reason: "取込", Receipt: receipt("import"), Writes: create(
			rec("Area", "area", fields{"name": "架空市", "level": "MUNICIPALITY", "areaCode": "202151"}),
			rec("Topic", "career", fields{"name": "キャリア教育"}), rec("Topic", "work", fields{"name": "働き方", "broader": network.ID("career")}),
			rec("School", "school", school), rec("School", "bare", fields{"name": "無印", "importKey": "school-2"}), rec("Company", "company", fields{"name": "㈱架空ラボ"}))},
		{Actor: "a2", Reason: "聞き取り\n二行目", Writes: create(
			rec("Person", "person", person), rec("Post", "post", fields{"name": "担当", "organization": network.ID("school")}),
			rec("Occupancy", "seat", fields{"person": network.ID("person"), "post": network.ID("post"), "from": day("2022")}),
			rec("Tie", "tie-1", tie("2022-04", "")), rec("Tie", "tie-2", tie("unknown", "2023-04-01")),
			rec("Source", "source", fields{"name": "聞き取り", "sourceType": "STATEMENT"}),
			rec("Claim", "claim", fields{"record": network.ID("tie-1"), "source": network.ID("source"), "field": "strength", "value": "3"}))},
		{Actor: "a1", Receipt: receipt("nothing")},
		{Actor: "a1", Receipt: receipt("rename"), Writes: []store.Write{{Action: store.Update, IfVersion: 1, After: rec("School", "school", renamed)}}},
		{Writes: []store.Write{{Action: store.End, IfVersion: 1, After: rec("Tie", "tie-1", tie("2022-04", "2024-01-31"))}}},
		{Actor: "a2", Writes: []store.Write{{Action: store.Restore, IfVersion: 2, After: rec("Tie", "tie-1", tie("2022-04", ""))}}},
		{Actor: "a2", Reason: "登録", Writes: append(create(rec("Topic", "later", fields{"name": "後"})),
			store.Write{Action: store.Update, IfVersion: 1, After: rec("CareerConsultant", "person", licensed)})},
		{Actor: "a2", Receipt: receipt("nothing")},
		{Actor: "a1", Receipt: receipt("nothing either")},
		{Actor: "a1", Reason: "誤り", Writes: []store.Write{
			{Action: store.Withdraw, IfVersion: 1, After: rec(network.WithdrawnRecord, "later", fields{"wasKind": "Topic", "was": `{"name":"後"}`, "into": network.ID("work")})},
			{Action: store.Withdraw, IfVersion: 1, After: rec(network.WithdrawnRecord, "tie-2", fields{"wasKind": "Tie", "was": "{}", "visibility": "MEMBERS"})}}},
		{Actor: "a1", Writes: []store.Write{{Action: store.Restore, IfVersion: 2, After: rec("Tie", "tie-2", tie("unknown", "2023-04-01"))}}},
	}
}

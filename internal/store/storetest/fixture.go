package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// noon is when the fixture was entered.
var noon = time.Date(2024, 2, 1, 3, 0, 0, 0, time.UTC)

// fields are what a test gives of a record. Values may be written plainly:
// int for int64, a string for a date or a reference, []string for references.
type fields map[string]any

// rec makes a record of a kind.
func rec(kind, id string, f fields) *network.Record {
	k := network.MustKind(kind)
	r := &network.Record{ID: network.ID(id), Kind: kind, Fields: map[string]any{}}
	for name, v := range f {
		spec := k.Field(name)
		if spec == nil {
			panic("storetest: no field " + kind + "." + name)
		}
		r.Fields[name] = valueOf(spec, v)
	}
	return r
}

func valueOf(f *network.Field, v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case string:
		switch f.Type {
		case network.Dated:
			return network.MustPartialDate(v)
		case network.Ref, network.RecordID:
			return network.ID(v)
		}
	case []string:
		if f.Type == network.Refs {
			ids := make([]network.ID, len(v))
			for i, s := range v {
				ids[i] = network.ID(s)
			}
			return ids
		}
	}
	return v
}

// past is an entry of a history: value, extra, from, until.
func past(value, extra, from, until string) network.DatedValue {
	return network.DatedValue{Value: value, Extra: extra, Span: network.Span{
		From: network.MustPartialDate(from), Until: network.MustPartialDate(until)}}
}

func tie(id, kind, subject, object string, f fields) *network.Record {
	all := fields{"kind": kind, "subject": subject, "object": object}
	for k, v := range f {
		all[k] = v
	}
	return rec("Tie", id, all)
}

// creation is a batch that enters the records.
func creation(records ...*network.Record) *store.Batch {
	b := &store.Batch{Actor: "tester", Reason: "入力", At: noon}
	for _, r := range records {
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
	}
	return b
}

// apply commits or fails the test.
func apply(t testing.TB, s store.Store, b *store.Batch) int64 {
	t.Helper()
	a, err := s.Apply(context.Background(), b)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return a.Revision
}

// opened gives a store whose closing the test sees to, with records in it.
func opened(t testing.TB, open func(testing.TB) store.Store, records ...*network.Record) store.Store {
	t.Helper()
	s := open(t)
	if len(records) > 0 {
		apply(t, s, creation(records...))
	}
	return s
}

// fixture is a small invented map: every kind, every level of visibility, ties
// that ended, have not begun, run in parallel, are mutual, have unknown dates.
func fixture() []*network.Record {
	var out []*network.Record
	for _, part := range [][]*network.Record{places(), organizations(), people(), work(), evidence(), edges()} {
		out = append(out, part...)
	}
	return out
}

func places() []*network.Record {
	return []*network.Record{
		rec("Area", "area-pref", fields{"name": "架空県", "nameKana": "かくうけん", "level": "PREFECTURE", "areaCode": "200000"}),
		rec("Area", "area-city", fields{"name": "塩山市", "nameKana": "しおやまし", "level": "MUNICIPALITY", "areaCode": "202151", "parent": "area-pref"}),
		rec("Area", "area-inn", fields{"name": "宿場", "nameKana": "しゅくば", "level": "LOCALITY", "parent": "area-city"}),
		rec("Area", "area-secret", fields{"name": "非公開地区", "level": "LOCALITY", "parent": "area-city", "visibility": "RESTRICTED"}),
		rec("Area", "area-deep", fields{"name": "奥地", "nameKana": "おくち", "level": "LOCALITY", "parent": "area-secret"}),
		rec("Topic", "topic-edu", fields{"name": "教育", "nameKana": "きょういく"}),
		rec("Topic", "topic-career", fields{"name": "キャリア教育", "nameKana": "きゃりあきょういく", "broader": "topic-edu"}),
		rec("Topic", "topic-work", fields{"name": "働き方", "nameKana": "はたらきかた", "aliases": []string{"ワークスタイル"}}),
		rec("Facility", "hub", fields{"name": "結びの家", "nameKana": "むすびのいえ", "area": "area-inn", "facilityType": "INNOVATION_HUB", "address": "宿場1"}),
	}
}

func organizations() []*network.Record {
	return []*network.Record{
		rec("School", "s-east", fields{"name": "東小学校", "nameKana": "ひがししょうがっこう", "schoolCode": "B120221500026", "level": "ELEMENTARY", "establisher": "PUBLIC",
			"area": "area-city", "staff": 30, "topics": []string{"topic-work", "topic-career"}, "from": "1950-04-01", "importKey": "row-1", "aliases": []string{"東小", "East School"}, "website": "https://east.example"}),
		rec("School", "s-inn", fields{"name": "宿場中学校", "nameKana": "しゅくばちゅうがっこう", "level": "JUNIOR_HIGH", "establisher": "PUBLIC", "area": "area-inn", "staff": 12, "from": "2010"}),
		rec("School", "s-deep", fields{"name": "奥地高校", "nameKana": "おくちこうこう", "level": "HIGH", "establisher": "PRIVATE", "area": "area-deep", "staff": 30}),
		rec("School", "s-bare", fields{"name": "無印学校"}),
		rec("School", "s-closed", fields{"name": "閉校小学校", "nameKana": "へいこうしょうがっこう", "level": "ELEMENTARY", "until": "2023-04-01"}),
		rec("School", "s-future", fields{"name": "未来小学校", "nameKana": "みらいしょうがっこう", "level": "ELEMENTARY", "from": "2025-04-01"}),
		rec("School", "s-hidden", fields{"name": "秘密学校", "nameKana": "ひみつがっこう", "level": "HIGH", "area": "area-city", "visibility": "COORDINATORS"}),
		rec("CityDepartment", "d-learn", fields{"name": "学び推進課", "nameKana": "まなびすいしんか", "aliases": []string{"学推"}, "staff": 8, "area": "area-city", "contact": "内線 100",
			"names": []network.DatedValue{past("教務課", "きょうむか", "2010-04-01", "2023-04-01"), past("学び推進課", "まなびすいしんか", "2023-04-01", "")}}),
		rec("CityDepartment", "d-board", fields{"name": "教育委員会", "nameKana": "きょういくいいんかい", "staff": 50}),
		rec("Company", "c-career", fields{"name": "㈱キャリアラボ", "nameKana": "ｷｬﾘｱラボ", "corporateNumber": "3000020202151", "industry": "教育", "area": "area-city", "topics": []string{"topic-career"}}),
		rec("Company", "c-salt", fields{"name": "塩屋商店", "nameKana": "しおやしょうてん", "industry": "小売", "area": "area-inn", "from": "FY2000", "staff": 3}),
		rec("Company", "c-members", fields{"name": "会員製作所", "nameKana": "かいいんせいさくしょ", "industry": "製造", "visibility": "MEMBERS"}),
		rec("Company", "c-admin", fields{"name": "限定商事", "nameKana": "げんていしょうじ", "visibility": "RESTRICTED", "area": "area-city"}),
		rec("Council", "k-eval", fields{"name": "評価委員会", "nameKana": "ひょうかいいんかい", "councilType": "COMMITTEE"}),
		rec("OtherOrganization", "o-chamber", fields{"name": "架空商工会議所", "nameKana": "かくうしょうこうかいぎしょ", "organizationType": "CHAMBER_OF_COMMERCE", "corporateNumber": "3000020202151"}),
	}
}

func people() []*network.Record {
	return []*network.Record{
		rec("Person", "p-hana", fields{"name": "架空花子", "nameKana": "かくうはなこ", "contact": "hana@example.org", "residence": "area-inn", "origin": "area-pref", "qualifications": []string{"社会保険労務士", "図書館司書"}}),
		rec("Person", "p-taro", fields{"name": "架空太郎", "nameKana": "かくうたろう", "residence": "area-city", "origin": "area-secret"}),
		rec("Person", "p-hidden", fields{"name": "非公開次郎", "nameKana": "ひこうかいじろう", "visibility": "RESTRICTED"}),
		rec("CareerConsultant", "p-jun", fields{"name": "架空順", "nameKana": "かくうじゅん", "registrationNumber": "21012345", "registrationExpires": "2026-03-31",
			"specialties": []string{"topic-work", "topic-career"}, "regions": []string{"area-city", "area-inn"}, "area": "area-city", "availability": "平日夜"}),
		rec("Post", "post-chair", fields{"name": "委員長", "nameKana": "いいんちょう", "organization": "k-eval", "termYears": 2}),
		rec("Post", "post-seat", fields{"name": "委員", "nameKana": "いいん", "organization": "k-eval"}),
		rec("Post", "post-head", fields{"name": "課長", "nameKana": "かちょう", "organization": "d-learn"}),
		rec("Occupancy", "occ-1", fields{"person": "p-hana", "post": "post-chair", "from": "2022-04-01", "onBehalfOf": "c-salt", "status": "CONFIRMED"}),
		rec("Occupancy", "occ-2", fields{"person": "p-hana", "post": "post-chair", "from": "2023-04", "onBehalfOf": "c-admin"}),
		rec("Occupancy", "occ-3", fields{"person": "p-taro", "post": "post-chair", "from": "2020-04-01", "until": "2022-04-01"}),
		rec("Occupancy", "occ-4", fields{"person": "p-taro", "post": "post-head", "visibility": "COORDINATORS"}),
		rec("Occupancy", "occ-5", fields{"person": "p-jun", "post": "post-seat", "from": "2024-04-01"}),
	}
}

package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Canary stands in every text of [Erasable]; a store in which a person was erased
// holds it nowhere. It is long enough to be kept as it is by any engine.
const Canary = "かなりあ-CANARY-7F3A9C51E0D24B68"

// Erasable enters a map in which a person has texts, a history, a tie, a statement, a
// need and a record that was merged into them, all with the canary, beside a company
// of which the log says as much as before. It gives what erases the person.
func Erasable(t testing.TB, s store.Store) *store.Batch {
	t.Helper()
	say := func(what string) string { return Canary + " " + what }
	person := func(more fields) *network.Record {
		f := fields{"name": say("花子"), "nameKana": say("はなこ"), "description": say("説明"), "contact": say("連絡先"), "importKey": say("鍵"), "aliases": []string{say("別名")},
			"names": []network.DatedValue{past(say("旧姓"), say("きゅうせい"), "2000", "2010")}, "residence": "inn", "topics": []string{"topic"}, "qualifications": []string{say("資格")},
			"registrationNumber": "C7F3A9C51E0D24B68", "consentPurpose": say("目的"), "consentGiven": "2020-04-01", "from": "2001", "visibility": "MEMBERS"}
		for name, v := range more {
			f[name] = v
		}
		return rec("CareerConsultant", "who", f)
	}
	twin := rec("Person", "twin", fields{"name": say("重複"), "contact": say("重複")})
	told := rec("Tie", "tie", fields{"kind": "KNOWS", "subject": "who", "object": "company", "strength": 3, "description": say("関係"), "importKey": say("関係の鍵")})
	claim := rec("Claim", "claim", fields{"record": "who", "field": "contact", "value": say("根拠"), "source": "source", "saidBy": say("発言者"), "note": say("備考")})
	need := rec("Need", "need", fields{"stakeholder": "who", "topic": "topic", "description": say("困りごと")})
	first := creation(rec("Area", "inn", fields{"name": "宿場", "level": "LOCALITY"}), rec("Topic", "topic", fields{"name": "題"}), rec("Source", "source", fields{"name": "聞き取り", "sourceType": "HEARING"}),
		rec("Company", "company", fields{"name": "会社"}), person(nil), twin, told, claim, need)
	first.Reason = say("理由")
	first.Receipt = &store.Receipt{Key: "first", Fingerprint: say("指紋"), Outcome: "{}"}
	apply(t, s, first)
	apply(t, s, batch(update(1, person(fields{"contact": say("新しい連絡先"), "registrationNumber": "D7F3A9C51E0D24B68"}))))
	merged := rec(network.WithdrawnRecord, "twin", fields{"wasKind": "Person", "was": marshalled(t, twin), "into": "who", "importKey": say("重複の鍵")})
	apply(t, s, batch(store.Write{Action: store.Withdraw, IfVersion: 1, After: merged}, update(1, rec("Company", "company", fields{"name": "会社", "staff": 3}))))
	return erasing(noon.Add(time.Hour), s)
}

// erasing is the batch that erases all that Erasable entered about the person.
func erasing(at time.Time, s store.Store) *store.Batch {
	keys := []store.Key{{ID: "who"}, {ID: "twin"}, {ID: "tie"}, {ID: "claim"}, {ID: "need"}}
	found, err := s.Load(context.Background(), network.Admin(""), keys)
	if err != nil {
		panic(err)
	}
	b := &store.Batch{Actor: "eraser", Reason: "本人の請求", At: at}
	for _, r := range found {
		b.Writes = append(b.Writes, store.Replace(store.Erase, r, r.Blank(network.DateOf(at.In(network.Tokyo)))))
	}
	return b
}

// testErasing asks whether anything is left of what was erased.
func testErasing(t *testing.T, open func(testing.TB) store.Store) {
	s := writer{opened(t, open)}
	b := Erasable(t, s)
	if found := saysCanary(t, s); !found {
		t.Fatal("the canary is not found before: the test sees nothing")
	}
	s.refused(t, &store.Batch{Writes: []store.Write{{Action: store.Erase, IfVersion: 2, After: s.load(t, "who")}}}, network.InvalidValue, "writes")
	revision := apply(t, s, b)

	t.Run("IsItSaidAnywhere", func(t *testing.T) {
		if saysCanary(t, s) {
			t.Error("the canary is still there")
		}
	})
	t.Run("WhatIsLeft", func(t *testing.T) {
		day := network.MustPartialDate("2024-02-01")
		same(t, s.load(t, "who").Fields, map[string]any{"name": network.ErasedPerson, "visibility": "MEMBERS", "from": network.MustPartialDate("2001"), "erasedOn": day})
		same(t, s.load(t, "tie").Fields, map[string]any{"kind": "KNOWS", "subject": network.ID("who"), "object": network.ID("company"), "strength": int64(3), "doNotAsk": true})
		same(t, s.load(t, "claim").Fields, map[string]any{"record": network.ID("who"), "source": network.ID("source")})
		same(t, s.load(t, "need").Fields, map[string]any{"stakeholder": network.ID("who"), "topic": network.ID("topic")})
		twin := s.load(t, "twin")
		same(t, twin.Fields, map[string]any{"into": network.ID("who"), "wasKind": "Person", "was": `{"erasedOn":"2024-02-01","name":"消去された人"}`})
		if !twin.Erased() || !s.load(t, "who").Erased() || s.load(t, "tie").Erased() {
			t.Error("who was erased cannot be told")
		}
		r := reader{s: s, viewer: network.Admin(""), asOf: today}
		r.wantSet(t, search(Canary, "CareerConsultant"))
		r.wantSet(t, search(network.ErasedPerson, "CareerConsultant"), "who")
		r.wantSet(t, scan("CareerConsultant").where(store.Has{Source: ties(network.Both).Source, Kinds: kindsOf("Tie"), Quant: store.Some}), "who")
	})
	t.Run("WhatTheLogTells", func(t *testing.T) {
		actions := ""
		for _, c := range logOf(t, s, network.Admin(""), 0) {
			if c.Record == "who" || c.Record == "company" {
				actions += string(c.Action) + " " + c.Reason + " " + c.After.Str("name") + "; "
			}
		}
		same(t, actions, "CREATE  会社; CREATE  消去された人; UPDATE  消去された人; UPDATE  会社; ERASE 本人の請求 消去された人; ")
		last := logOf(t, s, network.Admin(""), revision-1)
		if len(last) != 5 || last[0].Before == nil || !last[0].Before.IsBlank() || last[0].Before.Version != 2 || last[0].After.Version != 3 {
			t.Errorf("%+v", last)
		}
	})
	t.Run("WhoseReceiptTellsNothing", func(t *testing.T) {
		same(t, s.receipt(t, "tester", "first").Fingerprint, "")
	})
	t.Run("WhatWasErasedIsKnown", func(t *testing.T) {
		want := []store.Erasure{{ID: "claim", At: b.At}, {ID: "need", At: b.At}, {ID: "tie", At: b.At}, {ID: "twin", At: b.At}, {ID: "who", At: b.At}}
		s.wantErasures(t, want)
		later, earlier := b.At.Add(time.Hour+time.Nanosecond), b.At.Add(-time.Hour)
		if err := s.AddErasures(context.Background(), []store.Erasure{{ID: "claim", At: later}, {ID: "need", At: earlier}, {ID: "zz", At: earlier}}); err != nil {
			t.Fatal(err)
		}
		want[0].At = later
		s.wantErasures(t, append(want, store.Erasure{ID: "zz", At: earlier}))
	})
	t.Run("MayItBeErasedAgain", func(t *testing.T) {
		now := s.load(t, "tie")
		now.Fields["description"] = Canary
		apply(t, s, batch(update(2, now)))
		apply(t, s, erasing(b.At.Add(2*time.Hour), s))
		if saysCanary(t, s) {
			t.Error("the canary is still there")
		}
		same(t, s.load(t, "who").Fields["erasedOn"], network.MustPartialDate("2024-02-01"))
	})
	t.Run("MayTheFilesBeCleaned", func(t *testing.T) {
		if _, err := s.Scrub(context.Background()); err != nil {
			t.Error(err)
		}
		if _, err := s.Head(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func (s writer) wantErasures(t *testing.T, want []store.Erasure) {
	t.Helper()
	got, err := s.Erasures(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
}

// saysCanary tells whether the store says the canary in its log, its receipts or its
// records.
func saysCanary(t testing.TB, s store.Store) bool {
	t.Helper()
	var said bytes.Buffer
	put := json.NewEncoder(&said)
	put.SetEscapeHTML(false)
	for _, c := range logOf(t, s, network.Admin(""), 0) {
		_ = put.Encode(c)
		found, err := s.Load(context.Background(), network.Admin(""), []store.Key{{ID: c.Record}, {ID: c.ID()}})
		if err != nil {
			t.Fatal(err)
		}
		_ = put.Encode(found)
	}
	for r, err := range s.Receipts(context.Background(), -1) {
		if err != nil {
			t.Fatal(err)
		}
		_ = put.Encode(r)
	}
	return strings.Contains(said.String(), "7F3A9C51E0D24B68")
}

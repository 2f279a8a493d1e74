package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// writer is a store with one school and one company, fresh for a test.
type writer struct{ store.Store }

func testWrites(t *testing.T, open func(testing.TB) store.Store) {
	t.Run("IsAnEmptyStoreAtRevisionZero", func(t *testing.T) { emptyStore(t, opened(t, open)) })
	s := writer{opened(t, open,
		rec("School", "school", fields{"name": "学校", "schoolCode": "B120221500026", "importKey": "row-1"}),
		rec("Company", "company", fields{"name": "会社", "corporateNumber": "3000020202151"}))}
	t.Run("WhatIsRefusedAndIsNothingLeftOfIt", s.refusals)
	t.Run("DoForwardReferencesInABatchWork", s.forwardReferences)
	t.Run("MayTwoKindsShareAKeyOrCode", s.sharedKeys)
	t.Run("MayACodeChangeHandsInOneBatch", s.codeChangesHands)
	t.Run("WhatDoesAnEmptyBatchDo", s.emptyBatch)
	t.Run("DoesTheVersionCount", s.versions)
	t.Run("DoesARecordKeepItsLinksWhenItsKindChanges", s.kindChanges)
	t.Run("IsWhatIsWithdrawnOutOfTheWay", s.withdrawals)
	t.Run("WhatIsABatchDecidedOn", s.decisions)
	t.Run("MayAWriterTellWhatWasBefore", s.tellsBefore)
}

func emptyStore(t *testing.T, s store.Store) {
	if head, err := s.Head(context.Background()); head != 0 || err != nil {
		t.Errorf("head %d, %v", head, err)
	}
	r := reader{s: s, viewer: network.Admin(""), asOf: today}
	r.wantValue(t, scan(network.NodeInterface).total().page(10), []any{[]any{}, 0, nil})
	if n := len(logOf(t, s, network.Admin(""), 0)); n != 0 {
		t.Errorf("%d changes", n)
	}
	if g := r.network(t, &store.SubgraphQuery{}); len(g.Nodes)+len(g.Ties) != 0 {
		t.Errorf("network %+v", g)
	}
}

// load reads one record as an admin; nil when there is none.
func (s writer) load(t testing.TB, id network.ID) *network.Record {
	t.Helper()
	got, err := s.Load(context.Background(), network.Admin(""), []store.Key{{ID: id}})
	if err != nil || len(got) != 1 {
		t.Fatalf("load %s: %d records, %v", id, len(got), err)
	}
	return got[0]
}

func update(version int64, after *network.Record) store.Write {
	return store.Write{Action: store.Update, IfVersion: version, After: after}
}

func batch(writes ...store.Write) *store.Batch {
	return &store.Batch{Actor: "tester", Reason: "変更", At: noon, Writes: writes}
}

func (s writer) refusals(t *testing.T) {
	school := func(id, name string, more fields) *network.Record {
		f := fields{"name": name}
		for k, v := range more {
			f[k] = v
		}
		return rec("School", id, f)
	}
	for _, c := range []struct {
		name  string
		batch *store.Batch
		code  network.ErrorCode
		path  string // must occur in the path
	}{
		{"an update of an old version", batch(update(7, school("school", "別名", nil))), network.Conflict, ""},
		{"a create on a taken ID", creation(school("school", "別名", nil)), network.Conflict, ""},
		{"a create on the ID of another kind", creation(rec("Topic", "school", fields{"name": "話題"})), network.Conflict, ""},
		{"a missing single reference", creation(school("x", "x", fields{"area": "nowhere"})), network.NotFound, "area"},
		{"one missing of several", creation(rec("Topic", "known", fields{"name": "x"}), school("x", "x", fields{"topics": []string{"known", "nowhere"}})), network.NotFound, "topics"},
		{"a missing end of a tie", creation(tie("x", "SUPPORTS", "school", "nowhere", nil)), network.NotFound, "object"},
		{"a claim about nothing", creation(rec("Source", "known", fields{"name": "x", "sourceType": "DOCUMENT"}), rec("Claim", "x", fields{"record": "nowhere", "source": "known"})), network.NotFound, "record"},
		{"a duplicate code", creation(school("x", "x", fields{"schoolCode": "B120221500026"})), network.Duplicate, "schoolCode"},
		{"a duplicate import key", creation(school("x", "x", fields{"importKey": "row-1"})), network.Duplicate, "importKey"},
		{"a code twice in a batch", creation(rec("Area", "x", fields{"name": "x", "level": "MUNICIPALITY", "areaCode": "202151"}), rec("Area", "y", fields{"name": "y", "level": "MUNICIPALITY", "areaCode": "202151"})), network.Duplicate, "areaCode"},
		{"a tie between kinds it does not join", creation(tie("x", "EMPLOYS", "school", "company", nil)), network.TieNotAllowed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.batch.Writes = append([]store.Write{{Action: store.Create, After: rec("Topic", "innocent", fields{"name": "道連れ"})}}, c.batch.Writes...)
			s.refused(t, c.batch, c.code, c.path)
		})
	}
	t.Run("an update of nothing", func(t *testing.T) {
		_, err := s.Apply(context.Background(), batch(update(1, school("nobody", "x", nil))))
		if c := network.CodeOf(err); c != network.NotFound && c != network.Conflict {
			t.Errorf("error %v (%s)", err, c)
		}
	})
	// These fail too; the contract does not say with which code.
	for name, b := range map[string]*store.Batch{
		"an ID twice in a batch":               creation(school("x", "x", nil), school("x", "y", nil)),
		"a reference to a record of no target": creation(school("x", "x", fields{"area": "company"})),
		"a tie to what is no stakeholder":      creation(school("x", "x", nil), rec("Topic", "y", fields{"name": "y"}), tie("z", "SUPPORTS", "x", "y", nil)),
		"an entry of the log":                  creation(school("x", "x", nil), rec(network.ChangeRecord, "y", fields{"reason": "偽"})),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.Apply(context.Background(), b); err == nil || network.CodeOf(err) == network.Internal {
				t.Errorf("error %v", err)
			}
			if s.load(t, "x") != nil {
				t.Error("something of the batch was written")
			}
		})
	}
}

func (s writer) refused(t *testing.T, b *store.Batch, code network.ErrorCode, path string) {
	t.Helper()
	before, _ := s.Head(context.Background())
	_, err := s.Apply(context.Background(), b)
	if got := network.CodeOf(err); got != code {
		t.Errorf("error %v (%s), want %s", err, got, code)
	}
	var e *network.Error
	if path != "" && errors.As(err, &e) && !slices.Contains(e.Path, path) {
		t.Errorf("path %q does not name %s", e.Path, path)
	}
	if after, _ := s.Head(context.Background()); after != before {
		t.Errorf("head went from %d to %d", before, after)
	}
	if s.load(t, "innocent") != nil {
		t.Error("the rest of the batch was written")
	}
	if n := len(logOf(t, s, network.Admin(""), before)); n != 0 {
		t.Errorf("%d entries in the log", n)
	}
}

func (s writer) forwardReferences(t *testing.T) {
	apply(t, s, creation(
		tie("fwd-tie", "SUPPORTS", "fwd-a", "fwd-b", nil),
		rec("Claim", "fwd-claim", fields{"record": "fwd-tie", "source": "fwd-source"}),
		rec("School", "fwd-a", fields{"name": "前", "area": "fwd-area"}),
		rec("Area", "fwd-area", fields{"name": "後", "level": "LOCALITY", "parent": "fwd-area2"}),
		rec("Area", "fwd-area2", fields{"name": "後2", "level": "LOCALITY"}),
		rec("Company", "fwd-b", fields{"name": "次"}),
		rec("Source", "fwd-source", fields{"name": "源", "sourceType": "DOCUMENT"})))
	r := reader{s: s, viewer: network.Admin(""), asOf: today}
	r.wantValue(t, byID("fwd-a").on("School", along("School.area").take("id", along("Area.parent").take("id"))),
		rowsOf(rowOf("School", rowOf("Area", "fwd-area", rowOf("Area", "fwd-area2")))))
}

func (s writer) sharedKeys(t *testing.T) {
	apply(t, s, creation(
		rec("Company", "shared-1", fields{"name": "同じ鍵", "importKey": "row-1"}),
		rec("OtherOrganization", "shared-2", fields{"name": "同じ番号", "organizationType": "OTHER", "corporateNumber": "3000020202151"})))
}

func (s writer) codeChangesHands(t *testing.T) {
	code, key := "B120221500026", "row-1"
	apply(t, s, batch(store.Write{Action: store.Create, After: rec("School", "heir", fields{"name": "継", "schoolCode": code, "importKey": key})},
		update(1, rec("School", "school", fields{"name": "学校"}))))
	apply(t, s, batch(update(2, rec("School", "school", fields{"name": "学校", "schoolCode": code, "importKey": key})),
		update(1, rec("School", "heir", fields{"name": "継"}))))
	same(t, s.load(t, "school").Fields["schoolCode"], code)
}

func (s writer) emptyBatch(t *testing.T) {
	before, _ := s.Head(context.Background())
	a, err := s.Apply(context.Background(), batch())
	if err != nil {
		t.Fatal(err)
	}
	after, _ := s.Head(context.Background())
	if a.Revision != after || after < before || len(logOf(t, s, network.Admin(""), before)) != 0 {
		t.Errorf("revision %d, head from %d to %d", a.Revision, before, after)
	}
}

func (s writer) versions(t *testing.T) {
	head, _ := s.Head(context.Background())
	made := apply(t, s, creation(rec("Topic", "counted", fields{"name": "一"})))
	changed := apply(t, s, batch(update(1, rec("Topic", "counted", fields{"name": "二"}))))
	if made <= head || changed <= made {
		t.Errorf("revisions %d, %d, %d do not rise", head, made, changed)
	}
	if now, _ := s.Head(context.Background()); now != changed {
		t.Errorf("head %d, want %d", now, changed)
	}
	for _, w := range []struct {
		action  store.Action
		version int64
	}{{store.End, 2}, {store.Restore, 3}} {
		apply(t, s, batch(store.Write{Action: w.action, IfVersion: w.version, After: rec("Topic", "counted", fields{"name": "二"})}))
	}
	if got := s.load(t, "counted"); got.Version != 4 || got.Str("name") != "二" {
		t.Errorf("%+v", got)
	}
	res, err := s.Fetch(context.Background(), reader{viewer: network.Admin(""), asOf: today}.plan(byID("counted").take("version")))
	if now, _ := s.Head(context.Background()); err != nil || res.Revision != now {
		t.Fatalf("revision of a read %+v, head %d, %v", res, now, err)
	}
	same(t, res.Values[0], rowsOf(rowOf("Topic", 4)))
}

func (s writer) kindChanges(t *testing.T) {
	apply(t, s, creation(rec("Person", "teacher", fields{"name": "教諭", "importKey": "t-1"}), tie("bond", "SUPPORTS", "teacher", "school", nil)))
	apply(t, s, batch(update(1, rec("CareerConsultant", "teacher", fields{"name": "教諭", "registrationNumber": "99990001"}))))
	r := reader{s: s, viewer: network.Admin(""), asOf: today}
	r.wantList(t, scan("Person").where(hasID("teacher")))
	r.wantValue(t, scan("Individual").where(hasID("teacher")).take("id", "version", "importKey", ties(network.Both).take("id", party(store.Other).take("id"))),
		rowsOf(rowOf("CareerConsultant", "teacher", 2, nil, rowsOf(rowOf("Tie", "bond", rowOf("School", "school"))))))
}

func (s writer) withdrawals(t *testing.T) {
	ctx := context.Background()
	apply(t, s, creation(rec("Company", "firm", fields{"name": "取下商事", "corporateNumber": "7000020010006"}), rec("Person", "founder", fields{"name": "架空 創"}),
		tie("owns", "SUPPORTS", "founder", "firm", fields{"strength": 4}), tie("owns2", "SUPPORTS", "founder", "firm", nil)))
	firm, bond := s.load(t, "firm"), s.load(t, "owns")
	withdrawn := func(r *network.Record) *network.Record {
		data, err := r.MarshalFields()
		if err != nil {
			t.Fatal(err)
		}
		return rec(network.WithdrawnRecord, string(r.ID), fields{"wasKind": r.Kind, "was": string(data), "visibility": "MEMBERS"})
	}
	withdraw := func(r *network.Record) store.Write {
		return store.Write{Action: store.Withdraw, IfVersion: r.Version, After: withdrawn(r)}
	}
	// Nothing may point to what is withdrawn.
	s.refused(t, batch(withdraw(firm), withdraw(bond)), network.TieNotAllowed, "")
	apply(t, s, batch(withdraw(firm), withdraw(bond), withdraw(s.load(t, "owns2"))))
	r := reader{s: s, viewer: network.Admin(""), asOf: today}
	r.wantList(t, scan("Stakeholder").where(hasID("firm")))
	r.wantList(t, scan("Tie").within("", "").where(hasID("owns", "owns2")))
	r.wantValue(t, byID("founder").on("Person", ties(network.Both).take("id")), rowsOf(rowOf("Person", rowsOf())))
	if g := r.network(t, &store.SubgraphQuery{Centers: []network.ID{"founder"}, Hops: 1}); len(g.Nodes) != 1 || len(g.Ties) != 0 {
		t.Errorf("network %+v", g)
	}
	// Its code is free.
	apply(t, s, creation(rec("Company", "firm2", fields{"name": "後継商事", "corporateNumber": "7000020010006"})))
	apply(t, s, batch(update(1, rec("Company", "firm2", fields{"name": "後継商事"}))))
	// It may go to another in the same batch.
	apply(t, s, creation(rec("Company", "firm3", fields{"name": "前任商事", "corporateNumber": "9000020202155"})))
	apply(t, s, batch(update(2, rec("Company", "firm2", fields{"name": "後継商事", "corporateNumber": "9000020202155"})), withdraw(s.load(t, "firm3"))))
	if got := s.load(t, "owns"); got.Kind != network.WithdrawnRecord || got.Version != 2 {
		t.Errorf("%+v", got)
	}
	// Who has not heard of it meets the new version.
	s.refused(t, batch(update(1, bond)), network.Conflict, "")
	s.refused(t, batch(update(1, firm)), network.Conflict, "")
	same(t, len(r.network(t, &store.SubgraphQuery{Centers: []network.ID{"firm"}, Hops: 1}).Nodes), 0)
	restored := func(r *network.Record) store.Write {
		return store.Write{Action: store.Restore, IfVersion: 2, After: r}
	}
	apply(t, s, batch(restored(bond), restored(firm)))
	r.wantValue(t, byID("founder").on("Person", ties(network.Both).take("id", party(store.Other).take("id"))),
		rowsOf(rowOf("Person", rowsOf(rowOf("Tie", "owns", rowOf("Company", "firm"))))))
	if got := s.load(t, "owns"); got.Version != 3 || got.Fields["strength"] != int64(4) {
		t.Errorf("%+v", got)
	}
	entries := 0
	for c, err := range s.Changes(ctx, network.Admin(""), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Record == "owns" {
			entries++
			if c.Action == store.Withdraw && (c.Before.Kind != network.TieRecord || c.After.Kind != network.WithdrawnRecord) {
				t.Errorf("%+v", c)
			}
		}
	}
	same(t, entries, 3)
}

// tellsBefore: a record that the store gave is as good as the version alone, and
// no better when it is old.
func (s writer) tellsBefore(t *testing.T) {
	apply(t, s, creation(rec("Topic", "told", fields{"name": "一", "importKey": "told-1"}), rec("Person", "teller", fields{"name": "架空 語"}),
		tie("telling", "SUPPORTS", "teller", "school", fields{"strength": 2})))
	head, _ := s.Head(context.Background())
	named := func(r *network.Record, field string, v any) *network.Record {
		r = r.Clone()
		r.Fields[field] = v
		return r
	}
	topic, bond := s.load(t, "told"), s.load(t, "telling")
	second := named(topic, "name", "二")
	delete(second.Fields, "importKey")
	apply(t, s, batch(store.Replace(store.Update, topic, second), store.Replace(store.Update, bond, named(bond, "strength", int64(5)))))
	apply(t, s, creation(rec("Topic", "told2", fields{"name": "跡", "importKey": "told-1"}))) // it is free
	var seen []any
	for _, c := range logOf(t, s, network.Admin(""), head) {
		if c.Before != nil {
			seen = append(seen, string(c.Record), c.Before.Version, c.Before.Fields["name"], c.Before.Fields["strength"], c.After.Fields["name"], c.After.Fields["strength"])
		}
	}
	same(t, seen, []any{"told", int64(1), "一", nil, "二", nil, "telling", int64(1), nil, int64(2), nil, int64(5)})

	s.refused(t, batch(store.Replace(store.Update, topic, named(topic, "name", "三"))), network.Conflict, "")
	s.refused(t, batch(store.Replace(store.End, bond, bond)), network.Conflict, "")
	gone := rec("Topic", "never", fields{"name": "無"})
	gone.Version = 1
	s.refused(t, batch(store.Replace(store.Update, gone, gone)), network.NotFound, "id")
	now := s.load(t, "told")
	for _, w := range []store.Write{
		{Action: store.Update, Before: now, After: named(now, "name", "四"), IfVersion: now.Version - 1},
		{Action: store.Update, Before: now, After: rec("Topic", "told2", fields{"name": "四"}), IfVersion: now.Version},
		{Action: store.Create, Before: now, After: named(now, "name", "四")},
	} {
		s.refused(t, batch(w), network.InvalidValue, "")
	}
	// What turns from a tie into none, or back, is told apart by what it was.
	withdrawn := rec(network.WithdrawnRecord, "telling", fields{"wasKind": network.TieRecord, "was": "{}", "visibility": "MEMBERS"})
	was := s.load(t, "telling")
	apply(t, s, batch(store.Replace(store.Withdraw, was, withdrawn)))
	s.refused(t, batch(store.Replace(store.Withdraw, was, withdrawn)), network.Conflict, "")
	apply(t, s, batch(store.Replace(store.Restore, s.load(t, "telling"), was)))
	if got := s.load(t, "telling"); got.Version != 4 || got.Kind != network.TieRecord || got.Fields["strength"] != int64(5) {
		t.Errorf("%+v", got)
	}
}

// decisions: of those who fill a vacant post at once one may.
func (s writer) decisions(t *testing.T) {
	apply(t, s, creation(rec("Person", "p1", fields{"name": "架空 一"}), rec("Person", "p2", fields{"name": "架空 二"}),
		rec("Post", "vacant", fields{"name": "空席", "organization": "school"}), rec("Topic", "elsewhere", fields{"name": "他"})))
	head, _ := s.Head(context.Background())
	seat := func(id, person string) *store.Batch {
		b := creation(rec("Occupancy", id, fields{"person": person, "post": "vacant"}))
		b.Decided = &store.Decided{Revision: head, Records: []network.ID{"vacant"}}
		return b
	}
	apply(t, s, creation(rec("Topic", "elsewhere2", fields{"name": "関わりなし", "broader": "elsewhere"})))
	apply(t, s, seat("seat-1", "p1"))
	s.refused(t, seat("seat-2", "p2"), network.Conflict, "")
	// What pointed there before counts too, and a list does.
	moved := s.load(t, "elsewhere2")
	moved.Fields = fields{"name": "関わりなし"}
	head, _ = s.Head(context.Background())
	apply(t, s, batch(update(1, moved)))
	b := creation(rec("Need", "n-1", fields{"stakeholder": "school", "topic": "elsewhere"}))
	b.Decided = &store.Decided{Revision: head, Records: []network.ID{"elsewhere"}}
	s.refused(t, b, network.Conflict, "")
	head, _ = s.Head(context.Background())
	apply(t, s, creation(rec("Initiative", "w-1", fields{"name": "事業", "parties": []string{"p1", "school"}})))
	b.Decided = &store.Decided{Revision: head, Records: []network.ID{"p1"}}
	s.refused(t, b, network.Conflict, "")
	b.Decided.Revision++
	apply(t, s, b)

	head, _ = s.Head(context.Background())
	second := func(id string) *store.Batch {
		b := creation(rec("Topic", id, fields{"name": "二人が同時に"}))
		b.Decided = &store.Decided{Revision: head, Names: map[store.Name]bool{{Kind: "Topic", Folded: network.Fold("二人が同時ニ")}: true}}
		return b
	}
	apply(t, s, creation(rec("Person", "other-kind", fields{"name": "二人が同時に"})))
	apply(t, s, second("named-1"))
	s.refused(t, second("named-2"), network.Conflict, "")
	renamed := s.load(t, "elsewhere2")
	renamed.Fields = fields{"name": "名を変えた"}
	apply(t, s, batch(update(renamed.Version, renamed)))
	b = creation(rec("Topic", "named-3", fields{"name": "名を変えた"}))
	b.Decided = &store.Decided{Revision: head, Names: map[store.Name]bool{{Kind: "Topic", Folded: "名を変えた"}: true}}
	s.refused(t, b, network.Conflict, "")
}

package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func logOf(t testing.TB, s store.Store, v network.Viewer, since int64) []*store.Change {
	t.Helper()
	var out []*store.Change
	for c, err := range s.Changes(context.Background(), v, since) {
		if err != nil {
			t.Fatalf("changes: %v", err)
		}
		out = append(out, c)
	}
	return out
}

// logged is a store with three revisions: a topic and a company created, the
// topic renamed, the company hidden and a second topic hidden from the start.
func logged(t testing.TB, open func(testing.TB) store.Store) (store.Store, [3]int64) {
	s := opened(t, open)
	var rev [3]int64
	rev[0] = apply(t, s, creation(rec("Topic", "topic", fields{"name": "前"}), rec("Company", "company", fields{"name": "会社", "contact": "0263"})))
	rev[1] = apply(t, s, &store.Batch{Actor: "second", Reason: "改称", At: noon.Add(time.Hour), Writes: []store.Write{update(1, rec("Topic", "topic", fields{"name": "後"}))}})
	rev[2] = apply(t, s, batch(
		store.Write{Action: store.End, IfVersion: 1, After: rec("Company", "company", fields{"name": "会社", "contact": "0263", "until": "2024-04-01", "visibility": "COORDINATORS"})},
		store.Write{Action: store.Create, After: rec("Topic", "secret", fields{"name": "秘", "visibility": "RESTRICTED"})}))
	return s, rev
}

func testLog(t *testing.T, open func(testing.TB) store.Store) {
	s, rev := logged(t, open)
	t.Run("WhoDidWhatWhenAndWhy", func(t *testing.T) {
		all := logOf(t, s, network.Admin(""), 0)
		if len(all) != 5 {
			t.Fatalf("%d entries", len(all))
		}
		c := all[2]
		if c.Revision != rev[1] || c.Actor != "second" || c.Reason != "改称" || !c.At.Equal(noon.Add(time.Hour)) ||
			c.Action != store.Update || c.Record != "topic" || c.Kind != "Topic" {
			t.Errorf("%+v", c)
		}
		if c.Before.Str("name") != "前" || c.After.Str("name") != "後" {
			t.Errorf("before %+v, after %+v", c.Before, c.After)
		}
		if all[0].Before != nil || all[0].After.Str("name") != "前" || all[1].After.Str("contact") != "0263" {
			t.Errorf("%+v %+v", all[0], all[1])
		}
		for i := 1; i < len(all); i++ {
			if store.ChangeID(all[i-1].Revision, all[i-1].Seq) >= store.ChangeID(all[i].Revision, all[i].Seq) {
				t.Errorf("entry %d is not after the one before", i)
			}
		}
	})
	t.Run("WhatHappenedSince", func(t *testing.T) {
		for i, want := range []int{3, 2, 0} {
			if got := len(logOf(t, s, network.Admin(""), rev[i])); got != want {
				t.Errorf("since %d: %d entries, want %d", rev[i], got, want)
			}
		}
	})
	t.Run("CanTheReaderStop", func(t *testing.T) {
		for range s.Changes(context.Background(), network.Admin(""), 0) {
			break
		}
	})
	t.Run("WhoSeesWhichEntries", func(t *testing.T) {
		// Of the company, which is hidden by now, nothing is told.
		for _, c := range []struct {
			role network.Role
			want int
		}{{network.RoleViewer, 2}, {network.RoleAnalyst, 2}, {network.RoleCoordinator, 4}, {network.RoleAdmin, 5}} {
			v := network.Viewer{Role: c.role}
			if got := len(logOf(t, s, v, 0)); got != c.want {
				t.Errorf("%s sees %d entries, want %d", c.role, got, c.want)
			}
			r := reader{s: s, viewer: v, asOf: today}
			same(t, r.list(t, scan(network.ChangeRecord).total()).total, c.want)
		}
	})
	logPlans(t, reader{s: s, viewer: network.Admin(""), asOf: today}, rev)
}

func logPlans(t *testing.T, r reader, rev [3]int64) {
	entry := []any{"record", "recordKind", "revision", "at", "actor", "reason", "action", "before", "after"}
	t.Run("DoesAPlanReadTheLog", func(t *testing.T) {
		r.wantValue(t, scan(network.ChangeRecord).where(eq("Change.revision", rev[1])).take(entry...), rowsOf(
			rowOf("Change", "topic", "Topic", rev[1], "2024-02-01T04:00:00Z", "second", "改称", "UPDATE", []any{`{"name":"前"}`, []any{}, false}, []any{`{"name":"後"}`, []any{}, false})))
	})
	t.Run("DoesALogListPage", func(t *testing.T) {
		p := r.list(t, scan(network.ChangeRecord).order("-revision").page(3).total().take("record", "action"))
		same(t, p.total, 5)
		same(t, p.rows[2:], []any{rowOf("Change", "topic", "UPDATE"), rowOf("Change", "topic", "CREATE")})
	})
	t.Run("WhichChangesHasARecord", func(t *testing.T) {
		changes := reached("Stakeholder", "changes").total().take("action", "revision")
		r.wantValue(t, byID("company").on("Stakeholder", changes), rowsOf(rowOf("Company",
			[]any{[]any{rowOf("Change", "CREATE", rev[0]), rowOf("Change", "END", rev[2])}, 2, nil})))
	})
	t.Run("WhichRecordsDidSomebodyChange", func(t *testing.T) {
		r.wantSet(t, byTopic(eq("Change.actor", "second")), "topic")
	})
}

func byTopic(e store.Expr) *query {
	return scan("Topic").where(some(reached("Topic", "changes"), e))
}

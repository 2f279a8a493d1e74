package memory_test

import (
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// A page that is walked in order is that of the list which is looked through as
// a whole, as it is when it must be counted; also after writes.
func TestIsAWalkedPageThatOfTheWholeList(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s := memory.New(memory.Options{})
	made := storetest.RandomGraph(r, 400)
	if _, err := s.Apply(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	versions := map[network.ID]int64{}
	rows, others := 0, 0
	for n := range 1500 {
		if n%10 == 0 {
			shuffle(t, r, s, made, versions)
		}
		c, v := randomPage(t, r, s)
		walked := fetch(t, s, v, c)
		counted := *c
		counted.Total = true
		whole := fetch(t, s, v, &counted)
		if !reflect.DeepEqual(walked[0], whole[0]) || walked[2] != whole[2] {
			t.Fatalf("round %d, %+v\nwalked %v %v\n whole %v %v", n, c, walked[0], walked[2], whole[0], whole[2])
		}
		rows += len(walked[0].([]any))
		if walked[2] == true {
			others++
		}
	}
	if rows < 1500 || others < 50 {
		t.Errorf("%d rows and %d with others: the test shows little", rows, others)
	}
}

// Lists are made by the readers that come first, while others write.
func TestMayPagesBeWalkedWhileOthersWrite(t *testing.T) {
	s := memory.New(memory.Options{})
	made := storetest.RandomGraph(rand.New(rand.NewPCG(5, 4)), 300)
	if _, err := s.Apply(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 4))
			for range 60 {
				c, v := randomPage(t, r, s)
				fetch(t, s, v, c)
			}
		})
	}
	wait.Go(func() {
		r := rand.New(rand.NewPCG(9, 4))
		versions := map[network.ID]int64{}
		for range 40 {
			shuffle(t, r, s, made, versions)
		}
	})
	wait.Wait()
}

// shuffle gives some records values of others, and withdraws some.
func shuffle(t *testing.T, r *rand.Rand, s *memory.Store, made *store.Batch, versions map[network.ID]int64) {
	for range 5 {
		a, b := made.Writes[r.IntN(len(made.Writes))].After, made.Writes[r.IntN(len(made.Writes))].After
		w := store.Write{Action: store.Update, After: a.Clone(), IfVersion: 1 + versions[a.ID]}
		for _, f := range network.MustKind(a.Kind).Fields {
			if v, given := b.Fields[f.Name]; f.Sortable && !f.Unique && !f.Immutable && !f.IsRef() && a.Kind == b.Kind && given {
				w.After.Fields[f.Name] = v
			} else if f.Sortable && !f.Required && !f.IsRef() && r.IntN(3) == 0 {
				delete(w.After.Fields, f.Name)
			}
		}
		if r.IntN(4) == 0 {
			w.Action, w.After = store.Withdraw, &network.Record{ID: a.ID, Kind: network.WithdrawnRecord, Fields: map[string]any{"wasKind": a.Kind}}
		}
		_, err := s.Apply(t.Context(), &store.Batch{Actor: "a", At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Writes: []store.Write{w}})
		if err == nil {
			versions[a.ID]++
		}
	}
}

func fetch(t *testing.T, s *memory.Store, v network.Viewer, c *store.Collection) []any {
	t.Helper()
	result, err := s.Fetch(t.Context(), &store.Plan{Viewer: v, AsOf: network.MustDate("2023-04-01"), Roots: []*store.Collection{c}})
	if err != nil {
		t.Error(err)
		return []any{[]any{}, nil, nil}
	}
	return result.Values[0].([]any)
}

// randomPage is a page of a list, perhaps between cursors of rows or of none.
func randomPage(t *testing.T, r *rand.Rand, s *memory.Store) (*store.Collection, network.Viewer) {
	types := []string{"Stakeholder", "Organization", "Individual", "Tie", "School", "Activity", "Change", network.NodeInterface, "Withdrawn"}
	c := &store.Collection{Source: store.Source{Op: store.Scan}, Kinds: network.Concrete(types[r.IntN(len(types))]), Rows: true, Cursor: true,
		Limit: 1 + r.IntN(8), More: r.IntN(2) == 0, Other: r.IntN(2) == 0, Backward: r.IntN(2) == 0, Ever: r.IntN(4) == 0}
	for range r.IntN(3) {
		var sortable []*network.Field
		for _, f := range c.Kinds[r.IntN(len(c.Kinds))].Fields {
			if f.Sortable && !f.Personal {
				sortable = append(sortable, f)
			}
		}
		if len(sortable) > 0 {
			c.Order = append(c.Order, store.Order{Field: sortable[r.IntN(len(sortable))], Desc: r.IntN(2) == 0})
		}
	}
	c.Shapes = []store.Shape{{Kinds: c.Kinds, Columns: []store.Column{{Builtin: store.RecordID}}}}
	if r.IntN(3) == 0 {
		c.Filter = store.Not{X: store.IsKind{Kinds: c.Kinds[:r.IntN(len(c.Kinds))]}}
	}
	all := *c
	all.Limit, all.More, all.Other, all.Ever = 0, false, false, true
	list := fetch(t, s, network.Admin("a"), &all)[0].([]any)
	for _, cursor := range []**store.Cursor{&c.After, &c.Before} {
		if r.IntN(2) == 0 || len(list) == 0 {
			continue
		}
		row := list[r.IntN(len(list))].([]any)
		keys := row[len(row)-1].([]any)
		at := &store.Cursor{ID: network.ID(keys[len(keys)-1].(string)), Keys: make([]any, len(c.Order))}
		for i, o := range c.Order {
			at.Keys[i] = keys[i]
			if text, ok := keys[i].(string); ok && o.Field.Type == network.Dated {
				at.Keys[i] = network.MustDate(text)
			}
		}
		if r.IntN(4) == 0 {
			at.ID += "x"
		}
		*cursor = at
	}
	return c, []network.Viewer{network.Admin("a"), {Role: network.RoleViewer}}[r.IntN(2)]
}

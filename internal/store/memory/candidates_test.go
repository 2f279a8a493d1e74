package memory_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// What a filter finds is what it leaves when every record is looked at, as it is
// when it is turned round twice.
func TestDoesAFilterFindAllThatItHoldsFor(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 4))
	s := memory.New(memory.Options{})
	made := storetest.RandomGraph(r, 1500)
	if _, err := s.Apply(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	found := 0
	for n := range 4000 {
		element := []string{"Stakeholder", "Individual", "School", "Post", "Activity", "RoleAssignment", "Area", network.TieRecord}[r.IntN(8)]
		c := &store.Collection{Source: store.Source{Op: store.Scan}, Kinds: network.Concrete(element), Rows: true, Total: true, Limit: 50, Ever: true,
			Shapes: []store.Shape{{Kinds: network.Concrete(element), Columns: []store.Column{{Builtin: store.RecordID}}}}}
		c.Filter = linkedTo(r, c.Kinds, made, 1+r.IntN(2))
		got := fetch(t, s, network.Admin("a"), c)
		turned := *c
		turned.Filter = store.Not{X: store.Not{X: c.Filter}}
		if want := fetch(t, s, network.Admin("a"), &turned); !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d %s %+v\n got %v\nwant %v", n, element, c.Filter, got, want)
		}
		if got[1].(int64) > 0 {
			found++
		}
	}
	if found < 200 {
		t.Errorf("only %d found anything", found)
	}
}

// linkedTo is a condition on being linked, over so many links, with some records.
func linkedTo(r *rand.Rand, kinds []*network.Kind, made *store.Batch, depth int) store.Expr {
	ids := store.HasID{}
	for range 1 + r.IntN(20) {
		ids.IDs = append(ids.IDs, made.Writes[r.IntN(len(made.Writes))].After.ID)
	}
	if depth == 0 {
		return ids
	}
	k := kinds[r.IntN(len(kinds))]
	var ways []store.Has
	for _, f := range k.Fields {
		if f.IsRef() && k.Name != network.TieRecord {
			h := store.Has{Source: store.SourceOfField(k, f)}
			for _, name := range f.Targets {
				h.Kinds = append(h.Kinds, network.MustKind(name))
			}
			ways = append(ways, h)
		}
	}
	for _, c := range k.Collections {
		if !c.Ties {
			ways = append(ways, store.Has{Source: store.SourceOf(c), Kinds: network.Concrete(c.Element)})
		}
	}
	switch n := r.IntN(len(ways) + 2); {
	case n >= len(ways) && k.Field("area") != nil:
		return store.Within{Field: k.Field("area"), Up: network.MustKind("Area").Field("parent"), ID: anArea(r, made)}
	case n >= len(ways):
		return ids
	default:
		ways[n].Where = linkedTo(r, ways[n].Kinds, made, depth-1)
		if r.IntN(4) == 0 {
			ways[n].Quant = store.Quant(r.IntN(3))
		}
		if r.IntN(3) == 0 {
			return store.Or{ways[n], ids}
		}
		return store.And{ways[n], store.Not{X: ids}}
	}
}

func anArea(r *rand.Rand, made *store.Batch) network.ID {
	for {
		if w := made.Writes[r.IntN(len(made.Writes))]; w.After.Kind == "Area" {
			return w.After.ID
		}
	}
}

package store_test

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func TestWhereMayAPersonalFieldStand(t *testing.T) {
	person := network.MustKind("Person")
	contact, residence := person.Field("contact"), person.Field("residence")
	compare := store.Compare{Field: contact, Op: store.Null, Value: true}
	hops := store.Source{Op: store.Follow, Hops: []store.Hop{{Kind: person, Field: residence}}}
	nested := func(c store.Collection) store.Collection {
		return store.Collection{Shapes: []store.Shape{{Columns: []store.Column{{Child: &c}}}}}
	}
	for name, c := range map[string]struct {
		root    store.Collection
		refused bool
	}{
		"a column":             {store.Collection{Shapes: []store.Shape{{Columns: []store.Column{{Field: contact}}}}}, false},
		"a child":              {nested(store.Collection{Source: hops}), false},
		"a filter":             {store.Collection{Filter: compare}, true},
		"deep in a filter":     {store.Collection{Filter: store.And{store.Or{store.Not{X: store.Has{Where: compare}}}}}, true},
		"the way of a filter":  {store.Collection{Filter: store.Has{Source: hops}}, true},
		"within":               {store.Collection{Filter: store.Within{Field: residence}}, true},
		"an order":             {store.Collection{Order: []store.Order{{Field: contact}}}, true},
		"a group":              {store.Collection{Group: []store.Dimension{{}, {Field: residence}}}, true},
		"an order of a child":  {nested(store.Collection{Order: []store.Order{{Field: contact}}}), true},
		"a filter of a child":  {nested(store.Collection{Filter: compare}), true},
		"a group of something": {store.Collection{Group: []store.Dimension{{}, {Field: person.Field("area")}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for role, may := range map[network.Role]bool{network.RoleViewer: false, network.RoleAnalyst: false, network.RoleCoordinator: true, network.RoleAdmin: true} {
				p := &store.Plan{Viewer: network.Viewer{Role: role}, Roots: []*store.Collection{{}, &c.root}}
				if err := p.Check(); (network.CodeOf(err) == network.Forbidden) != (c.refused && !may) {
					t.Errorf("%s: %v", role, err)
				}
			}
		})
	}
	for _, c := range []struct {
		q    store.SubgraphQuery
		want network.ErrorCode
	}{
		{store.SubgraphQuery{Nodes: compare}, network.Forbidden},
		{store.SubgraphQuery{Ties: store.Has{Where: compare}}, network.Forbidden},
		{store.SubgraphQuery{NodeFields: []*network.Field{contact, residence}}, ""},
		{store.SubgraphQuery{NodeFields: []*network.Field{person.Field("topics")}}, network.InvalidValue},
		{store.SubgraphQuery{TieFields: []*network.Field{person.Field("topics")}}, network.InvalidValue},
		{store.SubgraphQuery{SeatFields: []*network.Field{person.Field("topics")}}, network.InvalidValue},
		{store.SubgraphQuery{Toward: []network.ID{"b"}, Back: 2, Between: 2}, network.InvalidValue},
		{store.SubgraphQuery{Centers: []network.ID{"a"}, Hops: 1, Toward: []network.ID{"b"}, Between: 2}, network.InvalidValue},
		{store.SubgraphQuery{Centers: []network.ID{"a"}, Hops: 1, Toward: []network.ID{"b"}, Back: 1, Between: 2}, ""},
	} {
		p := &store.Plan{Network: &c.q}
		if err := p.Check(); network.CodeOf(err) != c.want {
			t.Errorf("%+v: %v, want %s", c.q, err, c.want)
		}
	}
}

func TestWhichCursorsFit(t *testing.T) {
	k := network.MustKind("Activity")
	order := []store.Order{{Field: k.Field("position")}, {Field: k.Field("from")}, {Field: k.Field("name")}}
	for _, c := range []struct {
		keys []any
		fits bool
	}{
		{[]any{int64(1), network.MinDate, "あ"}, true},
		{[]any{nil, nil, nil}, true},
		{[]any{int64(1), network.MinDate}, false},
		{[]any{"1", network.MinDate, "あ"}, false},
		{[]any{int64(1), "2024-01-01", "あ"}, false},
		{[]any{int64(1), network.MinDate, int64(1)}, false},
		{[]any{1.5, network.MinDate, "あ"}, false},
	} {
		p := &store.Plan{Roots: []*store.Collection{{Order: order, Before: &store.Cursor{Keys: c.keys}}}}
		if err := p.Check(); (network.CodeOf(err) == network.InvalidCursor) == c.fits {
			t.Errorf("%v: %v", c.keys, err)
		}
	}
}

package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// drawing is a question for a network with the answer.
type drawing struct {
	name      string
	q         store.SubgraphQuery
	nodes     string // id/hop, in order
	ties      string
	truncated bool
}

func testSubgraph(t *testing.T, r reader) {
	east := []network.ID{"s-east"}
	company := store.IsKind{Kinds: kindsOf("Company", "School")}
	r.networks(t, []drawing{
		{"no hop", store.SubgraphQuery{Centers: east}, "s-east/0", "", false},
		{"one hop", store.SubgraphQuery{Centers: east, Hops: 1},
			"s-east/0 c-career/1 c-members/1 c-salt/1 d-board/1 p-jun/1",
			"t-collab t-collab2 t-hidden t-members t-super t-support t-unsure", false},
		{"two hops", store.SubgraphQuery{Centers: east, Hops: 2, Ties: cmp("Tie.kind", store.IN, []any{"SUPERVISES", "PART_OF", "SUPPORTS", "MEMBER_OF"})},
			"s-east/0 c-salt/1 d-board/1 d-learn/2 k-eval/2", "t-join t-part t-super t-support", false},
		{"out", store.SubgraphQuery{Centers: east, Hops: 1, Direction: network.Out},
			"s-east/0 c-career/1 c-members/1 p-jun/1", "t-collab t-collab2 t-members t-unsure", false},
		{"in", store.SubgraphQuery{Centers: east, Hops: 1, Direction: network.In, Ties: not(eq("Tie.kind", "COLLABORATES_WITH"))},
			"s-east/0 c-salt/1 d-board/1", "t-hidden t-super t-support", false},
		{"some kinds of nodes", store.SubgraphQuery{Centers: east, Hops: 2, Nodes: company},
			"s-east/0 c-career/1 c-members/1 c-salt/1", "t-collab t-collab2 t-hidden t-members t-support", false},
		{"a limit", store.SubgraphQuery{Centers: east, Hops: 2, Limit: 3},
			"s-east/0 c-career/1 c-members/1", "t-collab t-collab2 t-members", true},
		{"a limit just wide enough", store.SubgraphQuery{Centers: east, Hops: 1, Limit: 6},
			"s-east/0 c-career/1 c-members/1 c-salt/1 d-board/1 p-jun/1",
			"t-collab t-collab2 t-hidden t-members t-super t-support t-unsure", false},
		{"several centers", store.SubgraphQuery{Centers: []network.ID{"s-inn", "p-taro", "nobody"}, Hops: 1},
			"p-taro/0 s-inn/0 c-admin/1 p-hana/1", "t-admin t-inn t-knows", false},
		{"between two", store.SubgraphQuery{Centers: []network.ID{"c-salt"}, Hops: 2, Toward: []network.ID{"d-learn"}, Back: 2, Between: 3},
			"c-salt/0 d-learn/0 d-board/1 s-east/1", "t-hidden t-part t-super t-support", false},
		{"between two, a step more", store.SubgraphQuery{Centers: []network.ID{"c-salt"}, Hops: 2, Toward: []network.ID{"d-learn"}, Back: 2, Between: 4},
			"c-salt/0 d-learn/0 d-board/1 k-eval/1 s-east/1", "t-hidden t-join t-part t-super t-support", false},
		{"between two that are too far apart", store.SubgraphQuery{Centers: []network.ID{"c-salt"}, Hops: 1, Toward: []network.ID{"d-learn"}, Back: 1, Between: 2}, "c-salt/0 d-learn/0", "", false},
		{"toward several, one of them near", store.SubgraphQuery{Centers: []network.ID{"c-salt"}, Hops: 1, Toward: []network.ID{"d-learn", "d-board"}, Back: 1, Between: 2},
			"c-salt/0 d-board/0 d-learn/0 s-east/1", "t-hidden t-super t-support", false},
		{"from several, farther than back", store.SubgraphQuery{Centers: []network.ID{"c-salt", "p-hana"}, Hops: 2, Toward: []network.ID{"d-board"}, Back: 0, Between: 2},
			"c-salt/0 d-board/0 p-hana/0 k-eval/1 p-taro/1 s-east/1 s-inn/1", "t-hidden t-inn t-join t-knows t-super t-support", false},
		{"toward nobody", store.SubgraphQuery{Centers: []network.ID{"c-salt"}, Hops: 1, Toward: []network.ID{}, Back: 1, Between: 2}, "c-salt/0", "", false},
		{"between one and itself", store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 1, Toward: []network.ID{"s-east"}, Back: 1, Between: 1}, "s-east/0", "", false},
		{"between one and nobody", store.SubgraphQuery{Centers: east, Hops: 1, Toward: []network.ID{"nobody"}, Back: 1, Between: 2}, "s-east/0", "", false},
		{"over posts", store.SubgraphQuery{Centers: []network.ID{"p-hana"}, Hops: 1, Ties: store.Or{}, Posts: true}, "p-hana/0 k-eval/1", "", false},
		{"over posts and ties", store.SubgraphQuery{Centers: []network.ID{"p-taro"}, Hops: 2, Ties: eq("Tie.kind", "PART_OF"), Posts: true, Direction: network.Out},
			"p-taro/0 d-learn/1 d-board/2", "t-part", false},
		{"over posts from an organisation", store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Ties: store.Or{}, Posts: true}, "k-eval/0 p-hana/1", "", false},
		{"over posts to some kinds only", store.SubgraphQuery{Centers: []network.ID{"p-hana"}, Hops: 2, Nodes: store.IsKind{Kinds: kindsOf("Person")}, Posts: true}, "p-hana/0 p-taro/1", "t-knows", false},
		{"no center", store.SubgraphQuery{Centers: []network.ID{}, Hops: 3}, "", "", false},
		{"a center that is no stakeholder", store.SubgraphQuery{Centers: []network.ID{"topic-edu"}, Hops: 1}, "", "", false},
		{"the whole map of some", store.SubgraphQuery{Nodes: store.IsKind{Kinds: kindsOf("CityDepartment", "Council", "Company")}},
			"c-admin/0 c-career/0 c-members/0 c-salt/0 d-board/0 d-learn/0 k-eval/0", "t-join t-part", false},
		{"schools that hold", store.SubgraphQuery{Nodes: store.IsKind{Kinds: kindsOf("School")}},
			"s-bare/0 s-deep/0 s-east/0 s-hidden/0 s-inn/0", "", false},
		{"a center that no longer holds", store.SubgraphQuery{Centers: []network.ID{"s-closed"}, Hops: 1}, "", "", false},
		{"nodes of a kind that is none of stakeholders", store.SubgraphQuery{Nodes: store.IsKind{Kinds: kindsOf("Topic")}}, "", "", false},
		{"no node will do", store.SubgraphQuery{Centers: east, Hops: 2, Nodes: store.Or{}}, "", "", false},
		{"no tie will do", store.SubgraphQuery{Centers: east, Hops: 2, Ties: store.Or{}}, "s-east/0", "", false},
		{"no tie of the whole map will do", store.SubgraphQuery{Ties: store.Or{}, Nodes: company},
			"c-admin/0 c-career/0 c-members/0 c-salt/0 s-bare/0 s-deep/0 s-east/0 s-hidden/0 s-inn/0", "", false},
	})
	r.as(network.RoleViewer).networks(t, []drawing{
		{"a viewer", store.SubgraphQuery{Centers: []network.ID{"s-east", "s-inn"}, Hops: 1},
			"s-east/0 s-inn/0 c-career/1 c-salt/1 d-board/1 p-hana/1 p-jun/1", "t-collab t-collab2 t-inn t-super t-support t-unsure", false},
		{"over a post that is hidden", store.SubgraphQuery{Centers: []network.ID{"p-taro"}, Hops: 1, Ties: store.Or{}, Posts: true}, "p-taro/0", "", false},
		{"a hidden center", store.SubgraphQuery{Centers: []network.ID{"c-admin"}, Hops: 2}, "", "", false},
	})
	r.on("2020-06-01").networks(t, []drawing{
		{"another day", store.SubgraphQuery{Centers: east, Hops: 1, Direction: network.In},
			"s-east/0 c-salt/1 d-board/1 p-jun/1", "t-ended t-hidden t-super t-support t-unsure", false},
	})
	r.on("2021-06-01").networks(t, []drawing{
		{"over the posts of another day", store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Ties: store.Or{}, Posts: true}, "k-eval/0 p-taro/1", "", false},
	})
	during := func(from, until string) *network.DateRange {
		return &network.DateRange{From: network.MustDate(from), Until: network.MustDate(until)}
	}
	r.networks(t, []drawing{
		{"during some years", store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 1, Direction: network.In, During: during("2021-01-01", "2026-01-01")},
			"s-east/0 c-career/1 c-salt/1 d-board/1 p-jun/1", "t-collab t-collab2 t-ended t-future t-hidden t-super t-support t-unsure", false},
		{"schools of all time", store.SubgraphQuery{Nodes: store.IsKind{Kinds: kindsOf("School")}, During: during("0001-01-01", "9999-12-31")},
			"s-bare/0 s-closed/0 s-deep/0 s-east/0 s-future/0 s-hidden/0 s-inn/0", "", false},
	})
	t.Run("HowManyAreCutOff", func(t *testing.T) {
		g := r.network(t, &store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 2, Limit: 3, Ties: cmp("Tie.kind", store.IN, []any{"SUPERVISES", "PART_OF", "SUPPORTS", "MEMBER_OF"})})
		same(t, g.Cut, []int{0, 0, 2})
		g = r.network(t, &store.SubgraphQuery{Centers: []network.ID{"s-east"}, Hops: 1})
		same(t, len(g.Cut), 0)
	})
	t.Run("WhatIsATieOfIt", func(t *testing.T) { oneTie(t, r) })
	t.Run("WhichSeatsAreInIt", func(t *testing.T) { seats(t, r) })
	t.Run("MayPersonalFieldsNarrowIt", func(t *testing.T) {
		for role, want := range map[network.Role]network.ErrorCode{network.RoleAnalyst: network.Forbidden, network.RoleCoordinator: ""} {
			p := r.as(role).plan()
			p.Network = &store.SubgraphQuery{Nodes: eq("Person.contact", "x")}
			_, err := r.s.Fetch(context.Background(), p)
			same(t, network.CodeOf(err), want)
		}
	})
}

func (r reader) networks(t *testing.T, cases []drawing) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := r.network(t, &c.q)
			nodes, ties := drawn(t, g)
			same(t, []any{nodes, ties, g.Truncated}, []any{c.nodes, c.ties, c.truncated})
		})
	}
}

// network loads a network by a plan that has nothing else.
func (r reader) network(t testing.TB, q *store.SubgraphQuery) *store.Subgraph {
	t.Helper()
	p := r.plan()
	p.Network = q
	res, err := r.s.Fetch(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if res.Network == nil || len(res.Values) != 0 || res.Network.Revision != res.Revision {
		t.Fatalf("%+v", res)
	}
	return res.Network
}

// drawn writes nodes and ties as text and holds the ties against the nodes.
func drawn(t testing.TB, g *store.Subgraph) (nodes, ties string) {
	t.Helper()
	for i, n := range g.Nodes {
		if i > 0 {
			nodes += " "
		}
		nodes += fmt.Sprintf("%s/%d", n.ID, n.Hop)
	}
	for i, e := range g.Ties {
		if i > 0 {
			ties += " "
		}
		ties += string(e.ID)
		if n := int32(len(g.Nodes)); e.Subject < 0 || e.Object < 0 || e.Subject >= n || e.Object >= n {
			t.Errorf("tie %s from %d to %d of %d nodes", e.ID, e.Subject, e.Object, n)
		}
	}
	return nodes, ties
}

func oneTie(t *testing.T, r reader) {
	g := r.network(t, &store.SubgraphQuery{Centers: []network.ID{"s-inn"}, Hops: 1})
	if head, _ := r.s.Head(context.Background()); g.Revision != head {
		t.Errorf("revision %d, head %d", g.Revision, head)
	}
	for _, e := range g.Ties {
		if e.ID != "t-inn" {
			continue
		}
		if e.Kind != "CONSULTS" || e.Strength != 4 || g.Nodes[e.Subject].ID != "s-inn" || g.Nodes[e.Object].ID != "p-hana" || g.Nodes[e.Object].Kind != "Person" {
			t.Errorf("%+v in %+v", e, g.Nodes)
		}
		return
	}
	t.Error("t-inn is not there")
}

func seats(t *testing.T, r reader) {
	for _, c := range []struct {
		name string
		r    reader
		q    store.SubgraphQuery
		want string
	}{
		{"of the whole map", r, store.SubgraphQuery{Posts: true}, "occ-1 p-hana k-eval, occ-2 p-hana k-eval, occ-4 p-taro d-learn"},
		{"when posts do not count", r, store.SubgraphQuery{}, ""},
		{"at a hop", r, store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Posts: true}, "occ-1 p-hana k-eval, occ-2 p-hana k-eval"},
		{"of who is there alone", r, store.SubgraphQuery{Centers: []network.ID{"p-hana"}, Posts: true}, ""},
		{"toward an organisation", r, store.SubgraphQuery{Centers: []network.ID{"p-taro"}, Hops: 1, Toward: []network.ID{"d-learn"}, Back: 1, Between: 1, Posts: true}, "occ-4 p-taro d-learn"},
		{"for who does not see all", r.as(network.RoleViewer), store.SubgraphQuery{Posts: true}, "occ-1 p-hana k-eval, occ-2 p-hana k-eval"},
		{"on another day", r.on("2021-06-01"), store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Posts: true}, "occ-3 p-taro k-eval"},
		{"during some years", r, store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Posts: true, During: &network.DateRange{From: network.MustDate("2021-01-01"), Until: network.MustDate("2022-06-01")}},
			"occ-1 p-hana k-eval, occ-3 p-taro k-eval"},
		{"cut off", r, store.SubgraphQuery{Centers: []network.ID{"k-eval"}, Hops: 1, Posts: true, Limit: 1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := c.r.network(t, &c.q)
			var got []string
			for _, s := range g.Seats {
				got = append(got, fmt.Sprintf("%s %s %s", s.ID, g.Nodes[s.Person].ID, g.Nodes[s.Organization].ID))
			}
			same(t, strings.Join(got, ", "), c.want)
		})
	}
}

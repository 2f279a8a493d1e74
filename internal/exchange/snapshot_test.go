package exchange

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

// small is a network that has a bit of everything.
func small() *Network {
	day := network.MustPartialDate
	n := &Network{
		Revision: 42,
		AsOf:     day("2024-02-01"),
		NodeAttributes: []Attribute{{"visibility", TextValue}, {"nameKana", TextValue}, {"aliases", ListValue}, {"description", TextValue}, {"area", TextValue},
			{"topics", ListValue}, {"staff", IntegerValue}, {"level", TextValue}, {"registrationExpires", DateValue}, {"pagerank", RealValue}},
		TieAttributes: []Attribute{{"strength", IntegerValue}, {"lastContact", DateValue}, {"status", TextValue}, {"doNotAsk", BooleanValue}, {"description", TextValue}},
		Nodes: []Node{
			{ID: "school", Kind: "School", Label: "塩尻市立広陵中学校", Span: network.Span{From: day("1980")},
				Values: []any{nil, "こうりょうちゅう", []string{"広陵中", `a|b\c`}, nil, "塩尻市", []string{"キャリア教育"}, int64(31), "JUNIOR_HIGH", nil, 0.125}},
			{ID: "co_a", Kind: "Company", Label: `"架空" & <社>（架空）`, Span: network.Span{From: day("2015-04"), Until: day("2023-10-01")},
				Values: []any{"MEMBERS", nil, nil, "二行の\n説明, \"引用\"\tと ]]> も", nil, nil, nil, nil, nil, 1.0}},
			{ID: "co-a", Kind: "CareerConsultant", Label: "架空 灯（架空）", Span: network.Span{From: network.UnknownDate(), Until: day("FY2024")},
				Values: []any{nil, nil, nil, "=1+1", nil, nil, nil, nil, day("2026-09-30"), nil}},
			{ID: "npo", Kind: "OtherOrganization", Label: "𠮷野家の会 🎏"},
		},
		Ties: []Tie{
			{ID: "t1", Kind: "SUPPORTS", Subject: 1, Object: 0, Span: network.Span{From: day("2022-02-01")},
				Values: []any{int64(4), day("2024-01"), "CONFIRMED", nil, "授業に来る"}},
			{ID: "t2", Kind: "SUPPORTS", Subject: 1, Object: 0, Span: network.Span{Until: day("2022-01-31")}, Values: []any{int64(2), nil, nil, true, nil}},
			{ID: "t3", Kind: "KNOWS", Subject: 2, Object: 3, Mutual: true, Span: network.Span{From: day("FY2021"), Until: network.UnknownDate()}},
			{ID: "school", Kind: "MEMBER_OF", Subject: 2, Object: 3},
			{ID: "t.5", Kind: "COLLABORATES_WITH", Subject: 0, Object: 0, Mutual: true, Values: []any{nil, nil, "DISPUTED", false, nil}},
		},
	}
	for i := range n.Nodes {
		n.Nodes[i].Values = padded(n.Nodes[i].Values, len(n.NodeAttributes))
	}
	for i := range n.Ties {
		n.Ties[i].Values = padded(n.Ties[i].Values, len(n.TieAttributes))
	}
	return n
}

func padded(values []any, n int) []any {
	for len(values) < n {
		values = append(values, nil)
	}
	return values
}

// differences lists what is not the same in two networks.
func differences(a, b *Network) (out []string) {
	say := func(what string, x, y any) {
		if x, y := fmt.Sprintf("%#v", x), fmt.Sprintf("%#v", y); x != y {
			out = append(out, fmt.Sprintf("%s: %s is not %s", what, x, y))
		}
	}
	say("about", []any{a.Revision, a.AsOf, a.AllTime}, []any{b.Revision, b.AsOf, b.AllTime})
	say("node attributes", a.NodeAttributes, b.NodeAttributes)
	say("tie attributes", a.TieAttributes, b.TieAttributes)
	say("counts", []int{len(a.Nodes), len(a.Ties)}, []int{len(b.Nodes), len(b.Ties)})
	if len(out) > 0 {
		return out
	}
	for i := range a.Nodes {
		say(fmt.Sprint("node ", i), a.Nodes[i], b.Nodes[i])
	}
	for i := range a.Ties {
		say(fmt.Sprint("tie ", i), a.Ties[i], b.Ties[i])
	}
	return out
}

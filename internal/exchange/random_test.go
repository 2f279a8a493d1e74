package exchange

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// anyText draws what people and programs put into texts, control characters
// excepted.
func anyText() *rapid.Generator[string] {
	pieces := []string{"塩尻", "キャリア", "ｷｬﾘｱ", "架空（架空）", "𠮷", "🎏", "が", "é", `"`, "'", "<b>", "&amp;", "]]>", "|", `\`, `\|`, ",", ";", "\n", "\t", " ",
		"　", "0", "007", "-1", "1.5", "1e5", "true", "null", "NaN", "=1+1", "#", "{", "}", "[]", "a_b", ".", "--", "\u00A0"}
	return rapid.Custom(func(t *rapid.T) string {
		s := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 4).Draw(t, "pieces") {
			s += p
		}
		return s
	})
}

func anyDate(t *rapid.T) network.PartialDate {
	day := network.MustDate("2015-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
	switch rapid.IntRange(0, 5).Draw(t, "precision") {
	case 0:
		return network.MonthOf(day.Year(), day.Month())
	case 1:
		return network.InFiscalYear(day.FiscalYear())
	case 2:
		return network.YearOf(day.Year())
	case 3:
		return network.UnknownDate()
	}
	return network.Day(day)
}

func anySpan(t *rapid.T) (s network.Span) {
	if rapid.Bool().Draw(t, "from") {
		s.From = anyDate(t)
	}
	if rapid.Bool().Draw(t, "until") {
		s.Until = anyDate(t)
	}
	if rapid.IntRange(0, 9).Draw(t, "end of time") == 0 {
		s.Until = network.Day(network.MaxDate)
	}
	if s.Check() != nil {
		s.Until = network.PartialDate{}
	}
	return s
}

func anyValue(t *rapid.T, typ AttributeType) any {
	if rapid.IntRange(0, 2).Draw(t, "none") == 0 {
		return nil
	}
	switch typ {
	case IntegerValue:
		return rapid.Int64().Draw(t, "integer")
	case RealValue:
		return rapid.Float64().Draw(t, "real")
	case BooleanValue:
		return rapid.Bool().Draw(t, "boolean")
	case DateValue:
		return anyDate(t)
	case ListValue:
		return rapid.SliceOfN(anyText(), 1, 3).Draw(t, "list")
	}
	return anyText().Draw(t, "text")
}

// anyAttributes draws some of ours, in the order of the registry, and some that
// another program added; without types, those are text.
func anyAttributes(t *rapid.T, fields []*network.Field, k known, types bool) (out []Attribute) {
	for _, f := range fields {
		if rapid.IntRange(0, 3).Draw(t, "ours") == 0 {
			out = append(out, AttributeOf(f))
		}
	}
	for _, name := range []string{"PageRank", "modularity class", "クラスタ", "größe"} {
		if rapid.IntRange(0, 2).Draw(t, "theirs") > 0 {
			continue
		}
		typ := TextValue
		if types {
			typ = rapid.SampledFrom([]AttributeType{TextValue, IntegerValue, RealValue, BooleanValue}).Draw(t, "type")
		}
		out = append(out, Attribute{name, typ})
	}
	slices.SortFunc(out, k.compare)
	return out
}

func anyValues(t *rapid.T, attributes []Attribute) []any {
	if len(attributes) == 0 {
		return nil
	}
	out := make([]any, len(attributes))
	for i, a := range attributes {
		out[i] = anyValue(t, a.Type)
	}
	return out
}

// anyNetwork draws a network with ended stakeholders under running ties, parallel
// ties, ties of one with itself, and IDs that Kumu cannot read.
func anyNetwork(t *rapid.T, types bool) *Network {
	n := &Network{Revision: rapid.Int64Range(0, 1<<53).Draw(t, "revision"), AllTime: rapid.Bool().Draw(t, "all time"),
		NodeAttributes: anyAttributes(t, NodeFields(true), knownNode, types), TieAttributes: anyAttributes(t, TieFields(true), knownTie, types)}
	if rapid.Bool().Draw(t, "as of") {
		n.AsOf = network.MustPartialDate("2024-02-01")
	}
	ids := []string{"a%d", "a_%d", "a.%d", "a-%d", "a-%d-back", "tie-%d", "関係 %d"}
	id := func(i int) network.ID {
		return network.ID(fmt.Sprintf(rapid.SampledFrom(ids).Draw(t, "id"), i/3))
	}
	seen := map[network.ID]bool{}
	for i := range rapid.IntRange(0, 12).Draw(t, "nodes") {
		if id := id(i); !seen[id] {
			seen[id] = true
			kind := rapid.SampledFrom([]string{"School", "Company", "CareerConsultant", "Facility", "", "Castle"}).Draw(t, "kind")
			n.Nodes = append(n.Nodes, Node{id, kind, anyText().Draw(t, "label"), anySpan(t), anyValues(t, n.NodeAttributes)})
		}
	}
	if len(n.Nodes) == 0 {
		n.DropUnused()
		return n
	}
	clear(seen)
	for i := range rapid.IntRange(0, 20).Draw(t, "ties") {
		if id := id(i); !seen[id] {
			seen[id] = true
			end := func() int32 { return int32(rapid.IntRange(0, min(len(n.Nodes)-1, 3)).Draw(t, "end")) }
			kind := rapid.SampledFrom([]string{"SUPPORTS", "SUPPORTS", "KNOWS", "COLLABORATES_WITH", "FUNDS", "", "rivals"}).Draw(t, "kind")
			n.Ties = append(n.Ties, Tie{id, kind, end(), end(), rapid.Bool().Draw(t, "mutual"), anySpan(t), anyValues(t, n.TieAttributes)})
		}
	}
	n.DropUnused()
	return n
}

func TestRandomNetworksAreReadBack(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, rapid.MakeCheck(func(t *rapid.T) {
			sameBack(t, f, anyNetwork(t, f.Name != "gephi-csv"))
		}))
	}
}

// All formats but Gephi's tables carry all of a network, so it may go through
// one after the other.
func TestANetworkGoesThroughAllFormats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNetwork(t, true)
		at := n
		for _, f := range rapid.Permutation(Formats()[:5]).Draw(t, "formats") {
			back, err := readBack(f, written(t, f, at))
			if err != nil {
				t.Fatal(f.Name, err)
			}
			at = back
		}
		if d := differences(at, n); len(d) > 0 {
			t.Fatal(d[0])
		}
	})
}

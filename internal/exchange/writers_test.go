package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// What one format cannot hold, none writes; the message names the place and not
// the value.
func TestNetworksThatAreNotWritten(t *testing.T) {
	cases := []struct {
		name, want string
		spoil      func(n *Network)
	}{
		{"a control character", "nodes.co_a.description: ", func(n *Network) { n.Nodes[1].Values[3] = "秘密\x01" }},
		{"a carriage return", "nodes.school.label: ", func(n *Network) { n.Nodes[0].Label = "秘密\r\n" }},
		{"what XML has no way to write", "ties.t1.description: ", func(n *Network) { n.Ties[0].Values[4] = "秘密\uFFFE" }},
		{"broken UTF-8", "nodes.school.aliases: ", func(n *Network) { n.Nodes[0].Values[2] = []string{"秘密\xff"} }},
		{"a turned direction of writing", "nodes.school.kind: ", func(n *Network) { n.Nodes[0].Kind = "秘密\u202E" }},
		{"no label", "nodes.npo.label: ", func(n *Network) { n.Nodes[3].Label = "" }},
		{"no ID", "nodes.: it has no id", func(n *Network) { n.Nodes[3].ID = "" }},
		{"an ID of two lines", "it has no id", func(n *Network) { n.Nodes[3].ID = "秘\n密" }},
		{"an ID twice", "nodes.school: there are two", func(n *Network) { n.Nodes[3].ID = "school" }},
		{"a tie to nowhere", "ties.t1: an end", func(n *Network) { n.Ties[0].Object = 4 }},
		{"an end before the start", "ties.t1.end: it ends", func(n *Network) { n.Ties[0].Span.Until = network.MustPartialDate("2021-01-01") }},
		{"a value too few", "ties.t1: it has 4 values", func(n *Network) { n.Ties[0].Values = n.Ties[0].Values[:4] }},
		{"a value of another type", "ties.t1.strength: it is not a value", func(n *Network) { n.Ties[0].Values[0] = 4 }},
		{"no number", "nodes.school.pagerank: it is not a value", func(n *Network) { n.Nodes[0].Values[9] = math.NaN() }},
		{"an empty element", "nodes.school.aliases: it is not a value", func(n *Network) { n.Nodes[0].Values[2] = []string{"a", ""} }},
		{"a name of the formats", "nodes.Type: the formats", func(n *Network) { n.NodeAttributes[9].Name = "Type" }},
		{"a name Kumu takes for ours", "nodes.Staff: the formats", func(n *Network) { n.NodeAttributes[9].Name = "Staff" }},
		{"a name twice", "ties.description: there are two", func(n *Network) { n.TieAttributes[2].Name = "description" }},
		{"another type than the registry's", "ties.strength: it has not the type", func(n *Network) { n.TieAttributes[0].Type = TextValue }},
		{"a weight that is none", "ties.weight: it has not the type", func(n *Network) { n.TieAttributes[2].Name = "weight" }},
	}
	for _, c := range cases {
		n := small()
		c.spoil(n)
		for _, f := range Formats() {
			err := f.Parts[0].Write(io.Discard, n)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "秘") && c.name != "an ID of two lines" {
				t.Errorf("%s, %s: %v", c.name, f.Name, err)
			}
		}
	}
}

// pieces counts what a writer hands on at a time.
type pieces struct {
	count, largest int
	fail           int // at which piece; 0: never
}

var errFull = errors.New("the disk is full")

func (p *pieces) Write(b []byte) (int, error) {
	p.count++
	p.largest = max(p.largest, len(b))
	if p.count == p.fail {
		return 0, errFull
	}
	return len(b), nil
}

// A file is written in small pieces, and the writer stops when one is refused.
func TestWritersStream(t *testing.T) {
	n := &Network{TieAttributes: []Attribute{{"strength", IntegerValue}}}
	for i := range 3000 {
		n.Nodes = append(n.Nodes, Node{ID: network.ID(fmt.Sprint("n", i)), Kind: "Person", Label: "架空（架空）"})
		n.Ties = append(n.Ties, Tie{ID: network.ID(fmt.Sprint("t", i)), Kind: "KNOWS", Object: int32(i / 2), Mutual: true, Values: []any{int64(3)}})
	}
	for _, f := range Formats() {
		for _, part := range f.Parts {
			if part.Name == "about.json" {
				continue
			}
			whole := pieces{}
			if err := part.Write(&whole, n); err != nil || whole.largest > 8192 || whole.count < 10 {
				t.Errorf("%s%s: %+v %v", f.Name, part.Name, whole, err)
			}
			if err := part.Write(&pieces{fail: 3}, n); !errors.Is(err, errFull) {
				t.Errorf("%s%s: %v", f.Name, part.Name, err)
			}
		}
	}
}

// A spell has the first and the last day on which the record may hold.
func TestSpells(t *testing.T) {
	for _, c := range []struct{ from, until, first, last string }{
		{"", "", "", ""},
		{"unknown", "unknown", "", ""},
		{"2022-02-01", "", "2022-02-01", ""},
		{"2022-02-01", "2022-02-02", "2022-02-01", "2022-02-01"},
		{"2022-02", "2024-04-01", "2022-02-01", "2024-03-31"},
		{"2022", "2024-02", "2022-01-01", "2024-02-29"},
		{"FY2022", "FY2023", "2022-04-01", "2024-03-31"},
		{"unknown", "2024", "", "2024-12-31"},
		{"", "9999-12-31", "", ""},
	} {
		s := network.Span{From: network.MustPartialDate(c.from), Until: network.MustPartialDate(c.until)}
		first, last := spell(s)
		if first != c.first || last != c.last {
			t.Errorf("%s..%s: %s..%s", c.from, c.until, first, last)
		}
		for _, d := range []string{"2022-01-01", "2022-02-01", "2024-03-31", "2024-04-01"} {
			if within := first <= d && (last == "" || d <= last); within != s.Holds(network.MustDate(d)) {
				t.Errorf("%s..%s on %s: %t", c.from, c.until, d, within)
			}
		}
	}
}

// Parallel edges differ in kind, as GEXF asks.
func TestParallelEdgesDifferInGEXF(t *testing.T) {
	text := string(written(t, FormatNamed("gexf"), small())[0])
	for _, want := range []string{
		`<edge id="t1" source="co_a" target="school" kind="SUPPORTS" label="支援" weight="4">`,
		`<edge id="t2" source="co_a" target="school" kind="SUPPORTS 2" label="支援" weight="2">`,
		`<edge id="t3" source="co-a" target="npo" kind="KNOWS" label="面識">`,
		`<edge id="t3-back" source="npo" target="co-a" kind="KNOWS" label="面識">`,
		`<attvalue for="reverseOf" value="t3"/>`,
	} {
		if !strings.Contains(text, want) {
			t.Error("there is no", want)
		}
	}
}

// Kumu wants IDs without _ and ., and no two alike among elements and
// connections.
func TestIDsForKumu(t *testing.T) {
	n := &Network{}
	for _, id := range []network.ID{"a_b", "a-b", "a.b", "a-b-2", "c"} {
		n.Nodes = append(n.Nodes, Node{ID: id, Label: "x"})
		n.Ties = append(n.Ties, Tie{ID: id})
	}
	var file struct{ Elements, Connections []map[string]any }
	if err := json.Unmarshal(written(t, FormatNamed("kumu"), n)[0], &file); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range append(file.Elements, file.Connections...) {
		ids = append(ids, e["id"].(string))
	}
	want := []string{"a-b-3", "a-b", "a-b-4", "a-b-2", "c", "a-b-5", "a-b-6", "a-b-7", "a-b-2-2", "c-2"}
	if !slices.Equal(ids, want) {
		t.Errorf("%q", ids)
	}
	if from := file.Connections[0]["from"]; from != "a-b-3" {
		t.Error(from)
	}
	sameBack(t, FormatNamed("kumu"), n)
}

// None, the empty text and the empty list are written alike.
func TestEmptyValues(t *testing.T) {
	for _, f := range Formats() {
		var files [][][]byte
		for _, empty := range [][]any{{nil, nil, nil}, {"", []string{}, network.PartialDate{}}} {
			n := &Network{NodeAttributes: []Attribute{{"description", TextValue}, {"aliases", ListValue}, {"registrationExpires", DateValue}}, Nodes: []Node{{ID: "a", Label: "a", Values: empty}}}
			files = append(files, written(t, f, n))
			n.DropUnused()
			if n.NodeAttributes != nil || len(n.Nodes[0].Values) != 0 {
				t.Errorf("%s: %+v", f.Name, n)
			}
		}
		if !reflect.DeepEqual(files[0], files[1]) {
			t.Errorf("%s: %s", f.Name, files)
		}
	}
}

// The fields of the registry that are carried: no personal one unless asked for,
// and of one type whatever the kind.
func TestFieldsOfTheRegistry(t *testing.T) {
	for _, f := range slices.Concat(NodeFields(false), TieFields(false)) {
		if f.Personal {
			t.Errorf("%s is personal", f.Name)
		}
	}
	var personal []string
	for _, f := range NodeFields(true) {
		if f.Personal {
			personal = append(personal, f.Name)
		}
		if a := AttributeOf(f); attributeName(a.Name) != a.Name {
			t.Errorf("the formats use the name %s themselves", a.Name)
		}
	}
	if want := []string{"contact", "residence", "origin", "consentPurpose", "consentGiven", "consentUntil", "consentWithdrawn", "registrationNumber"}; !slices.Equal(personal, want) {
		t.Errorf("%q", personal)
	}
	for _, k := range network.Concrete(network.StakeholderInterface) {
		for _, f := range k.Fields {
			if typ, carried := knownNode[f.Name]; carried && typ.typ != typeOf(f) {
				t.Errorf("%s.%s has another type than elsewhere", k.Name, f.Name)
			}
		}
	}
}

func TestStakeholderKinds(t *testing.T) {
	for name, want := range map[string]int{"School": 1, "学校": 1, "career consultant": 1, "Individual": 2, "Organization": 5, "Stakeholder": 8, "Post": 0, "Node": 0, "RoleHolder": 0, "": 0, "Castle": 0} {
		if got := StakeholderKinds(name); len(got) != want {
			t.Errorf("%s: %d kinds", name, len(got))
		}
	}
}

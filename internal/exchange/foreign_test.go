package exchange

import (
	"reflect"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// outline writes a network down in a line a record, for comparing.
func outline(n *Network) string {
	var b strings.Builder
	values := func(attributes []Attribute, vs []any) {
		for i, v := range vs {
			if v != nil {
				b.WriteString(" " + attributes[i].Name + "=" + textOf(v))
			}
		}
	}
	span := func(s network.Span) {
		if (s != network.Span{}) {
			b.WriteString(" [" + s.From.Text() + ".." + s.Until.Text() + ")")
		}
	}
	for _, x := range n.Nodes {
		b.WriteString(string(x.ID) + ":" + x.Kind + ":" + x.Label)
		span(x.Span)
		values(n.NodeAttributes, x.Values)
		b.WriteString("\n")
	}
	for i, t := range n.Ties {
		arrow := " > "
		if t.Mutual {
			arrow = " - "
		}
		b.WriteString(string(t.ID) + ":" + t.Kind + ": " + string(n.Nodes[t.Subject].ID) + arrow + string(n.Nodes[t.Object].ID))
		span(n.Ties[i].Span)
		values(n.TieAttributes, t.Values)
		b.WriteString("\n")
	}
	return b.String()
}

// What other programs write is read, with what they added.
func TestFilesOfOtherPrograms(t *testing.T) {
	cases := []struct{ name, format, text, want string }{
		{"node-link of NetworkX 3.6: edges, numbered keys, a measure", "node-link",
			`{"directed": false, "multigraph": true, "graph": {"node_default": {}}, "nodes": [{"id": 1, "pagerank": 0.5}, {"pagerank": 1, "label": "b", "name": "c", "type": "hub", "id": 2}],
			 "edges": [{"weight": 2, "source": 1, "target": 2, "key": 0}, {"source": 1, "target": 2, "key": 1, "strength": "3"}]}`,
			"1::1 pagerank=0.5\n2:hub:b name_=c pagerank=1.0\ntie-1:: 1 - 2 weight=2\ntie-2:: 1 - 2 strength=3\n"},
		{"node-link of D3, links before nodes", "node-link",
			`{"links": [{"source": "a", "target": "a", "value": 3, "label": "self"}], "nodes": [{"id": "a", "group": 1, "tags": ["x", 2]}], "more": [[{}]]}`,
			"a::a group=1 tags_=x|2\ntie-1:self: a > a value=3\n"},
		{"GraphML of NetworkX", "graphml",
			`<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d1" for="edge" attr.name="weight" attr.type="long"/><key id="d0" for="node" attr.name="kind" attr.type="string"><default>School</default></key>
			<graph edgedefault="undirected"><node id="a"/><node id="b"><data key="d0">Company</data></node><edge source="a" target="b"><data key="d1">3</data></edge></graph></graphml>`,
			"a:School:a\nb:Company:b\ntie-1:: a - b weight=3\n"},
		{"GraphML of igraph: IDs among the data, all numbers real, NaN for none", "graphml",
			`<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="v_id" for="node" attr.name="id" attr.type="string"/><key id="v_staff" for="node" attr.name="staff" attr.type="double"/><key id="e_id" for="edge" attr.name="id" attr.type="string"/>
			<graph id="G" edgedefault="directed"><node id="n0"><data key="v_id">school</data><data key="v_staff">31</data></node><node id="n1"><data key="v_id">co</data><data key="v_staff">NaN</data></node>
			<edge source="n1" target="n0"><data key="e_id">t</data></edge></graph></graphml>`,
			"school::school staff=31\nco::co\nt:: co > school\n"},
		{"GraphML of yEd, whose drawing is passed over", "graphml",
			`<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"><key for="node" id="d5" attr.name="description" attr.type="string"/><key for="node" id="d6" yfiles.type="nodegraphics"/>
			<graph edgedefault="directed" id="G"><data key="d0" xml:space="preserve"/><node id="n0"><data key="d5"><![CDATA[二行の
説明]]></data><data key="d6"><y:ShapeNode><y:NodeLabel>学校</y:NodeLabel></y:ShapeNode></data></node></graph></graphml>`,
			"n0::n0 description=二行の\n説明\n"},
		{"GEXF 1.2 with spells, weights and an undirected edge", "gexf",
			`<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="directed" mode="dynamic" timeformat="date"><attributes class="node"><attribute id="0" title="Modularity Class" type="integer"><default>7</default></attribute></attributes>
			<nodes><node id="1" label="A" start="2015-04-01" end="2020-03-31"><attvalues><attvalue for="0" value="2"/></attvalues></node><node id="2" label="B"><spells><spell start="2021-01-01" end="2021-12-31"/><spell start="2019-01-01T00:00:00" end="2020-12-31"/><spell start="2023-01-01"/></spells></node></nodes>
			<edges><edge id="0" source="1" target="2" weight="2.5" label="knows"/><edge source="2" target="1" type="undirected" kind="KNOWS"/><edge source="2" target="1" kind="FUNDS" weight="4" /></edges></graph></gexf>`,
			"1::A [2015-04-01..2020-04-01) Modularity Class=2\n2::B [2019-01-01..) Modularity Class=7\n0:knows: 1 > 2 weight=2.5\ntie-1:KNOWS: 2 - 1\ntie-2:FUNDS: 2 > 1 weight=4.0\n"},
		{"a blueprint written by hand, without IDs", "kumu",
			`{"elements": [{"label": "A", "type": "School", "tags": ["one", "two"], "Name Kana": "えー"}, {"label": "B", "Favorite Dessert": "shave ice"}],
			 "connections": [{"from": "A", "to": "B", "direction": "mutual"}, {"from": "B", "to": "A", "type": "likes", "Last Contact": "令和5年8月"}]}`,
			"A:School:A nameKana=えー topics=one|two\nB::B Favorite Dessert=shave ice\ntie-1:: A - B\ntie-2:likes: B > A lastContact=2023-08\n"},
		{"Cytoscape.js elements in one list", "cytoscape",
			`{"data": [], "elements": [{"group": "edges", "data": {"id": "e", "source": "a", "target": "b"}}, {"data": {"id": "a"}, "position": {"x": 1}}, {"data": {"id": "b", "name": "B", "shared_name": "B"}}], "layout": {"name": "cose"}}`,
			"a::a\nb::B shared_name=B\ne:: a > b\n"},
		{"tables as Gephi exports them", "gephi-csv",
			"\uFEFFId,Label,timeset,modularity_class,,end\n1,A,,0,x,2020-03-31\n2,B,,1,y,\n\x00\nSource,Target,Type,Id,Label,timeset,Weight,strength\n1,2,Directed,0,,,1.0,\n2,1,Undirected,1,,,3.0,3\n",
			"1::A [..2020-04-01) modularity_class=0\n2::B modularity_class=1\n0:: 1 > 2 weight=1.0\n1:: 2 - 1 strength=3\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, err := readText(c.format, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(n); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			sameBack(t, FormatNamed(c.format), n)
		})
	}
}

// readText takes the parts of a format apart at NUL.
func readText(format, text string) (*Network, error) {
	var parts [][]byte
	for part := range strings.SplitSeq(text, "\x00\n") {
		parts = append(parts, []byte(part))
	}
	return readBack(FormatNamed(format), parts)
}

// What cannot be read is refused with the place and the reason.
func TestBadFilesAreRefused(t *testing.T) {
	many := strings.Builder{}
	for i := range maxColumns + 1 {
		many.WriteString(strings.Repeat("x", i+1) + ",")
	}
	cases := []struct {
		name, format, text, want string
		code                     network.ErrorCode
	}{
		{"no JSON", "node-link", "<xml/>", "it is not good JSON: byte 1", network.InvalidValue},
		{"a list", "kumu", "[]", "it is no JSON object", network.InvalidValue},
		{"an end too early", "cytoscape", `{"elements": {"nodes": [{"data"`, "it ends too early", network.InvalidValue},
		{"something behind", "kumu", `{} {}`, "after the end", network.InvalidValue},
		{"a number for an object", "node-link", `{"nodes": [5]}`, "there is a number where something else belongs", network.InvalidValue},
		{"null for an object", "node-link", `{"nodes": [null]}`, "there is null", network.InvalidValue},
		{"an object for a list", "cytoscape", `{"elements": 5}`, "elements: it is neither", network.InvalidValue},
		{"no data", "cytoscape", `{"elements": [{}]}`, "an element has data", network.Required},
		{"an object for a value", "node-link", `{"nodes": [{"id": "a"}, {"id": "b", "pos": {"x": 1}}]}`, "nodes.2.pos: a value of this form", network.InvalidValue},
		{"two of an ID", "node-link", `{"nodes": [{"id": "a"}, {"id": "a"}]}`, "nodes.a: there are two", network.Duplicate},
		{"two ties of an ID", "node-link", `{"nodes": [{"id": "a"}], "links": [{"key": "k", "source": "a", "target": "a"}, {"key": "k", "source": "a", "target": "a"}]}`, "ties.k: there are two", network.Duplicate},
		{"no ID", "node-link", `{"nodes": [{"label": "a"}]}`, "it has no id", network.InvalidValue},
		{"an end that is not there", "node-link", `{"nodes": [{"id": "a"}], "links": [{"source": "a", "target": "b"}]}`, "ties.1: an end of the tie", network.NotFound},
		{"a word for a strength", "kumu", `{"elements": [{"id": "a"}], "connections": [{"from": "a", "to": "a", "strength": "strong"}]}`, "ties.1.strength: it is not a whole number", network.InvalidValue},
		{"no date", "kumu", `{"elements": [{"id": "a", "start": "yesterday"}]}`, "nodes.1.start: it is not a date", network.InvalidDate},
		{"an end before the start", "kumu", `{"elements": [{"id": "a", "start": "2022", "end": "2021"}]}`, "nodes.a.end: it ends", network.InvalidDate},
		{"a direction there is not", "kumu", `{"elements": [{"id": "a"}], "connections": [{"from": "a", "to": "a", "direction": "sideways"}]}`, "ties.1.direction", network.InvalidValue},
		{"a control character", "node-link", `{"nodes": [{"id": "a", "label": "a\u0007"}]}`, "nodes.a.label: the text has the control character", network.InvalidValue},
		{"a name that reads backwards", "node-link", `{"nodes": [{"id": "a", "label": "a\u202eb"}]}`, "nodes.a.label", network.InvalidValue},
		{"a revision that is none", "node-link", `{"graph": {"revision": "x"}}`, "revision: it is not a whole number", network.InvalidValue},
		{"no XML", "gexf", "{}", "there is no <gexf>", network.InvalidValue},
		{"bad XML", "graphml", "<graphml>\n<graph></graphml>", "line 2", network.InvalidValue},
		{"other XML", "gexf", "<graphml/>", "begins with another element", network.InvalidValue},
		{"nodes within nodes", "gexf", `<gexf><graph><nodes><node id="a"><nodes><node id="b"/></nodes></node></nodes></graph></gexf>`, "nodes within nodes", network.InvalidValue},
		{"graphs within nodes", "graphml", `<graphml><graph><node id="a"><graph/></node></graph></graphml>`, "graphs within nodes", network.InvalidValue},
		{"two graphs", "graphml", `<graphml><graph/><graph/></graphml>`, "several graphs", network.InvalidValue},
		{"hyperedges", "graphml", `<graphml><graph><hyperedge/></graph></graphml>`, "more than two nodes", network.InvalidValue},
		{"attributes of nothing", "gexf", `<gexf><graph><attributes class="graph"/></graph></gexf>`, "neither nodes nor edges", network.InvalidValue},
		{"one table", "gephi-csv", "Id\na\n", "there must be a table", network.Required},
		{"an empty table", "gephi-csv", "Id\n\x00\n", "it is empty", network.Required},
		{"no ends", "gephi-csv", "Id\na\n\x00\nSource\na\n", "there is no column Target", network.Required},
		{"a column twice", "gephi-csv", "Id,LABEL,label\na,b,c\n\x00\nSource,Target\n", "label: there are two columns", network.Duplicate},
		{"a row too short", "gephi-csv", "Id,Label\na\n\x00\nSource,Target\n", "line 2", network.InvalidValue},
		{"more attributes than anything has", "gephi-csv", "Id," + many.String() + "y\na" + strings.Repeat(",1", maxColumns+2) + "\n\x00\nSource,Target\n", "more than 500 attributes", network.TooLarge},
	}
	for _, c := range cases {
		n, err := readText(c.format, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || network.CodeOf(err) != c.code {
			t.Errorf("%s: %v %v, want %s %q", c.name, network.CodeOf(err), err, c.code, c.want)
		}
		if n != nil {
			t.Errorf("%s: a network comes with the error", c.name)
		}
	}
}

func TestListsInText(t *testing.T) {
	for _, list := range [][]string{{"a"}, {"a", "b|c", `d\`}, {`\|`, `|`, `\\`}, {"塩尻", `a\b`}} {
		if got := splitList(joinList(list)); !reflect.DeepEqual(got, list) {
			t.Errorf("%q became %q", list, got)
		}
	}
	if got := splitList(`|a||b|\x`); !reflect.DeepEqual(got, []string{"a", "b", `\x`}) {
		t.Errorf("%q", got)
	}
}

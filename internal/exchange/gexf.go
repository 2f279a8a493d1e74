package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// writeGEXF writes GEXF 1.3. Dated nodes and ties have a spell from the first
// day to the last, both inclusive, since 1.3 has no open ends; a date that is
// not known to the day gives the longest spell that may be meant, and what is
// known of it stands in the attributes start and end.
//
// A mutual tie is written as two directed edges, there and back: Gephi reports
// each edge of type "mutual" as an error, and NetworkX refuses an "undirected"
// one among directed ones. Both edges have the direction "mutual", and the way
// back has reverseOf, the ID of the other.
func writeGEXF(w io.Writer, n *Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	x := newXMLWriter(w)
	x.open("gexf", "xmlns", "http://gexf.net/1.3", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd", "version", "1.3")
	x.open("meta")
	x.text("creator", "musubi")
	x.text("keywords", n.keywords())
	x.text("description", n.title())
	x.close("meta")
	if n.dated() {
		x.open("graph", "mode", "dynamic", "timeformat", "date", "timerepresentation", "interval", "defaultedgetype", "directed", "idtype", "string")
	} else {
		x.open("graph", "mode", "static", "defaultedgetype", "directed", "idtype", "string")
	}
	nodes, ties := n.nodeColumns(), without(n.tieColumns(), "label", weightName)
	x.gexfAttributes("node", nodes)
	x.gexfAttributes("edge", append(ties, textColumn("reverseOf", nil)))
	x.open("nodes")
	for i := range n.Nodes {
		r := record{n: n, i: i}
		x.open("node", "id", string(r.id()), "label", r.node().Label)
		x.gexfBody(nodes, r, "")
		x.close("node")
	}
	x.close("nodes")
	x.gexfEdges(n, ties)
	x.close("graph")
	x.close("gexf")
	return x.done()
}

func (n *Network) keywords() string {
	var parts []string
	for _, a := range n.about() {
		parts = append(parts, a.Name+"="+textOf(a.value))
	}
	return strings.Join(parts, ", ")
}

// dated tells whether there is a spell to write.
func (n *Network) dated() bool {
	for i := range n.Nodes {
		if first, last := spell(n.Nodes[i].Span); first != "" || last != "" {
			return true
		}
	}
	for i := range n.Ties {
		if first, last := spell(n.Ties[i].Span); first != "" || last != "" {
			return true
		}
	}
	return false
}

// spell gives the first and the last day, "" for no bound.
func spell(s network.Span) (first, last string) {
	if start := s.Start(); start != network.MinDate {
		first = start.String()
	}
	if stop := s.Stop(); stop != network.MaxDate {
		last = stop.AddDays(-1).String()
	}
	return first, last
}

var gexfTypes = map[AttributeType]string{IntegerValue: "long", RealValue: "double", BooleanValue: "boolean"}

func (x *xmlWriter) gexfAttributes(class string, columns []column) {
	x.open("attributes", "class", class, "mode", "static")
	for _, c := range columns {
		typ := gexfTypes[c.Type]
		if typ == "" {
			typ = "string"
		}
		x.empty("attribute", "id", c.Name, "title", c.Name, "type", typ)
	}
	x.close("attributes")
}

func (x *xmlWriter) gexfBody(columns []column, r record, reverseOf string) {
	x.open("attvalues")
	for i := range columns {
		if v := columns[i].value(r); v != nil {
			x.empty("attvalue", "for", columns[i].Name, "value", textOf(v))
		}
	}
	if reverseOf != "" {
		x.empty("attvalue", "for", "reverseOf", "value", reverseOf)
	}
	x.close("attvalues")
	if first, last := spell(r.span()); first != "" || last != "" {
		x.open("spells")
		x.empty("spell", "start", first, "end", last)
		x.close("spells")
	}
}

func (x *xmlWriter) gexfEdges(n *Network, columns []column) {
	kinds, weight, back := parallelKinds{}, weightOf(n), backSuffix(n)
	edge := func(r record, id network.ID, from, to int32, reverseOf network.ID) {
		x.open("edge", "id", string(id), "source", string(n.Nodes[from].ID), "target", string(n.Nodes[to].ID),
			"kind", kinds.of(r.kind(), from, to), "label", r.term(), "weight", textOf(weight(r)))
		x.gexfBody(columns, r, string(reverseOf))
		x.close("edge")
	}
	x.open("edges")
	for i := range n.Ties {
		r := record{n: n, i: i, tie: true}
		t := r.asTie()
		edge(r, t.ID, t.Subject, t.Object, "")
		if t.Mutual && t.Subject != t.Object {
			edge(r, t.ID+back, t.Object, t.Subject, t.ID)
		}
	}
	x.close("edges")
}

// parallelKinds makes the kinds of parallel edges differ, as GEXF asks and Gephi
// needs: without that it makes one edge of them.
type parallelKinds map[parallel]int

type parallel struct {
	kind     string
	from, to int32
}

func (p parallelKinds) of(kind string, from, to int32) string {
	key := parallel{kind, from, to}
	p[key]++
	if n := p[key]; n > 1 {
		return strings.TrimSpace(fmt.Sprintf("%s %d", kind, n))
	}
	return kind
}

// backSuffix makes of the ID of a tie one for its way back that no tie has.
func backSuffix(n *Network) network.ID {
	suffix := "-back"
	for slices.ContainsFunc(n.Ties, func(t Tie) bool { return strings.HasSuffix(string(t.ID), suffix) }) {
		suffix += "-back"
	}
	return network.ID(suffix)
}

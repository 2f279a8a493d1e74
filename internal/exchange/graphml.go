package exchange

import (
	"io"
	"strconv"
)

// writeGraphML writes GraphML as NetworkX, igraph and yEd read it: one directed
// graph, typed keys. A mutual tie is one edge whose direction says so, since
// NetworkX refuses a graph that mixes directed edges with others. The ID of an
// edge stands among its data too: igraph 1.0 takes another for it otherwise.
func writeGraphML(w io.Writer, n *Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	x := newXMLWriter(w)
	x.open("graphml", "xmlns", "http://graphml.graphdrawing.org/xmlns", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd")
	about := n.about()
	nodes, ties := append([]column{labelColumn}, n.nodeColumns()...), append([]column{idColumn}, n.tieColumns()...)
	for i, a := range about {
		x.graphMLKey("g", i, "graph", a.Attribute)
	}
	for i, c := range nodes {
		x.graphMLKey("n", i, "node", c.Attribute)
	}
	for i, c := range ties {
		x.graphMLKey("e", i, "edge", c.Attribute)
	}
	x.open("graph", "id", "musubi", "edgedefault", "directed")
	for i, a := range about {
		x.text("data", textOf(a.value), "key", "g"+strconv.Itoa(i))
	}
	for i := range n.Nodes {
		x.open("node", "id", string(n.Nodes[i].ID))
		x.graphMLData("n", nodes, record{n: n, i: i})
		x.close("node")
	}
	for i := range n.Ties {
		r := record{n: n, i: i, tie: true}
		x.open("edge", "id", string(r.id()), "source", string(r.subject().ID), "target", string(r.object().ID))
		x.graphMLData("e", ties, r)
		x.close("edge")
	}
	x.close("graph")
	x.close("graphml")
	return x.done()
}

var graphMLTypes = map[AttributeType]string{IntegerValue: "long", RealValue: "double", BooleanValue: "boolean"}

func (x *xmlWriter) graphMLKey(prefix string, i int, of string, a Attribute) {
	typ := graphMLTypes[a.Type]
	if typ == "" {
		typ = "string"
	}
	x.empty("key", "id", prefix+strconv.Itoa(i), "for", of, "attr.name", a.Name, "attr.type", typ)
}

func (x *xmlWriter) graphMLData(prefix string, columns []column, r record) {
	for i := range columns {
		if v := columns[i].value(r); v != nil {
			x.text("data", textOf(v), "key", prefix+strconv.Itoa(i))
		}
	}
}

package exchange

import (
	"encoding/xml"
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

type graphMLKey struct {
	ID      string  `xml:"id,attr"`
	For     string  `xml:"for,attr"`
	Name    string  `xml:"attr.name,attr"`
	Type    string  `xml:"attr.type,attr"`
	Default *string `xml:"default"`
}

type graphMLData struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

type graphMLElement struct {
	ID       string        `xml:"id,attr"`
	Source   string        `xml:"source,attr"`
	Target   string        `xml:"target,attr"`
	Directed string        `xml:"directed,attr"`
	Data     []graphMLData `xml:"data"`
	Nested   *struct{}     `xml:"graph"`
}

// graphMLReader knows the keys declared before.
type graphMLReader struct {
	*builder
	keys  map[string]graphMLKey
	about map[string]any
	graph bool // its element has begun
}

// readGraphML reads a file with one graph. Keys without a name, in which yEd
// keeps its drawing, are passed over; graphs within nodes are refused.
func readGraphML(r io.Reader) (*Network, error) {
	g := &graphMLReader{newBuilder(), map[string]graphMLKey{}, map[string]any{}, false}
	err := readXML(r, "graphml", xmlHandlers{
		"key":       decodeXML(g.key),
		"graph":     g.begin,
		"data":      decodeXML(g.fact),
		"node":      decodeXML(g.node),
		"edge":      decodeXML(g.edge),
		"hyperedge": func(*xml.Decoder, *xml.StartElement) error { return errGraphML("edges of more than two nodes") },
	})
	if err != nil {
		return nil, err
	}
	if err := g.builder.about(g.about); err != nil {
		return nil, err
	}
	return g.network()
}

func errGraphML(what string) error {
	return network.Errorf(network.InvalidValue, "%s are not read", what)
}

func (g *graphMLReader) begin(_ *xml.Decoder, start *xml.StartElement) error {
	if g.graph {
		return errGraphML("several graphs in one file")
	}
	g.graph = true
	for _, a := range start.Attr {
		if a.Name.Local == "edgedefault" {
			g.allMutual = a.Value == "undirected"
		}
	}
	return nil
}

func (g *graphMLReader) key(k graphMLKey) error {
	if k.Name == "" {
		return nil
	}
	g.keys[k.ID] = k
	for class, t := range map[string]*table{"node": &g.nodes, "edge": &g.ties} {
		if k.For != class && k.For != "all" {
			continue
		}
		if err := t.declare(k.Name, xmlType(k.Type)); err != nil {
			return err
		}
	}
	return nil
}

func (g *graphMLReader) fact(d graphMLData) error {
	g.about[g.keys[d.Key].Name] = d.Text
	return nil
}

func (g *graphMLReader) node(e graphMLElement) error {
	if e.Nested != nil {
		return errGraphML("graphs within nodes")
	}
	return g.addNode(e.ID, g.data("node", e.Data))
}

func (g *graphMLReader) edge(e graphMLElement) error {
	m := g.data("edge", e.Data)
	m["source"], m["target"] = e.Source, e.Target
	if e.Directed == "false" && m["direction"] == nil {
		m["direction"] = mutual
	}
	return g.addTie(e.ID, m)
}

func (g *graphMLReader) data(class string, data []graphMLData) map[string]any {
	m := map[string]any{}
	for _, k := range g.keys {
		if k.Default != nil && (k.For == class || k.For == "all") {
			m[k.Name] = *k.Default
		}
	}
	for _, d := range data {
		if k, there := g.keys[d.Key]; there {
			m[k.Name] = d.Text
		}
	}
	return m
}

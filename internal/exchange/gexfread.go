package exchange

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

type gexfAttribute struct {
	ID      string  `xml:"id,attr"`
	Title   string  `xml:"title,attr"`
	Type    string  `xml:"type,attr"`
	Default *string `xml:"default"`
}

type gexfAttributes struct {
	Class      string          `xml:"class,attr"`
	Attributes []gexfAttribute `xml:"attribute"`
}

type gexfTime struct {
	Start string `xml:"start,attr"`
	End   string `xml:"end,attr"`
}

type gexfElement struct {
	gexfTime
	ID     string `xml:"id,attr"`
	Label  string `xml:"label,attr"`
	Source string `xml:"source,attr"`
	Target string `xml:"target,attr"`
	Type   string `xml:"type,attr"`
	Kind   string `xml:"kind,attr"`
	Weight string `xml:"weight,attr"`
	Values []struct {
		For   string `xml:"for,attr"`
		Value string `xml:"value,attr"`
	} `xml:"attvalues>attvalue"`
	Spells []gexfTime `xml:"spells>spell"`
	Nested *struct{}  `xml:"nodes"`
}

type gexfReader struct {
	*builder
	titles   map[string]map[string]string // by class and ID
	defaults map[string]map[string]string // by class and title
	kinds    bool                         // edges have an attribute for their kind
	dates    bool                         // times are dates, not numbers
	facts    map[string]any
}

// readGEXF reads GEXF of any version. Of the spells of a record it takes the
// first day and the last, unless the attributes start and end are there. Nodes
// within nodes are refused.
func readGEXF(r io.Reader) (*Network, error) {
	g := &gexfReader{builder: newBuilder(), facts: map[string]any{}}
	g.titles = map[string]map[string]string{"node": {}, "edge": {}}
	g.defaults = map[string]map[string]string{"node": {}, "edge": {}}
	err := readXML(r, "gexf", xmlHandlers{
		"keywords":   decodeXML(g.keywords),
		"graph":      g.begin,
		"attributes": decodeXML(g.declare),
		"node":       decodeXML(g.node),
		"edge":       decodeXML(g.edge),
	})
	if err != nil {
		return nil, err
	}
	if err := g.about(g.facts); err != nil {
		return nil, err
	}
	return g.network()
}

// keywords are the facts as writeGEXF writes them; other words are passed over.
func (g *gexfReader) keywords(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
			g.facts[name] = value
		}
	}
	return nil
}

func (g *gexfReader) begin(_ *xml.Decoder, start *xml.StartElement) error {
	g.allMutual = true // what GEXF says where the file does not
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "timeformat", "timetype":
			g.dates = strings.HasPrefix(strings.ToLower(a.Value), "date")
		case "defaultedgetype":
			g.allMutual = a.Value != directed
		}
	}
	return nil
}

func (g *gexfReader) declare(as gexfAttributes) error {
	t := map[string]*table{"node": &g.nodes, "edge": &g.ties}[as.Class]
	if t == nil {
		return network.Errorf(network.InvalidValue, "there are attributes of neither nodes nor edges")
	}
	for _, a := range as.Attributes {
		a.Title = cmp.Or(a.Title, a.ID)
		g.titles[as.Class][a.ID] = a.Title
		g.kinds = g.kinds || as.Class == "edge" && a.Title == "kind"
		if a.Default != nil {
			g.defaults[as.Class][a.Title] = *a.Default
		}
		if err := t.declare(a.Title, xmlType(a.Type)); err != nil {
			return err
		}
	}
	return nil
}

func (g *gexfReader) node(e gexfElement) error {
	if e.Nested != nil {
		return network.Errorf(network.InvalidValue, "nodes within nodes are not read")
	}
	m := g.values("node", &e)
	if e.Label != "" {
		m["label"] = e.Label
	}
	return g.addNode(e.ID, m)
}

func (g *gexfReader) edge(e gexfElement) error {
	m := g.values("edge", &e)
	if m["reverseOf"] != nil {
		return nil
	}
	m["source"], m["target"] = e.Source, e.Target
	for name, value := range map[string]string{"label": e.Label, "direction": e.Type} {
		if m[name] == nil && value != "" {
			m[name] = value
		}
	}
	if !g.kinds {
		m["kind"] = e.Kind // in our files it is numbered
	}
	readWeight(m, e.Weight)
	return g.addTie(e.ID, m)
}

func (g *gexfReader) values(class string, e *gexfElement) map[string]any {
	m := map[string]any{}
	for title, value := range g.defaults[class] {
		m[title] = value
	}
	for _, v := range e.Values {
		if title, there := g.titles[class][v.For]; there {
			m[title] = v.Value
		}
	}
	g.times(m, e)
	return m
}

// times takes the spells where the attributes do not say it better.
func (g *gexfReader) times(m map[string]any, e *gexfElement) {
	if !g.dates || m["start"] != nil || m["end"] != nil {
		return
	}
	all := e.Spells
	if len(all) == 0 {
		all = []gexfTime{e.gexfTime}
	}
	first, last := day(all[0].Start), day(all[0].End)
	for _, s := range all[1:] {
		if start := day(s.Start); start < first {
			first = start
		}
		if end := day(s.End); last != "" && (end == "" || end > last) {
			last = end
		}
	}
	m["start"], m["end"] = first, last
}

// day cuts the time off a date. NetworkX writes None for no bound.
func day(s string) string {
	if s == "None" {
		return ""
	}
	return s[:min(len(s), len("2022-02-01"))]
}

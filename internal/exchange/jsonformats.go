package exchange

import (
	"io"
	"strings"
)

// writeNodeLink writes the node-link JSON of NetworkX and D3, a directed
// multigraph whose edges stand under "links". A mutual tie is one edge whose
// direction says so.
func writeNodeLink(w io.Writer, n *Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	j := newJSONWriter(w)
	j.put("{\"directed\": true, \"multigraph\": true, \"graph\": {")
	j.facts(n.about())
	j.put("},\n")
	j.list("nodes", append([]column{idColumn, labelColumn}, n.nodeColumns()...), n, false, "", "")
	j.put(",\n")
	key := idColumn
	key.Name = "key"
	j.list("links", append([]column{sourceColumn, targetColumn, key}, n.tieColumns()...), n, true, "", "")
	j.put("}\n")
	return j.Flush()
}

// writeCytoscape writes the JSON of Cytoscape.js, which Cytoscape opens too.
// Nodes and edges share one set of IDs there.
func writeCytoscape(w io.Writer, n *Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	names := newNaming(n, "")
	j := newJSONWriter(w)
	j.put("{\"data\": {\"name\": ")
	j.value(n.title())
	j.put(", ")
	j.facts(n.about())
	j.put("},\n\"elements\": {\n")
	name := labelColumn
	name.Name = "name"
	nodes := append(names.columns(), labelColumn, name)
	j.list("nodes", append(nodes, n.nodeColumns()...), n, false, `{"data": `, "}")
	j.put(",\n")
	ties := append(names.columns(), names.end("source", record.subjectAt), names.end("target", record.objectAt))
	j.list("edges", append(ties, n.tieColumns()...), n, true, `{"data": `, "}")
	j.put("}}\n")
	return j.Flush()
}

// writeKumu writes a blueprint of Kumu. Its fields are named as the columns of
// the CSV files are, in lower case. IDs have neither "_" nor ".", which Kumu
// cannot read; where that changes one, the field "record id" has the right one.
func writeKumu(w io.Writer, n *Network) error {
	if err := n.Check(); err != nil {
		return err
	}
	names := newNaming(n, "_.")
	j := newJSONWriter(w)
	j.put("{\"musubi\": {")
	j.facts(n.about())
	j.put("},\n")
	nodes := append(names.columns(), labelColumn)
	j.list("elements", kumuColumns(append(nodes, n.nodeColumns()...)), n, false, "", "")
	j.put(",\n")
	ties := append(names.columns(), names.end("source", record.subjectAt), names.end("target", record.objectAt))
	j.list("connections", kumuColumns(append(ties, n.tieColumns()...)), n, true, "", "")
	j.put("}\n")
	return j.Flush()
}

// kumuNames are the columns with a name of their own in Kumu.
var kumuNames = map[string]string{"kind": "type", "source": "from", "target": "to", "topics": "tags"}

func kumuColumns(columns []column) []column {
	for i, c := range columns {
		columns[i].Name = kumuName(c.Name)
	}
	return columns
}

// kumuName leaves names of other programs as they are.
func kumuName(name string) string {
	if own := kumuNames[name]; own != "" {
		return own
	}
	if _, ours := kumuFields[strings.ToLower(words(name))]; ours {
		return strings.ToLower(words(name))
	}
	return name
}

// kumuFields are our names by those in Kumu.
var kumuFields = makeKumuFields()

func makeKumuFields() map[string]string {
	out := map[string]string{"record id": "recordId"}
	for _, k := range []known{knownNode, knownTie} {
		for name := range k {
			out[strings.ToLower(words(name))] = name
		}
	}
	for name, kumu := range kumuNames {
		delete(out, name)
		out[kumu] = name
	}
	return out
}

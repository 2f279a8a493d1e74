package exchange

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// gephiNames are the columns that Gephi knows; it calls the direction Type and
// tells parallel edges apart by their Kind.
var gephiNames = map[string]string{
	"id": "Id", "label": "Label", "kind": "Kind", "sector": "Sector", "start": "Start", "end": "End",
	"source": "Source", "target": "Target", "direction": "Type", weightName: "Weight",
}

// ourNames are the columns of a file by their name in lower case.
var ourNames = map[string]string{
	"id": "id", "label": "label", "kind": "kind", "sector": "sector", "start": "start", "end": "end",
	"source": "source", "target": "target", "type": "direction", "weight": weightName,
}

func gephiNodes(n *Network) []column {
	return append([]column{idColumn, labelColumn}, n.nodeColumns()...)
}

func gephiEdges(n *Network) []column {
	direction := textColumn("direction", func(r record) string {
		if r.asTie().Mutual {
			return "Undirected"
		}
		return "Directed"
	})
	first := []column{sourceColumn, targetColumn, direction, idColumn, {Attribute{weightName, RealValue}, weightOf(n)}}
	return append(first, without(n.tieColumns(), direction.Name, weightName)...)
}

func writeGephiNodes(w io.Writer, n *Network) error { return writeGephiCSV(w, n, gephiNodes(n), false) }

func writeGephiEdges(w io.Writer, n *Network) error { return writeGephiCSV(w, n, gephiEdges(n), true) }

// writeGephiCSV writes one table, without a byte-order mark: Gephi would take it
// for a part of the first heading.
func writeGephiCSV(w io.Writer, n *Network, columns []column, ties bool) error {
	if err := n.Check(); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	cells := make([]string, len(columns))
	for i, col := range columns {
		cells[i] = col.Name
		if name := gephiNames[col.Name]; name != "" {
			cells[i] = name
		}
	}
	count := len(n.Nodes)
	if ties {
		count = len(n.Ties)
	}
	for row := -1; row < count; row++ {
		for i := range columns {
			if row >= 0 {
				cells[i] = textOf(columns[i].value(record{n, row, ties}))
			}
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// writeGephiAbout writes down what the tables have no place for.
func writeGephiAbout(w io.Writer, n *Network) error {
	j := newJSONWriter(w)
	j.put("{\"description\": ")
	j.value(n.title())
	j.put(", ")
	j.facts(n.about())
	j.put("}\n")
	return j.Flush()
}

// readGephiCSV reads the tables of nodes and of edges; about may be nil. What is
// not an attribute of ours is text: a table says nothing of types.
func readGephiCSV(nodes, edges, about io.Reader) (*Network, error) {
	b := newBuilder()
	if about != nil {
		if err := readJSONObject(about, b.about); err != nil {
			return nil, err
		}
	}
	if err := readTable(nodes, []string{"id"}, func(m map[string]any) error { return b.addNode("", m) }); err != nil {
		return nil, err
	}
	err := readTable(edges, []string{"source", "target"}, func(m map[string]any) error {
		weight, _ := m[weightName].(string)
		delete(m, weightName)
		readWeight(m, weight)
		return b.addTie("", m)
	})
	if err != nil {
		return nil, err
	}
	return b.network()
}

func readJSONObject(r io.Reader, use func(map[string]any) error) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := decodeJSON(use)(d); err != nil {
		return errJSON(err)
	}
	return nil
}

func readTable(r io.Reader, needs []string, use func(map[string]any) error) error {
	in := bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		_, _ = in.Discard(3)
	}
	c := csv.NewReader(in)
	c.ReuseRecord = true
	header, err := c.Read()
	if err != nil {
		return errTable(err)
	}
	names, err := tableNames(header, needs)
	if err != nil {
		return err
	}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errTable(err)
		}
		m := make(map[string]any, len(cells))
		for i, s := range cells {
			if names[i] != "" { // pandas writes its index so
				m[names[i]] = s
			}
		}
		if err := use(m); err != nil {
			return err
		}
	}
}

func tableNames(header, needs []string) ([]string, error) {
	names := make([]string, len(header))
	seen := map[string]bool{}
	for i, name := range header {
		names[i] = name
		if ours := ourNames[strings.ToLower(name)]; ours != "" {
			names[i] = ours
		}
		if names[i] != "" && seen[names[i]] {
			return nil, network.Errorf(network.Duplicate, "there are two columns of this name").At(name)
		}
		seen[names[i]] = true
	}
	for _, name := range needs {
		if !seen[name] {
			return nil, network.Errorf(network.Required, "there is no column %s", gephiNames[name])
		}
	}
	return names, nil
}

func errTable(err error) error {
	if errors.Is(err, io.EOF) {
		return network.Errorf(network.Required, "it is empty; the first line names the columns")
	}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return network.Errorf(network.InvalidValue, "it is not a good table: line %d", syntax.StartLine)
	}
	return err
}

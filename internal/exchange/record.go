package exchange

import "github.com/musubi-map/musubi/internal/network"

// record is a node or a tie of a network, whichever a writer is at.
type record struct {
	n   *Network
	i   int
	tie bool
}

func (r record) node() *Node    { return &r.n.Nodes[r.i] }
func (r record) asTie() *Tie    { return &r.n.Ties[r.i] }
func (r record) subject() *Node { return &r.n.Nodes[r.asTie().Subject] }
func (r record) object() *Node  { return &r.n.Nodes[r.asTie().Object] }

func (r record) id() network.ID {
	if r.tie {
		return r.asTie().ID
	}
	return r.node().ID
}

func (r record) span() network.Span {
	if r.tie {
		return r.asTie().Span
	}
	return r.node().Span
}

func (r record) kind() string {
	if r.tie {
		return r.asTie().Kind
	}
	return r.node().Kind
}

// term is the Japanese term of the kind; "" for one that is not ours.
func (r record) term() string {
	if r.tie {
		if k := network.TieKindOf(r.kind()); k != nil {
			return k.JA
		}
		return ""
	}
	if k := network.KindOf(r.kind()); k != nil {
		return k.JA
	}
	return ""
}

// directions as Kumu and Cytoscape users write them.
const (
	directed = "directed"
	mutual   = "mutual"
)

func (r record) direction() string {
	if r.asTie().Mutual {
		return mutual
	}
	return directed
}

func (r record) values() []any {
	if r.tie {
		return r.asTie().Values
	}
	return r.node().Values
}

// column is a value of every node, or of every tie, under a name.
type column struct {
	Attribute
	of func(record) any
}

func textColumn(name string, of func(record) string) column {
	return column{Attribute{name, TextValue}, func(r record) any { return of(r) }}
}

func dateColumn(name string, of func(record) network.PartialDate) column {
	return column{Attribute{name, DateValue}, func(r record) any { return of(r) }}
}

var (
	idColumn     = textColumn("id", func(r record) string { return string(r.id()) })
	labelColumn  = textColumn("label", func(r record) string { return r.node().Label })
	sourceColumn = textColumn("source", func(r record) string { return string(r.subject().ID) })
	targetColumn = textColumn("target", func(r record) string { return string(r.object().ID) })

	kindColumn      = textColumn("kind", record.kind)
	directionColumn = textColumn("direction", record.direction)
	startColumn     = dateColumn("start", func(r record) network.PartialDate { return r.span().From })
	// End is the last day, as people write it.
	endColumn = dateColumn("end", func(r record) network.PartialDate { return network.ExclusiveToInclusive(r.span().Until) })
)

// nodeColumns are what every format says of a node beside ID and label.
func (n *Network) nodeColumns() []column {
	return append([]column{kindColumn, textColumn("sector", record.term), startColumn, endColumn}, attributeColumns(n.NodeAttributes)...)
}

// tieColumns are what every format says of a tie beside ID and ends.
func (n *Network) tieColumns() []column {
	return append([]column{kindColumn, textColumn("label", record.term), directionColumn, startColumn, endColumn}, attributeColumns(n.TieAttributes)...)
}

func attributeColumns(attributes []Attribute) []column {
	out := make([]column, len(attributes))
	for slot, a := range attributes {
		out[slot] = column{a, func(r record) any { return r.values()[slot] }}
	}
	return out
}

// value is that of a column, nil for none.
func (c *column) value(r record) any { return present(c.of(r)) }

func (r record) subjectAt() int32 { return r.asTie().Subject }
func (r record) objectAt() int32  { return r.asTie().Object }

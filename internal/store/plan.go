package store

import "github.com/musubi-map/musubi/internal/network"

// Plan is what one root field asks for: trees of collections, a network, or
// both, with who asks and as of when. All of it is read at one revision. A plan
// is read only once made and may be run many times.
type Plan struct {
	Viewer  network.Viewer
	AsOf    network.Date
	Roots   []*Collection
	Network *SubgraphQuery // nil: none
}

// Result is the answer to a plan: one value per root, the network when the plan
// has one, and the revision read.
//
// A value is, by the collection:
//   - Single: a row, or nil
//   - Group: a list []any of []any{values []any, labels []any, count int64},
//     in no order
//   - else: []any{rows []any, total any, other any}: rows in the asked order
//     (forward order also for a backward page), up to Limit+1 of them (the
//     surplus row last, or first for a backward page); total int64 when Total,
//     else nil; other bool when Other, else nil
//
// A row is []any{kind string, column…}, the columns those of the Shape for
// that kind; with Cursor it ends with one more: []any of the order keys and
// the ID. Values are string, int64, bool, nil, or []any of them; dates are
// canonical text (network.PartialDate.Text), a history entry is []any{value,
// extra, note, from, until}; before and after of a log entry are []any{text,
// hidden []any, withheld bool}, see [Change.Refs]; a Refs value is never a column (use a child).
type Result struct {
	Revision int64
	Values   []any
	Network  *Subgraph
}

// Collection is a set of records reached from the parent, and what is wanted
// of them.
type Collection struct {
	Source Source
	// Kinds are the concrete kinds a member may have, in registry order.
	Kinds  []*network.Kind
	Filter Expr // nil: all
	// Order is completed by the ID, ascending, by the engine.
	Order []Order
	// Limit is the page size; 0: no limit. Backward pages end at Before or at
	// the end of the list.
	Limit         int
	Backward      bool
	After, Before *Cursor
	// During says when members of a dated kind must hold; nil: at AsOf.
	During *network.DateRange
	// Ever lifts the date condition: set for records asked for by ID.
	Ever bool
	// Single collections answer with a row or nil, not with a list.
	Single bool
	// Rows, More (one row over Limit), Total and Other (is there any row on the
	// far side of the cursor: before After, or after Before) are computed only
	// when set.
	Rows, More, Total, Other bool
	Cursor                   bool
	Shapes                   []Shape
	Group                    []Dimension // group-by instead of rows
	// Kept, when not nil, says that the collection will be asked for again as it
	// is, with all in it, but for other IDs of a root of records by ID.
	Kept *Kept
}

// Dimension is what members are counted by. A date counts by its fiscal year:
// that of its first day, of "until" that of the last day the record holds.
type Dimension struct {
	Field *network.Field // nil: the kind of record
	// Via is subject or object, of ties: Field is then one of that party. It
	// gives nothing for other members.
	Via *network.Field
	// Rise takes what Field leads to up to a level; nil: as it is.
	Rise *Rise
	// Periods, when not nil, is all there is to the dimension: a member counts
	// once for each of them in which it holds on some day. The values are
	// positions in Periods. The collection must look at all of them (see
	// During).
	Periods []network.DateRange
}

// Rise takes a record up, along Up over records the viewer sees, to the nearest
// of which the field By has the Value, itself the first: an area to its
// municipality. Where there is none the record stays as it is.
type Rise struct {
	Up, By *network.Field
	Value  string
}

// Source says how the members are reached.
type Source struct {
	Op    SourceOp
	IDs   []network.ID // ByID
	Terms []string     // Search: folded terms, each must occur in one of the names
	Text  string       // Search: the folded text, for the rank
	Hops  []Hop        // Follow
	Ties  []string     // Ties: tie kinds; empty: all
	Dir   network.Direction
	End   TieEnd // Party
}

// SourceOp is the way members are reached.
type SourceOp uint8

// The ways. Roots use Scan, ByID and Search; children the others.
const (
	Scan   SourceOp = iota // every record of Kinds
	ByID                   // the records with these IDs, in order of ID
	Search                 // records whose searchKey holds every term; rank (0 a name equals Text, 1 a name begins with Text, 2 else) orders before Order
	Follow                 // along Hops, distinct
	Ties                   // ties of the parent stakeholder; rows are ties
	Party                  // from a tie to one of its ends
)

// TieEnd is an end of a tie.
type TieEnd uint8

// The ends. Other is the party that is not the stakeholder the tie was reached
// from; from a tie reached otherwise it matches either party in filters.
const (
	Subject TieEnd = iota
	Object
	Other
)

// Hop is a step along Field, or against it.
type Hop struct {
	Kind    *network.Kind // declares Field
	Field   *network.Field
	Inverse bool
}

// Order is one sort key: a sortable field. Names order by the stored sort key.
// Nulls come last in either direction.
type Order struct {
	Field *network.Field
	Desc  bool
}

// Cursor is a place in an order: the keys of Order and the ID. A key is nil,
// string, int64 or network.Date.
type Cursor struct {
	Rank int64 // Search only
	Keys []any
	ID   network.ID
}

// Shape is what is wanted of members of some kinds.
type Shape struct {
	Kinds   []*network.Kind
	Columns []Column
}

// Column is a field, a built-in or a nested collection.
type Column struct {
	Field   *network.Field
	Builtin Builtin
	Child   *Collection
}

// Builtin columns are not fields of the registry.
type Builtin uint8

// The built-ins.
const (
	None       Builtin = iota
	RecordID           // the ID, string
	Version            // int64
	Facing             // ties reached from a stakeholder: OUT, IN or MUTUAL, string
	SearchRank         // int64
)

// ShapeFor is the shape for a kind; nil when the plan wants nothing of it.
func (c *Collection) ShapeFor(k *network.Kind) *Shape {
	for i := range c.Shapes {
		for _, s := range c.Shapes[i].Kinds {
			if s == k {
				return &c.Shapes[i]
			}
		}
	}
	return nil
}

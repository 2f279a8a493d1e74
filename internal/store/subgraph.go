package store

import "github.com/musubi-map/musubi/internal/network"

// SubgraphQuery asks for the network around Centers, or all of it, as bare
// nodes and ties: what analysis computes from. It is part of a [Plan], whose
// viewer and date are its own.
type SubgraphQuery struct {
	// Centers, when not nil, limits the answer to what is within Hops ties.
	Centers []network.ID
	Hops    int
	// Toward, when not nil, limits it further, to the ways of at most Between steps
	// from Centers to these: the nodes whose distances from Centers and from Toward
	// are together at most Between, and the ties and seats that lie on such a way
	// (see [SubgraphQuery.OnWay]). The walk from Toward goes Back steps; who is farther
	// than Hops from Centers counts as Hops+1 from them, who is farther than Back from
	// Toward as Back+1: some nodes may be too many. Hops and Back are together at least
	// Between.
	Toward        []network.ID
	Back, Between int
	// Ties limits the ties followed (fields of Tie); Nodes the stakeholders.
	Ties, Nodes Expr
	Direction   network.Direction
	// Posts has a post count as a step between who holds it and the organisation that
	// has it, whatever the Direction, and gives the Seats among the nodes.
	Posts bool
	// During says when nodes and ties must hold; nil: at AsOf. Conditions on
	// other records hold at AsOf all the same.
	During *network.DateRange
	// Limit is the most nodes returned, nearest first, then by ID; 0: no limit.
	Limit int
	// TieFields are the values wanted of each tie, fields of the kind Tie.
	// NodeFields are those wanted of each node, fields that some kinds of
	// stakeholder have; SeatFields those of the occupancies of Seats. None may be a
	// Refs field.
	TieFields, NodeFields, SeatFields []*network.Field
}

// OnWay tells whether what joins two nodes lies on a way of at most Between steps,
// given the distance of each from Centers and from Toward.
func (q *SubgraphQuery) OnWay(from1, toward1, from2, toward2 int) bool {
	return min(from1+toward2, from2+toward1) < q.Between
}

// Subgraph is the answer: nodes in order of (hop, id), ties and seats between
// them by id.
type Subgraph struct {
	Revision  int64 // that of the Result it is part of
	Nodes     []SubNode
	Ties      []SubTie
	Seats     []SubSeat
	Truncated bool // Limit cut nodes off
	// Cut is how many nodes Limit cut off at each hop, from 0; nil: none.
	Cut []int
}

// CutOff counts the nodes cut off, given the hop of each.
func (g *Subgraph) CutOff(hops []int) {
	for _, h := range hops {
		for len(g.Cut) <= h {
			g.Cut = append(g.Cut, 0)
		}
		g.Cut[h]++
		g.Truncated = true
	}
}

// SubNode is one stakeholder of a subgraph; Hop its distance from the centers, or
// from Toward, whichever is nearer.
// Values are those of NodeFields, in their order, each as a row has it (see
// [Result]): nil where the kind has no such field, where it is personal and the
// viewer may not read it, and where it leads to a record they may not see.
type SubNode struct {
	ID     network.ID
	Kind   string
	Hop    int
	Values []any
}

// SubTie is one tie; Subject and Object are positions in Nodes. Strength 0:
// not given. Values are those of TieFields, in their order, each as a row has
// it.
type SubTie struct {
	ID              network.ID
	Kind            string
	Subject, Object int32
	Strength        int8
	Values          []any
}

// SubSeat is a post that somebody holds, as the viewer sees it; ID is that of the
// occupancy. Person and Organization are positions in Nodes. Values are those of
// SeatFields, in their order, each as a row has it.
type SubSeat struct {
	ID                   network.ID
	Person, Organization int32
	Values               []any
}

package ask

import (
	"context"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Query is a plan in the making: its roots are read in one statement. A query
// is run once.
type Query struct {
	plan    store.Plan
	answers []*Answer
	network *store.Subgraph
}

// Answer is what one root of a query gave; it is filled by [Query.Run].
type Answer struct {
	sel  *Sel
	rows []Row
}

// New begins a query for the viewer as of a day.
func New(v network.Viewer, asOf network.Date) *Query {
	return &Query{plan: store.Plan{Viewer: v, AsOf: asOf}}
}

// Scan reads every record of the selection's kinds that holds at asOf.
func (q *Query) Scan(s *Sel, opts ...Option) *Answer {
	return q.root(s, &store.Collection{Source: store.Source{Op: store.Scan}, Rows: true}, opts)
}

// ByID reads the records with the IDs, whenever they hold, in order of ID. What
// is not there, or not of the selection's kinds, is left out.
func (q *Query) ByID(s *Sel, ids ...network.ID) *Answer {
	return q.root(s, &store.Collection{Source: store.Source{Op: store.ByID, IDs: ids}, Ever: true, Rows: true}, nil)
}

// Network reads a part of the network with the roots; see [Query.Found].
func (q *Query) Network(part *store.SubgraphQuery) { q.plan.Network = part }

// Found is the network that was read, nil before [Query.Run] and without
// [Query.Network].
func (q *Query) Found() *store.Subgraph { return q.network }

func (q *Query) root(s *Sel, c *store.Collection, opts []Option) *Answer {
	a := &Answer{sel: s}
	q.plan.Roots = append(q.plan.Roots, s.fill(c, opts))
	q.answers = append(q.answers, a)
	return a
}

// Run reads all roots at one revision, which it returns.
func (q *Query) Run(ctx context.Context, s store.Store) (int64, error) {
	result, err := s.Fetch(ctx, &q.plan)
	if err != nil {
		return 0, err
	}
	for i, a := range q.answers {
		a.rows = rowsOf(a.sel, result.Values[i])
	}
	q.network = result.Network
	return result.Revision, nil
}

// Rows are the records found.
func (a *Answer) Rows() []Row { return a.rows }

// First is the first record found; the zero Row when there is none.
func (a *Answer) First() Row {
	if len(a.rows) == 0 {
		return Row{}
	}
	return a.rows[0]
}

package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxFailures ends a run that has shown enough.
const maxFailures = 10

// Comparison says how much [Differential] compares: the series numbered First
// to Until-1, each of so many maps and shapes of plans. Series are independent:
// other numbers are other maps and other plans.
type Comparison struct{ First, Until, Maps, Plans int }

// Differential loads the same random maps into two stores, runs the same
// random plans on both, and wants the same answers to the byte, groups in any
// order, and the same error codes. Of a list with cursors it goes on from rows
// of the answer, forward and backward, over the page sizes that have broken
// such code before. It also loads records and reads the log.
//
// The plans of a series have the same shapes on each of its maps, with other
// values: a server plans a statement when it sees it first, which takes it a
// hundred times as long as to answer.
//
// A failure shows its plan; go test -run 'TestName/series_3/map_7$' repeats it.
func Differential(t *testing.T, c Comparison, a, b func(testing.TB) store.Store) Figures {
	var sum Figures
	for series := c.First; series < c.Until && sum.Differences < maxFailures; series++ {
		t.Run(fmt.Sprintf("series %d", series), func(t *testing.T) {
			for n := 0; n < c.Maps && sum.Differences < maxFailures; n++ {
				t.Run(fmt.Sprintf("map %d", n), func(t *testing.T) {
					d := &duel{t: t, a: a(t), b: b(t), sum: &sum, values: rand.New(rand.NewPCG(uint64(series), 1<<32+uint64(n)))}
					d.run(uint64(series), uint64(c.Plans))
				})
			}
		})
	}
	return sum
}

// Figures are what a run has compared. Of the Plans and further Pages so many
// were Filled, answered with a row at least, and so many Refused.
type Figures struct{ Maps, Records, Plans, Pages, Filled, Refused, Differences int }

// String is a sentence for people.
func (f Figures) String() string {
	return fmt.Sprintf("%d maps of %d records, %d plans and %d further pages, of which %d answered with something and %d were refused: %d differences",
		f.Maps, f.Records, f.Plans, f.Pages, f.Filled, f.Refused, f.Differences)
}

// duel is two stores with the same map.
type duel struct {
	t      *testing.T
	values *rand.Rand
	shape  *rand.Rand // of the plan at hand
	a, b   store.Store
	name   string
	sum    *Figures
}

func (d *duel) run(series, plans uint64) {
	m := randomMap(d.values)
	ids := d.load(m)
	d.shape = rand.New(rand.NewPCG(series, 1<<32))
	d.records(m, ids)
	for n := range plans {
		d.shape = rand.New(rand.NewPCG(series, n))
		d.name = fmt.Sprintf("plan %d", n)
		d.plan(randomPlan(d.shape, m, ids))
	}
}

func (d *duel) load(m *maker) []network.ID {
	d.t.Helper()
	graph := m.creation()
	change := m.update(graph)
	var ids []network.ID
	for _, w := range graph.Writes {
		ids = append(ids, w.After.ID)
	}
	slices.Sort(ids)
	for _, s := range []store.Store{d.a, d.b} {
		apply(d.t, s, graph)
		apply(d.t, s, change)
	}
	d.sum.Maps++
	d.sum.Records += len(ids)
	return ids
}

// plan compares one plan and, of its first root, some pages.
func (d *duel) plan(p *store.Plan) {
	d.sum.Plans++
	res := d.compare(p)
	if res == nil || len(p.Roots) == 0 || !p.Roots[0].Cursor || p.Roots[0].Single {
		return
	}
	rows, _ := res.Values[0].([]any)[0].([]any)
	for range 2 {
		// The shape of the page must not hang on the rows.
		t := turn{backward: d.shape.IntN(2) == 0, against: d.shape.IntN(4) == 0, bare: d.shape.IntN(3) > 0}
		if len(rows) > 0 {
			d.sum.Pages++
			d.compare(d.turned(p, rows, t))
		}
	}
}

// turn says which page comes next: of the rows to the end or from the
// beginning, on this side of the cursor or the other, without what is nested.
type turn struct{ backward, against, bare bool }

// turned is the plan at another page: from a row of the answer, or up to it.
func (d *duel) turned(p *store.Plan, rows []any, t turn) *store.Plan {
	root, n := *p.Roots[0], len(rows)
	c := d.cursor(&root, pick(d.values, rows).([]any))
	root.After, root.Before, root.Kept = nil, nil, nil
	if root.Backward = t.backward; t.backward != t.against {
		root.Before = c
	} else {
		root.After = c
	}
	if t.bare {
		root.Shapes = []store.Shape{{Kinds: root.Kinds, Columns: []store.Column{{Builtin: store.RecordID}}}}
	}
	root.Limit, root.More, root.Other = max(1, pick(d.values, []int{1, 2, n - 1, n, n + 1})), true, true
	return &store.Plan{Viewer: p.Viewer, AsOf: p.AsOf, Roots: []*store.Collection{&root}}
}

func (d *duel) cursor(c *store.Collection, row []any) *store.Cursor {
	if c.Source.Op == store.Search && c.ShapeFor(network.KindOf(row[0].(string))) == nil {
		return nil // nothing was asked of the kind, so no rank is known
	}
	return rowCursor(d.t, c, row, 2)
}

// compare runs a plan on both and gives the answer when they agree.
func (d *duel) compare(p *store.Plan) *store.Result {
	d.t.Helper()
	d.kept(p)
	ra, errA := d.a.Fetch(context.Background(), p)
	rb, errB := d.b.Fetch(context.Background(), p)
	if ca, cb := network.CodeOf(errA), network.CodeOf(errB); ca != cb || ca == network.Internal {
		d.fail(describe(p), fmt.Sprintf("%v (%s)", errA, ca), fmt.Sprintf("%v (%s)", errB, cb))
		return nil
	}
	if errA != nil {
		d.sum.Refused++
		return nil
	}
	ja, jb := answer(p, ra), answer(p, rb)
	if ja != jb {
		d.fail(describe(p), ja, jb)
		return nil
	}
	if found(ra) {
		d.sum.Filled++
	}
	return ra
}

func (d *duel) fail(asked, a, b string) {
	d.t.Helper()
	d.sum.Differences++
	d.t.Errorf("%s\n%s\na: %s\nb: %s", d.name, asked, a, b)
}

// found tells whether there is a row, a group or a node in the answer.
func found(res *store.Result) bool {
	if res.Network != nil && len(res.Network.Nodes) > 0 {
		return true
	}
	return slices.ContainsFunc(res.Values, func(v any) bool {
		list, _ := v.([]any)
		if len(list) != 3 {
			return len(list) > 0
		}
		rows, isList := list[0].([]any)
		return !isList || len(rows) > 0
	})
}

// answer is the whole of it as text.
func answer(p *store.Plan, res *store.Result) string {
	values := make([]any, len(res.Values))
	for i, v := range res.Values {
		values[i] = canonical(p.Roots[i], v)
	}
	if g := res.Network; g != nil {
		return asJSON([]any{res.Revision, values, nodeList(g), tieList(g), seatList(g), g.Truncated})
	}
	return asJSON([]any{res.Revision, values})
}

func nodeList(g *store.Subgraph) []any {
	out := make([]any, len(g.Nodes))
	for i, n := range g.Nodes {
		out[i] = []any{n.ID, n.Kind, n.Hop, n.Values}
	}
	return out
}

func tieList(g *store.Subgraph) []any {
	out := make([]any, len(g.Ties))
	for i, e := range g.Ties {
		out[i] = []any{e.ID, e.Kind, e.Subject, e.Object, e.Strength, e.Values}
	}
	return out
}

func seatList(g *store.Subgraph) []any {
	out := make([]any, len(g.Seats))
	for i, s := range g.Seats {
		out[i] = []any{s.ID, s.Person, s.Organization, s.Values}
	}
	return out
}

// canonical sorts the groups of an answer, at any depth.
func canonical(c *store.Collection, v any) any {
	list, ok := v.([]any)
	switch {
	case !ok || list == nil:
		return v
	case c.Single:
		return canonicalRow(c, list)
	case len(c.Group) > 0:
		out := slices.Clone(list)
		slices.SortFunc(out, func(a, b any) int {
			ja, jb := asJSON(a), asJSON(b)
			switch {
			case ja < jb:
				return -1
			case ja > jb:
				return 1
			}
			return 0
		})
		return out
	}
	out := slices.Clone(list)
	if rows, ok := out[0].([]any); ok {
		rows = slices.Clone(rows)
		for i, row := range rows {
			rows[i] = canonicalRow(c, row.([]any))
		}
		out[0] = rows
	}
	return out
}

func canonicalRow(c *store.Collection, row []any) []any {
	shape := c.ShapeFor(network.KindOf(row[0].(string)))
	if shape == nil {
		return row
	}
	row = slices.Clone(row)
	for i, col := range shape.Columns {
		if col.Child != nil && i+1 < len(row) {
			row[i+1] = canonical(col.Child, row[i+1])
		}
	}
	return row
}

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

// Differential loads the same random maps into two stores, runs the same
// random plans on both, and wants the same answers to the byte, groups in any
// order, and the same error codes. Of a list with cursors it goes on from rows
// of the answer, forward and backward, over the page sizes that have broken
// such code before. A failure names its seed and shows the plan.
func Differential(t *testing.T, graphs, plans int, a, b func(testing.TB) store.Store) {
	for seed := range uint64(graphs) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			d := &duel{t: t, r: r, a: a(t), b: b(t)}
			ids := d.load(seed)
			for n := range uint64(plans) {
				d.r = rand.New(rand.NewPCG(seed, n+1))
				d.name = fmt.Sprintf("map %d, plan %d", seed, n)
				d.plan(RandomPlan(d.r, ids))
				if d.failures >= maxFailures {
					t.Fatalf("stopped after %d failures, at %s", d.failures, d.name)
				}
			}
		})
	}
}

// duel is two stores with the same map.
type duel struct {
	t        *testing.T
	r        *rand.Rand
	a, b     store.Store
	name     string
	failures int
}

func (d *duel) load(seed uint64) []network.ID {
	d.t.Helper()
	graph := RandomGraph(d.r, 60+int(seed%3)*60)
	change := randomUpdate(d.r, graph)
	var ids []network.ID
	for _, w := range graph.Writes {
		ids = append(ids, w.After.ID)
	}
	slices.Sort(ids)
	for _, s := range []store.Store{d.a, d.b} {
		apply(d.t, s, graph)
		apply(d.t, s, change)
	}
	return ids
}

// plan compares one plan and, of its root, some pages.
func (d *duel) plan(p *store.Plan) {
	res := d.compare(p)
	if res == nil || len(p.Roots) == 0 || !p.Roots[0].Cursor || p.Roots[0].Single {
		return
	}
	rows, _ := res.Values[0].([]any)[0].([]any)
	if len(rows) == 0 {
		return
	}
	for range 2 {
		d.compare(d.turned(p, rows))
	}
}

// turned is the plan at another page: from a row of the answer.
func (d *duel) turned(p *store.Plan, rows []any) *store.Plan {
	root, n := *p.Roots[0], len(rows)
	c := d.cursor(&root, pick(d.r, rows).([]any))
	root.After, root.Before = nil, nil
	root.Backward = d.r.IntN(2) == 0
	if root.Backward {
		root.Before = c
	} else {
		root.After = c
	}
	if d.r.IntN(4) == 0 {
		root.After, root.Before = root.Before, root.After
	}
	root.Limit, root.More, root.Other = max(1, pick(d.r, []int{1, 2, n - 1, n, n + 1})), true, true
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
	ra, errA := d.a.Fetch(context.Background(), p)
	rb, errB := d.b.Fetch(context.Background(), p)
	if ca, cb := network.CodeOf(errA), network.CodeOf(errB); ca != cb || ca == network.Internal {
		d.fail(p, fmt.Sprintf("%v (%s)", errA, ca), fmt.Sprintf("%v (%s)", errB, cb))
		return nil
	}
	if errA != nil {
		return nil
	}
	ja, jb := answer(p, ra), answer(p, rb)
	if ja != jb {
		d.fail(p, ja, jb)
		return nil
	}
	return ra
}

func (d *duel) fail(p *store.Plan, a, b string) {
	d.t.Helper()
	d.failures++
	d.t.Errorf("%s\n%s\na: %s\nb: %s", d.name, describe(p), a, b)
}

// answer is the whole of it as text.
func answer(p *store.Plan, res *store.Result) string {
	values := make([]any, len(res.Values))
	for i, v := range res.Values {
		values[i] = canonical(p.Roots[i], v)
	}
	if g := res.Network; g != nil {
		return asJSON([]any{res.Revision, values, nodeList(g), tieList(g), g.Truncated})
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

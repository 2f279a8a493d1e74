package answer

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// withEnds is a network with two sets of its stakeholders.
type withEnds struct {
	*loaded
	a, b []int32
}

// loadEnds reads a network with the stakeholders for which two conditions hold;
// nil takes all. With more, that is read too, and where people hold posts.
func (q *Question) loadEnds(part plan.Part, a, b store.Expr, more func(*networkQuery)) (*withEnds, error) {
	query := q.networkQuery(part, more != nil, nil)
	all := ask.Of(network.StakeholderInterface)
	as, bs := query.Scan(all, ask.Where(a)), query.Scan(all, ask.Where(b))
	if more != nil {
		more(query)
	}
	revision, err := q.run(query.Query)
	if err != nil {
		return nil, err
	}
	l := query.loaded(revision, part.Posts)
	return &withEnds{l, l.placed(as.Rows()), l.placed(bs.Rows())}, nil
}

// placed are the nodes of the network among some records, in order.
func (l *loaded) placed(rows []ask.Row) []int32 {
	out := []int32{}
	for _, r := range rows {
		if v, in := l.at[r.ID()]; in {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

const maxCoverageHops = 8

// Coverage tells who of some stakeholders has one of others within hops ties. key
// names the question among what is kept.
func (q *Question) Coverage(part plan.Part, of, by store.Expr, hops int32, key string) (*Answer, error) {
	if err := between("hops", hops, 1, maxCoverageHops); err != nil {
		return nil, err
	}
	l, revision, err := kept(q, "coverage", key, func(q *Question) (*withEnds, int64, int64, error) {
		l, err := q.loadEnds(part, of, by, nil)
		if err != nil {
			return nil, 0, 0, err
		}
		return l, l.revision, l.bytes(), nil
	})
	if err != nil {
		return nil, err
	}
	v, err := q.view(part, l.loaded, Mode{})
	if err != nil {
		return nil, err
	}
	c := &cover{view: v}
	everybody := l.ordered(func(_, _ int32) int { return 0 })
	if c.nearest, err = analysis.Coverage(v.g, everybody, l.b, network.Both, 0); err != nil {
		return nil, err
	}
	c.sort(l.a, hops)
	return answer(revision, "Coverage", v.basis(map[string]any{
		"count": len(l.a), "covered": len(c.reached), "share": share(len(c.reached), len(l.a)), "hops": int(hops),
		"uncovered": c.rows(c.uncovered), "reached": c.rows(c.reached), "distances": c.distances(l.a),
	}, coverageOf))
}

func share(n, of int) any {
	if of == 0 {
		return 1.0
	}
	return real(float64(n) / float64(of))
}

// cover has for every node the nearest of those it should have near.
type cover struct {
	*view
	nearest            []analysis.Cover
	reached, uncovered []int32
}

// sort tells who is covered, the farthest first.
func (c *cover) sort(of []int32, hops int32) {
	far := slices.Clone(of)
	slices.SortStableFunc(far, func(a, b int32) int { return cmp.Compare(c.distance(b), c.distance(a)) })
	for _, v := range far {
		if c.distance(v) <= hops {
			c.reached = append(c.reached, v)
		} else {
			c.uncovered = append(c.uncovered, v)
		}
	}
}

// distance is that to the nearest, more than any when there is no way.
func (c *cover) distance(v int32) int32 {
	if h := c.nearest[v].Hops; h >= 0 {
		return h
	}
	return int32(len(c.nearest))
}

func (c *cover) rows(nodes []int32) any {
	return plan.Defer(func(args plan.Args) (any, error) {
		shown, err := firstOf(c.q, nodes, args.Int("first"))
		return list(shown, c.row), err
	})
}

func (c *cover) row(v int32) any {
	values := map[string]any{"stakeholder": c.l.held(v), "path": c.l.holds(c.path(v))}
	if near := c.nearest[v]; near.Hops >= 0 {
		values["hops"], values["nearest"] = int(near.Hops), c.l.held(near.Nearest)
	}
	return object("CoverageRow", values)
}

// path goes to the nearest, of several ways by the first by ID.
func (c *cover) path(v int32) []int32 {
	if c.nearest[v].Hops < 0 {
		return nil
	}
	out := []int32{v}
	for at := c.nearest[v]; at.Hops > 0; at = c.nearest[out[len(out)-1]] {
		for _, u := range c.g.Neighbors(at.Node, network.Both) {
			if next := c.nearest[u]; next.Hops == at.Hops-1 && next.Nearest == at.Nearest {
				out = append(out, u)
				break
			}
		}
	}
	return out
}

func (c *cover) distances(of []int32) []any {
	count := map[int32]int{}
	var hops []int32
	for _, v := range of {
		h := c.distance(v)
		if count[h]++; count[h] == 1 {
			hops = append(hops, h)
		}
	}
	slices.Sort(hops)
	return list(hops, func(h int32) any {
		values := map[string]any{"stakeholders": count[h]}
		if int(h) < len(c.nearest) {
			values["hops"] = int(h)
		}
		return object("CoverageDistance", values)
	})
}

package storetest

import (
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// planner makes random plans.
type planner struct {
	r      *rand.Rand
	ids    []network.ID
	viewer network.Viewer
	m      maker
}

var types = []string{
	network.StakeholderInterface, network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface, network.TieRecord, network.TieRecord,
	"School", "Company", "CareerConsultant", "Council", "Post", "Occupancy", "Initiative", "Activity", "RoleAssignment", "Need", "Event", "Hearing",
	"Claim", "Source", "Area", "Topic", network.NodeInterface, network.ChangeRecord,
}

// RandomPlan asks for one random root of a map with these records: a list, a
// record, a count or a grouping, filtered, ordered, three levels deep, as
// anybody, on any day. One in seven asks for a network, alone or beside it.
func RandomPlan(r *rand.Rand, ids []network.ID) *store.Plan {
	p := &planner{r: r, ids: ids, m: maker{r: r}}
	p.viewer = network.Viewer{Role: network.Role(r.IntN(4)), Actor: "random"}
	plan := &store.Plan{Viewer: p.viewer, AsOf: p.day()}
	if p.one(7) {
		plan.Network = p.network()
	}
	if plan.Network == nil || p.one(4) {
		plan.Roots = append(plan.Roots, p.root())
	}
	return plan
}

func (p *planner) one(in int) bool { return p.r.IntN(in) == 0 }

// day is often one on which something begins or ends.
func (p *planner) day() network.Date {
	if p.one(2) {
		s := network.Span{Until: p.m.date()}
		return pick(p.r, []network.Date{s.Until.Earliest(), s.Stop(), s.Stop() - 1})
	}
	return network.MustDate("2019-06-15").AddDays(p.r.IntN(2600))
}

func (p *planner) id() network.ID {
	if len(p.ids) == 0 || p.one(30) {
		return "nowhere"
	}
	return pick(p.r, p.ids)
}

func (p *planner) someIDs(n int) []network.ID {
	out := make([]network.ID, p.r.IntN(n+1))
	for i := range out {
		out[i] = p.id()
	}
	return out
}

func (p *planner) root() *store.Collection {
	q := scan(pick(p.r, types))
	switch p.r.IntN(6) {
	case 0:
		q = byID(p.someIDs(12)...)
		q.Single = p.one(4)
		if q.Single {
			q.Source.IDs = []network.ID{p.id()}
		}
	case 1:
		q = search(p.searched(), pick(p.r, []string{network.NodeInterface, network.StakeholderInterface, "Topic", "School"}))
	}
	p.fill(q, 3)
	q.Cursor = q.Rows && !q.Single
	return &q.Collection
}

func (p *planner) searched() string {
	s := pick(p.r, words)
	if p.one(3) {
		s += " " + pick(p.r, words)
	}
	if len(network.FoldTerms(s)) == 0 {
		return "塩"
	}
	return s
}

// fill gives a collection filter, order, limit and shapes; depth is how many
// levels of lists may follow.
func (p *planner) fill(q *query, depth int) {
	if !p.one(3) && !q.Single {
		q.Filter = p.expr(q.Kinds, 3)
	}
	if q.Single {
		p.shapes(q, depth)
		return
	}
	if p.one(4) {
		q.During = p.during()
	}
	if p.one(6) {
		p.group(q)
		return
	}
	p.orders(q)
	q.Total = p.one(3)
	if p.one(2) {
		q.Limit, q.More, q.Backward = 1+p.r.IntN(6), !p.one(3), p.one(3)
	}
	if p.one(8) && q.Source.Op != store.Search {
		p.syntheticCursor(q)
	}
	q.Other = p.one(3)
	if q.Rows = !p.one(12); q.Rows {
		p.shapes(q, depth)
	}
}

func (p *planner) during() *network.DateRange {
	if p.one(2) {
		all := network.AllTime()
		return &all
	}
	from := p.day()
	return &network.DateRange{From: from, Until: from.AddDays(p.r.IntN(900))}
}

// shared lists the fields that every kind has with the same type.
func shared(ks []*network.Kind, fit func(*network.Field) bool) []*network.Field {
	var out []*network.Field
	for _, f := range ks[0].Fields {
		all := fit(f)
		for _, k := range ks[1:] {
			o := k.Field(f.Name)
			all = all && o != nil && o.Type == f.Type && o.Personal == f.Personal
		}
		if all {
			out = append(out, f)
		}
	}
	return out
}

// allowed keeps personal fields rare for those who may not read them: the plan
// is then refused as a whole.
func (p *planner) allowed(f *network.Field) bool {
	return !f.Personal || p.viewer.ReadsPersonal() || p.one(25)
}

func (p *planner) orders(q *query) {
	fs := shared(q.Kinds, func(f *network.Field) bool { return f.Sortable && p.allowed(f) })
	for _, i := range p.r.Perm(len(fs))[:min(len(fs), p.r.IntN(3))] {
		q.Order = append(q.Order, store.Order{Field: fs[i], Desc: p.one(2)})
	}
}

func (p *planner) group(q *query) {
	q.Rows = false
	fs := shared(q.Kinds, func(f *network.Field) bool {
		return (f.Type == network.EnumValue || f.IsRef() || f.Type == network.Dated) && p.allowed(f)
	})
	for range 1 + p.r.IntN(2) {
		var d store.Dimension
		dims := fs
		if q.Kinds[0].Name == network.TieRecord && p.one(2) {
			d.Via = network.TieKindRecord().Field(pick(p.r, []string{"subject", "object"}))
			dims = shared(kindsOf(network.StakeholderInterface), func(f *network.Field) bool { return f.IsRef() && p.allowed(f) })
		}
		if len(dims) > 0 && !p.one(4) {
			d.Field = pick(p.r, dims)
		}
		q.Group = append(q.Group, d)
	}
}

// syntheticCursor is a place where no row need be.
func (p *planner) syntheticCursor(q *query) {
	c := &store.Cursor{ID: p.id()}
	for _, o := range q.Order {
		switch {
		case p.one(5):
			c.Keys = append(c.Keys, nil)
		case o.Field.Type == network.Int:
			c.Keys = append(c.Keys, int64(p.r.IntN(5)))
		case o.Field.Type == network.Dated:
			c.Keys = append(c.Keys, p.day())
		case o.Field.Type == network.EnumValue:
			return
		default:
			c.Keys = append(c.Keys, network.SortKey("", p.m.word()))
		}
	}
	if p.one(2) {
		q.After = c
	} else {
		q.Before = c
	}
}

// shapes splits the kinds in two at most.
func (p *planner) shapes(q *query, depth int) {
	ks := q.Kinds
	if len(ks) > 1 && p.one(2) {
		n := 1 + p.r.IntN(len(ks)-1)
		q.Shapes = append(q.Shapes, p.columns(q, ks[:n], depth))
		ks = ks[n:]
	}
	if p.one(15) {
		return // nothing wanted of the others
	}
	q.Shapes = append(q.Shapes, p.columns(q, ks, depth))
}

func (p *planner) columns(q *query, ks []*network.Kind, depth int) store.Shape {
	s := store.Shape{Kinds: ks, Columns: []store.Column{{Builtin: store.RecordID}}}
	if q.Source.Op == store.Search {
		s.Columns = append(s.Columns, store.Column{Builtin: store.SearchRank})
	}
	if q.Source.Op == store.Ties {
		s.Columns = append(s.Columns, store.Column{Builtin: store.Facing})
	}
	if p.one(3) {
		s.Columns = append(s.Columns, store.Column{Builtin: store.Version})
	}
	fs := shared(ks, func(f *network.Field) bool { return f.Type != network.Refs })
	for _, i := range p.r.Perm(len(fs))[:min(len(fs), p.r.IntN(6))] {
		s.Columns = append(s.Columns, store.Column{Field: fs[i]})
	}
	for range p.r.IntN(3) {
		if child := p.reach(ks, true); depth > 1 && child != nil {
			p.fill(child, depth-1)
			s.Columns = append(s.Columns, store.Column{Child: &child.Collection})
		}
	}
	return s
}

// reach is a way on from records of the kinds, nil when there is none for all.
// Along a personal field it is no error for a column, only for a filter.
func (p *planner) reach(ks []*network.Kind, asColumn bool) *query {
	var ways []*query
	if ks[0].Is(network.StakeholderInterface) && ks[len(ks)-1].Is(network.StakeholderInterface) {
		q := ties(network.Direction(p.r.IntN(3)))
		for range p.r.IntN(4) {
			q.Source.Ties = append(q.Source.Ties, pick(p.r, network.TieKinds()).Name)
		}
		ways = append(ways, q, q)
	}
	for _, c := range ks[0].Collections {
		if common(ks, c) {
			ways = append(ways, collected(c))
		}
	}
	for _, f := range shared(ks, func(f *network.Field) bool { return f.IsRef() && (asColumn || p.allowed(f)) }) {
		q := list(store.Source{Op: store.Follow, Hops: []store.Hop{{Kind: ks[0], Field: f}}}, f.Targets...)
		q.Single = f.Type == network.Ref
		ways = append(ways, q)
	}
	if len(ks) == 1 && ks[0] == network.TieKindRecord() {
		for _, end := range []store.TieEnd{store.Subject, store.Object, store.Other, store.Other} {
			ways = append(ways, party(end))
		}
	}
	if len(ways) == 0 {
		return nil
	}
	return pick(p.r, ways)
}

// common tells whether every kind has the collection, reached the same way.
func common(ks []*network.Kind, c *network.Collection) bool {
	for _, k := range ks[1:] {
		o := k.Collection(c.Name)
		if o == nil || asJSON(o.Hops) != asJSON(c.Hops) || o.Ties != c.Ties || o.Direction != c.Direction || asJSON(o.TieKinds) != asJSON(c.TieKinds) {
			return false
		}
	}
	return true
}

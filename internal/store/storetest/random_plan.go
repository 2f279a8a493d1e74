package storetest

import (
	"math/rand/v2"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// planner makes random plans. The shape of a plan comes from one source of
// chance, its values (IDs, words, days, sizes of pages) from another: with the
// same shape and other values it is the same statement, which a server plans
// once.
type planner struct {
	r      *rand.Rand // shape
	viewer network.Viewer
	m      *maker // values, and the records there are
	ids    []network.ID
}

var types = []string{
	network.StakeholderInterface, network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface, network.TieRecord, network.TieRecord,
	"School", "Company", "CareerConsultant", "Council", "Post", "Occupancy", "Initiative", "Activity", "RoleAssignment", "Need", "Event", "Hearing",
	"Claim", "Source", "Area", "Topic", network.NodeInterface, network.ChangeRecord,
}

// roles has those the more often who see less.
var roles = []network.Role{network.RoleViewer, network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator, network.RoleCoordinator, network.RoleAdmin}

// randomPlan asks for a random root or two of a map with these records: a list,
// a record, a count or a grouping, filtered, ordered, up to three levels deep, as
// anybody, on any day. One in seven asks for a network, alone or beside roots.
// Plans of equal shape differ in values only.
func randomPlan(shape *rand.Rand, m *maker, ids []network.ID) *store.Plan {
	p := &planner{r: shape, m: m, ids: ids}
	p.viewer = network.Viewer{Role: pick(shape, roles), Actor: "random"}
	plan := &store.Plan{Viewer: p.viewer, AsOf: p.day()}
	switch shape.IntN(40) {
	case 0:
		plan.AsOf = network.MinDate
	case 1:
		plan.AsOf = network.MaxDate
	}
	if p.one(7) {
		plan.Network = p.network()
	}
	if plan.Network == nil || p.one(4) {
		plan.Roots = append(plan.Roots, p.root())
	}
	if p.one(8) {
		plan.Roots = append(plan.Roots, p.root())
	}
	return plan
}

// one is true once in so many shapes, upTo a number from 0 among the values.
func (p *planner) one(in int) bool { return p.r.IntN(in) == 0 }
func (p *planner) upTo(n int) int  { return p.m.r.IntN(n + 1) }

// day is often one on which something begins or ends.
func (p *planner) day() network.Date {
	if p.upTo(1) == 0 {
		s := network.Span{Until: p.m.date()}
		return pick(p.m.r, []network.Date{s.Until.Earliest(), s.Stop(), s.Stop() - 1})
	}
	return network.MustDate("2019-06-15").AddDays(p.upTo(2600))
}

func (p *planner) id() network.ID {
	if len(p.ids) == 0 || p.upTo(29) == 0 {
		return "nowhere"
	}
	return pick(p.m.r, p.ids)
}

// target is often a record that the field may lead to.
func (p *planner) target(f *network.Field) network.ID {
	if ids := p.m.targets(f); len(ids) > 0 && p.upTo(3) > 0 {
		return pick(p.m.r, ids)
	}
	return p.id()
}

func (p *planner) someIDs(n int) []network.ID {
	out := make([]network.ID, p.upTo(n))
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
	p.fill(q, 1+p.r.IntN(3))
	q.Cursor = q.Rows && !q.Single
	return &q.Collection
}

func (p *planner) searched() string {
	s := pick(p.m.r, words)
	if p.one(3) {
		s += " " + pick(p.m.r, words)
	}
	if len(network.FoldTerms(s)) == 0 {
		return "塩"
	}
	return s
}

// fill gives a collection filter, order, limit and shapes; depth is how many
// levels of lists may follow.
func (p *planner) fill(q *query, depth int) {
	if !q.Single && !p.one(3) || q.Single && p.one(6) {
		q.Filter = p.expr(q.Kinds, 3)
	}
	q.Ever = q.Ever || p.one(12)
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
		q.Limit, q.More, q.Backward = 1+p.upTo(5), !p.one(3), p.one(3)
	}
	if p.one(8) {
		q.After = p.syntheticCursor(q)
	}
	if p.one(8) {
		q.Before = p.syntheticCursor(q)
	}
	q.Other, q.Cursor = p.one(3), p.one(5)
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
	return &network.DateRange{From: from, Until: from.AddDays(p.upTo(899))}
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

// fields lists those that every kind has or, one time in three, those that any
// has: of the others they are absent.
func (p *planner) fields(ks []*network.Kind, fit func(*network.Field) bool) []*network.Field {
	if !p.one(3) {
		return shared(ks, fit)
	}
	var out []*network.Field
	for _, k := range ks {
		for _, f := range k.Fields {
			if fit(f) && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// allowed keeps personal fields rare for those who may not read them: the plan
// is then refused as a whole.
func (p *planner) allowed(f *network.Field) bool {
	return !f.Personal || p.viewer.ReadsPersonal() || p.one(8)
}

func (p *planner) orders(q *query) {
	fs := p.fields(q.Kinds, func(f *network.Field) bool { return f.Sortable && p.allowed(f) })
	for _, i := range p.r.Perm(len(fs))[:min(len(fs), p.r.IntN(3))] {
		q.Order = append(q.Order, store.Order{Field: fs[i], Desc: p.one(2)})
	}
}

func (p *planner) group(q *query) {
	q.Rows = false
	fs := p.fields(q.Kinds, func(f *network.Field) bool {
		return f.Type != network.HistoryList && f.Type != network.JSON && p.allowed(f)
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
		if d.Field != nil && d.Field.IsRef() && slices.Contains(d.Field.Targets, "Area") {
			d.Rise = p.rise()
		}
		if p.one(5) {
			d = store.Dimension{Periods: p.periods()}
		}
		q.Group = append(q.Group, d)
	}
}

// rise takes areas up to some level, or leaves them as they are.
func (p *planner) rise() *store.Rise {
	if p.one(2) {
		return nil
	}
	return &store.Rise{Up: field("Area.parent"), By: field("Area.level"), Value: pick(p.r, network.AreaLevelEnum.Values).Value}
}

// periods are days, spans, and some that hold no day.
func (p *planner) periods() []network.DateRange {
	out := []network.DateRange{}
	for range p.r.IntN(4) {
		from := p.day()
		out = append(out, network.DateRange{From: from, Until: from.AddDays(p.upTo(900) - 1)})
	}
	return out
}

// syntheticCursor is a place where no row need be.
func (p *planner) syntheticCursor(q *query) *store.Cursor {
	c := &store.Cursor{ID: p.id()}
	if q.Source.Op == store.Search {
		c.Rank = int64(p.upTo(2))
	}
	for _, o := range q.Order {
		switch {
		case p.one(5):
			c.Keys = append(c.Keys, nil)
		case o.Field.Type == network.Int:
			c.Keys = append(c.Keys, int64(p.upTo(4)))
		case o.Field.Type == network.Dated:
			c.Keys = append(c.Keys, p.day())
		case o.Field.Type == network.EnumValue:
			c.Keys = append(c.Keys, pick(p.m.r, o.Field.Enum.Values).Value)
		default:
			c.Keys = append(c.Keys, network.SortKey("", p.m.word()))
		}
	}
	return c
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
	fs := p.fields(ks, func(f *network.Field) bool { return f.Type != network.Refs })
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
		ways = append(ways, q, q, q, q)
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

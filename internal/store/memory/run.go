package memory

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// run is one reading of the store, under its read lock.
type run struct {
	s         *Store
	ctx       context.Context
	asOf      network.Date
	viewer    network.Viewer
	clearance network.Visibility
	today     network.Date // on which consent must hold
	teller    teller
	steps     int
	err       error // why the run stopped; every loop ends soon after it is set
}

// member is a record of a collection, and the stakeholder it was reached from
// when it is a tie.
type member struct{ r, via *rec }

// kindSet has one bit for each kind of the registry.
type kindSet uint64

func setOf(kinds []*network.Kind) kindSet {
	var s kindSet
	for _, k := range kinds {
		s |= 1 << k.Index()
	}
	return s
}

func (s kindSet) has(k *network.Kind) bool { return s>>k.Index()&1 == 1 }

// when is the date condition on the members of a collection.
type when struct {
	ever   bool
	during *network.DateRange // nil: at asOf
}

func newRun(ctx context.Context, s *Store, v network.Viewer, asOf network.Date) *run {
	return &run{s: s, teller: teller{book: &s.book}, ctx: ctx, asOf: asOf, viewer: v, clearance: v.Clearance(), today: network.Today(network.SystemClock())}
}

// Fetch runs a plan on the revision of this moment.
func (s *Store) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if err := ctxError(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	x := newRun(ctx, s, p.Viewer, p.AsOf)
	out := &store.Result{Revision: s.head, Values: make([]any, len(p.Roots))}
	for i, root := range p.Roots {
		out.Values[i] = x.collection(root, member{})
	}
	if p.Network != nil {
		out.Network = x.network(p.Network)
	}
	if x.err != nil {
		return nil, x.err
	}
	return out, nil
}

// stepsPerLook is how many records are visited between looks at the context.
const stepsPerLook = 4096

// sees tells whether the viewer may know of the record. A tie is seen by who
// sees both ends, a statement and a log entry by who sees what they are about.
func (x *run) sees(r *rec) bool {
	if x.steps++; x.steps%stepsPerLook == 0 && x.err == nil {
		x.err = ctxError(x.ctx)
	}
	if r.vis > x.clearance {
		return false
	}
	if r.kind == tieKind {
		for i := range tieEnds {
			if e := r.end(i); e != nil && e.vis > x.clearance {
				return false
			}
		}
	}
	return x.seesMatter(r)
}

func (x *run) masked(f *network.Field) bool { return !x.viewer.Reads(f) }

// withheld tells whether nobody may read the field of the record, since consent
// to its use has ended.
func (x *run) withheld(r *rec, f *network.Field) bool { return f.Withheld() && r.shut() <= x.today }

func (x *run) holds(r *rec, w when) bool {
	switch {
	case !r.kind.Span || w.ever:
		return true
	case w.during != nil:
		return max(r.start, w.during.From) < min(r.stop, w.during.Until)
	}
	return r.start <= x.asOf && x.asOf < r.stop
}

// visit gives the members of a source that the viewer sees and that hold, each
// once, until yield says false. Members for which filter does not hold may be
// left out.
func (x *run) visit(src *store.Source, kinds kindSet, w when, from member, filter store.Expr, yield func(member) bool) {
	if from.r == nil && src.Op >= store.Follow {
		return // a root has nothing to be reached from
	}
	switch src.Op {
	case store.Scan:
		if some, narrow := x.candidates(filter, kinds); narrow {
			x.visitEach(some, kinds, w, yield)
			return
		}
		x.visitKinds(kinds, w, nil, yield)
	case store.ByID:
		x.visitEach(x.withIDs(src.IDs), kinds, when{ever: true}, yield)
	case store.Search:
		x.visitKinds(kinds, w, src.Terms, yield)
	case store.Follow:
		x.follow(src.Hops, kinds, w, from.r, yield)
	case store.Ties:
		x.visitTies(src, kinds, w, from.r, yield)
	case store.Party:
		for _, end := range parties(from, src.End) {
			if end != nil && kinds.has(end.kind) && x.sees(end) && !yield(member{r: end}) {
				return
			}
		}
	}
}

func (x *run) visitKinds(kinds kindSet, w when, terms []string, yield func(member) bool) {
	if kinds.has(logKind) && len(terms) == 0 {
		if !x.eachEntry(func(r *rec) bool { return !x.sees(r) || x.err == nil && yield(member{r: r}) }) {
			return
		}
		kinds &^= setOf([]*network.Kind{logKind})
	}
	for i, list := range x.s.byKind {
		if kinds>>i&1 == 0 {
			continue
		}
		for _, r := range list {
			if !x.sees(r) || !x.holds(r, w) || !r.matches(terms) {
				continue
			}
			if x.err != nil || !yield(member{r: r}) {
				return
			}
		}
	}
}

func (x *run) visitEach(list []*rec, kinds kindSet, w when, yield func(member) bool) {
	var seen map[any]bool
	if len(list) > 1 {
		seen = make(map[any]bool, len(list))
	}
	for _, r := range list {
		if seen[r.self()] || !kinds.has(r.kind) || !x.sees(r) || !x.holds(r, w) {
			continue
		}
		if seen != nil {
			seen[r.self()] = true
		}
		if x.err != nil || !yield(member{r: r}) {
			return
		}
	}
}

func (x *run) visitTies(src *store.Source, kinds kindSet, w when, from *rec, yield func(member) bool) {
	for _, t := range from.ties() {
		if !kinds.has(t.kind) || !facesTo(t, from, src.Dir) || !x.sees(t) || !x.holds(t, w) {
			continue
		}
		if len(src.Ties) > 0 && !slices.Contains(src.Ties, t.text(tieKinds)) {
			continue
		}
		if x.err != nil || !yield(member{r: t, via: from}) {
			return
		}
	}
}

// facesTo tells whether the tie is followed from the stakeholder in the
// direction; mutual ones are, either way.
func facesTo(t, from *rec, d network.Direction) bool {
	switch {
	case d == network.Both || t.mut:
		return true
	case d == network.Out:
		return t.end(0) == from
	}
	return t.end(1) == from
}

// parties are the ends of a tie that are meant, before nil: for Other of a tie
// not reached from a stakeholder, both.
func parties(tie member, end store.TieEnd) [2]*rec {
	subject, object := tie.r.end(0), tie.r.end(1)
	switch {
	case subject == nil || object == nil:
		return [2]*rec{}
	case end == store.Subject, end == store.Other && tie.via == object:
		return [2]*rec{subject}
	case end == store.Object, end == store.Other && tie.via == subject, subject == object:
		return [2]*rec{object}
	}
	return [2]*rec{subject, object}
}

// follow walks the hops; its members are distinct. The kinds limit the last
// hop, a record reached against a field must hold.
func (x *run) follow(hops []store.Hop, kinds kindSet, w when, from *rec, yield func(member) bool) {
	if len(hops) == 1 {
		x.hop(hops[0], kinds, w, from, func(r *rec) bool { return yield(member{r: r}) })
		return
	}
	seen := map[any]bool{}
	var walk func(hops []store.Hop, from *rec) bool
	walk = func(hops []store.Hop, from *rec) bool {
		on := true
		if len(hops) == 1 {
			x.hop(hops[0], kinds, w, from, func(r *rec) bool {
				if id := r.self(); !seen[id] {
					seen[id] = true
					on = yield(member{r: r})
				}
				return on
			})
			return on
		}
		between := ^kindSet(0)
		if hops[0].Inverse {
			between = setOf([]*network.Kind{hops[0].Kind})
		}
		x.hop(hops[0], between, w, from, func(r *rec) bool {
			on = walk(hops[1:], r)
			return on
		})
		return on
	}
	if len(hops) > 0 {
		walk(hops, from)
	}
}

func (x *run) hop(h store.Hop, kinds kindSet, w when, from *rec, yield func(*rec) bool) {
	if x.masked(h.Field) {
		return
	}
	if !h.Inverse && x.withheld(from, h.Field) {
		return
	}
	var one [1]*rec
	for _, r := range x.linked(h, kinds, from, one[:]) {
		if h.Inverse && x.withheld(r, h.Field) || !kinds.has(r.kind) || !x.sees(r) || h.Inverse && !x.holds(r, w) {
			continue
		}
		if x.err != nil || !yield(r) {
			return
		}
	}
}

// linked are the records at the other end of a hop, seen or not; a single one
// stands in buf.
func (x *run) linked(h store.Hop, kinds kindSet, from *rec, buf []*rec) []*rec {
	if h.Inverse {
		switch {
		case h.Field.Type != network.RecordID:
			return from.pointing(links[h.Field])
		case kinds.has(h.Kind):
			return x.about(from, h.Field)
		}
		return nil
	}
	if f := from.field(h.Field); f != nil {
		return from.targets(f, buf)
	}
	return nil
}

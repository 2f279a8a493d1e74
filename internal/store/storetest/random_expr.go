package storetest

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// expr is a random condition on records of the kinds, nested up to depth.
func (p *planner) expr(ks []*network.Kind, depth int) store.Expr {
	if depth > 1 {
		switch p.r.IntN(8) {
		case 0:
			return store.And(p.exprs(ks, depth))
		case 1:
			return store.Or(p.exprs(ks, depth))
		case 2:
			return store.Not{X: p.expr(ks, depth-1)}
		case 3, 4:
			return p.has(ks, depth)
		}
	}
	switch p.r.IntN(10) {
	case 0:
		return store.HasID{IDs: p.someIDs(8)}
	case 1:
		return store.IsKind{Kinds: p.someKinds(ks)}
	case 2:
		return store.Text{Terms: network.FoldTerms(p.searched())}
	case 3:
		if e := p.within(ks); e != nil {
			return e
		}
	case 4:
		return store.Named{Names: []string{network.Fold(p.m.word()), network.Fold(p.m.word())}}
	}
	return p.compare(ks)
}

func (p *planner) exprs(ks []*network.Kind, depth int) []store.Expr {
	out := make([]store.Expr, p.r.IntN(4))
	for i := range out {
		out[i] = p.expr(ks, depth-1)
	}
	return out
}

func (p *planner) someKinds(ks []*network.Kind) []*network.Kind {
	var out []*network.Kind
	for _, k := range ks {
		if p.one(2) {
			out = append(out, k)
		}
	}
	return out
}

func (p *planner) has(ks []*network.Kind, depth int) store.Expr {
	q := p.reach(ks, false)
	if q == nil {
		return p.compare(ks)
	}
	h := store.Has{Source: q.Source, Kinds: q.Kinds, Quant: pick(p.r, []store.Quant{store.Some, store.Some, store.Every, store.Nothing})}
	if !p.one(4) {
		h.Where = p.expr(q.Kinds, depth-1)
	}
	return h
}

func (p *planner) within(ks []*network.Kind) store.Expr {
	if up := ks[0].Field("parent"); len(ks) == 1 && up != nil && p.one(2) {
		return store.Above{Up: up, ID: p.id()}
	}
	ups := []*network.Field{field("Area.parent"), field("Topic.broader")}
	if p.one(2) {
		slices.Reverse(ups)
	}
	for _, up := range ups {
		fs := shared(ks, func(f *network.Field) bool {
			return f.IsRef() && len(f.Targets) == 1 && f.Targets[0] == up.Targets[0] && p.allowed(f)
		})
		if len(fs) > 0 {
			f := pick(p.r, fs)
			w := store.Within{Field: f, Up: up, ID: p.target(f)}
			if p.one(5) {
				w.Up = nil
			}
			return w
		}
	}
	return nil
}

// compare holds a field of the kinds against a value.
func (p *planner) compare(ks []*network.Kind) store.Expr {
	fs := p.fields(ks, p.allowed)
	f := pick(p.r, fs)
	c := store.Compare{Field: f, Op: pick(p.r, opsFor(f))}
	switch c.Op {
	case store.Null:
		c.Value = p.one(2)
	case store.IN:
		vs := make([]any, p.upTo(3))
		for i := range vs {
			vs[i] = p.operand(f)
		}
		c.Value = vs
	default:
		c.Value = p.operand(f)
	}
	return c
}

func opsFor(f *network.Field) []store.Op {
	ops := []store.Op{store.EQ, store.NE, store.IN, store.Null}
	switch f.Type {
	case network.HistoryList, network.JSON:
		return []store.Op{store.Null}
	case network.Int, network.Dated:
		ops = append(ops, store.LT, store.LTE, store.GT, store.GTE)
	case network.String, network.Text, network.Code, network.Strings:
		ops = append(ops, store.Contains, store.Contains, store.StartsWith)
	}
	return ops
}

func (p *planner) operand(f *network.Field) any {
	switch f.Type {
	case network.Ref, network.Refs, network.RecordID:
		return string(p.target(f))
	case network.Dated:
		if p.upTo(1) == 0 {
			return p.m.date().Earliest()
		}
		return p.day()
	case network.Strings:
		return p.m.word()
	case network.Int:
		return f.Min + int64(p.upTo(4))
	case network.Code, network.Timestamp, network.Text:
		return pick(p.m.r, words)
	}
	return p.m.value(f)
}

package storetest

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// network is a random question for a network, with values of ties and nodes of
// any type.
func (p *planner) network() *store.SubgraphQuery {
	q := &store.SubgraphQuery{Hops: p.r.IntN(4), Direction: network.Direction(p.r.IntN(3)), Limit: p.upTo(7)}
	if !p.one(4) {
		q.Centers = p.stakeholders()
	}
	if q.Centers != nil && p.one(2) {
		q.Toward = p.stakeholders()
		q.Back = p.r.IntN(4)
		q.Between = p.upTo(q.Hops + q.Back + 1)
	}
	if p.one(4) {
		from := p.day()
		q.During = &network.DateRange{From: from, Until: from.AddDays(p.r.IntN(1500))}
	}
	if p.one(2) {
		q.Ties = p.expr(kindsOf(network.TieRecord), 2)
	}
	if p.one(2) {
		q.Nodes = p.expr(kindsOf(network.StakeholderInterface), 2)
	}
	q.Posts = p.one(3)
	for range p.r.IntN(4) {
		q.SeatFields = append(q.SeatFields, p.single(network.MustKind("Occupancy")))
		q.TieFields = append(q.TieFields, p.single(network.TieKindRecord()))
		q.NodeFields = append(q.NodeFields, p.single(pick(p.r, kindsOf(network.StakeholderInterface))))
	}
	return q
}

// stakeholders are up to three of them.
func (p *planner) stakeholders() []network.ID {
	out := make([]network.ID, p.upTo(4))
	for i := range out {
		out[i] = p.target(&network.Field{Targets: network.TieKinds()[0].Objects})
	}
	return out
}

// single is a field of the kind that may be a value of a network.
func (p *planner) single(k *network.Kind) *network.Field {
	for {
		if f := pick(p.r, k.Fields); f.Type != network.Refs {
			return f
		}
	}
}

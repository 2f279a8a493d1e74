package answer

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// weighedPairs is how many pairs with contacts in common are weighed, the best
// by these.
const weighedPairs = 1000

// SuggestedTies are ties that are not there and might well be, with one end in
// from and the other in to (nil: any).
func (q *Question) SuggestedTies(part plan.Part, from, to store.Expr, first int32, key string) (*Answer, error) {
	type weighed struct {
		*loaded
		ties []rolemap.SuggestedTie
	}
	w, revision, err := kept(q, "suggested ties", key, func(q *Question) (*weighed, int64, int64, error) {
		wants := wantsQuery{}
		l, err := q.loadEnds(part, from, to, wants.add)
		if err != nil {
			return nil, 0, 0, err
		}
		s := &suggesting{withEnds: l, wants: wants, nearTopics: topicFits(wants.topics.Rows())}
		if s.g, err = l.graph(false); err != nil {
			return nil, 0, 0, err
		}
		out := &weighed{loaded: l.loaded}
		out.ties, err = s.weigh(q.Ctx)
		return out, l.revision, l.bytes() + int64(300*len(out.ties)), err
	})
	if err != nil {
		return nil, err
	}
	shown, err := firstOf(q, w.ties, first)
	if err != nil {
		return nil, err
	}
	v := &view{q: q, part: part, l: w.loaded}
	return answer(revision, "SuggestedTies", v.basis(map[string]any{
		"totalCount": len(w.ties),
		"results": list(shown, func(s rolemap.SuggestedTie) any {
			return object("SuggestedTie", map[string]any{
				"a": held(s.A, network.StakeholderInterface), "b": held(s.B, network.StakeholderInterface), "score": number(s.Score), "reasons": reasons(s.Reasons),
			})
		}),
	}, suggestionsOf))
}

// wantsQuery reads what is needed and offered.
type wantsQuery struct{ needs, offers, topics *ask.Answer }

func (w *wantsQuery) add(a *networkQuery) {
	w.needs = a.Scan(ask.Of("Need", "topic", "stakeholder"))
	w.offers = a.Scan(ask.Of("Offer", "topic", "stakeholder"))
	w.topics = a.Scan(ask.Of("Topic", "broader"))
}

// topicFits tells for each topic which others an offer may be on, and how well it
// fits a need on the topic then.
func topicFits(topics []ask.Row) map[network.ID]map[network.ID]rolemap.Fit {
	up := map[network.ID]network.ID{}
	out := map[network.ID]map[network.ID]rolemap.Fit{}
	for _, t := range topics {
		up[t.ID()] = t.Ref("broader")
		out[t.ID()] = map[network.ID]rolemap.Fit{t.ID(): rolemap.Exact}
	}
	for _, t := range topics {
		for at, steps := up[t.ID()], 0; at != "" && at != t.ID() && steps < len(topics); at, steps = up[at], steps+1 {
			out[t.ID()][at] = rolemap.Broader
			if out[at] != nil {
				out[at][t.ID()] = rolemap.Narrower
			}
		}
	}
	return out
}

// suggesting looks for ties that might well be.
type suggesting struct {
	*withEnds
	wants      wantsQuery
	nearTopics map[network.ID]map[network.ID]rolemap.Fit
	g          *analysis.Graph
}

func (s *suggesting) weigh(ctx context.Context) ([]rolemap.SuggestedTie, error) {
	found, err := analysis.SuggestTies(ctx, s.g, s.a, s.b, weighedPairs)
	if err != nil {
		return nil, err
	}
	var common []rolemap.Common
	for _, f := range found {
		if s.near(f.A, f.B) {
			continue
		}
		c := rolemap.Common{Pair: rolemap.PairOf(s.ids[f.A], s.ids[f.B]), Score: f.Score}
		for _, z := range f.Common {
			c.Contacts = append(c.Contacts, s.ids[z])
		}
		common = append(common, c)
	}
	meets, err := s.meets(ctx)
	ties := rolemap.SuggestTies(common, meets)
	s.orient(ties)
	return ties, err
}

// orient puts who may stand at the one end first, where only one of the two may.
func (s *suggesting) orient(ties []rolemap.SuggestedTie) {
	isA, isB := marks(s.a), marks(s.b)
	for i := range ties {
		t := &ties[i]
		if a, b := s.at[t.A], s.at[t.B]; !isA[a] || !isB[b] {
			t.A, t.B = t.B, t.A
		}
	}
}

// near tells of two who are tied, or whose organisations are, or who are of the
// same one: they need nobody to suggest it.
func (s *suggesting) near(a, b int32) bool {
	for _, x := range append([]int32{a}, s.homes[a]...) {
		for _, y := range append([]int32{b}, s.homes[b]...) {
			if _, tied := slices.BinarySearch(s.g.Neighbors(x, network.Both), y); tied || x == y {
				return true
			}
		}
	}
	return false
}

// meets are the needs that an offer of somebody else meets, where the two are not
// near.
func (s *suggesting) meets(ctx context.Context) ([]rolemap.Meets, error) {
	offers := by(s.wants.offers, "topic")
	isA, isB := marks(s.a), marks(s.b)
	var out []rolemap.Meets
	for _, need := range s.wants.needs.Rows() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		owner, in := s.at[need.Ref("stakeholder")]
		if !in {
			continue
		}
		for topic, fit := range s.nearTopics[need.Ref("topic")] {
			for _, offer := range offers[topic] {
				other, in := s.at[offer.Ref("stakeholder")]
				ends := isA[owner] && isB[other] || isB[owner] && isA[other]
				if !in || !ends || s.near(owner, other) {
					continue
				}
				out = append(out, rolemap.Meets{Pair: rolemap.PairOf(s.ids[owner], s.ids[other]), Need: need.ID(), Offer: offer.ID(), Fit: fit})
			}
		}
	}
	return out, nil
}

func marks(nodes []int32) map[int32]bool {
	out := make(map[int32]bool, len(nodes))
	for _, v := range nodes {
		out[v] = true
	}
	return out
}

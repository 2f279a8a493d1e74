package answer

import (
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

const (
	maxIntroductions = 20
	maxIntroHops     = 8
	maxAvoided       = 20
)

// Introductions are the first (1 to 20) warmest ways for one stakeholder to be
// introduced to another over at most maxHops (1 to 8) ties, through none of
// those to avoid.
func (q *Question) Introductions(asker, target network.ID, first, maxHops int32, avoid []string) (*Answer, error) {
	if err := between("first", first, 1, maxIntroductions); err != nil {
		return nil, err
	}
	if err := between("maxHops", maxHops, 1, maxIntroHops); err != nil {
		return nil, err
	}
	if len(avoid) > maxAvoided {
		return nil, network.Errorf(network.OutOfRange, "give at most %d ids", maxAvoided).At("avoid")
	}
	w, revision, err := q.waysBetween(asker, target, maxHops)
	if err != nil {
		return nil, err
	}
	s := &introducing{ways: w, q: q, from: w.at[asker], to: w.at[target], k: int(first), hops: int(maxHops)}
	for i, id := range avoid {
		if id == string(asker) || id == string(target) {
			return nil, network.Errorf(network.InvalidValue, "neither the asker nor the target can be avoided").At("avoid", strconv.Itoa(i))
		}
		if v, near := w.at[network.ID(id)]; near && !slices.Contains(s.avoid, v) {
			s.avoid = append(s.avoid, v)
		}
	}
	paths, err := s.paths(w.ties, s.avoid)
	if err != nil {
		return nil, err
	}
	missing, err := s.missing(paths)
	if err != nil {
		return nil, err
	}
	v := &view{q: q}
	return answer(revision, "Introductions", map[string]any{
		"results": list(paths, w.introduction), "missing": remarks(missing),
		"algorithm": v.algorithm(introductionsRule, map[string]any{"maxHops": maxHops}), "asOf": q.AsOf.String(),
	})
}

// waysBetween reads every tie and post that a way between two may lead over.
func (q *Question) waysBetween(asker, target network.ID, maxHops int32) (*ways, int64, error) {
	if asker == target {
		return nil, 0, network.Errorf(network.InvalidValue, "the asker and the target are the same").At("target")
	}
	a := q.query()
	hops := int(maxHops)
	a.Network(&store.SubgraphQuery{Centers: []network.ID{asker}, Hops: (hops + 1) / 2, Toward: []network.ID{target}, Back: hops / 2, Between: hops,
		Posts: true, TieFields: fieldsNamed(network.TieRecord, warmthNames)})
	ends := a.ByID(ask.Of(network.StakeholderInterface), asker, target)
	revision, err := q.run(a)
	if err != nil {
		return nil, 0, err
	}
	w := newWays(a.Found(), q.AsOf)
	found := byID(ends)
	for _, end := range []struct {
		argument string
		id       network.ID
	}{{"asker", asker}, {"target", target}} {
		if !found[end.id].Found() {
			return nil, 0, notFound(end.argument, "stakeholder")
		}
		w.node(end.id)
	}
	return w, revision, nil
}

// introducing looks for the ways from one to another.
type introducing struct {
	*ways
	q        *Question
	from, to int32
	k, hops  int
	avoid    []int32
}

// paths are the best ways over some ties; the net of the ways is that of these
// then.
func (s *introducing) paths(ties []analysis.Tie, avoid []int32) ([]analysis.Path, error) {
	var err error
	if s.net, err = analysis.NewNet(s.ids, ties, s.q.AsOf); err != nil {
		return nil, err
	}
	return analysis.Best(s.q.Ctx, s.net, s.from, s.to, s.k, s.hops, avoid)
}

// missing says why there is no way, or that the direct one must not be gone.
func (s *introducing) missing(found []analysis.Path) ([]rolemap.Reason, error) {
	if direct := s.direct(); len(direct) > 0 {
		return []rolemap.Reason{{Rule: "DIRECT_TIE_NOT_TO_BE_ASKED", Records: direct,
			Text: rolemap.Text{EN: "The two are tied, but not to be asked along.", JA: "直接の関係がありますが、依頼不可です。"}}}, nil
	}
	if len(found) > 0 {
		return nil, nil
	}
	other := &introducing{ways: &ways{on: s.on, ids: s.ids}, q: s.q, from: s.from, to: s.to, k: 1, hops: s.hops}
	if len(s.avoid) > 0 {
		paths, err := other.paths(s.ties, nil)
		if err != nil {
			return nil, err
		}
		if len(paths) > 0 {
			return []rolemap.Reason{{Rule: "ONLY_THROUGH_AVOIDED", Records: s.avoidedOn(paths[0]),
				Text: rolemap.Text{EN: "Every way leads through somebody to be avoided.", JA: "避けるように指定した関係者を通る経路しかありません。"}}}, nil
		}
	}
	paths, err := other.paths(asked(s.ties), nil)
	if err != nil {
		return nil, err
	}
	if len(paths) > 0 {
		var shut []network.ID
		for _, t := range paths[0].Ties {
			if s.ties[t].DoNotAsk {
				shut = append(shut, s.ties[t].ID)
			}
		}
		return []rolemap.Reason{{Rule: "ONLY_TIES_NOT_TO_BE_ASKED", Records: shut,
			Text: rolemap.Text{EN: "Every way leads over a tie that is not to be asked along.", JA: "依頼不可の関係を通る経路しかありません。"}}}, nil
	}
	return []rolemap.Reason{{Rule: "NO_WAY", Text: rolemap.Textf("No way leads there within a distance of %d.", "%d歩以内の経路がありません。", s.hops)}}, nil
}

// direct are the ties between the two that are not to be asked along, when there
// are no others.
func (s *introducing) direct() []network.ID {
	var out []network.ID
	for _, t := range s.ties {
		if t.A == s.from && t.B == s.to || t.A == s.to && t.B == s.from {
			if !t.DoNotAsk {
				return nil
			}
			out = append(out, t.ID)
		}
	}
	slices.Sort(out)
	return out
}

// avoidedOn are those to be avoided that stand on a path.
func (s *introducing) avoidedOn(p analysis.Path) []network.ID {
	var out []network.ID
	for _, v := range p.Nodes {
		if slices.Contains(s.avoid, v) {
			out = append(out, s.ids[v])
		}
	}
	return out
}

// asked are the ties as if one might ask along all of them.
func asked(ties []analysis.Tie) []analysis.Tie {
	out := slices.Clone(ties)
	for i := range out {
		out[i].DoNotAsk = false
	}
	return out
}

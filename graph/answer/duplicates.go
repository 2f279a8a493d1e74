package answer

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// DuplicateCandidates are the stakeholders of the kinds (nil: all) that may be
// the same, whenever they hold.
func (q *Question) DuplicateCandidates(kinds []*network.Kind, first int32) (*Answer, error) {
	if kinds == nil {
		kinds = network.Concrete(network.StakeholderInterface)
	}
	a := q.query()
	var found []*ask.Answer
	for _, k := range kinds {
		if !k.Is(network.StakeholderInterface) {
			return nil, network.Errorf(network.InvalidValue, "records of the kind %s are no stakeholders", k.Name).At("kinds")
		}
		fields := []string{}
		for _, f := range k.Fields {
			if f.Type != network.Refs {
				fields = append(fields, f.Name)
			}
		}
		found = append(found, a.Scan(ask.Of(k.Name, fields...), ask.Always()))
	}
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	var all []rolemap.Likeable
	for i, k := range kinds {
		for _, r := range found[i].Rows() {
			all = append(all, likeable(k, r))
		}
	}
	pairs, err := rolemap.Duplicated(q.Ctx, all)
	if err != nil {
		return nil, err
	}
	shown, err := firstOf(q, pairs, first)
	if err != nil {
		return nil, err
	}
	return answer(revision, "DuplicateCandidates", map[string]any{
		"totalCount": len(pairs),
		"results": list(shown, func(d rolemap.Duplicates) any {
			return object("DuplicateCandidate", map[string]any{
				"keep": held(d.Keep, network.StakeholderInterface), "duplicate": held(d.Duplicate, network.StakeholderInterface), "score": number(d.Score), "reasons": reasons(d.Reasons),
			})
		}),
	})
}

// likeable reads a stakeholder; fields of a kind that lacks them are empty.
func likeable(k *network.Kind, r ask.Row) rolemap.Likeable {
	out := rolemap.Likeable{ID: r.ID(), Kind: k, Name: r.Str("name"), Kana: r.Str("nameKana"), Others: r.Strings("aliases"), Codes: map[string]string{},
		Website: r.Str("website"), Contact: r.Str("contact"), Area: r.Ref("area"), Span: r.Span()}
	for _, h := range r.History("names") {
		out.Others = append(out.Others, h.Value)
	}
	for _, f := range k.Fields {
		if f.Type == network.Refs {
			continue
		}
		if r.Given(f.Name) {
			out.Filled++
		}
		if f.Unique {
			if code := r.Str(f.Name); code != "" {
				out.Codes[f.Name] = code
			}
		}
	}
	return out
}

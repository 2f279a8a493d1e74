package edit

import (
	"context"
	"maps"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// HearingRecorded names what recording a hearing made.
type HearingRecorded struct {
	Hearing, Source network.ID
	Claims          []network.ID
	Revision        int64
}

// RecordHearing enters a hearing, the source it is, and the claims that came of
// it, all of it or nothing. Date and visibility of source and claims are those
// of the hearing when they are not given. The path of an error is
// "input.hearing" or "input.claims", the position, and the field. What the
// claims are about is looked at once everything else is right.
func (e *Editor) RecordHearing(ctx context.Context, in Intent, hearing map[string]any, claims []map[string]any) (*HearingRecorded, error) {
	return together(ctx, e, in, false, func(b *bundle) (*HearingRecorded, error) { return b.hearing(ctx, hearing, claims) })
}

func (b *bundle) hearing(ctx context.Context, hearing map[string]any, claims []map[string]any) (*HearingRecorded, error) {
	h, faults := b.parse("Hearing", hearing, "input", "hearing")
	if h != nil {
		var err error
		if faults, err = b.check(ctx, &b.items[b.at[h.ID]]); err != nil {
			return nil, err
		}
	}
	out := &HearingRecorded{Source: network.NewID()}
	var said []*network.Record
	for i, c := range claims {
		raw := maps.Clone(c)
		raw["source"] = string(out.Source)
		r, errs := b.parse("Claim", raw, "input", "claims", strconv.Itoa(i))
		if faults = append(faults, errs...); r != nil {
			said, out.Claims = append(said, r), append(out.Claims, r.ID)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	source := &network.Record{ID: out.Source, Kind: "Source", Fields: map[string]any{"name": recordOf(h), "sourceType": "HEARING", "hearing": h.ID}}
	b.put(bundled{action: store.Create, after: source, path: []string{"input", "hearing"}})
	for _, r := range append(said, source) {
		for _, name := range []string{"date", "visibility"} {
			if _, given := r.Fields[name]; !given {
				r.Fields[name] = h.Fields[name]
			}
		}
	}
	out.Hearing = h.ID
	return out, nil
}

// recordOf is the title of the source that a hearing is.
func recordOf(hearing *network.Record) string {
	const suffix = "の記録"
	name := []rune(hearing.Str("name"))
	return string(name[:min(len(name), network.MaxString-len([]rune(suffix)))]) + suffix
}

package edit

import (
	"context"
	"maps"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
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
// "input.hearing" or "input.claims" and the position.
func (e *Editor) RecordHearing(ctx context.Context, in Intent, hearing map[string]any, claims []map[string]any) (*HearingRecorded, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	return again(func() (*HearingRecorded, error) {
		b := e.bundle(in)
		out := &HearingRecorded{}
		var faults, errs network.Errors
		if out.Hearing, faults = b.parse("Hearing", hearing, "input", "hearing"); len(faults) > 0 {
			return nil, faults
		}
		of := b.items[0].after
		source := map[string]any{"name": of.Str("name") + "の記録", "sourceType": "HEARING", "hearing": out.Hearing}
		copyFields(source, of, "date", "visibility")
		out.Source = b.create("Source", source, nil, "input", "hearing")
		for i, c := range claims {
			raw := maps.Clone(c)
			raw["source"] = string(out.Source)
			id, wrong := b.parse("Claim", raw, "input", "claims", strconv.Itoa(i))
			if errs = append(errs, wrong...); len(wrong) > 0 {
				continue
			}
			r := b.items[len(b.items)-1].after
			for _, name := range []string{"date", "visibility"} {
				if _, given := r.Fields[name]; !given {
					copyFields(r.Fields, of, name)
				}
			}
			out.Claims = append(out.Claims, id)
		}
		if len(errs) > 0 {
			return nil, errs
		}
		applied, err := b.commit(ctx, false)
		if err != nil {
			return nil, err
		}
		out.Revision = applied.Revision
		return out, nil
	})
}

func copyFields(to map[string]any, from *network.Record, names ...string) {
	for _, name := range names {
		if v, given := from.Fields[name]; given {
			to[name] = v
		}
	}
}

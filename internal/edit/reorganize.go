package edit

import (
	"context"
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Reorganized names what a reorganisation made.
type Reorganized struct {
	Event    network.ID // the Reorganization
	Results  []network.ID
	Revision int64
	// CarriedOver counts what goes on in a result: posts with their occupancies
	// and roles, ties, roles, seats held for it, needs and offers.
	CarriedOver int
}

// NewRecord is a record to be entered, as a user gave it; Path leads to it.
type NewRecord struct {
	Kind string
	Raw  map[string]any
	Path []string
}

// Merger makes several organisations one: Into, or New when Into is "".
type Merger struct {
	Originals []network.ID
	Into      network.ID
	New       NewRecord
}

// Split makes one organisation several. Heir is the position of the result that
// takes over what the original had; -1 for none.
type Split struct {
	Original network.ID
	New      []NewRecord
	Heir     int
}

// Limits of a reorganisation.
const (
	maxOriginals = 50
	maxResults   = 20
)

// RenameOrganization gives an organisation another name from the day on, and
// enters the event. The path of an error is "input.rename" and "organization",
// "name", "nameKana" or "on"; codes: NotFound, Required, InvalidDate for a day on
// which it does not exist, or after which a name is already known, InvalidValue
// for the name it has.
func (e *Editor) RenameOrganization(ctx context.Context, in Intent, id network.ID, name, kana string, on network.PartialDate, note string) (*Reorganized, error) {
	return e.reorganize(ctx, in, "rename", on, note, func(o *reorganization) error {
		was, err := o.organization(ctx, id, "organization")
		if err != nil {
			return err
		}
		if !was.Span().Holds(o.day) {
			return network.Errorf(network.InvalidDate, "the organisation does not exist on this day").At("on")
		}
		o.become("RENAME", []network.ID{id}, []network.ID{id})
		return rename(o.edit(was, store.Update, o.path...), on, name, kana, network.Today(e.Clock))
	})
}

// Merge ends the originals on the day. Their posts (with their holders), open
// ties, roles, needs and offers go on in what they become; what two of them had
// alike, or the one they become part of has already, goes on once. Ties between
// them end. What was entered for later and fits nowhere then stays as it is. The path
// of an error is "input.merge" and "originals" with the position, "into" or "on",
// or that of the new record; codes: OutOfRange for no originals or more than 50,
// NotFound, Duplicate, InvalidDate for organisations that do not exist then.
func (e *Editor) Merge(ctx context.Context, in Intent, m Merger, on network.PartialDate, note string) (*Reorganized, error) {
	return e.reorganize(ctx, in, "merge", on, note, func(o *reorganization) error {
		if len(m.Originals) == 0 || len(m.Originals) > maxOriginals {
			return network.Errorf(network.OutOfRange, "give 1 to %d organisations", maxOriginals).At("originals")
		}
		into, err := o.merged(ctx, m)
		if err != nil {
			return err
		}
		heirs := map[network.ID]network.ID{}
		for i, id := range m.Originals {
			if _, twice := heirs[id]; twice || id == into {
				return network.Errorf(network.Duplicate, "each organisation can be given once, and cannot become part of itself").At("originals", strconv.Itoa(i))
			}
			heirs[id] = into
			if err := o.end(ctx, id, "originals", strconv.Itoa(i)); err != nil {
				return err
			}
		}
		kind := "MERGER"
		if len(m.Originals) == 1 {
			kind = "REPLACEMENT"
		}
		o.become(kind, m.Originals, []network.ID{into})
		return o.carry(ctx, heirs)
	})
}

// Split ends the original on the day and enters what it becomes. What it had
// goes on in the heir as in [Editor.Merge], or without one ends with it. The path
// of an error is "input.split" and "original", "into", "heir" or "on", or that of
// a new record; codes: OutOfRange for less than 2 results, more than 20, or an
// heir that is none of them, NotFound, InvalidDate for an organisation that does
// not exist then.
func (e *Editor) Split(ctx context.Context, in Intent, s Split, on network.PartialDate, note string) (*Reorganized, error) {
	return e.reorganize(ctx, in, "split", on, note, func(o *reorganization) error {
		switch {
		case len(s.New) < 2 || len(s.New) > maxResults:
			return network.Errorf(network.OutOfRange, "give 2 to %d organisations", maxResults).At("into")
		case s.Heir < -1 || s.Heir >= len(s.New):
			return network.Errorf(network.OutOfRange, "heir must be one of the organisations, 0 to %d", len(s.New)-1).At("heir")
		}
		if err := o.end(ctx, s.Original, "original"); err != nil {
			return err
		}
		var results []network.ID
		var faults network.Errors
		for _, n := range s.New {
			id, errs := o.enter(n)
			results, faults = append(results, id), append(faults, errs...)
		}
		if len(faults) > 0 {
			return faults
		}
		heir := network.ID("")
		if s.Heir >= 0 {
			heir = results[s.Heir]
		}
		o.become("SPLIT", []network.ID{s.Original}, results)
		return o.carry(ctx, map[network.ID]network.ID{s.Original: heir})
	})
}

// reorganization is one attempt.
type reorganization struct {
	*bundle
	path []string
	on   network.PartialDate
	day  network.Date // the first of on
	note string
	// heirs are what ends (organisations, posts) and what it goes on in, "" for
	// nothing.
	heirs map[network.ID]network.ID
	next  map[network.ID]*network.Record // the record that goes on from another
	there map[string]bool                // what the heirs have, by sameness
	out   *Reorganized
}

// reorganize does a reorganisation as one write. The path of a fault that do
// returns begins below the input.
func (e *Editor) reorganize(ctx context.Context, in Intent, what string, on network.PartialDate, note string, do func(*reorganization) error) (*Reorganized, error) {
	path := []string{"input", what}
	return together(ctx, e, in, false, func(b *bundle) (*Reorganized, error) {
		if !known(on) {
			return nil, network.Errorf(network.Required, "say from which day on").At(append(path, "on")...)
		}
		out := &Reorganized{}
		err := do(&reorganization{bundle: b, path: path, on: on, day: on.Earliest(), note: note, out: out,
			heirs: map[network.ID]network.ID{}, next: map[network.ID]*network.Record{}, there: map[string]bool{}})
		if fault, ok := err.(*network.Error); ok && len(fault.Path) > 0 {
			return nil, fault.At(path...)
		}
		return out, err
	})
}

// organization reads an organisation; the path is below that of the input.
func (o *reorganization) organization(ctx context.Context, id network.ID, path ...string) (*network.Record, error) {
	r, err := o.view.get(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case r == nil || !isOrganization(r.Kind):
		return nil, network.Errorf(network.NotFound, "there is no organisation with this id").At(path...)
	}
	return r, nil
}

func isOrganization(kind string) bool {
	k := network.KindOf(kind)
	return k != nil && k.Is(network.OrganizationInterface)
}

// end ends an organisation that exists on the eve.
func (o *reorganization) end(ctx context.Context, id network.ID, path ...string) error {
	was, err := o.organization(ctx, id, path...)
	if err != nil {
		return err
	}
	if !was.Span().Holds(o.day.AddDays(-1)) {
		return network.Errorf(network.InvalidDate, "the organisation does not exist on the day before").At(path...)
	}
	o.edit(was, store.End, slices.Concat(o.path, path)...).Fields["until"] = o.on
	return nil
}

// merged is what the originals become.
func (o *reorganization) merged(ctx context.Context, m Merger) (network.ID, error) {
	if m.Into == "" {
		id, errs := o.enter(m.New)
		return id, errs.Err()
	}
	into, err := o.organization(ctx, m.Into, "into")
	switch {
	case err != nil:
		return "", err
	case !into.Span().Holds(o.day):
		return "", network.Errorf(network.InvalidDate, "the organisation does not exist on this day").At("into")
	}
	return m.Into, nil
}

// enter enters an organisation that begins on the day unless it says otherwise.
// The paths of the faults are whole.
func (o *reorganization) enter(n NewRecord) (network.ID, network.Errors) {
	if !isOrganization(n.Kind) {
		return "", network.Errors{network.Errorf(network.InvalidValue, "it must be an organisation").At(n.Path...)}
	}
	r, errs := o.parse(n.Kind, n.Raw, n.Path...)
	if len(errs) > 0 {
		return "", errs
	}
	if _, given := r.Fields["from"]; !given {
		r.Fields["from"] = o.on
	}
	return r.ID, nil
}

// become enters the event.
func (o *reorganization) become(kind string, originals, results []network.ID) {
	fields := map[string]any{"reorganizationType": kind, "date": o.on, "originals": originals, "results": results}
	if o.note != "" {
		fields["note"] = o.note
	}
	o.out.Event, o.out.Results = o.create("Reorganization", fields, o.path...).ID, results
}

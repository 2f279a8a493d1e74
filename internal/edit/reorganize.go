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
	// CarriedOver counts the posts, ties, roles, needs and offers that go on in
	// a result.
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

// RenameOrganization gives an organisation another name from the day on, and
// enters the event. The path of an error is under "input.rename".
func (e *Editor) RenameOrganization(ctx context.Context, in Intent, id network.ID, name, kana string, on network.PartialDate, note string) (*Reorganized, error) {
	path := []string{"input", "rename"}
	return e.reorganize(ctx, in, path, on, func(o *reorganization) error {
		was, err := o.organization(ctx, id, "organization")
		if err != nil {
			return err
		}
		r := o.edit(was, store.Update, path...)
		if err := renamed(r, name, kana, on, network.Today(e.Clock)); err != nil {
			return err
		}
		return o.event("RENAME", on, note, []network.ID{id}, []network.ID{id})
	})
}

// Merge ends the originals on the day. Their posts (with their holders), open
// ties, roles, needs and offers go on in what they become.
func (e *Editor) Merge(ctx context.Context, in Intent, m Merger, on network.PartialDate, note string) (*Reorganized, error) {
	return e.reorganize(ctx, in, []string{"input", "merge"}, on, func(o *reorganization) error {
		if len(m.Originals) == 0 || len(m.Originals) > 50 {
			return network.Errorf(network.OutOfRange, "give 1 to 50 organisations").At("originals")
		}
		into := m.Into
		if into == "" {
			id, errs := o.result(m.New, on)
			if len(errs) > 0 {
				return errs
			}
			into = id
		} else if _, err := o.organization(ctx, into, "into"); err != nil {
			return err
		}
		for i, id := range m.Originals {
			if id == into || slices.Contains(m.Originals[:i], id) {
				return network.Errorf(network.Duplicate, "each organisation can be given once, and cannot become part of itself").At("originals", strconv.Itoa(i))
			}
			o.gone[id] = true
		}
		for i, id := range m.Originals {
			if err := o.end(ctx, id, "originals", strconv.Itoa(i)); err != nil {
				return err
			}
			if err := o.carry(ctx, id, into); err != nil {
				return err
			}
		}
		kind := "MERGER"
		if len(m.Originals) == 1 {
			kind = "REPLACEMENT"
		}
		return o.event(kind, on, note, m.Originals, []network.ID{into})
	})
}

// Split ends the original on the day and enters what it becomes.
func (e *Editor) Split(ctx context.Context, in Intent, s Split, on network.PartialDate, note string) (*Reorganized, error) {
	return e.reorganize(ctx, in, []string{"input", "split"}, on, func(o *reorganization) error {
		switch {
		case len(s.New) < 2 || len(s.New) > 20:
			return network.Errorf(network.OutOfRange, "give 2 to 20 organisations").At("into")
		case s.Heir >= len(s.New):
			return network.Errorf(network.OutOfRange, "heir must be one of the organisations, 0 to %d", len(s.New)-1).At("heir")
		}
		o.gone[s.Original] = true
		if err := o.end(ctx, s.Original, "original"); err != nil {
			return err
		}
		var results []network.ID
		for _, n := range s.New {
			id, errs := o.result(n, on)
			if len(errs) > 0 {
				return errs
			}
			results = append(results, id)
		}
		heir := network.ID("")
		if s.Heir >= 0 {
			heir = results[s.Heir]
		}
		if err := o.carry(ctx, s.Original, heir); err != nil {
			return err
		}
		return o.event("SPLIT", on, note, []network.ID{s.Original}, results)
	})
}

// reorganization is one attempt.
type reorganization struct {
	*bundle
	path []string
	on   network.PartialDate
	day  network.Date
	gone map[network.ID]bool // organisations that end
	out  *Reorganized
}

func (e *Editor) reorganize(ctx context.Context, in Intent, path []string, on network.PartialDate, do func(*reorganization) error) (*Reorganized, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	if on.IsZero() || on.Precision() == network.PrecisionUnknown {
		return nil, network.Errorf(network.Required, "say from which day on").At(append(path, "on")...)
	}
	return again(func() (*Reorganized, error) {
		o := &reorganization{bundle: e.bundle(in), path: path, on: on, day: on.Earliest(), gone: map[network.ID]bool{}, out: &Reorganized{}}
		if err := do(o); err != nil {
			if fault, ok := err.(*network.Error); ok {
				return nil, fault.At(path...)
			}
			return nil, err
		}
		applied, err := o.commit(ctx, false)
		if err != nil {
			return nil, err
		}
		o.out.Revision = applied.Revision
		return o.out, nil
	})
}

// organization reads an organisation; the path is below that of the input.
func (o *reorganization) organization(ctx context.Context, id network.ID, path ...string) (*network.Record, error) {
	r, err := o.view.get(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case r == nil || !network.MustKind(r.Kind).Is(network.OrganizationInterface):
		return nil, network.Errorf(network.NotFound, "there is no organisation with this id").At(path...)
	}
	return r, nil
}

func (o *reorganization) end(ctx context.Context, id network.ID, path ...string) error {
	was, err := o.organization(ctx, id, path...)
	if err != nil {
		return err
	}
	if !was.Span().Holds(o.day.AddDays(-1)) {
		return network.Errorf(network.InvalidDate, "the organisation does not hold on the day before").At(path...)
	}
	o.edit(was, store.End, append(slices.Clone(o.path), path...)...).Fields["until"] = o.on
	return nil
}

// result enters an organisation that begins on the day.
func (o *reorganization) result(n NewRecord, on network.PartialDate) (network.ID, network.Errors) {
	id, errs := o.parse(n.Kind, n.Raw, n.Path...)
	if len(errs) > 0 {
		return "", errs
	}
	r := o.items[o.at[id]].after
	if !network.MustKind(n.Kind).Is(network.OrganizationInterface) {
		return "", network.Errors{network.Errorf(network.InvalidValue, "it is of the kind %s, which is no organisation", n.Kind).At(n.Path...)}
	}
	if _, given := r.Fields["from"]; !given {
		r.Fields["from"] = on
	}
	return id, nil
}

func (o *reorganization) event(kind string, on network.PartialDate, note string, originals, results []network.ID) error {
	fields := map[string]any{"reorganizationType": kind, "date": on, "originals": originals, "results": results}
	if note != "" {
		fields["note"] = note
	}
	o.out.Event, o.out.Results = o.create("Reorganization", fields, nil, o.path...), results
	return nil
}

// carry ends what points to a record on the day, and lets it go on pointing to
// another; "" lets it end only. It follows what is carried: the holders and
// roles of a post.
func (o *reorganization) carry(ctx context.Context, from, into network.ID) error {
	pointing, err := o.pointing(ctx, from)
	if err != nil {
		return err
	}
	for _, p := range pointing {
		if err := o.carryOne(ctx, p, from, into); err != nil {
			return err
		}
	}
	return nil
}

// pointer is a record that points to another by a field.
type pointer struct {
	record *network.Record
	field  *network.Field
}

// pointing reads the dated records that hold on the day or later and point to
// the record, in order of ID.
func (o *reorganization) pointing(ctx context.Context, to network.ID) ([]pointer, error) {
	target, err := o.view.get(ctx, to)
	if err != nil || target == nil {
		return nil, err
	}
	var fields []network.InverseField
	plan := &store.Plan{Viewer: o.in.Viewer, AsOf: o.day}
	for _, inverse := range network.Inverses(network.MustKind(target.Kind)) {
		if !inverse.Kind.Span || inverse.Kind.Log {
			continue
		}
		kinds := []*network.Kind{inverse.Kind}
		plan.Roots = append(plan.Roots, &store.Collection{Source: store.Source{Op: store.Scan}, Kinds: kinds, Rows: true,
			During: &network.DateRange{From: o.day, Until: network.MaxDate},
			Filter: store.Compare{Field: inverse.Field, Op: store.EQ, Value: string(to)},
			Shapes: []store.Shape{{Kinds: kinds, Columns: []store.Column{{Builtin: store.RecordID}}}}})
		fields = append(fields, inverse)
	}
	result, err := o.Store.Fetch(ctx, plan)
	if err != nil {
		return nil, err
	}
	var ids []network.ID
	var by []*network.Field
	for i, v := range result.Values {
		for _, row := range v.([]any)[0].([]any) {
			ids, by = append(ids, network.ID(row.([]any)[1].(string))), append(by, fields[i].Field)
		}
	}
	if err := o.view.load(ctx, ids); err != nil {
		return nil, err
	}
	var out []pointer
	for i, id := range ids {
		if r := o.view.known[id]; r != nil {
			out = append(out, pointer{r, by[i]})
		}
	}
	return out, nil
}

func (o *reorganization) carryOne(ctx context.Context, p pointer, from, into network.ID) error {
	if p.field.Type == network.Refs {
		// A list has no time of its own: what came is added, what was stays.
		if into != "" {
			r := o.edit(p.record, store.Update, o.path...)
			list, _ := r.Fields[p.field.Name].([]network.ID)
			if !slices.Contains(list, into) {
				r.Fields[p.field.Name] = append(slices.Clone(list), into)
			}
		}
		return nil
	}
	if o.gone[p.record.ID] {
		return nil
	}
	if p.record.Span().Start() >= o.day {
		// It has not begun yet: it begins with the other from the first.
		if into != "" {
			o.edit(p.record, store.Update, o.path...).Fields[p.field.Name] = into
			o.out.CarriedOver++
		}
		return nil
	}
	o.edit(p.record, store.End, o.path...).Fields["until"] = o.on
	next := p.record.Clone()
	next.ID, next.Version = network.NewID(), 0
	next.Fields["from"] = o.on
	delete(next.Fields, "importKey")
	for name, v := range next.Fields {
		if id, isRef := v.(network.ID); isRef && id == from {
			next.Fields[name] = into
		}
	}
	if into == "" || !o.fits(p.record, next) {
		return nil
	}
	o.put(bundled{store.Create, next, nil, nil, o.path})
	o.view.known[next.ID] = next
	o.out.CarriedOver++
	if p.record.Kind == "Post" {
		o.gone[p.record.ID] = true
		return o.carry(ctx, p.record.ID, next.ID)
	}
	return nil
}

// fits tells whether a record makes sense with its new end: a tie must not lead
// to what ends too, nor join what may not be joined.
func (o *reorganization) fits(was, next *network.Record) bool {
	if next.Kind != network.TieRecord {
		return true
	}
	subject, object := network.ID(next.Str("subject")), network.ID(next.Str("object"))
	if subject == object || o.gone[subject] || o.gone[object] {
		return false
	}
	kindOf := func(id network.ID) string {
		if i, known := o.at[id]; known {
			return o.items[i].after.Kind
		}
		if r := o.view.known[id]; r != nil {
			return r.Kind
		}
		return ""
	}
	a, b := kindOf(subject), kindOf(object)
	t := network.TieKindOf(was.Str("kind"))
	return t != nil && (a == "" || b == "" || t.Joins(a, b))
}

package edit

import (
	"context"
	"fmt"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// carry lets what points to something that ends go on with its heir: what holds
// on the day ends, and a copy of it begins that points to the heir, unless there
// is one like it already; what is to begin later points to the heir from the
// first. Without an heir it ends only. What points to a post that ends so, its
// occupancies and roles, follows.
func (o *reorganization) carry(ctx context.Context, heirs map[network.ID]network.ID) error {
	var about []network.ID
	for id, heir := range heirs {
		about, o.heirs[id] = append(about, id), heir
		if _, isNew := o.at[heir]; !isNew {
			about = append(about, heir)
		}
	}
	pointers, err := o.pointing(ctx, distinct(about))
	if err != nil {
		return err
	}
	ending := pointers[:0]
	for _, p := range pointers {
		switch _, ends := o.heirs[p.target()]; {
		case ends || p.field.Type == network.Refs:
			ending = append(ending, p)
		case p.record.Span().Holds(o.day) && p.record.Kind != "Post":
			o.there[sameness(p.record)] = true
		}
	}
	posts := map[network.ID]network.ID{}
	for _, p := range ending {
		if err := o.carryOne(ctx, p); err != nil {
			return err
		}
		if p.record.Kind == "Post" && p.record.Span().Start() < o.day {
			posts[p.record.ID] = ""
			if next := o.next[p.record.ID]; next != nil {
				posts[p.record.ID] = next.ID
			}
		}
	}
	if len(posts) == 0 {
		return nil
	}
	return o.carry(ctx, posts)
}

func (o *reorganization) carryOne(ctx context.Context, p pointer) error {
	switch {
	case p.field.Type == network.Refs:
		o.addHeirs(p)
		return nil
	case p.record.Span().Start() >= o.day:
		return o.redirect(ctx, p)
	}
	return o.succeed(ctx, p)
}

// pointer is a record that points to others by a field.
type pointer struct {
	record *network.Record // as it is in the store
	field  *network.Field
}

// target is what the field points to, "" for a list.
func (p pointer) target() network.ID { return network.ID(p.record.Str(p.field.Name)) }

// pointing reads the dated records that hold on the day or later and point to
// one of the records: in order of the registry, then of ID.
func (o *reorganization) pointing(ctx context.Context, to []network.ID) ([]pointer, error) {
	fields, err := o.inverses(ctx, to)
	if err != nil || len(fields) == 0 {
		return nil, err
	}
	later := network.DateRange{From: o.day, Until: network.MaxDate}
	found, err := o.leadingTo(ctx, o.in.Viewer, to, fields, ask.During(later))
	if err != nil {
		return nil, err
	}
	if err := o.view.load(ctx, slices.Concat(found...)); err != nil {
		return nil, err
	}
	var out []pointer
	for i, ids := range found {
		for _, id := range ids {
			// Somebody may have ended it between the two.
			if r := o.view.known[id]; r != nil && r.Span().Overlaps(later) {
				out = append(out, pointer{r, fields[i].Field})
			}
		}
	}
	return out, nil
}

// leadingTo reads, for each of the fields, the records that have one of the IDs in
// it and hold at that time, in order of ID.
func (e *Editor) leadingTo(ctx context.Context, v network.Viewer, to []network.ID, fields []network.InverseField, during ask.Option) ([][]network.ID, error) {
	values := make([]any, len(to))
	for i, id := range to {
		values[i] = string(id)
	}
	q := ask.New(v, network.Today(e.Clock))
	answers := make([]*ask.Answer, len(fields))
	for i, f := range fields {
		answers[i] = q.Scan(ask.Of(f.Kind.Name), during, ask.Where(store.Compare{Field: f.Field, Op: store.IN, Value: values}))
	}
	if _, err := q.Run(ctx, e.Store); err != nil {
		return nil, err
	}
	out := make([][]network.ID, len(fields))
	for i, a := range answers {
		for _, row := range a.Rows() {
			out[i] = append(out[i], row.ID())
		}
	}
	return out, nil
}

// inverses are the fields of dated kinds that may point to the records.
func (o *reorganization) inverses(ctx context.Context, to []network.ID) ([]network.InverseField, error) {
	if err := o.view.load(ctx, to); err != nil {
		return nil, err
	}
	var out []network.InverseField
	for _, id := range to {
		for _, f := range network.Inverses(network.MustKind(o.kindOf(id))) {
			if f.Kind.Span && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// kindOf is the kind of a record of the bundle or the view.
func (o *reorganization) kindOf(id network.ID) string {
	if i, known := o.at[id]; known {
		return o.items[i].after.Kind
	}
	if r := o.view.known[id]; r != nil {
		return r.Kind
	}
	return ""
}

// addHeirs adds the heirs to a list. A list has no time of its own: what was
// stays in it.
func (o *reorganization) addHeirs(p pointer) {
	was, _ := p.record.Fields[p.field.Name].([]network.ID)
	list := slices.Clone(was)
	for _, id := range was {
		if heir := o.heirs[id]; heir != "" && !slices.Contains(list, heir) {
			list = append(list, heir)
		}
	}
	if len(list) > len(was) {
		o.edit(p.record, store.Update, o.path...).Fields[p.field.Name] = list
	}
}

// redirect lets what is to begin later point to the heir, if that fits.
func (o *reorganization) redirect(ctx context.Context, p pointer) error {
	heir := o.heirs[p.target()]
	if heir == "" {
		return nil
	}
	next := p.record.Clone()
	next.Fields[p.field.Name] = heir
	fit, err := o.fits(ctx, next)
	if fit {
		o.edit(p.record, store.Update, o.path...).Fields[p.field.Name] = heir
		o.out.CarriedOver++
	}
	return err
}

// succeed ends a record on the day and begins another that goes on from it, if
// there is an heir that it fits and that has none like it. Of a record that points to several things that
// end (a seat in one body held for another) the same one goes on with each heir.
func (o *reorganization) succeed(ctx context.Context, p pointer) error {
	heir := o.heirs[p.target()]
	if next := o.next[p.record.ID]; next != nil {
		if heir != "" {
			next.Fields[p.field.Name] = heir
		}
		return nil
	}
	o.edit(p.record, store.End, o.path...).Fields["until"] = o.on
	if heir == "" {
		return nil
	}
	next := p.record.Clone()
	next.ID, next.Version = network.NewID(), 0
	delete(next.Fields, "importKey")
	next.Fields["from"], next.Fields[p.field.Name] = o.on, heir
	fit, err := o.fits(ctx, next)
	if like := sameness(next); fit && !o.there[like] {
		o.there[like] = next.Kind != "Post"
		o.put(bundled{action: store.Create, after: next, like: p.record, path: o.path})
		o.next[p.record.ID] = next
		o.out.CarriedOver++
	}
	return err
}

// fits tells whether a record makes sense as it is to be: a tie must not lead to
// what ends too, nor join what may not be joined.
func (o *reorganization) fits(ctx context.Context, r *network.Record) (bool, error) {
	if r.Kind != network.TieRecord {
		return true, nil
	}
	subject, object := network.ID(r.Str("subject")), network.ID(r.Str("object"))
	for _, end := range []network.ID{subject, object} {
		if _, ends := o.heirs[end]; ends {
			return false, nil
		}
	}
	if err := o.view.load(ctx, []network.ID{subject, object}); err != nil {
		return false, err
	}
	return subject != object && network.TieKindOf(r.Str("kind")).Joins(o.kindOf(subject), o.kindOf(object)), nil
}

// sameness is the same for records that say the same of the same, whenever they
// began: a part of one department, a role on one activity. Posts that are alike
// are still two seats.
func sameness(r *network.Record) string {
	same := r.Clone()
	for _, name := range []string{"from", "importKey"} {
		delete(same.Fields, name)
	}
	if t := network.TieKindOf(r.Str("kind")); t != nil && t.Mutual && r.Str("subject") > r.Str("object") {
		same.Fields["subject"], same.Fields["object"] = r.Fields["object"], r.Fields["subject"]
	}
	return fmt.Sprint(r.Kind, same.Fields)
}

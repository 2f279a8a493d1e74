package edit

import (
	"context"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// End says from which day on the record no longer holds: on is the first day it
// does not. Ending it again moves the end. Errors: InvalidValue for kinds
// without valid time, Required without a day, InvalidDate for a day that is not
// after the beginning; the path is "on".
func (e *Editor) End(ctx context.Context, in Intent, id network.ID, on network.PartialDate, ifVersion *int64) (*Outcome, error) {
	return e.end(ctx, in, target{id: id, ifVersion: ifVersion}, on)
}

func (e *Editor) end(ctx context.Context, in Intent, t target, on network.PartialDate) (*Outcome, error) {
	return e.change(ctx, in, t, store.End, func(r *network.Record) error {
		if err := spanned(r); err != nil {
			return err
		}
		if on.IsZero() {
			return network.Errorf(network.Required, "say on which day it no longer holds").At("on")
		}
		r.Fields["until"] = on
		if r.Span().Check() != nil {
			return network.Errorf(network.InvalidDate, "it must be after the day it began, %s", r.Date("from").Text()).At("on")
		}
		return nil
	})
}

// Restore takes an end back: the record holds again without an end.
func (e *Editor) Restore(ctx context.Context, in Intent, id network.ID, ifVersion *int64) (*Outcome, error) {
	return e.change(ctx, in, target{id: id, ifVersion: ifVersion}, store.Restore, func(r *network.Record) error {
		if err := spanned(r); err != nil {
			return err
		}
		delete(r.Fields, "until")
		return nil
	})
}

func spanned(r *network.Record) error {
	if network.MustKind(r.Kind).Span {
		return nil
	}
	return network.Errorf(network.InvalidValue, "a record of the kind %s has no end", r.Kind).At("id")
}

// Rename gives a record another name from the day on: the present one stays in
// names until then. For a correction use [Editor.Update]. kana may be empty.
// The path of an error is "name", "nameKana" or "on".
func (e *Editor) Rename(ctx context.Context, in Intent, id network.ID, name, kana string, on network.PartialDate, ifVersion *int64) (*Outcome, error) {
	today := network.Today(e.Clock)
	return e.change(ctx, in, target{id: id, ifVersion: ifVersion}, store.Update, func(r *network.Record) error {
		k := network.MustKind(r.Kind)
		if k.Field("names") == nil {
			return network.Errorf(network.InvalidValue, "a record of the kind %s has no history of names; update its name", r.Kind).At("id")
		}
		if on.IsZero() || on.Precision() == network.PrecisionUnknown {
			return network.Errorf(network.Required, "say from which day on it has the new name").At("on")
		}
		clean, errs := k.Field("name").Check(name)
		reading, more := k.Field("nameKana").Check(kana)
		if errs = append(errs, more...); len(errs) > 0 {
			return errs
		}
		if clean == nil {
			return network.Errorf(network.Required, "give the new name").At("name")
		}
		kanaText, _ := reading.(string)
		if err := rename(r, on, clean.(string), kanaText, today); err != nil {
			return err
		}
		return nil
	})
}

// Relate enters a tie: see [Editor.Create].
func (e *Editor) Relate(ctx context.Context, in Intent, raw map[string]any) (*Outcome, error) {
	return e.Create(ctx, in, network.TieRecord, raw)
}

// UpdateTie is [Editor.Update] for ties; NotFound for other records.
func (e *Editor) UpdateTie(ctx context.Context, in Intent, id network.ID, raw map[string]any, ifVersion *int64) (*Outcome, error) {
	return e.Update(ctx, in, id, network.TieRecord, raw, ifVersion)
}

// EndTie is [Editor.End] for ties; NotFound for other records.
func (e *Editor) EndTie(ctx context.Context, in Intent, id network.ID, on network.PartialDate, ifVersion *int64) (*Outcome, error) {
	return e.end(ctx, in, target{id: id, kind: network.TieRecord, ifVersion: ifVersion}, on)
}

// AssignRole enters a role: see [Editor.Create].
func (e *Editor) AssignRole(ctx context.Context, in Intent, raw map[string]any) (*Outcome, error) {
	return e.Create(ctx, in, "RoleAssignment", raw)
}

// EndRole is [Editor.End] for roles; NotFound for other records.
func (e *Editor) EndRole(ctx context.Context, in Intent, id network.ID, on network.PartialDate, ifVersion *int64) (*Outcome, error) {
	return e.end(ctx, in, target{id: id, kind: "RoleAssignment", ifVersion: ifVersion}, on)
}

package edit

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
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

// Advance moves an initiative to a stage from the day on; the stage before ends
// that day. Causes are wanted for STALLED, and only for it. The path of an error
// is "id", "stage", "on", "causes", "note" or "ifVersion"; codes: NotFound,
// Required, InvalidValue for causes of another stage and for the stage it is in,
// InvalidDate when a later stage is known, Conflict.
func (e *Editor) Advance(ctx context.Context, in Intent, id network.ID, stage string, on network.PartialDate, causes []string, note string, ifVersion *int64) (*Outcome, error) {
	return e.change(ctx, in, target{id: id, kind: "Initiative", ifVersion: ifVersion}, store.Update, func(r *network.Record) error {
		next, err := stageOf(stage, on, causes, note)
		if err != nil {
			return err
		}
		var present network.DatedValue
		if r.Fields["stages"] == nil {
			present.Value = r.Str("stage")
		}
		entries, before, ok := closeAt(r, "stages", on, present)
		switch {
		case !ok:
			return network.Errorf(network.InvalidDate, "a stage from that day or later is already known; update stages instead").At("on")
		case before.Value == stage:
			return network.Errorf(network.InvalidValue, "it is in this stage already").At("stage")
		}
		r.Fields["stages"] = append(entries, next)
		return nil
	})
}

// stageOf is an entry of stages that has no end yet.
func stageOf(stage string, on network.PartialDate, causes []string, note string) (out network.DatedValue, err error) {
	switch {
	case !network.StageEnum.Has(stage):
		return out, network.Errorf(network.InvalidValue, "there is no such stage").At("stage")
	case !known(on):
		return out, network.Errorf(network.Required, "say from which day on it is in this stage").At("on")
	case stage == "STALLED" && len(causes) == 0:
		return out, network.Errorf(network.Required, "say why it stalled").At("causes")
	case stage != "STALLED" && len(causes) > 0:
		return out, network.Errorf(network.InvalidValue, "only a stalled initiative has causes").At("causes")
	}
	for i, c := range causes {
		if !network.StallCauseEnum.Has(c) {
			return out, network.Errorf(network.InvalidValue, "there is no such cause").At("causes", strconv.Itoa(i))
		}
	}
	note, err = network.CleanText(note, network.MaxText)
	return network.DatedValue{Value: stage, Extra: strings.Join(causes, "|"), Note: note, Span: network.Span{From: on}}, at(err, "note")
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

// AssignRole enters a role: see [Editor.Create]. Without a beginning it begins
// on the day given as today: what was agreed today was not so from ever.
// Duplicate when the holder has the same role at the time already.
func (e *Editor) AssignRole(ctx context.Context, in Intent, raw map[string]any, today network.Date) (*Outcome, error) {
	raw = maps.Clone(raw)
	if raw == nil {
		raw = map[string]any{}
	}
	if raw["from"] == nil {
		raw["from"] = today.String()
	}
	return once(ctx, e, in.forEditors(), false, func(in Intent) (out *Outcome, err error) {
		err = e.again(ctx, func() (bool, error) {
			if in.decided, err = e.roleIsNew(ctx, in, raw); err != nil {
				return false, err
			}
			out, err = e.create(ctx, in, "RoleAssignment", raw)
			return met(err)
		})
		return out, err
	})
}

// roleIsNew is a Duplicate error when a role like this one holds on some day of
// its time; otherwise it says what it looked at. Faults of the input are left to
// Create.
func (e *Editor) roleIsNew(ctx context.Context, in Intent, raw map[string]any) (*store.Decided, error) {
	k := network.MustKind("RoleAssignment")
	fields, _, errs := network.ParseInput(k, raw, false)
	role := network.Record{Kind: k.Name, Fields: fields}
	if len(errs) > 0 || role.Str("holder") == "" {
		return nil, nil
	}
	var same store.And
	for _, name := range []string{"holder", "activity", "initiative", "responsibility", "function"} {
		if v := role.Str(name); v != "" {
			same = append(same, store.Compare{Field: k.Field(name), Op: store.EQ, Value: v})
		}
	}
	span := role.Span()
	a := ask.New(in.Viewer, span.Start())
	found := a.Scan(ask.Of(k.Name), ask.Where(same), ask.During(network.DateRange{From: span.Start(), Until: span.Stop()}))
	revision, err := a.Run(ctx, e.Store)
	if err != nil {
		return nil, err
	}
	if r := found.First(); r.Found() {
		return nil, network.Errorf(network.Duplicate, "the holder has this role already (%s); end that one first, or update it", r.ID()).At("input", "holder")
	}
	return &store.Decided{Revision: revision, Records: []network.ID{network.ID(role.Str("holder"))}}, nil
}

// EndRole is [Editor.End] for roles; NotFound for other records.
func (e *Editor) EndRole(ctx context.Context, in Intent, id network.ID, on network.PartialDate, ifVersion *int64) (*Outcome, error) {
	return e.end(ctx, in, target{id: id, kind: "RoleAssignment", ifVersion: ifVersion}, on)
}

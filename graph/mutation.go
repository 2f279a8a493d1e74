package graph

import (
	"cmp"
	"context"
	"errors"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// Create enters a record of the kind given in the input.
func (m mutationResolver) Create(ctx context.Context, input model.CreateInput, _, _ *string) (*model.WritePayload, error) {
	kind, fields, err := oneKind(input.Raw)
	return m.write(ctx, err, func(in edit.Intent) (*edit.Outcome, error) {
		done, err := m.edit.Create(ctx, in, kind.Name, fields)
		return done, underKind(err, kind)
	})
}

// Update changes fields of a record.
func (m mutationResolver) Update(ctx context.Context, id string, input model.UpdateInput, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	kind, fields, err := oneKind(input.Raw)
	return m.write(ctx, err, func(in edit.Intent) (*edit.Outcome, error) {
		done, err := m.edit.Update(ctx, in, network.ID(id), kind.Name, fields, version(ifVersion))
		return done, underKind(err, kind)
	})
}

// End ends a record on a day.
func (m mutationResolver) End(ctx context.Context, id string, on string, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	return m.end(ctx, on, func(in edit.Intent, day network.PartialDate) (*edit.Outcome, error) {
		return m.edit.End(ctx, in, network.ID(id), day, version(ifVersion))
	})
}

// Restore takes an end back.
func (m mutationResolver) Restore(ctx context.Context, id string, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	return m.write(ctx, nil, func(in edit.Intent) (*edit.Outcome, error) {
		return m.edit.Restore(ctx, in, network.ID(id), version(ifVersion))
	})
}

// Relate ties two stakeholders.
func (m mutationResolver) Relate(ctx context.Context, input model.TieInput, _, _ *string) (*model.WritePayload, error) {
	return m.write(ctx, nil, func(in edit.Intent) (*edit.Outcome, error) {
		return m.edit.Relate(ctx, in, fieldsOf(input.Raw))
	})
}

// UpdateTie changes a tie.
func (m mutationResolver) UpdateTie(ctx context.Context, id string, input model.TiePatch, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	return m.write(ctx, nil, func(in edit.Intent) (*edit.Outcome, error) {
		return m.edit.UpdateTie(ctx, in, network.ID(id), fieldsOf(input.Raw), version(ifVersion))
	})
}

// EndTie ends a tie on a day.
func (m mutationResolver) EndTie(ctx context.Context, id string, on string, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	return m.end(ctx, on, func(in edit.Intent, day network.PartialDate) (*edit.Outcome, error) {
		return m.edit.EndTie(ctx, in, network.ID(id), day, version(ifVersion))
	})
}

// AssignRole gives a role to a stakeholder or post.
func (m mutationResolver) AssignRole(ctx context.Context, input model.RoleAssignmentInput, _, _ *string) (*model.WritePayload, error) {
	return m.write(ctx, nil, func(in edit.Intent) (*edit.Outcome, error) {
		return m.edit.AssignRole(ctx, in, fieldsOf(input.Raw), m.asker(ctx).Today)
	})
}

// EndRole ends a role on a day.
func (m mutationResolver) EndRole(ctx context.Context, id string, on string, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	return m.end(ctx, on, func(in edit.Intent, day network.PartialDate) (*edit.Outcome, error) {
		return m.edit.EndRole(ctx, in, network.ID(id), day, version(ifVersion))
	})
}

func (m mutationResolver) end(ctx context.Context, on string, do func(edit.Intent, network.PartialDate) (*edit.Outcome, error)) (*model.WritePayload, error) {
	day, err := network.ParsePartialDate(on)
	return m.writeOn(ctx, day.Earliest(), at(err, "on"), func(in edit.Intent) (*edit.Outcome, error) { return do(in, day) })
}

// write does the write and answers with the record, or with what is wrong with
// the input. Faults of the store are errors of the field.
func (m mutationResolver) write(ctx context.Context, err error, do func(edit.Intent) (*edit.Outcome, error)) (*model.WritePayload, error) {
	return m.writeOn(ctx, 0, err, do)
}

// writeOn is write for what is about a day: see payload.
func (m mutationResolver) writeOn(ctx context.Context, on network.Date, err error, do func(edit.Intent) (*edit.Outcome, error)) (*model.WritePayload, error) {
	var done *edit.Outcome
	if err == nil {
		done, err = do(m.intent(ctx))
	}
	values := map[string]any{}
	switch {
	case err == nil:
		values["record"] = plan.Held{ID: done.ID, Type: cmp.Or(done.Kind, network.NodeInterface)}
		values["revision"] = plan.FormatRevision(done.Revision)
	case network.CodeOf(err) == network.Conflict:
		// The present record shows what somebody else made of it.
		if id, ok := arguments(ctx)["id"].(string); ok {
			values["record"] = plan.Held{ID: network.ID(id), Type: network.NodeInterface}
		}
	}
	return payload[model.WritePayload](ctx, m.Resolver, "WritePayload", values, on, err)
}

// userErrors lists what is wrong with an input; faults tells that something
// else is wrong.
func userErrors(err error) (list []any, faults bool) {
	var many network.Errors
	var one *network.Error
	switch {
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = network.Errors{one}
	default:
		return nil, true
	}
	for _, e := range many {
		switch e.Code {
		case network.Unavailable, network.Timeout, network.Internal, network.OutcomeUnknown, network.ResourceExhausted:
			return nil, true
		}
		path := []any{}
		for _, p := range e.Path {
			path = append(path, p)
		}
		list = append(list, plan.Computed{Type: "UserError", Values: map[string]any{"code": string(e.Code), "path": path, "message": e.Message}})
	}
	return list, false
}

func version(v *int32) *int64 {
	if v == nil {
		return nil
	}
	n := int64(*v)
	return &n
}

func fieldsOf(r model.Raw) map[string]any {
	m, _ := r.Input.(map[string]any)
	return m
}

// oneKind reads a @oneOf input: the kind and its fields. A variable is not
// checked for exactly one by validation, so it is here.
func oneKind(r model.Raw) (*network.Kind, map[string]any, error) {
	given := fieldsOf(r)
	if len(given) == 1 {
		for name, v := range given {
			fields, ok := v.(map[string]any)
			for _, k := range network.Kinds() {
				if ok && k.InputName() == name {
					return k, fields, nil
				}
			}
		}
	}
	return network.MustKind("School"), nil, network.Errorf(network.InvalidValue, "give exactly one kind, with its fields").At("input")
}

// underKind puts the field of the @oneOf input into the paths of the errors:
// input.school.schoolCode.
func underKind(err error, k *network.Kind) error {
	var many network.Errors
	var one *network.Error
	switch {
	case errors.As(err, &many):
		out := make(network.Errors, len(many))
		for i, e := range many {
			out[i] = withKind(e, k)
		}
		return out
	case errors.As(err, &one):
		return withKind(one, k)
	}
	return err
}

func withKind(e *network.Error, k *network.Kind) *network.Error {
	if len(e.Path) == 0 || e.Path[0] != "input" {
		return e
	}
	c := *e
	c.Path = append([]string{"input", k.InputName()}, e.Path[1:]...)
	return &c
}

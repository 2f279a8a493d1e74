package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// The verbs of the domain: each is one transaction over several records.

// AdvanceInitiative moves an initiative to a stage.
func (m mutationResolver) AdvanceInitiative(ctx context.Context, id string, stage model.Stage, on string, causes []model.StallCause, note *string, ifVersion *int32, _, _ *string) (*model.WritePayload, error) {
	var why []string
	for _, c := range causes {
		why = append(why, c.String())
	}
	return m.end(ctx, on, func(in edit.Intent, day network.PartialDate) (*edit.Outcome, error) {
		return m.edit.Advance(ctx, in, network.ID(id), stage.String(), day, why, given(note), version(ifVersion))
	})
}

// TransferPersonnel moves people between posts on one day.
func (m mutationResolver) TransferPersonnel(ctx context.Context, effective string, moves []*model.PersonnelMove, dryRun bool, _, _ *string) (*model.TransferPayload, error) {
	day, err := network.ParseDate(effective)
	var done *edit.Transferred
	if err == nil {
		done, err = m.edit.Transfer(ctx, m.intent(ctx), day, movesOf(moves), dryRun)
	} else {
		err = at(err, "effective")
	}
	values := map[string]any{"dryRun": dryRun, "ended": []any{}, "begun": []any{}, "handovers": []any{}, "vacancies": []any{}}
	if err == nil {
		who := m.asker(ctx)
		q := &answer.Question{Ctx: ctx, Store: m.Store, Who: who, AsOf: day.AddDays(-1)}
		values, err = q.Transferred(day, done, dryRun)
	}
	return payload[model.TransferPayload](ctx, m.Resolver, "TransferPayload", values, 0, err)
}

func movesOf(moves []*model.PersonnelMove) []edit.Move {
	out := make([]edit.Move, len(moves))
	for i, m := range moves {
		in := fieldsOf(m.Raw)
		text := func(name string) string { s, _ := in[name].(string); return s }
		out[i] = edit.Move{Person: network.ID(text("person")), From: network.ID(text("from")), To: network.ID(text("to")), OnBehalfOf: network.ID(text("onBehalfOf")), Note: text("note")}
	}
	return out
}

// RecordHearing enters a hearing with the claims that came of it.
func (m mutationResolver) RecordHearing(ctx context.Context, input model.RecordHearingInput, _, _ *string) (*model.RecordHearingPayload, error) {
	in := fieldsOf(input.Raw)
	hearing, _ := in["hearing"].(map[string]any)
	done, err := m.edit.RecordHearing(ctx, m.intent(ctx), hearing, objectsIn(in["claims"]))
	values := map[string]any{"claims": []any{}}
	if err == nil {
		claims := make([]any, len(done.Claims))
		for i, id := range done.Claims {
			claims[i] = plan.Held{ID: id, Type: "Claim"}
		}
		values = map[string]any{"hearing": plan.Held{ID: done.Hearing, Type: "Hearing"}, "source": plan.Held{ID: done.Source, Type: "Source"},
			"claims": claims, "revision": plan.FormatRevision(done.Revision)}
	}
	return payload[model.RecordHearingPayload](ctx, m.Resolver, "RecordHearingPayload", values, 0, err)
}

// objectsIn reads a list of input objects.
func objectsIn(v any) []map[string]any {
	var out []map[string]any
	for _, x := range elements(v) {
		if o, ok := x.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// elements are those of an input list. One value alone is a list of one; a
// variable that gave one alone arrives as a slice of its own type.
func elements(v any) []any {
	switch list := v.(type) {
	case nil:
		return nil
	case []any:
		return list
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return []any{v}
	}
	out := make([]any, r.Len())
	for i := range out {
		out[i] = r.Index(i).Interface()
	}
	return out
}

// Reorganize renames, merges or splits organisations.
func (m mutationResolver) Reorganize(ctx context.Context, input model.ReorganizeInput, _, _ *string) (*model.ReorganizePayload, error) {
	var on network.Date
	done, err := m.reorganize(ctx, fieldsOf(input.Raw), m.intent(ctx), &on)
	values := map[string]any{"results": []any{}, "carriedOver": 0}
	if err == nil {
		results := make([]any, len(done.Results))
		for i, id := range done.Results {
			results[i] = plan.Held{ID: id, Type: network.OrganizationInterface}
		}
		values = map[string]any{"reorganization": plan.Held{ID: done.Event, Type: "Reorganization"}, "results": results,
			"carriedOver": done.CarriedOver, "revision": plan.FormatRevision(done.Revision)}
	}
	return payload[model.ReorganizePayload](ctx, m.Resolver, "ReorganizePayload", values, on, err)
}

func (m mutationResolver) reorganize(ctx context.Context, input map[string]any, in edit.Intent, day *network.Date) (*edit.Reorganized, error) {
	for what, v := range input {
		x, ok := v.(map[string]any)
		if !ok || len(input) != 1 {
			break
		}
		text := func(name string) string { s, _ := x[name].(string); return s }
		on, err := network.ParsePartialDate(text("on"))
		if err != nil {
			return nil, at(err, "input", what, "on")
		}
		*day = on.Earliest()
		switch what {
		case "rename":
			return m.edit.RenameOrganization(ctx, in, network.ID(text("organization")), text("name"), text("nameKana"), on, text("note"))
		case "merge":
			merger := edit.Merger{Originals: idsIn(x["originals"]), Into: network.ID(text("into"))}
			if create, given := x["create"]; given && create != nil {
				if merger.Into != "" {
					return nil, network.Errorf(network.InvalidValue, "give either into or create").At("input", what, "create")
				}
				if merger.New, err = newRecord(create, "input", what, "create"); err != nil {
					return nil, err
				}
			} else if merger.Into == "" {
				return nil, network.Errorf(network.Required, "say what they become: into or create").At("input", what, "into")
			}
			return m.edit.Merge(ctx, in, merger, on, text("note"))
		case "split":
			split := edit.Split{Original: network.ID(text("original")), Heir: -1}
			if n, given := plan.WholeNumber(x["heir"]); given {
				split.Heir = int(n)
			}
			for i, n := range objectsIn(x["into"]) {
				r, err := newRecord(n, "input", what, "into", strconv.Itoa(i))
				if err != nil {
					return nil, err
				}
				split.New = append(split.New, r)
			}
			return m.edit.Split(ctx, in, split, on, text("note"))
		}
	}
	return nil, network.Errorf(network.InvalidValue, "give exactly one of rename, merge and split").At("input")
}

// newRecord reads a CreateInput inside another input.
func newRecord(v any, path ...string) (edit.NewRecord, error) {
	kind, fields, err := oneKind(model.Raw{Input: v})
	if err != nil {
		return edit.NewRecord{}, network.Errorf(network.InvalidValue, "give exactly one kind, with its fields").At(path...)
	}
	return edit.NewRecord{Kind: kind.Name, Raw: fields, Path: append(path, kind.InputName())}, nil
}

// intent is on whose behalf the field being resolved writes, why, and under which
// key: the arguments that every field of Mutation has.
func (m mutationResolver) intent(ctx context.Context) edit.Intent {
	args := arguments(ctx)
	in := edit.Intent{Viewer: m.Viewer(ctx)}
	in.Reason, _ = args["reason"].(string)
	if in.Key, _ = args["idempotencyKey"].(string); in.Key == "" {
		return in
	}
	delete(args, "idempotencyKey")
	// Keys of a map are written in order: the same write gives the same text.
	text, _ := json.Marshal(args)
	sum := sha256.Sum256(append([]byte(graphql.GetFieldContext(ctx).Field.Name+"\x00"), text...))
	in.Request = hex.EncodeToString(sum[:])
	return in
}

// arguments are those of the field being resolved, as they were given.
func arguments(ctx context.Context) map[string]any {
	return graphql.GetFieldContext(ctx).Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
}

// payload lays out the answer to a write: its values, and what is wrong with the
// input. Faults of the store are errors of the field.
//
// The records are shown as of today, or as of the day the write is about when
// that is later: what was asked for can be seen in the answer.
func payload[T any, P raw[T]](ctx context.Context, r *Resolver, typeName string, values map[string]any, on network.Date, err error) (*T, error) {
	values["userErrors"] = []any{}
	if err != nil {
		problems, fault := userErrors(err)
		if fault {
			return nil, err
		}
		values["userErrors"] = problems
	}
	who := r.asker(ctx)
	who.Today = max(who.Today, on)
	op, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	end := r.Watch.Plan(ctx, field.Name)
	planned, err := plan.ComputedPlan(op, field, who, plan.Computed{Type: typeName, Values: values})
	end()
	if err != nil {
		return nil, err
	}
	result, err := r.shown(ctx, planned.Plan)
	if err != nil {
		return nil, err
	}
	out := new(T)
	P(out).SetJSON(planned.Render(result))
	return out, nil
}

// textsIn reads an input list of texts; nil when it is not given.
func textsIn(v any) []string {
	list := elements(v)
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i], _ = x.(string)
	}
	return out
}

// idsIn reads an input list of ids; nil when it is not given.
func idsIn(v any) []network.ID {
	if texts := textsIn(v); texts != nil {
		return idsOf(texts)
	}
	return nil
}

func idsOf(texts []string) []network.ID {
	out := make([]network.ID, len(texts))
	for i, t := range texts {
		out[i] = network.ID(t)
	}
	return out
}

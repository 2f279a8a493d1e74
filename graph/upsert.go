package graph

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// maxRows bounds the rows of one upsertMany.
const maxRows = 10_000

// UpsertMany enters or changes many records.
func (m mutationResolver) UpsertMany(ctx context.Context, input []*model.UpsertRow, dryRun, byRow bool, _, _ *string) (*model.UpsertPayload, error) {
	values := map[string]any{"written": false, "created": 0, "updated": 0, "unchanged": 0, "refused": 0, "rows": []any{}}
	if len(input) == 0 || len(input) > maxRows {
		return payload[model.UpsertPayload](ctx, m.Resolver, "UpsertPayload", values, 0, network.Errorf(network.OutOfRange, "give 1 to %d rows", maxRows).At("rows"))
	}
	rows := make([]edit.Row, len(input))
	for i, in := range input {
		rows[i] = rowOf(fieldsOf(in.Raw))
	}
	report, err := m.edit.Upsert(ctx, m.intent(ctx), rows, edit.UpsertOptions{DryRun: dryRun, ByRow: byRow})
	if report == nil {
		return payload[model.UpsertPayload](ctx, m.Resolver, "UpsertPayload", values, 0, err)
	}
	changed, err := upserted(report)
	if err != nil {
		return nil, err
	}
	told := plan.Personal{}
	for i := range report.After {
		if report.After[i] != nil {
			personalIn(told, report.Before[i], report.After[i])
		}
	}
	if err := m.tell(ctx, m.Viewer(ctx), report.Revision, told, nil); err != nil {
		return nil, err
	}
	values = map[string]any{
		"written": !dryRun && report.Created+report.Updated > 0 && (byRow || len(report.Errors) == 0),
		"created": report.Created, "updated": report.Updated, "unchanged": report.Unchanged,
		"refused": len(rows) - report.Created - report.Updated - report.Unchanged,
		"rows":    changed, "revision": plan.FormatRevision(report.Revision),
	}
	var faults network.Errors
	for _, e := range report.Errors {
		faults = append(faults, placedInRow(e, rows[e.Row].Kind))
	}
	return payload[model.UpsertPayload](ctx, m.Resolver, "UpsertPayload", values, 0, faults.Err())
}

func rowOf(in map[string]any) edit.Row {
	id, _ := in["id"].(string)
	kind, fields, err := oneKind(model.Raw{Input: in["record"]})
	if err != nil {
		return edit.Row{Faults: network.Errors{network.Errorf(network.InvalidValue, "give exactly one kind, with its fields").At("record")}, Kind: kind.Name}
	}
	return edit.ParseRow(kind.Name, network.ID(id), fields)
}

// placedInRow gives a fault the path from the arguments.
func placedInRow(e *edit.RowError, kind string) *network.Error {
	at := []string{"rows", strconv.Itoa(e.Row)}
	if path := e.Err.Path; len(path) > 0 && path[0] != "id" && path[0] != "record" {
		at = append(at, "record")
		if k := network.KindOf(kind); k != nil {
			at = append(at, k.InputName())
		}
	}
	return e.Err.At(at...)
}

// upserted lays out what became of the rows.
func upserted(r *edit.Report) ([]any, error) {
	out := make([]any, len(r.Actions))
	for i, action := range r.Actions {
		row := map[string]any{"action": string(action), "changes": []any{}}
		if len(r.After) > 0 { // they are not kept for a retry
			changes, err := fieldChanges(r.Before[i], r.After[i])
			if err != nil {
				return nil, err
			}
			row["changes"] = changes
		}
		if id := r.IDs[i]; id != "" {
			row["record"] = plan.Held{ID: id, Type: network.NodeInterface}
		}
		out[i] = plan.Computed{Type: "UpsertedRow", Values: row}
	}
	return out, nil
}

// fieldChanges are the fields of a record that are not as before, in the order of
// the registry; none of nil.
func fieldChanges(before, after *network.Record) ([]any, error) {
	out := []any{}
	if after == nil {
		return out, nil
	}
	old, err := texts(before)
	if err != nil {
		return nil, err
	}
	now, err := texts(after)
	if err != nil {
		return nil, err
	}
	for _, f := range network.MustKind(after.Kind).Fields {
		a, had := old[f.Name]
		b, has := now[f.Name]
		if had == has && a == b {
			continue
		}
		change := map[string]any{"field": f.Name, "before": nil, "after": nil}
		if had && (!f.Withheld() || before.ConsentEnds() > network.Today(network.SystemClock())) {
			change["before"] = a
		}
		if has {
			change["after"] = b
		}
		out = append(out, plan.Computed{Type: "FieldChange", Values: change})
	}
	return out, nil
}

// texts are the fields of a record as text; none of nil.
func texts(r *network.Record) (map[string]string, error) {
	out := map[string]string{}
	if r == nil {
		return out, nil
	}
	data, err := r.MarshalFields()
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	for name, value := range fields {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		out[name] = text
	}
	return out, nil
}

// Package plan turns the selection under one root field into one store plan and
// a renderer for its rows: the selection is walked once, and neither gqlgen nor
// a resolver touches what is below the root.
package plan

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Asker is who asks, and the day that asOf means when it is not given.
type Asker struct {
	Viewer network.Viewer
	Today  network.Date
	// Merged are the records that IDs of merged ones stand for.
	Merged map[network.ID]network.ID
}

// Standing is the ID that an ID stands for: its own unless it was merged.
func (a Asker) Standing(id network.ID) network.ID {
	if into, merged := a.Merged[id]; merged {
		return into
	}
	return id
}

// MaxFirst is the largest page the viewer may ask for.
func (a Asker) MaxFirst() int {
	if a.Viewer.Role >= network.RoleAnalyst {
		return 500
	}
	return 100
}

// Planned is a plan with the way to write its answer as JSON.
type Planned struct {
	Plan   *store.Plan
	render func(b []byte, r *store.Result) []byte
}

// Render writes the answer as JSON; nil for null.
func (p *Planned) Render(r *store.Result) []byte { return p.render(nil, r) }

// valueWriter appends one value of a row as JSON.
type valueWriter func(b []byte, v any) []byte

type builder struct {
	op  *graphql.OperationContext
	who Asker
	// asOf holds for the whole root field.
	asOf network.Date
	// terms and text are what search looks for.
	terms []string
	text  string
	// result is set while rendering.
	result *store.Result
}

func newBuilder(op *graphql.OperationContext, who Asker, args map[string]any) (*builder, error) {
	b := &builder{op: op, who: who, asOf: who.Today}
	if s, ok := args["asOf"].(string); ok {
		d, err := network.ParseDate(s)
		if err != nil {
			return nil, at(err, "asOf")
		}
		b.asOf = d
	}
	return b, nil
}

func (b *builder) plan(root *store.Collection, write valueWriter) *Planned {
	p := &store.Plan{Viewer: b.who.Viewer, AsOf: b.asOf, Roots: []*store.Collection{root}}
	return &Planned{Plan: p, render: func(out []byte, r *store.Result) []byte {
		b.result = r
		return write(out, r.Values[0])
	}}
}

// at puts a path in front of a typed error, and leaves others alone.
func at(err error, path ...string) error {
	if e, ok := err.(*network.Error); ok {
		return e.At(path...)
	}
	return err
}

// Connection plans a root field that lists records of a type.
func Connection(op *graphql.OperationContext, f graphql.CollectedField, who Asker, element string) (*Planned, error) {
	args := f.ArgumentMap(op.Variables)
	b, err := newBuilder(op, who, args)
	if err != nil {
		return nil, err
	}
	col, write, err := b.connection(f, listOf{element: element, kinds: network.Concrete(element), args: args})
	if err != nil {
		return nil, err
	}
	if element == network.ChangeRecord {
		if err := narrowChanges(col, args); err != nil {
			return nil, err
		}
	}
	return b.plan(col, write), nil
}

// Record plans a root field that is one record of a type, by its id; the answer
// is null when there is none.
func Record(op *graphql.OperationContext, f graphql.CollectedField, who Asker, element string) (*Planned, error) {
	args := f.ArgumentMap(op.Variables)
	id, _ := args["id"].(string)
	return RecordByID(op, f, who, element, who.Standing(network.ID(id)))
}

// RecordByID plans the record with the id under the selection of f.
func RecordByID(op *graphql.OperationContext, f graphql.CollectedField, who Asker, element string, id network.ID) (*Planned, error) {
	b, err := newBuilder(op, who, f.ArgumentMap(op.Variables))
	if err != nil {
		return nil, err
	}
	kinds := network.Concrete(element)
	part := &part{selections: f.Selections}
	shapes, err := b.shapes(kinds, part)
	if err != nil {
		return nil, err
	}
	col := &store.Collection{Source: store.Source{Op: store.ByID, IDs: []network.ID{id}}, Kinds: kinds, Ever: true, Single: true, Rows: true, Shapes: shapes}
	return b.plan(col, part.write), nil
}

// Records plans `nodes(ids)`: in the order asked, null where there is none.
func Records(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	args := f.ArgumentMap(op.Variables)
	raw, _ := args["ids"].([]any)
	if len(raw) > who.MaxFirst() {
		return nil, network.Errorf(network.OutOfRange, "at most %d ids at a time; %d were given", who.MaxFirst(), len(raw)).At("ids")
	}
	ids := make([]network.ID, len(raw))
	for i, v := range raw {
		s, _ := v.(string)
		ids[i] = who.Standing(network.ID(s))
	}
	b, err := newBuilder(op, who, args)
	if err != nil {
		return nil, err
	}
	kinds := network.Concrete(network.NodeInterface)
	part := &part{selections: f.Selections, id: true}
	shapes, err := b.shapes(kinds, part)
	if err != nil {
		return nil, err
	}
	col := &store.Collection{Source: store.Source{Op: store.ByID, IDs: ids}, Kinds: kinds, Ever: true, Rows: true, Shapes: shapes}
	return b.plan(col, func(out []byte, v any) []byte {
		rows := map[string]any{}
		for _, row := range v.([]any)[0].([]any) {
			rows[part.idOf(row.([]any))] = row
		}
		return appendList(out, len(ids), func(out []byte, i int) []byte { return part.write(out, rows[string(ids[i])]) })
	}), nil
}

func narrowChanges(col *store.Collection, args map[string]any) error {
	kind := network.MustKind(network.ChangeRecord)
	where := store.And{}
	if of, ok := args["of"].(string); ok {
		where = append(where, store.Compare{Field: kind.Field("record"), Op: store.EQ, Value: of})
	}
	if since, ok := args["since"].(string); ok {
		position, err := ParsePosition(since)
		if err != nil {
			return at(err, "since")
		}
		where = append(where, store.Compare{Field: kind.Field("revision"), Op: store.GT, Value: position.Whole()})
	}
	if len(where) > 0 {
		col.Filter = where
	}
	return nil
}

// AsOf is the day the root field is asked for.
func AsOf(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (network.Date, error) {
	b, err := newBuilder(op, who, f.ArgumentMap(op.Variables))
	if err != nil {
		return 0, err
	}
	return b.asOf, nil
}

// FilterArgument reads an argument of the root field that is a filter of records
// of the type; nil when it is not given.
func FilterArgument(op *graphql.OperationContext, f graphql.CollectedField, who Asker, name, typeName string) (store.Expr, error) {
	args := f.ArgumentMap(op.Variables)
	raw, ok := args[name].(map[string]any)
	if !ok {
		return nil, nil
	}
	b, err := newBuilder(op, who, args)
	if err != nil {
		return nil, err
	}
	x, err := b.filter(network.Concrete(typeName), raw)
	return x, at(err, name)
}

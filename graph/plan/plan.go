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
	// MaxFirst is the largest page that may be asked for. It must be the same for
	// all viewers of a role.
	MaxFirst int
}

// Standing is the ID that an ID stands for: its own unless it was merged.
func (a Asker) Standing(id network.ID) network.ID {
	if into, merged := a.Merged[id]; merged {
		return into
	}
	return id
}

// Planned is a plan with the way to write its answer as JSON.
type Planned struct {
	Plan   *store.Plan
	render func(r *store.Result) []byte
}

// Render writes the answer as JSON; nil for null.
func (p *Planned) Render(r *store.Result) []byte { return p.render(r) }

// writer appends one value of a row as JSON.
type writer func(fr *frame, b []byte, v any) []byte

// rowWriter appends something of a row as JSON.
type rowWriter func(fr *frame, b []byte, row []any) []byte

// at puts a path in front of a typed error, and leaves others alone.
func at(err error, path ...string) error {
	if e, ok := err.(*network.Error); ok {
		return e.At(path...)
	}
	return err
}

// Connection plans a root field that lists records of a type.
func Connection(op *graphql.OperationContext, f graphql.CollectedField, who Asker, element string) (*Planned, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	t, err := templateFor(op, f, who, element, func(c *compiler) (*list, writer, error) {
		return c.connection(f, listOf{element: element, kinds: network.Concrete(element)})
	})
	if err != nil {
		return nil, err
	}
	if element == network.ChangeRecord {
		return t.run(fr, func(col *store.Collection) error { return narrowChanges(col, fr.args) })
	}
	return t.run(fr, nil)
}

// Record plans a root field that is one record of a type, by its id; the answer
// is null when there is none.
func Record(op *graphql.OperationContext, f graphql.CollectedField, who Asker, element string) (*Planned, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	t, err := templateFor(op, f, who, element, func(c *compiler) (*list, writer, error) {
		part := &part{selections: f.Selections}
		kinds := network.Concrete(element)
		shapes, err := c.shapes(kinds, part)
		return single(kinds, shapes), part.write, err
	})
	if err != nil {
		return nil, err
	}
	id, _ := fr.args["id"].(string)
	return t.run(fr, func(col *store.Collection) error {
		col.Single = true
		col.Source.IDs = []network.ID{who.Standing(network.ID(id))}
		return nil
	})
}

// Records plans `nodes(ids)`: in the order asked, null where there is none.
func Records(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	raw, _ := fr.args["ids"].([]any)
	if len(raw) > who.MaxFirst {
		return nil, network.Errorf(network.OutOfRange, "at most %d ids at a time; %d were given", who.MaxFirst, len(raw)).At("ids")
	}
	ids := make([]network.ID, len(raw))
	for i, v := range raw {
		s, _ := v.(string)
		ids[i] = who.Standing(network.ID(s))
	}
	fr.ids = ids
	t, err := templateFor(op, f, who, "", func(c *compiler) (*list, writer, error) {
		part := &part{selections: f.Selections, id: true}
		kinds := network.Concrete(network.NodeInterface)
		shapes, err := c.shapes(kinds, part)
		return single(kinds, shapes), part.writeAsked, err
	})
	if err != nil {
		return nil, err
	}
	return t.run(fr, func(col *store.Collection) error {
		col.Source.IDs = ids
		return nil
	})
}

// writeAsked writes the rows of records by ID in the order they were asked for.
func (p *part) writeAsked(fr *frame, out []byte, v any) []byte {
	rows := map[string]any{}
	for _, row := range v.([]any)[0].([]any) {
		rows[p.idOf(row.([]any))] = row
	}
	return appendList(out, len(fr.ids), func(out []byte, i int) []byte { return p.write(fr, out, rows[string(fr.ids[i])]) })
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
	fr, err := newFrame(op, f, who)
	if err != nil {
		return 0, err
	}
	return fr.asOf, nil
}

// FilterArgument reads an argument of the root field that is a filter of records
// of the type; nil when it is not given.
func FilterArgument(op *graphql.OperationContext, f graphql.CollectedField, who Asker, name, typeName string) (store.Expr, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	raw, ok := fr.args[name].(map[string]any)
	if !ok {
		return nil, nil
	}
	x, err := filter(network.Concrete(typeName), raw)
	return x, at(err, name)
}

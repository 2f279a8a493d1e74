package plan

import (
	"encoding/json"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// What personal fields an answer shows has to be told, by record and field. So what
// may show one brings along of which record it is.

// saying are the fields of a statement that tell what is said.
var saying = []string{"value", "saidBy", "note"}

// traced adds the columns by which it can be told what the field shows.
func (s *shapeBuilder) traced(f *network.Field) {
	switch {
	case f.Personal:
		s.add(store.Column{Builtin: store.RecordID})
	case s.kind.Log && f.Type == network.JSON:
		s.field("record")
	case s.kind.Name == network.ClaimRecord && slices.Contains(saying, f.Name):
		s.field("record")
		s.field("field")
	}
}

// Personal are names of personal fields by record, each once.
type Personal map[network.ID][]string

// Add adds a field of a record.
func (p Personal) Add(id network.ID, field string) {
	if !slices.Contains(p[id], field) {
		p[id] = append(p[id], field)
	}
}

// Shown are the personal fields that the result of a plan shows. What a consent
// withholds is not shown.
func Shown(p *store.Plan, r *store.Result) Personal {
	out := shown{Personal{}}
	for i, root := range p.Roots {
		if i < len(r.Values) && mayShow(root) {
			out.collection(root, r.Values[i])
		}
	}
	return out.Personal
}

// mayShow tells whether the collection has a column that may show something.
func mayShow(l *store.Collection) bool {
	return slices.ContainsFunc(l.Shapes, func(s store.Shape) bool {
		return slices.ContainsFunc(s.Columns, func(c store.Column) bool {
			switch {
			case c.Child != nil:
				return personalWay(c.Child) != nil || mayShow(c.Child)
			case c.Field == nil:
				return false
			}
			return c.Field.Personal || c.Field.Type == network.JSON || slices.Contains(saying, c.Field.Name) && slices.Contains(s.Kinds, claims)
		})
	})
}

var claims = network.MustKind(network.ClaimRecord)

// personalWay is the personal field by which the collection is reached from its
// parent; nil when it is none.
func personalWay(l *store.Collection) *network.Field {
	if l.Source.Op != store.Follow || len(l.Source.Hops) == 0 {
		return nil
	}
	if h := l.Source.Hops[0]; !h.Inverse && h.Field.Personal {
		return h.Field
	}
	return nil
}

// shown gathers them from rows.
type shown struct{ Personal }

func (s shown) add(id any, field string) {
	if text, _ := id.(string); text != "" {
		s.Add(network.ID(text), field)
	}
}

func (s shown) collection(l *store.Collection, v any) {
	if len(l.Group) > 0 || v == nil {
		return
	}
	if l.Single {
		s.row(l, v)
		return
	}
	rows, _ := v.([]any)[0].([]any)
	if l.More && l.Limit > 0 { // that there is more is not shown
		rows, _ = cutTo(rows, l.Limit, l.Backward)
	}
	for _, row := range rows {
		s.row(l, row)
	}
}

func (s shown) row(l *store.Collection, v any) {
	row, ok := v.([]any)
	if !ok || len(row) == 0 {
		return
	}
	kind := network.KindOf(row[0].(string))
	if shape := l.ShapeFor(kind); shape != nil {
		s.cells(shape.Columns, kind, row)
	}
}

func (s shown) cells(columns []store.Column, kind *network.Kind, row []any) {
	at := func(name string) any {
		for i, c := range columns {
			if c.Field != nil && c.Field.Name == name || name == "" && c.Builtin == store.RecordID {
				return row[i+1]
			}
		}
		return nil
	}
	for i, c := range columns {
		cell := row[i+1]
		switch {
		case cell == nil:
		case c.Child != nil:
			if way := personalWay(c.Child); way != nil {
				s.add(at(""), way.Name)
			}
			s.collection(c.Child, cell)
		case c.Field == nil:
		case c.Field.Personal:
			s.add(at(""), c.Field.Name)
		case c.Field.Type == network.JSON && kind.Log:
			s.state(at("record"), cell)
		case kind == claims && slices.Contains(saying, c.Field.Name):
			if about, _ := at("field").(string); slices.Contains(network.PersonalNames(), about) {
				s.add(at("record"), about)
			}
		}
	}
}

// state adds the personal fields that a state in the log shows; of a statement the one
// that it is about.
func (s shown) state(record, cell any) {
	state, _ := cell.([]any)
	if len(state) != 3 {
		return
	}
	text, _ := state[0].(string)
	withheld, _ := state[2].(bool)
	var fields map[string]any
	_ = json.Unmarshal([]byte(text), &fields)
	for _, name := range network.PersonalNames() {
		if _, given := fields[name]; given && (!withheld || !withheldNamed(name)) {
			s.add(record, name)
		}
	}
	if about, _ := fields["field"].(string); slices.Contains(network.PersonalNames(), about) {
		s.add(fields["record"], about)
	}
}

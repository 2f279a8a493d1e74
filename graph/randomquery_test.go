package graph_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/network"
)

// asker makes random valid queries and values of their variables.
type asker struct {
	r      *rand.Rand
	schema *ast.Schema
	ids    []network.ID
	q      *query
}

// query is a text with its variables.
type query struct {
	text      string
	variables []variable
}

type variable struct {
	name     string
	typ      *ast.Type
	optional bool // it has a default value, or is of a type that may be null
}

func newAsker(r *rand.Rand, ids []network.ID) *asker {
	return &asker{r: r, ids: ids, schema: generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{}}).Schema()}
}

// query asks for one root field that reads: of several, the errors come in any
// order.
func (a *asker) query() *query {
	a.q = &query{}
	var body strings.Builder
	f := a.rootField()
	fmt.Fprintf(&body, " x: %s%s%s%s", f.Name, a.arguments(f), a.switches(), a.selection(f.Type, 4))
	var head []string
	for _, v := range a.q.variables {
		head = append(head, "$"+v.name+": "+v.typ.String())
	}
	a.q.text = "query"
	if head != nil {
		a.q.text += "(" + strings.Join(head, ", ") + ")"
	}
	a.q.text += " {" + body.String() + " }"
	return a.q
}

// rootField is one that reads records, most of the time.
func (a *asker) rootField() *ast.FieldDefinition {
	records := []string{"stakeholder", "stakeholders", "node", "nodes", "schools", "people", "ties", "posts", "initiatives", "search", "changes", "stakeholderCounts", "tieCounts", "roleMap", "rolesOf", "introductions", "neighborhood", "topicBalance"}
	name := records[a.r.IntN(len(records))]
	return a.schema.Query.Fields.ForName(name)
}

// selection selects some fields of a type, down to a depth.
func (a *asker) selection(t *ast.Type, depth int) string {
	def := a.schema.Types[t.Name()]
	if def.IsLeafType() {
		return ""
	}
	fields := []string{"__typename"}
	for _, i := range a.r.Perm(len(def.Fields)) {
		f := def.Fields[i]
		leaf := a.schema.Types[f.Type.Name()].IsLeafType()
		if strings.HasPrefix(f.Name, "__") || !leaf && depth == 0 {
			continue
		}
		if len(fields) > 4 {
			break
		}
		// An alias of the type and the field: never two meanings of one.
		text := fmt.Sprintf("%s_%s_%d: %s%s%s%s", def.Name, f.Name, len(a.q.variables)+depth*1000+a.r.IntN(1<<30), f.Name, a.arguments(f), a.switches(), a.selection(f.Type, depth-1))
		if a.r.IntN(6) == 0 {
			text = "... on " + def.Name + a.switches() + " { " + text + " }"
		}
		fields = append(fields, text)
	}
	if possible := a.schema.GetPossibleTypes(def); def.IsAbstractType() && depth > 0 && len(possible) > 0 {
		some := possible[a.r.IntN(len(possible))]
		fields = append(fields, "... on "+some.Name+a.selection(ast.NamedType(some.Name, nil), depth-1))
	}
	return " { " + strings.Join(fields, " ") + " }"
}

func (a *asker) switches() string {
	if a.r.IntN(8) > 0 {
		return ""
	}
	return fmt.Sprintf(" @%s(if: %s)", []string{"skip", "include"}[a.r.IntN(2)], a.variable(ast.NonNullNamedType("Boolean", nil)))
}

func (a *asker) variable(t *ast.Type) string {
	for _, v := range a.q.variables { // one variable in several places
		if v.typ.String() == t.String() && a.r.IntN(2) == 0 {
			return "$" + v.name
		}
	}
	v := variable{name: fmt.Sprint("v", len(a.q.variables)), typ: t, optional: !t.NonNull}
	a.q.variables = append(a.q.variables, v)
	return "$" + v.name
}

// arguments gives some of a field's arguments, by variables or as they are.
func (a *asker) arguments(f *ast.FieldDefinition) string {
	var out []string
	for _, arg := range f.Arguments {
		required := arg.Type.NonNull && arg.DefaultValue == nil
		if !required && a.r.IntN(3) > 0 || arg.Name == "before" || arg.Name == "after" || arg.Name == "last" && a.r.IntN(3) > 0 {
			continue
		}
		value := ""
		if a.r.IntN(2) == 0 {
			value = a.variable(arg.Type)
		} else {
			value = written(a.value(arg.Name, arg.Type, 2))
		}
		out = append(out, arg.Name+": "+value)
	}
	if out == nil {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// values gives the variables of a query values, or none where they may be
// absent.
func (a *asker) values(q *query) map[string]any {
	out := map[string]any{}
	for _, v := range q.variables {
		switch {
		case v.optional && a.r.IntN(5) == 0:
		case v.optional && a.r.IntN(8) == 0:
			out[v.name] = nil
		default:
			out[v.name] = plain(a.value("", v.typ, 2))
		}
	}
	return out
}

// word is an enum value or another bare word of a query.
type word string

// value is one of a type: map, list, string, int, bool or word.
func (a *asker) value(name string, t *ast.Type, depth int) any {
	if t.Elem != nil {
		out := []any{}
		for range 1 + a.r.IntN(2) {
			out = append(out, a.value(name, t.Elem, depth))
		}
		return out
	}
	def := a.schema.Types[t.Name()]
	switch def.Kind {
	case ast.Enum:
		return word(def.EnumValues[a.r.IntN(len(def.EnumValues))].Name)
	case ast.InputObject:
		return a.object(def, depth)
	}
	switch def.Name {
	case "ID":
		return string(a.ids[a.r.IntN(len(a.ids))])
	case "Int":
		return a.r.IntN(9) - 1
	case "Float":
		return a.r.Float64()
	case "Boolean":
		return a.r.IntN(2) == 0
	case "Date":
		return fmt.Sprintf("20%02d-0%d-01", 15+a.r.IntN(12), 1+a.r.IntN(9))
	}
	return []string{"a", "学", "架空", "き"}[a.r.IntN(4)]
}

func (a *asker) object(def *ast.Definition, depth int) any {
	out := map[string]any{}
	for _, f := range def.Fields {
		nested := a.schema.Types[f.Type.Name()].Kind == ast.InputObject
		required := f.Type.NonNull && f.DefaultValue == nil
		if required || (!nested || depth > 0) && a.r.IntN(len(def.Fields)) < 2 {
			out[f.Name] = a.value(f.Name, f.Type, depth-1)
		}
	}
	return out
}

// plain is a value as JSON has it.
func plain(v any) any {
	switch x := v.(type) {
	case word:
		return string(x)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = plain(x[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range x {
			out[k] = plain(x[k])
		}
		return out
	}
	return v
}

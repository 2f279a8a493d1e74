package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/network"
)

// question is one way to what is hidden; sampled tells whether Neo4j is asked too.
type question struct {
	way, about, text string
	sampled          bool
}

// asking makes the questions from the schema and the registry. What it finds in
// them and cannot ask fails the test.
type asking struct {
	t      *testing.T
	schema *ast.Schema
	ids    map[string][]string // of the records, by kind
	out    []question
}

// schemaWays are the ways for which the schema and the registry say what there is
// to ask; [otherWays] has those that are asked by hand.
var schemaWays = map[string]func(*asking){
	"select": (*asking).selects, "nested paths": (*asking).nested, "filter": (*asking).filters, "sort": (*asking).sorts, "group-by": (*asking).groups,
}

func newAsking(t *testing.T, records []*network.Record) *asking {
	a := &asking{t: t, schema: generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{}}).Schema(), ids: map[string][]string{}}
	for _, r := range records {
		a.ids[r.Kind] = append(a.ids[r.Kind], string(r.ID))
	}
	return a
}

func (a *asking) add(way, about, text string, sampled bool) {
	a.out = append(a.out, question{way, about, text, sampled})
}

// kinds are those that the schema has as types, the log apart.
func (a *asking) kinds(each func(*network.Kind, *ast.Definition)) {
	for _, k := range network.Kinds() {
		if !k.Entered() {
			continue
		}
		def := a.schema.Types[k.Name]
		if def == nil || len(a.ids[k.Name]) == 0 {
			a.t.Errorf("%s: no type of the schema, or no record of the map", k.Name)
			continue
		}
		each(k, def)
	}
}

// of asks for the records of a kind by their IDs, hidden ones among them.
func (a *asking) of(k *network.Kind, selection string) string {
	return fmt.Sprintf(`{ nodes(ids: ["%s"]) { ... on %s { %s } } }`, strings.Join(a.ids[k.Name], `", "`), k.Name, selection)
}

func (a *asking) selects() {
	a.kinds(func(k *network.Kind, def *ast.Definition) {
		for _, f := range k.Fields {
			if def.Fields.ForName(f.Name) == nil {
				a.t.Errorf("%s.%s cannot be selected: say here how it is reached", k.Name, f.Name)
			}
		}
		a.add("select", k.Name, a.of(k, a.selection(def, 0)), slices.Contains(sampledKinds, k.Name))
		a.add("select", k.Name+" and what it leads to", a.of(k, a.selection(def, 1)), false)
		a.add("change log", k.Name, a.of(k, "changes(first: 3) { totalCount nodes { action before after } }"), false)
	})
}

// sampledRoots and sampledKinds are those of which Neo4j is asked too: to plan a
// question takes it a second on a small machine.
var (
	sampledRoots = []string{"people", "ties"}
	sampledKinds = []string{"Person", "CareerConsultant", "Occupancy", "Claim", network.TieRecord}
)

// unsaid are fields that tell of the reading, not of what was read.
var unsaid = []string{"revision", "cursor", "startCursor", "endCursor"}

// selection is every field of a type that needs no argument, and of what lies below
// it, to a depth; of lists, three.
func (a *asking) selection(def *ast.Definition, depth int) string {
	var out []string
	for _, f := range def.Fields {
		if slices.Contains(unsaid, f.Name) || f.Name == "changes" || f.Name == "id" && def.Name == network.ChangeRecord || strings.HasPrefix(f.Name, "__") ||
			slices.ContainsFunc(f.Arguments, func(arg *ast.ArgumentDefinition) bool { return arg.Type.NonNull && arg.DefaultValue == nil }) {
			continue
		}
		if of := a.schema.Types[f.Type.Name()]; of.IsLeafType() {
			out = append(out, f.Name)
		} else if depth > 0 {
			out = append(out, f.Name+a.below(f, of, depth-1))
		}
	}
	return strings.Join(append(out, "__typename"), " ")
}

func (a *asking) below(f *ast.FieldDefinition, of *ast.Definition, depth int) string {
	first := ""
	if f.Arguments.ForName("first") != nil {
		first = "(first: 3)"
	}
	if nodes := of.Fields.ForName("nodes"); nodes != nil {
		return first + " { totalCount nodes { " + a.selection(a.schema.Types[nodes.Type.Name()], depth) + " } }"
	}
	if of.Kind == ast.Union {
		return " { __typename ... on Node { id } ... on Stakeholder { name } }"
	}
	return first + " { " + a.selection(of, depth) + " }"
}

// nested goes two steps from each record.
func (a *asking) nested() {
	a.kinds(func(k *network.Kind, def *ast.Definition) {
		for _, f := range def.Fields {
			if of := a.schema.Types[f.Type.Name()]; !of.IsLeafType() && f.Name != "changes" {
				a.add("nested paths", k.Name+"."+f.Name, a.of(k, f.Name+a.below(f, of, 1)), false)
			}
		}
	})
}

// filters asks, in every input that holds conditions, by the shortest way to it, by
// every field.
func (a *asking) filters() {
	type step struct {
		typ, before, after string
		root               *ast.FieldDefinition
	}
	var steps []step
	for _, root := range a.schema.Query.Fields {
		if arg := root.Arguments.ForName("filter"); arg != nil && root.Name != "network" && a.schema.Types[root.Type.Name()].Fields.ForName("nodes") != nil {
			steps = append(steps, step{typ: arg.Type.Name(), root: root})
		}
	}
	seen := map[string]bool{}
	for ; len(steps) > 0; steps = steps[1:] {
		at := steps[0]
		def := a.schema.Types[at.typ]
		if seen[at.typ] || def.Kind != ast.InputObject || def.Fields.ForName("isNull") != nil {
			continue
		}
		seen[at.typ] = true
		var told []string
		for _, f := range def.Fields {
			steps = append(steps, step{f.Type.Name(), at.before + "{" + f.Name + ": ", "}" + at.after, at.root})
			for _, c := range a.conditions(f) {
				a.filter(at.root, at.typ+"."+f.Name, at.before+c+at.after, false)
				if strings.Contains(c, `"z`) {
					told = append(told, c)
				}
			}
		}
		if def.Fields.ForName("or") != nil && len(told) > 0 {
			a.filter(at.root, at.typ, at.before+"{or: ["+strings.Join(a.unpersonal(told), ", ")+"]}"+at.after, at.before == "" && slices.Contains(sampledRoots, at.root.Name))
		}
	}
	a.reached("Filter", seen)
}

func (a *asking) filter(root *ast.FieldDefinition, about, condition string, sampled bool) {
	a.add("filter", about, "{ "+root.Name+"(first: 100, filter: "+condition+") { totalCount nodes { __typename ... on Node { id } } } }", sampled)
}

// unpersonal leaves out the conditions that most may not give at all.
func (a *asking) unpersonal(conditions []string) []string {
	return slices.DeleteFunc(slices.Clone(conditions), func(c string) bool {
		name, _, _ := strings.Cut(c[1:], ":")
		return slices.Contains(network.PersonalNames(), name)
	})
}

// conditions are some on a field of a filter: whether there is anything, and for
// what is hidden.
func (a *asking) conditions(f *ast.FieldDefinition) (out []string) {
	def := a.schema.Types[f.Type.Name()]
	put := func(value string) { out = append(out, "{"+f.Name+": "+value+"}") }
	switch {
	case f.Name == "and" || f.Name == "or" || f.Name == "not":
	case def.IsLeafType():
		put(literalOf(def))
	case def.Fields.ForName("some") != nil:
		put("{some: {}}")
		put("{none: {}}")
	default:
		put("{}")
		for _, operator := range []string{"isNull", "contains", "eq", "gte", "in"} {
			if o := def.Fields.ForName(operator); o != nil {
				put("{" + operator + ": " + literalOf(a.schema.Types[o.Type.Name()]) + "}")
			}
		}
	}
	return out
}

// literalOf is a value that stands in hidden records.
func literalOf(def *ast.Definition) string {
	switch {
	case def.Kind == ast.Enum:
		return def.EnumValues[len(def.EnumValues)-1].Name
	case def.Name == "Boolean":
		return "true"
	case def.Name == "Int":
		return "1030"
	case def.Name == "ID":
		return `"` + string(hiddenID("Area", 3, bare)) + `"`
	case def.Name == "Date":
		return `"2002-10-28"`
	case def.Name == "DateTime":
		return `"1970-01-01T00:00:00Z"`
	}
	return `"zq3"`
}

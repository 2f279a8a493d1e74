package graph_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// hole is a place in the schema that takes a value of a leaf type.
type hole struct {
	name string    // of the argument, or of the field of an input
	typ  *ast.Type // what it takes
	// The document, from behind the variables to the value of the argument, and
	// what follows that.
	kind, before, after string
	arg                 *ast.Type     // what the argument takes
	value               func(any) any // of the argument, with a value at the place
	patience            time.Duration // with a subscription that begins
}

// ask gives the documents and variables that put a value there.
func (h hole) ask(v any) map[string]func(*api) string {
	return map[string]func(*api) string{
		"literal": func(a *api) string { return h.send(a, h.kind+" {"+h.before+written(h.value(v))+h.after+" }", nil) },
		"variable": func(a *api) string {
			return h.send(a, h.kind+"($v: "+h.typ.String()+") {"+h.before+written(h.value(word("$v")))+h.after+" }", map[string]any{"v": v})
		},
		"in a variable": func(a *api) string {
			return h.send(a, h.kind+"($v: "+h.arg.String()+") {"+h.before+"$v"+h.after+" }", map[string]any{"v": h.value(v)})
		},
	}
}

// send gives the answer; of a subscription the first event, {} when it begins and
// there is none.
func (h hole) send(a *api, query string, variables map[string]any) string {
	if h.kind != "subscription" {
		return a.post(query, variables)
	}
	ctx, cancel := context.WithTimeout(a.t.Context(), h.patience)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	r := newRequest(body).WithContext(ctx)
	r.Header.Set("Accept", "text/event-stream")
	answer := string(answerOf(a.h, r))
	if _, event, came := strings.Cut(answer, "event: next\ndata: "); came {
		data, _, _ := strings.Cut(event, "\n")
		return data
	}
	if strings.HasPrefix(answer, "{") { // refused before it began
		return answer
	}
	return "{}"
}

// holes are found in the schema: each argument of each field, and of each input type
// one field of each leaf type.
type holes struct {
	schema *ast.Schema
	seen   map[string]bool
	found  []hole
}

func (x *holes) once(key string) bool {
	was := x.seen[key]
	x.seen[key] = true
	return !was
}

// fields looks at the fields of a type, and of those they lead to, by the document
// around them.
func (x *holes) fields(kind string, def *ast.Definition, before, after string) {
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") || !x.once(def.Name+"."+f.Name) {
			continue
		}
		selection, to := "", x.schema.Types[f.Type.Name()]
		if to.IsCompositeType() {
			selection = " { __typename }"
		}
		for _, a := range f.Arguments {
			open := before + " x: " + f.Name + x.required(f, a.Name) + a.Name + ": "
			x.input(a.Name, a.Type, hole{kind: kind, before: open, after: ")" + selection + after, arg: a.Type, value: func(v any) any { return v }})
		}
		open := before + " " + strings.TrimSuffix(f.Name+x.required(f, ""), "(")
		if strings.HasSuffix(open, ", ") {
			open = strings.TrimSuffix(open, ", ") + ")"
		}
		for _, t := range x.schema.GetPossibleTypes(to) {
			if to.IsCompositeType() && x.once("type "+t.Name) {
				x.fields(kind, t, open+" { ... on "+t.Name+" {", " } }"+after)
			}
		}
	}
}

// required opens the arguments of a field with those it must have, but one.
func (x *holes) required(f *ast.FieldDefinition, but string) string {
	out := "("
	for _, a := range f.Arguments {
		if a.Name != but && a.Type.NonNull && a.DefaultValue == nil {
			out += a.Name + ": " + written(x.least(a.Type)) + ", "
		}
	}
	return out
}

func (x *holes) input(name string, typ *ast.Type, at hole) {
	def := x.schema.Types[typ.Name()]
	if def.Kind != ast.InputObject {
		at.name, at.typ = name, typ
		if def.BuiltIn || def.Kind == ast.Enum { // alike wherever they are
			if !x.once("a " + name + " " + typ.String()) {
				return
			}
		}
		x.found = append(x.found, at)
		return
	}
	if !x.once("input " + def.Name) {
		return
	}
	for _, f := range def.Fields {
		if of := x.schema.Types[f.Type.Name()]; of.Kind != ast.InputObject && !x.once(def.Name+" of "+f.Type.String()) {
			continue
		}
		inner := at
		inner.value = func(v any) any {
			out := x.least(&ast.Type{NamedType: def.Name}).(map[string]any)
			if def.Directives.ForName("oneOf") != nil {
				clear(out)
			}
			out[f.Name] = v
			if typ.Elem != nil {
				return at.value([]any{out})
			}
			return at.value(out)
		}
		x.input(f.Name, f.Type, inner)
	}
}

// least is a value of a type with what it must have.
func (x *holes) least(typ *ast.Type) any {
	if typ.Elem != nil {
		return []any{x.least(typ.Elem)}
	}
	def := x.schema.Types[typ.NamedType]
	switch {
	case def.Kind == ast.Enum:
		return word(def.EnumValues[0].Name)
	case def.Kind == ast.InputObject:
		out := map[string]any{}
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil || f == def.Fields[0] && def.Directives.ForName("oneOf") != nil {
				out[f.Name] = x.least(f.Type)
			}
		}
		return out
	case def.Name == "Int" || def.Name == "Float":
		return 1
	case def.Name == "Boolean":
		return false
	}
	return "2024-01-01"
}

// written is a value as it stands in a document.
func written(v any) string {
	switch v := v.(type) {
	case word:
		return string(v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, written(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var items []string
		for name, item := range v {
			items = append(items, name+": "+written(item))
		}
		slices.Sort(items)
		return "{" + strings.Join(items, ", ") + "}"
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// wrong are values of every kind that JSON has.
var wrong = map[string]any{
	"an object": map[string]any{"a": 1}, "an empty object": map[string]any{}, "a list": []any{1}, "a list of lists": []any{[]any{"x"}},
	"a list of an object": []any{map[string]any{"a": 1}}, "a list with null": []any{nil}, "true": true, "a number": 5, "a broken number": 1.5,
	"a huge number": json.Number("123456789012345678901234567890"), "text": "x", "an enum": word("NOBODY"), "null": nil,
	"an enum in small letters": word("public"),
}

// never are those that are no date, nor a list of dates.
var never = map[string]bool{"an object": true, "an empty object": true, "a list of lists": true, "a list of an object": true, "true": true, "a broken number": true, "a huge number": true}

// Whatever value a client gives, in whatever place, literally or by a variable, the
// answer is never a fault of ours. What is no text is refused for a date, by name.
func TestIsAWrongValueEverAFaultOfOurs(t *testing.T) {
	a := newAPI(t, memory.New(memory.Options{}), func(r *graph.Resolver) { r.Limits = limit.With("rate", "0") })
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{}}).Schema()
	x := &holes{schema: schema, seen: map[string]bool{}}
	x.fields("query", schema.Query, "", "")
	x.fields("mutation", schema.Mutation, "", "")
	streams := &holes{schema: schema, seen: map[string]bool{}}
	for name := range schema.Types { // what events lead to is asked of queries
		streams.seen["type "+name] = true
	}
	streams.fields("subscription", schema.Subscription, "", "")
	if n := len(streams.found); n < 10 {
		t.Errorf("%d places in subscriptions", n)
	}
	x.found = append(x.found, streams.found...)
	dates := map[string]int{}
	for _, h := range x.found {
		def := schema.Types[h.typ.Name()]
		ours := def.Kind == ast.Scalar && !def.BuiltIn
		if ours {
			dates[def.Name]++
		}
		for kind, v := range wrong {
			h.patience = 20 * time.Millisecond
			if ours && never[kind] {
				h.patience = time.Minute // it is to be refused
			}
			for way, ask := range h.ask(v) {
				got := ask(a)
				if strings.Contains(got, `"INTERNAL"`) || !json.Valid([]byte(got)) {
					t.Errorf("%s %s, %s, %s: %.300s", h.name, h.typ, way, kind, got)
				}
				named := strings.Contains(got, `"`+h.name+`\"`) || strings.Contains(got, `"path":["variable","v"`)
				refused := named && strings.Contains(got, "GRAPHQL_VALIDATION_FAILED")
				if ours && never[kind] && !refused {
					t.Errorf("%s %s, %s, %s: it is not refused by name: %.300s", h.name, h.typ, way, kind, got)
				}
			}
		}
	}
	if len(x.found) < 200 || dates["Date"] < 50 || dates["PartialDateInput"] < 20 {
		t.Errorf("%d places, %v", len(x.found), dates)
	}
}

package graph

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// writtenOut is a set with its fragments written out, as they are to be counted.
func writtenOut(doc *ast.QueryDocument, set ast.SelectionSet) (out ast.SelectionSet) {
	for _, s := range set {
		switch x := s.(type) {
		case *ast.Field:
			field := *x
			field.SelectionSet = writtenOut(doc, x.SelectionSet)
			out = append(out, &field)
		case *ast.InlineFragment:
			out = append(out, writtenOut(doc, x.SelectionSet)...)
		case *ast.FragmentSpread:
			out = append(out, writtenOut(doc, doc.Fragments.ForName(x.Name).SelectionSet)...)
		}
	}
	return out
}

// counted walks a set that is written out: its fields, levels and aliases.
func counted(set ast.SelectionSet) (fields, depth, aliases int64) {
	for _, s := range set {
		x := s.(*ast.Field)
		f, d, a := counted(x.SelectionSet)
		fields, depth, aliases = fields+f+1, max(depth, d+1), aliases+a
		if x.Alias != x.Name {
			aliases++
		}
	}
	return fields, depth, aliases
}

// What is counted once for each fragment is what is there when all is written out.
func FuzzCost(f *testing.F) {
	files, err := filepath.Glob("../docs/queries/*.graphql")
	if err != nil || len(files) == 0 {
		f.Fatal("no questions", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("{ ...a ...a } fragment a on Query { s: stakeholders(first: 3) { nodes { ...b ...c } edges { node { ...b } } } } fragment b on Node { id ... on School { c: level } } fragment c on Stakeholder { ties { nodes { ...b } } }")
	f.Add("{ nodes(ids: [1, 2]) { ...a } } fragment a on Node { ... @include(if: true) { id x: id } }")
	f.Add(strings.Repeat("{", 50))
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	l := &limiter{set: limit.Usual(), prices: newPrices(schema)}
	f.Fuzz(func(t *testing.T, text string) {
		s, refused := l.measure(text, network.RoleAdmin)
		if refused != nil || s.tokens == 0 || s.cyclic || l.fits(network.RoleAdmin, s) != nil {
			return
		}
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil || len(validator.ValidateWithRules(schema, doc, validation())) > 0 {
			return
		}
		var all, deepest, most int64
		for _, op := range doc.Operations {
			flat := writtenOut(doc, op.SelectionSet)
			fields, depth, aliases := counted(flat)
			all, deepest, most = all+fields, max(deepest, depth), max(most, aliases)
			variables, err := validator.VariableValues(schema, op, nil)
			if err != nil {
				continue
			}
			got := l.prices.of(&graphql.OperationContext{Doc: doc, Operation: op, Variables: variables})
			written := *op
			written.SelectionSet = flat
			if want := l.prices.of(&graphql.OperationContext{Doc: doc, Operation: &written, Variables: variables}); got != want || got.records < 0 {
				t.Fatalf("costs %+v, written out %+v", got, want)
			}
		}
		if s.expanded < all || s.deepest.depth < deepest || s.deepest.aliases < most {
			t.Fatalf("%+v; counted %d fields, %d levels, %d aliases", s, all, deepest, most)
		}
	})
}

func TestDoCountsGrowWithoutEnd(t *testing.T) {
	for _, c := range [][3]int64{{2, 3, 6}, {0, most, 0}, {most, 0, 0}, {most, 1, most}, {most, 2, most}, {most, most, most}, {1 << 20, 1 << 21, most}} {
		if got := times(c[0], c[1]); got != c[2] {
			t.Errorf("%d × %d = %d", c[0], c[1], got)
		}
	}
	if plus(most, most) != most {
		t.Error("sums do")
	}
}

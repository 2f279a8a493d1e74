package cli

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
)

// sorts asks for every order that there is, at a list that takes it.
func (a *asking) sorts() {
	seen := map[string]bool{}
	for _, root := range a.schema.Query.Fields {
		a.orders(root, seen, true, func(order, rows string) string {
			return "{ " + root.Name + "(" + order + ", first: 100) " + rows + " }"
		})
	}
	a.kinds(func(k *network.Kind, def *ast.Definition) {
		for _, f := range def.Fields {
			a.orders(f, seen, false, func(order, rows string) string { return a.of(k, f.Name+"("+order+", first: 4) "+rows) })
		}
	})
	a.reached("Order", seen)
}

// orders asks a list in every order, unless another has been asked in it.
func (a *asking) orders(f *ast.FieldDefinition, seen map[string]bool, root bool, in func(order, rows string) string) {
	arg, nodes := f.Arguments.ForName("orderBy"), a.schema.Types[f.Type.Name()].Fields.ForName("nodes")
	if arg == nil || nodes == nil || seen[arg.Type.Name()] {
		return
	}
	seen[arg.Type.Name()] = true
	rows := "{ nodes { id } }"
	if nodes.Type.Name() == network.ChangeRecord {
		rows = "{ nodes { record action } }"
	}
	for i, v := range a.schema.Types[arg.Type.Name()+"Field"].EnumValues {
		for _, d := range []string{"ASC", "DESC"} {
			personal := slices.Contains(network.PersonalNames(), camel(v.Name))
			a.add("sort", f.Name+" "+v.Name, in("orderBy: [{field: "+v.Name+", direction: "+d+"}]", rows), d == "DESC" && root && (i == 0 && slices.Contains(sampledRoots, f.Name) || personal))
		}
	}
}

// camel is the name of the field that an enum value stands for.
func camel(screaming string) string {
	words := strings.Split(strings.ToLower(screaming), "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// groups counts by every dimension.
func (a *asking) groups() {
	seen := map[string]bool{}
	for _, root := range a.schema.Query.Fields {
		arg := root.Arguments.ForName("groupBy")
		if arg == nil {
			continue
		}
		seen[arg.Type.Name()] = true
		for _, v := range a.schema.Types[arg.Type.Name()].EnumValues {
			more := map[string]string{"DATE": `, dates: ["2010-01-01", "2024-02-01"]`, "FISCAL_YEAR": ", fiscalYears: [2003, 2023]"}[v.Name]
			a.add("group-by", root.Name+" "+v.Name, "{ "+root.Name+"(groupBy: ["+v.Name+"]"+more+") { rows { count keys { value label } } } }", slices.Contains([]string{"RESIDENCE", "ORIGIN", "TOPIC"}, v.Name))
		}
	}
	a.reached("Dimension", seen)
}

// reached wants that every input or enum of a sort that a field of the schema takes
// was asked for; some are asked for by [otherWays].
func (a *asking) reached(suffix string, seen map[string]bool) {
	byHand := map[string]bool{"SectorDimension": true, "NetworkFilter": true, "ChangeEventFilter": true}
	for _, def := range a.schema.Types {
		if def.Kind != ast.Object || strings.HasPrefix(def.Name, "__") {
			continue
		}
		for _, f := range def.Fields {
			for _, arg := range f.Arguments {
				if name := arg.Type.Name(); strings.HasSuffix(name, suffix) && !seen[name] && !byHand[name] {
					a.t.Errorf("%s.%s takes a %s, and this test does not ask there", def.Name, f.Name, name)
				}
			}
		}
	}
}

package main

import (
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// edges writes the connection, filter and order of a type.
func (g *generator) edges(name string, ks []*network.Kind) {
	g.describe("", "A page of a list of "+name+".", "", "")
	g.p("type %sConnection {\n  edges: [%[1]sEdge!]!\n  nodes: [%[1]s!]!\n  pageInfo: PageInfo!", name)
	g.describe("  ", "How many there are in all; counted only when asked for.", "総数", "")
	g.p("  totalCount: Int!")
	g.describe("  ", "The revision the page was read at: another one means that the map changed between pages.", "版", "")
	g.p("  revision: String!\n}\n")
	g.describe("", "A place in a list of "+name+".", "", "")
	g.p("type %sEdge {\n  cursor: String!\n  node: %[1]s!\n}\n", name)
	g.filter(name, ks)
	g.describe("", "A condition on the members of a list; for several given, all must hold.", "", "")
	g.p("input %sListFilter {", name)
	g.p("  \"\"\"At least one member satisfies it; {} asks for any member.\"\"\"\n  some: %sFilter", name)
	g.p("  \"\"\"No member satisfies it; {} asks for an empty list.\"\"\"\n  none: %sFilter", name)
	g.p("  \"\"\"Every member satisfies it; true of an empty list.\"\"\"\n  every: %sFilter\n}\n", name)
	g.order(name, ks)
}

func (g *generator) order(name string, ks []*network.Kind) {
	fields := sortable(ks)
	if len(fields) == 0 {
		return
	}
	g.describe("", "What a list of "+name+" can be ordered by.", "", "")
	g.p("enum %sOrderField {", name)
	for _, f := range fields {
		g.describe("  ", f.Doc, f.JA, "")
		g.p("  %s", network.ScreamingName(f.Name))
	}
	g.p("}\n")
	g.describe("", "One key of an order. Absent values come last in either direction; ties of the order are broken by id.", "", "")
	g.p("input %sOrder {\n  field: %[1]sOrderField!\n  direction: OrderDirection! = ASC\n}\n", name)
}

func (g *generator) filter(name string, ks []*network.Kind) {
	g.describe("", "Conditions on a "+name+"; all that are given must hold. An absent value satisfies no comparison but isNull.", "", "")
	g.p("input %sFilter {\n  and: [%[1]sFilter!]\n  or: [%[1]sFilter!]\n  not: %[1]sFilter\n  id: IDFilter", name)
	if len(ks) > 1 {
		g.p("  kind: RecordKindFilter")
	}
	shared := network.Shared(ks)
	for _, f := range shared {
		if f.Name == "name" && f.Searchable {
			g.p("  \"\"\"Every word occurs in one of its names, present or former; kana and width do not matter.\"\"\"\n  text: String")
		}
		if t := filterType(f); t != "" {
			g.describe("  ", f.Doc, f.JA, "")
			g.p("  %s: %s", f.Name, t)
		}
	}
	switch name {
	case "Area", "Topic":
		g.p("  \"\"\"The record with this id, or one below it.\"\"\"\n  within: ID")
		g.p("  \"\"\"The record with this id, or one above it.\"\"\"\n  above: ID")
	case network.TieRecord:
		g.describe("  ", "Whether it points from subject to object.", "向き", "")
		g.p("  direction: DirectednessFilter")
		g.p("  \"\"\"The other party, seen from a stakeholder; either party in the root field ties.\"\"\"\n  party: StakeholderFilter")
	}
	for _, c := range network.SharedCollections(ks) {
		g.p("  %s: %sListFilter", c.Name, c.Element)
	}
	g.p("}\n")
}

func filterType(f *network.Field) string {
	switch f.Type {
	case network.Int:
		return "IntFilter"
	case network.Bool:
		return "BooleanFilter"
	case network.EnumValue:
		return f.Enum.Name + "Filter"
	case network.Dated:
		return "DateFilter"
	case network.Ref:
		return f.TypeName() + "Filter"
	case network.Refs:
		return f.TypeName() + "ListFilter"
	case network.RecordID:
		return "IDFilter"
	case network.HistoryList, network.JSON, network.Timestamp:
		return ""
	}
	return "StringFilter"
}

// inputs writes what create and update take for a kind.
func (g *generator) inputs(k *network.Kind) {
	g.describe("", "A "+k.Name+" to create.", k.JA, "")
	g.p("input %sInput {", k.Name)
	fields := slices.DeleteFunc(slices.Clone(k.Fields), func(f *network.Field) bool { return f.System })
	for _, f := range fields {
		required := ""
		if f.Required {
			required = "!"
		}
		g.describe("  ", f.Doc, f.JA, f.Example)
		g.p("  %s: %s%s", f.Name, inputType(f), required)
	}
	g.p("}\n")
	g.describe("", "Changes to a "+k.Name+": an absent field stays, null clears it.", k.JA, "")
	g.p("input %sPatch {", k.Name)
	for _, f := range fields {
		doc := f.Doc
		if f.Immutable {
			doc += " Fixed when the record is created."
		}
		g.describe("  ", doc, f.JA, f.Example)
		g.p("  %s: %s", f.Name, inputType(f))
	}
	g.p("}\n")
}

func inputType(f *network.Field) string {
	switch f.Type {
	case network.Int:
		return "Int"
	case network.Bool:
		return "Boolean"
	case network.EnumValue:
		return f.Enum.Name
	case network.Dated:
		return "PartialDateInput"
	case network.Strings:
		return "[String!]"
	case network.Ref, network.RecordID:
		return "ID"
	case network.Refs:
		return "[ID!]"
	case network.HistoryList:
		return "[" + strings.TrimSuffix(historyType(f), "!") + "Input!]"
	}
	return "String"
}

// oneOf writes an input that is one of those of the kinds.
func (g *generator) oneOf(name, suffix string, ties bool, doc string) {
	g.describe("", doc, "", "")
	g.p("input %s @oneOf {", name)
	for _, k := range network.Kinds() {
		if k.Entered() && (ties || k.Name != network.TieRecord) {
			g.p("  %s: %s%s", k.InputName(), k.Name, suffix)
		}
	}
	g.p("}\n")
}

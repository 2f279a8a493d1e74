// Command sdlgen writes the part of the schema that the registry of kinds
// derives: graph/schema/kinds.graphqls. Run it through `make generate`.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

func main() {
	path := "graph/schema/kinds.graphqls"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	g := &generator{}
	g.all()
	if err := os.WriteFile(path, g.out.Bytes(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type generator struct{ out bytes.Buffer }

func (g *generator) p(format string, args ...any) { fmt.Fprintf(&g.out, format+"\n", args...) }

// describe writes a description: the sentence, the Japanese term, an example.
func (g *generator) describe(indent, doc, ja, example string) {
	doc = strings.TrimSpace(doc)
	if ja != "" {
		doc += " 日本語: " + ja + "."
	}
	if example != "" {
		doc += " Example: `" + example + "`."
	}
	g.p(`%s"""%s"""`, indent, strings.ReplaceAll(doc, `"""`, `'''`))
}

func (g *generator) all() {
	g.p("# Made by `make generate` from the registry in internal/network. Do not edit.\n")
	for _, e := range enums() {
		g.enum(e)
	}
	g.recordKind()
	for _, name := range []string{network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface} {
		g.object(name, network.Concrete(name))
	}
	g.describe("", "What may hold a role: a stakeholder or a post.", "担い手", "")
	g.p("union RoleHolder = %s\n", names(network.Concrete(network.RoleHolder)))
	g.edges(network.RoleHolder, network.Concrete(network.RoleHolder))
	for _, name := range []string{network.StakeholderInterface, network.OrganizationInterface, network.IndividualInterface} {
		g.edges(name, network.Concrete(name))
	}
	for _, k := range network.Kinds() {
		g.object(k.Name, []*network.Kind{k})
		g.edges(k.Name, []*network.Kind{k})
		if k.Entered() {
			g.inputs(k)
		}
	}
	g.oneOf("CreateInput", "Input", false, "The record to create: exactly one kind.")
	g.oneOf("UpdateInput", "Patch", false, "The fields to change, by the kind of the record: exactly one. An absent field stays, null clears it.")
	g.oneOf("UpsertRecord", "Patch", true, "What a row of upsertMany says of its record, by the kind: exactly one. An absent field stays, null clears it; a new record must have what create wants. A reference may be the importKey of a row or record, an id, a code or a name.")
}

func names(ks []*network.Kind) string {
	var out []string
	for _, k := range ks {
		out = append(out, k.Name)
	}
	return strings.Join(out, " | ")
}

// enums lists the enums that kinds use, in order of first use.
func enums() []*network.Enum {
	var out []*network.Enum
	seen := map[*network.Enum]bool{}
	add := func(e *network.Enum) {
		if e != nil && !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	for _, k := range network.Kinds() {
		for _, f := range k.Fields {
			add(f.Enum)
		}
	}
	add(network.StallCauseEnum)
	return out
}

func (g *generator) enum(e *network.Enum) {
	g.describe("", e.Doc, e.JA, "")
	g.p("enum %s {", e.Name)
	for _, v := range e.Values {
		g.describe("  ", v.Doc, v.JA, "")
		g.p("  %s", v.Value)
	}
	g.p("}\n")
	g.describe("", "Compares a "+e.Name+"; all conditions given must hold.", "", "")
	g.p("input %sFilter {\n  eq: %[1]s\n  ne: %[1]s\n  in: [%[1]s!]\n  isNull: Boolean\n}\n", e.Name)
}

func (g *generator) recordKind() {
	g.describe("", "The kinds of record.", "種類", "")
	g.p("enum RecordKind {")
	for _, k := range network.Kinds() {
		g.describe("  ", k.Doc, k.JA, k.Example)
		g.p("  %s", network.ScreamingName(k.Name))
	}
	g.p("}\n")
}

// object writes an object type, or the interface of several kinds.
func (g *generator) object(name string, ks []*network.Kind) {
	keyword, doc, ja, example := "type", ks[0].Doc, ks[0].JA, ks[0].Example
	implements := ks[0].Interfaces
	if len(ks) > 1 {
		keyword, example = "interface", ""
		switch name {
		case network.StakeholderInterface:
			doc, ja, implements = "A school, city department, company, council, other organisation, facility, person or career consultant.", "関係者", []string{"Node"}
		case network.OrganizationInterface:
			doc, ja, implements = "A stakeholder that is a body: it has posts, parts and members.", "組織", []string{"Node", "Stakeholder"}
		default:
			doc, ja, implements = "A stakeholder that is a human being.", "個人", []string{"Node", "Stakeholder"}
		}
	}
	clause := ""
	if len(implements) > 0 {
		clause = " implements " + strings.Join(implements, " & ")
	}
	g.describe("", doc, ja, example)
	g.p("%s %s%s {", keyword, name, clause)
	g.describe("  ", "Opaque, and the same for as long as the record lives.", "", "")
	g.p("  id: ID!")
	if !ks[0].Log {
		g.describe("  ", "Counts the writes to the record; an update may demand it (ifVersion).", "版", "")
		g.p("  version: Int!")
	}
	for _, f := range network.Shared(ks) {
		g.field(f)
	}
	if name == network.TieRecord {
		g.describe("  ", "Whether it points from subject to object, as its kind has it.", "向き", "MUTUAL")
		g.p("  direction: Directedness!")
	}
	if ks[0].Span {
		g.describe("  ", "True when the record holds at asOf but its dates are too coarse, or unknown, to be sure.", "不確か", "")
		g.p("  uncertain: Boolean!")
	}
	for _, c := range network.SharedCollections(ks) {
		g.describe("  ", c.Doc, c.JA, "")
		g.p("  %s%s: %s!", c.Name, connectionArgs(c.Element), connectionName(c))
	}
	g.p("}\n")
}

func connectionName(c *network.Collection) string {
	if c.Ties {
		return "StakeholderTieConnection"
	}
	return c.Element + "Connection"
}

// connectionArgs are the arguments of a connection of that element.
func connectionArgs(element string) string {
	ks := network.Concrete(element)
	args := []string{"filter: " + element + "Filter"}
	if len(sortable(ks)) > 0 {
		args = append(args, "orderBy: ["+element+"Order!]")
	}
	if ks[0].Span {
		args = append(args, "during: DateRange")
	}
	return "(" + strings.Join(append(args, "first: Int", "after: String", "last: Int", "before: String"), ", ") + ")"
}

func sortable(ks []*network.Kind) []*network.Field {
	var out []*network.Field
	for _, f := range network.Shared(ks) {
		if f.Sortable {
			out = append(out, f)
		}
	}
	return out
}

func (g *generator) field(f *network.Field) {
	doc := f.Doc
	if f.Personal {
		doc += " Personal: coordinators and above."
	}
	g.describe("  ", doc, f.JA, f.Example)
	switch f.Type {
	case network.Ref:
		g.p("  %s: %s", f.Name, f.TypeName())
	case network.Refs:
		g.p("  %s%s: %sConnection!", f.Name, connectionArgs(f.TypeName()), f.TypeName())
	case network.HistoryList:
		g.p("  %s(during: DateRange): [%s!]!", f.Name, historyType(f))
	default:
		g.p("  %s: %s", f.Name, outputType(f))
	}
}

func historyType(f *network.Field) string {
	if f.Enum != nil {
		return "DatedStage"
	}
	return "DatedName"
}

func outputType(f *network.Field) string {
	switch f.Type {
	case network.Int:
		return "Int"
	case network.Bool:
		return "Boolean"
	case network.EnumValue:
		return f.Enum.Name
	case network.Dated:
		return "PartialDate"
	case network.Strings:
		return "[String!]!"
	case network.RecordID:
		return "ID"
	case network.Timestamp:
		return "DateTime"
	case network.JSON:
		return "JSON"
	}
	return "String"
}

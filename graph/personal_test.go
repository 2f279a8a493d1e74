package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/network"
)

// personalText stands in every personal field that holds text.
const personalText = "21012345"

// fieldPlace is where the schema lets a personal field be named: the query that does.
type fieldPlace struct{ way, where, query string }

// places are found in the schema itself, for every personal field of the registry. A
// place for which there is no way of asking fails the test.
func places(t *testing.T) (out []fieldPlace) {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{}}).Schema()
	seen := map[string]bool{}
	for _, k := range network.Kinds() {
		for _, f := range k.Fields {
			if !f.Personal || f.Whole {
				continue
			}
			for _, def := range schema.Types {
				if at := def.Name + "." + f.Name; !seen[at] && holdsKind(schema, def, k, f) {
					seen[at] = true
					out = append(out, placesIn(t, schema, def, f)...)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b fieldPlace) int { return strings.Compare(a.way+a.where, b.way+b.where) })
	return out
}

// holdsKind tells whether a type of the schema names the field, as one of the kind.
func holdsKind(schema *ast.Schema, def *ast.Definition, k *network.Kind, f *network.Field) bool {
	switch def.Kind {
	case ast.Object:
		return def.Name == k.Name
	case ast.Interface:
		return k.Is(def.Name) && def.Fields.ForName(f.Name) != nil
	case ast.InputObject:
		return strings.HasSuffix(def.Name, "Filter") && def.Fields.ForName(f.Name) != nil
	case ast.Enum:
		return def.EnumValues.ForName(network.ScreamingName(f.Name)) != nil
	}
	return false
}

func placesIn(t *testing.T, schema *ast.Schema, def *ast.Definition, f *network.Field) []fieldPlace {
	at := def.Name + "." + f.Name
	switch {
	case def.Kind == ast.Object || def.Kind == ast.Interface:
		selection := f.Name
		if f.IsRef() {
			selection += " { id }"
		} else if f.Type == network.Dated {
			selection += " { label }"
		}
		return []fieldPlace{{"select", at, `{ nodes(ids: $ids) { ... on ` + def.Name + ` { ` + selection + ` } } }`}}
	case def.Kind == ast.InputObject:
		return filters(t, schema, def, f, at)
	case strings.HasSuffix(def.Name, "OrderField"):
		return rootsTaking(t, schema, "orderBy", strings.TrimSuffix(def.Name, "Field"), at, `[{field: `+network.ScreamingName(f.Name)+`, direction: ASC}]`)
	case strings.HasSuffix(def.Name, "Dimension"):
		return rootsTaking(t, schema, "groupBy", def.Name, at, `[`+network.ScreamingName(f.Name)+`]`)
	}
	t.Errorf("%s: the field can be named there, and this test does not know how to ask", at)
	return nil
}

func filters(t *testing.T, schema *ast.Schema, def *ast.Definition, f *network.Field, where string) (out []fieldPlace) {
	value := `{}`
	if schema.Types[def.Fields.ForName(f.Name).Type.Name()].Fields.ForName("isNull") != nil {
		value = `{isNull: false}`
	}
	condition := `{` + f.Name + `: ` + value + `}`
	type step struct {
		typ           string
		before, after string // around the condition
		root          *ast.FieldDefinition
	}
	var steps []step
	for _, root := range schema.Query.Fields {
		if a := root.Arguments.ForName("filter"); a != nil {
			steps = append(steps, step{typ: a.Type.Name(), root: root})
		}
	}
	seen := map[string]bool{}
	for len(steps) > 0 { // the shortest way to a filter first
		at := steps[0]
		steps = steps[1:]
		if at.typ == def.Name {
			for _, c := range []string{condition, `{not: ` + condition + `}`, `{or: [{}, ` + condition + `]}`} {
				out = append(out, naming("filter", where, at.root, schema, at.before+c+at.after))
			}
			if at.before != "" {
				return out
			}
		}
		if seen[at.typ] || schema.Types[at.typ].Kind != ast.InputObject {
			continue
		}
		seen[at.typ] = true
		for _, field := range schema.Types[at.typ].Fields {
			steps = append(steps, step{field.Type.Name(), at.before + `{` + field.Name + `: `, `}` + at.after, at.root})
		}
	}
	if out == nil && takenSomewhere(schema, def.Name) {
		t.Errorf("%s: a field takes it, and this test knows no way there", where)
	}
	return out
}

// naming names a personal field in an argument of a root field.
func naming(argument, where string, root *ast.FieldDefinition, schema *ast.Schema, value string) fieldPlace {
	selection := "__typename"
	if schema.Types[root.Type.Name()].Fields.ForName("totalCount") != nil {
		selection = "totalCount"
	}
	more := ""
	if argument != "groupBy" && root.Arguments.ForName("groupBy") != nil {
		more = ", groupBy: [KIND]"
	}
	if argument == "orderBy" {
		selection = "nodes { id }"
	}
	return fieldPlace{argument, where + " of " + root.Name, `{ ` + root.Name + `(` + argument + `: ` + value + more + `) { ` + selection + ` } }`}
}

// rootsTaking are the root fields that take the value in an argument of the type.
func rootsTaking(t *testing.T, schema *ast.Schema, argument, typ, at, value string) (out []fieldPlace) {
	for _, root := range schema.Query.Fields {
		a := root.Arguments.ForName(argument)
		if a == nil || a.Type.Name() != typ {
			continue
		}
		out = append(out, naming(argument, at, root, schema, value))
	}
	if out == nil && takenSomewhere(schema, typ) {
		t.Errorf("%s: no root field takes a %s, and this test knows no other way to it", at, typ)
	}
	return out
}

// takenSomewhere tells whether any field takes an argument of the type.
func takenSomewhere(schema *ast.Schema, typ string) bool {
	for _, def := range schema.Types {
		for _, field := range def.Fields {
			for _, a := range field.Arguments {
				if a.Type.Name() == typ {
					return true
				}
			}
		}
	}
	return false
}

// personalMap has a record of every kind with personal fields, a statement about each of
// them, and of each an entry in the log that changed it.
func personalMap(t *testing.T) (a *api, ids []string) {
	a = embedded(t)
	home := a.create("area", map[string]any{"name": "宿場", "level": "LOCALITY"})
	source := a.create("source", map[string]any{"name": "聞き取り", "sourceType": "HEARING"})
	for _, k := range network.Kinds() {
		if !k.Entered() || !slices.ContainsFunc(k.Fields, func(f *network.Field) bool { return f.Personal }) {
			continue
		}
		fields := map[string]any{"name": "架空（架空）" + k.Name}
		if k.Name == "OtherOrganization" {
			fields["organizationType"] = "CHAMBER_OF_COMMERCE"
		}
		for _, f := range k.Fields {
			switch {
			case f.Personal && f.IsRef():
				fields[f.Name] = home
			case f.Type == network.Dated && f.Consent: // the one who took it back follows
				if f.Name != "consentWithdrawn" {
					fields[f.Name] = map[string]string{"consentGiven": "2020-04-01", "consentUntil": "9990-04-01"}[f.Name]
				}
			case f.Personal:
				fields[f.Name] = personalText
			}
		}
		name := strings.ToLower(k.Name[:1]) + k.Name[1:]
		id := a.create(name, fields)
		ids = append(ids, id)
		if k.Is(network.IndividualInterface) {
			withdrawn := map[string]any{"name": "架空（架空）撤回", "consentWithdrawn": "2024-01-01"}
			if k.Field("registrationNumber") != nil {
				withdrawn["registrationNumber"] = "21099999"
			}
			ids = append(ids, a.create(name, withdrawn))
		}
		for _, f := range k.Fields {
			if f.Personal {
				a.create("claim", map[string]any{"record": id, "field": f.Name, "value": personalText, "source": source})
			}
		}
	}
	return a, ids
}

var everyRole = []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator, network.RoleAdmin}

func TestWhoReachesAPersonalFieldAndHow(t *testing.T) {
	a, ids := personalMap(t)
	all := places(t)
	for _, way := range []string{"select", "filter", "orderBy", "groupBy"} {
		if !slices.ContainsFunc(all, func(p fieldPlace) bool { return p.way == way }) {
			t.Errorf("no place in the schema for %s", way)
		}
	}
	for _, p := range all {
		for _, role := range everyRole {
			a.viewer = network.Viewer{Role: role, Actor: p.way + p.where} // the rate is that of an actor
			query, vars := p.query, map[string]any(nil)
			if p.way == "select" {
				query, vars = `query($ids: [ID!]!) `+query, map[string]any{"ids": ids}
			}
			got, may := a.post(query, vars), a.viewer.ReadsPersonal()
			switch {
			case strings.Contains(got, "VALIDATION") || strings.Contains(got, "INTERNAL"):
				t.Errorf("%s %s: the test asks wrongly: %s", p.way, p.where, got)
			case p.way != "select":
				if strings.Contains(got, `"FORBIDDEN"`) == may {
					t.Errorf("%s, %s by %s: %.300s", p.where, p.way, role, got)
				}
			case may != (strings.Contains(got, personalText) || strings.Contains(got, `{"id":`) || strings.Contains(got, `{"label":`)):
				t.Errorf("%s reads %s: %v, got %.300s", role, p.where, !may, got)
			}
		}
	}
}

// around are the ways to what a personal field says without naming it; found tells
// whether it is found there by who may read it.
var around = map[string]struct {
	query string
	found bool
}{
	"change log":        {`{ changes(first: 100) { nodes { before after } } }`, true},
	"history":           {`query($ids: [ID!]!) { nodes(ids: $ids) { ... on Stakeholder { changes { nodes { after } } } } }`, true},
	"statements":        {`query($ids: [ID!]!) { nodes(ids: $ids) { ... on Stakeholder { claims { nodes { value } } } } }`, true},
	"of a source":       {`{ search(text: "聞き取り") { nodes { record { ... on Source { statements(first: 100) { nodes { value } } } } } } }`, true},
	"search":            {`{ search(text: "` + personalText + `") { nodes { name matched } } }`, false},
	"diff":              {`{ networkDiff(before: "2020-01-01", after: "2024-02-01") { stakeholdersBegun { name description } } }`, false},
	"metric":            {`{ network { centrality(measures: [DEGREE]) { rows { stakeholder { name description } values { value } } } } }`, false},
	"path interior":     {`query($ids: [ID!]!) { neighborhood(centers: $ids, hops: 2) { nodes { node { name description } } } }`, false},
	"taken code":        {`mutation { create(input: {careerConsultant: {name: "x", registrationNumber: "` + "２１０１２３４５" + `"}}) { userErrors { message } } }`, false},
	"duplicate reasons": {`{ duplicateCandidates { results { reasons { rule message } } } }`, false},
}

func TestIsAPersonalFieldToldInARoundaboutWay(t *testing.T) {
	a, ids := personalMap(t)
	for way, c := range around {
		for _, role := range everyRole {
			a.viewer = network.Viewer{Role: role, Actor: way}
			var vars map[string]any
			if strings.Contains(c.query, "$ids") {
				vars = map[string]any{"ids": ids}
			}
			got := a.post(c.query, vars)
			if strings.Contains(got, "VALIDATION") || strings.Contains(got, "INTERNAL") {
				t.Fatalf("%s: the test asks wrongly: %s", way, got)
			}
			if told, may := strings.Contains(got, personalText), a.viewer.ReadsPersonal(); told != (may && c.found) {
				t.Errorf("%s for %s: told %v: %.400s", way, role, told, got)
			}
		}
	}
}

func TestDoesASubscriptionTellPersonalFields(t *testing.T) {
	a, ids := personalMap(t)
	for _, role := range everyRole {
		a.viewer = network.Viewer{Role: role, Actor: "test"}
		got := a.events(len(ids))
		if strings.Contains(got, personalText) != a.viewer.ReadsPersonal() {
			t.Errorf("%s: %.400s", role, got)
		}
	}
}

// events is what the first n events of the log say to a subscriber.
func (a *api) events(n int) string {
	a.t.Helper()
	srv := httptest.NewServer(a.h)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"query": `subscription { changes(since: "r0") { before after record { ... on Stakeholder { contact } } } }`})
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := srv.Client().Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	var out strings.Builder
	for lines := bufio.NewScanner(response.Body); n > 0 && lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "" {
			out.WriteString(data + "\n")
			n--
		}
	}
	if n > 0 {
		a.t.Fatalf("%d events are missing: %s", n, out.String())
	}
	return out.String()
}

package graph_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// writes has each root field that writes: as the school's own editor might use it,
// "" where there is nothing of the kind, and upon what is somebody else's.
var writes = map[string]struct{ own, other string }{
	"create":              {`create(input: {need: {stakeholder: $school, topic: $topic}})`, `create(input: {topic: {name: "x"}})`},
	"update":              {`update(id: $school, input: {school: {website: "https://example.org"}})`, `update(id: $company, input: {company: {staff: 3}})`},
	"end":                 {`end(id: $post, on: "2030-04-01")`, `end(id: $company, on: "2030-04-01")`},
	"restore":             {`restore(id: $post)`, `restore(id: $company)`},
	"upsertMany":          {`upsertMany(rows: [{record: {school: {name: "広陵中学校", website: "https://example.org"}}}])`, `upsertMany(rows: [{record: {company: {name: "すぎのこ製作所（架空）", staff: 3}}}])`},
	"mergeStakeholders":   {"", `mergeStakeholders(keep: $school, duplicates: [$twin])`},
	"unmergeStakeholders": {"", `unmergeStakeholders(id: $school)`},
	"erasePerson":         {"", `erasePerson(id: $teacher, dryRun: true)`},
	"revertChanges":       {"", `revertChanges(revision: "r1", dryRun: true)`},
	"relate":              {`relate(input: {kind: SUPPORTS, subject: $company, object: $school})`, `relate(input: {kind: SUPPORTS, subject: $company, object: $npo})`},
	"updateTie":           {`updateTie(id: $tie, input: {strength: 2})`, `updateTie(id: $foreignTie, input: {strength: 2})`},
	"endTie":              {`endTie(id: $tie, on: "2030-04-01")`, `endTie(id: $foreignTie, on: "2030-04-01")`},
	"assignRole":          {`assignRole(input: {holder: $school, initiative: $initiative, function: PARTNER})`, `assignRole(input: {holder: $company, initiative: $initiative, function: PARTNER})`},
	"transferPersonnel":   {`transferPersonnel(effective: "2024-03-01", moves: [{person: $teacher, from: $post}])`, `transferPersonnel(effective: "2024-04-01", moves: [{person: $teacher, to: $foreignPost}])`},
	"recordHearing":       {"", `recordHearing(input: {hearing: {name: "x", date: "2024-01-20", participants: [$school]}})`},
	"advanceInitiative":   {"", `advanceInitiative(id: $initiative, stage: RUNNING, on: "2024-01-10")`},
	"reorganize":          {"", `reorganize(input: {rename: {organization: $school, name: "x", on: "2024-04-01"}})`},
	"endRole":             {`endRole(id: $role, on: "2030-04-01")`, `endRole(id: $foreignRole, on: "2030-04-01")`},
}

// owned is the town with what is somebody else's beside what is the school's.
func owned(t testing.TB) (a *api, use func(string) string) {
	a, id := town(t)
	id["topic"] = a.create("topic", map[string]any{"name": "題"})
	id["twin"] = a.create("school", map[string]any{"name": "広陵中"})
	id["foreignPost"] = a.create("post", map[string]any{"name": "担当", "organization": id["company"]})
	id["foreignRole"] = a.create("roleAssignment", map[string]any{"holder": id["foreignPost"], "activity": id["activity"], "responsibility": "CONSULTED"})
	for name, party := range map[string]string{"tie": "school", "foreignTie": "company"} {
		var answer struct {
			Ties struct{ Nodes []struct{ ID string } }
		}
		_ = json.Unmarshal([]byte(a.data(`query($p: ID!) { ties(filter: {party: {id: {eq: $p}}}, during: {}) { nodes { id } } }`, map[string]any{"p": id[party]})), &answer)
		id[name] = answer.Ties.Nodes[0].ID
	}
	// Longer names first: one may begin as another does.
	var pairs []string
	for name, v := range id {
		pairs = append(pairs, "$"+name+"\x00"+v)
	}
	slices.SortFunc(pairs, func(a, b string) int { return len(b) - len(a) })
	return a, func(text string) string {
		for _, p := range pairs {
			name, v, _ := strings.Cut(p, "\x00")
			text = strings.ReplaceAll(text, name, `"`+v+`"`)
		}
		return text
	}
}

// told gives the codes of the userErrors of a write.
func (a *api) told(mutation string) (codes []string) {
	a.t.Helper()
	var answer struct {
		W struct{ UserErrors []struct{ Code string } }
	}
	text := a.data("mutation { w: "+mutation+" { userErrors { code path message } } }", nil)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		a.t.Fatal(text)
	}
	for _, e := range answer.W.UserErrors {
		codes = append(codes, e.Code)
	}
	return codes
}

// Every root field that writes, by every role. A field that is not in the table
// fails, and what viewer says of it must be true.
func TestWhoMayUseWhichMutation(t *testing.T) {
	fields := generated.NewExecutableSchema(generated.Config{}).Schema().Mutation.Fields
	if len(fields) != len(writes) {
		t.Errorf("%d fields, %d in the table", len(fields), len(writes))
	}
	for _, f := range fields {
		w, listed := writes[f.Name]
		if !listed {
			t.Errorf("%s is not in the table", f.Name)
			continue
		}
		for name, v := range map[string]network.Viewer{
			"viewer": {Role: network.RoleViewer}, "analyst": {Role: network.RoleAnalyst}, "coordinator": {Role: network.RoleCoordinator}, "admin": {Role: network.RoleAdmin},
			"viewer with a school": {Role: network.RoleViewer, Organizations: []network.ID{"school"}}, "analyst with a school": {Role: network.RoleAnalyst, Organizations: []network.ID{"school"}},
		} {
			a, use := owned(t)
			before := a.head()
			editor := v.Organizations != nil
			if editor {
				v.Organizations = []network.ID{network.ID(strings.Trim(use("$school"), `"`))}
			}
			v.Actor, a.viewer = "somebody", v
			open := strings.Contains(a.data(`{ viewer { mutations } }`, nil), `"`+f.Name+`"`)
			may := v.Writes() && (f.Name != "erasePerson" || v.Role == network.RoleAdmin)
			if want := may || editor && w.own != ""; open != want {
				t.Errorf("%s by %s: viewer says %v, want %v", f.Name, name, open, want)
			}
			if got := a.told(use(w.other)); slices.Contains(got, "FORBIDDEN") == may {
				t.Errorf("%s on another's by %s: %v", f.Name, name, got)
			}
			wrote := func() bool {
				writer := a.viewer
				defer func() { a.viewer = writer }()
				a.viewer = network.Admin("test")
				return a.head() != before
			}
			if !may && wrote() {
				t.Errorf("%s on another's by %s: something was written", f.Name, name)
			}
			if w.own == "" {
				continue
			}
			switch got := a.told(use(w.own)); {
			case v.Writes() || editor:
				if len(got) > 0 || !wrote() && f.Name != "restore" {
					t.Errorf("%s on its own by %s: %v", f.Name, name, got)
				}
			case !slices.Equal(got, []string{"FORBIDDEN"}) || wrote():
				t.Errorf("%s by %s: %v", f.Name, name, got)
			}
		}
	}
}

// A record that is hidden and one that is not there are refused in the same words.
func TestDoesARefusalTellWhatIsThere(t *testing.T) {
	const missing = "0000000000000000000000000a"
	for name, v := range map[string]network.Viewer{
		"viewer": {Role: network.RoleViewer}, "analyst": {Role: network.RoleAnalyst},
		"editor":               {Role: network.RoleViewer, Organizations: []network.ID{"somewhere"}},
		"editor of the hidden": {Role: network.RoleViewer, Organizations: []network.ID{"hidden"}},
		"coordinator":          {Role: network.RoleCoordinator},
	} {
		a := embedded(t)
		hidden := a.create("company", map[string]any{"name": "秘密", "visibility": "RESTRICTED"})
		if slices.Contains(v.Organizations, "hidden") {
			v.Organizations = []network.ID{network.ID(hidden), missing}
		}
		v.Actor, a.viewer = "somebody", v
		for _, m := range []string{`update(id: $id, input: {company: {staff: 1}})`, `end(id: $id, on: "2030-04-01")`, `restore(id: $id)`, `relate(input: {kind: KNOWS, subject: $id, object: $id})`,
			`create(input: {need: {stakeholder: $id, topic: $id}})`, `upsertMany(rows: [{id: $id, record: {company: {staff: 1}}}])`, `mergeStakeholders(keep: $id, duplicates: [$id])`, `unmergeStakeholders(id: $id)`,
			`assignRole(input: {holder: $id, initiative: $id, function: PARTNER})`, `transferPersonnel(effective: "2024-04-01", moves: [{person: $id, from: $id}])`} {
			answer := func(id string) string {
				return strings.ReplaceAll(a.post("mutation { w: "+strings.ReplaceAll(m, "$id", `"`+id+`"`)+" { userErrors { code path message } } }", nil), id, "ID")
			}
			if there, not := answer(hidden), answer(missing); there != not || !strings.Contains(there, `"code"`) {
				t.Errorf("%s by %s:\nhidden  %s\nmissing %s", m, name, there, not)
			}
		}
	}
}

// Where tokens are asked for, an operation without anybody behind it is not one of
// somebody with few rights.
func TestIsAnOperationOfNobodyAnswered(t *testing.T) {
	who := network.Viewer{}
	h := graph.NewHandler(&graph.Resolver{Store: memory.New(memory.Options{}), Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return who },
		Admit: func(ctx context.Context, _ map[string]any) (context.Context, error) { return ctx, nil }})
	for _, query := range []string{`{ viewer { role } }`, `{ __typename }`, `mutation { create(input: {topic: {name: "x"}}) { revision } }`} {
		body, _ := json.Marshal(map[string]string{"query": query})
		if got := string(answerOf(h, newRequest(body))); !strings.Contains(got, `"UNAUTHENTICATED"`) || strings.Contains(got, `"data":{`) {
			t.Errorf("%s: %s", query, got)
		}
	}
	who.Actor = "token:1"
	if got := string(answerOf(h, newRequest([]byte(`{"query":"{ viewer { role } }"}`)))); !strings.Contains(got, `"VIEWER"`) {
		t.Error(got)
	}
}

func TestWhatAmIAndWhatMayIDo(t *testing.T) {
	a := embedded(t)
	const q = `{ viewer { role actor reads readsPersonal writes editsFor } }`
	for want, v := range map[string]network.Viewer{
		`{"role":"ADMIN","actor":"open","reads":"RESTRICTED","readsPersonal":true,"writes":true,"editsFor":[]}`:                 network.Admin("open"),
		`{"role":"COORDINATOR","actor":"user:1","reads":"COORDINATORS","readsPersonal":true,"writes":true,"editsFor":[]}`:       {Role: network.RoleCoordinator, Actor: "user:1"},
		`{"role":"ANALYST","actor":"token:1","reads":"MEMBERS","readsPersonal":false,"writes":false,"editsFor":["school","x"]}`: {Role: network.RoleAnalyst, Actor: "token:1", Organizations: []network.ID{"school", "x"}},
		`{"role":"VIEWER","actor":"","reads":"PUBLIC","readsPersonal":false,"writes":false,"editsFor":[]}`:                      {},
	} {
		a.viewer = v
		a.is(`{"viewer":`+want+`}`, q, nil)
	}
}

package graph_test

import (
	"strings"
	"testing"
)

const consequences = `mutation($moves: [PersonnelMove!]!, $dry: Boolean!) { transferPersonnel(effective: "2024-04-01", moves: $moves, dryRun: $dry) {
	handovers { person { name } posts { post { name } shared vacant } summary(language: EN) } vacancies { post { name } } userErrors { code } } }`

func TestADryRunSaysWhatComes(t *testing.T) {
	move := func(person string, fields ...string) map[string]any {
		m := map[string]any{"person": person}
		for i := 0; i < len(fields); i += 2 {
			m[fields[i]] = fields[i+1]
		}
		return m
	}
	for _, tc := range []struct {
		name  string
		moves func(id map[string]string) []any
		want  string
	}{
		{"two who share a post leave it", func(id map[string]string) []any {
			return []any{move(id["teacher"], "from", id["post"]), move(id["next"], "from", id["post"])}
		}, `"handovers":[{"person":{"name":"架空 花子（架空）"},"posts":[{"post":{"name":"キャリア教育主任"},"shared":false,"vacant":true}],"summary":"1 posts (1 left vacant), 1 roles, 0 ties (0 that nobody else keeps)"},` +
			`{"person":{"name":"架空 次郎（架空）"},"posts":[{"post":{"name":"キャリア教育主任"},"shared":false,"vacant":true}],"summary":"1 posts (1 left vacant), 1 roles, 0 ties (0 that nobody else keeps)"}],"vacancies":[{"post":{"name":"キャリア教育主任"}}]`},
		{"one of two who share it leaves", func(id map[string]string) []any { return []any{move(id["teacher"], "from", id["post"])} },
			`"handovers":[{"person":{"name":"架空 花子（架空）"},"posts":[{"post":{"name":"キャリア教育主任"},"shared":true,"vacant":false}],"summary":"1 posts (0 left vacant), 1 roles, 0 ties (0 that nobody else keeps)"}],"vacancies":[]`},
		{"each leaves one, of the other's too", func(id map[string]string) []any {
			return []any{move(id["teacher"], "from", id["post"]), move(id["next"], "from", id["head"])}
		}, `"handovers":[{"person":{"name":"架空 花子（架空）"},"posts":[{"post":{"name":"キャリア教育主任"},"shared":true,"vacant":false}],"summary":"1 posts (0 left vacant), 1 roles, 0 ties (0 that nobody else keeps)"},` +
			`{"person":{"name":"架空 次郎（架空）"},"posts":[{"post":{"name":"教頭"},"shared":false,"vacant":true}],"summary":"1 posts (1 left vacant), 0 roles, 0 ties (0 that nobody else keeps)"}],"vacancies":[{"post":{"name":"教頭"}}]`},
		{"another term", func(id map[string]string) []any { return []any{move(id["next"], "from", id["head"], "to", id["head"])} }, `"handovers":[],"vacancies":[]`},
	} {
		for _, dry := range []bool{true, false} {
			a, id := staffed(t)
			a.create("occupancy", map[string]any{"person": id["next"], "post": id["post"], "from": "2023-04-01"})
			got := a.data(consequences, map[string]any{"dry": dry, "moves": tc.moves(id)})
			if want := `{"transferPersonnel":{` + tc.want + `,"userErrors":[]}}`; got != want {
				t.Errorf("%s, dry run %t\n got %s\nwant %s", tc.name, dry, got, want)
			}
		}
	}
}

// By GraphQL's rule of coercion; a variable then arrives as a slice of its own
// type.
func TestOneAloneInAVariableIsAListOfOne(t *testing.T) {
	a, id := staffed(t)
	got := a.data(`mutation($i: RecordHearingInput!) { recordHearing(input: $i) { claims { value } } }`,
		map[string]any{"i": map[string]any{"hearing": map[string]any{"name": "x", "date": "2024"}, "claims": map[string]any{"record": id["school"], "value": "y"}}})
	if !strings.Contains(got, `"claims":[{"value":"y"}]`) {
		t.Error(got)
	}
	got = a.data(reorganizeMutation, map[string]any{"i": map[string]any{"merge": map[string]any{"originals": id["school"], "into": id["npo"], "on": "2024-01-01"}}})
	if !strings.Contains(got, `"userErrors":[]`) {
		t.Error(got)
	}
}

func TestARoleMapKnowsWhichPartiesThereAreThen(t *testing.T) {
	a, id := town(t)
	a.data(reorganizeMutation, map[string]any{"i": map[string]any{"merge": map[string]any{"originals": []any{id["npo"]}, "create": map[string]any{"council": map[string]any{"name": "後継"}}, "on": "2024-01-01"}}})
	for _, day := range []string{"2023-12-31", "2024-01-01"} {
		got := a.data(`query($i: ID!, $d: Date) { roleMap(initiative: $i, asOf: $d) { gaps { rule party { name } } } }`, map[string]any{"i": id["initiative"], "d": day})
		if strings.Contains(got, "後継") || strings.Contains(got, "MEGURU") {
			t.Errorf("on %s: %s", day, got)
		}
	}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// question is a workload with what it is asked about.
type question struct {
	text
	// vars are the variables of the nth request of a side; those that a side does
	// not use do no harm.
	vars func(x *side, n int) map[string]any
}

// subjects are what of the map is asked about.
type subjects struct {
	parties   []network.ID // with ties of the kind that is followed
	companies []company    // all, in the order of lists
	plans     []network.ID // initiatives
	pairs     [][2]network.ID
}

type company struct {
	id      network.ID
	sortKey string
}

const (
	distinct  = 200 // different requests of a workload, at most
	batchRows = 100 // of a batched write
	// regionPeople are at most between two who are introduced to each other.
	regionPeople = 100
)

func (s *setting) subjects() *subjects {
	out := &subjects{}
	tied := map[network.ID]bool{}
	var people []network.ID
	for r := range s.m.Records() {
		switch {
		case r.Kind == "Company":
			out.companies = append(out.companies, company{r.ID, r.SortKey()})
		case r.Kind == "Initiative":
			out.plans = append(out.plans, r.ID)
		case r.Kind == "Person":
			people = append(people, r.ID)
		case r.Kind == network.TieRecord && r.Str("kind") == "COLLABORATES_WITH":
			for _, end := range []string{"subject", "object"} {
				if id := network.ID(r.Str(end)); !tied[id] {
					tied[id] = true
					out.parties = append(out.parties, id)
				}
			}
		}
	}
	slices.SortFunc(out.companies, func(a, b company) int {
		return strings.Compare(a.sortKey+"\x00"+string(a.id), b.sortKey+"\x00"+string(b.id))
	})
	out.parties, out.plans = spread(out.parties), spread(out.plans)
	for _, a := range spread(people) {
		i := slices.Index(people, a)
		// In a small map the other one is a seventh of it away; in a larger one no farther,
		// since who asks for an introduction asks in their own region.
		out.pairs = append(out.pairs, [2]network.ID{a, people[(i+min(len(people)/7, regionPeople)+1)%len(people)]})
	}
	return out
}

// spread takes some from all over a list.
func spread[T any](list []T) []T {
	if len(list) <= distinct {
		return list
	}
	out := make([]T, distinct)
	for i := range out {
		out[i] = list[i*len(list)/distinct]
	}
	return out
}

var (
	terms  = []string{"ぶどう", "しなの", "ならい", "きりがみね", "すずらん"}
	topics = []string{"キャリア教育", "職場体験", "採用", "副業", "移住"}
)

// questions asks the embedded side for the cursor of the deep page.
func (s *setting) questions(ctx context.Context) ([]question, error) {
	b := s.subjects()
	depth := len(b.companies) / 2
	cursor, err := s.cursorAt(ctx, depth)
	if err != nil {
		return nil, err
	}
	last := b.companies[depth-1]
	some := spread(b.companies)
	read := func(_ *side, n int) map[string]any {
		pair := b.pairs[n%len(b.pairs)]
		return map[string]any{"id": some[n%len(some)].id, "party": b.parties[n%len(b.parties)], "staff": 20 + n%5, "topic": topics[n%len(topics)],
			"cursor": cursor, "offset": depth, "sortKey": last.sortKey, "last": last.id, "term": terms[n%len(terms)],
			"initiative": b.plans[n%len(b.plans)], "asker": pair[0], "target": pair[1]}
	}
	vars := map[string]func(*side, int) map[string]any{
		"single write": func(_ *side, n int) map[string]any {
			return map[string]any{"id": some[n%len(some)].id, "staff": 1 + n%1000}
		},
		"batched write": batch,
	}
	var out []question
	for _, t := range texts {
		if s.only != "" && !slices.Contains(strings.Split(s.only, ","), t.name) {
			continue
		}
		q := question{text: t, vars: read}
		if v := vars[t.name]; v != nil {
			q.vars = v
		}
		out = append(out, q)
	}
	return out, nil
}

// batch are new companies that no side has written before.
func batch(x *side, n int) map[string]any {
	rows, nodes := make([]any, batchRows), make([]any, batchRows)
	for i := range rows {
		key, name := fmt.Sprintf("%s-%d-%d", x.name, n, i), fmt.Sprintf("株式会社架空%d-%d", n, i)
		rows[i] = map[string]any{"record": map[string]any{"company": map[string]any{"importKey": key, "name": name, "staff": i}}}
		nodes[i] = map[string]any{"id": key, "kind": "Company", "version": 1, "name": name, "staff": i, "sortKey": network.SortKey("", name), "searchKey": "\n" + network.Fold(name) + "\n"}
	}
	return map[string]any{"rows": rows, "nodes": nodes}
}

// cursorAt walks the list of companies.
func (s *setting) cursorAt(ctx context.Context, depth int) (string, error) {
	cursor := ""
	for at := 0; at < depth; {
		page := min(depth-at, 100)
		body, err := json.Marshal(map[string]any{"query": fmt.Sprintf(`query($after: String) { companies(first: %d, after: $after) { pageInfo { endCursor } nodes { id } } }`, page), "variables": map[string]any{"after": orNull(cursor)}})
		if err != nil {
			return "", err
		}
		data, err := post(ctx, s.sides[0], "/graphql", body)
		if err != nil {
			return "", err
		}
		var a struct {
			Data struct {
				Companies struct {
					PageInfo struct{ EndCursor string }
					Nodes    []any
				}
			}
		}
		if err := json.Unmarshal(data, &a); err != nil {
			return "", err
		}
		if len(a.Data.Companies.Nodes) != page {
			return "", fmt.Errorf("the list of companies ends before %d: %s", depth, data)
		}
		at, cursor = at+page, a.Data.Companies.PageInfo.EndCursor
	}
	return cursor, nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// request is the nth one of the question to a side.
func (q question) request(x *side, n int) (path string, body []byte, err error) {
	vars := q.vars(x, n)
	if x.name == bare {
		body, err = json.Marshal(vars)
		return "/" + q.path(), body, err
	}
	if q.name == "batched write" { // a side that checks its input takes only its own
		delete(vars, map[bool]string{true: "rows", false: "nodes"}[x.name == neo4jGraphQL])
	}
	body, err = json.Marshal(map[string]any{"query": q.words(x.name), "variables": vars})
	return "/graphql", body, err
}

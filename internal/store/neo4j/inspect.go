package neo4j

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

var _ store.Inspector = (*Store)(nil)

// Inspect reads nodes, then ties, as the server finds them. Labels, properties
// and links are held against those that this program would write.
func (s *Store) Inspect(ctx context.Context, ids []network.ID, found func(store.Fault)) iter.Seq2[*network.Record, error] {
	node, tie, params := "", "", map[string]any{"ties": allTies()}
	if ids != nil {
		node, tie = " WHERE n.id IN $ids", " WHERE r.id IN $ids"
		params["ids"] = idList(ids)
	}
	nodes := "MATCH (n:" + recordLabel + ")" + node + " RETURN [properties(n), labels(n), COLLECT { MATCH (n)-[l]->(m) WHERE NOT type(l) IN $ties RETURN [type(l), m.id, l.position, size(keys(l))] }] AS row"
	ties := "MATCH (s)-[r:" + allTieTypes + "]->(o)" + tie + " RETURN " + wholeTie + " AS row"
	return func(yield func(*network.Record, error) bool) {
		for _, part := range []struct {
			text    string
			inspect func([]any, func(string)) *network.Record
		}{{nodes, inspectNode}, {ties, inspectTie}} {
			for row, err := range s.stream(ctx, "inspect", part.text, params) {
				if err != nil {
					yield(nil, err)
					return
				}
				parts, _ := row.([]any)
				id := idIn(parts)
				r := part.inspect(parts, func(what string) { found(store.Fault{Record: id, What: what}) })
				if r != nil && !yield(r, nil) {
					return
				}
			}
		}
	}
}

func allTies() (names []string) {
	for _, t := range network.TieKinds() {
		names = append(names, t.Name)
	}
	return names
}

func idIn(parts []any) network.ID {
	props, _ := parts[0].(map[string]any)
	id, _ := props["id"].(string)
	return network.ID(id)
}

// stream runs a statement with one column and gives its values as they come.
func (s *Store) stream(ctx context.Context, operation, text string, params map[string]any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		if err := s.ready(ctx); err != nil {
			yield(nil, err)
			return
		}
		session := s.session(ctx, driver.AccessModeRead)
		defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
		result, err := session.Run(ctx, text, params, limits(ctx, operation)...)
		if err != nil {
			yield(nil, failure(ctx, err))
			return
		}
		for result.Next(ctx) {
			if !yield(result.Record().Values[0], nil) {
				return
			}
		}
		if err := result.Err(); err != nil {
			yield(nil, failure(ctx, err))
		} else if noticed != nil {
			notice(ctx, text, result)
		}
	}
}

// inspectNode takes [properties, labels, [[type, id, position, how many
// properties]]] and gives nil for a record that cannot be read.
func inspectNode(parts []any, wrong func(string)) *network.Record {
	l, err := decodeNode([]any{parts[0], parts[2]})
	if err != nil || l.ID == "" {
		wrong("the node cannot be read as a record")
		return nil
	}
	k := network.MustKind(l.Kind)
	want := append(ownLabels(k), recordLabel)
	have, _ := parts[1].([]any)
	if len(have) != len(want) || slices.ContainsFunc(want, func(label any) bool { return !slices.Contains(have, label) }) {
		wrong("it does not have the labels of its kind")
	}
	links, _ := parts[2].([]any)
	inspectLinks(k, links, wrong)
	props, _ := parts[0].(map[string]any)
	inspectProps(l.Record, props, wrong)
	return l.Record
}

func inspectTie(parts []any, wrong func(string)) *network.Record {
	l, err := decodeTie(parts)
	if err != nil || l.ID == "" {
		wrong("the relationship cannot be read as a tie")
		return nil
	}
	props, _ := parts[0].(map[string]any)
	inspectProps(l.Record, props, wrong)
	return l.Record
}

// inspectProps encodes the record again.
func inspectProps(r *network.Record, props map[string]any, wrong func(string)) {
	e, err := encode(r, network.MustKind(r.Kind))
	if err != nil {
		wrong("a property is not of the type of its field: " + strings.Join(err.Path, "."))
		return
	}
	if names := differing(e.props, props); len(names) > 0 {
		wrong("properties are not what its fields make them: " + strings.Join(names, ", "))
	}
}

// inspectLinks checks that a Ref is one relationship, and Refs are numbered.
func inspectLinks(k *network.Kind, links []any, wrong func(string)) {
	positions := map[string][]int64{}
	for _, l := range links {
		parts := l.([]any)
		rel, _ := parts[0].(string)
		position, numbered := parts[2].(int64)
		size, _ := parts[3].(int64)
		if numbered != (size == 1) || size > 1 {
			wrong("a link has properties that it should not have: " + rel)
		}
		if !numbered {
			position = -1
		}
		positions[rel] = append(positions[rel], position)
	}
	for _, f := range k.Fields {
		at, linked := positions[f.Rel]
		delete(positions, f.Rel)
		switch {
		case !f.IsRef() || !linked:
		case f.Type == network.Ref && (len(at) > 1 || at[0] >= 0):
			wrong(f.Name + " is more than one link, or a numbered one")
		case f.Type == network.Refs && !counted(at):
			wrong("the links of " + f.Name + " are not numbered from 0")
		}
	}
	for _, rel := range slices.Sorted(maps.Keys(positions)) {
		wrong("it has a link that its kind does not have: " + rel)
	}
}

func counted(positions []int64) bool {
	slices.Sort(positions)
	for i, p := range positions {
		if p != int64(i) {
			return false
		}
	}
	return true
}

// differing names the properties that are not the same in both, sorted.
func differing(want, have map[string]any) []string {
	return slices.Sorted(maps.Keys(changedProps(want, have)))
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case dbtype.Date:
		b, ok := b.(dbtype.Date)
		return ok && a.Time().Equal(b.Time())
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	}
	return network.SameValue(a, b)
}

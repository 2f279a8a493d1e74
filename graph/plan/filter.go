package plan

import (
	"slices"
	"sort"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// filter reads a filter input into a condition. Keys are taken in order, so
// that the same filter gives the same plan.
func filter(kinds []*network.Kind, raw map[string]any) (store.Expr, error) {
	keys := make([]string, 0, len(raw))
	for k := range raw {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var all store.And
	for _, key := range keys {
		if raw[key] == nil {
			continue
		}
		x, err := condition(kinds, key, raw[key])
		if err != nil {
			return nil, at(err, key)
		}
		if x != nil {
			all = append(all, x)
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func condition(kinds []*network.Kind, key string, v any) (store.Expr, error) {
	m, _ := v.(map[string]any)
	switch key {
	case "and", "or":
		list, err := filters(kinds, v)
		if key == "or" {
			return store.Or(list), err
		}
		return store.And(list), err
	case "not":
		x, err := filter(kinds, m)
		return store.Not{X: x}, err
	case "id":
		return idCondition(m), nil
	case "kind":
		if kinds[0].Name != network.TieRecord {
			return kindCondition(m), nil
		}
	case "direction":
		return directionCondition(m), nil
	case "text":
		return textCondition(v)
	case "within", "above":
		id, _ := v.(string)
		up := kinds[0].Field("parent")
		if up == nil {
			up = kinds[0].Field("broader")
		}
		if key == "above" {
			return store.Above{Up: up, ID: network.ID(id)}, nil
		}
		return store.Or{store.HasID{IDs: []network.ID{network.ID(id)}}, store.Within{Field: up, Up: up, ID: network.ID(id)}}, nil
	case "party":
		return has(store.Source{Op: store.Party, End: store.Other}, network.Concrete(network.StakeholderInterface), store.Some, m)
	}
	for _, k := range kinds {
		if c := k.Collection(key); c != nil {
			return quantified(store.SourceOf(c), network.Concrete(c.Element), m)
		}
		if f := k.Field(key); f != nil {
			return fieldCondition(k, f, m)
		}
	}
	return nil, network.Errorf(network.UnknownField, "there is nothing to filter by here")
}

func filters(kinds []*network.Kind, v any) ([]store.Expr, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]store.Expr, 0, len(list))
	for i, item := range list {
		m, _ := item.(map[string]any)
		x, err := filter(kinds, m)
		if err != nil {
			return nil, at(err, strconv.Itoa(i))
		}
		out = append(out, x)
	}
	return out, nil
}

func has(src store.Source, kinds []*network.Kind, q store.Quant, raw map[string]any) (store.Expr, error) {
	where, err := filter(kinds, raw)
	if all, ok := where.(store.And); ok && len(all) == 0 {
		where = nil
	}
	return store.Has{Source: src, Kinds: kinds, Quant: q, Where: where}, err
}

func quantified(src store.Source, kinds []*network.Kind, m map[string]any) (store.Expr, error) {
	var all store.And
	for _, q := range []struct {
		name  string
		quant store.Quant
	}{{"some", store.Some}, {"none", store.Nothing}, {"every", store.Every}} {
		raw, ok := m[q.name].(map[string]any)
		if !ok {
			continue
		}
		x, err := has(src, kinds, q.quant, raw)
		if err != nil {
			return nil, at(err, q.name)
		}
		all = append(all, x)
	}
	return all, nil
}

func fieldCondition(k *network.Kind, f *network.Field, m map[string]any) (store.Expr, error) {
	switch f.Type {
	case network.Ref:
		return has(store.SourceOfField(k, f), kindsNamed(f.Targets), store.Some, m)
	case network.Refs:
		return quantified(store.SourceOfField(k, f), kindsNamed(f.Targets), m)
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	var all store.And
	for _, name := range names {
		if m[name] == nil {
			continue
		}
		value, err := operand(f, name, m[name])
		if err != nil {
			return nil, at(err, name)
		}
		all = append(all, store.Compare{Field: f, Op: operators[name], Value: value})
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

var operators = map[string]store.Op{
	"eq": store.EQ, "ne": store.NE, "in": store.IN, "lt": store.LT, "lte": store.LTE, "gt": store.GT, "gte": store.GTE,
	"contains": store.Contains, "startsWith": store.StartsWith, "isNull": store.Null,
}

func operand(f *network.Field, op string, v any) (any, error) {
	switch op {
	case "isNull":
		return v, nil
	case "in":
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		out := make([]any, len(list))
		for i, item := range list {
			x, err := operand(f, "eq", item)
			if err != nil {
				return nil, at(err, strconv.Itoa(i))
			}
			out[i] = x
		}
		return out, nil
	}
	switch f.Type {
	case network.Int:
		n, ok := intOf(v)
		if !ok {
			return nil, network.Errorf(network.InvalidValue, "must be a whole number")
		}
		return n, nil
	case network.Dated:
		s, _ := v.(string)
		return network.ParseDate(s)
	}
	return v, nil
}

func idCondition(m map[string]any) store.Expr {
	var all store.And
	if s, ok := m["eq"].(string); ok {
		all = append(all, store.HasID{IDs: []network.ID{network.ID(s)}})
	}
	if s, ok := m["ne"].(string); ok {
		all = append(all, store.Not{X: store.HasID{IDs: []network.ID{network.ID(s)}}})
	}
	if list := stringsOf(m["in"]); list != nil {
		ids := make([]network.ID, len(list))
		for i, s := range list {
			ids[i] = network.ID(s)
		}
		all = append(all, store.HasID{IDs: ids})
	}
	return all
}

func kindCondition(m map[string]any) store.Expr {
	var all store.And
	kinds := func(names []string) store.IsKind {
		var out store.IsKind
		for _, n := range names {
			out.Kinds = append(out.Kinds, network.KindByScreamingName(n))
		}
		return out
	}
	if s, ok := m["eq"].(string); ok {
		all = append(all, kinds([]string{s}))
	}
	if s, ok := m["ne"].(string); ok {
		all = append(all, store.Not{X: kinds([]string{s})})
	}
	if list := stringsOf(m["in"]); list != nil {
		all = append(all, kinds(list))
	}
	return all
}

// directionCondition is one on the kind of a tie.
func directionCondition(m map[string]any) store.Expr {
	kinds := []any{}
	for _, k := range network.TieKinds() {
		d := k.Directedness()
		eq, ne, in := m["eq"], m["ne"], stringsOf(m["in"])
		if (eq == nil || eq == d) && (ne == nil || ne != d) && (in == nil || slices.Contains(in, d)) {
			kinds = append(kinds, k.Name)
		}
	}
	return store.Compare{Field: network.TieKindRecord().Field("kind"), Op: store.IN, Value: kinds}
}

func textCondition(v any) (store.Expr, error) {
	s, _ := v.(string)
	terms := network.FoldTerms(s)
	if len(terms) == 0 {
		return nil, network.Errorf(network.InvalidValue, "give at least one character to look for")
	}
	return store.Text{Terms: terms}, nil
}

func stringsOf(v any) []string {
	switch list := v.(type) {
	case string:
		return []string{list}
	case []any:
		out := make([]string, 0, len(list))
		for _, item := range list {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

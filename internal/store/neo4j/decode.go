package neo4j

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// loaded is a record read back, with what must be known of its surroundings.
type loaded struct {
	*network.Record
	ends  [2]network.Visibility // of a tie
	props map[string]any        // as they are stored, of what is locked
}

// seenBy tells whether the viewer may know of the record.
func (l *loaded) seenBy(v network.Viewer) bool {
	return v.Sees(l.Visibility()) && v.Sees(l.ends[0]) && v.Sees(l.ends[1])
}

// decodeNode reads [properties, [[type, id, position]]].
func decodeNode(v any) (*loaded, error) {
	parts, _ := v.([]any)
	if len(parts) != 2 {
		return nil, internalf("a node came back as %T", v)
	}
	props, _ := parts[0].(map[string]any)
	name, _ := props["kind"].(string)
	k := network.KindOf(name)
	if k == nil {
		return nil, internalf("the database has a record of the unknown kind %q", name)
	}
	r, err := decodeProps(props, k)
	if err != nil {
		return nil, err
	}
	links, _ := parts[1].([]any)
	decodeLinks(r, k, links)
	return &loaded{Record: r}, nil
}

// decodeTie reads [properties, type, subject, object, visibility of both].
func decodeTie(v any) (*loaded, error) {
	parts, _ := v.([]any)
	if len(parts) != 6 {
		return nil, internalf("a tie came back as %T", v)
	}
	props, _ := parts[0].(map[string]any)
	r, err := decodeProps(props, network.TieKindRecord())
	if err != nil {
		return nil, err
	}
	r.Fields["kind"], _ = parts[1].(string)
	out := &loaded{Record: r}
	for i, name := range []string{"subject", "object"} {
		id, _ := parts[2+i].(string)
		r.Fields[name] = network.ID(id)
		level, _ := parts[4+i].(string)
		if out.ends[i], err = network.ParseVisibility(level); err != nil {
			return nil, internalf("tie %s: its %s has no visibility", r.ID, name)
		}
	}
	return out, nil
}

func decodeProps(props map[string]any, k *network.Kind) (*network.Record, error) {
	id, _ := props["id"].(string)
	r := &network.Record{ID: network.ID(id), Kind: k.Name, Fields: map[string]any{}}
	r.Version, _ = props["version"].(int64)
	for _, f := range k.Fields {
		if f.IsRef() || f.Name == "visibility" && props[visibilityDefault] == true || k.Name == network.TieRecord && f.Name == "kind" {
			continue
		}
		v, err := decodeField(props, f)
		if err != nil {
			return nil, internalf("%s %s, %s: %v", k.Name, id, f.Name, err)
		}
		if v != nil {
			r.Fields[f.Name] = v
		}
	}
	return r, nil
}

// decodeField gives nil for an absent field.
func decodeField(props map[string]any, f *network.Field) (any, error) {
	v := props[f.Name]
	switch f.Type {
	case network.Dated:
		if text, ok := props[f.Name+textSuffix].(string); ok {
			return network.ParsePartialDate(text)
		}
		if d, ok := dateOf(v); ok {
			return network.Day(d), nil
		}
		return nil, nil
	case network.HistoryList:
		if v == nil {
			return nil, nil
		}
		return decodeHistory(props, f.Name)
	case network.Strings:
		if v == nil {
			return nil, nil
		}
		return texts(v), nil
	case network.RecordID:
		if id, ok := v.(string); ok {
			return network.ID(id), nil
		}
		return nil, nil
	}
	return v, nil
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, e := range list {
		out[i], _ = e.(string)
	}
	return out
}

func decodeHistory(props map[string]any, name string) (any, error) {
	values := texts(props[name])
	extras, notes := texts(props[name+extraSuffix]), texts(props[name+noteSuffix])
	from, until := texts(props[name+fromTextSuffix]), texts(props[name+untilTextSuffix])
	if n := len(values); len(extras) != n || len(notes) != n || len(from) != n || len(until) != n {
		return nil, internalf("the lists are of different length")
	}
	out := make([]network.DatedValue, len(values))
	for i, v := range values {
		out[i] = network.DatedValue{Value: v, Extra: extras[i], Note: notes[i]}
		var err error
		if out[i].Span.From, err = network.ParsePartialDate(from[i]); err != nil {
			return nil, err
		}
		if out[i].Span.Until, err = network.ParsePartialDate(until[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decodeLinks fills Ref and Refs fields from [[type, id, position]].
func decodeLinks(r *network.Record, k *network.Kind, links []any) {
	type link struct {
		id       network.ID
		position int64
	}
	byType := map[string][]link{}
	for _, l := range links {
		parts := l.([]any)
		rel, _ := parts[0].(string)
		id, _ := parts[1].(string)
		position, _ := parts[2].(int64)
		byType[rel] = append(byType[rel], link{network.ID(id), position})
	}
	for _, f := range k.LeadingFields() {
		to := byType[f.Rel]
		if !f.IsRef() || len(to) == 0 {
			continue
		}
		if f.Type == network.Ref {
			r.Fields[f.Name] = to[0].id
			continue
		}
		slices.SortFunc(to, func(a, b link) int { return int(a.position - b.position) })
		ids := make([]network.ID, len(to))
		for i, l := range to {
			ids[i] = l.id
		}
		r.Fields[f.Name] = ids
	}
}

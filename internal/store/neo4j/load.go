package neo4j

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// wholeTie and wholeNode return what decode reads.
var wholeTie = "[properties(r), type(r), s.id, o.id, s.visibility, o.visibility]"

func wholeNode() string {
	return "[properties(n), COLLECT { MATCH (n)-[l:" + strings.Join(linkTypes, "|") + "]->(m) RETURN [type(l), m.id, l.position] }]"
}

// look is one column of a statement that loads records: those of a kind with
// these values in a field, or, without a kind, those with these IDs.
type look struct {
	kind   *network.Kind
	field  string
	values []any
	tie    bool
}

func (l *look) text(param, seen string) string {
	if l.tie {
		return "COLLECT { MATCH (s)-[r:" + allTieTypes + "]->(o) WHERE r." + l.field + " IN " + param + " RETURN " + wholeTie + " }"
	}
	label := recordLabel + "|" + changeLabel
	if l.kind != nil {
		label = labelOf(l.kind)
	}
	return "COLLECT { MATCH (n:" + label + ") WHERE " + allOf([]string{"n." + l.field + " IN " + param, seen}) + " RETURN " + wholeNode() + " }"
}

func (l *look) decode(v any) ([]*loaded, error) {
	list, _ := v.([]any)
	out := make([]*loaded, len(list))
	for i, e := range list {
		var err error
		if l.tie {
			out[i], err = decodeTie(e)
		} else {
			out[i], err = decodeNode(e)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// loading is one statement for several looks at what the viewer sees.
func loading(v network.Viewer, looks []*look) (text string, params map[string]any) {
	c := newCompiler(v, 0)
	seen := ""
	if c.sees("n") != "" { // who sees all may load what has been withheld since
		seen = c.seesAll("n", append([]*network.Kind{network.MustKind(network.ChangeRecord)}, nodeKinds...))
	}
	params = c.params
	var parts []string
	for i, l := range looks {
		name := "values" + strconv.Itoa(i)
		params[name] = l.values
		parts = append(parts, l.text("$"+name, seen))
	}
	return "RETURN [" + strings.Join(parts, ",\n") + "] AS answer", params
}

// Load reads whole records by key, in one statement.
func (s *Store) Load(ctx context.Context, v network.Viewer, keys []store.Key) ([]*network.Record, error) {
	out := make([]*network.Record, len(keys))
	looks, wanted := looksFor(v, keys)
	if len(looks) == 0 {
		if err := ctx.Err(); err != nil {
			return nil, failure(ctx, err)
		}
		return out, nil
	}
	text, params := loading(v, looks)
	found := make([][]*loaded, len(looks))
	read := func() error {
		answer, err := s.read(ctx, "load", text, params)
		for i := 0; i < len(looks) && err == nil; i++ {
			found[i], err = looks[i].decode(answer[i])
		}
		return err
	}
	err := s.commits.apart(ctx, read, func(now *commit) bool {
		return slices.ContainsFunc(found, func(rs []*loaded) bool {
			return slices.ContainsFunc(rs, func(r *loaded) bool { return now.has(r.ID) })
		})
	})
	if err != nil {
		return nil, err
	}
	for i, l := range looks {
		for _, r := range found[i] {
			if !r.seenBy(v) {
				continue
			}
			for _, at := range wanted[keyOf(l, r)] {
				if keys[at].ID != "" && keys[at].Kind != "" && !network.MustKind(r.Kind).Is(keys[at].Kind) {
					continue
				}
				if out[at] == nil || r.ID < out[at].ID {
					out[at] = r.Record
				}
			}
		}
	}
	return out, nil
}

// lookKey says which look a key of the caller belongs to.
type lookKey struct {
	kind         *network.Kind
	field, value string
}

func keyOf(l *look, r *loaded) lookKey {
	if l.field == "id" {
		return lookKey{nil, "id", string(r.ID)}
	}
	return lookKey{l.kind, l.field, r.Str(l.field)}
}

// looksFor sorts the keys by kind and field. A personal field finds nothing
// for a viewer who may not read it.
func looksFor(v network.Viewer, keys []store.Key) ([]*look, map[lookKey][]int) {
	wanted := map[lookKey][]int{}
	var looks []*look
	at := map[lookKey]*look{}
	add := func(i int, k *network.Kind, field, value string) {
		key := lookKey{k, field, value}
		if wanted[key] = append(wanted[key], i); len(wanted[key]) > 1 {
			return
		}
		key.value = ""
		if at[key] == nil {
			at[key] = &look{kind: k, field: field, tie: k != nil && k.Name == network.TieRecord}
			looks = append(looks, at[key])
		}
		at[key].values = append(at[key].values, value)
	}
	ids := idLooks{}
	for i, key := range keys {
		if key.ID != "" {
			k := lookKey{nil, "id", string(key.ID)}
			wanted[k] = append(wanted[k], i)
			ids.add(key)
			continue
		}
		for _, k := range network.Concrete(key.Kind) {
			f := k.Field(key.Field)
			if f == nil || !v.Reads(f) || !f.Unique && f.Name != "importKey" && f.Name != "name" {
				continue
			}
			add(i, k, f.Name, key.Value)
		}
	}
	return append(looks, ids.looks()...), wanted
}

// idLooks are the IDs to be looked for among nodes and among ties.
type idLooks struct{ nodes, ties []any }

func (l *idLooks) add(key store.Key) {
	kinds := network.Concrete(key.Kind)
	if tie := network.TieKindRecord(); key.Kind == "" || slices.Contains(kinds, tie) {
		l.ties = append(l.ties, string(key.ID))
		if len(kinds) == 1 {
			return
		}
	}
	l.nodes = append(l.nodes, string(key.ID))
}

func (l *idLooks) looks() (out []*look) {
	if len(l.nodes) > 0 {
		out = append(out, &look{field: "id", values: l.nodes})
	}
	if len(l.ties) > 0 {
		out = append(out, &look{field: "id", values: l.ties, tie: true})
	}
	return out
}

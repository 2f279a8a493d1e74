package edit

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/musubi-map/musubi/internal/network"
)

// resolveAll puts what refs name into the fields of r.
func (x *index) resolveAll(r *network.Record, refs map[string][]string) (errs network.Errors) {
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		f, texts := network.KindOf(r.Kind).Field(name), refs[name]
		switch {
		case f == nil || targetKinds(f) == nil:
			errs = append(errs, network.Errorf(network.UnknownField, "%s has no such reference", r.Kind).At(name))
			continue
		case f.Type != network.Refs && len(texts) > 1:
			errs = append(errs, network.Errorf(network.InvalidValue, "it takes one record only").At(name))
			continue
		}
		ids := make([]network.ID, 0, len(texts))
		for i, text := range texts {
			id, err := x.resolve(f, strings.TrimSpace(text))
			switch {
			case err != nil && f.Type == network.Refs:
				errs = append(errs, err.At(name, strconv.Itoa(i)))
			case err != nil:
				errs = append(errs, err.At(name))
			default:
				ids = append(ids, id)
			}
		}
		switch {
		case f.Type == network.Refs:
			r.Fields[name] = ids
		case len(ids) == 1:
			r.Fields[name] = ids[0]
		}
	}
	return errs
}

// resolve finds what a text means: the key of a row, the key of what is there,
// an ID, a unique code, a name; the first of these that says something.
func (x *index) resolve(f *network.Field, text string) (network.ID, *network.Error) {
	if text == "" {
		return "", network.Errorf(network.Required, "the reference is empty")
	}
	targets := targetKinds(f)
	names := kindNames(targets)
	other := ""
	for _, found := range [][]*entry{x.rowKeys[text], x.keys[text], x.withID(text), x.withMergedKey(names, text), x.withCode(targets, text), x.names[network.Fold(text)]} {
		fit := ofKind(found, names...)
		for _, e := range fit {
			if e.id != fit[0].id {
				return "", network.Errorf(network.InvalidValue, "several records go by this; give the key of a row or an id")
			}
		}
		switch {
		case len(fit) > 0:
			return fit[0].id, nil
		case len(found) > 0 && other == "":
			other = found[0].kind
		}
	}
	if other != "" {
		return "", errTarget(f, other)
	}
	return "", network.Errorf(network.NotFound, "no row and no record has this key, id, code or name")
}

func (x *index) withID(text string) []*entry {
	if e := x.standing(network.ID(text)); e != nil {
		return []*entry{e}
	}
	return nil
}

// withMergedKey are the records that those with the key were merged into.
func (x *index) withMergedKey(kinds []string, text string) (out []*entry) {
	for _, k := range kinds {
		if id, merged := x.mergedKeys[mergedKey(k, text)]; merged {
			if e := x.standing(id); e != nil {
				out = append(out, e)
			}
		}
	}
	return out
}

func (x *index) withCode(kinds []*network.Kind, text string) (out []*entry) {
	for _, k := range kinds {
		for _, f := range k.UniqueFields() {
			if c := normalCode(f, text); c != "" {
				out = append(out, x.codes[codeKey(k, f, c)]...)
			}
		}
	}
	return out
}

// targetKinds are the kinds a field may point to; nil for other fields.
func targetKinds(f *network.Field) []*network.Kind { return targetsOf()[f] }

var targetsOf = sync.OnceValue(func() map[*network.Field][]*network.Kind {
	out := map[*network.Field][]*network.Kind{}
	for _, k := range network.Kinds() {
		for _, f := range k.LeadingFields() {
			for _, t := range network.Kinds() {
				if f.IsRef() && slices.Contains(f.Targets, t.Name) || f.Type == network.RecordID && t.Entered() {
					out[f] = append(out[f], t)
				}
			}
		}
	}
	return out
})

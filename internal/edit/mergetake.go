package edit

import (
	"reflect"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// take gives the kept record what it lacks of a duplicate. From one that fewer
// may read nothing is taken: more would read it then.
func (m *merging) take(d *network.Record) {
	for _, f := range network.KindOf(d.Kind).Fields {
		mine, theirs := m.kept.Fields[f.Name], d.Fields[f.Name]
		switch {
		case f.Name == "visibility" || f.Name == "importKey" || f.Name == "name" || f.Name == "nameKana" || f.Name == "names", theirs == nil, reflect.DeepEqual(mine, theirs):
		case network.KindOf(m.kept.Kind).Field(f.Name) == nil:
			m.conflict(d, f.Name)
		case d.Visibility() > m.kept.Visibility() || mine == nil && f.Name == "until":
			m.conflict(d, f.Name)
		case mine == nil:
			m.kept.Fields[f.Name] = theirs
		case f.Type == network.Strings:
			m.kept.Fields[f.Name] = union(listIn[string](mine), listIn[string](theirs))
		case f.Type == network.Refs:
			m.kept.Fields[f.Name] = union(listIn[network.ID](mine), listIn[network.ID](theirs))
		default:
			m.conflict(d, f.Name)
		}
	}
	if d.Visibility() <= m.kept.Visibility() {
		m.takeNames(d)
	}
}

func (m *merging) conflict(d *network.Record, field string) {
	m.out.Conflicts = append(m.out.Conflicts, MergeConflict{d, field})
}

// takeNames makes the names of a duplicate aliases, unless the kept record is
// found by them already.
func (m *merging) takeNames(d *network.Record) {
	names := []string{d.Str("name")}
	for _, h := range listIn[network.DatedValue](d.Fields["names"]) {
		names = append(names, h.Value)
	}
	aliases := listIn[string](m.kept.Fields["aliases"])
	for _, n := range names {
		if n != "" && !slices.Contains(m.kept.Names(), n) && !slices.Contains(aliases, n) && len(aliases) < network.MaxList {
			aliases = append(slices.Clone(aliases), n)
		}
	}
	if len(aliases) > 0 {
		m.kept.Fields["aliases"] = aliases
	}
	if m.kept.Str("nameKana") == "" && m.kept.Str("name") == d.Str("name") && d.Str("nameKana") != "" {
		m.kept.Fields["nameKana"] = d.Str("nameKana")
	}
}

func union[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) && len(out) < network.MaxList {
			out = append(out, v)
		}
	}
	return out
}

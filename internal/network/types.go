package network

import (
	"strings"
	"unicode"
)

// TypeName is the GraphQL type of the records a Ref or Refs field leads to: the
// kind, or the narrowest interface or union that covers all targets.
func (f *Field) TypeName() string { return typeNameFor(f.Targets) }

func typeNameFor(targets []string) string {
	if len(targets) == 1 {
		return targets[0]
	}
	for _, name := range []string{IndividualInterface, OrganizationInterface, StakeholderInterface, RoleHolder} {
		covered := true
		for _, t := range targets {
			covered = covered && containsKind(concrete[name], t)
		}
		if covered {
			return name
		}
	}
	return NodeInterface
}

func containsKind(ks []*Kind, name string) bool {
	for _, k := range ks {
		if k.Name == name {
			return true
		}
	}
	return false
}

// ScreamingName turns a camel-case name into the form of an enum value:
// lastContact is LAST_CONTACT, CityDepartment is CITY_DEPARTMENT.
func ScreamingName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// InputName is the field of CreateInput and UpdateInput for a kind: School is
// school.
func (k *Kind) InputName() string { return strings.ToLower(k.Name[:1]) + k.Name[1:] }

// KindByScreamingName finds CITY_DEPARTMENT; nil when there is none.
func KindByScreamingName(s string) *Kind {
	for _, k := range kinds {
		if ScreamingName(k.Name) == s {
			return k
		}
	}
	return nil
}

// Shared lists the fields that all of the kinds have, with the same type and
// targets, in the order of the first.
func Shared(ks []*Kind) []*Field {
	var out []*Field
	for _, f := range ks[0].Fields {
		all := true
		for _, k := range ks[1:] {
			g := k.Field(f.Name)
			all = all && g != nil && g.Type == f.Type && g.Enum == f.Enum && strings.Join(g.Targets, " ") == strings.Join(f.Targets, " ")
		}
		if all {
			out = append(out, f)
		}
	}
	return out
}

// SharedCollections lists the collections that all of the kinds have by name
// and element.
func SharedCollections(ks []*Kind) []*Collection {
	var out []*Collection
	for _, c := range ks[0].Collections {
		all := true
		for _, k := range ks[1:] {
			d := k.Collection(c.Name)
			all = all && d != nil && d.Element == c.Element
		}
		if all {
			out = append(out, c)
		}
	}
	return out
}

package plan

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
)

// history writes the entries that hold at asOf, or during the range asked for.
func (s *shapeBuilder) history(f graphql.CollectedField, field *network.Field) (rowWriter, error) {
	slot := s.c.slot()
	s.steps = append(s.steps, step{during: f, slot: slot})
	write := s.c.fixed(f.Definition.Type.Name(), f.Selections, s.c.entry)
	return column(s.field(field.Name), func(fr *frame, out []byte, v any) []byte {
		list, _ := v.([]any)
		var held []any
		span := fr.bound[slot].during
		for _, entry := range list {
			e := entry.([]any)
			valid := network.Span{From: dateOf(e[3]), Until: dateOf(e[4])}
			if span == nil && valid.Holds(fr.asOf) || span != nil && valid.Overlaps(*span) {
				held = append(held, entry)
			}
		}
		return appendList(out, len(held), func(out []byte, i int) []byte { return write(fr, out, held[i]) })
	}), nil
}

// entry writes a field of an entry of a history.
func (c *compiler) entry(f graphql.CollectedField) writer {
	part := func(i int, write writer) writer {
		return func(fr *frame, out []byte, v any) []byte { return write(fr, out, v.([]any)[i]) }
	}
	switch f.Name {
	case "name", "stage":
		return part(0, appendGiven)
	case "nameKana":
		return part(1, appendGiven)
	case "causes":
		return part(1, appendCauses)
	case "note":
		return part(2, appendGiven)
	case "from":
		return part(3, c.partialDate(f, false))
	default:
		return part(4, c.partialDate(f, true))
	}
}

// appendGiven appends a text, null for the empty one.
func appendGiven(_ *frame, out []byte, v any) []byte {
	if v == "" {
		v = nil
	}
	return appendScalar(out, v)
}

func appendCauses(_ *frame, out []byte, v any) []byte {
	text, _ := v.(string)
	causes := strings.FieldsFunc(text, func(r rune) bool { return r == '|' })
	return appendList(out, len(causes), func(out []byte, i int) []byte { return appendString(out, causes[i]) })
}

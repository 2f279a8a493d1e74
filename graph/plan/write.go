package plan

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
)

func jsonKey(alias string) []byte { return append(strconv.AppendQuote(nil, alias), ':') }

// appendScalar appends a string, number, truth value or null.
func appendScalar(b []byte, v any) []byte {
	switch x := v.(type) {
	case string:
		return appendString(b, x)
	case int64:
		return strconv.AppendInt(b, x, 10)
	case int:
		return strconv.AppendInt(b, int64(x), 10)
	case bool:
		return strconv.AppendBool(b, x)
	}
	return append(b, "null"...)
}

// appendString appends a JSON string; UTF-8 stays as it is.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

func appendList(b []byte, n int, item func(b []byte, i int) []byte) []byte {
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, i)
	}
	return append(b, ']')
}

func appendStrings(b []byte, v any) []byte {
	list, _ := v.([]any)
	return appendList(b, len(list), func(b []byte, i int) []byte { return appendScalar(b, list[i]) })
}

// dateOf reads a date column.
func dateOf(v any) network.PartialDate {
	s, ok := v.(string)
	if !ok {
		return network.PartialDate{}
	}
	return network.MustPartialDate(s)
}

// fixed writes objects that are not records: a list of fields by name.
func (b *builder) fixed(typeName string, sel ast.SelectionSet, fields map[string]func(b []byte, v any, f graphql.CollectedField) []byte) valueWriter {
	collected := graphql.CollectFields(b.op, sel, []string{typeName})
	return func(out []byte, v any) []byte {
		out = append(out, '{')
		for i, f := range collected {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, jsonKey(f.Alias)...)
			if f.Name == "__typename" {
				out = appendString(out, typeName)
				continue
			}
			out = fields[f.Name](out, v, f)
		}
		return append(out, '}')
	}
}

// partialDate writes a date. The label of an end names the last day, as people
// write it, though the end itself is exclusive: 2024-04-01 is 2024年3月31日まで.
func (b *builder) partialDate(sel ast.SelectionSet, end bool) valueWriter {
	type fields = map[string]func(b []byte, v any, f graphql.CollectedField) []byte
	write := b.fixed("PartialDate", sel, fields{
		"date": func(out []byte, v any, _ graphql.CollectedField) []byte {
			d := v.(network.PartialDate)
			if d.Precision() == network.PrecisionUnknown {
				return append(out, "null"...)
			}
			return appendString(out, d.Date().String())
		},
		"precision": func(out []byte, v any, _ graphql.CollectedField) []byte {
			return appendString(out, v.(network.PartialDate).Precision().String())
		},
		"label": func(out []byte, v any, _ graphql.CollectedField) []byte {
			d := v.(network.PartialDate)
			if end && d.Precision() != network.PrecisionUnknown {
				return appendString(out, network.ExclusiveToInclusive(d).Label()+"まで")
			}
			return appendString(out, d.Label())
		},
		"fiscalYear": func(out []byte, v any, _ graphql.CollectedField) []byte {
			if fy, ok := v.(network.PartialDate).FiscalYear(); ok {
				return strconv.AppendInt(out, int64(fy), 10)
			}
			return append(out, "null"...)
		},
	})
	return func(out []byte, v any) []byte {
		d := dateOf(v)
		if d.IsZero() {
			return append(out, "null"...)
		}
		return write(out, d)
	}
}

// history writes the entries that hold at asOf, or during the range asked for.
func (s *shapeBuilder) history(f graphql.CollectedField, field *network.Field) (func([]byte, []any) []byte, error) {
	span, err := during(f.ArgumentMap(s.b.op.Variables))
	if err != nil {
		return nil, err
	}
	part := func(i int) func(out []byte, v any, f graphql.CollectedField) []byte {
		return func(out []byte, v any, f graphql.CollectedField) []byte {
			x := v.([]any)[i]
			if i >= 3 {
				return s.b.partialDate(f.Selections, i == 4)(out, x)
			}
			if x == "" {
				x = nil
			}
			return appendScalar(out, x)
		}
	}
	typeName := f.Definition.Type.Name()
	write := s.b.fixed(typeName, f.Selections, map[string]func(out []byte, v any, f graphql.CollectedField) []byte{
		"name": part(0), "nameKana": part(1), "stage": part(0), "note": part(2), "from": part(3), "until": part(4),
		"causes": func(out []byte, v any, _ graphql.CollectedField) []byte {
			extra, _ := v.([]any)[1].(string)
			causes := strings.FieldsFunc(extra, func(r rune) bool { return r == '|' })
			return appendList(out, len(causes), func(out []byte, i int) []byte { return appendString(out, causes[i]) })
		},
	})
	day := s.b.asOf
	return column(s.field(field.Name), func(out []byte, v any) []byte {
		list, _ := v.([]any)
		var held []any
		for _, entry := range list {
			e := entry.([]any)
			valid := network.Span{From: dateOf(e[3]), Until: dateOf(e[4])}
			if span == nil && valid.Holds(day) || span != nil && valid.Overlaps(*span) {
				held = append(held, entry)
			}
		}
		return appendList(out, len(held), func(out []byte, i int) []byte { return write(out, held[i]) })
	}), nil
}

// fieldsJSON writes the fields of a logged record without the personal ones
// for a viewer who may not read those.
func (b *builder) fieldsJSON() valueWriter {
	return func(out []byte, v any) []byte {
		s, ok := v.(string)
		if !ok {
			return append(out, "null"...)
		}
		return append(out, shownFields(b.who.Viewer, []byte(s))...)
	}
}

// LogState is a state of a record in the log, nil when there is none: its fields
// as JSON, without the personal ones for a viewer who may not read those.
func LogState(v network.Viewer, r *network.Record) (any, error) {
	if r == nil {
		return nil, nil
	}
	data, err := r.MarshalFields()
	if err != nil {
		return nil, err
	}
	return Rendered(shownFields(v, data)), nil
}

func shownFields(v network.Viewer, data []byte) []byte {
	if v.ReadsPersonal() {
		return data
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return []byte("null")
	}
	for name := range fields {
		if isPersonal(name) {
			delete(fields, name)
		}
	}
	data, _ = json.Marshal(fields)
	return data
}

// isPersonal tells whether a field of that name is personal in any kind.
func isPersonal(name string) bool {
	for _, k := range network.Kinds() {
		if f := k.Field(name); f != nil && f.Personal {
			return true
		}
	}
	return false
}

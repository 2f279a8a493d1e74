package plan

import (
	"strconv"

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

func appendStrings(_ *frame, b []byte, v any) []byte {
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

// fixed writes objects that are not records: write gives the writer of a field.
func (c *compiler) fixed(typeName string, set ast.SelectionSet, write func(f graphql.CollectedField) writer) writer {
	type field struct {
		key   []byte
		write writer
	}
	var fields []field
	for _, f := range c.collect(set, typeName) {
		w := func(_ *frame, out []byte, _ any) []byte { return appendString(out, typeName) }
		if f.Name != "__typename" {
			w = write(f)
		}
		fields = append(fields, field{jsonKey(f.Alias), w})
	}
	return func(fr *frame, out []byte, v any) []byte {
		out = append(out, '{')
		for i, f := range fields {
			if i > 0 {
				out = append(out, ',')
			}
			out = f.write(fr, append(out, f.key...), v)
		}
		return append(out, '}')
	}
}

// partialDate writes a date. The label of an end names the last day, as people
// write it, though the end itself is exclusive: 2024-04-01 is 2024年3月31日まで.
func (c *compiler) partialDate(f graphql.CollectedField, end bool) writer {
	write := c.fixed("PartialDate", f.Selections, func(f graphql.CollectedField) writer {
		part := dateParts[f.Name]
		if end && f.Name == "label" {
			part = appendEndLabel
		}
		return func(_ *frame, out []byte, v any) []byte { return part(out, v.(network.PartialDate)) }
	})
	return func(fr *frame, out []byte, v any) []byte {
		d := dateOf(v)
		if d.IsZero() {
			return append(out, "null"...)
		}
		return write(fr, out, d)
	}
}

// dateParts write the fields of a PartialDate.
var dateParts = map[string]func(out []byte, d network.PartialDate) []byte{
	"date": func(out []byte, d network.PartialDate) []byte {
		if d.Precision() == network.PrecisionUnknown {
			return append(out, "null"...)
		}
		return appendString(out, d.Date().String())
	},
	"precision": func(out []byte, d network.PartialDate) []byte { return appendString(out, d.Precision().String()) },
	"label":     func(out []byte, d network.PartialDate) []byte { return appendString(out, d.Label()) },
	"fiscalYear": func(out []byte, d network.PartialDate) []byte {
		if fy, ok := d.FiscalYear(); ok {
			return strconv.AppendInt(out, int64(fy), 10)
		}
		return append(out, "null"...)
	},
}

func appendEndLabel(out []byte, d network.PartialDate) []byte {
	if d.Precision() == network.PrecisionUnknown {
		return appendString(out, d.Label())
	}
	return appendString(out, network.ExclusiveToInclusive(d).Label()+"まで")
}

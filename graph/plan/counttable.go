package plan

import (
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// countKey is the value of a row in one dimension.
type countKey struct {
	dimension    string
	value, label any
}

// countTable writes rows of counts.
func (c *compiler) countTable(f graphql.CollectedField, prefix string) writer {
	return c.fixed(prefix+"CountTable", f.Selections, func(f graphql.CollectedField) writer {
		if f.Name == "revision" {
			return func(fr *frame, out []byte, _ any) []byte { return appendString(out, FormatRevision(fr.revision)) }
		}
		write := c.countRow(f, prefix)
		return func(fr *frame, out []byte, v any) []byte {
			rows := v.([]countRow)
			return appendList(out, len(rows), func(out []byte, i int) []byte { return write(fr, out, &rows[i]) })
		}
	})
}

func (c *compiler) countRow(f graphql.CollectedField, prefix string) writer {
	return c.fixed(prefix+"CountRow", f.Selections, func(f graphql.CollectedField) writer {
		if f.Name == "count" {
			return func(_ *frame, out []byte, v any) []byte { return strconv.AppendInt(out, v.(*countRow).count, 10) }
		}
		write := c.countKey(f, prefix)
		return func(fr *frame, out []byte, v any) []byte {
			r := v.(*countRow)
			return appendList(out, len(r.values), func(out []byte, i int) []byte {
				return write(fr, out, &countKey{r.dimensions[i], r.values[i], r.labels[i]})
			})
		}
	})
}

func (c *compiler) countKey(f graphql.CollectedField, prefix string) writer {
	return c.fixed(prefix+"CountKey", f.Selections, func(f graphql.CollectedField) writer {
		switch f.Name {
		case "dimension":
			return func(_ *frame, out []byte, v any) []byte { return appendString(out, v.(*countKey).dimension) }
		case "value":
			return func(_ *frame, out []byte, v any) []byte { return appendText(out, v.(*countKey).value) }
		default:
			return func(_ *frame, out []byte, v any) []byte { return appendScalar(out, v.(*countKey).label) }
		}
	})
}

// appendText writes a value as a string, null when there is none.
func appendText(out []byte, v any) []byte {
	if v == nil {
		return append(out, "null"...)
	}
	return appendString(out, fmt.Sprint(v))
}

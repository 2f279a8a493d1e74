package plan

import (
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// countKey is the value of a row in one dimension.
type countKey struct {
	dimension    string
	value, label any
}

// countTable writes rows of counts.
func (b *builder) countTable(f graphql.CollectedField, prefix string) valueWriter {
	type fields = map[string]func([]byte, any, graphql.CollectedField) []byte
	key := func(f graphql.CollectedField) valueWriter {
		return b.fixed(prefix+"CountKey", f.Selections, fields{
			"dimension": func(out []byte, v any, _ graphql.CollectedField) []byte {
				return appendString(out, v.(countKey).dimension)
			},
			"value": func(out []byte, v any, _ graphql.CollectedField) []byte { return appendText(out, v.(countKey).value) },
			"label": func(out []byte, v any, _ graphql.CollectedField) []byte { return appendScalar(out, v.(countKey).label) },
		})
	}
	row := func(f graphql.CollectedField) valueWriter {
		return b.fixed(prefix+"CountRow", f.Selections, fields{
			"count": func(out []byte, v any, _ graphql.CollectedField) []byte { return appendScalar(out, v.(countRow).count) },
			"keys": func(out []byte, v any, f graphql.CollectedField) []byte {
				r, write := v.(countRow), key(f)
				return appendList(out, len(r.values), func(out []byte, i int) []byte {
					return write(out, countKey{r.dimensions[i], r.values[i], r.labels[i]})
				})
			},
		})
	}
	return b.fixed(prefix+"CountTable", f.Selections, fields{
		"rows": func(out []byte, v any, f graphql.CollectedField) []byte {
			rows, write := v.([]countRow), row(f)
			return appendList(out, len(rows), func(out []byte, i int) []byte { return write(out, rows[i]) })
		},
		"revision": func(out []byte, _ any, _ graphql.CollectedField) []byte {
			return appendString(out, FormatRevision(b.result.Revision))
		},
	})
}

// appendText writes a value as a string, null when there is none.
func appendText(out []byte, v any) []byte {
	if v == nil {
		return append(out, "null"...)
	}
	return appendString(out, fmt.Sprint(v))
}

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// dimension maps the values of StakeholderDimension to fields.
func dimension(name string) store.Dimension {
	switch name {
	case "KIND":
		return store.Dimension{}
	case "TOPIC":
		name = "topics"
	}
	return store.Dimension{Field: network.MustKind("Person").Field(strings.ToLower(name))}
}

type countRow struct {
	dimensions []string
	values     []any
	labels     []any
	count      int64
}

type countKey struct {
	dimension    string
	value, label any
}

// Counts plans the root field stakeholderCounts.
func Counts(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	return counting(op, f, who, network.Concrete(network.StakeholderInterface), "", func(names []string) (dims []store.Dimension, rows func([]any) []countRow) {
		for _, name := range names {
			dims = append(dims, dimension(name))
		}
		return dims, func(groups []any) []countRow { return countRows(names, groups) }
	})
}

const maxDimensions = 4

// counting plans a root field that counts records of some kinds by the
// dimensions named in groupBy. dimensions gives those of the store and how its
// groups become rows; prefix stands before the names of the types.
func counting(op *graphql.OperationContext, f graphql.CollectedField, who Asker, kinds []*network.Kind, prefix string, dimensions func(names []string) ([]store.Dimension, func([]any) []countRow)) (*Planned, error) {
	args := f.ArgumentMap(op.Variables)
	b, err := newBuilder(op, who, args)
	if err != nil {
		return nil, err
	}
	names := stringsOf(args["groupBy"])
	if len(names) == 0 || len(names) > maxDimensions {
		return nil, network.Errorf(network.OutOfRange, "give one to four dimensions").At("groupBy")
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, network.Errorf(network.InvalidValue, "%s is given twice", name).At("groupBy", strconv.Itoa(i))
		}
	}
	col := &store.Collection{Source: store.Source{Op: store.Scan}, Kinds: kinds}
	var rows func([]any) []countRow
	col.Group, rows = dimensions(names)
	if col.During, err = during(args); err != nil {
		return nil, err
	}
	if raw, ok := args["filter"].(map[string]any); ok {
		if col.Filter, err = b.filter(kinds, raw); err != nil {
			return nil, at(err, "filter")
		}
	}
	table := b.countTable(f, prefix)
	return b.plan(col, func(out []byte, v any) []byte { return table(out, rows(v.([]any))) }), nil
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

// countRows puts the groups in order: most first, then by value; absent values
// last.
func countRows(names []string, groups []any) []countRow {
	rows := make([]countRow, len(groups))
	for i, g := range groups {
		parts := g.([]any)
		r := countRow{dimensions: names, values: parts[0].([]any), labels: slices.Clone(parts[1].([]any)), count: parts[2].(int64)}
		for j, name := range names {
			value, _ := r.values[j].(string)
			switch k := network.KindOf(value); {
			case name == "KIND" && k != nil:
				r.values = slices.Clone(r.values)
				r.values[j], r.labels[j] = network.ScreamingName(k.Name), k.JA
			case name == "VISIBILITY":
				r.labels[j] = network.VisibilityEnum.Label(value)
			}
		}
		rows[i] = r
	}
	sortRows(rows)
	return rows
}

func sortRows(rows []countRow) {
	slices.SortFunc(rows, func(a, b countRow) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(sortText(a), sortText(b)))
	})
}

func sortText(r countRow) string {
	var out strings.Builder
	for i := range r.values {
		if r.values[i] == nil {
			out.WriteString("\U0010ffff")
		}
		fmt.Fprint(&out, r.labels[i], "\x00", r.values[i], "\x00")
	}
	return out.String()
}

package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// tieDimensions maps the values of TieDimension to dimensions of the store. A
// pair of sectors is two of them, put together afterwards.
var tieDimensions = func() map[string][]store.Dimension {
	tie, area := network.TieKindRecord(), network.MustKind("School").Field("area")
	subject, object := tie.Field("subject"), tie.Field("object")
	return map[string][]store.Dimension{
		"KIND":              {{Field: tie.Field("kind")}},
		"SECTOR_PAIR":       {{Via: subject}, {Via: object}},
		"SUBJECT_KIND":      {{Via: subject}},
		"OBJECT_KIND":       {{Via: object}},
		"SUBJECT_AREA":      {{Via: subject, Field: area}},
		"OBJECT_AREA":       {{Via: object, Field: area}},
		"STATUS":            {{Field: tie.Field("status")}},
		"STRENGTH":          {{Field: tie.Field("strength")}},
		"FROM_FISCAL_YEAR":  {{Field: tie.Field("from")}},
		"UNTIL_FISCAL_YEAR": {{Field: tie.Field("until")}},
	}
}()

// TieCounts plans the root field tieCounts.
func TieCounts(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	return counting(op, f, who, []*network.Kind{network.TieKindRecord()}, "Tie", func(names []string) (dims []store.Dimension, rows func([]any) []countRow) {
		for _, name := range names {
			dims = append(dims, tieDimensions[name]...)
		}
		return dims, func(groups []any) []countRow { return tieRows(names, groups) }
	})
}

// tieRows puts the groups in order like countRows; those that are one pair of
// sectors become one.
func tieRows(names []string, groups []any) []countRow {
	at := map[string]int{}
	var rows []countRow
	for _, g := range groups {
		parts := g.([]any)
		values, labels := parts[0].([]any), parts[1].([]any)
		r := countRow{dimensions: names, count: parts[2].(int64)}
		from := 0
		for _, name := range names {
			v, l := tieKey(name, values[from:], labels[from])
			r.values, r.labels = append(r.values, v), append(r.labels, l)
			from += len(tieDimensions[name])
		}
		key := fmt.Sprintf("%q", r.values)
		if i, known := at[key]; known {
			rows[i].count += r.count
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	if slices.ContainsFunc(names, func(name string) bool { return !strings.HasSuffix(name, "_FISCAL_YEAR") }) {
		sortRows(rows)
		return rows
	}
	slices.SortFunc(rows, func(a, b countRow) int { return strings.Compare(yearText(a), yearText(b)) })
	return rows
}

// yearText orders rows by their years; those without come last.
func yearText(r countRow) string {
	var b strings.Builder
	for _, v := range r.values {
		if v == nil {
			v = "—" // after any digit
		}
		fmt.Fprintf(&b, "%s ", v)
	}
	return b.String()
}

// tieKey is the value of a dimension and its label, from the values that begin
// with its own.
func tieKey(name string, values []any, label any) (any, any) {
	text, _ := values[0].(string)
	switch name {
	case "KIND":
		return values[0], network.TieKindEnum.Label(text)
	case "STATUS":
		if text != "" {
			return text, network.StatusEnum.Label(text)
		}
	case "STRENGTH":
		if values[0] != nil {
			return values[0], fmt.Sprint("強さ", values[0])
		}
	case "SUBJECT_KIND", "OBJECT_KIND":
		k := network.MustKind(text)
		return network.ScreamingName(k.Name), k.JA
	case "SECTOR_PAIR":
		other, _ := values[1].(string)
		a, b := network.MustKind(text), network.MustKind(other)
		if b.Index() < a.Index() {
			a, b = b, a
		}
		label := a.JA + "と" + b.JA
		if a == b {
			label = a.JA + "どうし"
		}
		return network.ScreamingName(a.Name) + "-" + network.ScreamingName(b.Name), label
	}
	return values[0], label
}

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// countRow is one combination of values and how many records have it.
type countRow struct {
	dimensions []string
	values     []any
	labels     []any
	count      int64
}

// rows are the groups of the store in the order they are shown in: most first,
// then by label; by fiscal years of beginning and end alone, and of periods for
// each combination of the others, in order of time.
func (t *table) rows(groups []any) []countRow {
	rows := t.merged(groups)
	switch {
	case t.periods != nil:
		return t.series(rows)
	case slices.ContainsFunc(t.names, func(name string) bool { return !strings.HasSuffix(name, "_FISCAL_YEAR") }):
		sortRows(rows)
	default:
		slices.SortFunc(rows, func(a, b countRow) int { return strings.Compare(yearText(a), yearText(b)) })
	}
	return rows
}

// merged puts together the groups that are one combination of values.
func (t *table) merged(groups []any) []countRow {
	at := map[string]int{}
	rows := []countRow{}
	for _, g := range groups {
		parts := g.([]any)
		values, labels := parts[0].([]any), parts[1].([]any)
		r := countRow{dimensions: t.names, count: parts[2].(int64)}
		from := 0
		for _, d := range t.dimensions {
			to := from + len(d.of)
			v, l := d.key(values[from:to], labels[from:to])
			r.values, r.labels = append(r.values, v), append(r.labels, l)
			from = to
		}
		key := fmt.Sprintf("%q", r.values)
		if i, known := at[key]; known {
			rows[i].count += r.count
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	return rows
}

// series has a row of each period, in order of time, for each combination of the
// other values, that with most in all first: what a chart draws, 0 where there
// is nothing.
func (t *table) series(rows []countRow) []countRow {
	at := slices.IndexFunc(t.dimensions, func(d dimension) bool { return d.of[0].Periods != nil })
	var sums []countRow
	counts := map[string][]int64{}
	place := map[string]int{}
	for _, r := range rows {
		period := r.values[at].(int64)
		r.values[at] = nil
		key := fmt.Sprintf("%q", r.values)
		if counts[key] == nil {
			counts[key], place[key] = make([]int64, len(t.periods)), len(sums)
			sums = append(sums, countRow{dimensions: t.names, values: r.values, labels: r.labels})
		}
		counts[key][period] += r.count
		sums[place[key]].count += r.count
	}
	if len(t.names) == 1 && len(sums) == 0 {
		sums = []countRow{{dimensions: t.names, values: make([]any, 1), labels: make([]any, 1)}}
	}
	sortRows(sums)
	out := make([]countRow, 0, len(sums)*len(t.periods))
	for _, s := range sums {
		of := counts[fmt.Sprintf("%q", s.values)]
		for i, p := range t.periods {
			r := countRow{dimensions: t.names, values: slices.Clone(s.values), labels: slices.Clone(s.labels)}
			r.values[at], r.labels[at] = p.value, p.label
			if of != nil {
				r.count = of[i]
			}
			out = append(out, r)
		}
	}
	return out
}

func sortRows(rows []countRow) {
	slices.SortFunc(rows, func(a, b countRow) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(sortText(a), sortText(b)))
	})
}

// sortText orders rows of the same count by label, then value; those without
// come last.
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

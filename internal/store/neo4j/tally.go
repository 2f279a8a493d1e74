package neo4j

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// tally puts the groups of an answer together, at any depth, and labels fiscal
// years.
func tally(c *store.Collection, v any) any {
	list, _ := v.([]any)
	switch {
	case list == nil:
	case c.Group != nil:
		return tallyGroups(c.Group, list)
	case c.Single:
		tallyRow(c, list)
	default:
		rows, _ := list[0].([]any)
		for _, row := range rows {
			tallyRow(c, row.([]any))
		}
	}
	return v
}

func tallyRow(c *store.Collection, row []any) {
	shape := c.ShapeFor(network.KindOf(row[0].(string)))
	if shape == nil {
		return
	}
	for i, col := range shape.Columns {
		if col.Child != nil {
			row[i+1] = tally(col.Child, row[i+1])
		}
	}
}

func tallyGroups(dims []store.Dimension, groups []any) []any {
	out := []any{}
	at := map[string]int{}
	for _, g := range groups {
		parts := g.([]any)
		values := parts[0].([]any)
		name := groupName(values)
		if i, ok := at[name]; ok {
			sum := out[i].([]any)
			sum[2] = sum[2].(int64) + parts[2].(int64)
			continue
		}
		at[name] = len(out)
		labelYears(dims, values, parts[1].([]any))
		out = append(out, g)
	}
	return out
}

func groupName(values []any) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%T %q ", v, fmt.Sprint(v))
	}
	return b.String()
}

func labelYears(dims []store.Dimension, values, labels []any) {
	for i, d := range dims {
		if d.Field == nil || d.Field.Type != network.Dated {
			continue
		}
		text, _ := values[i].(string)
		if fy, err := strconv.Atoi(text); err == nil {
			labels[i] = network.FiscalYear(fy).Label()
		}
	}
}

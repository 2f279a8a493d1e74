package neo4j

import (
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// labelFiscal gives the fiscal years in the groups of an answer their labels,
// at any depth.
func labelFiscal(c *store.Collection, v any) {
	list, _ := v.([]any)
	switch {
	case list == nil:
	case c.Group != nil:
		labelGroups(c.Group, list)
	case c.Single:
		labelRow(c, list)
	default:
		rows, _ := list[0].([]any)
		for _, row := range rows {
			labelRow(c, row.([]any))
		}
	}
}

func labelRow(c *store.Collection, row []any) {
	shape := c.ShapeFor(network.KindOf(row[0].(string)))
	if shape == nil {
		return
	}
	for i, col := range shape.Columns {
		if col.Child != nil {
			labelFiscal(col.Child, row[i+1])
		}
	}
}

func labelGroups(dims []*network.Field, groups []any) {
	for _, g := range groups {
		parts := g.([]any)
		values, labels := parts[0].([]any), parts[1].([]any)
		for i, f := range dims {
			if f == nil || f.Type != network.Dated {
				continue
			}
			text, _ := values[i].(string)
			if fy, err := strconv.Atoi(text); err == nil {
				labels[i] = network.FiscalYear(fy).Label()
			}
		}
	}
}

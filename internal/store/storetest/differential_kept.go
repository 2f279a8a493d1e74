package storetest

import (
	"reflect"

	"github.com/musubi-map/musubi/internal/store"
)

// explainer is a store that turns plans into statements.
type explainer interface {
	Explain(*store.Plan) (text string, params map[string]any)
}

// kept has the collections of a plan kept from here on, and holds what a store
// makes of them, at first and again, against what it made before.
func (d *duel) kept(p *store.Plan) {
	d.t.Helper()
	x, speaks := d.b.(explainer)
	if !speaks || p.Check() != nil {
		return
	}
	want, wantParams := x.Explain(p)
	for _, root := range p.Roots {
		keepAll(root)
	}
	for range 2 {
		if got, params := x.Explain(p); got != want || !reflect.DeepEqual(params, wantParams) {
			d.fail(describe(p), want, got)
		}
	}
}

func keepAll(c *store.Collection) {
	if c.Kept == nil {
		c.Kept = new(store.Kept)
	}
	for _, s := range c.Shapes {
		for _, column := range s.Columns {
			if column.Child != nil {
				keepAll(column.Child)
			}
		}
	}
}

package memory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// keyLabel is one value of a dimension and what a person reads for it.
type keyLabel struct{ value, label any }

type group struct {
	keys  []keyLabel
	count int64
}

// groups counts the members by their values in the dimensions. A member with
// several values in one counts once for each.
func (x *run) groups(c *store.Collection, parent member) []any {
	found := map[string]*group{}
	var seen []*group
	keys := make([]keyLabel, len(c.Group))
	var count func(m member, dim int)
	count = func(m member, dim int) {
		if dim < len(c.Group) {
			for _, k := range x.dimension(m.r, &c.Group[dim]) {
				keys[dim] = k
				count(m, dim+1)
			}
			return
		}
		name := groupName(keys)
		g := found[name]
		if g == nil {
			g = &group{keys: append([]keyLabel{}, keys...)}
			found[name] = g
			seen = append(seen, g)
		}
		g.count++
	}
	x.members(c, parent, func(m member) bool {
		count(m, 0)
		return x.err == nil
	})
	out := make([]any, 0, len(seen))
	for _, g := range seen {
		values, labels := make([]any, len(g.keys)), make([]any, len(g.keys))
		for i, k := range g.keys {
			values[i], labels[i] = k.value, k.label
		}
		out = append(out, []any{values, labels, g.count})
	}
	return out
}

func groupName(keys []keyLabel) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "%T %q ", k.value, fmt.Sprint(k.value))
	}
	return b.String()
}

// dimension are the values of a record in one dimension: one at least, nil for
// none; but of periods those it holds in.
func (x *run) dimension(r *rec, d *store.Dimension) []keyLabel {
	if d.Periods != nil {
		return x.periods(r, d.Periods)
	}
	none := []keyLabel{{}}
	f := d.Field
	if d.Via != nil {
		end := r.ends[0]
		if d.Via.Name == "object" {
			end = r.ends[1]
		}
		if end == nil {
			return none
		}
		r = end
	}
	if f == nil {
		return []keyLabel{{value: r.kindVal}}
	}
	own := r.field(f)
	if own == nil {
		return none
	}
	var out []keyLabel
	switch own.Type {
	case network.Ref, network.Refs:
		out = x.led(r.out[own.Slot()], d.Rise)
	case network.Strings:
		list, _ := r.vals[own.Slot()].([]any)
		for _, v := range list {
			out = append(out, keyLabel{value: v})
		}
	case network.Dated:
		d, _ := r.full.Fields[own.Name].(network.PartialDate)
		if !d.IsZero() && d.Precision() != network.PrecisionUnknown {
			fy := fiscalYear(own, d)
			out = append(out, keyLabel{strconv.Itoa(int(fy)), fy.Label()})
		}
	default:
		out = append(out, keyLabel{value: x.value(r, own)})
	}
	if len(out) == 0 {
		return none
	}
	return out
}

// periods are the positions of those in which a record holds.
func (x *run) periods(r *rec, of []network.DateRange) []keyLabel {
	var out []keyLabel
	for i := range of {
		if x.holds(r, when{during: &of[i]}) {
			out = append(out, keyLabel{value: int64(i)})
		}
	}
	return out
}

// led are the records a field leads to that the viewer sees, taken up, each
// once.
func (x *run) led(to []*rec, rise *store.Rise) []keyLabel {
	var out []keyLabel
	for _, t := range to {
		if !x.sees(t) {
			continue
		}
		if rise != nil {
			t = x.risen(t, rise)
		}
		if k := (keyLabel{t.idVal, t.presentName()}); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func (x *run) risen(from *rec, rise *store.Rise) *rec {
	top := from
	x.climbs(from, rise.Up, func(t *rec) bool {
		by := t.field(rise.By)
		if by == nil || t.vals[by.Slot()] != rise.Value {
			return false
		}
		top = t
		return true
	})
	return top
}

// fiscalYear is that of the first day, of until that of the last on which the
// record holds.
func fiscalYear(f *network.Field, d network.PartialDate) network.FiscalYear {
	if f.Name == "until" {
		return network.Span{Until: d}.Stop().AddDays(-1).FiscalYear()
	}
	return network.Span{From: d}.Start().FiscalYear()
}

func (r *rec) presentName() any {
	if r.kind.Named() {
		return r.vals[r.kind.Field("name").Slot()]
	}
	return nil
}

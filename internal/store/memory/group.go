package memory

import (
	"fmt"
	"slices"
	"strconv"

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
	t := &tally{run: x, dims: c.Group, keys: make([]keyLabel, len(c.Group)), room: make([][]keyLabel, len(c.Group)), found: map[string]*group{}}
	x.members(c, parent, func(m member) bool {
		t.count(m, 0)
		return x.err == nil
	})
	out := make([]any, 0, len(t.seen))
	for _, g := range t.seen {
		values, labels := make([]any, len(g.keys)), make([]any, len(g.keys))
		for i, k := range g.keys {
			values[i], labels[i] = k.value, k.label
		}
		out = append(out, []any{values, labels, g.count})
	}
	return out
}

// tally counts members into groups.
type tally struct {
	*run
	dims  []store.Dimension
	keys  []keyLabel   // of the member at hand
	room  [][]keyLabel // for the values in each dimension
	name  []byte
	found map[string]*group
	seen  []*group
}

func (t *tally) count(m member, dim int) {
	if dim == len(t.dims) {
		t.group().count++
		return
	}
	t.room[dim] = t.dimension(t.room[dim][:0], m.r, &t.dims[dim])
	for _, k := range t.room[dim] {
		t.keys[dim] = k
		t.count(m, dim+1)
	}
}

// group is that of the keys at hand.
func (t *tally) group() *group {
	t.name = t.name[:0]
	for _, k := range t.keys {
		t.name = appendKey(t.name, k.value)
	}
	g := t.found[string(t.name)]
	if g == nil {
		g = &group{keys: slices.Clone(t.keys)}
		t.found[string(t.name)] = g
		t.seen = append(t.seen, g)
	}
	return g
}

// appendKey appends what tells a value from any other: its type, and the length
// of a text before it.
func appendKey(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 'n')
	case string:
		b = strconv.AppendInt(append(b, 's'), int64(len(v)), 10)
		return append(append(b, ' '), v...)
	case int64:
		return append(strconv.AppendInt(append(b, 'i'), v, 10), ' ')
	case bool:
		return strconv.AppendBool(append(b, 'b'), v)
	}
	return fmt.Appendf(b, "%T %q ", v, fmt.Sprint(v))
}

// dimension appends the values of a record in one dimension: one at least, nil
// for none; but of periods those it holds in.
func (x *run) dimension(out []keyLabel, r *rec, d *store.Dimension) []keyLabel {
	if d.Periods != nil {
		return x.periods(out, r, d.Periods)
	}
	f := d.Field
	if d.Via != nil {
		end := r.end(0)
		if d.Via.Name == "object" {
			end = r.end(1)
		}
		if end == nil {
			return append(out, keyLabel{})
		}
		r = end
	}
	if f == nil {
		return append(out, keyLabel{value: kindNames[r.kind.Index()]})
	}
	if own := r.field(f); own != nil {
		out = x.fieldKeys(out, r, own, d.Rise)
	}
	if len(out) == 0 {
		out = append(out, keyLabel{})
	}
	return out
}

// fieldKeys appends the values of the record's own field.
func (x *run) fieldKeys(out []keyLabel, r *rec, own *network.Field, rise *store.Rise) []keyLabel {
	switch own.Type {
	case network.Ref, network.Refs:
		if x.withheld(r, own) {
			break
		}
		var one [1]*rec
		out = x.led(out, r.targets(own, one[:]), rise)
	case network.Strings:
		list, _ := r.at(own.Slot()).([]any)
		for _, v := range list {
			out = append(out, keyLabel{value: v})
		}
	case network.Dated:
		if d, _ := r.at(own.Slot()).(*day); d != nil && d.from != nil {
			fy := fiscalYear(own, d.date)
			out = append(out, keyLabel{strconv.Itoa(int(fy)), fy.Label()})
		}
	default:
		out = append(out, keyLabel{value: x.said(r, own)})
	}
	return out
}

// periods appends the positions of those in which a record holds.
func (x *run) periods(out []keyLabel, r *rec, of []network.DateRange) []keyLabel {
	for i := range of {
		if x.holds(r, when{during: &of[i]}) {
			out = append(out, keyLabel{value: int64(i)})
		}
	}
	return out
}

// led appends the records a field leads to that the viewer sees, taken up, each
// once.
func (x *run) led(out []keyLabel, to []*rec, rise *store.Rise) []keyLabel {
	for _, t := range to {
		if !x.sees(t) {
			continue
		}
		if rise != nil {
			t = x.risen(t, rise)
		}
		if k := (keyLabel{string(t.id), t.presentName()}); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func (x *run) risen(from *rec, rise *store.Rise) *rec {
	top := from
	x.climbs(from, rise.Up, func(t *rec) bool {
		by := t.field(rise.By)
		if by == nil || t.at(by.Slot()) != rise.Value {
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

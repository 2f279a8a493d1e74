package memory

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// The pager throws away what no page can need while the members go by: its
// pages must be those of the whole list, sorted and cut.
func TestAreThePagesThoseOfTheWholeList(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	activity := network.MustKind("Activity")
	for n := range 300 {
		var all []*rec
		for i := range r.IntN(400) {
			fields := map[string]any{"name": "a"}
			if r.IntN(4) > 0 {
				fields["position"] = r.Int64N(30)
			}
			a := &rec{id: network.ID(fmt.Sprintf("%03d", i))}
			d := &drafter{}
			if err := errors.Join(d.setAll(fields, activity), d.finish(a, activity, 1)); err != nil {
				t.Fatal(err)
			}
			all = append(all, a)
		}
		c := &store.Collection{Rows: true, Limit: r.IntN(12), More: r.IntN(2) == 0, Backward: r.IntN(2) == 0,
			Order: []store.Order{{Field: activity.Field("position"), Desc: r.IntN(2) == 0}}}
		for _, cursor := range []**store.Cursor{&c.After, &c.Before} {
			if r.IntN(2) == 0 {
				continue
			}
			*cursor = &store.Cursor{Keys: []any{nil}, ID: network.ID(fmt.Sprintf("%03d", r.IntN(400)))}
			if r.IntN(3) > 0 {
				(*cursor).Keys[0] = r.Int64N(30)
			}
		}
		want, wantOther := wholeList(all, c)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got, gotOther := pageOf(all, c)
		if !slices.Equal(got, want) || gotOther != wantOther {
			t.Fatalf("round %d, %+v\ngot  %v %t\nwant %v %t", n, c, got, gotOther, want, wantOther)
		}
	}
}

func pageOf(all []*rec, c *store.Collection) ([]network.ID, bool) {
	p := (&run{}).pagerFor(c)
	for _, a := range all {
		p.add(member{r: a})
	}
	var ids []network.ID
	for _, it := range p.done() {
		ids = append(ids, it.r.id)
	}
	return ids, p.other
}

// wholeList is the definition: sort, cut at the cursors, take the page.
func wholeList(all []*rec, c *store.Collection) (ids []network.ID, other bool) {
	activity := network.MustKind("Activity")
	place := func(r *rec) (int64, int64, bool) {
		v, ok := r.at(activity.Field("position").Slot()).(int64)
		if c.Order[0].Desc {
			return v, -v, ok
		}
		return v, v, ok
	}
	key := func(ok bool, v int64, id network.ID) string {
		if !ok {
			return "z" + string(id)
		}
		return fmt.Sprintf("a%05d%s", v+1000, id)
	}
	cursorKey := func(at *store.Cursor) string {
		v, ok := at.Keys[0].(int64)
		if c.Order[0].Desc {
			v = -v
		}
		return key(ok, v, at.ID)
	}
	var keys []string
	for _, r := range all {
		_, v, ok := place(r)
		keys = append(keys, key(ok, v, r.id))
	}
	slices.Sort(keys)
	if c.After != nil {
		i, hit := slices.BinarySearch(keys, cursorKey(c.After))
		if hit {
			i++
		}
		other = other || !c.Backward && i > 0
		keys = keys[i:]
	}
	if c.Before != nil {
		// Rows before After count as rows before Before, not at or after it.
		i := 0
		for i < len(keys) && keys[i] < cursorKey(c.Before) {
			i++
		}
		if c.Backward {
			other = slices.ContainsFunc(all, func(r *rec) bool {
				_, v, ok := place(r)
				return key(ok, v, r.id) >= cursorKey(c.Before)
			})
		}
		keys = keys[:i]
	}
	need := c.Limit
	if c.More {
		need++
	}
	if c.Limit > 0 && len(keys) > need {
		if c.Backward {
			keys = keys[len(keys)-need:]
		} else {
			keys = keys[:need]
		}
	}
	for _, k := range keys {
		ids = append(ids, network.ID(k[len(k)-3:]))
	}
	return ids, other
}

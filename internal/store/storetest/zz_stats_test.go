package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

func TestStats(t *testing.T) {
	s := memory.New(memory.Options{})
	r := rand.New(rand.NewPCG(1, 0))
	d := &duel{t: t, r: r, a: s, b: memory.New(memory.Options{})}
	ids := d.load(1)
	fmt.Println(len(ids))
	c := map[string]int{}
	for n := range 3000 {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		p := RandomPlan(r, ids)
		res, err := s.Fetch(context.Background(), p)
		root := p.Roots[0]
		switch {
		case err != nil:
			c["err "+string(network.CodeOf(err))]++
		case root.Single:
			c[fmt.Sprint("single nil=", res.Values[0] == nil)]++
		case len(root.Group) > 0:
			c[fmt.Sprint("group empty=", len(res.Values[0].([]any)) == 0)]++
		case !root.Rows:
			c["count"]++
		default:
			rows := res.Values[0].([]any)[0].([]any)
			switch {
			case len(rows) == 0:
				c["rows 0"]++
			case len(rows) < 3:
				c["rows 1-2"]++
			default:
				c["rows 3+"]++
			}
		}
	}
	fmt.Println(c)
}

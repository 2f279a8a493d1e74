package rolemap

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

// Whatever is drawn is drawn from few values, so that it meets: the same people,
// days next to each other, equal scores.

func drawID(t *rapid.T, prefix string, of int, label string) network.ID {
	return network.ID(fmt.Sprintf("%s%d", prefix, rapid.IntRange(1, of).Draw(t, label)))
}

func drawIDs(t *rapid.T, prefix string, of int, label string) []network.ID {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) network.ID { return drawID(t, prefix, of, label) }), 0, of, rapid.ID[network.ID]).Draw(t, label)
}

// numbered gives n things an ID of their own, in an order that is not theirs.
func numbered[T any](n int, prefix string, make func(id network.ID) T) []T {
	out := []T{}
	for i := range n {
		out = append(out, make(network.ID(fmt.Sprintf("%s%02d", prefix, (i*7+3)%23))))
	}
	return out
}

var someDates = []string{"", "unknown", "2020-04-01", "2021-02-01", "2023-04-01", "2023", "FY2023", "2024-01-31", "2024-02-01", "2024-02-02", "2024-02", "2024-03", "2024-04-01", "2024-05-02", "FY2024", "2030-01-01"}

func drawDate(t *rapid.T, label string) network.PartialDate {
	return network.MustPartialDate(rapid.SampledFrom(someDates).Draw(t, label))
}

func drawSpan(t *rapid.T) network.Span {
	return network.Span{From: drawDate(t, "from"), Until: drawDate(t, "until")}
}

func drawRole(t *rapid.T, id network.ID) Role {
	r := Role{ID: id, Status: rapid.SampledFrom([]string{"AGREED", "AGREED", "DISPUTED", "PROPOSED"}).Draw(t, "status")}
	r.Responsibility = rapid.SampledFrom([]string{"RESPONSIBLE", "ACCOUNTABLE", "CONSULTED", "INFORMED"}).Draw(t, "responsibility")
	return r
}

func drawPlaced(t *rapid.T, id network.ID) Placed {
	r := drawRole(t, id)
	if rapid.IntRange(0, 4).Draw(t, "function") == 0 {
		r.Responsibility, r.Function = "", "SECRETARIAT"
		return Placed{Role: r}
	}
	return Placed{Role: r, Activity: drawID(t, "activity", 4, "activity")}
}

// shuffled is the same in another order.
func shuffled[T any](t *rapid.T, items []T) []T {
	if len(items) == 0 {
		return items
	}
	return rapid.Permutation(items).Draw(t, "order")
}

// sameInAnyOrder fails unless the answer to a random question stays the same when
// the question lists the same things in another order.
func sameInAnyOrder[In, Out any](t *testing.T, draw func(*rapid.T) In, shuffle func(*rapid.T, In) In, answer func(In) Out) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		want := answer(in)
		if got := answer(shuffle(t, in)); !reflect.DeepEqual(got, want) {
			t.Fatalf("the answer depends on the order of the input:\n%+v\n%+v", want, got)
		}
	})
}

// drawInput draws a division of which each role has an ID of its own.
func drawInput(t *rapid.T) Input {
	n := 0
	roles := func(label string, activity bool) []Role {
		var out []Role
		for range rapid.IntRange(0, 3).Draw(t, label) {
			n++
			r := drawRole(t, network.ID(fmt.Sprintf("r%02d", n)))
			if !activity {
				r.Responsibility, r.Function = "", rapid.SampledFrom([]string{"IMPLEMENTER", "SECRETARIAT", "SCREENER"}).Draw(t, "function")
			}
			r.Holder = Holder{ID: drawID(t, "x", 4, "holder"), Vacant: rapid.IntRange(0, 4).Draw(t, "vacant") == 0}
			if r.Holder.Body = r.Holder.ID; rapid.IntRange(0, 4).Draw(t, "unseen") == 0 {
				r.Holder.Body = ""
			}
			out = append(out, r)
		}
		return out
	}
	in := Input{InitiativeType: rapid.SampledFrom([]string{"PROGRAMME", "GRANT"}).Draw(t, "type"), Functions: roles("functions", false), Parties: drawIDs(t, "x", 4, "parties")}
	for _, id := range drawIDs(t, "activity", 4, "activities") {
		in.Activities = append(in.Activities, Activity{ID: id, Type: rapid.SampledFrom([]string{"", "PLANNING", "BUDGETING"}).Draw(t, "work"), Roles: roles("roles", true)})
	}
	return in
}

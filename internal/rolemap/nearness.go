package rolemap

// Way is how far a candidate is from the one who asks: the cost of the cheapest
// chain of introductions (internal/analysis), in the points of that scale.
type Way struct {
	Known bool // there is a chain
	Cost  float64
	Hops  int
}

// The reach of an introduction. Nobody further away than FarHops ties is looked
// for; each costs at least 20 points, so what lies beyond costs FarCost or more
// and earns nothing anyway.
const (
	FarHops = 4
	FarCost = 80
)

// nearness is 1 for no distance, 0 from FarCost on: (1 − cost/FarCost)².
//
// It is convex and falls to 0 with slope 0. So a tie that brings a candidate
// nearer earns that candidate at least as many points as it earns anybody
// reached through them: a warmer tie to a candidate never lowers their rank.
func (w Way) nearness() float64 {
	if !w.Known || w.Cost >= FarCost {
		return 0
	}
	d := 1 - w.Cost/FarCost
	return d * d
}

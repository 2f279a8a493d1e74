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
// Costs are whole and whoever is reached through somebody is 20 points further,
// which leaves more of a difference than the rounding to hundredths can take.
func (w Way) nearness() float64 {
	if !w.Known || w.Cost >= FarCost {
		return 0
	}
	d := 1 - w.Cost/FarCost
	return d * d
}

// near is the reason that nearness gives, worth up to most points.
func (rs *reasons) near(w Way, most float64) {
	points := most * w.nearness()
	switch {
	case !w.Known:
		rs.add("NO_INTRODUCTION", 0, Text{"nobody on the map can introduce you", "紹介してくれる人が見つかりません"})
	case w.Hops == 0:
		rs.add("NEAR", points, Text{"is of your own house", "同じ組織の中の人です"})
	case w.Hops == 1:
		rs.add("NEAR", points, Text{"you are tied to them", "直接の関係があります"})
	default:
		rs.add("NEAR", points, textOf(w.Hops-1, "can be reached through %d other", "can be reached through %d others", "間に%d者を立てて紹介してもらえます"))
	}
}

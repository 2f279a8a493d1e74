package analysis

import "github.com/musubi-map/musubi/internal/network"

// Tie is one tie between two nodes as asking sees it. A and B are node numbers,
// in either order: one can ask along a tie both ways, whatever its direction.
type Tie struct {
	ID          network.ID
	Kind        string // of network.TieKinds
	A, B        int32
	Strength    int8 // 1 to 5, 0 for unknown
	LastContact network.PartialDate
	Status      string // of network.StatusEnum, "" for unknown
	Confidence  string // of network.ConfidenceEnum, "" for unknown
	DoNotAsk    bool   // never ask along it
}

// Cost is what it costs to ask, in points: the warmer the tie, the less. A path
// costs the sum over its ties. One tie costs [MinCost] to [MaxCost].
type Cost int32

// The bounds of what one tie costs.
const (
	MinCost = costAsking
	MaxCost = costAsking + costUnknownKind + 16 + 16 + 12 + 4
)

const (
	// costAsking is paid for every tie, however warm: each go-between is a
	// favour asked. Two of the warmest ties cost more than a single personal
	// one with a mere acquaintance (strength 1) in good standing.
	costAsking      Cost = 20
	costUnknownKind Cost = 22
)

// costOfKind orders the kinds from personal to structural. A kind that is not
// listed costs as much as the dearest.
var costOfKind = map[string]Cost{
	"KNOWS":             0,
	"COLLABORATES_WITH": 4,
	"CONSULTS":          4,
	"ADVISES":           4,
	"REFERS_TO":         4,
	"SUPPORTS":          6,
	"HOSTS":             8,
	"EMPLOYS":           8,
	"COMMISSIONS":       10,
	"OPERATES":          10,
	"FUNDS":             12,
	"MEMBER_OF":         14,
	"PART_OF":           18,
	"SUPERVISES":        18,
	"ESTABLISHED_BY":    costUnknownKind,
}

// costOfStrength is indexed by strength; unknown costs as much as 2.
var costOfStrength = [...]Cost{12, 16, 12, 8, 4, 0}

// costOfAge gives the steps of freshness, in days since the last contact.
var costOfAge = []struct {
	days int32
	cost Cost
}{{90, 0}, {365, 3}, {2 * 365, 6}, {3 * 365, 9}, {5 * 365, 12}}

const (
	costOlder      Cost = 16 // than the last step
	costUnknownAge Cost = 12
)

// Warmth says where the cost of one tie comes from, part by part, so that a
// hop can be explained.
type Warmth struct {
	Asking    Cost // the same for every tie
	Kind      Cost // personal kinds cost less than structural ones
	Strength  Cost
	Freshness Cost // by the days since the last contact
	Standing  Cost // by status and confidence
}

// Cost is the sum of the parts.
func (w Warmth) Cost() Cost { return w.Asking + w.Kind + w.Strength + w.Freshness + w.Standing }

// WarmthOf is the cost of asking along a tie on a day, from the table in
// docs/analysis-formulas.md. It falls, or stays, as the tie gets stronger, its
// last contact later, its status and confidence better, its kind more personal.
//
// A coarse last contact counts as the first day of its period, the cautious
// reading. One after the day counts as fresh: fields other than dated records
// hold their present value, and a tie that was still used later was alive.
// DoNotAsk is not looked at: [NewNet] leaves such ties out.
func WarmthOf(t Tie, on network.Date) Warmth {
	kind, known := costOfKind[t.Kind]
	if !known {
		kind = costUnknownKind
	}
	return Warmth{
		Asking:    costAsking,
		Kind:      kind,
		Strength:  costOfStrength[min(max(t.Strength, 0), 5)],
		Freshness: freshness(t.LastContact, on),
		Standing:  standing(t.Status, t.Confidence),
	}
}

func freshness(last network.PartialDate, on network.Date) Cost {
	if last.IsZero() || last.Precision() == network.PrecisionUnknown {
		return costUnknownAge
	}
	age := int32(on - last.Earliest())
	for _, step := range costOfAge {
		if age <= step.days {
			return step.cost
		}
	}
	return costOlder
}

// standing counts an unknown status as REPORTED, an unknown confidence as MEDIUM.
func standing(status, confidence string) Cost {
	c := Cost(4)
	switch status {
	case "CONFIRMED":
		c = 0
	case "DISPUTED":
		c = 12
	}
	switch confidence {
	case "HIGH":
		return c
	case "LOW":
		return c + 4
	}
	return c + 2
}

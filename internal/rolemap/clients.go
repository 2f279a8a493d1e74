package rolemap

import (
	"cmp"
	"maps"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// ClientNeed is an open need that a consultant might meet.
type ClientNeed struct {
	Need, Client network.ID
	Fit          Fit // of the consultant's topics to the need's
	Serves       AreaFit
	Links        []Link
	Way          Way
}

// Client is who could use a consultant.
type Client struct {
	ID      network.ID
	Score   float64
	Reasons []Reason // most points first
}

// clientPoints are the points of MatchClients: see docs/rankings.md. Those of
// NEEDS are multiplied with the fit of the topic, those of NEAR with the
// nearness.
var clientPoints = map[string]float64{"NEEDS": 40, "SERVES_AREA": 18, "SERVES_PART": 8, "NEAR": 30}

// MatchClients ranks who could use the consultant on a day, by score, then by
// ID. A client bound to the consultant within the years is left out. A client
// is counted once, with its best need; of equally good ones that with the
// smallest ID. The score is the sum of the reasons.
func MatchClients(needs []ClientNeed, on network.Date, independence int) []Client {
	needs = slices.SortedFunc(slices.Values(needs), func(a, b ClientNeed) int { return cmp.Compare(a.Need, b.Need) })
	best := map[network.ID]Client{}
	for _, n := range needs {
		if len(binding(n.Links, on, independence)) > 0 {
			continue
		}
		found := n.reasons()
		c := Client{ID: n.Client, Score: found.sum(), Reasons: found}
		if was, known := best[c.ID]; !known || c.Score > was.Score {
			best[c.ID] = c
		}
	}
	return slices.SortedFunc(maps.Values(best), func(a, b Client) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
}

func (n ClientNeed) reasons() reasons {
	var out reasons
	out.add("NEEDS", clientPoints["NEEDS"]*n.Fit.weight(), Text{"needs something on their topics", "専門分野で「お困りごと」があります"}, n.Need)
	switch n.Serves {
	case CoversIt, SameArea:
		out.add("SERVES_AREA", clientPoints["SERVES_AREA"], Text{"lies where they work", "活動地域にあります"})
	case PartOfIt:
		out.add("SERVES_PART", clientPoints["SERVES_PART"], Text{"lies partly where they work", "一部が活動地域にあります"})
	}
	out.near(n.Way, clientPoints["NEAR"])
	return out
}

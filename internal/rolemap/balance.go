package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Topic is a topic with what is needed and offered on it, as of a day.
type Topic struct {
	ID, Broader   network.ID
	Needs, Offers []network.ID
}

// Balance is a topic with what is needed against what is offered.
type Balance struct {
	Topic         network.ID
	Needs, Offers []network.ID
	// Near are the offers on topics above and below it, in order of ID.
	Near []network.ID
	// Unmet tells of needs without any offer on the topic itself.
	Unmet bool
}

// TopicBalance lists the topics with a need or an offer: unmet ones first, then
// those with most needs over offers, then by ID.
func TopicBalance(topics []Topic) []Balance {
	at := map[network.ID]int{}
	for i, t := range topics {
		at[t.ID] = i
	}
	near := make([][]network.ID, len(topics))
	for i, t := range topics {
		above := map[int]bool{i: true} // where topics go in a circle, it is walked once
		for up, known := at[t.Broader]; known && !above[up]; up, known = at[topics[up].Broader] {
			above[up] = true
			near[i] = append(near[i], topics[up].Offers...)
			near[up] = append(near[up], t.Offers...)
		}
	}
	var out []Balance
	for i, t := range topics {
		if len(t.Needs)+len(t.Offers) == 0 {
			continue
		}
		out = append(out, Balance{t.ID, t.Needs, t.Offers, inOrder(near[i]), len(t.Needs) > 0 && len(t.Offers) == 0})
	}
	slices.SortFunc(out, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(count(b.Unmet), count(a.Unmet)), cmp.Compare(b.over(), a.over()), cmp.Compare(a.Topic, b.Topic))
	})
	return out
}

func (b Balance) over() int { return len(b.Needs) - len(b.Offers) }

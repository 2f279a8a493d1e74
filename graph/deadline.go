package graph

import (
	"context"
	"errors"

	"github.com/musubi-map/musubi/internal/network"
)

const (
	narrowNetwork = "narrow the filter (kinds, tieKinds, minStrength, within)"
	askAgain      = "; what was finished is kept, so that asking again goes on from there"
	narrowList    = "ask for fewer at a time (first), for fewer lists within lists, or narrow the filter"
)

// narrower says of each root field what to do when it cannot be answered in time.
var narrower = map[string]string{
	"network":          narrowNetwork + ", ask for fewer measures at a time, or have betweenness estimated with pivots" + askAgain,
	"networkDiff":      narrowNetwork + ", or take days nearer to each other" + askAgain,
	"dependence":       narrowNetwork + ", or give fewer dates" + askAgain,
	"whatIf":           narrowNetwork + ", or remove fewer at a time" + askAgain,
	"coverage":         narrowNetwork + ", of and by" + askAgain,
	"suggestedTies":    narrowNetwork + ", from and to",
	"neighborhood":     "ask for fewer hops or centers, or narrow ties, minStrength and kinds",
	"introductions":    "ask for fewer ways (first) or a lower maxHops",
	"whoToAsk":         "ask about a narrower topic, or for fewer (first)",
	"matchConsultants": "ask about a narrower topic, or for fewer (first)",
	"matchClients":     "ask for fewer (first)",
	"interlocks":       "narrow bodies",
	"roleCoverage":     "give fewer dates, or narrow the filter",
	"continuityRisks":  "name an initiative, or fewer days (within)",
	"dueHearings":      "name an initiative",
	"topicBalance":     "name a topic or an area",
	"changes":          "ask for fewer at a time (first), or name a record (of)",
	"search":           "ask for fewer at a time (first), or name the kinds",
	"nodes":            "ask for fewer ids, or for fewer lists within lists",

	"stakeholderCounts": "narrow the filter, or count by fewer dimensions or dates",
	"tieCounts":         "narrow the filter, or count by fewer dimensions or dates",
}

// late adds to the error of a root field that could not be answered in time what
// to do about it; others it gives as they are.
func late(err error, field string) error {
	var typed *network.Error
	switch {
	case errors.As(err, &typed) && typed.Code == network.Timeout:
	case errors.Is(err, context.DeadlineExceeded):
		typed = network.Errorf(network.Timeout, "the time limit passed")
	default:
		return err
	}
	do := narrower[field]
	if do == "" {
		do = narrowList
	}
	return network.Errorf(network.Timeout, "%s: %s", typed.Message, do).At(typed.Path...)
}

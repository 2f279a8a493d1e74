package rolemap

import (
	"cmp"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// OnTopic is a record on a topic asked for: a specialty or an offer.
type OnTopic struct {
	Record network.ID
	Fit    Fit
}

// AreaFit says how the areas a consultant works in lie to the one asked for.
type AreaFit uint8

// The fits.
const (
	Elsewhere AreaFit = iota
	PartOfIt          // a part of the area
	CoversIt          // an area that it lies in
	SameArea          // the area itself
)

// Link is what binds a consultant to an organisation: an employment, a
// membership, a post.
type Link struct {
	Record network.ID
	Span   network.Span
}

// Consultant is a registered career consultant as the matching sees them. What
// the viewer may not read is left empty.
type Consultant struct {
	ID           network.ID
	Specialties  []OnTopic
	Offers       []OnTopic // in force on the day
	Serves       AreaFit
	Regions      bool // it is known where they work
	Lives        bool // in the area
	Moved        bool // lives in another prefecture than they come from
	FromArea     bool // comes from the area
	Expires      network.PartialDate
	Availability []string // their own text, and those of their offers
	Links        []Link   // to the client
	Way          Way      // from the client, or whoever asks
}

// Need is what a consultant is wanted for.
type Need struct {
	Topics       bool // topics are given: without one that fits nobody is listed
	Area         bool // an area is given
	On           network.Date
	Independence int    // years without a link to the client
	Availability string // 平日, 土日, …; "" for any
	Migrant      bool   // support for people who move in: own experience counts
}

// Match is a consultant with the reasons of the score.
type Match struct {
	Consultant
	Score   float64
	Reasons []Reason // most points first
}

// Excluded is a consultant on the topic who must not be asked, and why.
type Excluded struct {
	ID     network.ID
	Reason Reason
}

// matchPoints are the points of MatchConsultants: see docs/rankings.md. Those of
// SPECIALTY and OFFERS are multiplied with the fit of the topic, those of NEAR
// with the nearness, and who is free on some days a month only has half of
// AVAILABLE.
var matchPoints = map[string]float64{
	"SPECIALTY":            32,
	"OFFERS":               12,
	"SERVES_AREA":          18,
	"SERVES_AROUND":        12,
	"SERVES_PART":          8,
	"OTHER_AREA":           0,
	"LIVES_THERE":          10,
	"FROM_AREA":            4,
	"AVAILABLE":            10,
	"MOVED":                8,
	"LICENCE_EXPIRES_SOON": -3,
	"NEAR":                 30,
}

// soonMonths is how long before its end a registration expires soon.
const soonMonths = 3

// MatchConsultants ranks who fits: by score, then by ID. Left out, with the
// reason, are those on the topic whose licence is not valid on the day, who are
// or within the years were bound to the client, who work in other areas only, or
// who are not free. Those on none of the topics are not mentioned. The score is
// the sum of the reasons.
//
// A tie from the client that brings a consultant nearer never lowers their rank.
func MatchConsultants(need Need, consultants []Consultant) ([]Match, []Excluded) {
	var matches []Match
	var out []Excluded
	for _, c := range consultants {
		if need.Topics && len(c.Specialties)+len(c.Offers) == 0 {
			continue
		}
		if barred := c.barred(need); len(barred) > 0 {
			out = append(out, Excluded{c.ID, barred[0]})
			continue
		}
		found := c.reasons(need)
		matches = append(matches, Match{Consultant: c, Score: found.sum(), Reasons: found})
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(out, func(a, b Excluded) int { return cmp.Compare(a.ID, b.ID) })
	return matches, out
}

// barred is why the consultant must not be asked, the gravest first; empty when
// they may.
func (c Consultant) barred(need Need) reasons {
	var out reasons
	if !c.Expires.IsZero() && c.Expires.End() <= need.On {
		out.add("LICENCE_EXPIRED", 0, Textf("the registration runs out on %[1]s, before the day", "登録の期限（%[2]s）が、その日より前に切れます", c.Expires.Text(), c.Expires.Label()))
	}
	if bound := binding(c.Links, need.On, need.Independence); len(bound) > 0 {
		out.add("NOT_INDEPENDENT", 0, Text{"is, or lately was, bound to the client", "依頼元に所属している、または最近まで所属していました"}, bound...)
	}
	if need.Area && c.Regions && c.Serves == Elsewhere {
		out.add("NOT_IN_AREA", 0, Text{"works in other areas only", "ほかの地域だけで活動しています"})
	}
	if c.free(need) == NotFree {
		out.add("NOT_AVAILABLE", 0, Text{"is not free then, by their own word", "本人の記載では、その時期は対応できません"})
	}
	return out
}

// binding lists the links that hold on the day, or did within the years before
// it.
func binding(links []Link, on network.Date, years int) []network.ID {
	lately := network.DateRange{From: on.AddYears(-years), Until: on.AddDays(1)}
	var out []network.ID
	for _, l := range links {
		if l.Span.Overlaps(lately) {
			out = append(out, l.Record)
		}
	}
	return out
}

// free takes the best of what is said in several places, but a plain no counts.
func (c Consultant) free(need Need) AvailabilityFit {
	wanted, fit := ParseAvailability(need.Availability), NotSaid
	for _, text := range c.Availability {
		a := ParseAvailability(text)
		if a.Inside || a.Closed[need.On.Month()] {
			return NotFree
		}
		if said := a.Fits(wanted, need.On.Month()); said == Free || fit == NotSaid {
			fit = said
		}
	}
	return fit
}

// few tells of somebody who is free on some days a month only.
func (c Consultant) few() bool {
	return slices.ContainsFunc(c.Availability, func(text string) bool { return ParseAvailability(text).Few })
}

// reasons are what speaks for and against a consultant who may be asked.
func (c Consultant) reasons(need Need) reasons {
	var out reasons
	if best, ok := bestFit(c.Specialties); ok {
		out.add("SPECIALTY", matchPoints["SPECIALTY"]*best.Fit.weight(), [...]Text{
			{"this is their specialty", "専門分野です"}, {"a part of it is their specialty", "専門分野がこの分野の一部です"}, {"their specialty is broader", "専門分野はより広い分野です"}}[best.Fit], best.Record)
	}
	if best, ok := bestFit(c.Offers); ok {
		out.add("OFFERS", matchPoints["OFFERS"]*best.Fit.weight(), Text{"offers it now", "「できること」に挙げています"}, best.Record)
	}
	if need.Area {
		c.placed(&out)
	}
	if need.Availability != "" && c.free(need) == Free {
		share := 1.0
		if c.few() {
			share = 0.5
		}
		out.add("AVAILABLE", matchPoints["AVAILABLE"]*share, Text{"is free then, by their own word", "本人の記載では、その時期に対応できます"})
	}
	if need.Migrant && c.Moved {
		out.add("MOVED", matchPoints["MOVED"], Text{"has moved between prefectures themselves", "自身も県をまたいで移り住んだ経験があります"})
	}
	if day := c.Expires.Earliest(); day > network.MinDate && day <= need.On.AddMonths(soonMonths) {
		out.add("LICENCE_EXPIRES_SOON", matchPoints["LICENCE_EXPIRES_SOON"], Textf("the registration runs out on %[1]s", "登録の期限（%[2]s）が近づいています", c.Expires.Text(), c.Expires.Label()))
	}
	out.near(c.Way, matchPoints["NEAR"])
	return out
}

// placed says how the consultant is placed in the area.
func (c Consultant) placed(out *reasons) {
	say := func(rule string, text Text) { out.add(rule, matchPoints[rule], text) }
	switch c.Serves {
	case SameArea:
		say("SERVES_AREA", Text{"works in the area", "その地域で活動しています"})
	case CoversIt:
		say("SERVES_AROUND", Text{"works in a larger area that it lies in", "その地域を含む広い地域で活動しています"})
	case PartOfIt:
		say("SERVES_PART", Text{"works in a part of the area", "その地域の一部で活動しています"})
	default:
		say("OTHER_AREA", Text{"is not known to work in the area", "その地域で活動しているかは分かりません"})
	}
	switch {
	case c.Lives:
		say("LIVES_THERE", Text{"lives in the area", "その地域に住んでいます"})
	case c.FromArea:
		say("FROM_AREA", Text{"comes from the area", "その地域の出身です"})
	}
}

func bestFit(on []OnTopic) (OnTopic, bool) {
	if len(on) == 0 {
		return OnTopic{}, false
	}
	return slices.MinFunc(on, func(a, b OnTopic) int {
		return cmp.Or(cmp.Compare(a.Fit, b.Fit), cmp.Compare(a.Record, b.Record))
	}), true
}

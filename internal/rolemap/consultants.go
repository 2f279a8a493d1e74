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
	Reasons []Reason
}

// Excluded is a consultant on the topic who must not be asked, and why.
type Excluded struct {
	ID     network.ID
	Reason Reason
}

// matchPoints are the points of MatchConsultants: see docs/rankings.md.
const (
	specialtyPoints   = 32
	offerPoints       = 12
	sameAreaPoints    = 18
	coversAreaPoints  = 12
	partOfAreaPoints  = 8
	livesPoints       = 10
	fromAreaPoints    = 4
	freePoints        = 10
	movedPoints       = 8
	matchNearPoints   = 30
	expiresSoonPoints = -3
	expiresSoonMonths = 3
)

// MatchConsultants ranks who fits: by score, then by ID. Left out, with the
// reason, are those on the topic whose licence is not valid on the day, who are
// or within the years were bound to the client, who work in other areas only, or
// who are not free. Those on
// none of the topics are not mentioned. The score is the sum of the reasons.
func MatchConsultants(need Need, consultants []Consultant) ([]Match, []Excluded) {
	var matches []Match
	var out []Excluded
	for _, c := range consultants {
		if need.Topics && len(c.Specialties)+len(c.Offers) == 0 {
			continue
		}
		if reason := c.barred(need); reason.Rule != "" {
			out = append(out, Excluded{c.ID, reason})
			continue
		}
		m := Match{Consultant: c, Reasons: c.reasons(need)}
		m.Score = total(m.Reasons)
		matches = append(matches, m)
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(out, func(a, b Excluded) int { return cmp.Compare(a.ID, b.ID) })
	return matches, out
}

// barred is why the consultant must not be asked; empty when they may.
func (c Consultant) barred(need Need) Reason {
	if !c.Expires.IsZero() && c.Expires.End() <= need.On {
		return Reason{Rule: "LICENCE_EXPIRED", Text: Textf("the registration runs out on %s, before the day", "登録の期限（%s）が、その日より前に切れます", c.Expires.Text())}
	}
	since := need.On.AddYears(-need.Independence)
	for _, l := range c.Links {
		if l.Span.Overlaps(network.DateRange{From: since, Until: need.On.AddDays(1)}) {
			return Reason{Rule: "NOT_INDEPENDENT", Text: Text{"is, or lately was, bound to the client", "依頼元に所属している、または最近まで所属していました"}, Records: []network.ID{l.Record}}
		}
	}
	if need.Area && c.Regions && c.Serves == Elsewhere {
		return Reason{Rule: "NOT_IN_AREA", Text: Text{"works in other areas only", "ほかの地域だけで活動しています"}}
	}
	if c.free(need) == NotFree {
		return Reason{Rule: "NOT_AVAILABLE", Text: Text{"is not free then, by their own word", "本人の記載では、その時期は対応できません"}}
	}
	return Reason{}
}

// free takes the best of what is said in several places, but a plain no counts.
func (c Consultant) free(need Need) AvailabilityFit {
	wanted, fit := ParseAvailability(need.Availability), NotSaid
	for _, text := range c.Availability {
		a := ParseAvailability(text)
		if a.Inside || a.Closed[need.On.Month()] {
			return NotFree
		}
		switch a.Fits(wanted, need.On.Month()) {
		case Free:
			fit = Free
		case NotFree:
			if fit == NotSaid {
				fit = NotFree
			}
		}
	}
	return fit
}

// freePoints is half for who is free on some days a month only.
func (c Consultant) freePoints() float64 {
	for _, text := range c.Availability {
		if ParseAvailability(text).Few {
			return freePoints / 2
		}
	}
	return freePoints
}

func (c Consultant) reasons(need Need) []Reason {
	var out []Reason
	say := func(rule string, points float64, text Text, records ...network.ID) {
		out = append(out, Reason{rule, points, text, records})
	}
	if best, ok := bestFit(c.Specialties); ok {
		say("SPECIALTY", specialtyPoints*best.Fit.weight(), [...]Text{
			{"this is their specialty", "専門分野です"}, {"a part of it is their specialty", "専門分野がこの分野の一部です"}, {"their specialty is broader", "専門分野はより広い分野です"}}[best.Fit], best.Record)
	}
	if best, ok := bestFit(c.Offers); ok {
		say("OFFERS", offerPoints*best.Fit.weight(), Text{"offers it now", "「できること」に挙げています"}, best.Record)
	}
	switch {
	case !need.Area:
	case c.Serves == SameArea:
		say("SERVES_AREA", sameAreaPoints, Text{"works in the area", "その地域で活動しています"})
	case c.Serves == CoversIt:
		say("SERVES_AROUND", coversAreaPoints, Text{"works in a larger area that it lies in", "その地域を含む広い地域で活動しています"})
	case c.Serves == PartOfIt:
		say("SERVES_PART", partOfAreaPoints, Text{"works in a part of the area", "その地域の一部で活動しています"})
	default:
		say("OTHER_AREA", 0, Text{"is not known to work in the area", "その地域で活動しているかは分かりません"})
	}
	switch {
	case need.Area && c.Lives:
		say("LIVES_THERE", livesPoints, Text{"lives in the area", "その地域に住んでいます"})
	case need.Area && c.FromArea:
		say("FROM_AREA", fromAreaPoints, Text{"comes from the area", "その地域の出身です"})
	}
	if need.Availability != "" && c.free(need) == Free {
		say("AVAILABLE", c.freePoints(), Text{"is free then, by their own word", "本人の記載では、その時期に対応できます"})
	}
	if need.Migrant && c.Moved {
		say("MOVED", movedPoints, Text{"has moved between prefectures themselves", "自身も県をまたいで移り住んだ経験があります"})
	}
	if !c.Expires.IsZero() && c.Expires.Earliest() <= need.On.AddMonths(expiresSoonMonths) {
		say("LICENCE_EXPIRES_SOON", expiresSoonPoints, Textf("the registration runs out on %s", "登録の期限（%s）が近づいています", c.Expires.Text()))
	}
	near := c.Way.reason()
	near.Points = matchNearPoints * c.Way.nearness()
	out = append(out, near)
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return out
}

func bestFit(on []OnTopic) (OnTopic, bool) {
	if len(on) == 0 {
		return OnTopic{}, false
	}
	return slices.MinFunc(on, func(a, b OnTopic) int {
		return cmp.Or(cmp.Compare(a.Fit, b.Fit), cmp.Compare(a.Record, b.Record))
	}), true
}

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
	Reasons []Reason
}

// MatchClients ranks who could use the consultant on a day, by score, then by
// ID. A client bound to the consultant within the years is left out. A client
// is counted once, with its best need:
//
//	NEEDS        40 × the fit of the topic
//	SERVES_AREA  18, SERVES_PART 12
//	NEAR         up to 24
func MatchClients(needs []ClientNeed, on network.Date, independence int) []Client {
	best := map[network.ID]Client{}
	for _, n := range needs {
		bound := slices.ContainsFunc(n.Links, func(l Link) bool {
			return l.Span.Overlaps(network.DateRange{From: on.AddYears(-independence), Until: on.AddDays(1)})
		})
		if bound {
			continue
		}
		c := Client{ID: n.Client, Reasons: []Reason{{"NEEDS", 40 * n.Fit.weight(), Text{"needs something on their topics", "専門分野で「お困りごと」があります"}, []network.ID{n.Need}}}}
		switch n.Serves {
		case CoversIt, SameArea:
			c.Reasons = append(c.Reasons, Reason{Rule: "SERVES_AREA", Points: sameAreaPoints, Text: Text{"lies where they work", "活動地域にあります"}})
		case PartOfIt:
			c.Reasons = append(c.Reasons, Reason{Rule: "SERVES_PART", Points: partOfAreaPoints, Text: Text{"lies partly where they work", "一部が活動地域にあります"}})
		}
		near := n.Way.reason()
		near.Points = matchNearPoints * n.Way.nearness()
		c.Reasons = append(c.Reasons, near)
		c.Score = total(c.Reasons)
		if was, known := best[c.ID]; !known || c.Score > was.Score {
			best[c.ID] = c
		}
	}
	out := make([]Client, 0, len(best))
	for _, c := range best {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Client) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return out
}

package rolemap

import (
	"maps"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Availability is when somebody can take on work, read from what they wrote:
// 平日夜・土日, 10月は平日可, 平日（10月は不可）, オンライン, 社内のみ. What it does
// not say stays open.
type Availability struct {
	// Closed are months that are ruled out, 1 to 12.
	Closed map[int]bool
	// Parts are what is said to be possible, Never what is ruled out in every
	// month: WEEKDAY, WEEKEND, EVENING, ONLINE.
	Parts, Never map[string]bool
	// Inside: only within their own organisation. Few: some days a month only.
	Inside, Few bool
}

// said are the parts by the words that are used for them, folded.
var said = map[string]string{
	"平日": "WEEKDAY", "土日": "WEEKEND", "週末": "WEEKEND", "土曜": "WEEKEND", "日曜": "WEEKEND",
	"夜": "EVENING", "夕方": "EVENING", "オンライン": "ONLINE", "ZOOM": "ONLINE", "リモート": "ONLINE",
}

const (
	words = `平日|土日|週末|土曜|日曜|夜|夕方|オンライン|ZOOM|リモート`
	no    = `(?:不可|休み|休止|無理)`
)

var (
	// 月6日まで, 月に1回; not the date 10月6日.
	fewDays     = regexp.MustCompile(`(?:^|[^\d])月に?\d+[日回]`)
	closedMonth = regexp.MustCompile(`(\d+)月は?` + no)
	// 土日は不可, 平日・夜以外: what is named to rule it out; 10月は平日不可 in a month
	// only.
	ruledOut = regexp.MustCompile(`(\d+月[はの]?)?((?:(?:` + words + `)[・と]?)+)(?:[はもを]?(?:` + no + `|除く)|以外)`)
	anyWord  = regexp.MustCompile(words)
)

// ParseAvailability reads a text; it never fails. What is named only to rule it
// out is not taken as possible.
func ParseAvailability(text string) Availability {
	text = strings.ToUpper(norm.NFKC.String(text))
	a := Availability{Closed: map[int]bool{}, Never: map[string]bool{}, Inside: strings.Contains(text, "社内のみ"), Few: fewDays.MatchString(text)}
	for _, m := range closedMonth.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= 12 {
			a.Closed[n] = true
		}
	}
	for _, m := range ruledOut.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			maps.Copy(a.Never, partsIn(m[2]))
		}
	}
	a.Parts = partsIn(ruledOut.ReplaceAllString(text, " "))
	return a
}

func partsIn(text string) map[string]bool {
	out := map[string]bool{}
	for _, word := range anyWord.FindAllString(text, -1) {
		out[said[word]] = true
	}
	return out
}

// AvailabilityFit says whether somebody is free when wanted.
type AvailabilityFit uint8

// The fits.
const (
	NotSaid AvailabilityFit = iota
	Free
	NotFree
)

// Fits holds what is offered against what is wanted in a month (1 to 12): not
// free in a closed month or inside only; free when one wanted part is offered;
// else not free when all that is wanted is ruled out, or when days are wanted
// and only other days are offered.
func (a Availability) Fits(wanted Availability, month int) AvailabilityFit {
	if a.Inside || a.Closed[month] {
		return NotFree
	}
	never := len(wanted.Parts) > 0
	for part := range wanted.Parts {
		if a.Parts[part] {
			return Free
		}
		never = never && a.Never[part]
	}
	if never || wanted.days() && a.days() {
		return NotFree
	}
	return NotSaid
}

// days tells whether it says on which days, or in the evening.
func (a Availability) days() bool {
	return a.Parts["WEEKDAY"] || a.Parts["WEEKEND"] || a.Parts["EVENING"]
}

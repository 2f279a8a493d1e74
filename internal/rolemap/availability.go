package rolemap

import (
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
	// Parts are what is said to be possible: WEEKDAY, WEEKEND, EVENING, ONLINE.
	Parts map[string]bool
	// Inside: only within their own organisation. Few: some days a month only.
	Inside, Few bool
}

var (
	fewDays     = regexp.MustCompile(`月に?\d+[日回]`)
	closedMonth = regexp.MustCompile(`(\d{1,2})月は?(?:不可|休み|休止|無理)`)
	partWords   = map[string][]string{
		"WEEKDAY": {"平日"}, "WEEKEND": {"土日", "週末", "土曜", "日曜"}, "EVENING": {"夜", "夕方"}, "ONLINE": {"オンライン", "ZOOM", "Zoom", "リモート"},
	}
)

// ParseAvailability reads a text; it never fails.
func ParseAvailability(text string) Availability {
	text = norm.NFKC.String(text)
	a := Availability{Closed: map[int]bool{}, Parts: map[string]bool{}, Inside: strings.Contains(text, "社内のみ"), Few: fewDays.MatchString(text)}
	for _, m := range closedMonth.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			a.Closed[n] = true
		}
	}
	for part, words := range partWords {
		for _, w := range words {
			a.Parts[part] = a.Parts[part] || strings.Contains(text, w)
		}
		if !a.Parts[part] {
			delete(a.Parts, part)
		}
	}
	return a
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
// free in a closed month, inside only, or when days are wanted and only other
// days are offered; free when one wanted part is offered.
func (a Availability) Fits(wanted Availability, month int) AvailabilityFit {
	if a.Inside || a.Closed[month] {
		return NotFree
	}
	days := func(x Availability) bool { return x.Parts["WEEKDAY"] || x.Parts["WEEKEND"] || x.Parts["EVENING"] }
	for part := range wanted.Parts {
		if a.Parts[part] {
			return Free
		}
	}
	if days(wanted) && days(a) {
		return NotFree
	}
	return NotSaid
}

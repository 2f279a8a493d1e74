package network

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// era is a Japanese era (元号). Its year n is the calendar year base+n.
type era struct {
	name   string
	letter byte
	start  Date
	base   int
}

var eras = [...]era{
	{"明治", 'M', MustDate("1868-10-23"), 1867},
	{"大正", 'T', MustDate("1912-07-30"), 1911},
	{"昭和", 'S', MustDate("1926-12-25"), 1925},
	{"平成", 'H', MustDate("1989-01-08"), 1988},
	{"令和", 'R', MustDate("2019-05-01"), 2018},
}

// gregorianSince is the day Japan took up the Gregorian calendar. An earlier
// date by era counts months and days of the lunisolar one.
var gregorianSince = MustDate("1873-01-01")

// end is the first day after the era, MaxDate for the present one.
func (e era) end() Date {
	for i := range len(eras) - 1 {
		if eras[i].letter == e.letter {
			return eras[i+1].start
		}
	}
	return MaxDate
}

// yearLabel is the name of the era's year n: 令和元年, 令和2年.
func (e era) yearLabel(n int) string {
	if n == 1 {
		return e.name + "元年"
	}
	return e.name + strconv.Itoa(n) + "年"
}

// eraYear names the year of d by the era d lies in.
func eraYear(d Date) string {
	for i := len(eras) - 1; i >= 0; i-- {
		if e := eras[i]; d >= e.start {
			return e.yearLabel(d.Year() - e.base)
		}
	}
	return strconv.Itoa(d.Year()) + "年"
}

// check refuses a period that shares no day with the era it was named by, and
// one that begins before Japan counted Gregorian days.
func (e era) check(p PartialDate) error {
	if p.start < gregorianSince {
		return Errorf(InvalidDate, "%s lies before 1873, when Japan counted by the moon; give the Gregorian date without an era", p.Text())
	}
	if p.start < e.end() && e.start < p.End() {
		return nil
	}
	is := eraYear(p.start)
	if p.precision == PrecisionFiscalYear {
		is = p.start.FiscalYear().Label()
	}
	if p.start < e.start {
		return Errorf(InvalidDate, "%s is %s; %s begins %s", p.Text(), is, e.name, e.start)
	}
	return Errorf(InvalidDate, "%s is %s; %s ended %s", p.Text(), is, e.name, e.end().AddDays(-1))
}

// unit says what follows the year in a written date.
type unit uint8

const (
	unitNone       unit = iota // a bare number: 2027, R9
	unitYear                   // 年
	unitFiscalYear             // 年度, FY
)

// writtenDate is a date in the parts it was written in, not yet checked.
type writtenDate struct {
	era        int // index in eras, -1 for the common era
	year       int // of the era
	unit       unit
	month, day int // 0 when not given
}

// partial is the period written, or an InvalidDate error when there is none or
// it lies outside its era.
func (w writtenDate) partial() (PartialDate, error) {
	year := w.year
	if w.era >= 0 {
		year += eras[w.era].base
	}
	if err := checkDay(year, max(w.month, 1), max(w.day, 1)); err != nil {
		return PartialDate{}, err
	}
	var p PartialDate
	switch {
	case w.unit == unitFiscalYear:
		p = InFiscalYear(FiscalYear(year))
	case w.day > 0:
		p = Day(civilDate(year, w.month, w.day))
	case w.month > 0:
		p = MonthOf(year, w.month)
	default:
		p = YearOf(year)
	}
	if w.era >= 0 {
		if err := eras[w.era].check(p); err != nil {
			return PartialDate{}, err
		}
	}
	return p, nil
}

// maxDateText bounds, in bytes, what is read as a date: none is written longer.
const maxDateText = 120

// scanDate takes a date that plainDate gave apart.
func scanDate(s string) (writtenDate, bool) {
	w := writtenDate{era: -1}
	s, fy := strings.CutPrefix(s, "FY")
	if !fy {
		w.era, s = cutEra(s)
	}
	ok := false
	if w.year, s, ok = cutYear(s, w.era >= 0); !ok {
		return w, false
	}
	switch {
	case fy:
		w.unit = unitFiscalYear
		return w, s == "" || s == "年度"
	case s == "":
		return w, true
	case s == "年度":
		w.unit = unitFiscalYear
		return w, true
	}
	if rest, found := strings.CutPrefix(s, "年"); found {
		w.unit = unitYear
		w.month, w.day, ok = scanMonthDay(rest)
		return w, ok
	}
	sep := s[:1]
	if !strings.Contains("-/.", sep) || len(s) == 1 {
		return w, false
	}
	w.unit = unitYear
	w.month, w.day, ok = scanSeparated(s[1:], sep)
	return w, ok
}

// cutEra cuts the name or letter of an era; the index is -1 without one.
func cutEra(s string) (int, string) {
	for i, e := range eras {
		if rest, ok := strings.CutPrefix(s, e.name); ok {
			return i, rest
		}
		if s != "" && s[0] == e.letter {
			return i, s[1:]
		}
	}
	return -1, s
}

// cutYear cuts the number of the year: four digits, or one to three digits or
// 元 in an era.
func cutYear(s string, inEra bool) (int, string, bool) {
	if rest, ok := strings.CutPrefix(s, "元"); ok && inEra {
		return 1, rest, true
	}
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	year, ok := digits(s[:n])
	if inEra {
		return year, s[n:], ok && n <= 3 && year > 0
	}
	return year, s[n:], ok && n == 4
}

// scanMonthDay reads "", "8月" and "8月22日".
func scanMonthDay(s string) (month, day int, ok bool) {
	if s == "" {
		return 0, 0, true
	}
	m, rest, found := strings.Cut(s, "月")
	month, ok = monthOrDay(m)
	if !found || !ok || rest == "" {
		return month, 0, found && ok
	}
	d, found := strings.CutSuffix(rest, "日")
	day, ok = monthOrDay(d)
	return month, day, found && ok
}

// scanSeparated reads "8" and "8/22".
func scanSeparated(s, sep string) (month, day int, ok bool) {
	m, d, found := strings.Cut(s, sep)
	if month, ok = monthOrDay(m); !ok || !found {
		return month, 0, ok
	}
	day, ok = monthOrDay(d)
	return month, day, ok
}

// monthOrDay reads one or two digits. It refuses 0, which stands for "not
// given" afterwards; that the day exists is checked later.
func monthOrDay(s string) (int, bool) {
	n, ok := digits(s)
	return n, ok && len(s) <= 2 && n > 0
}

// plainDate folds widths and dashes, upper-cases Latin letters and drops
// spaces, save between two digits, where dropping one would join two numbers.
func plainDate(s string) string {
	s = strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == ' ':
			if isDigit(s[i-1]) && isDigit(s[i+1]) {
				b.WriteByte(' ')
			}
		case isDash(r):
			b.WriteByte('-')
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

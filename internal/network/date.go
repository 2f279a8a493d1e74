package network

import "time"

// Date is a calendar day without time or zone: days since 1970-01-01 in the
// proleptic Gregorian calendar, years 0001 to 9999. Dates compare with < and
// ==. The zero value is 1970-01-01, not "no date"; for that see [PartialDate].
type Date int32

const (
	// MinDate is 0001-01-01; as a bound it means "from ever".
	MinDate Date = -719162
	// MaxDate is 9999-12-31; as an exclusive bound it means "no end", so no
	// record holds on the day itself.
	MaxDate Date = 2932896
)

const secondsPerDay = 24 * 60 * 60

// NewDate is the day given by its parts; an InvalidDate error when there is no
// such day or the year is not 1 to 9999.
func NewDate(year, month, day int) (Date, error) {
	if err := checkDay(year, month, day); err != nil {
		return 0, err
	}
	return civilDate(year, month, day), nil
}

// MustDate is [ParseDate] for literals in the program: it panics on an error.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("network: MustDate(" + s + "): " + err.Error())
	}
	return d
}

// ParseDate reads YYYY-MM-DD and nothing else; an InvalidDate error otherwise.
// For what people write see [ParsePartialDate].
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, errNotISO()
	}
	year, okY := digits(s[0:4])
	month, okM := digits(s[5:7])
	day, okD := digits(s[8:10])
	if !okY || !okM || !okD {
		return 0, errNotISO()
	}
	return NewDate(year, month, day)
}

func errNotISO() *Error {
	return Errorf(InvalidDate, "this is not a date of the form YYYY-MM-DD")
}

// DateOf is the calendar day of t in t's own location; years outside 1 to 9999
// give MinDate or MaxDate.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	switch {
	case year < 1:
		return MinDate
	case year > 9999:
		return MaxDate
	}
	return civilDate(year, int(month), day)
}

// Time is midnight UTC at the beginning of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String is YYYY-MM-DD.
func (d Date) String() string {
	var buf [10]byte
	return string(d.append(buf[:0]))
}

// Year is the calendar year.
func (d Date) Year() int { y, _, _ := d.civil(); return y }

// Month is 1 to 12.
func (d Date) Month() int { _, m, _ := d.civil(); return m }

// Day is the day of the month, 1 to 31.
func (d Date) Day() int { _, _, day := d.civil(); return day }

// AddDays is the day n days later, earlier for negative n; it stops at MinDate
// and MaxDate.
func (d Date) AddDays(n int) Date {
	switch {
	case n > int(MaxDate)-int(d):
		return MaxDate
	case n < int(MinDate)-int(d):
		return MinDate
	}
	return d + Date(n)
}

// AddYears is the same day n years later, earlier for negative n; 29 February
// becomes 28 February where there is none (Civil Code, article 143). It stops
// at MinDate and MaxDate.
func (d Date) AddYears(n int) Date {
	year, month, day := d.civil()
	switch {
	case n > 9999-year:
		return MaxDate
	case n < 1-year:
		return MinDate
	}
	year += n
	return civilDate(year, month, min(day, daysIn(year, month)))
}

// AddMonths is the same day n months later, earlier for negative n; the last day
// of the month where it has no such day. It stops at MinDate and MaxDate.
func (d Date) AddMonths(n int) Date {
	year, month, day := d.civil()
	index := year*12 + month - 1 + n
	switch {
	case index > 9999*12+11:
		return MaxDate
	case index < 12:
		return MinDate
	}
	year, month = index/12, index%12+1
	return civilDate(year, month, min(day, daysIn(year, month)))
}

// FiscalYear is the 年度 the day lies in: 1 April to 31 March.
func (d Date) FiscalYear() FiscalYear {
	year, month, _ := d.civil()
	if month < 4 {
		year--
	}
	return FiscalYear(year)
}

// MarshalText gives the same as String.
func (d Date) MarshalText() ([]byte, error) { return d.append(make([]byte, 0, 10)), nil }

// UnmarshalText reads what [ParseDate] reads.
func (d *Date) UnmarshalText(text []byte) error {
	v, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

func (d Date) append(b []byte) []byte {
	year, month, day := d.civil()
	b = append4(b, year)
	b = append(b, '-')
	b = append2(b, month)
	b = append(b, '-')
	return append2(b, day)
}

func append4(b []byte, n int) []byte { return append2(append2(b, n/100), n%100) }

func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// civilDate and civil count in years that begin on 1 March, so that the leap
// day comes last, and in cycles of 400 years (Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms").
const (
	daysPer400Years = 146097
	marchOfYearZero = 719468 // days from 0000-03-01 to 1970-01-01
)

func civilDate(year, month, day int) Date {
	if month <= 2 {
		year--
	}
	cycle := year / 400 // year is never negative: 0001-01-01 lies in year 0
	yoc := year - cycle*400
	doy := (153*((month+9)%12)+2)/5 + day - 1
	doc := yoc*365 + yoc/4 - yoc/100 + doy
	return Date(cycle*daysPer400Years + doc - marchOfYearZero)
}

func (d Date) civil() (year, month, day int) {
	z := int(min(max(d, MinDate), MaxDate)) + marchOfYearZero
	cycle := z / daysPer400Years
	doc := z - cycle*daysPer400Years
	yoc := (doc - doc/1460 + doc/36524 - doc/146096) / 365
	doy := doc - (365*yoc + yoc/4 - yoc/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	year = yoc + cycle*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

func checkDay(year, month, day int) error {
	switch {
	case year < 1 || year > 9999:
		return Errorf(InvalidDate, "year %d is not between 1 and 9999", year)
	case month < 1 || month > 12:
		return Errorf(InvalidDate, "there is no month %d", month)
	case day < 1 || day > daysIn(year, month):
		return Errorf(InvalidDate, "%04d-%02d-%02d does not exist: the month has %d days", year, month, day, daysIn(year, month))
	}
	return nil
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// digits reads a string of ASCII digits, at most nine of them.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, true
}

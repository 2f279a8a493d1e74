package network

import "fmt"

// Precision says how much of a date is known.
type Precision uint8

// The precisions. PrecisionNone, the zero value, means that no date was given;
// PrecisionUnknown, that there was a day and nobody knows which.
const (
	PrecisionNone Precision = iota
	PrecisionDay
	PrecisionMonth
	PrecisionFiscalYear
	PrecisionYear
	PrecisionUnknown
)

// String is DAY, MONTH, FISCAL_YEAR, YEAR or UNKNOWN; "" for PrecisionNone.
func (p Precision) String() string {
	names := [...]string{"", "DAY", "MONTH", "FISCAL_YEAR", "YEAR", "UNKNOWN"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("Precision(%d)", uint8(p))
}

// PartialDate is a date as well as it is known: a day, a month, a fiscal year,
// a calendar year, or unknown. The zero value is "none given". Values compare
// with ==.
type PartialDate struct {
	start     Date // 0 for none and unknown
	precision Precision
}

// Day is a date known to the day.
func Day(d Date) PartialDate { return PartialDate{d, PrecisionDay} }

// MonthOf is a calendar month. It is for values known to be good: it panics
// unless year is 1 to 9999 and month 1 to 12. Read input with
// [ParsePartialDate].
func MonthOf(year, month int) PartialDate {
	return PartialDate{mustCivil(year, month), PrecisionMonth}
}

// InFiscalYear is some day of the fiscal year. It panics unless f is 1 to 9999.
func InFiscalYear(f FiscalYear) PartialDate {
	return PartialDate{mustCivil(int(f), 4), PrecisionFiscalYear}
}

// YearOf is some day of the calendar year. It panics unless year is 1 to 9999.
func YearOf(year int) PartialDate { return PartialDate{mustCivil(year, 1), PrecisionYear} }

// UnknownDate is a date that exists and that nobody knows.
func UnknownDate() PartialDate { return PartialDate{0, PrecisionUnknown} }

func mustCivil(year, month int) Date {
	if err := checkDay(year, month, 1); err != nil {
		panic("network: " + err.Error())
	}
	return civilDate(year, month, 1)
}

// ParsePartialDate reads the canonical forms 2022-02-01, 2022-02, 2022, FY2022
// and unknown, and what people write: 2023/8/22, 2023年8月, 令和5年8月22日,
// R5.8.22, 平成31年4月, 令和元年度, 2022年度, 不明, ?, full-width digits, spaces
// around. "" gives the zero value. A number of an era alone (R5) is refused: it
// may be a calendar or a fiscal year. All errors are InvalidDate; one for a
// date outside its era says in which era the day lies.
func ParsePartialDate(s string) (PartialDate, error) {
	if len(s) == 10 && s[4] == '-' {
		d, err := ParseDate(s)
		if err == nil {
			return Day(d), nil
		}
	}
	if len(s) > maxDateText {
		return PartialDate{}, errNotADate()
	}
	plain := plainDate(s)
	switch plain {
	case "":
		return PartialDate{}, nil
	case "不明", "?", "UNKNOWN":
		return UnknownDate(), nil
	}
	w, ok := scanDate(plain)
	switch {
	case !ok:
		return PartialDate{}, errNotADate()
	case w.era >= 0 && w.unit == unitNone:
		name := eras[w.era].yearLabel(w.year)
		return PartialDate{}, Errorf(InvalidDate, "this may be a calendar or a fiscal year; write %s or %s度", name, name)
	}
	return w.partial()
}

func errNotADate() *Error {
	return Errorf(InvalidDate, "this is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown")
}

// MustPartialDate is [ParsePartialDate] for literals in the program: it panics
// on an error.
func MustPartialDate(s string) PartialDate {
	p, err := ParsePartialDate(s)
	if err != nil {
		panic("network: MustPartialDate(" + s + "): " + err.Error())
	}
	return p
}

// IsZero reports that no date was given. An unknown date is not zero.
func (p PartialDate) IsZero() bool { return p.precision == PrecisionNone }

// Precision says how much is known.
func (p PartialDate) Precision() Precision { return p.precision }

// Date is the first day of the period. It means nothing when none was given or
// it is unknown.
func (p PartialDate) Date() Date { return p.start }

// known reports that there is a period: neither none nor unknown.
func (p PartialDate) known() bool {
	return p.precision != PrecisionNone && p.precision != PrecisionUnknown
}

// coarse reports a known period longer than a day.
func (p PartialDate) coarse() bool { return p.known() && p.precision != PrecisionDay }

// Earliest is the first day it may be: that of the period, MinDate for unknown
// and none.
func (p PartialDate) Earliest() Date {
	if !p.known() {
		return MinDate
	}
	return p.start
}

// End is the first day after the period, at most MaxDate; MaxDate for unknown
// and none.
func (p PartialDate) End() Date {
	switch p.precision {
	case PrecisionDay:
		return p.start.AddDays(1)
	case PrecisionMonth:
		year, month, _ := p.start.civil()
		return p.start.AddDays(daysIn(year, month))
	case PrecisionFiscalYear, PrecisionYear:
		return p.start.AddYears(1)
	}
	return MaxDate
}

// Text is the canonical form: 2022-02-01, 2022-02, FY2022, 2022, unknown; ""
// for the zero value. [ParsePartialDate] reads it back to the same value.
func (p PartialDate) Text() string {
	var buf [10]byte
	day := p.start.append(buf[:0])
	switch p.precision {
	case PrecisionDay:
		return string(day)
	case PrecisionMonth:
		return string(day[:7])
	case PrecisionFiscalYear:
		return "FY" + string(day[:4])
	case PrecisionYear:
		return string(day[:4])
	case PrecisionUnknown:
		return "unknown"
	}
	return ""
}

// String is the same as Text.
func (p PartialDate) String() string { return p.Text() }

// Label is the Japanese form: 2022年2月1日, 2022年2月, 令和4年度, 2022年, 不明; ""
// for the zero value.
func (p PartialDate) Label() string {
	year, month, day := p.start.civil()
	switch p.precision {
	case PrecisionDay:
		return fmt.Sprintf("%d年%d月%d日", year, month, day)
	case PrecisionMonth:
		return fmt.Sprintf("%d年%d月", year, month)
	case PrecisionFiscalYear:
		return FiscalYear(year).Label()
	case PrecisionYear:
		return fmt.Sprintf("%d年", year)
	case PrecisionUnknown:
		return "不明"
	}
	return ""
}

// FiscalYear is the fiscal year the period lies in. It is false for none and
// unknown, and for a calendar year, which lies in two.
func (p PartialDate) FiscalYear() (FiscalYear, bool) {
	if !p.known() || p.precision == PrecisionYear {
		return 0, false
	}
	return p.start.FiscalYear(), true
}

// MarshalText gives the same as Text.
func (p PartialDate) MarshalText() ([]byte, error) { return []byte(p.Text()), nil }

// UnmarshalText reads what [ParsePartialDate] reads.
func (p *PartialDate) UnmarshalText(text []byte) error {
	v, err := ParsePartialDate(string(text))
	if err != nil {
		return err
	}
	*p = v
	return nil
}

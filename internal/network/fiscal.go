package network

import "strconv"

// FiscalYear is a Japanese fiscal year (年度), named for the calendar year it
// begins in: FiscalYear(2027) is 2027-04-01 to 2028-03-31.
type FiscalYear int

// Start is 1 April, the first day.
func (f FiscalYear) Start() Date {
	switch {
	case f < 1:
		return MinDate
	case f > 9999:
		return MaxDate
	}
	return civilDate(int(f), 4, 1)
}

// End is the first day after the fiscal year, 1 April of the next.
func (f FiscalYear) End() Date { return (f + 1).Start() }

// Label is the Japanese name by the newest era that has a year in it:
// 令和9年度, 令和元年度 for 2019; before 昭和 the plain year, 1920年度.
func (f FiscalYear) Label() string {
	for i := len(eras) - 1; i >= 0; i-- {
		e := eras[i]
		if e.letter == 'T' {
			break
		}
		if n := int(f) - e.base; n >= 1 {
			return e.yearLabel(n) + "度"
		}
	}
	return strconv.Itoa(int(f)) + "年度"
}

// ParseFiscalYear reads a fiscal year as people write it: 令和9年度, R9年度,
// Ｒ９, 令和元年度, FY2027, 2027年度, 2027. A name by era is refused with an
// InvalidDate error unless the era and the fiscal year share a day, so
// 令和元年度 and 平成31年度 are both FY2019 and 平成32年度 is nothing.
func ParseFiscalYear(s string) (FiscalYear, error) {
	var w writtenDate
	ok := len(s) <= maxDateText
	if ok {
		w, ok = scanDate(plainDate(s))
	}
	if !ok || w.month != 0 || w.unit == unitYear {
		return 0, Errorf(InvalidDate, "this is not a fiscal year; write 令和9年度, R9 or FY2027")
	}
	w.unit = unitFiscalYear
	p, err := w.partial()
	if err != nil {
		return 0, err
	}
	return p.start.FiscalYear(), nil
}

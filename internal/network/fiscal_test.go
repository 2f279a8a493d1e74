package network

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFiscalYearRunsFromAprilToMarch(t *testing.T) {
	f := FiscalYear(2027)
	if f.Start() != MustDate("2027-04-01") || f.End() != MustDate("2028-04-01") {
		t.Errorf("令和9年度 is %s to %s", f.Start(), f.End())
	}
	for day, want := range map[string]FiscalYear{
		"2027-04-01": 2027, "2028-03-31": 2027, "2028-04-01": 2028, "2027-03-31": 2026, "2019-04-30": 2019,
	} {
		if got := MustDate(day).FiscalYear(); got != want {
			t.Errorf("%s lies in FY%d, want FY%d", day, got, want)
		}
	}
}

func TestFiscalYearLabel(t *testing.T) {
	for f, want := range map[FiscalYear]string{
		2027: "令和9年度", 2020: "令和2年度", 2019: "令和元年度", 2018: "平成30年度", 1989: "平成元年度",
		1988: "昭和63年度", 1926: "昭和元年度", 1925: "1925年度", 1920: "1920年度",
	} {
		if got := f.Label(); got != want {
			t.Errorf("FY%d is %s, want %s", f, got, want)
		}
	}
}

func TestParseFiscalYear(t *testing.T) {
	for s, want := range map[string]FiscalYear{
		"令和9年度": 2027, "R9年度": 2027, "Ｒ９": 2027, "r9": 2027, "令和9": 2027, "FY2027": 2027, "ＦＹ２０２７": 2027,
		"2027年度": 2027, "2027": 2027, " 令和 ９ 年度 ": 2027, "㋿9年度": 2027,
		"平成31年度": 2019, "令和元年度": 2019, "令和1年度": 2019, "平成元年度": 1989, "昭和63年度": 1988,
		"大正15年度": 1926, "昭和元年度": 1926, "大正9年度": 1920, "明治45年度": 1912, "大正元年度": 1912, "明治6年度": 1873,
	} {
		if got, err := ParseFiscalYear(s); err != nil || got != want {
			t.Errorf("ParseFiscalYear(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
}

func TestParseFiscalYearRefuses(t *testing.T) {
	for s, message := range map[string]string{
		"平成32年度":  "FY2020 is 令和2年度; 平成 ended 2019-04-30",
		"昭和64年度":  "FY1989 is 平成元年度; 昭和 ended 1989-01-07",
		"明治5年度":   "FY1872 lies before 1873, when Japan counted by the moon; give the Gregorian date without an era",
		"令和0年度":   `this is not a fiscal year; write 令和9年度, R9 or FY2027`,
		"令和9年":    "", // a calendar year
		"2027年":   "",
		"2027-04": "",
		"9":       "",
		"FY27":    "",
		"FY0000":  "",
		"":        "",
		"不明":      "",
		"元年度":     "",
		"2027年度末": "",
	} {
		f, err := ParseFiscalYear(s)
		if CodeOf(err) != InvalidDate || message != "" && err.Error() != message {
			t.Errorf("ParseFiscalYear(%q) = %d, %v; want %q", s, f, err, message)
		}
	}
}

func TestFiscalYearLabelComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := FiscalYear(rapid.IntRange(1000, 2999).Draw(t, "fy"))
		if back, err := ParseFiscalYear(f.Label()); err != nil || back != f {
			t.Fatalf("%s came back as %d, %v", f.Label(), back, err)
		}
	})
}

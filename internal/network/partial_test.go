package network

import (
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// anyPartial draws a value of any precision, none included.
func anyPartial(t *rapid.T, label string) PartialDate {
	year, month := rapid.IntRange(1, 9999).Draw(t, label+" year"), rapid.IntRange(1, 12).Draw(t, label+" month")
	switch Precision(rapid.IntRange(0, 5).Draw(t, label+" precision")) {
	case PrecisionDay:
		return Day(anyDate(t, label))
	case PrecisionMonth:
		return MonthOf(year, month)
	case PrecisionFiscalYear:
		return InFiscalYear(FiscalYear(year))
	case PrecisionYear:
		return YearOf(year)
	case PrecisionUnknown:
		return UnknownDate()
	}
	return PartialDate{}
}

func TestPartialDate(t *testing.T) {
	for _, tc := range []struct {
		in, text, label, precision, earliest, end string
		fiscalYear                                FiscalYear // 0: none
	}{
		{"2022-02-01", "2022-02-01", "2022年2月1日", "DAY", "2022-02-01", "2022-02-02", 2021},
		{"2022-02", "2022-02", "2022年2月", "MONTH", "2022-02-01", "2022-03-01", 2021},
		{"FY2022", "FY2022", "令和4年度", "FISCAL_YEAR", "2022-04-01", "2023-04-01", 2022},
		{"2022", "2022", "2022年", "YEAR", "2022-01-01", "2023-01-01", 0},
		{"unknown", "unknown", "不明", "UNKNOWN", "0001-01-01", "9999-12-31", 0},
		{"", "", "", "", "0001-01-01", "9999-12-31", 0},
		{"9999", "9999", "9999年", "YEAR", "9999-01-01", "9999-12-31", 0},
		{"FY9999", "FY9999", "令和7981年度", "FISCAL_YEAR", "9999-04-01", "9999-12-31", 9999},
		{"9999-12-31", "9999-12-31", "9999年12月31日", "DAY", "9999-12-31", "9999-12-31", 9999},
		{"2024-02", "2024-02", "2024年2月", "MONTH", "2024-02-01", "2024-03-01", 2023},
	} {
		p, err := ParsePartialDate(tc.in)
		if err != nil {
			t.Errorf("%q: %v", tc.in, err)
			continue
		}
		fy, ok := p.FiscalYear()
		if p.Text() != tc.text || p.String() != tc.text || p.Label() != tc.label || p.Precision().String() != tc.precision ||
			p.Earliest().String() != tc.earliest || p.End().String() != tc.end || fy != tc.fiscalYear || ok != (fy != 0) {
			t.Errorf("%q = %s %s %s %s..%s FY%d", tc.in, p.Text(), p.Label(), p.Precision(), p.Earliest(), p.End(), fy)
		}
		if p.IsZero() != (tc.in == "") {
			t.Errorf("%q: IsZero() = %v", tc.in, p.IsZero())
		}
	}
	if n := unsafe.Sizeof(PartialDate{}); n != 8 {
		t.Errorf("a PartialDate takes %d bytes", n)
	}
	if s := Precision(9).String(); s != "Precision(9)" {
		t.Error(s)
	}
	if d := MustPartialDate("FY2022").Date(); d != MustDate("2022-04-01") {
		t.Error(d)
	}
}

func TestParsePartialDateAsPeopleWrite(t *testing.T) {
	for s, want := range map[string]string{
		"2023/8/22": "2023-08-22", "2023/08/22": "2023-08-22", "2023.8.22": "2023-08-22", "2023-8-22": "2023-08-22",
		"2023/8": "2023-08", "2023-8": "2023-08", "2023年8月22日": "2023-08-22", "2023年08月22日": "2023-08-22",
		"2023年8月": "2023-08", "2023年": "2023", "2022年度": "FY2022", "令和5年度": "FY2023", "fy2022": "FY2022", "FY 2022": "FY2022",
		"不明": "unknown", "?": "unknown", "？": "unknown", "UNKNOWN": "unknown", " 不明 ": "unknown",
		"２０２３／８／２２": "2023-08-22", "２０２３－０８－２２": "2023-08-22", "　2023年8月22日　": "2023-08-22", "2023 年 8 月": "2023-08",
		"2023−08−22": "2023-08-22", "2023年㋇": "2023-08", " ": "", "　": "", "\t\n": "", "0005": "0005", "FY0001": "FY0001",
	} {
		if p, err := ParsePartialDate(s); err != nil || p.Text() != want {
			t.Errorf("ParsePartialDate(%q) = %q, %v; want %q", s, p.Text(), err, want)
		}
	}
}

func TestParsePartialDateRefuses(t *testing.T) {
	long := make([]byte, 1<<20)
	for _, s := range []string{
		"23/8/22", "8/22", "22.8.2023", "2023/8/22/1", "2023-8/22", "2023/", "2023-", "2023-08-", "2023//22", "20 23", "2023/1 2",
		"20230822", "202308", "2023-02-29", "2023-13", "2023-0", "2023-00-01", "2023-1-0", "2023-001", "0000", "10000", "2023年度8月",
		"2023年13月", "2023年月", "2023年8", "年", "元年", "月", "FY", "FY2022-04", "FYR5", "令和", "R", "R.5.8", "令和-1年", "-2023",
		"2023-08-22T00:00:00", "2023/8/22 0:00", "2023-08-22Z", "soon", "??", "\xff", "2023\x00", string(long),
	} {
		if p, err := ParsePartialDate(s); CodeOf(err) != InvalidDate || !p.IsZero() {
			t.Errorf("ParsePartialDate(%.40q) = %s, %v; want InvalidDate", s, p, err)
		} else if len(err.Error()) > 300 {
			t.Errorf("%.40q: message of %d bytes", s, len(err.Error()))
		}
	}
}

func TestPartialDateTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPartial(t, "p")
		if back, err := ParsePartialDate(p.Text()); err != nil || back != p {
			t.Fatalf("%q came back as %q, %v", p.Text(), back.Text(), err)
		}
		b, _ := p.MarshalText()
		back := YearOf(1)
		if err := back.UnmarshalText(b); err != nil || back != p {
			t.Fatalf("%q unmarshalled as %q, %v", b, back.Text(), err)
		}
		if p.Earliest() > p.End() {
			t.Fatalf("%s begins after its end", p)
		}
		if p.Precision() == PrecisionFiscalYear && p.Date().Year() < 1926 {
			return
		}
		if back, err := ParsePartialDate(p.Label()); p.Date().Year() >= 1000 && p.Date().Year() < 2999 && (err != nil || back != p) {
			t.Fatalf("label %q came back as %q, %v", p.Label(), back.Text(), err)
		}
	})
	var p PartialDate
	if err := p.UnmarshalText([]byte("R5")); CodeOf(err) != InvalidDate {
		t.Error(err)
	}
}

func FuzzParsePartialDate(f *testing.F) {
	for _, s := range []string{
		"2022-02-01", "FY2022", "unknown", "2023/8/22", "2023年8月22日", "令和5年8月22日", "R5.8.22", "平成31年4月", "令和元年度", "不明", "Ｒ５．８", "2023 年",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePartialDate(s)
		if err != nil {
			if CodeOf(err) != InvalidDate || !p.IsZero() {
				t.Fatalf("%q: %v, %v", s, p, err)
			}
			return
		}
		if back, err := ParsePartialDate(p.Text()); err != nil || back != p {
			t.Fatalf("%q: %q came back as %q, %v", s, p.Text(), back.Text(), err)
		}
		_, _ = ParseFiscalYear(s)
	})
}

func BenchmarkParsePartialDate(b *testing.B) {
	for _, s := range []string{"2023-08-22", "2023/8/22", "令和5年8月22日"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ParsePartialDate(s)
			}
		})
	}
}

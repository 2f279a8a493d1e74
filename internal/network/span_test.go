package network

import (
	"testing"

	"pgregory.net/rapid"
)

func span(from, until string) Span {
	return Span{MustPartialDate(from), MustPartialDate(until)}
}

func TestSpan(t *testing.T) {
	for _, tc := range []struct {
		from, until, day string
		holds, uncertain bool
	}{
		{"2022-02-01", "", "2022-01-31", false, false},
		{"2022-02-01", "", "2022-02-01", true, false},
		{"2022-02-01", "", "2222-02-01", true, false},
		{"", "", "0001-01-01", true, false},
		{"unknown", "", "1900-01-01", true, false},
		{"2022-02-01", "unknown", "2024-02-01", true, true},
		{"2022-02-01", "unknown", "2022-01-01", false, false},
		{"2022-02-01", "2024-04-01", "2024-03-31", true, false},
		{"2022-02-01", "2024-04-01", "2024-04-01", false, false},
		{"2022-02", "", "2022-02-28", true, true},
		{"2022-02", "", "2022-03-01", true, false},
		{"2022", "", "2022-12-31", true, true},
		{"FY2022", "", "2022-03-31", false, false},
		{"FY2022", "", "2022-04-01", true, true},
		{"FY2022", "", "2023-04-01", true, false},
		{"2022-02-01", "FY2023", "2023-03-31", true, false},
		{"2022-02-01", "FY2023", "2023-04-01", true, true},
		{"2022-02-01", "FY2023", "2024-03-31", true, true},
		{"2022-02-01", "FY2023", "2024-04-01", false, false},
		{"2022", "2022", "2022-06-01", true, true},
		{"2022", "2022", "2023-01-01", false, false},
	} {
		s, d := span(tc.from, tc.until), MustDate(tc.day)
		if s.Holds(d) != tc.holds || s.Uncertain(d) != tc.uncertain {
			t.Errorf("%q..%q at %s: holds %v, uncertain %v", tc.from, tc.until, d, s.Holds(d), s.Uncertain(d))
		}
	}
}

func TestSpanCheck(t *testing.T) {
	for _, tc := range []struct {
		from, until string
		ok          bool
	}{
		{"", "", true}, {"unknown", "unknown", true}, {"2022-02-01", "", true}, {"", "2022-02-01", true},
		{"2022-02-01", "2022-02-02", true}, {"2022-02-01", "2022-02-01", false}, {"2022-02-02", "2022-02-01", false},
		{"2022-02-10", "2022-02", true}, {"2022", "2022-01-01", false}, {"2022", "2022-01-02", true}, {"FY2022", "2022", true},
		{"FY2022", "2022-03", false}, {"2022", "2021", false}, {"", "0001-01-01", false},
	} {
		err := span(tc.from, tc.until).Check()
		if (err == nil) != tc.ok || err != nil && err.Code != InvalidDate {
			t.Errorf("%q..%q: %v", tc.from, tc.until, err)
		}
	}
}

func TestSpanOverlaps(t *testing.T) {
	fy2023 := DateRange{FiscalYear(2023).Start(), FiscalYear(2023).End()}
	for _, tc := range []struct {
		from, until string
		r           DateRange
		want        bool
	}{
		{"", "", AllTime(), true},
		{"2022-02-01", "2022-02-02", AllTime(), true},
		{"2022-04-01", "2023-04-01", fy2023, false},
		{"2022-04-01", "2023-04-02", fy2023, true},
		{"2024-03-31", "", fy2023, true},
		{"2024-04-01", "", fy2023, false},
		{"unknown", "unknown", fy2023, true},
		{"", "", DateRange{}, false},
		{"", "", DateRange{MustDate("2024-01-01"), MustDate("2023-01-01")}, false},
	} {
		if got := span(tc.from, tc.until).Overlaps(tc.r); got != tc.want {
			t.Errorf("%q..%q overlaps %s..%s: %v", tc.from, tc.until, tc.r.From, tc.r.Until, got)
		}
	}
}

func TestSpanHoldsAsOverlapOfOneDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Span{anyPartial(t, "from"), anyPartial(t, "until")}
		d := min(anyDate(t, "day"), MaxDate-1)
		if s.Holds(d) != s.Overlaps(DateRange{d, d + 1}) {
			t.Fatalf("%v at %s: holds %v", s, d, s.Holds(d))
		}
		if s.Uncertain(d) && !s.Holds(d) {
			t.Fatalf("%v at %s is uncertain and does not hold", s, d)
		}
	})
}

func TestInclusiveEnd(t *testing.T) {
	for file, stored := range map[string]string{
		"2024-03-31": "2024-04-01", "2024-02-28": "2024-02-29", "2024-03": "2024-03", "FY2023": "FY2023", "2023": "2023",
		"unknown": "unknown", "": "", "9999-12-31": "9999-12-31",
	} {
		got := InclusiveEnd(MustPartialDate(file))
		if got.Text() != stored {
			t.Errorf("End %q is stored as %q, want %q", file, got.Text(), stored)
		}
		if back := ExclusiveToInclusive(got); back.Text() != file {
			t.Errorf("%q is written as %q, want %q", stored, back.Text(), file)
		}
	}
}

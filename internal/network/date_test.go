package network

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyDate draws a valid day.
func anyDate(t *rapid.T, label string) Date {
	return Date(rapid.Int32Range(int32(MinDate), int32(MaxDate)).Draw(t, label))
}

func TestDateAgreesWithTime(t *testing.T) {
	epoch := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "date")
		want := epoch.AddDate(0, 0, int(d))
		if got := d.Time(); !got.Equal(want) {
			t.Fatalf("Time() = %v, want %v", got, want)
		}
		if got := d.String(); got != want.Format(time.DateOnly) {
			t.Fatalf("String() = %s, want %s", got, want.Format(time.DateOnly))
		}
		if d.Year() != want.Year() || d.Month() != int(want.Month()) || d.Day() != want.Day() {
			t.Fatalf("%s: parts %d %d %d", d, d.Year(), d.Month(), d.Day())
		}
		back, err := NewDate(d.Year(), d.Month(), d.Day())
		if err != nil || back != d || DateOf(want) != d || MustDate(d.String()) != d {
			t.Fatalf("%s does not come back: %s, %v", d, back, err)
		}
	})
}

func TestEveryDayFrom1850To2150(t *testing.T) {
	want := time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := MustDate("1850-01-01"); d < MustDate("2150-01-01"); d++ {
		if d.String() != want.Format(time.DateOnly) || DateOf(want) != d {
			t.Fatalf("%d is %s, want %s", d, d, want.Format(time.DateOnly))
		}
		want = want.AddDate(0, 0, 1)
	}
}

func TestDateBounds(t *testing.T) {
	for _, tc := range []struct {
		name string
		got  Date
		want string
	}{
		{"MinDate", MinDate, "0001-01-01"},
		{"MaxDate", MaxDate, "9999-12-31"},
		{"zero", 0, "1970-01-01"},
		{"below the first day", MinDate.AddDays(-1), "0001-01-01"},
		{"beyond the last day", MaxDate.AddDays(1), "9999-12-31"},
		{"far beyond", MinDate.AddDays(1 << 62), "9999-12-31"},
		{"far below", MaxDate.AddDays(-1 << 63), "0001-01-01"},
		{"years beyond", MustDate("2024-02-01").AddYears(1 << 62), "9999-12-31"},
		{"years below", MustDate("2024-02-01").AddYears(-1 << 63), "0001-01-01"},
		{"time before year 1", DateOf(time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)), "0001-01-01"},
		{"time after year 9999", DateOf(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)), "9999-12-31"},
		{"leap day to common year", MustDate("2024-02-29").AddYears(1), "2025-02-28"},
		{"leap day to leap year", MustDate("2024-02-29").AddYears(4), "2028-02-29"},
		{"five years of a licence", MustDate("2019-07-31").AddYears(5), "2024-07-31"},
		{"into leap day", MustDate("2024-02-28").AddDays(1), "2024-02-29"},
		{"over new year", MustDate("2023-12-31").AddDays(1), "2024-01-01"},
		{"day in Tokyo", DateOf(time.Date(2024, 1, 31, 20, 0, 0, 0, time.UTC).In(Tokyo)), "2024-02-01"},
	} {
		if tc.got.String() != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, tc.got, tc.want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{
		"", "2024-2-1", "2024/02/01", "2024-02", "20240201", "2023-02-29", "2100-02-29", "2024-13-01", "2024-00-01",
		"2024-01-00", "2024-04-31", "0000-01-01", " 2024-01-01", "2024-01-01T", "+024-01-01", "２０２４-01-01", "2024-01-0\xff",
	} {
		if d, err := ParseDate(s); CodeOf(err) != InvalidDate {
			t.Errorf("ParseDate(%q) = %v, %v; want InvalidDate", s, d, err)
		}
	}
	if _, err := NewDate(10000, 1, 1); CodeOf(err) != InvalidDate {
		t.Errorf("year 10000: %v", err)
	}
}

func TestDateTakesNoMemory(t *testing.T) {
	d, sum := MustDate("2024-02-29"), 0
	if n := testing.AllocsPerRun(100, func() {
		p, _ := ParseDate("2024-02-29")
		sum += p.Year() + int(d.AddYears(5)) + int(d.AddDays(9)) + int(d.FiscalYear()) + int(DateOf(d.Time()))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDateText(t *testing.T) {
	d := MustDate("2024-02-29")
	b, err := d.MarshalText()
	if err != nil || string(b) != "2024-02-29" {
		t.Fatalf("MarshalText() = %s, %v", b, err)
	}
	var back Date
	if err := back.UnmarshalText(b); err != nil || back != d {
		t.Errorf("UnmarshalText: %s, %v", back, err)
	}
	if err := back.UnmarshalText([]byte("2024")); CodeOf(err) != InvalidDate || back != d {
		t.Errorf("UnmarshalText of a year: %s, %v", back, err)
	}
}

func TestMustDatePanics(t *testing.T) {
	mustPanic(t, func() { MustDate("2023-02-29") })
	mustPanic(t, func() { MonthOf(2023, 13) })
	mustPanic(t, func() { YearOf(0) })
	mustPanic(t, func() { InFiscalYear(10000) })
	mustPanic(t, func() { MustPartialDate("R5") })
}

func mustPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f()
}

func BenchmarkDateParts(b *testing.B) {
	d := MustDate("2024-02-29")
	for b.Loop() {
		_ = d.FiscalYear()
	}
}

func BenchmarkParseDate(b *testing.B) {
	for b.Loop() {
		_, _ = ParseDate("2024-02-29")
	}
}

func TestAddMonthsKeepsTheDayWhereThereIsOne(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2024-01-31", 1, "2024-02-29"}, {"2023-01-31", 1, "2023-02-28"}, {"2024-02-29", 12, "2025-02-28"},
		{"2024-03-15", -3, "2023-12-15"}, {"2024-02-01", 0, "2024-02-01"}, {"9999-12-01", 1, "9999-12-31"}, {"0001-01-05", -1, "0001-01-01"},
	} {
		if got := MustDate(c.from).AddMonths(c.n); got.String() != c.want {
			t.Errorf("%s + %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

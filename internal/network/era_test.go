package network

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestDatesByEra(t *testing.T) {
	for s, want := range map[string]string{
		"令和5年8月22日": "2023-08-22", "R5.8.22": "2023-08-22", "r5/8/22": "2023-08-22", "Ｒ５．８．２２": "2023-08-22",
		"令和５年８月２２日": "2023-08-22", "令和 5 年 8 月 22 日": "2023-08-22", "R5-8-22": "2023-08-22", "㋿5年8月22日": "2023-08-22",
		"平成31年4月": "2019-04", "H31.4": "2019-04", "平成31年4月30日": "2019-04-30", "令和元年5月1日": "2019-05-01",
		"令和元年5月": "2019-05", "令和元年": "2019", "平成31年": "2019", "令和元年度": "FY2019", "平成31年度": "FY2019",
		"昭和64年1月7日": "1989-01-07", "平成元年1月8日": "1989-01-08", "昭和64年1月": "1989-01", "平成元年1月": "1989-01",
		"大正15年12月24日": "1926-12-24", "昭和元年12月25日": "1926-12-25", "昭和24年": "1949", "S24": "",
		"明治45年7月29日": "1912-07-29", "大正元年7月30日": "1912-07-30", "明治6年1月1日": "1873-01-01", "㍻30年": "2018",
	} {
		p, err := ParsePartialDate(s)
		if want == "" {
			if CodeOf(err) != InvalidDate {
				t.Errorf("%q = %s, %v; want InvalidDate", s, p, err)
			}
			continue
		}
		if err != nil || p.Text() != want {
			t.Errorf("%q = %s, %v; want %s", s, p, err, want)
		}
	}
}

func TestDatesOutsideTheirEra(t *testing.T) {
	for s, want := range map[string]string{
		"令和元年4月30日":    "2019-04-30 is 平成31年; 令和 begins 2019-05-01",
		"令和元年4月":       "2019-04 is 平成31年; 令和 begins 2019-05-01",
		"平成31年5月1日":    "2019-05-01 is 令和元年; 平成 ended 2019-04-30",
		"平成31年5月":      "2019-05 is 令和元年; 平成 ended 2019-04-30",
		"平成32年":        "2020 is 令和2年; 平成 ended 2019-04-30",
		"昭和64年1月8日":    "1989-01-08 is 平成元年; 昭和 ended 1989-01-07",
		"昭和100年":       "2025 is 令和7年; 昭和 ended 1989-01-07",
		"大正元年7月29日":    "1912-07-29 is 明治45年; 大正 begins 1912-07-30",
		"明治5年12月2日":    "1872-12-02 lies before 1873, when Japan counted by the moon; give the Gregorian date without an era",
		"令和5年2月29日":    "2023-02-29 does not exist: the month has 28 days",
		"R5":           `this may be a calendar or a fiscal year; write 令和5年 or 令和5年度`,
		"令和元":          `this may be a calendar or a fiscal year; write 令和元年 or 令和元年度`,
		"令和9999年":      `this is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown`,
		"2023年13月":     "there is no month 13",
		"9999年12月32日":  "9999-12-32 does not exist: the month has 31 days",
		"慶応3年":         `this is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown`,
		"2023年8月22":    `this is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown`,
		"令和5年8月22日(火)": `this is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown`,
	} {
		p, err := ParsePartialDate(s)
		if CodeOf(err) != InvalidDate || err.Error() != want {
			t.Errorf("%q = %s, %v\nwant %s", s, p, err, want)
		}
	}
}

func TestEveryDayHasOneEra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(int32(gregorianSince), int32(MustDate("2117-12-31"))).Draw(t, "day"))
		accepted := 0
		for _, e := range eras {
			n := d.Year() - e.base
			if n < 1 {
				continue
			}
			p, err := ParsePartialDate(fmt.Sprintf("%s%d月%d日", e.yearLabel(n), d.Month(), d.Day()))
			if err != nil {
				continue
			}
			accepted++
			if p != Day(d) || eraYear(d) != e.yearLabel(n) {
				t.Fatalf("%s by %s is %s", d, e.name, p)
			}
		}
		if accepted != 1 {
			t.Fatalf("%s lies in %d eras", d, accepted)
		}
	})
}

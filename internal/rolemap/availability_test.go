package rolemap

import (
	"encoding/csv"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/musubi-map/musubi/sample"
)

func TestWhatPeopleWriteAboutWhenTheyAreFree(t *testing.T) {
	for _, c := range []struct {
		text   string
		closed []int
		parts  string // possible
		never  string
		inside bool
		few    bool
	}{
		{text: ""},
		{text: "応相談"},
		{text: "平日", parts: "WEEKDAY"},
		{text: "平日夜・土日", parts: "EVENING WEEKDAY WEEKEND"},
		{text: "週末か夕方", parts: "EVENING WEEKEND"},
		{text: "平日（10月は不可）", closed: []int{10}, parts: "WEEKDAY"},
		{text: "１２月は休み。1月は不可", closed: []int{1, 12}},
		{text: "3月不可、8月は無理", closed: []int{3, 8}},
		{text: "0月は不可。13月は不可。110月は不可"}, // no such months
		{text: "99999999999999999999月は不可"},
		{text: "10月は平日可", parts: "WEEKDAY"},
		{text: "10月は平日も土日も可。", parts: "WEEKDAY WEEKEND"},
		{text: "社内のみ", inside: true},
		{text: "平日（月6日まで）", parts: "WEEKDAY", few: true},
		{text: "オンライン・月1回は塩尻", parts: "ONLINE", few: true},
		{text: "月に２日", few: true},
		{text: "毎月2回", few: true},
		{text: "10月6日から平日", parts: "WEEKDAY"}, // a date, not six days a month
		{text: "Ｚｏｏｍなら", parts: "ONLINE"},
		{text: "ｵﾝﾗｲﾝ", parts: "ONLINE"},
		{text: "リモート、zoom", parts: "ONLINE"},
		{text: "平日、土日は不可", parts: "WEEKDAY", never: "WEEKEND"},
		{text: "平日・土日は不可", never: "WEEKDAY WEEKEND"},
		{text: "平日と夜を除く", never: "EVENING WEEKDAY"},
		{text: "平日以外", never: "WEEKDAY"},
		{text: "10月は平日不可"}, // in October only: it says nothing of other months
		{text: "土日可（日曜は休み）", parts: "WEEKEND", never: "WEEKEND"},
	} {
		a := ParseAvailability(c.text)
		if got := slices.Sorted(maps.Keys(a.Closed)); !slices.Equal(got, c.closed) {
			t.Errorf("%s: closed in %v, want %v", c.text, got, c.closed)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(a.Parts)), " "); got != c.parts {
			t.Errorf("%s: possible %q, want %q", c.text, got, c.parts)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(a.Never)), " "); got != c.never {
			t.Errorf("%s: never %q, want %q", c.text, got, c.never)
		}
		if a.Inside != c.inside || a.Few != c.few {
			t.Errorf("%s: inside %t, few %t", c.text, a.Inside, a.Few)
		}
	}
}

func TestWhetherSomebodyIsFreeWhenWanted(t *testing.T) {
	for _, c := range []struct {
		said, wanted string
		month        int
		want         AvailabilityFit
	}{
		{"", "平日", 2, NotSaid},
		{"平日", "", 2, NotSaid},
		{"平日", "平日", 2, Free},
		{"平日", "土日", 2, NotFree},
		{"平日夜・土日", "平日、オンライン", 2, Free},
		{"オンライン", "平日", 2, NotSaid}, // of days it says nothing
		{"平日", "オンライン", 2, NotSaid},
		{"平日（10月は不可）", "平日", 10, NotFree},
		{"平日（10月は不可）", "平日", 9, Free},
		{"平日（10月は不可）", "平日", 11, Free},
		{"10月は不可", "", 10, NotFree},
		{"社内のみ", "", 2, NotFree},
		{"土日は不可", "土日", 2, NotFree},
		{"土日は不可", "土日・夜", 2, NotSaid},
		{"土日は不可", "平日", 2, NotSaid},
		{"土日可（日曜は休み）", "土日", 2, Free},
	} {
		if got := ParseAvailability(c.said).Fits(ParseAvailability(c.wanted), c.month); got != c.want {
			t.Errorf("%s said, %s wanted in month %d: %d, want %d", c.said, c.wanted, c.month, got, c.want)
		}
	}
}

// sampleTexts are what a column of a file of the sample says.
func sampleTexts(t testing.TB, file, column string) []string {
	t.Helper()
	data, err := sample.Files.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	rows, err := csv.NewReader(data).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], column)
	if at < 0 {
		t.Fatalf("%s has no column %s", file, column)
	}
	var out []string
	for _, r := range rows[1:] {
		if r[at] != "" {
			out = append(out, r[at])
		}
	}
	return out
}

func TestEveryConsultantOfTheSampleIsUnderstood(t *testing.T) {
	for _, text := range sampleTexts(t, "people.csv", "Availability") {
		if a := ParseAvailability(text); len(a.Parts) == 0 && !a.Inside {
			t.Errorf("%s says nothing", text)
		}
	}
}

func FuzzParseAvailability(f *testing.F) {
	for file, column := range map[string]string{"people.csv": "Availability", "needs.csv": "Description"} {
		for _, text := range sampleTexts(f, file, column) {
			f.Add(text, 10)
		}
	}
	for _, text := range []string{"土日は不可", "平日・夜以外", "13月は不可", "10月6日", "月に３回", "\xff月は不可"} {
		f.Add(text, 13)
	}
	f.Fuzz(func(t *testing.T, text string, month int) {
		a := ParseAvailability(text)
		for m := range a.Closed {
			if m < 1 || m > 12 {
				t.Errorf("%q is closed in month %d", text, m)
			}
		}
		for _, parts := range []map[string]bool{a.Parts, a.Never} {
			for p, yes := range parts {
				if !yes || !slices.Contains([]string{"WEEKDAY", "WEEKEND", "EVENING", "ONLINE"}, p) {
					t.Errorf("%q names %q: %t", text, p, yes)
				}
			}
		}
		if again := ParseAvailability(norm.NFKC.String(text)); !reflect.DeepEqual(again, a) {
			t.Errorf("%q: %+v, folded %+v", text, a, again)
		}
		if a.Fits(Availability{}, month) == Free {
			t.Errorf("%q is free though nothing is wanted", text)
		}
		if fit := a.Fits(a, month); fit == NotSaid && len(a.Parts) > 0 || fit == Free && a.Closed[month] {
			t.Errorf("%q against itself in month %d: %d", text, month, fit)
		}
	})
}

package rolemap

import (
	"context"
	"fmt"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func like(kind, id, name string, more ...func(*Likeable)) Likeable {
	l := Likeable{ID: network.ID(id), Kind: network.MustKind(kind), Name: name, Codes: map[string]string{}}
	for _, m := range more {
		m(&l)
	}
	return l
}

func TestWhoMayBeTheSame(t *testing.T) {
	kana := func(s string) func(*Likeable) { return func(l *Likeable) { l.Kana = s } }
	code := func(s string) func(*Likeable) { return func(l *Likeable) { l.Codes["corporateNumber"] = s } }
	area := func(s string) func(*Likeable) { return func(l *Likeable) { l.Area = network.ID(s) } }
	also := func(s ...string) func(*Likeable) { return func(l *Likeable) { l.Others = s } }
	held := func(from, until string) func(*Likeable) {
		return func(l *Likeable) {
			l.Span = network.Span{From: network.MustPartialDate(from)}
			if until != "" {
				l.Span.Until = network.MustPartialDate(until)
			}
		}
	}
	contact := func(l *Likeable) { l.Contact = "info@example.org" }
	for _, c := range []struct {
		name string
		a, b Likeable
		want string // score and rules; empty: not named
	}{
		{"㈱ and 株式会社", like("Company", "a", "㈱架空製作所"), like("Company", "b", "株式会社 架空製作所"), "70 SAME_NAME"},
		{"behind and in front", like("Company", "a", "架空製作所（株）"), like("Company", "b", "株式会社架空製作所"), "70 SAME_NAME"},
		{"width and kana", like("Company", "a", "キャリア・ラボ"), like("Company", "b", "ｷｬﾘｱﾗﾎﾞ"), "70 SAME_NAME"},
		{"variants of characters", like("Person", "a", "架空 髙澤"), like("Person", "b", "架空高沢"), "52.5 SAME_NAME"},
		{"the founder of a school", like("School", "a", "塩尻市立架空中学校"), like("School", "b", "架空中学校"), "70 SAME_NAME"},
		{"not that of an office", like("CityDepartment", "a", "市立図書館"), like("CityDepartment", "b", "図書館"), ""},
		{"namesakes in two towns", like("Person", "a", "架空 太郎", area("x")), like("Person", "b", "架空 太郎", area("y")), ""},
		{"namesakes in one town", like("Person", "a", "架空 太郎", area("x")), like("CareerConsultant", "b", "架空 太郎", area("x")), "56.25 SAME_NAME SAME_AREA"},
		{"another code", like("Company", "a", "㈱架空", code("1")), like("Company", "b", "(株)架空", code("2")), ""},
		{"one code, two kinds", like("Company", "a", "架空組合", code("1")), like("OtherOrganization", "b", "架空協同組合", code("1")), "90 SAME_CODE"},
		{"a former name", like("Company", "a", "新商会", also("旧架空商会")), like("Company", "b", "旧架空商会"), "55 SAME_ALIAS"},
		{"a successor", like("Company", "a", "架空商会", held("2000", "2010")), like("Company", "b", "架空商会", held("2012", "")), ""},
		{"one character and the contact", like("Company", "a", "架空製作所", contact), like("Company", "b", "架空制作所", contact), "85 SAME_CONTACT LIKE_NAME"},
		{"one more character, read alike", like("Person", "a", "架空花子", kana("かくうはなこ"), contact), like("Person", "b", "架空ハナ子", kana("カクウハナコ"), contact), "63.75 SAME_CONTACT SAME_READING"},
		{"only the reading", like("Company", "a", "架空", kana("かくう")), like("Company", "b", "核宇", kana("かくう")), ""},
		{"a firm and a person", like("Company", "a", "架空 太郎"), like("Person", "b", "架空 太郎"), ""},
		{"marks only", like("Company", "a", "※"), like("Company", "b", "☆"), ""},
	} {
		found, err := Duplicated(context.Background(), []Likeable{c.a, c.b})
		got := ""
		for _, d := range found {
			got += number(d.Score)
			for _, r := range d.Reasons {
				got += " " + r.Rule
			}
		}
		if got != c.want || err != nil {
			t.Errorf("%s: %q, want %q, %v", c.name, got, c.want, err)
		}
	}
}

func TestWhichOfTwoIsKept(t *testing.T) {
	full := like("Company", "z", "㈱架空")
	full.Filled = 9
	found, _ := Duplicated(context.Background(), []Likeable{like("Company", "a", "架空"), full, like("Company", "b", "(株)架空")})
	var got string
	for _, d := range found {
		got += fmt.Sprint(d.Keep, "<", d.Duplicate, " ")
	}
	if got != "a<b z<a z<b " {
		t.Error(got)
	}
	found, _ = Duplicated(context.Background(), []Likeable{{ID: "p", Kind: network.MustKind("Person"), Name: "架空 太郎", Filled: 9}, like("CareerConsultant", "c", "架空太郎")})
	if len(found) != 1 || found[0].Keep != "c" {
		t.Errorf("%+v", found)
	}
}

// A key that many share says nothing, and does not cost their square.
func TestIsACrowdPassedOver(t *testing.T) {
	var all []Likeable
	for i := range 20_000 {
		all = append(all, like("School", fmt.Sprint("s", i), "校長室"))
	}
	all = append(all, like("Company", "a", "㈱架空"), like("Company", "b", "株式会社架空"))
	found, err := Duplicated(context.Background(), all)
	if err != nil || len(found) != 1 {
		t.Errorf("%d pairs, %v", len(found), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Duplicated(ctx, all); err == nil {
		t.Error("it went on after it was cancelled")
	}
}

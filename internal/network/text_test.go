package network

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCleanText(t *testing.T) {
	for _, tc := range []struct {
		in   string
		max  int
		want string
		code ErrorCode
	}{
		{"塩尻市", 3, "塩尻市", ""},
		{"　 塩尻市 \n", 3, "塩尻市", ""},
		{"か\u3099く", 2, "がく", ""},
		{"ｶﾞｸ ㈱", 10, "ｶﾞｸ ㈱", ""},
		{"一行目\r\n\t二行目", 20, "一行目\n\t二行目", ""},
		{"𠮟る", 2, "𠮟る", ""},
		{"", 0, "", ""},
		{"   ", 0, "", ""},
		{"塩尻市", 2, "", OutOfRange},
		{"a\rb", 9, "", InvalidValue},
		{"a\x00b", 9, "", InvalidValue},
		{"a\u0085", 9, "", InvalidValue},
		{"a\u2028b", 9, "", InvalidValue},
		{"a\u202Eb", 9, "", InvalidValue},
		{"\u2066a\u2069", 9, "", InvalidValue},
		{"a\u200F", 9, "", InvalidValue},
		{"a\xff", 9, "", InvalidValue},
	} {
		got, err := CleanText(tc.in, tc.max)
		if got != tc.want || CodeOf(err) != tc.code {
			t.Errorf("CleanText(%q, %d) = %q, %v; want %q %s", tc.in, tc.max, got, err, tc.want, tc.code)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"キャリア教育": "きゃりあ教育", "きゃりあ教育": "きゃりあ教育", "ｷｬﾘｱ教育": "きゃりあ教育", "ｶﾞｸﾌﾞ": "がくぶ", "ガク": "がく", "か\u3099く": "がく",
		"ＭＥＧＵＲＵ": "meguru", "Meguru": "meguru", "㈱ 塩尻": "(株) 塩尻", "株式会社塩尻": "株式会社塩尻", "（株）塩尻": "(株)塩尻",
		"センター": "せんたー", "センタ－": "せんたー", "センタ―": "せんたー", "センタ‐": "せんたー", "ｾﾝﾀｰ": "せんたー", "co-op": "coーop",
		" 塩尻　　市\n役所 ": "塩尻 市 役所", "": "", "　": "", "ヴ": "ゔ", "ヷ": "わ\u3099", "ヵヶヽヾ": "ゕゖゝゞ", "ッ": "っ",
		"葛\U000E0100城": "葛城", "a\u200Bb\uFEFF": "ab", "第６次": "第6次", "①": "1", "\xff": "\uFFFD", "Ｔ\u0308": "ẗ",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldTerms(t *testing.T) {
	for in, want := range map[string][]string{
		"": nil, "　 ": nil, "キャリア": {"きゃりあ"}, " 塩尻　キャリア ｺﾝｻﾙ ": {"塩尻", "きゃりあ", "こんさる"},
	} {
		if got := FoldTerms(in); !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("FoldTerms(%q) = %q, want %q", in, got, want)
		}
	}
}

// awkward are pieces in which width, case, marks and spaces meet.
var awkward = []string{
	"ア", "ｱ", "ﾞ", "ﾟ", "\u3099", "\u309A", "゛", "カ", "か", "う", "ワ", "ヷ", "ヽ", "ー", "-", "―", "〜", "T", "Ｔ", "\u0308", "\u0301", "İ", "Σ", "ẞ",
	"㈱", "㍻", "ﬃ", "Å", "¨", " ", "　", "\u00A0", "\u200B", "\uFE0F", "\U000E0100", "\u034F", "한", "ᄒ", "ᅡ", "ᆫ", "𠮟", "\xff", "ǅ", "ϓ", "\u0345",
}

func anyText(t *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringN(0, 3, -1)), 0, 8).Draw(t, label), "")
}

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText(t, "text")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%+q) = %+q, again %+q", s, once, twice)
		}
	})
}

// What needs no normalization folds as it would with it, whatever comes after it.
func TestPlainTextFoldsAsAnyTextDoes(t *testing.T) {
	var runes []rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if foldsAlone(string(r)) && utf8.ValidRune(r) {
			runes = append(runes, r)
		}
	}
	if n := len(runes); n < 20_000 {
		t.Fatalf("%d characters", n)
	}
	whole := string(runes)
	if got, want := Fold(whole), foldNormal(whole); got != want {
		t.Error("all of them together fold otherwise")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom(runes)).Draw(t, "plain")) + rapid.SampledFrom([]string{"", anyText(t, "any")}).Draw(t, "end")
		if got, want := Fold(s), foldNormal(s); got != want {
			t.Fatalf("Fold(%+q) = %+q, want %+q", s, got, want)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range awkward {
		f.Add(s + "が" + s)
	}
	f.Add(strings.Repeat("\u0301", 70) + "A")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%+q) = %+q, again %+q", s, once, twice)
		}
		if any := foldNormal(s); any != once {
			t.Fatalf("Fold(%+q) = %+q, and as any text %+q", s, once, any)
		}
		if strings.Join(FoldTerms(s), " ") != once {
			t.Fatalf("terms of %+q: %+q", s, FoldTerms(s))
		}
	})
}

func TestSortKey(t *testing.T) {
	for _, tc := range []struct{ kana, name, want string }{
		{"シオジリ", "塩尻", "しおじり"},
		{"", "塩尻", "塩尻"},
		{" ", "ＡＢＣ", "abc"},
		{"", "𠮟咤", "\uFFFD00020b9f咤"},
		{"", "大𠮟咤", "大\uFFFD00020b9f咤"},
		{"", "", ""},
	} {
		if got := SortKey(tc.kana, tc.name); got != tc.want {
			t.Errorf("SortKey(%q, %q) = %q, want %q", tc.kana, tc.name, got, tc.want)
		}
	}
}

func TestSortKeyOrdersAlikeInEveryStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := SortKey("", anyText(t, "a")), SortKey("", anyText(t, "b"))
		bytes := cmp.Compare(a, b)
		units := slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		if points := slices.Compare([]rune(a), []rune(b)); bytes != points || bytes != units {
			t.Fatalf("%+q, %+q: bytes %d, code points %d, UTF-16 %d", a, b, bytes, points, units)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		_ = Fold("塩尻市キャリア教育支援センター")
	}
}

package network

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanText prepares text for storing: Unicode NFC, CR LF as LF, space at both
// ends cut. It refuses, as InvalidValue, invalid UTF-8, control characters
// other than tab and line feed, line and paragraph separators, and characters
// that turn the writing direction, which make text read differently from what
// it says; and, as OutOfRange, more than max characters (code points).
func CleanText(s string, max int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Errorf(InvalidValue, "the text is not valid UTF-8")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range s {
		if refused(r) {
			return "", Errorf(InvalidValue, "the text has the control character U+%04X", r)
		}
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if n := utf8.RuneCountInString(s); n > max {
		return "", Errorf(OutOfRange, "the text has %d characters; at most %d are allowed", n, max)
	}
	return s, nil
}

func refused(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case 0x2028, 0x2029:
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// maxFoldPasses bounds the repetitions in foldNormal. A pass after the first is
// needed only when lower-casing lets a combining mark join its letter.
const maxFoldPasses = 4

// Fold is the key under which text is searched: NFKC (so half-width kana are
// composed, full-width letters narrow, ㈱ is "(株)"), katakana as hiragana,
// lower case, every dash and long-vowel mark as ー, variation selectors and
// zero-width characters dropped, white space as single spaces, none at the
// ends. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	if foldsAlone(s) {
		return foldRunes(s)
	}
	return foldNormal(s)
}

// foldNormal folds any text.
func foldNormal(s string) string {
	for range maxFoldPasses {
		s = foldRunes(norm.NFKC.String(s))
		if norm.NFKC.IsNormalString(s) {
			break
		}
	}
	return s
}

// foldsAlone tells whether s has only characters that NFKC leaves as they are, beside one
// another too, and that fold to such: most text is so.
func foldsAlone(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
		case r >= 'ぁ' && r <= 'ゖ', r >= 'ァ' && r <= 'ヶ', r == 'ー', r == '、', r == '。', r == '・':
		case r >= 0x4E00 && r <= 0x9FFF: // unified ideographs
		default:
			return false
		}
	}
	return true
}

// FoldTerms folds s and splits it at white space, the full-width kind included;
// nil when there is none but space.
func FoldTerms(s string) []string {
	if terms := strings.Fields(Fold(s)); len(terms) > 0 {
		return terms
	}
	return nil
}

// SortKey is the key by which names are ordered: the folded kana when there is
// any, else the folded name. Comparing keys by bytes, by code points and by
// UTF-16 units gives the same order on every store: characters beyond U+FFFF,
// where these differ, are written as U+FFFD and eight hexadecimal digits.
func SortKey(kana, name string) string {
	key := Fold(kana)
	if key == "" {
		key = Fold(name)
	}
	var b strings.Builder
	for i, r := range key {
		switch {
		case r <= 0xFFFF:
			if b.Len() > 0 {
				b.WriteRune(r)
			}
			continue
		case b.Len() == 0:
			b.WriteString(key[:i])
		}
		fmt.Fprintf(&b, "\uFFFD%08x", r)
	}
	if b.Len() == 0 {
		return key
	}
	return b.String()
}

func foldRunes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if isInvisible(r) {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch {
		case r >= 'ヷ' && r <= 'ヺ': // no voiced hiragana: わ゙, ゐ゙, ゑ゙, を゙
			b.WriteRune([...]rune{'わ', 'ゐ', 'ゑ', 'を'}[r-'ヷ'])
			b.WriteRune('\u3099')
		default:
			b.WriteRune(foldRune(r))
		}
	}
	return b.String()
}

func foldRune(r rune) rune {
	switch {
	case r >= 'ァ' && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
		return r - ('ァ' - 'ぁ')
	case isDash(r):
		return 'ー'
	}
	return unicode.ToLower(r)
}

// isDash reports the dashes, hyphens, minus signs and long-vowel marks that
// people type for one another.
func isDash(r rune) bool {
	switch r {
	case '-', 'ー', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\u2500', '\uFF0D', '\uFF70', '\uFE63':
		return true
	}
	return false
}

// isInvisible reports characters that change nothing a person reads: variation
// selectors, soft hyphen, zero-width space, byte-order mark.
func isInvisible(r rune) bool {
	return r == '\u00AD' || r == '\u200B' || r == '\uFEFF' || unicode.Is(unicode.Variation_Selector, r)
}

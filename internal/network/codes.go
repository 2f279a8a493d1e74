package network

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxCodeText bounds, in bytes, the input a code is read from.
const maxCodeText = 100

// schoolTypes are the school types of MEXT's school code with their names.
var schoolTypes = map[string]string{
	"A1": "幼稚園", "A2": "幼保連携型認定こども園", "B1": "小学校", "C1": "中学校", "C2": "義務教育学校",
	"D1": "高等学校", "D2": "中等教育学校", "E1": "特別支援学校", "F1": "大学", "F2": "短期大学",
	"G1": "高等専門学校", "H1": "専修学校", "H2": "各種学校",
}

// ParseSchoolCode reads a school code (学校コード) of the Ministry of Education:
// type (2 characters), prefecture (2), establisher (1), number (7), check digit
// (1), for example B120221500026. Width, case, spaces and hyphens do not
// matter. The error is InvalidCode and says what is wrong.
func ParseSchoolCode(s string) (string, error) {
	c, err := plainCode("school code", s)
	if err != nil {
		return "", err
	}
	if len(c) != 13 {
		return "", Errorf(InvalidCode, "a school code has 13 characters, this has %d", len(c))
	}
	if _, ok := schoolTypes[c[:2]]; !ok {
		return "", Errorf(InvalidCode, "this begins with no school type (A1, A2, B1, C1, C2, D1, D2, E1, F1, F2, G1, H1, H2)")
	}
	if !allDigits(c[2:]) {
		return "", Errorf(InvalidCode, "this must have digits only after the school type")
	}
	if err := checkPrefecture(c[2:4]); err != nil {
		return "", err
	}
	if c[4] < '1' || c[4] > '3' {
		return "", Errorf(InvalidCode, "the establisher, the 5th, must be 1 (national), 2 (public) or 3 (private)")
	}
	if want := schoolCheckDigit(c); c[12] != want {
		return "", errCheckDigit("13th", c[12], want)
	}
	return c, nil
}

// SchoolCodeInfo takes a code that [ParseSchoolCode] gave apart: the type, for
// example "B1", the prefecture "01" to "47", and the establisher 1 (national),
// 2 (public) or 3 (private). Zero values for anything that is not 13 characters
// long.
func SchoolCodeInfo(code string) (typ string, prefecture string, establisher int) {
	if len(code) != 13 {
		return "", "", 0
	}
	return code[:2], code[2:4], int(code[4] - '0')
}

// schoolCheckDigit writes the type's letter as two digits (A is 01), weighs the
// 13 digits before the check digit 1, 2, 1, … from the left, and sums the
// decimal digits of the products.
func schoolCheckDigit(c string) byte {
	payload := [13]int{0, int(c[0] - 'A' + 1)}
	for i := 1; i < 12; i++ {
		payload[i+1] = int(c[i] - '0')
	}
	sum := 0
	for i, d := range payload {
		product := d * (1 + i%2)
		sum += product/10 + product%10
	}
	return byte('0' + (10-sum%10)%10)
}

// ParseMunicipalityCode reads a code of a local public entity (全国地方公共団体コード):
// six digits with a check digit at the end, for example 202151 for 塩尻市.
// Prefectures and unions of municipalities have one too. The error is
// InvalidCode; for five digits it says which code is likely meant.
func ParseMunicipalityCode(s string) (string, error) {
	c, err := plainCode("municipality code", s)
	if err != nil {
		return "", err
	}
	if !allDigits(c) {
		return "", Errorf(InvalidCode, "this must have digits only")
	}
	if len(c) == 5 {
		return "", errFiveDigits(c)
	}
	if len(c) != 6 {
		return "", Errorf(InvalidCode, "a municipality code has 6 digits, this has %d", len(c))
	}
	if err := checkPrefecture(c[:2]); err != nil {
		return "", err
	}
	if want := municipalityCheckDigit(c); c[5] != want {
		return "", errCheckDigit("6th", c[5], want)
	}
	return c, nil
}

// errFiveDigits: people leave out the check digit, and spreadsheets a leading
// zero. Which one it was cannot be told, so the code is not completed.
func errFiveDigits(c string) *Error {
	e := Errorf(InvalidCode, "a municipality code has 6 digits, this has 5; its check digit, at the end, is %c", municipalityCheckDigit(c))
	if zero := "0" + c; municipalityCheckDigit(zero) == zero[5] {
		e.Message += ", or it has lost a leading zero"
	}
	return e
}

// municipalityCheckDigit weighs the first five digits 6, 5, 4, 3, 2.
func municipalityCheckDigit(c string) byte {
	sum := 0
	for i := range 5 {
		sum += int(c[i]-'0') * (6 - i)
	}
	return byte('0' + (11-sum%11)%10)
}

// ParseCorporateNumber reads a corporate number (法人番号): 13 digits, the check
// digit first, for example 3000020202151 for 塩尻市. The error is InvalidCode. A
// valid form is no proof that the corporation exists.
func ParseCorporateNumber(s string) (string, error) {
	c, err := plainCode("corporate number", s)
	if err != nil {
		return "", err
	}
	if !allDigits(c) {
		return "", Errorf(InvalidCode, "this must have digits only")
	}
	if len(c) == 12 {
		return "", Errorf(InvalidCode, "a corporate number has 13 digits, this has 12; its check digit, in front, is %c", corporateCheckDigit(c))
	}
	if len(c) != 13 {
		return "", Errorf(InvalidCode, "a corporate number has 13 digits, this has %d", len(c))
	}
	if want := corporateCheckDigit(c[1:]); c[0] != want {
		return "", errCheckDigit("first", c[0], want)
	}
	return c, nil
}

// corporateCheckDigit weighs the other 12 digits 1, 2, 1, 2, … from the right.
func corporateCheckDigit(rest string) byte {
	sum := 0
	for i := range len(rest) {
		sum += int(rest[len(rest)-1-i]-'0') * (1 + i%2)
	}
	return byte('0' + 9 - sum%9)
}

// ParseRegistrationNumber reads the registration number of a career consultant
// (キャリアコンサルタント登録番号). Its form is not published, so only digits and
// Latin letters, at least one digit, and 4 to 20 characters are asked for; it
// has no check digit. Hyphens and spaces are dropped. The error is InvalidCode.
func ParseRegistrationNumber(s string) (string, error) {
	c, err := plainCode("registration number", s)
	if err != nil {
		return "", err
	}
	hasDigit := false
	for _, r := range c {
		switch {
		case r >= '0' && r <= '9':
			hasDigit = true
		case r < 'A' || r > 'Z':
			return "", Errorf(InvalidCode, "this must have digits and Latin letters only")
		}
	}
	if !hasDigit {
		return "", Errorf(InvalidCode, "this has no digit")
	}
	if len(c) < 4 || len(c) > 20 {
		return "", Errorf(InvalidCode, "a registration number has 4 to 20 characters, this has %d", len(c))
	}
	return c, nil
}

// plainCode folds widths, upper-cases Latin letters, drops spaces and dashes
// and refuses what is then empty or not ASCII.
func plainCode(what, s string) (string, error) {
	if len(s) > maxCodeText {
		return "", Errorf(InvalidCode, "this is too long for a %s", what)
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.IsSpace(r) || isDash(r):
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r <= ' ' || r >= 0x7F:
			return "", Errorf(InvalidCode, "this has a character that no %s has", what)
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return "", Errorf(InvalidCode, "the %s is empty", what)
	}
	return b.String(), nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func checkPrefecture(prefecture string) error {
	if prefecture < "01" || prefecture > "47" {
		return Errorf(InvalidCode, "the prefecture must be 01 to 47")
	}
	return nil
}

func errCheckDigit(position string, got, want byte) *Error {
	return Errorf(InvalidCode, "the check digit, the %s, is %c; %c was expected: one of the characters is wrong", position, got, want)
}

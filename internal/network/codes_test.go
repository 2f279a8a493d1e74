package network

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCodes(t *testing.T) {
	for _, tc := range []struct {
		name     string
		parse    func(string) (string, error)
		in, want string // want "": InvalidCode with the message
		message  string
	}{
		{"school", ParseSchoolCode, "B120221500026", "B120221500026", ""},
		{"school", ParseSchoolCode, "C120221500042", "C120221500042", ""},
		{"school", ParseSchoolCode, "B120220200272", "B120220200272", ""},
		{"school", ParseSchoolCode, " ｂ１-20-2-2150002-6 ", "B120221500026", ""},
		{"school", ParseSchoolCode, "B120221500027", "", "the check digit, the 13th, is 7; 6 was expected: one of the characters is wrong"},
		{"school", ParseSchoolCode, "B12022150002", "", `a school code has 13 characters, this has 12`},
		{"school", ParseSchoolCode, "B220221500026", "", "this begins with no school type (A1, A2, B1, C1, C2, D1, D2, E1, F1, F2, G1, H1, H2)"},
		{"school", ParseSchoolCode, "B148221500026", "", "the prefecture must be 01 to 47"},
		{"school", ParseSchoolCode, "B100221500026", "", "the prefecture must be 01 to 47"},
		{"school", ParseSchoolCode, "B120421500026", "", "the establisher, the 5th, must be 1 (national), 2 (public) or 3 (private)"},
		{"school", ParseSchoolCode, "B1202215O0026", "", `this must have digits only after the school type`},
		{"school", ParseSchoolCode, "", "", "the school code is empty"},
		{"school", ParseSchoolCode, "塩尻東小学校", "", `this has a character that no school code has`},
		{"municipality", ParseMunicipalityCode, "202151", "202151", ""},
		{"municipality", ParseMunicipalityCode, "202011", "202011", ""},
		{"municipality", ParseMunicipalityCode, "011002", "011002", ""},
		{"municipality", ParseMunicipalityCode, "２０２１５－１", "202151", ""},
		{"municipality", ParseMunicipalityCode, "200000", "200000", ""},
		{"municipality", ParseMunicipalityCode, "202152", "", "the check digit, the 6th, is 2; 1 was expected: one of the characters is wrong"},
		{"municipality", ParseMunicipalityCode, "20215", "", "a municipality code has 6 digits, this has 5; its check digit, at the end, is 1"},
		{"municipality", ParseMunicipalityCode, "11002", "", "a municipality code has 6 digits, this has 5; its check digit, at the end, is 7, or it has lost a leading zero"},
		{"municipality", ParseMunicipalityCode, "2021", "", `a municipality code has 6 digits, this has 4`},
		{"municipality", ParseMunicipalityCode, "482151", "", "the prefecture must be 01 to 47"},
		{"municipality", ParseMunicipalityCode, "20215A", "", `this must have digits only`},
		{"corporate", ParseCorporateNumber, "3000020202151", "3000020202151", ""},
		{"corporate", ParseCorporateNumber, "３ 0000-2020-2151", "3000020202151", ""},
		{"corporate", ParseCorporateNumber, "4000020202151", "", "the check digit, the first, is 4; 3 was expected: one of the characters is wrong"},
		{"corporate", ParseCorporateNumber, "000020202151", "", "a corporate number has 13 digits, this has 12; its check digit, in front, is 3"},
		{"corporate", ParseCorporateNumber, "30000202021510", "", `a corporate number has 13 digits, this has 14`},
		{"corporate", ParseCorporateNumber, "T3000020202151", "", `this must have digits only`},
		{"registration", ParseRegistrationNumber, "16 012345", "16012345", ""},
		{"registration", ParseRegistrationNumber, "ｃｃ－１２３４", "CC1234", ""},
		{"registration", ParseRegistrationNumber, "123", "", `a registration number has 4 to 20 characters, this has 3`},
		{"registration", ParseRegistrationNumber, strings.Repeat("1", 21), "", `a registration number has 4 to 20 characters, this has 21`},
		{"registration", ParseRegistrationNumber, "ABCD", "", `this has no digit`},
		{"registration", ParseRegistrationNumber, "12.34", "", `this must have digits and Latin letters only`},
		{"registration", ParseRegistrationNumber, "第12345号", "", `this has a character that no registration number has`},
		{"registration", ParseRegistrationNumber, "１２３４\x00", "", `this has a character that no registration number has`},
		{"registration", ParseRegistrationNumber, strings.Repeat("１", 1000), "", "this is too long for a registration number"},
	} {
		got, err := tc.parse(tc.in)
		if tc.message != "" {
			if CodeOf(err) != InvalidCode || err.Error() != tc.message {
				t.Errorf("%s %.50q = %q, %v\nwant %s", tc.name, tc.in, got, err, tc.message)
			}
			continue
		}
		if err != nil || got != tc.want {
			t.Errorf("%s %q = %q, %v; want %q", tc.name, tc.in, got, err, tc.want)
		}
	}
}

func TestSchoolCodeInfo(t *testing.T) {
	if typ, prefecture, establisher := SchoolCodeInfo("C120221500042"); typ != "C1" || prefecture != "20" || establisher != 2 {
		t.Errorf("%s %s %d", typ, prefecture, establisher)
	}
	if typ, prefecture, establisher := SchoolCodeInfo("C1"); typ != "" || prefecture != "" || establisher != 0 {
		t.Errorf("%s %s %d", typ, prefecture, establisher)
	}
}

// oneWrongDigit draws another digit for a place in code[from:].
func oneWrongDigit(t *rapid.T, code string, from int) (wrong string, old, new byte) {
	i := rapid.IntRange(from, len(code)-1).Draw(t, "place")
	old = code[i]
	new = '0' + (old-'0'+byte(rapid.IntRange(1, 9).Draw(t, "step")))%10
	return code[:i] + string(new) + code[i+1:], old, new
}

func TestSchoolCheckDigitDetectsOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := fmt.Sprintf("%s%02d%d%07d0", rapid.SampledFrom([]string{"A1", "B1", "C2", "H2"}).Draw(t, "type"),
			rapid.IntRange(1, 47).Draw(t, "prefecture"), rapid.IntRange(1, 3).Draw(t, "establisher"), rapid.IntRange(0, 9999999).Draw(t, "number"))
		code = code[:12] + string(schoolCheckDigit(code))
		if got, err := ParseSchoolCode(code); err != nil || got != code {
			t.Fatal(got, err)
		}
		wrong, _, _ := oneWrongDigit(t, code, 1)
		if _, err := ParseSchoolCode(wrong); CodeOf(err) != InvalidCode {
			t.Fatalf("%s passes for %s", wrong, code)
		}
	})
}

// The remainders 0 and 10 of eleven share the check digit 1, so the official
// formula misses a wrong digit that turns one into the other, and no other.
func TestMunicipalityCheckDigitDetectsOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := fmt.Sprintf("%02d%03d0", rapid.IntRange(1, 47).Draw(t, "prefecture"), rapid.IntRange(0, 999).Draw(t, "number"))
		code = code[:5] + string(municipalityCheckDigit(code))
		if got, err := ParseMunicipalityCode(code); err != nil || got != code {
			t.Fatal(got, err)
		}
		wrong, _, _ := oneWrongDigit(t, code, 0)
		if _, err := ParseMunicipalityCode(wrong); err == nil && code[5] != '1' {
			t.Fatalf("%s passes for %s", wrong, code)
		}
	})
}

// The official formula counts modulo nine and so cannot tell 0 from 9.
func TestCorporateCheckDigitDetectsOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rest := fmt.Sprintf("%012d", rapid.IntRange(0, 999999999999).Draw(t, "number"))
		code := string(corporateCheckDigit(rest)) + rest
		if got, err := ParseCorporateNumber(code); err != nil || got != code {
			t.Fatal(got, err)
		}
		wrong, old, new := oneWrongDigit(t, code, 0)
		zeroForNine := old == '0' && new == '9' || old == '9' && new == '0'
		if _, err := ParseCorporateNumber(wrong); err == nil && !zeroForNine {
			t.Fatalf("%s passes for %s", wrong, code)
		}
	})
}

package town

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

// prefectureOf is the prefecture of a municipality, 1 to 47.
func prefectureOf(municipality int) int { return municipality%prefectures + 1 }

// withDigit finds the check digit that makes a code one: the registry's own
// parser knows the rules.
func withDigit(parse func(string) (string, error), format string, body ...any) string {
	for digit := range 10 {
		code := fmt.Sprintf(format, append([]any{digit}, body...)...)
		if clean, err := parse(code); err == nil {
			return clean
		}
	}
	panic(fmt.Sprintf("town: no check digit for %v", body))
}

// municipalityCode numbers the municipalities of a prefecture from 100 on.
func municipalityCode(municipality int) string {
	return withDigit(network.ParseMunicipalityCode, "%02[2]d%03[3]d%[1]d", prefectureOf(municipality), 100+municipality/prefectures)
}

func prefectureCode(prefecture int) string {
	return withDigit(network.ParseMunicipalityCode, "%02[2]d000%[1]d", prefecture)
}

func schoolCode(typ string, prefecture, establisher, number int) string {
	return withDigit(network.ParseSchoolCode, "%[2]s%02[3]d%[4]d%07[5]d%[1]d", typ, prefecture, establisher, number)
}

func corporateNumber(number uint64) string {
	return withDigit(network.ParseCorporateNumber, "%[1]d%012[2]d", number)
}

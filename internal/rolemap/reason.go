package rolemap

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

// Text is a sentence in English and in Japanese.
type Text struct{ EN, JA string }

// Textf fills the same values into both languages.
func Textf(en, ja string, args ...any) Text {
	return Text{fmt.Sprintf(en, args...), fmt.Sprintf(ja, args...)}
}

// Reason is one part of a score: what speaks for or against, how much, and the
// records that show it.
type Reason struct {
	Rule    string // machine-readable, as OFFERS or NEVER_HEARD
	Points  float64
	Text    Text
	Records []network.ID
}

// total sums the points.
func total(rs []Reason) float64 {
	sum := 0.0
	for _, r := range rs {
		sum += r.Points
	}
	return sum
}

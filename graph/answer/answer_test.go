package answer

import (
	"math"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestNumbersAreShownWithTenDigits(t *testing.T) {
	for x, want := range map[float64]any{1.0 / 3: 0.3333333333, 2: 2.0, 1e-12 / 3: 3.333333333e-13, 123456789.123456: 123456789.1, math.Inf(1): nil} {
		if got := real(x); got != want {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
	}
	if got := real(math.NaN()); got != nil {
		t.Error(got)
	}
}

func TestWordsOfNames(t *testing.T) {
	for name, want := range map[string]string{"School": "School", "CityDepartment": "City department", "NON_PROFIT": "Non profit", "COLLABORATES_WITH": "Collaborates with"} {
		if got := words(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Equal values share a rank, and of constraint the lowest comes first; who has no
// value comes last either way.
func TestRanks(t *testing.T) {
	v := &view{l: &loaded{ids: make([]network.ID, 5)}}
	values := []float64{0.5, math.NaN(), 0.9, 0.5, 0.1}
	for name, want := range map[string][]ranked{
		"BETWEENNESS": {{2, 1}, {0, 2}, {3, 2}, {4, 4}, {1, 5}},
		"CONSTRAINT":  {{4, 1}, {0, 2}, {3, 2}, {2, 4}, {1, 5}},
	} {
		if got := v.ranking(name, values); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

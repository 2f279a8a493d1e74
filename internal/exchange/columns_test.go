package exchange

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestNoTwoColumnsOfAKindAreHeadedAlike(t *testing.T) {
	for _, k := range network.Kinds() {
		seen := map[string]string{}
		for _, c := range Columns(k.Name) {
			for _, name := range append(c.Also, c.Header) {
				key := network.Fold(name)
				if other := seen[key]; other != "" && other != c.Header {
					t.Errorf("%s: %s heads both %s and %s", k.Name, name, other, c.Header)
				}
				seen[key] = c.Header
			}
		}
	}
}

func TestColumns(t *testing.T) {
	headers := func(kind string) (out []string) {
		for _, c := range Columns(kind) {
			out = append(out, c.Header)
		}
		return out
	}
	for kind, want := range map[string][]string{
		"Tie":       {"ID", "From", "To", "Type", "Visibility", "Strength", "Last Contact", "Confidence", "Status", "Do Not Ask", "Description", "Start", "End"},
		"Occupancy": {"ID", "Type", "Visibility", "Person", "Post", "On Behalf Of", "Status", "Note", "Start", "End"},
		"Change":    nil,
		"Castle":    nil,
	} {
		got := headers(kind)
		if len(got) != len(want) {
			t.Errorf("%s: %q", kind, got)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %q", kind, got)
				break
			}
		}
	}
}

func TestEveryKindWithoutANameHasANaturalKey(t *testing.T) {
	for _, k := range network.Kinds() {
		if !k.Entered() || k.Named() {
			continue
		}
		if naturalKeys[k.Name] == nil {
			t.Errorf("%s has none", k.Name)
		}
		for _, f := range naturalKeys[k.Name] {
			if k.Field(f) == nil {
				t.Errorf("%s has no %s", k.Name, f)
			}
		}
	}
}

func TestKindsByName(t *testing.T) {
	for text, want := range map[string]string{"School": "School", "学校": "School", "career consultant": "CareerConsultant", "CareerConsultant": "CareerConsultant", "キャリアコンサルタント": "CareerConsultant"} {
		if k := kindNames[network.Fold(text)]; k == nil || k.Name != want {
			t.Errorf("%s: %v", text, k)
		}
	}
}

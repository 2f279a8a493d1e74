package answer

import (
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// warmthParts says where the cost of asking along a tie comes from; seat tells
// that it is a post.
func warmthParts(t analysis.Tie, w analysis.Warmth, seat bool) []any {
	part := func(name string, points analysis.Cost, en, ja string) any {
		return object("WarmthPart", map[string]any{"part": name, "points": int(points), "message": plan.Localized{"EN": en, "JA": ja}})
	}
	kind := part("KIND", w.Kind, "kind: "+strings.ToLower(words(t.Kind)), "種類 "+network.TieKindEnum.Label(t.Kind))
	freshness := part("FRESHNESS", w.Freshness, "last contact: unknown", "最終接触 不明")
	switch {
	case seat:
		kind = part("KIND", w.Kind, "kind: post", "種類 在任")
		freshness = part("FRESHNESS", w.Freshness, "in office", "在任中")
	case !t.LastContact.IsZero():
		freshness = part("FRESHNESS", w.Freshness, "last contact: "+t.LastContact.Text(), "最終接触 "+t.LastContact.Label())
	}
	strengthEN, strengthJA := "strength: unknown", "強さ 不明"
	if t.Strength > 0 {
		n := strconv.Itoa(int(t.Strength))
		strengthEN, strengthJA = "strength: "+n, "強さ "+n
	}
	return []any{
		part("ASKING", w.Asking, "asking at all", "頼むこと自体"),
		kind,
		part("STRENGTH", w.Strength, strengthEN, strengthJA),
		freshness,
		part("STANDING", w.Standing, "standing: "+known(t.Status, "unknown status")+", confidence "+known(t.Confidence, "unknown"),
			"確からしさ "+orElse(network.StatusEnum.Label(t.Status), "不明")+"・確度 "+orElse(network.ConfidenceEnum.Label(t.Confidence), "不明")),
	}
}

func known(value, otherwise string) string { return orElse(strings.ToLower(value), otherwise) }

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

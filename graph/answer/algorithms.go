package answer

import (
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
)

// algorithm says how something is computed and what of direction and weighting
// counts in it.
type algorithm struct {
	name, source string
	directs      bool // direction counts, when the network has one
	weighs       bool // strength counts, when asked for
	always       bool // strength counts always
}

const formulas = "docs/analysis-formulas.md"

var (
	wholeAlgorithm    = algorithm{"musubi analysis", formulas, true, true, false}
	summaryAlgorithm  = algorithm{"density, reciprocity, weak components, breadth-first distances, k-core", "Batagelj, Zaversnik 2003", true, false, false}
	componentsOf      = algorithm{"weak components, breadth-first distances", formulas, true, false, false}
	cutAlgorithm      = algorithm{"cut points and bridges (Tarjan)", "Tarjan, SIAM J. Comput. 1, 1972", false, false, false}
	communitiesOf     = algorithm{"modularity communities (Leiden)", "Traag, Waltman, van Eck, Sci. Rep. 9, 2019", false, true, false}
	brokerageOf       = algorithm{"brokerage roles (Gould–Fernandez), raw counts", "Gould, Fernandez, Sociological Methodology 19, 1989", true, false, false}
	mixingOf          = algorithm{"mixing matrix, E-I index, assortativity", "Krackhardt, Stern, Soc. Psychol. Q. 51, 1988; Newman, Phys. Rev. E 67, 2003", true, true, false}
	whatIfOf          = algorithm{"connected pairs with and without", formulas, false, false, false}
	coverageOf        = algorithm{"nearest, breadth-first", formulas, true, false, false}
	differenceOf      = algorithm{"difference by id, renewals joined", formulas, true, false, false}
	dependenceOf      = algorithm{"connected pairs lost or longer without", formulas, false, false, false}
	suggestionsOf     = algorithm{"common contacts (Adamic–Adar), needs and offers", "Adamic, Adar, Social Networks 25, 2003", false, false, false}
	introductionsRule = algorithm{"k best simple paths (Yen, Lawler) by warmth", "Yen 1971; Lawler 1972; " + formulas, false, false, true}
)

// measureOf says how each measure of centrality is computed.
var measureOf = map[string]algorithm{
	"DEGREE":         {"degree", formulas, false, false, false},
	"IN_DEGREE":      {"in-degree", formulas, true, false, false},
	"OUT_DEGREE":     {"out-degree", formulas, true, false, false},
	"STRENGTH":       {"strength", formulas, false, false, true},
	"IN_STRENGTH":    {"in-strength", formulas, true, false, true},
	"OUT_STRENGTH":   {"out-strength", formulas, true, false, true},
	"CLOSENESS":      {"closeness (Wasserman–Faust)", "Wasserman, Faust 1994, 5.22", true, false, false},
	"HARMONIC":       {"harmonic closeness", "Marchiori, Latora, Physica A 285, 2000", true, false, false},
	"BETWEENNESS":    {"betweenness (Brandes)", "Brandes, J. Math. Sociol. 25, 2001; with pivots Brandes, Pich 2007; between sectors Brandes, Social Networks 30, 2008", true, true, false},
	"EIGENVECTOR":    {"eigenvector centrality", "Bonacich, J. Math. Sociol. 2, 1972", false, true, false},
	"PAGERANK":       {"PageRank, damping 0.85", "Page, Brin, Motwani, Winograd 1999", true, true, false},
	"REACH_2":        {"reach within two ties", formulas, true, false, false},
	"CORENESS":       {"k-core", "Batagelj, Zaversnik 2003", false, false, false},
	"CONSTRAINT":     {"constraint", "Burt 1992", false, true, false},
	"EFFECTIVE_SIZE": {"effective size", "Burt 1992", false, true, false},
}

// algorithm lays out how something was computed in the view.
func (v *view) algorithm(a algorithm, params map[string]any) any {
	if params == nil {
		params = map[string]any{}
	}
	return object("Algorithm", map[string]any{
		"name": a.name, "version": analysis.Version, "source": a.source,
		"direction": directionName(v.directed && a.directs), "weighting": weightingName(a.always || v.weighted && a.weighs),
		"parameters": plan.Rendered(jsonText(params)),
	})
}

package rolemap

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// section is what stands on a page under a heading of the second level.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	_, after, has := strings.Cut("\n"+string(data), "\n## "+heading+"\n")
	if !has {
		t.Fatalf("docs/%s has no section %s", page, heading)
	}
	before, _, _ := strings.Cut(after, "\n## ")
	return before
}

var ruleName = regexp.MustCompile(`^"[A-Z]+(_[A-Z]+)*"$`)

var tableRow = regexp.MustCompile("(?m)^\\| `([A-Z_]+)`[^|]*\\| ([^|]+) \\|")

// rows are the second cells of the tables in a text, by the rule in the first.
func rows(text string) map[string]string {
	out := map[string]string{}
	for _, m := range tableRow.FindAllStringSubmatch(text, -1) {
		if _, twice := out[m[1]]; !twice {
			out[m[1]] = m[2]
		}
	}
	return out
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func numbers(of map[string]float64) map[string]string {
	out := map[string]string{}
	for rule, points := range of {
		out[rule] = number(points)
	}
	return out
}

// words are how the page writes a scale.
func (s scale) words() string {
	out := number(s.base)
	switch {
	case s.each > 0 && s.base > 0:
		out += " + " + number(s.each) + " each"
	case s.each > 0:
		out = number(s.each) + " each"
	}
	if s.most > 0 {
		out += ", at most " + number(s.most)
	}
	if s.soon > 0 {
		out += ", and up to " + number(s.soon) + " the sooner"
	}
	return out
}

func scales(of map[string]scale) map[string]string {
	out := map[string]string{}
	for rule, s := range of {
		out[rule] = s.words()
	}
	return out
}

// The page of the rankings says what the tables in code say: no rule more or
// less, and the same points.
func TestThePageOfTheRankingsHasTheTablesOfTheCode(t *testing.T) {
	referral := map[string]float64{"NEAR": nearPoints, "NO_INTRODUCTION": 0}
	for rule, r := range referralPoints {
		referral[rule] = r.points
	}
	for work, weight := range workWeight {
		if work != "" {
			referral[work] = weight
		}
	}
	severities := map[string]scale{}
	for _, r := range RiskRules {
		severities[r.Name] = r.scale
	}
	consultants, clients := numbers(matchPoints), numbers(clientPoints)
	consultants["NO_INTRODUCTION"], clients["NO_INTRODUCTION"] = "0", "0"
	for heading, want := range map[string]map[string]string{
		"whoToAsk": numbers(referral), "matchConsultants": consultants, "matchClients": clients,
		"continuityRisks": scales(severities), "handover": scales(takeoverScale), "dueHearings": scales(hearingScale), "suggestedTies": numbers(suggestedPoints), "duplicateCandidates": numbers(duplicatePoints),
	} {
		got := rows(section(t, "rankings.md", heading))
		for rule, points := range want {
			// What the points are multiplied with stands behind them.
			if cell, _, _ := strings.Cut(got[rule], " ×"); cell != points {
				t.Errorf("%s: %s stands with %q, it is %q in code", heading, rule, got[rule], points)
			}
		}
		for rule, cell := range got {
			if _, known := want[rule]; !known && regexp.MustCompile(`^-?\d`).MatchString(cell) {
				t.Errorf("%s: there is no rule %s with %s points", heading, rule, cell)
			}
		}
	}
}

// The numbers that stand outside the tables of rules.
func TestThePageOfTheRankingsHasTheNumbersOfTheCode(t *testing.T) {
	for heading, phrases := range map[string][]string{
		"Nearness and warm ties": {fmt.Sprintf("(1 − cost / %d)²", FarCost), fmt.Sprintf("at most %d ties", FarHops), fmt.Sprintf("of %d points", nearPoints)},
		"whoToAsk": {
			fmt.Sprintf("The best rule counts in full, the second %v, the third %v and every further one %v of its points", further[1], further[2], further[3]),
			fmt.Sprintf("| %v | %v | %v |", Exact.weight(), Narrower.weight(), Broader.weight()),
		},
		"matchConsultants": {fmt.Sprintf("within %d months of the day", soonMonths)},
		"continuityRisks":  {fmt.Sprintf("within %d days", graceDays), fmt.Sprintf("at most %d", maxSeverity)},
		"suggestedTies":    {fmt.Sprintf("at most %d", commonMost)},
		"handover":         {fmt.Sprintf("within %d days", graceDays)},
	} {
		text := strings.Join(strings.Fields(section(t, "rankings.md", heading)), " ")
		for _, p := range phrases {
			if !strings.Contains(text, p) {
				t.Errorf("%s does not say %q", heading, p)
			}
		}
	}
	if further[0] != 1 || len(further) != 4 {
		t.Errorf("the page tells of four shares: %v", further)
	}
	for _, line := range strings.Split(section(t, "rankings.md", "Nearness and warm ties"), "\n") {
		var cost int
		var near, points float64
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.Contains(line, "more") {
			continue
		}
		if _, err := fmt.Sscan(strings.Join(cells[2:5], " "), &cost, &near, &points); err != nil {
			continue
		}
		w := Way{Known: true, Cost: float64(cost)}
		if hundredths(w.nearness()) != near || hundredths(nearPoints*w.nearness()) != points {
			t.Errorf("a cost of %d is a nearness of %v and %v points, the page says %v and %v", cost, w.nearness(), nearPoints*w.nearness(), near, points)
		}
	}
}

// Every rule that code names as a reason is on the page.
func TestThePageOfTheRankingsNamesEveryReason(t *testing.T) {
	page, err := os.ReadFile("../../docs/rankings.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				for _, arg := range call.Args {
					if lit, ok := arg.(*ast.BasicLit); ok && ruleName.MatchString(lit.Value) && says(call.Fun) {
						named[strings.Trim(lit.Value, `"`)] = true
					}
				}
			}
			return true
		})
	}
	if len(named) < 40 {
		t.Fatalf("only %d rules were found in the code", len(named))
	}
	for rule := range named {
		if !strings.Contains(string(page), "`"+rule+"`") {
			t.Errorf("docs/rankings.md does not name %s", rule)
		}
	}
}

// says tells of the functions that enter a reason or a risk.
func says(fun ast.Expr) bool {
	name := ""
	switch f := fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	return name == "add" || name == "say"
}

func TestThePageOfTheRankingsHasEveryCauseOfAStall(t *testing.T) {
	got := rows(section(t, "rankings.md", "stallCheck"))
	for _, cause := range network.StallCauseEnum.Values {
		if _, has := got[cause.Value]; !has {
			t.Errorf("docs/rankings.md does not name the cause %s", cause.Value)
		}
	}
	if len(got) != len(network.StallCauseEnum.Values) {
		t.Errorf("the page has %d causes", len(got))
	}
}

// Risks of one severity come in the order of the page.
func TestThePageOfTheRankingsHasTheRisksInTheirOrder(t *testing.T) {
	got := tableRow.FindAllStringSubmatch(section(t, "rankings.md", "continuityRisks"), -1)
	for i, r := range RiskRules {
		if i >= len(got) || got[i][1] != r.Name {
			t.Fatalf("rule %d in code is %s; the page has %v", i, r.Name, got)
		}
	}
}

// The page of the role map has the rules of the code, in their order.
func TestThePageOfTheRoleMapHasEveryRule(t *testing.T) {
	lists := map[Class]string{Gap: "gaps", Overlap: "overlaps", Conflict: "conflicts"}
	got := tableRow.FindAllStringSubmatch(section(t, "role-map.md", "The rules"), -1)
	if len(got) != len(Rules) {
		t.Fatalf("%d rules on the page, %d in code", len(got), len(Rules))
	}
	for i, r := range Rules {
		if got[i][1] != r.Name || got[i][2] != lists[r.Class] {
			t.Errorf("rule %d of the page is %s in %s, in code %s in %s", i, got[i][1], got[i][2], r.Name, lists[r.Class])
		}
	}
}

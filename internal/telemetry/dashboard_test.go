package telemetry

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// figuresOf are the names of the figures of a server that has done some of everything.
func figuresOf(t *testing.T) map[string][]string {
	t.Helper()
	h, _ := recording(t, head)
	_, end := h.Request(t.Context(), "POST", nil)
	end("/graphql", 200)
	for _, kind := range []string{"query", "subscription"} {
		_, operation := h.Operation(t.Context(), kind, "other")
		operation("")
	}
	h.Failed("TOO_LARGE", "cost")
	_, statement := h.Statement("neo4j")(t.Context(), "fetch")
	statement("")
	h.calls.WithLabelValues("fetch", "ok").Inc()
	h.callSeconds.WithLabelValues("fetch").Observe(1)
	families, err := h.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, f := range families {
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		names[f.GetName()] = labels
		if f.GetMetric()[0].GetHistogram() != nil {
			names[f.GetName()+"_bucket"] = append(labels, "le")
		}
	}
	return names
}

var (
	figure = regexp.MustCompile(`\b(?:musubi|go|process)_[a-z_]+`)
	by     = regexp.MustCompile(`by \(([^)]*)\)`)
	legend = regexp.MustCompile(`{{(\w+)}}`)
)

// Every figure and label that the dashboard and the alerts ask for is there, and every
// figure of ours is shown.
func TestAreTheFiguresOfTheDashboardThere(t *testing.T) {
	names := figuresOf(t)
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	text, err := os.ReadFile("../../deploy/grafana/musubi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, p := range dashboard.Panels {
		for _, q := range p.Targets {
			used := figure.FindAllString(q.Expr, -1)
			if len(used) != 1 {
				t.Errorf("%s: %s asks for %v", p.Title, q.Expr, used)
				continue
			}
			labels, there := names[used[0]]
			if !there {
				t.Errorf("%s: there is no %s", p.Title, used[0])
			}
			shown[strings.TrimSuffix(used[0], "_bucket")] = true
			for _, group := range by.FindAllStringSubmatch(q.Expr, -1) {
				for label := range strings.SplitSeq(group[1], ", ") {
					if !slices.Contains(labels, label) {
						t.Errorf("%s: %s has no label %s", p.Title, used[0], label)
					}
				}
			}
			for _, l := range legend.FindAllStringSubmatch(q.LegendFormat, -1) {
				if !strings.Contains(q.Expr, l[1]) {
					t.Errorf("%s: the legend has %s, the question has not", p.Title, l[1])
				}
			}
		}
	}
	for name := range names {
		if strings.HasPrefix(name, namespace) && !strings.HasSuffix(name, "_bucket") && !shown[name] {
			t.Errorf("%s is not on the dashboard", name)
		}
	}
	alerts, err := os.ReadFile("../../deploy/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	used := figure.FindAllString(string(alerts), -1)
	if len(used) < 4 {
		t.Errorf("the alerts ask for %v only", used)
	}
	for _, name := range used {
		if _, there := names[name]; !there {
			t.Errorf("alerts: there is no %s", name)
		}
	}
}

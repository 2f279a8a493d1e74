package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// answering is a side that gives one answer.
func answering(t *testing.T, name, answer string) *side {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return &side{name: name, addr: strings.TrimPrefix(s.URL, "http://")}
}

var anything = question{text: text{name: "anything", ours: "{ a }"}, vars: func(*side, int) map[string]any { return map[string]any{} }}

func TestDoesTheRunFailWhenRowsDiffer(t *testing.T) {
	ours := `{"data":{"stakeholder":{"name":"甲","ties":{"edges":[{"node":{"name":"乙"}},{"node":{"name":"丙"}}]}}}}`
	for what, c := range map[string]struct {
		theirs string
		agree  bool
		row    int
	}{
		"wrapped otherwise":           {`{"data":{"parties":[{"name":"甲","list":{"nodes":[{"name":"乙"},{"name":"丙"}]}}]}}`, true, 0},
		"rows by position":            {`["甲",["乙","丙"]]`, true, 0},
		"another row":                 {`["甲",["乙","丁"]]`, false, 0},
		"a row less":                  {`["甲",["乙"]]`, false, 0},
		"another order":               {`["甲",["丙","乙"]]`, false, 0},
		"another order, not asked of": {`["丙",["甲","乙"]]`, true, 1},
		"a text for a null":           {`["甲",[null,"丙"]]`, false, 0},
		"an error beside the rows":    {`{"data":["甲","乙","丙"],"errors":[{"message":"no"}]}`, false, 0},
		"an error of a mutation":      {`{"data":["甲","乙","丙"],"userErrors":[{"message":"no"}]}`, false, 0},
		"no JSON":                     {`甲乙丙`, false, 0},
	} {
		q := anything
		q.row = c.row
		err := q.agree(t.Context(), []*side{answering(t, embedded, ours), answering(t, bare, c.theirs)})
		if (err == nil) != c.agree {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := anything.agree(t.Context(), []*side{answering(t, embedded, `{"data":{"list":[]}}`)}); err == nil {
		t.Error("nothing was compared, and that was no error")
	}
}

func TestDoesAnErrorUnderLoadEndTheRound(t *testing.T) {
	bad := answering(t, neo4jGraphQL, `{"errors":[{"message":"no"}]}`)
	if _, err := anything.drive(t.Context(), bad, 2, time.Minute); err == nil || !strings.Contains(err.Error(), "no") {
		t.Errorf("error %v", err)
	}
	r, err := anything.drive(t.Context(), answering(t, neo4jGraphQL, `{"data":{"a":1}}`), 2, time.Millisecond)
	if err != nil || r.perSecond <= 0 || r.p50 <= 0 || r.p99 < r.p50 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Every workload has words or a reason for every side.
func TestCanEverySideDoItOrSayWhyNot(t *testing.T) {
	for _, q := range texts {
		for _, name := range []string{embedded, onNeo4j, bare, neo4jGraphQL, postgraphile} {
			if (q.words(name) == "") != (q.why[name] != "") {
				t.Errorf("%s, %s: words %q, why not %q", q.name, name, q.words(name), q.why[name])
			}
		}
	}
}

func TestDoesARatioCompareWithinTheRound(t *testing.T) {
	rates := func(list ...float64) (out []run) {
		for _, v := range list {
			out = append(out, run{perSecond: v, p99: time.Duration(v) * time.Millisecond})
		}
		return out
	}
	// The machine was busy in the second round, for both.
	got := ratio("other", rates(100, 10, 110), rates(50, 5, 50))
	if want := "2.00× other (2.00–2.20), p99 2.00×"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestDoesASpreadTakeFromAllOver(t *testing.T) {
	list := make([]int, 10*distinct)
	for i := range list {
		list[i] = i
	}
	got := spread(list)
	if len(got) != distinct || !slices.IsSorted(got) || got[0] != 0 || got[len(got)-1] < 9*distinct {
		t.Errorf("%d from %d to %d", len(got), got[0], got[len(got)-1])
	}
}

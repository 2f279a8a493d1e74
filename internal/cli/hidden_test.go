package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/exchange"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// waysToWhatIsHidden are all that there are, beside exports, which have a test of
// their own; each must have questions.
var waysToWhatIsHidden = []string{"select", "filter", "sort", "search", "group-by", "nested paths", "path interiors", "metrics", "diffs", "subscriptions", "change log", "error texts"}

var rolesThatAsk = []network.Role{network.RoleViewer, network.RoleAnalyst, network.RoleCoordinator, network.RoleAdmin}

func inRole(role network.Role) network.Viewer { return network.Viewer{Role: role, Actor: "a"} }

// unheard are the texts of the map that a role must not come across.
func unheard(role network.Role) (out []string) {
	for level, v := range levels {
		if !inRole(role).Sees(v) {
			out = append(out, fmt.Sprint("zq", level), fmt.Sprint("zp", level))
		}
	}
	if !inRole(role).ReadsPersonal() {
		out = append(out, "zp")
	}
	return append(out, "zshut")
}

// everyQuestion are those of all ways.
func everyQuestion(t *testing.T, records []*network.Record) []question {
	a := newAsking(t, records)
	for _, ask := range schemaWays {
		ask(a)
	}
	a.byHand()
	for _, name := range a.missing() {
		t.Errorf("%s: no question asks this root field", name)
	}
	for _, way := range waysToWhatIsHidden {
		if !slices.ContainsFunc(a.out, func(q question) bool { return q.way == way }) {
			t.Errorf("%s: no question goes this way", way)
		}
	}
	return a.out
}

func askedBy(s store.Store, role network.Role) http.Handler {
	return graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
		Limits: limit.With("time", "10m", "cost", "10000000", "rate", "1000000", "burst", "1000000", "tokens", "100000", "fields", "1000", "expanded", "100000", "conditions", "10000", "first", "500"),
		Viewer: func(context.Context) network.Viewer { return inRole(role) }})
}

// wrongIn tells what is wrong with an answer, "" for nothing: it is that of a map
// without what the role may not know.
func wrongIn(role network.Role, q question, got, want string) string {
	for _, code := range []string{`"VALIDATION`, `"INTERNAL`, `"GRAPHQL_`, `"TOO_LARGE`, `"OUT_OF_RANGE`} {
		if strings.Contains(got, code) {
			return "the test asks wrongly"
		}
	}
	if got != want {
		return "the answer is another without what is hidden: " + difference(got, want)
	}
	if !strings.Contains(got, `rrors":[{`) { // which repeat what was asked for
		for _, text := range unheard(role) {
			if at := strings.Index(got, text); at >= 0 {
				return "it tells " + got[max(0, at-60):min(len(got), at+40)]
			}
		}
	}
	return ""
}

func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(0, at-80)
	return fmt.Sprintf("%.200s\n instead of %.200s", a[min(from, len(a)):], b[min(from, len(b)):])
}

func TestIsWhatIsHiddenReachedInAnyWay(t *testing.T) {
	o := &oracle{t: t, records: hiddenMap()}
	whole, questions := o.load(o.records), everyQuestion(t, o.records)
	for _, role := range rolesThatAsk {
		t.Run(role.String(), func(t *testing.T) {
			part := o.load(seenOf(o.records, inRole(role)))
			all, seen := askedBy(whole, role), askedBy(part, role)
			var selected strings.Builder
			for _, q := range questions {
				if q.way == "subscriptions" || q.way == "error texts" && role == network.RoleAdmin { // who sees all writes
					continue
				}
				got := string(withoutExtensions(post(all, q.text, nil)))
				if wrong := wrongIn(role, q, got, string(withoutExtensions(post(seen, q.text, nil)))); wrong != "" {
					t.Errorf("%s, %s: %s\n%.300s", q.way, q.about, wrong, q.text)
				}
				if q.way == "select" {
					selected.WriteString(got)
				}
			}
			readsItsOwn(t, role, selected.String())
		})
	}
}

// readsItsOwn wants that a role reads every text field of the registry that it may.
func readsItsOwn(t *testing.T, role network.Role, selected string) {
	for _, k := range network.Kinds() {
		for _, f := range k.Fields {
			text := f.Type == network.String || f.Type == network.Text || f.Type == network.Code || f.Type == network.Strings
			if !text || f.System || !k.Entered() || k.Name == network.TieRecord || k.Name == network.ClaimRecord {
				continue
			}
			for level, v := range levels {
				may := inRole(role).Sees(v) && inRole(role).Reads(f)
				if there := strings.Contains(selected, `"`+marked(level, k, f, bare)+`"`); there != may {
					t.Errorf("%s.%s at %s: selected %v", k.Name, f.Name, v, there)
				}
			}
		}
	}
}

// Neo4j is asked a sample of every way: the answer is that of the embedded store
// without what is hidden.
func TestIsWhatIsHiddenReachedInNeo4j(t *testing.T) {
	o := &oracle{t: t, records: hiddenMap()}
	questions := everyQuestion(t, o.records)
	whole := emptyNeo4j(t)
	if _, err := whole.Apply(t.Context(), o.creation(o.records)); err != nil {
		t.Fatal(err)
	}
	for role, ways := range map[network.Role][]string{network.RoleViewer: waysToWhatIsHidden, network.RoleCoordinator: {"sort", "group-by", "change log"}} {
		t.Run(role.String(), func(t *testing.T) {
			all, seen := askedBy(whole, role), askedBy(o.load(seenOf(o.records, inRole(role))), role)
			for _, q := range questions {
				if !q.sampled || !slices.Contains(ways, q.way) {
					continue
				}
				got := string(withoutExtensions(post(all, q.text, nil)))
				if wrong := wrongIn(role, q, got, string(withoutExtensions(post(seen, q.text, nil)))); wrong != "" {
					t.Errorf("%s, %s: %s\n%.300s", q.way, q.about, wrong, q.text)
				}
			}
		})
	}
}

// onBoth runs a test on the map in the embedded store and in Neo4j.
func (o *oracle) onBoth(t *testing.T, test func(*testing.T, store.Store)) {
	t.Run("embedded", func(t *testing.T) { test(t, o.load(o.records)) })
	t.Run("neo4j", func(t *testing.T) {
		s := emptyNeo4j(t)
		if _, err := s.Apply(t.Context(), o.creation(o.records)); err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

// Exports are made by administrators: all formats, with the personal fields and without.
func TestDoesAnExportHoldWhatIsHidden(t *testing.T) {
	o := &oracle{t: t, records: hiddenMap()}
	part := o.load(seenOf(o.records, network.Admin("export")))
	o.onBoth(t, func(t *testing.T, whole store.Store) { exportsLike(t, whole, part) })
}

func exportsLike(t *testing.T, whole, part store.Store) {
	for _, personal := range []bool{false, true} {
		q := &networkQuery{asOf: network.MustDate(sampleToday), allTime: true, personal: personal}
		got, err := q.load(t.Context(), whole)
		if err != nil {
			t.Fatal(err)
		}
		want, err := q.load(t.Context(), part)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range exchange.Formats() {
			text, wanted := bytes.Join(exported(t, f, got), nil), bytes.Join(exported(t, f, want), nil)
			if !bytes.Equal(text, wanted) || bytes.Contains(text, []byte("zshut")) {
				t.Errorf("%s: the export is another without what nobody may read", f.Name)
			}
			if bytes.Contains(text, []byte("zp")) != personal || !bytes.Contains(text, []byte("zq0")) {
				t.Errorf("%s, personal %v: it holds personal fields, or none", f.Name, personal)
			}
		}
	}
}

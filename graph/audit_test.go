package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// heard is an audit log in memory.
type heard struct {
	entries []audit.Entry
	synced  []bool
	err     error
}

func (h *heard) Append(e audit.Entry, synced bool) error {
	if h.err == nil {
		h.entries, h.synced = append(h.entries, e), append(h.synced, synced)
	}
	return h.err
}

// reads are the reads since the last call, as "id field field".
func (h *heard) reads() (records, asked []string) {
	for _, e := range h.entries {
		if e.What != audit.Read {
			continue
		}
		for _, r := range e.Records {
			records = append(records, string(r.ID)+" "+strings.Join(r.Fields, " "))
		}
		asked = append(asked, e.Asked...)
	}
	h.entries, h.synced = nil, nil
	return records, asked
}

// listening is a map with people who have something in every personal field.
func listening(t *testing.T) (a *api, h *heard, ids map[string]string) {
	h = &heard{}
	a = newAPI(t, memory.New(memory.Options{}), func(r *graph.Resolver) { r.Audit = h })
	ids = map[string]string{"area": a.create("area", map[string]any{"name": "塩尻市", "level": "MUNICIPALITY"})}
	full := map[string]any{"name": "架空 花子（架空）", "contact": personalText, "residence": ids["area"], "origin": ids["area"], "registrationNumber": "21012345",
		"consentPurpose": "講師の紹介", "consentGiven": "2024-02-01", "consentUntil": "9990-01-01"}
	ids["who"] = a.create("careerConsultant", full)
	ids["source"] = a.create("source", map[string]any{"name": "聞き取り", "sourceType": "HEARING"})
	ids["claim"] = a.create("claim", map[string]any{"record": ids["who"], "field": "contact", "value": "x", "source": ids["source"]})
	h.entries, h.synced = nil, nil
	return a, h, ids
}

// Every place in which the schema lets a personal field be named, found as the test of
// who may read them finds it.
func TestIsEveryReadingOfAPersonalFieldRecorded(t *testing.T) {
	a, h, ids := listening(t)
	looked := 0
	for _, p := range places(t) {
		_, name, _ := strings.Cut(p.where, ".")
		kind, _, _ := strings.Cut(p.where, ".")
		if p.way == "select" && (kind == "Person" || !network.MustKind("CareerConsultant").Is(kind)) || strings.Contains(name, "consentWithdrawn") {
			continue // the map has none
		}
		for role, want := range map[network.Role]bool{network.RoleAnalyst: false, network.RoleCoordinator: true, network.RoleAdmin: true} {
			a.viewer = network.Viewer{Role: role, Actor: fmt.Sprint("somebody ", p.where, p.query)} // each has a rate
			answer := a.post(strings.ReplaceAll(p.query, "$ids", `["`+ids["who"]+`"]`), nil)
			records, asked := h.reads()
			switch {
			case !want && len(records)+len(asked) > 0:
				t.Errorf("%s of %s by %s, who reads nothing: %v %v", p.way, p.where, role, records, asked)
			case want && p.way == "select" && !slices.Equal(records, []string{ids["who"] + " " + name}):
				t.Errorf("%s of %s by %s: %v\n%s\n%.300s", p.way, p.where, role, records, p.query, answer)
			case want && p.way != "select" && len(asked) == 0 && !strings.Contains(answer, `"errors"`):
				t.Errorf("%s of %s by %s: nothing\n%s\n%.300s", p.way, p.where, role, p.query, answer)
			}
		}
		looked++
	}
	if looked < 20 {
		t.Errorf("%d places", looked)
	}
}

func TestWhichReadingsAreRecorded(t *testing.T) {
	a, h, ids := listening(t)
	a.data(`mutation($id: ID!) { update(id: $id, input: {careerConsultant: {contact: "y", description: "z"}}) { userErrors { code } } }`, map[string]any{"id": ids["who"]})
	if e := h.entries; len(e) != 1 || e[0].What != audit.Write || h.synced[0] || e[0].Revision == 0 || fmt.Sprint(e[0].Records) != "[{"+ids["who"]+" UPDATE [contact description]}]" {
		t.Errorf("%+v", e)
	}
	h.reads()
	all := " consentGiven consentPurpose consentUntil contact origin registrationNumber residence"
	for query, want := range map[string][]string{
		`{ node(id: $id) { ... on CareerConsultant { name description } } }`:                nil,
		`{ node(id: $id) { ... on CareerConsultant { contact residence { name } } } }`:      {ids["who"] + " contact residence"},
		`{ node(id: $id) { ... on CareerConsultant { a: contact b: contact id } } }`:        {ids["who"] + " contact"},
		`{ people(first: 1) { nodes { contact } } }`:                                        {ids["who"] + " contact"},
		`{ sources(ids: 1) { id } }`:                                                        nil,
		`{ node(id: $source) { ... on Source { statements { nodes { value record } } } } }`: {ids["who"] + " contact"},
		`{ node(id: $source) { ... on Source { statements { nodes { date } } } } }`:         nil,
		`{ node(id: $id) { ... on CareerConsultant { claims { nodes { note } } } } }`:       nil,
		`{ changes(of: $id) { nodes { action actor } } }`:                                   nil,
		`{ changes(of: $id) { nodes { after } } }`:                                          {ids["who"] + all},
		`{ changes(of: $claim) { nodes { after } } }`:                                       {ids["who"] + " contact"},
		`mutation { upsertMany(dryRun: true, rows: [{id: $id, record: {careerConsultant: {contact: "w", description: "w"}}}]) { rows { changes { before } } } }`: {ids["who"] + " contact"},
	} {
		for name, id := range ids {
			query = strings.ReplaceAll(query, "$"+name, `"`+id+`"`)
		}
		query = strings.ReplaceAll(query, "$id", `"`+ids["who"]+`"`)
		a.viewer = network.Viewer{Role: network.RoleCoordinator, Actor: "somebody"}
		answer := a.post(query, nil)
		if got, _ := h.reads(); !slices.Equal(got, want) {
			t.Errorf("%s\n%v, want %v\n%.300s", query, got, want, answer)
		}
	}
}

func TestIsAnythingShownThatCannotBeRecorded(t *testing.T) {
	a, h, ids := listening(t)
	h.err = network.Errorf(network.Unavailable, "the audit log cannot be written: the disk is full; free some space")
	vars := map[string]any{"id": ids["who"]}
	if got := a.post(`query($id: ID!) { node(id: $id) { ... on CareerConsultant { contact } } }`, vars); strings.Contains(got, personalText) || !strings.Contains(got, "the disk is full") || !strings.Contains(got, `"UNAVAILABLE"`) {
		t.Error(got)
	}
	if got := a.post(`query($id: ID!) { node(id: $id) { ... on CareerConsultant { name } } }`, vars); !strings.Contains(got, "架空 花子") {
		t.Error(got)
	}
	if got := a.post(`mutation { create(input: {topic: {name: "x"}}) { revision userErrors { code } } }`, nil); !strings.Contains(got, `"userErrors":[]`) {
		t.Error(got)
	}
}

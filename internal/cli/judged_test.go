package cli

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// judged is one case of testdata/judged: see its README.
type judged struct {
	Name, Topic, Asker, AsOf, Reason string
	Input                            struct {
		Topics                   []string
		Need, Area, Company      string
		On, Availability, Kind   string
		IndependenceYears, First int
	}
	Best, Good, Not []string
	Nobody          bool
}

// verdict counts how the answers of a ranking agree with the judge.
type verdict struct{ cases, leads, ordered, clean, empty, nobody int }

// The rankings agree with the cases judged by hand, as far as they do: the
// report is the measure, the floor keeps it from getting worse unseen.
func TestRankingsAgreeWithTheJudgedCases(t *testing.T) {
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	j := &judge{t: t, ids: map[string]network.ID{}, keys: map[string]string{}, holders: map[string][]string{}}
	j.read(s)
	j.ask = func(query string, variables any) []byte {
		h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
			Viewer: func(context.Context) network.Viewer {
				return network.Viewer{Role: network.RoleCoordinator, Actor: "judge"}
			}})
		data, _ := json.Marshal(variables)
		return post(h, query, data)
	}
	t.Run("whoToAsk", func(t *testing.T) { j.whoToAsk(t, verdict{leads: 12, ordered: 15, clean: 20, empty: 3}) })
	t.Run("matchConsultants", func(t *testing.T) { j.matchConsultants(t, verdict{leads: 17, ordered: 17, clean: 20, empty: 3}) })
}

type judge struct {
	t       *testing.T
	ids     map[string]network.ID
	keys    map[string]string   // by id
	holders map[string][]string // of a post, all who ever held it, by key
	ask     func(query string, variables any) []byte
}

func (j *judge) read(s store.Store) {
	q := ask.New(network.Admin("judge"), network.MustDate(sampleToday))
	all := q.Scan(ask.Of(network.NodeInterface, "importKey"), ask.Always())
	if _, err := q.Run(j.t.Context(), s); err != nil {
		j.t.Fatal(err)
	}
	for _, r := range all.Rows() {
		j.ids[r.Str("importKey")] = r.ID()
		j.keys[string(r.ID())] = r.Str("importKey")
	}
}

func (j *judge) cases(name string) []judged {
	data, err := os.ReadFile("testdata/judged/" + name)
	if err != nil {
		j.t.Fatal(err)
	}
	var out []judged
	if err := json.Unmarshal(data, &out); err != nil {
		j.t.Fatal(err)
	}
	return out
}

func (j *judge) id(key string) string {
	if key != "" && j.ids[key] == "" {
		j.t.Errorf("no record has the key %s", key)
	}
	return string(j.ids[key])
}

// answers are the keys of the results: each a candidate with what counts as the
// same answer.
func (j *judge) answers(data []byte) [][]string {
	var got struct {
		Data struct {
			Q struct {
				Results []struct {
					Candidate, Consultant struct{ ID string }
					Holders               []struct{ ID string }
				}
			}
		}
		Errors []any
	}
	if err := json.Unmarshal(data, &got); err != nil || len(got.Errors) > 0 {
		j.t.Fatalf("%v %.600s", err, data)
	}
	var out [][]string
	for _, r := range got.Data.Q.Results {
		same := []string{j.keys[r.Candidate.ID+r.Consultant.ID]}
		for _, h := range r.Holders {
			same = append(same, j.keys[h.ID])
		}
		out = append(out, same)
	}
	return out
}

// weigh holds the answers against a case.
func (v *verdict) weigh(t *testing.T, c judged, got [][]string) {
	v.cases++
	place := func(key string) int {
		return slices.IndexFunc(got, func(same []string) bool { return slices.Contains(same, key) })
	}
	var wrong []string
	if c.Nobody {
		v.nobody++
		onlyGood := !slices.ContainsFunc(got, func(same []string) bool {
			return !slices.ContainsFunc(same, func(k string) bool { return slices.Contains(c.Good, k) })
		})
		if onlyGood {
			v.empty++
			v.leads++
			v.ordered++
		} else {
			wrong = append(wrong, "somebody is named")
		}
	} else {
		last, ordered := -1, true
		for _, b := range c.Best {
			p := place(b)
			ordered = ordered && p > last
			last = p
		}
		if place(c.Best[0]) == 0 {
			v.leads++
		} else {
			wrong = append(wrong, c.Best[0]+" does not lead")
		}
		if ordered {
			v.ordered++
		} else {
			wrong = append(wrong, "order")
		}
	}
	clean := true
	for _, n := range c.Not {
		if p := place(n); p >= 0 {
			clean = false
			wrong = append(wrong, "names "+n)
		}
	}
	if clean {
		v.clean++
	}
	if len(wrong) > 0 {
		t.Logf("%s: %s\n  want %v\n  got  %v", c.Name, strings.Join(wrong, ", "), c.Best, got)
	}
}

func (v verdict) report(t *testing.T, floor verdict) {
	t.Logf("of %d cases: the right one leads in %d, all the best in order in %d, nobody wrong in %d; %d of %d honest about nobody", v.cases, v.leads, v.ordered, v.clean, v.empty, v.nobody)
	if v.leads < floor.leads || v.ordered < floor.ordered || v.clean < floor.clean || v.empty < floor.empty {
		t.Errorf("less than before: %+v, was %+v", v, floor)
	}
}

func (j *judge) whoToAsk(t *testing.T, floor verdict) {
	var v verdict
	for _, c := range j.cases("who_to_ask.json") {
		got := j.ask(`query($topic: ID!, $asker: ID!, $asOf: Date) { q: whoToAsk(topic: $topic, asker: $asker, asOf: $asOf) { results { score reasons { rule points } candidate { ... on Stakeholder { id } ... on Post { id } } holders { id } } } }`,
			map[string]any{"topic": j.id(c.Topic), "asker": j.id(c.Asker), "asOf": c.AsOf})
		v.weigh(t, c, j.answers(got))
	}
	v.report(t, floor)
}

func (j *judge) matchConsultants(t *testing.T, floor verdict) {
	var v verdict
	for _, c := range j.cases("match_consultants.json") {
		in := c.Input
		input := map[string]any{"need": j.id(in.Need)}
		if in.Need == "" {
			var topics []string
			for _, k := range in.Topics {
				topics = append(topics, j.id(k))
			}
			profile := map[string]any{"topics": topics}
			if in.Area != "" {
				profile["area"] = j.id(in.Area)
			}
			if in.Company != "" {
				profile["client"] = j.id(in.Company)
			}
			input = map[string]any{"profile": profile}
		}
		vars := map[string]any{"input": input, "on": in.On, "years": in.IndependenceYears, "purpose": in.Kind, "first": in.First, "asOf": c.AsOf}
		if in.Availability != "" {
			vars["free"] = in.Availability
		}
		got := j.ask(`query($input: ConsultantWish!, $on: Date, $free: String, $years: Int!, $purpose: ConsultantPurpose, $first: Int!, $asOf: Date) { q: matchConsultants(input: $input, on: $on, availability: $free, independenceYears: $years, purpose: $purpose, first: $first, asOf: $asOf) { results { score reasons { rule points } consultant { id } } excluded { reason { rule } } } }`, vars)
		v.weigh(t, c, j.answers(got))
	}
	v.report(t, floor)
}

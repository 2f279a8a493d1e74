package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// liveMap is a served map whose viewer can be changed.
type liveMap struct {
	t       *testing.T
	store   store.Store
	address string
	viewer  atomic.Pointer[network.Viewer]
	listen  func(r request) listener
	open    []listener
}

// live runs a test against a server: on the embedded store over each transport, and
// on Neo4j over one, since a transport knows nothing of the store. Nothing may be
// left running at its end.
func live(t *testing.T, test func(t *testing.T, m *liveMap)) {
	for _, kind := range []string{"embedded", "neo4j"} {
		for transport, listen := range transports {
			if kind == "neo4j" && transport != "socket" {
				continue
			}
			t.Run(kind+"/"+transport, func(t *testing.T) {
				m := &liveMap{t: t}
				if m.store = store.Store(memory.New(memory.Options{})); kind == "neo4j" {
					m.store = emptyNeo4j(t)
				}
				before := goleak.IgnoreCurrent()
				m.as(admin())
				address, stop := serving(t, m.store, func() network.Viewer { return *m.viewer.Load() })
				m.address = address
				m.listen = func(r request) listener {
					l, err := listen(t.Context(), address, r)
					if err != nil {
						t.Fatal(err)
					}
					m.open = append(m.open, l)
					return l
				}
				test(t, m)
				stop()
				for _, l := range m.open {
					l.kill()
				}
				goleak.VerifyNone(t, before)
			})
		}
	}
}

func (m *liveMap) as(v network.Viewer) { m.viewer.Store(&v) }

// post sends an operation; the answer is as it came.
func (m *liveMap) post(r request) (*http.Response, string) {
	m.t.Helper()
	body, _ := json.Marshal(r)
	req, _ := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.address+"/graphql", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if r.atLeast != "" {
		req.Header.Set(graph.AtLeastHeader, r.atLeast)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer, strings.TrimSpace(string(text))
}

// write applies writes as one revision, which it gives.
func (m *liveMap) write(writes ...store.Write) string {
	m.t.Helper()
	done, err := m.store.Apply(m.t.Context(), &store.Batch{Actor: "someone", Reason: "聞き取りで確認", At: time.Date(2024, 2, 1, 3, 0, 0, 0, time.UTC), Writes: writes})
	if err != nil {
		m.t.Fatal(err)
	}
	return fmt.Sprint("r", done.Revision)
}

func created(kind, id string, fields map[string]any) store.Write {
	return store.Write{Action: store.Create, After: &network.Record{ID: network.ID(id), Kind: kind, Fields: fields}}
}

func changed(version int64, kind, id string, fields map[string]any) store.Write {
	return store.Write{Action: store.Update, IfVersion: version, After: &network.Record{ID: network.ID(id), Kind: kind, Fields: fields}}
}

type fields = map[string]any

func fieldID(id string) network.ID { return network.ID(id) }

func hears(t *testing.T, l listener, want ...string) {
	t.Helper()
	for _, w := range want {
		if got := heard(t, l); got != w {
			t.Errorf("\n got %s\nwant %s", got, w)
		}
	}
}

func TestWhatDoesAChangeEventCarry(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		first := m.write(created("Topic", "topic", fields{"name": "前"}))
		l := m.listen(request{Query: `subscription($since: String) { changes(since: $since) { __typename revision at actor reason action recordId kind is: record { id ... on Topic { name } } before after } }`, Variables: fields{"since": first}})
		m.write(changed(1, "Topic", "topic", fields{"name": "後"}), created("Topic", "other", fields{"name": "他"}))
		m.write(store.Write{Action: store.Create, After: &network.Record{ID: "third", Kind: "Topic", Fields: fields{"name": "三"}}})
		const common = `"at":"2024-02-01T03:00:00Z","actor":"someone","reason":"聞き取りで確認"`
		hears(t, l,
			`{"changes":{"__typename":"ChangeEvent","revision":"r2-0",`+common+`,"action":"UPDATE","recordId":"topic","kind":"TOPIC","is":{"id":"topic","name":"後"},"before":{"name":"前"},"after":{"name":"後"}}}`,
			`{"changes":{"__typename":"ChangeEvent","revision":"r2",`+common+`,"action":"CREATE","recordId":"other","kind":"TOPIC","is":{"id":"other","name":"他"},"before":null,"after":{"name":"他"}}}`,
			`{"changes":{"__typename":"ChangeEvent","revision":"r3",`+common+`,"action":"CREATE","recordId":"third","kind":"TOPIC","is":{"id":"third","name":"三"},"before":null,"after":{"name":"三"}}}`)
	})
}

func TestWhereDoesASubscriberBegin(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		m.write(created("Topic", "a", fields{"name": "あ"}), created("Topic", "b", fields{"name": "い"}), created("Topic", "c", fields{"name": "う"}))
		const query = `subscription($since: String) { changes(since: $since) { revision recordId } }`
		now := m.listen(request{Query: query})
		within := m.listen(request{Query: query, Variables: fields{"since": "r1-0"}})
		hears(t, within, `{"changes":{"revision":"r1-1","recordId":"b"}}`, `{"changes":{"revision":"r1","recordId":"c"}}`)
		// Nobody tells when a subscription has begun but its events.
		stop := make(chan struct{})
		done := make(chan string)
		go func() { done <- heard(t, now) }()
		go func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond):
					m.write(created("Topic", fmt.Sprint("later", i), fields{"name": "後"}))
				}
			}
		}()
		if got := <-done; !strings.Contains(got, `"recordId":"later`) {
			t.Errorf("without since it begins with %s", got)
		}
		stop <- struct{}{}
		if got := refused(t, m.listen(request{Query: query, Variables: fields{"since": "yesterday"}})); got != "INVALID_VALUE" {
			t.Errorf("no revision: %s", got)
		}
	})
}

func TestWhichChangesAreWanted(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		listen := func(filter string) listener {
			return m.listen(request{Query: `subscription { changes(since: "r0", filter: ` + filter + `) { recordId action } }`})
		}
		m.write(created("School", "school", fields{"name": "校"}), created("Company", "company", fields{"name": "社"}), created("Topic", "topic", fields{"name": "題"}))
		m.write(created("Tie", "tie", fields{"kind": "SUPPORTS", "subject": network.ID("company"), "object": network.ID("school")}),
			created("Post", "post", fields{"name": "担当", "organization": network.ID("school")}), changed(1, "Topic", "topic", fields{"name": "題目"}))
		m.write(store.Write{Action: store.Withdraw, IfVersion: 1, After: &network.Record{ID: "tie", Kind: network.WithdrawnRecord, Fields: fields{"wasKind": "Tie", "was": "{}"}}})
		for filter, want := range map[string][]string{
			`{kind: {in: [TIE, POST]}}`:                        {"tie", "post", "tie"},
			`{kind: {eq: WITHDRAWN}}`:                          {"tie"},
			`{kind: {eq: TOPIC}, action: {ne: CREATE}}`:        {"topic"},
			`{record: {in: ["company", "topic"]}}`:             {"company", "topic", "topic"},
			`{record: {eq: "topic"}, action: {eq: UPDATE}}`:    {"topic"},
			`{about: ["school"]}`:                              {"school", "tie", "post", "tie"},
			`{about: ["school"], kind: {ne: SCHOOL}}`:          {"tie", "post", "tie"},
			`{about: ["company", "topic"]}`:                    {"company", "topic", "tie", "topic", "tie"},
			`{action: {isNull: false, in: [UPDATE, RESTORE]}}`: {"topic"},
		} {
			l := listen(filter)
			for _, id := range want {
				if got := heard(t, l); !strings.HasPrefix(got, `{"changes":{"recordId":"`+id+`"`) {
					t.Errorf("%s: %s instead of %s", filter, got, id)
				}
			}
			l.kill()
		}
	})
}

func TestWhatMayASubscriberSee(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		m.as(network.Viewer{Role: network.RoleViewer})
		l := m.listen(request{Query: `subscription { changes(since: "r0") { revision recordId record { id } after } }`})
		m.write(created("Company", "open", fields{"name": "社", "contact": "0263"}), created("Company", "closed", fields{"name": "秘", "visibility": "RESTRICTED"}))
		m.write(created("Tie", "hidden", fields{"kind": "COLLABORATES_WITH", "subject": network.ID("open"), "object": network.ID("closed")}))
		m.write(changed(1, "Company", "closed", fields{"name": "公"})) // the entry is as hidden as the state before
		m.write(created("Topic", "last", fields{"name": "題"}))
		hears(t, l, `{"changes":{"revision":"r1","recordId":"open","record":{"id":"open"},"after":{"name":"社"}}}`)
		if got := heard(t, l); !strings.Contains(got, `"recordId":"last"`) && !strings.Contains(got, `"recordId":"hidden"`) {
			t.Errorf("next is %s", got) // the tie is open once both its parties are
		}
		// Whoever may see more later is told what comes then.
		m.as(admin())
		m.write(created("Topic", "secret", fields{"name": "秘", "visibility": "RESTRICTED"}))
		for got := ""; !strings.Contains(got, `"recordId":"secret"`); {
			got = heard(t, l)
		}
		m.as(network.Viewer{Role: network.RoleViewer})
		m.write(created("Topic", "secret2", fields{"name": "秘", "visibility": "RESTRICTED"}))
		m.write(created("Topic", "open2", fields{"name": "題"}))
		if got := heard(t, l); !strings.Contains(got, `"recordId":"open2"`) {
			t.Errorf("a viewer is told %s", got)
		}
	})
}

func TestDoesAStreamOutliveTheTimeForReadingARequest(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		l := m.listen(request{Query: `subscription { changes(since: "r0") { recordId } }`})
		time.Sleep(2500 * time.Millisecond) // the server's ReadTimeout is 2 s
		m.write(created("Topic", "late", fields{"name": "遅"}))
		hears(t, l, `{"changes":{"recordId":"late"}}`)
	})
}

func TestIsASubscriberToldNothingWrongWhenTheServerStops(t *testing.T) {
	address, stop := serving(t, memory.New(memory.Options{}), admin)
	for name, listen := range transports {
		l, err := listen(t.Context(), address, request{Query: `subscription { changes { recordId } }`})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := l.next()
			ended <- err
		}()
		defer func() {
			if err := <-ended; err == nil || err == io.EOF {
				t.Errorf("%s: the stream ends as if it were complete: %v", name, err)
			}
			l.kill()
		}()
	}
	time.Sleep(50 * time.Millisecond)
	stop()
}

// All events of a part of the log share one statement for what is selected of their
// records; without that there is none but the reading of the log.
func TestHowManyStatementsDoEventsCost(t *testing.T) {
	s := emptyNeo4j(t).(*neo4j.Store)
	address, _ := serving(t, s, admin)
	b := &store.Batch{At: time.Now()}
	for i := range 90 {
		b.Writes = append(b.Writes, created("Topic", fmt.Sprint("t", i), fields{"name": "題"}))
	}
	if _, err := s.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for selection, want := range map[string]int64{`record { id ... on Topic { name changes { totalCount } } }`: 1, `recordId before after`: 0} {
		before := s.Statements()
		l, err := listenToEvents(t.Context(), address, request{Query: `subscription { changes(since: "r0") { ` + selection + ` } }`})
		if err != nil {
			t.Fatal(err)
		}
		for range 90 {
			heard(t, l)
		}
		l.kill()
		if got := s.Statements() - before; got != want {
			t.Errorf("%s: %d statements for 90 events, want %d", selection, got, want)
		}
	}
}

// loadedSample is the sample in the store of a live map.
func loadedSample(t *testing.T, m *liveMap) {
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, m.store); err != nil {
		t.Fatal(err)
	}
}

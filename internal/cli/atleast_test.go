package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const topicNames = `{ topics { nodes { name } } }`

// twenty is how an answer ends that could have cost a page.
const twenty = `"extensions":{"cost":{"requested":20,"allowed":100000}}}`

func TestDoesAReadWaitForTheRevisionItRequires(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		first := m.write(created("Topic", "a", fields{"name": "あ"}))
		answer, text := m.post(request{Query: topicNames, atLeast: first})
		if text != `{"data":{"topics":{"nodes":[{"name":"あ"}]}},`+twenty || answer.Header.Get(graph.RevisionHeader) != first {
			t.Errorf("%s, %v", text, answer.Header)
		}
		// The next one is not there yet: whoever requires it gets it all the same.
		l := m.listen(request{Query: topicNames, atLeast: "r2"})
		ahead := make(chan string)
		go func() {
			_, text := m.post(request{Query: topicNames, atLeast: "r2-0"})
			ahead <- text
		}()
		time.Sleep(50 * time.Millisecond)
		m.write(created("Topic", "b", fields{"name": "い"}))
		const both = `{"topics":{"nodes":[{"name":"あ"},{"name":"い"}]}}`
		if text := <-ahead; text != `{"data":`+both+`,`+twenty {
			t.Errorf("at least the next revision: %s", text)
		}
		r, err := l.next()
		if err != nil || string(r.Data) != both || r.Extensions.Revision != "r2" {
			t.Errorf("%+v, %v", r, err)
		}
		answer, text = m.post(request{Query: topicNames, atLeast: "two"})
		if answer.StatusCode != 400 || !strings.Contains(text, `"INVALID_VALUE"`) || !strings.Contains(text, graph.RevisionHeader) {
			t.Errorf("malformed: %d %s", answer.StatusCode, text)
		}
	})
}

// A socket has no status: what is wrong with its header is an error of each
// operation.
func TestIsAMalformedRevisionAnErrorOnASocket(t *testing.T) {
	address, _ := serving(t, memory.New(memory.Options{}), admin)
	l, err := listenOnSocket(t.Context(), address, request{Query: topicNames, atLeast: "two"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.kill()
	if got := refused(t, l); got != string(network.InvalidValue) {
		t.Errorf("malformed: %s", got)
	}
}

func TestWhichRevisionDoesAWriteSay(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		const query = `mutation { a: create(input: {topic: {name: "あ"}}) { revision } b: create(input: {topic: {name: "い"}}) { revision } }`
		answer, text := m.post(request{Query: query})
		if !strings.HasPrefix(text, `{"data":{"a":{"revision":"r1"},"b":{"revision":"r2"}},`) || answer.Header.Get(graph.RevisionHeader) != "r2" {
			t.Errorf("%s, %v", text, answer.Header)
		}
		answer, text = m.post(request{Query: `{ viewer { role } }`})
		if said := answer.Header.Get(graph.RevisionHeader); said != "" {
			t.Errorf("nothing was read for %s, and it says %s", text, said)
		}
	})
}

func TestDoesARevisionOfAnotherMapEndInAnError(t *testing.T) {
	address, _ := serving(t, memory.New(memory.Options{}), admin)
	for name, r := range map[string]request{
		"header": {Query: topicNames, atLeast: "r999999"},
		"since":  {Query: `subscription { changes(since: "r999999") { recordId } }`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for transport, listen := range transports {
				l, err := listen(t.Context(), address, r)
				if err != nil {
					t.Fatal(err)
				}
				defer l.kill()
				if got := refused(t, l); got != string(network.Timeout) {
					t.Errorf("%s: %s", transport, got)
				}
			}
		})
	}
}

// Two servers on one Neo4j: whoever writes at one and reads at the other, with the
// revision of the write, finds what was written.
func TestDoesEachClientReadItsOwnWritesOnEveryReplica(t *testing.T) {
	a, b := emptyNeo4j(t), besideNeo4j(t)
	var at [2]*liveMap
	for i := range at {
		at[i] = &liveMap{t: t, store: a}
	}
	at[0].address, _ = serving(t, a, admin)
	at[1].address, _ = serving(t, b, admin)
	for i := range 20 {
		_, text := at[i%2].post(request{Query: fmt.Sprintf(`mutation { create(input: {topic: {name: "題%d"}}) { record { id } revision } }`, i)})
		var wrote struct {
			Data struct {
				Create struct {
					Record   struct{ ID string }
					Revision string
				}
			}
		}
		if err := json.Unmarshal([]byte(text), &wrote); err != nil || wrote.Data.Create.Revision == "" {
			t.Fatalf("%s: %v", text, err)
		}
		_, text = at[1-i%2].post(request{Query: fmt.Sprintf(`{ node(id: %q) { ... on Topic { name } } }`, wrote.Data.Create.Record.ID), atLeast: wrote.Data.Create.Revision})
		if want := fmt.Sprintf(`{"data":{"node":{"name":"題%d"}},"extensions"`, i); !strings.HasPrefix(text, want) {
			t.Errorf("got %s, want %s…", text, want)
		}
	}
}

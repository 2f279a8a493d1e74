package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// What somebody enters while the published subscriptions are followed: a company
// takes pupils of 広陵中, and after a hearing MEGURU takes on the contents of the
// lessons, which nobody was responsible for.
func enterWhatIsFollowed(m *liveMap) {
	const alps, koryo, meguru, lessons = "81f97ll928f1k8usjrchm7svnk", "sg6v7g9fr5p1c0qjqojsvgfiog", "dlti45s152q18j9uh7haopl0mk", "fm9esbeea8f10963omvpq4hbgs"
	m.write(created("Tie", "tie17", fields{"kind": "HOSTS", "subject": network.ID(alps), "object": network.ID(koryo), "from": network.MustPartialDate("2024-02-01"), "strength": int64(3)}),
		created("Event", "event17", fields{"name": "職場体験の打ち合わせ", "date": network.MustPartialDate("2024-02-01")}))
	m.write(created("RoleAssignment", "role17", fields{"holder": network.ID(meguru), "activity": network.ID(lessons), "responsibility": "RESPONSIBLE", "status": "AGREED", "from": network.MustPartialDate("2024-02-01")}))
}

// The published subscriptions tell the published events, on both stores and over
// both transports.
func TestPublishedSubscriptions(t *testing.T) {
	files, err := filepath.Glob("../../docs/subscriptions/*.graphql")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d subscriptions: %v", len(files), err)
	}
	live(t, func(t *testing.T, m *liveMap) {
		loadedSample(t, m)
		enterWhatIsFollowed(m)
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				query, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				base := strings.TrimSuffix(file, ".graphql")
				var variables map[string]any
				if data, err := os.ReadFile(base + ".json"); err != nil || json.Unmarshal(data, &variables) != nil {
					t.Fatal(err)
				}
				answer := filepath.Join(filepath.Dir(base), "answers", filepath.Base(base)+".json")
				want, _ := os.ReadFile(answer)
				var events []json.RawMessage
				if err := json.Unmarshal(want, &events); err != nil || len(events) == 0 {
					t.Fatalf("%s: %d events, %v", answer, len(events), err)
				}
				l := m.listen(request{Query: string(query), Variables: variables})
				for i := range events {
					events[i] = json.RawMessage(heard(t, l))
				}
				got := indented(t, events)
				if *update {
					if err := os.WriteFile(answer, got, 0o644); err != nil {
						t.Fatal(err)
					}
				} else if !bytes.Equal(got, want) {
					t.Errorf("the events are not the published ones; if they are right, run the test with -update\n%s", got)
				}
			})
		}
	})
}

func indented(t *testing.T, events []json.RawMessage) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(events); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

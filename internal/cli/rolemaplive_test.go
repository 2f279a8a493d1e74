package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// platform is the initiative 共創共学プラットフォーム of the sample.
const platform = "qpbgm4oc7spsktrd1orbji5lm0"

const roleMapLive = `subscription($initiative: ID!, $since: String) { roleMapChanged(initiative: $initiative, since: $since) { revision roleMap { revision initiative { name } activities { activity { name } } coverage { activities } } } }`

// roleMapEvent is what a dashboard takes of an event.
type roleMapEvent struct {
	RoleMapChanged struct {
		Revision string
		RoleMap  struct {
			Revision   string
			Initiative struct{ Name string }
			Activities []struct{ Activity struct{ Name string } }
			Coverage   struct{ Activities int }
		}
	}
}

func heardRoleMap(t *testing.T, l listener) (e roleMapEvent) {
	t.Helper()
	if err := json.Unmarshal([]byte(heard(t, l)), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e roleMapEvent) has(activity string) bool {
	for _, a := range e.RoleMapChanged.RoleMap.Activities {
		if a.Activity.Name == activity {
			return len(e.RoleMapChanged.RoleMap.Activities) == e.RoleMapChanged.RoleMap.Coverage.Activities
		}
	}
	return false
}

func TestWhenIsARoleMapToldAnew(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		loadedSample(t, m)
		asked := 0
		activity := func(name string) (revision string) {
			t.Helper()
			asked++
			_, text := m.post(request{Query: `mutation($name: String!, $initiative: ID!) { create(input: {activity: {name: $name, initiative: $initiative}}) { revision userErrors { message } } }`,
				Variables: fields{"name": name, "initiative": platform}})
			var answer struct {
				Data struct{ Create struct{ Revision string } }
			}
			if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Data.Create.Revision == "" {
				t.Fatal(text)
			}
			return answer.Data.Create.Revision
		}
		topic := func() string {
			asked++
			return m.write(created("Topic", fmt.Sprint("unrelated", asked), fields{"name": "無関係"}))
		}
		listen := func(since string) listener {
			return m.listen(request{Query: roleMapLive, Variables: fields{"initiative": platform, "since": since}})
		}
		// A plain revision says nothing of what was shown: when there were changes
		// since, the map is told at once.
		topic()
		l := listen("r1")
		if now := heardRoleMap(t, l); now.RoleMapChanged.RoleMap.Initiative.Name != "共創共学プラットフォーム" {
			t.Errorf("at once: %+v", now)
		}
		topic()
		first := activity("追加の業務")
		e := heardRoleMap(t, l)
		if !e.has("追加の業務") || e.RoleMapChanged.RoleMap.Revision != first {
			t.Errorf("after %s: %+v", first, e)
		}
		// Nothing that the map shows: no event, so the next one is of the next change.
		topic()
		second := activity("二つ目の業務")
		e2 := heardRoleMap(t, l)
		if !e2.has("二つ目の業務") || e2.RoleMapChanged.RoleMap.Revision != second {
			t.Errorf("after %s: %+v", second, e2)
		}
		l.kill()

		// Who comes back with the first event is told at once, as the map has changed;
		// with the second only when it changes again.
		if again := heardRoleMap(t, listen(e.RoleMapChanged.Revision)); !again.has("二つ目の業務") {
			t.Errorf("resumed from the first: %+v", again)
		}
		topic()
		resumed := listen(e2.RoleMapChanged.Revision)
		third := activity("三つ目の業務")
		if e3 := heardRoleMap(t, resumed); !e3.has("三つ目の業務") || e3.RoleMapChanged.RoleMap.Revision != third {
			t.Errorf("resumed from the second, after %s: %+v", third, e3)
		}
		if got := refused(t, m.listen(request{Query: roleMapLive, Variables: fields{"initiative": "nobody"}})); got != "NOT_FOUND" {
			t.Errorf("no such initiative: %s", got)
		}
	})
}

// A client that selects the revision alone is told of every change of the map; one
// that selects names, when a name changes.
func TestIsARoleMapToldByWhatIsSelected(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		m.write(created("Initiative", "i", fields{"name": "事業"}), created("Activity", "a", fields{"name": "業務", "initiative": fieldID("i")}), created("Company", "c", fields{"name": "社"}))
		m.write(created("RoleAssignment", "r", fields{"holder": fieldID("c"), "activity": fieldID("a"), "responsibility": "RESPONSIBLE", "status": "AGREED"}))
		bare := m.listen(request{Query: `subscription { roleMapChanged(initiative: "i", since: "r1") { roleMap { revision } } }`})
		named := m.listen(request{Query: `subscription { roleMapChanged(initiative: "i", since: "r1") { roleMap { activities { responsible { holder { ... on Stakeholder { name } } } } } } }`})
		hears(t, bare, `{"roleMapChanged":{"roleMap":{"revision":"r2"}}}`)
		hears(t, named, `{"roleMapChanged":{"roleMap":{"activities":[{"responsible":[{"holder":{"name":"社"}}]}]}}}`)
		m.write(changed(1, "Company", "c", fields{"name": "新社"}))
		hears(t, named, `{"roleMapChanged":{"roleMap":{"activities":[{"responsible":[{"holder":{"name":"新社"}}]}]}}}`)
		m.write(changed(1, "RoleAssignment", "r", fields{"holder": fieldID("c"), "activity": fieldID("a"), "responsibility": "ACCOUNTABLE", "status": "AGREED"}))
		hears(t, bare, `{"roleMapChanged":{"roleMap":{"revision":"r4"}}}`)
		hears(t, named, `{"roleMapChanged":{"roleMap":{"activities":[{"responsible":[]}]}}}`)
	})
}

func TestDoManyChangesOfARoleMapComeTogether(t *testing.T) {
	live(t, func(t *testing.T, m *liveMap) {
		m.write(created("Initiative", "i", fields{"name": "事業"}))
		l := m.listen(request{Query: strings.ReplaceAll(roleMapLive, "activity { name }", "activity { name id }"), Variables: fields{"initiative": "i", "since": "r1"}})
		const changes = 60
		for i := range changes {
			m.write(created("Activity", fmt.Sprint("a", i), fields{"name": fmt.Sprint("業務", i), "initiative": fieldID("i")}))
		}
		events := 0
		for started := time.Now(); ; {
			events++
			if e := heardRoleMap(t, l); e.RoleMapChanged.RoleMap.Coverage.Activities == changes {
				break
			}
			if time.Since(started) > patience {
				t.Fatal("the last state was never told")
			}
		}
		if events >= changes {
			t.Errorf("%d events for %d changes", events, changes)
		}
		t.Logf("%d events for %d changes", events, changes)
	})
}

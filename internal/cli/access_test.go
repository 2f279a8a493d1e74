package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
)

func TestIsATokenAskedForAndDoesRevokingItEndEverything(t *testing.T) {
	guarded(t, func(t *testing.T, m *guardedMap) {
		if status, body := m.ask("", `{ viewer { role } }`); status != 401 || !strings.Contains(body, `"UNAUTHENTICATED"`) {
			t.Fatalf("without a token: %d %s", status, body)
		}
		token, id := m.create("coordinator")
		other, _ := m.create("viewer")
		m.until(200, token)
		if _, body := m.ask(token, `{ viewer { role actor writes } }`); !strings.Contains(body, `{"role":"COORDINATOR","actor":"token:`+id+`","writes":true}`) {
			t.Error(body)
		}
		if _, body := m.ask(token, `mutation { create(input: {topic: {name: "題"}}) { userErrors { code } } }`); !strings.Contains(body, `"userErrors":[]`) {
			t.Error(body)
		}
		if _, body := m.ask(other, `{ changes { nodes { actor } } }`); !strings.Contains(body, `"nodes":[{"actor":"token:`+id+`"}]`) {
			t.Error(body)
		}
		if _, body := m.ask(other, `mutation { create(input: {topic: {name: "題"}}) { userErrors { code } } }`); !strings.Contains(body, `"FORBIDDEN"`) {
			t.Error(body)
		}
		for payload, want := range map[string]string{`{}`: "4403", `{"Authorization":"Bearer musubi_x"}`: "4403", `{"Authorization":"Bearer ` + other + `"}`: `{"type":"connection_ack"}`} {
			conn := m.socket(payload)
			if got := m.hear(conn); got != want {
				t.Errorf("%s: %s, want %s", payload, got, want)
			}
			_ = conn.CloseNow()
		}
		conn := m.socket(`{"Authorization":"Bearer ` + token + `"}`)
		m.hear(conn) // the acknowledgement
		m.say(conn, `{"type":"subscribe","id":"1","payload":{"query":"subscription { changes(since: \"r0\") { recordId } }"}}`)
		if got := m.hear(conn); !strings.Contains(got, `"recordId"`) {
			t.Errorf("the socket hears %s", got)
		}
		events := m.events(token)
		if line := events.line(); line != "event: next" {
			t.Errorf("events begin with %q", line)
		}

		m.tokens("revoke", id)
		if got := m.hear(conn); got != "4403" {
			t.Errorf("the socket of a token that was revoked: %s", got)
		}
		for line := events.line(); line != ""; line = events.line() {
			if strings.Contains(line, "complete") {
				t.Error("the events end as if they were complete")
			}
		}
		m.until(401, token)
		if status, _ := m.ask(other, `{ viewer { role } }`); status != 200 {
			t.Errorf("another token: %d", status)
		}
	})
}

// A token of the command line lasts a day at least, so these are made by hand.
func TestDoesASocketEndWhenItsTokenExpires(t *testing.T) {
	guarded(t, func(t *testing.T, m *guardedMap) {
		if _, err := m.kept.Tokens(t.Context()); err != nil { // a cold Neo4j sets up its schema first
			t.Fatal(err)
		}
		for life := 4 * time.Second; ; life *= 2 { // on a slow machine the first may be too short
			token, shown, err := auth.NewToken("短い", network.RoleViewer, nil, time.Now(), time.Minute)
			if err != nil || life > patience {
				t.Fatalf("no token lives to see a socket: %v", err)
			}
			token.Expires = time.Now().Add(life).Truncate(time.Second)
			if err := m.kept.AddToken(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			for known := false; !known; time.Sleep(askedEvery) { // the server notices it in two seconds
				status, body := m.ask(shown, `{ viewer { role } }`)
				known = status == 200 || strings.Contains(body, "expired")
			}
			conn := m.socket(`{"Authorization":"Bearer ` + shown + `"}`)
			if got := m.hear(conn); got != `{"type":"connection_ack"}` {
				continue
			}
			m.say(conn, `{"type":"subscribe","id":"1","payload":{"query":"subscription { changes { recordId } }"}}`)
			if got := m.hear(conn); got != "4403" {
				t.Errorf("the socket hears %s", got)
			}
			if status, body := m.ask(shown, `{ viewer { role } }`); status != 401 || !strings.Contains(body, "expired") {
				t.Errorf("%d %s", status, body)
			}
			return
		}
	})
}

func TestDoesATokenLetAnOrganisationEditItself(t *testing.T) {
	guarded(t, func(t *testing.T, m *guardedMap) {
		admin, _ := m.create("admin")
		m.until(200, admin)
		ids := map[string]string{}
		for name, input := range map[string]string{"ours": `{school: {name: "広陵中学校"}}`, "theirs": `{company: {name: "会社"}}`, "topic": `{topic: {name: "題"}}`} {
			_, body := m.ask(admin, `mutation { create(input: `+input+`) { record { id } } }`)
			var answer struct {
				Data struct {
					Create struct{ Record struct{ ID string } }
				}
			}
			_ = json.Unmarshal([]byte(body), &answer)
			if ids[name] = answer.Data.Create.Record.ID; ids[name] == "" {
				t.Fatal(body)
			}
		}
		for _, wrong := range []string{"nothing", ids["topic"]} {
			_, errOut := musubi(t, 1, append(append([]string{"tokens", "create"}, m.store...), "--name", "x", "--role", "viewer", "--organization", wrong)...)
			if !strings.Contains(errOut, "no organisation") {
				t.Error(errOut)
			}
		}
		token, id := m.create("viewer", "--organization", ids["ours"], "--days", "1")
		if list := m.tokens("list"); !strings.Contains(list, id) || !strings.Contains(list, ids["ours"]) || !strings.Contains(list, "試験") || strings.Contains(list, token[len(token)-52:]) {
			t.Error(list)
		}
		m.until(200, token)
		for name, want := range map[string]string{"ours": `"userErrors":[]`, "theirs": `"code":"FORBIDDEN"`} {
			if _, body := m.ask(token, `mutation { create(input: {post: {name: "担当", organization: "`+ids[name]+`"}}) { userErrors { code } } }`); !strings.Contains(body, want) {
				t.Errorf("%s: %s", name, body)
			}
		}
	})
}

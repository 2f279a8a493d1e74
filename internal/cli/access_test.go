package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

// guardedMap is a map on a server that asks for tokens, and the command line beside
// it.
type guardedMap struct {
	t       *testing.T
	address string
	store   []string // flags
	kept    store.TokenStore
}

// guarded runs a test on both stores.
func guarded(t *testing.T, test func(t *testing.T, m *guardedMap)) {
	t.Run("embedded", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "map.db")
		testGuarded(t, storeFlags{Data: path}, []string{"--data", path}, test)
	})
	t.Run("neo4j", func(t *testing.T) {
		uri := neo4jtest.Open(t)
		neo4jtest.Clear(t, neo4jtest.Driver(t, uri))
		testGuarded(t, storeFlags{Neo4jURI: uri}, []string{"--neo4j-uri", uri}, test)
	})
}

func testGuarded(t *testing.T, flags storeFlags, args []string, test func(t *testing.T, m *guardedMap)) {
	quiet := slog.New(slog.DiscardHandler)
	s, err := flags.open(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	m := &guardedMap{t: t, store: args, kept: s}
	config := server.Config{Addr: "127.0.0.1:0"}
	resolver := &graph.Resolver{Store: s, Clock: network.SystemClock()}
	if err := (accessFlags{Authenticate: true}).access(&app{ctx: t.Context(), log: quiet}, s, resolver, &config); err != nil {
		t.Fatal(err)
	}
	if config.Guard == nil {
		t.Fatal("nobody guards the server")
	}
	srv, err := server.New(config, graph.NewHandler(resolver), ready(s), quiet)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	at, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- srv.Run(ctx, func(a net.Addr) { at <- a.String() }) }()
	m.address = <-at
	before := goleak.IgnoreCurrent()
	test(t, m)
	goleak.VerifyNone(t, before)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// musubi runs a command; out is what it prints to standard output.
func musubi(t *testing.T, want int, args ...string) (out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := Run(args, &o, &e); got != want {
		t.Fatalf("musubi %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

// tokens runs a command of tokens on the map.
func (m *guardedMap) tokens(verb string, args ...string) string {
	m.t.Helper()
	out, _ := musubi(m.t, 0, append(append([]string{"tokens", verb}, m.store...), args...)...)
	return strings.TrimSpace(out)
}

// create makes a token and gives it with its id.
func (m *guardedMap) create(role string, args ...string) (token, id string) {
	m.t.Helper()
	token = m.tokens("create", append([]string{"--name", "試験", "--role", role}, args...)...)
	parts := strings.Split(token, "_")
	if len(parts) != 3 || parts[0] != "musubi" {
		m.t.Fatalf("what create prints is no token: %q", token)
	}
	return token, parts[1]
}

var oneWay = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// ask sends a query.
func (m *guardedMap) ask(token, query string) (status int, body string) {
	m.t.Helper()
	data, _ := json.Marshal(map[string]any{"query": query})
	req, _ := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.address+"/graphql", bytes.NewReader(data))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := oneWay.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// until asks again and again until the status is another.
func (m *guardedMap) until(status int, token string) {
	m.t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(askedEvery) {
		if got, _ := m.ask(token, `{ viewer { role } }`); got == status {
			return
		}
	}
	m.t.Errorf("the status was never %d", status)
}

// socket opens a WebSocket and says who it is.
func (m *guardedMap) socket(payload string) *websocket.Conn {
	m.t.Helper()
	conn, _, err := websocket.Dial(m.t.Context(), "ws://"+m.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: oneWay})
	if err != nil {
		m.t.Fatal(err)
	}
	m.say(conn, `{"type":"connection_init","payload":`+payload+`}`)
	return conn
}

func (m *guardedMap) say(conn *websocket.Conn, text string) {
	m.t.Helper()
	if err := conn.Write(m.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		m.t.Fatal(err)
	}
}

// hear is what a socket says next, or the code it is closed with.
func (m *guardedMap) hear(conn *websocket.Conn) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	_, data, err := conn.Read(ctx)
	if err != nil {
		defer func() { _ = conn.CloseNow() }()
		return fmt.Sprint(int(websocket.CloseStatus(err)))
	}
	return string(data)
}

func TestIsATokenAskedForAndDoesRevokingItEndEverything(t *testing.T) {
	guarded(t, func(t *testing.T, m *guardedMap) {
		if status, body := m.ask("", `{ viewer { role } }`); status != 401 || !strings.Contains(body, `"UNAUTHENTICATED"`) {
			t.Fatalf("without a token: %d %s", status, body)
		}
		token, id := m.create("coordinator")
		other, _ := m.create("viewer")
		m.until(200, token)
		if _, body := m.ask(token, `{ viewer { role actor writes } }`); body != `{"data":{"viewer":{"role":"COORDINATOR","actor":"token:`+id+`","writes":true}}}` {
			t.Error(body)
		}
		if _, body := m.ask(token, `mutation { create(input: {topic: {name: "題"}}) { userErrors { code } } }`); !strings.Contains(body, `"userErrors":[]`) {
			t.Error(body)
		}
		if _, body := m.ask(other, `{ changes { nodes { actor } } }`); body != `{"data":{"changes":{"nodes":[{"actor":"token:`+id+`"}]}}}` {
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

// Every flag of the provider, by itself and by its twin in the environment.
func TestWhereDoTheFlagsOfTheProviderGo(t *testing.T) {
	analyst := network.RoleAnalyst
	want := &auth.OIDC{
		Issuer: "https://login.example.org", Audience: "musubi", Algorithms: []string{"ES256", "EdDSA"}, JWKS: "https://login.example.org/keys", Skew: time.Minute,
		RoleClaim: "realm_access.roles", Roles: map[string]network.Role{"staff": network.RoleViewer, "editors": network.RoleCoordinator}, Default: &analyst, OrganizationsClaim: "orgs",
	}
	values := map[string]string{
		"oidc-issuer": want.Issuer, "oidc-audience": want.Audience, "oidc-algorithms": "ES256,EdDSA", "oidc-jwks": want.JWKS, "oidc-clock-skew": "1m",
		"oidc-role-claim": want.RoleClaim, "oidc-roles": "staff=viewer;editors=Coordinator", "oidc-default-role": "analyst", "oidc-organizations-claim": "orgs",
	}
	parsed := func(args ...string) *auth.OIDC {
		var c commands
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
			t.Fatal(err)
		}
		o, err := c.Serve.oidc()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	var args []string
	for name, v := range values {
		args = append(args, "--"+name+"="+v)
	}
	if got := parsed(args...); !reflect.DeepEqual(got, want) {
		t.Errorf("by flags: %+v", got)
	}
	for name, v := range values {
		t.Setenv("MUSUBI_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")), v)
	}
	if got := parsed(); !reflect.DeepEqual(got, want) {
		t.Errorf("by the environment: %+v", got)
	}
}

// eventLines reads server-sent events.
type eventLines struct {
	body io.ReadCloser
	rest string
}

func (m *guardedMap) events(token string) *eventLines {
	m.t.Helper()
	req, _ := http.NewRequestWithContext(m.t.Context(), http.MethodPost, "http://"+m.address+"/graphql", strings.NewReader(`{"query":"subscription { changes(since: \"r0\") { recordId } }"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := oneWay.Do(req)
	if err != nil || resp.StatusCode != 200 {
		m.t.Fatal(resp, err)
	}
	return &eventLines{body: resp.Body}
}

// line is the next line that says something; "" once the connection has ended.
func (e *eventLines) line() string {
	timer := time.AfterFunc(patience, func() { _ = e.body.Close() })
	defer timer.Stop()
	for {
		for strings.Contains(e.rest, "\n") {
			var line string
			if line, e.rest, _ = strings.Cut(e.rest, "\n"); line != "" && line != ":" {
				return line
			}
		}
		buffer := make([]byte, 4096)
		n, err := e.body.Read(buffer)
		if e.rest += string(buffer[:n]); err != nil {
			_ = e.body.Close()
			return ""
		}
	}
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

// Nobody who reads the file, its log or a backup can use a token.
func TestIsATokenAnywhereInTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "map.db")
	s, err := storeFlags{Data: path}.open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	out, errOut := musubi(t, 0, "tokens", "create", "--data", path, "--name", "目印", "--role", "admin")
	token := strings.TrimSpace(out)
	secret := token[strings.LastIndex(token, "_")+1:]
	if strings.Contains(errOut, secret) {
		t.Error("the secret is told twice")
	}
	musubi(t, 0, "backup", "--data", path, "-o", filepath.Join(dir, "backup"))
	scan := func(when string) {
		t.Helper()
		named := false
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			named = named || bytes.Contains(data, []byte("目印"))
			for _, part := range []string{secret, secret[:26], secret[26:]} {
				if bytes.Contains(data, []byte(part)) {
					t.Errorf("%s: %s has the secret", when, e.Name())
				}
			}
		}
		if !named {
			t.Errorf("%s: the token is nowhere at all", when)
		}
	}
	scan("open")
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	scan("closed")
}

func TestWhichCommandsOnTokensAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	create := func(args ...string) []string { return append([]string{"tokens", "create", "--data", path}, args...) }
	for _, c := range []struct {
		name, want string
		exit       int
		args       []string
	}{
		{"a list where there is no map", "no map", 1, []string{"tokens", "list", "--data", path}},
		{"an end where there is no map", "no map", 1, []string{"tokens", "revoke", "--data", path, "x"}},
		{"no name", "--name", 2, create("--role", "viewer")},
		{"no role", "--role", 2, create("--name", "a")},
		{"another role", "viewer", 2, create("--name", "a", "--role", "root")},
		{"for no day", "a minute to 366 days", 1, create("--name", "a", "--role", "viewer", "--days", "0")},
		{"for two years", "a minute to 366 days", 1, create("--name", "a", "--role", "viewer", "--days", "730")},
		{"for an organisation of no map", "no map", 1, create("--name", "a", "--role", "viewer", "--organization", "x")},
	} {
		if _, errOut := musubi(t, c.exit, c.args...); !strings.Contains(errOut, c.want) {
			t.Errorf("%s: %s", c.name, errOut)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused command has made a file")
	}
	musubi(t, 0, create("--name", "a", "--role", "viewer")...)
	if _, errOut := musubi(t, 1, "tokens", "revoke", "--data", path, "nobody's"); !strings.Contains(errOut, "no token with this id") {
		t.Error(errOut)
	}
}

func TestWhatIsSaidAtTheStart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "map.db")
	// Nobody can listen there, so no server stays.
	serve := func(args ...string) []string {
		return append([]string{"serve", "--data", data, "--addr", "203.0.113.1:80"}, args...)
	}
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"open mode", serve(), []string{"OPEN MODE", "refusing to listen", "--authenticate", "docs/access.md"}},
		{"open mode on every address", serve("--addr", ":8080"), []string{"OPEN MODE", "refusing to listen"}},
		{"settings without a provider", serve("--oidc-audience", "musubi"), []string{"--oidc-issuer is missing"}},
		{"roles without a provider", serve("--authenticate", "--oidc-roles", "a=admin"), []string{"--oidc-issuer is missing"}},
		{"a provider without an audience", serve("--oidc-issuer", "https://login.example.org"), []string{"audience"}},
		{"a provider over http", serve("--oidc-issuer", "http://login.example.org", "--oidc-audience", "musubi"), []string{"https"}},
		{"a shared secret", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-algorithms", "HS256"), []string{"algorithm"}},
		{"an unknown role", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-roles", "staff=boss"), []string{"--oidc-roles", "boss"}},
		{"tokens on an address that is not ours", serve("--authenticate"), []string{"every request needs a bearer token", "musubi: listen"}},
		{"an unknown default", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-default-role", "boss"), []string{"--oidc-default-role", "boss"}},
	} {
		_, errOut := musubi(t, 1, c.args...)
		for _, w := range c.want {
			if !strings.Contains(errOut, w) {
				t.Errorf("%s: %q is not said:\n%s", c.name, w, errOut)
			}
		}
	}
}
